package desk

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/journalfile"
	"fund/ledger/statement"
	"fund/web/page"
)

const openingPath = "/desk/opening"

// The form for opening balances starts with so many lines and grows to so many.
const (
	openingLines    = 10
	openingLinesMax = 400
)

// The largest table that is read into a form, and the form around it.
const (
	tableMax     = 2 << 20
	TableBodyMax = tableMax + 64<<10
)

// openingView is the form for what older books ended with.
type openingView struct {
	postingsView
	Stands   *ledger.JournalEntry // the books are opened already
	First    *time.Time           // the earliest day of the books
	File     *page.Form
	Problems []*statement.Error // of the table that was read
	Read     int                // lines that a table brought
}

// fill puts postings into the lines of a form.
func fill(f *page.Form, b books, c *fiber.Ctx, postings []ledger.Posting) {
	for n, posting := range postings {
		b.fillLine(c, f, n+1, posting.Account, posting.Fund, posting.Amount)
	}
}

// Opening is the form for opening balances.
func (p *Pages) Opening(c *fiber.Ctx) error {
	v, _, err := p.openingView(c, page.BlankForm(c), openingLines)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/opening", v)
}

func (p *Pages) openingView(c *fiber.Ctx, f *page.Form, lines int) (v openingView, b books, err error) {
	id, ctx := page.Of(c).Community.ID, c.UserContext()
	if b, err = p.readBooks(c); err != nil {
		return v, b, err
	}
	if v.Stands, err = ledger.StandingOpening(ctx, p.DB, id); err != nil {
		return v, b, err
	}
	if v.First, err = ledger.FirstEntryDate(ctx, p.DB, id); err != nil {
		return v, b, err
	}
	if f.Typed("date") == "" {
		before := ledger.Day(page.Of(c).Local(p.Now()).Year(), time.January, 1)
		if v.First != nil {
			before = ledger.MonthOf(*v.First)
		}
		f.Set("date", day(before.AddDate(0, 0, -1)))
	}
	v.postingsView = newPostingsView(c, labelled(f, "opening.field", "date", "note"), b, lines, openingLinesMax)
	v.Draft = strings.Join([]string{"fund-opening", page.Of(c).Community.Slug, page.Of(c).User.ID}, " ")
	v.File = labelled(page.BlankForm(c), "opening.field", "file")
	return v, b, nil
}

// OpenBooks posts the opening balances; or adds lines to the form, or what is missing to the net assets of each fund.
func (p *Pages) OpenBooks(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	lines := linesWithin(f, openingLines, openingLinesMax)
	if f.Bool("more") {
		lines = min(lines+openingLines, openingLinesMax)
	}
	v, b, err := p.openingView(c, f, lines)
	switch {
	case err != nil:
		return err
	case f.Bool("more"):
		return page.Render(c, "desk/opening", v)
	case f.Bool("net"):
		return p.balanceOpening(c, f, b, lines)
	}
	var posted ledger.Posted
	if o := readOpening(c, f, b, lines); !f.AnyWrong() {
		posted, err = p.openBooks(c, o)
	}
	if wrongOpening(c, f, err, v) || refused(c, f, err, b) || f.AnyWrong() {
		if v, _, err = p.openingView(c, f, lines); err != nil {
			return err
		}
		return page.Again(c, "desk/opening", v)
	}
	p.moved(c, 0)
	return done(c, err, "/desk/journal/"+posted.Voucher(), "opening.posted", "number", posted.Voucher())
}

// readOpening reads the form, and marks in it what has to be mended.
func readOpening(c *fiber.Ctx, f *page.Form, b books, lines int) ledger.Opening {
	o := ledger.Opening{On: f.Date("date"), Note: line(f.Text("note", 200, page.Optional))}
	o.Postings, _ = readLines(c, f, b, lines)
	if !f.AnyWrong() && len(o.Postings) < 2 {
		f.Wrong("account-1", "opening.wrong.nothing")
	}
	return o
}

func (p *Pages) openBooks(c *fiber.Ctx, o ledger.Opening) (posted ledger.Posted, err error) {
	err = p.act(c, "books.open", "books:"+day(o.On), nil, func(tx *sqlx.Tx, who string) (err error) {
		o.By = who
		posted, err = ledger.OpenBooks(c.UserContext(), tx, page.Of(c).Community.ID, o)
		return err
	})
	return posted, err
}

// wrongOpening says in the form why opening balances were refused.
func wrongOpening(c *fiber.Ctx, f *page.Form, err error, v openingView) bool {
	switch {
	case errors.Is(err, ledger.ErrTooLate):
		f.Wrong("date", "opening.wrong.late", "day", page.Of(c).Lang.Date(*v.First))
	case errors.Is(err, ledger.ErrNotOpening):
		f.Wrong("account-1", "opening.wrong.account")
	default:
		return false
	}
	return true
}

// balanceOpening puts what is missing in each fund to its net assets, and shows the form again.
func (p *Pages) balanceOpening(c *fiber.Ctx, f *page.Form, b books, lines int) error {
	var postings []ledger.Posting
	for n := 1; n <= lines; n++ {
		if posting, _, ok := readLine(f, b, n); ok {
			postings = append(postings, posting)
		}
	}
	if !f.AnyWrong() {
		whole := ledger.NetOpening(b.Chart, b.Funds, postings)
		lines = max(lines, len(whole))
		for n := 1; n <= lines; n++ {
			for _, field := range []string{"account", "fund", "debit", "credit"} {
				f.Set(fmt.Sprintf("%s-%d", field, n))
			}
		}
		fill(f, b, c, whole)
	}
	v, _, err := p.openingView(c, f, min(lines, openingLinesMax))
	if err != nil {
		return err
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/opening", v)
	}
	return page.Render(c, "desk/opening", v)
}

// ReadOpening reads a list of balances into the form. Nothing is posted yet.
func (p *Pages) ReadOpening(c *fiber.Ctx) error {
	name, data, file := readTable(c, "opening.field")
	f := page.BlankForm(c)
	v, b, err := p.openingView(c, f, openingLines)
	if err != nil {
		return err
	}
	if data != nil {
		var postings []ledger.Posting
		if postings, v.Problems = journalfile.ReadOpening(name, data, b.Chart, b.Funds); len(v.Problems) == 0 {
			fill(f, b, c, postings)
			if v, _, err = p.openingView(c, f, min(max(openingLines, len(postings)+2), openingLinesMax)); err != nil {
				return err
			}
			v.Read = len(postings)
		}
	}
	v.File = file
	if file.AnyWrong() || len(v.Problems) > 0 {
		return page.Again(c, "desk/opening", v)
	}
	return page.Render(c, "desk/opening", v)
}

// readTable takes a table out of its form; data is nil where the form has to be mended.
func readTable(c *fiber.Ctx, prefix string) (name string, data []byte, f *page.Form) {
	f = labelled(page.ReadForm(c), prefix, "file")
	file := f.File(c, "file")
	if file == nil {
		return "", nil, f
	}
	if file.Size > tableMax {
		f.Wrong("file", "opening.wrong.large", "max", tableMax>>20)
		return "", nil, f
	}
	opened, err := file.Open()
	if err == nil {
		defer opened.Close()
		data, err = io.ReadAll(opened)
	}
	if err != nil {
		f.Wrong("file", "form.wrong.blank")
		return "", nil, f
	}
	return line(page.Clean(file.Filename)), data, f
}

// ToOpening sends whoever reloads the address of the table's form back to the page.
func (p *Pages) ToOpening(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(openingPath), fiber.StatusSeeOther)
}
