package mail

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
	"text/template"
	"text/template/parse"
	"time"
	"unicode"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/i18n"
)

//go:embed letters/*.txt
var letters embed.FS

// composed is a letter as it is read.
type composed struct{ subject, text, html string }

// compose draws a letter for its reader.
func (p *Post) compose(c ledger.Community, l Letter) (m composed, err error) {
	lang, ours := i18n.ParseLang(string(l.Lang))
	if !ours {
		lang = i18n.Chinese
	}
	content, err := p.draw(c, lang, l.Content.Template(), l.Content)
	if err != nil {
		return m, err
	}
	subject, body, _ := strings.Cut(content, "\n")
	if m.subject = line(subject); m.subject == "" {
		return m, fmt.Errorf("mail: letter %s has no subject", l.Content.Template())
	}
	m.text, err = p.draw(c, lang, "frame", frame{c, l.To.Name, l.Unsubscribe, strings.TrimSpace(body)})
	m.html = p.html(lang, m)
	return m, err
}

// frame is what stands around every letter.
type frame struct {
	Community       ledger.Community
	To, Unsubscribe string
	Body            string
}

var emptyLines = regexp.MustCompile(`\n\s*\n`)

// draw executes one of the letters' templates.
func (p *Post) draw(c ledger.Community, lang i18n.Lang, name string, data any) (string, error) {
	file := fmt.Sprintf("letters/%s.%s.txt", name, lang)
	t, err := template.New(name).Funcs(p.funcs(c, lang)).ParseFS(letters, file)
	if err != nil {
		return "", fmt.Errorf("mail: %w", err)
	}
	t = t.Lookup(file[len("letters/"):])
	for _, each := range t.Templates() {
		flatten(each.Root)
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", fmt.Errorf("mail: draw %s: %w", file, err)
	}
	return emptyLines.ReplaceAllString(strings.TrimSpace(b.String()), "\n\n") + "\n", nil
}

// funcs are what a letter's template may call.
func (p *Post) funcs(c ledger.Community, lang i18n.Lang) template.FuncMap {
	local := func(t time.Time) time.Time {
		zone, err := time.LoadLocation(c.Timezone)
		if err != nil {
			return t.UTC()
		}
		return t.In(zone)
	}
	here := func(path string) string { return p.base + "/c/" + c.Slug + path }
	return template.FuncMap{
		"line": line, "quote": quote, "prose": prose, "asis": func(s string) string { return s },
		"url": func(path string) string { return p.base + path }, "here": here, "home": func() string { return here("") },
		"community": func() string { return c.Name(string(lang)) },
		"date":      func(t time.Time) string { return lang.Date(local(t)) },
		"moment":    func(t time.Time) string { return lang.Moment(local(t)) },
		"day":       lang.Date, "count": i18n.Count, "yuan": money.Amount.Yuan,
	}
}

// flatten ends every printing action of a template with line, as html/template does with its escapers: what a person typed
// can write no header, no paragraph and no quotation of its own, whoever wrote the template.
func flatten(n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, each := range n.Nodes {
				flatten(each)
			}
		}
	case *parse.IfNode:
		flatten(n.List)
		flatten(n.ElseList)
	case *parse.RangeNode:
		flatten(n.List)
		flatten(n.ElseList)
	case *parse.WithNode:
		flatten(n.List)
		flatten(n.ElseList)
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 && !keepsLines(n.Pipe) {
			n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Args: []parse.Node{parse.NewIdentifier("line")}})
		}
	}
}

// keepsLines tells a pipeline that ends in one of the functions that keep lines.
func keepsLines(pipe *parse.PipeNode) bool {
	last, ok := pipe.Cmds[len(pipe.Cmds)-1].Args[0].(*parse.IdentifierNode)
	return ok && (last.Ident == "quote" || last.Ident == "prose" || last.Ident == "asis")
}

// line is a value in one line: no control characters, no overrides of the direction of writing, single spaces.
func line(value any) string {
	return strings.Join(strings.Fields(strings.Map(printable, fmt.Sprint(value))), " ")
}

func printable(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case isControl(r):
		return -1
	}
	return r
}

// isControl tells characters that are not seen but change what is.
func isControl(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\ufeff'
}

// quote is what a reader wrote, line by line, marked as a quotation.
func quote(text string) string { return "> " + strings.ReplaceAll(lines(text), "\n", "\n> ") }

// prose is what staff wrote, with its paragraphs.
func prose(text string) string { return emptyLines.ReplaceAllString(lines(text), "\n\n") }

// lines cleans each line of a text and keeps them apart.
func lines(text string) string {
	all := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimSpace(text)), "\n")
	for i := range all {
		all[i] = line(all[i])
	}
	return strings.Join(all, "\n")
}
