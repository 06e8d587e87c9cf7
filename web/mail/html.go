package mail

import (
	"html"
	"regexp"
	"strings"

	"fund/web/i18n"
)

// The styles of a letter stand at the elements: mail readers know nothing else. The colours are those of tokens.css.
const (
	onPaper  = `margin:0;padding:24px 12px;background:#FAF6EC;color:#241F1A`
	onSheet  = `max-width:576px;margin:0 auto;padding:24px;background:#FFFDF8;border:1px solid #DDD1BA;border-radius:10px;overflow-wrap:break-word;font:18px/1.7 `
	inHan    = `'PingFang SC','Noto Sans SC','Microsoft YaHei',system-ui,sans-serif`
	inLatin  = `system-ui,'Segoe UI',sans-serif`
	asTitle  = `margin:0 0 24px;font-size:24px;line-height:1.4`
	asText   = `margin:0 0 18px`
	asList   = `margin:0 0 18px;padding:0 0 0 1.2em`
	asQuote  = `margin:0 0 18px;padding:2px 0 2px 16px;border-left:4px solid #E2A922`
	asButton = `display:inline-block;padding:12px 24px;border:2px solid #B4411C;border-radius:6px;text-decoration:none;font-weight:bold;`
	asFirst  = asButton + `background:#B4411C;color:#FFFFFF` // what the letter is for
	asOther  = asButton + `color:#8C2F12`
	asLink   = `color:#27506B`
	asSmall  = `margin:24px 0 0;padding:16px 0 0;border-top:1px solid #DDD1BA;color:#574D43;font-size:16px;line-height:1.6`
)

// html draws the same letter for readers that show HTML. Nothing in it is loaded from anywhere.
func (p *Post) html(lang i18n.Lang, m composed) string {
	text, signature, _ := strings.Cut(strings.TrimSpace(m.text), "\n-- \n")
	font := inHan
	if lang == i18n.English {
		font = inLatin
	}
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + string(lang) + `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		`<title>` + html.EscapeString(m.subject) + `</title></head><body style="` + onPaper + `"><div style="` + onSheet + font + `">` + "\n")
	button := asFirst
	b.WriteString(element("h1", asTitle, html.EscapeString(m.subject)))
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		b.WriteString(p.block(strings.Split(block, "\n"), &button))
	}
	b.WriteString(element("p", asSmall, p.inline(strings.Split(strings.ReplaceAll(strings.TrimSpace(signature), "\n\n", "\n"), "\n"))))
	b.WriteString("</div></body></html>\n")
	return b.String()
}

func element(name, style, content string) string {
	return "<" + name + ` style="` + style + `">` + content + "</" + name + ">\n"
}

// block draws what stands between two empty lines; button is the style of the next large link.
func (p *Post) block(lines []string, button *string) string {
	switch {
	case all(lines, "- "):
		var items strings.Builder
		for _, each := range lines {
			items.WriteString(element("li", "", p.inline([]string{each[len("- "):]})))
		}
		return element("ul", asList, items.String())
	case all(lines, ">"):
		for i := range lines {
			lines[i] = html.EscapeString(strings.TrimPrefix(lines[i][len(">"):], " "))
		}
		return element("blockquote", asQuote, strings.Join(lines, "<br>\n"))
	case len(lines) == 1:
		if words, to, ok := p.labelled(lines[0]); ok {
			drawn := element("p", asText, `<a style="`+*button+`" href="`+to+`">`+words+`</a>`)
			*button = asOther
			return drawn
		}
	}
	return element("p", asText, p.inline(lines))
}

func all(lines []string, prefix string) bool {
	for _, each := range lines {
		if !strings.HasPrefix(each, prefix) {
			return false
		}
	}
	return true
}

var address = regexp.MustCompile(`https?://[^\s<>"'，。；）]+`)

// labelled reads 打开收据：https://… where the address is ours.
func (p *Post) labelled(text string) (words, to string, ok bool) {
	at := strings.LastIndex(text, p.base+"/")
	if at <= 0 || address.FindString(text[at:]) != text[at:] {
		return "", "", false
	}
	words = strings.TrimRight(text[:at], "：: ")
	return html.EscapeString(words), html.EscapeString(text[at:]), words != ""
}

// inline escapes lines and makes links of the addresses of this site, and of no other.
func (p *Post) inline(lines []string) string {
	drawn := make([]string, len(lines))
	for i, each := range lines {
		if words, to, ok := p.labelled(each); ok {
			drawn[i] = `<a style="` + asLink + `" href="` + to + `">` + words + `</a>`
			continue
		}
		var b strings.Builder
		for {
			at := address.FindStringIndex(each)
			if at == nil {
				break
			}
			to := html.EscapeString(each[at[0]:at[1]])
			b.WriteString(html.EscapeString(each[:at[0]]))
			if to == html.EscapeString(p.base) || strings.HasPrefix(each[at[0]:], p.base+"/") {
				to = `<a style="` + asLink + `" href="` + to + `">` + to + `</a>`
			}
			b.WriteString(to)
			each = each[at[1]:]
		}
		drawn[i] = b.String() + html.EscapeString(each)
	}
	return strings.Join(drawn, "<br>\n")
}
