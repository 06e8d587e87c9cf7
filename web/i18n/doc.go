// Package i18n speaks the reader's language: zh-CN first, English complete.
//
// Messages stand in catalogues, one TOML file per language and area (zh-CN/public.toml, en/public.toml, …), so that several
// people can add keys without meeting. Every file of both folders is embedded and read once at start. A key that stands in
// two files, or in one language only, stops the tests; so does a key that a template or a Go file uses and no catalogue has.
//
//	i18n.Chinese.T("give.raised", "amount", sum.Yuan())   // 已筹 ¥11,232.00
//	i18n.English.T("give.givers", "count", 217)           // 217 people gave
//	i18n.English.Date(time.Date(2017, 12, 5, …))          // 5 December 2017
//
// In a catalogue a message is a string, and a message with plurals a table of CLDR forms; the number is always {{.count}}
// and arrives with thousands separators:
//
//	[give]
//	raised = "Raised {{.amount}}"
//	[give.givers]
//	one = "{{.count}} person gave"
//	other = "{{.count}} people gave"
//
// Words TOML cannot give to a key, because they name the forms: one, other, zero, two, few, many, id, hash, description.
//
// The package never holds a message in Go, never marks text as safe HTML, and never decides which language a reader wants
// beyond reading a tag or an Accept-Language header.
package i18n
