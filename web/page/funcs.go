package page

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/picture"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
)

// funcs are the functions of the templates. They speak for the reader whose page is on the press.
func (p *press) funcs() template.FuncMap {
	return template.FuncMap{
		"reader": func() *Reader { return p.reader },
		"T":      func(key string, pairs ...any) string { return p.reader.T(key, pairs...) },
		"lang":   func() string { return string(p.reader.Lang) },
		"in":     func(t i18n.Text) string { return t.In(p.reader.Lang) },

		// Days of the books (no clock): date, shortDate, days, month. Instants, on the community’s clock: day, moment, clock.
		"date":       func(t time.Time) string { return p.reader.Lang.Date(t) },
		"shortDate":  func(t time.Time) string { return p.reader.Lang.ShortDate(t) },
		"days":       func(from, to time.Time) string { return p.reader.Lang.Days(from, to) },
		"month":      func(t time.Time) string { return p.reader.Lang.Month(t) },
		"shortMonth": func(m time.Month) string { return p.reader.Lang.ShortMonth(m) },
		"isoDate":    func(t time.Time) string { return t.Format(time.DateOnly) },
		"day":        func(t time.Time) string { return p.reader.Lang.Date(p.reader.Local(t)) },
		"moment":     func(t time.Time) string { return p.reader.Lang.Moment(p.reader.Local(t)) },
		"clock":      func(t time.Time) string { return p.reader.Local(t).Format("15:04") },

		// 1,234.50 in columns; ¥1,234.50 alone; ¥18,000 for goals; +¥50.00 and −¥50.00 in lists.
		"money":     func(a money.Amount) string { return trueMinus(a.Format()) },
		"yuan":      func(a money.Amount) string { return trueMinus(a.Yuan()) },
		"yuanShort": func(a money.Amount) string { return trueMinus(a.YuanShort()) },
		"signed":    signed,
		"count":     i18n.Count,
		"percent":   func(part, whole money.Amount) string { return i18n.Percent(part.PerMille(whole)) },
		"perMille":  i18n.Percent,
		"hours":     i18n.Hours,

		"url":     func(path string, segments ...any) string { return p.reader.URL(below(path, segments)) },
		"entry":   func(voucher any) string { return p.reader.entryURL(voucher) },
		"here":    func(suffix string) bool { return p.here(suffix) },
		"current": func(path string) bool { return p.current(path) },
		"unfolded": func(g MenuGroup) bool {
			return slices.ContainsFunc(g.Items, func(item MenuItem) bool { return p.current(item.Path) })
		},
		"switch":   func(name, value string) string { return p.reader.switched(name, value) },
		"dial":     dial,
		"asset":    assetURL,
		"csrf":     func() template.HTML { return p.site.csrfField() },
		"markdown": markdown,
		"badge":    func(kind string) template.HTML { return p.stamp("badge", kind) },
		"mark":     func(kind string) template.HTML { return p.stamp("mark", kind) },
		"pattern":  func() template.HTML { return picture.Pattern },
		"progress": progress,
		"qr":       qr,
		"printed":  p.printed,
		"dict":     dict,
		"options":  func(options []Option, f Field) Field { f.Options = options; return f },
	}
}

// trueMinus writes − where a number has the hyphen of the keyboard.
func trueMinus(s string) string { return strings.Replace(s, "-", "−", 1) }

func signed(a money.Amount) string {
	if a.Sign() > 0 {
		return "+" + a.Yuan()
	}
	return trueMinus(a.Yuan())
}

// dial is a telephone number as a tel: link wants it.
func dial(phone string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
}

func below(path string, segments []any) string {
	for _, s := range segments {
		path += "/" + url.PathEscape(fmt.Sprint(s))
	}
	return path
}

// here tells whether the reader is in a section: "" is the community's own page, "/ledger" everything below it.
func (p *press) here(suffix string) bool {
	at := p.reader.URL(suffix)
	return p.reader.Path == at || suffix != "" && strings.HasPrefix(p.reader.Path, at+"/")
}

// current tells whether a line of the desk's menu is of the page that is read; everything is below /desk itself.
func (p *press) current(path string) bool {
	if path == "/desk" {
		return p.reader.Path == p.reader.URL(path)
	}
	return p.here(path)
}

func assetURL(name string) (string, error) {
	if assets[name] == nil {
		return "", fmt.Errorf("web/static has no %q", name)
	}
	return Asset(name), nil
}

// stamp is a badge or a mark with its word: badge "held" is 专款 on ruled ground.
func (p *press) stamp(class, kind string) template.HTML {
	modifier := kind
	if class == "mark" && kind == "out" {
		modifier = ""
	}
	return template.HTML(fmt.Sprintf(`<span class="%s">%s</span>`, strings.TrimSpace(class+" "+template.HTMLEscapeString(modifier)),
		template.HTMLEscapeString(p.reader.T(class+"."+kind))))
}

// progress draws how far a campaign has come: progress .Raised .Goal .Restricted "已筹到目标的 62.4%".
func progress(raised, goal money.Amount, held bool, title string) template.HTML {
	return picture.Progress{Title: title, Raised: raised, Goal: goal, Held: held}.Picture().SVG()
}

// qr draws a code: qr "https://…" "扫码核验".
func qr(text, title string) (template.HTML, error) {
	p, err := picture.QR{Title: title, Text: text}.Picture()
	return p.SVG(), err
}

var (
	prose  = goldmark.New()
	policy = proseOnly()
)

// proseOnly lets through what a campaign's story needs: paragraphs, lists, emphasis, links; no pictures, no styles.
func proseOnly() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h3", "h4", "hr", "code")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto", "tel")
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}

// markdown turns somebody's prose into safe HTML.
func markdown(text string) (template.HTML, error) {
	var b bytes.Buffer
	if err := prose.Convert([]byte(text), &b); err != nil {
		return "", err
	}
	return template.HTML(policy.SanitizeBytes(b.Bytes())), nil
}

// dict hands several values to a part: {{template "card" (dict "Campaign" . "Small" true)}}.
func dict(pairs ...any) (map[string]any, error) {
	m := make(map[string]any, len(pairs)/2)
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d values are not pairs", len(pairs))
	}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: name %v is not a string", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}
