package i18n

import (
	"golang.org/x/text/language"
)

// Lang is one of the two languages pages are written in; the value is its BCP 47 tag.
type Lang string

const (
	Chinese Lang = "zh-CN"
	English Lang = "en"
)

// Langs are all languages, the first being the one to fall back to.
var Langs = []Lang{Chinese, English}

var matcher = language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English})

// ParseLang reads what a link or cookie says: "zh", "zh-CN" or "en".
func ParseLang(s string) (Lang, bool) {
	switch s {
	case "zh", "zh-CN":
		return Chinese, true
	case "en":
		return English, true
	}
	return "", false
}

// Accept reads an Accept-Language header. Nothing in it that we speak means Chinese.
func Accept(header string) Lang {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(tags) == 0 {
		return Chinese
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return Chinese
	}
	return Langs[i]
}

// Other is the language the switch in the header offers.
func (l Lang) Other() Lang {
	if l == English {
		return Chinese
	}
	return English
}

// Text is a name kept in both languages, such as a community's or a fund's.
type Text struct{ ZH, EN string }

// In is the text in the reader's language, or in the other one where nobody has written it yet.
func (t Text) In(l Lang) string {
	if l == English && t.EN != "" || t.ZH == "" {
		return t.EN
	}
	return t.ZH
}
