// Package static carries the files the browser and the documents need: styles, scripts, drawings and fonts.
// They travel inside the binary, so nothing is ever fetched from elsewhere.
//
// It never renders and never decides who may fetch what: web/page gives each file its address.
//
//	text, err := static.FS.ReadFile("tokens.css")
package static
