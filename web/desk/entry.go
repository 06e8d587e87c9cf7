package desk

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web/page"
)

// A form for an entry starts with so many lines and grows to so many.
const (
	linesAtFirst = 4
	linesMore    = 4
	linesMax     = 60
)

// books are the accounts and funds that a form or a list names.
type books struct {
	Chart ledger.Accounts
	Funds []ledger.Fund
}

func (p *Pages) readBooks(c *fiber.Ctx) (b books, err error) {
	id := page.Of(c).Community.ID
	if b.Chart, err = ledger.ListAccounts(c.UserContext(), p.DB, id); err != nil {
		return b, err
	}
	b.Funds, err = ledger.ListFunds(c.UserContext(), p.DB, id)
	return b, err
}

// account finds what somebody typed: a code, a code with its name behind it, a name, or how a name sounds.
func (b books) account(typed string) (ledger.Account, bool) {
	code, _, _ := strings.Cut(strings.TrimSpace(typed), " ")
	if a, ok := b.Chart.Code(code); ok {
		return a, true
	}
	for _, a := range b.Chart {
		if typed != "" && (a.NameZH == typed || strings.EqualFold(a.NameEN, typed)) {
			return a, true
		}
	}
	return b.bySound(typed)
}

func (b books) fund(code string) (ledger.Fund, bool) {
	for _, f := range b.Funds {
		if f.Code == code {
			return f, true
		}
	}
	return ledger.Fund{}, false
}

func (b books) fundOptions(r *page.Reader, closedToo bool) (options []page.Option) {
	for _, f := range b.Funds {
		if closedToo || f.ClosedAt == nil {
			options = append(options, page.Option{Value: f.Code, Label: f.Name(string(r.Lang))})
		}
	}
	return options
}

// newEntryView is the form for an entry written by hand.
type newEntryView struct {
	postingsView
	From      string // what it started from: copy:2017-12, template:3, or nothing
	Started   string // the same in words
	Templates []ledger.Template
	Kept      string // the template that was just made of it
}

func (p *Pages) newEntryView(c *fiber.Ctx, f *page.Form, b books, lines int) (v newEntryView, err error) {
	r := page.Of(c)
	labelled(labelled(f, "template.field", "name", "amounts"), "journal.field", "date", "memo", "detail")
	v = newEntryView{postingsView: newPostingsView(c, f, b, lines, linesMax), From: f.Typed("from")}
	v.Draft = strings.Join([]string{"fund-entry", r.Community.Slug, r.User.ID, v.From}, " ") // each person's own, and apart by what it started from
	switch kind, what, _ := strings.Cut(v.From, ":"); kind {
	case "copy":
		v.Started = r.T("journal.copied", "number", what)
	case "template":
		v.Started = r.T("template.used", "name", f.Typed("template"))
	}
	v.Templates, err = ledger.ListTemplates(c.UserContext(), p.DB, r.Community.ID)
	return v, err
}

// linesOf is how many lines a form has.
func linesOf(f *page.Form) int {
	return linesWithin(f, linesAtFirst, linesMax)
}

// NewEntry is the form for an entry written by hand, blank or begun with another entry or a template.
func (p *Pages) NewEntry(c *fiber.Ctx) error {
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	f, lines, err := p.begun(c, b)
	if err != nil {
		return err
	}
	v, err := p.newEntryView(c, f, b, lines)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/entry_new", v)
}

// PostEntry posts an entry written by hand. A second press of the same button finds the entry of the first.
func (p *Pages) PostEntry(c *fiber.Ctx) error {
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	lines := linesOf(f)
	if f.Bool("more") {
		return p.showEntry(c, f, b, min(lines+linesMore, linesMax), "")
	}
	entry := readEntry(c, f, b, lines)
	if f.AnyWrong() {
		return p.showEntry(c, f, b, lines, "")
	}
	posted, err := p.postOnce(c, entry)
	if refused(c, f, err, b) {
		return p.showEntry(c, f, b, lines, "")
	}
	if err != nil {
		return err
	}
	p.moved(c, 0)
	at := "/desk/journal/" + posted.Voucher()
	if f.Typed("then") == "print" {
		at += "?print=yes"
	}
	return page.Done(c, at, "journal.posted", "number", posted.Voucher())
}

// showEntry shows a form again that was sent: to be mended, with more lines, or kept as a template.
func (p *Pages) showEntry(c *fiber.Ctx, f *page.Form, b books, lines int, kept string) error {
	v, err := p.newEntryView(c, f, b, lines)
	if err != nil {
		return err
	}
	if v.Kept = kept; f.AnyWrong() {
		return page.Again(c, "desk/entry_new", v)
	}
	return page.Render(c, "desk/entry_new", v)
}

// postOnce posts an entry, or finds it where the same form posted it before.
func (p *Pages) postOnce(c *fiber.Ctx, entry ledger.Entry) (posted ledger.Posted, err error) {
	id, detail := page.Of(c).Community.ID, map[string]any{}
	err = p.act(c, "entry.post", entry.Source, detail, func(tx *sqlx.Tx, who string) error {
		entry.PostedBy = who
		all, err := ledger.Post(c.UserContext(), tx, id, entry)
		if err == nil {
			posted = all[0]
			detail["voucher"] = posted.Voucher()
		}
		return err
	})
	if errors.Is(err, ledger.ErrDuplicateSource) {
		before, err := ledger.EntryOf(c.UserContext(), p.DB, id, entry.Source)
		return before.Posted, err
	}
	return posted, err
}
