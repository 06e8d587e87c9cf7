package desk

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

const templatesPath = "/desk/journal/templates"

// templateName is how long the name of a template may be.
const templateName = 40

// KeepTemplate keeps what stands in the form of an entry as a template, and shows the form again: the entry is not posted.
func (p *Pages) KeepTemplate(c *fiber.Ctx) error {
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	lines := linesOf(f)
	t := readTemplate(c, f, b, lines)
	if !f.AnyWrong() {
		err = p.act(c, "template.keep", "template:"+t.Name, nil, func(tx *sqlx.Tx, who string) error {
			t.MadeBy = who
			_, err := ledger.KeepTemplate(c.UserContext(), tx, page.Of(c).Community.ID, t)
			return err
		})
	}
	if errors.Is(err, ledger.ErrExists) {
		f.Wrong("name", "template.wrong.taken", "name", t.Name)
		err = nil
	}
	if err != nil {
		return err
	}
	return p.showEntry(c, f, b, lines, t.Name)
}

// readTemplate reads the form of an entry as a template: amounts may be missing, and need not agree.
func readTemplate(c *fiber.Ctx, f *page.Form, b books, lines int) ledger.Template {
	labelled(f, "journal.field", "memo", "detail")
	labelled(f, "template.field", "name", "amounts")
	t := ledger.Template{Name: line(f.Text("name", templateName)), Memo: line(f.Text("memo", 200, page.Optional)), Detail: line(f.Text("detail", 200, page.Optional))}
	for n := 1; n <= lines; n++ {
		field := fmt.Sprintf("account-%d", n)
		f.Label(field, "journal.field.account")
		if f.Typed(field) == "" {
			continue
		}
		account, known := b.account(f.Typed(field))
		if !known {
			f.Wrong(field, "journal.wrong.account", "line", n, "typed", f.Typed(field))
		}
		fund, _ := b.fund(f.Typed(fmt.Sprintf("fund-%d", n)))
		debit, credit := f.Typed(fmt.Sprintf("debit-%d", n)), f.Typed(fmt.Sprintf("credit-%d", n))
		l := ledger.TemplateLine{Account: account.ID, Fund: fund.ID, Debit: debit != "" || credit == "" && f.Typed(fmt.Sprintf("side-%d", n)) != "credit"}
		if amount, err := money.Parse(debit + credit); err == nil && f.Bool("amounts") {
			l.Amount = amount
		}
		t.Lines = append(t.Lines, l)
	}
	if len(t.Lines) == 0 {
		f.Wrong("account-1", "template.wrong.no_lines")
	}
	return t
}

// templatesView lists what entries may start from.
type templatesView struct {
	books
	Templates []ledger.Template
	Form      *page.Form // of the one being renamed
	Renamed   int
	May       bool
}

// AccountName and FundName name what a line has, in the reader's language.
func (v templatesView) AccountName(id int, lang string) string {
	a, _ := v.Chart.ID(id)
	return a.Code + " " + a.Name(lang)
}

// FundName is empty for the fund without restriction.
func (v templatesView) FundName(id int, lang string) string {
	if id == ledger.GeneralFundID {
		return ""
	}
	return v.fundAt(id).Name(lang)
}

// Templates lists what entries may start from.
func (p *Pages) Templates(c *fiber.Ctx) error {
	v, err := p.templatesView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/templates", v)
}

func (p *Pages) templatesView(c *fiber.Ctx, f *page.Form) (v templatesView, err error) {
	v.Form, v.May = labelled(f, "template.field", "name"), can(c, auth.PostEntry)
	if v.books, err = p.readBooks(c); err != nil {
		return v, err
	}
	v.Templates, err = ledger.ListTemplates(c.UserContext(), p.DB, page.Of(c).Community.ID)
	return v, err
}

// RenameTemplate gives a template another name.
func (p *Pages) RenameTemplate(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.templatesView(c, f)
	if err != nil {
		return err
	}
	v.Renamed = page.ParseNumber(c.Params("template"))
	if !slices.ContainsFunc(v.Templates, func(t ledger.Template) bool { return t.ID == v.Renamed }) {
		return page.ErrNotFound
	}
	name := line(f.Text("name", templateName))
	if !f.AnyWrong() {
		err = p.act(c, "template.rename", "template:"+c.Params("template"), map[string]any{"name": name}, func(tx *sqlx.Tx, _ string) error {
			return ledger.RenameTemplate(c.UserContext(), tx, page.Of(c).Community.ID, v.Renamed, name)
		})
	}
	if errors.Is(err, ledger.ErrExists) {
		f.Wrong("name", "template.wrong.taken", "name", name)
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/templates", v)
	}
	return done(c, err, templatesPath, "template.renamed", "name", name)
}

// DropTemplate forgets a template.
func (p *Pages) DropTemplate(c *fiber.Ctx) error {
	id, err := page.Number(c, "template")
	if err != nil {
		return err
	}
	t, err := ledger.FindTemplate(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
	if err != nil {
		return err
	}
	err = p.act(c, "template.drop", "template:"+c.Params("template"), map[string]any{"name": t.Name}, func(tx *sqlx.Tx, _ string) error {
		return ledger.DropTemplate(c.UserContext(), tx, page.Of(c).Community.ID, id)
	})
	return done(c, err, templatesPath, "template.dropped", "name", t.Name)
}

// ToTemplates sends whoever reloads the address of a template's form back to the list.
func (p *Pages) ToTemplates(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(templatesPath), fiber.StatusSeeOther)
}
