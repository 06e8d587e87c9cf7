package desk

import (
	"errors"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/schedule"
	"fund/web/auth"
	"fund/web/page"
)

const repeatsPath = schedulePath + "/recurring"

// The months between two entries that come again.
var repeatEvery = []string{"1", "2", "3", "6", "12"}

// newRepeatView is the form for an entry that comes again.
type newRepeatView struct {
	postingsView
	Every, Ways []page.Option
}

func (p *Pages) newRepeatView(c *fiber.Ctx, f *page.Form, b books, lines int) newRepeatView {
	v := newRepeatView{postingsView: newPostingsView(c, labelled(f, "recurring.field", "memo", "detail", "day", "every", "first", "last", "how"), b, lines, linesMax)}
	for _, n := range repeatEvery {
		v.Every = append(v.Every, page.Option{Value: n, Label: page.Of(c).T("recurring.months." + n)})
	}
	v.Ways = choices(c, "recurring.how", "ask", "automatic")
	return v
}

// NewRepeat is the form for an entry that comes again, blank or begun with another entry or a template.
func (p *Pages) NewRepeat(c *fiber.Ctx) error {
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	f, lines, err := p.begun(c, b)
	if err != nil {
		return err
	}
	today := page.Of(c).Local(p.Now())
	f.Set("day", strconv.Itoa(today.Day())).Set("every", "1").Set("first", today.Format("2006-01")).Set("how", "ask")
	return page.Render(c, "desk/recurring_new", p.newRepeatView(c, f, b, lines))
}

// AddRepeat writes down an entry that comes again. Nothing is posted yet.
func (p *Pages) AddRepeat(c *fiber.Ctx) error {
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	lines := linesOf(f)
	if f.Bool("more") {
		return page.Render(c, "desk/recurring_new", p.newRepeatView(c, f, b, min(lines+linesMore, linesMax)))
	}
	r := p.readRepeat(c, f, b, lines)
	if !f.AnyWrong() {
		err = p.act(c, "recurring.add", "plan:"+r.ID.String(), map[string]any{"memo": r.Memo}, func(tx *sqlx.Tx, who string) error {
			r.By = who
			return schedule.AddRepeat(c.UserContext(), tx, page.Of(c).Community.ID, r)
		})
	}
	switch {
	case errors.Is(err, schedule.ErrTerms):
		f.Wrong("last", "recurring.wrong.last")
	case errors.Is(err, schedule.ErrExists):
		err = nil // the same form, sent twice
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/recurring_new", p.newRepeatView(c, f, b, lines))
	}
	return done(c, err, schedulePath, "recurring.added", "memo", r.Memo)
}

// readRepeat reads the form, and marks in it what has to be mended.
func (p *Pages) readRepeat(c *fiber.Ctx, f *page.Form, b books, lines int) schedule.Repeat {
	v := p.newRepeatView(c, f, b, 0)
	r := schedule.Repeat{
		Memo: line(f.Text("memo", 200)), Detail: line(f.Text("detail", 200, page.Optional)), Day: f.Int("day", 1, 31),
		First: readMonth(f, "first"), Automatic: f.Choice("how", page.Values(v.Ways)) == "automatic",
	}
	r.Every, _ = strconv.Atoi(f.Choice("every", page.Values(v.Every)))
	if last := readMonth(f, "last", page.Optional); !last.IsZero() {
		r.Last = &last
	}
	postings, fields := readLines(c, f, b, lines)
	if r.Postings = postings; len(postings) < 2 {
		f.Wrong("account-1", "journal.wrong.two_lines")
	}
	r.ID = f.Once("recurring", append(fields, "memo", "day", "every", "first")...)
	return r
}

// repeatView is one entry that comes again.
type repeatView struct {
	repeatRow
	Lines []ledger.Line
	Next  *time.Time // the day of the next one
	May   bool
	Over  bool
	Form  *page.Form // when it ends
}

// Repeat shows one entry that comes again.
func (p *Pages) Repeat(c *fiber.Ctx) error {
	v, err := p.repeatView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/recurring", v)
}

func (p *Pages) repeatView(c *fiber.Ctx, f *page.Form) (v repeatView, err error) {
	id, err := uuid.Parse(c.Params("plan"))
	if err != nil {
		return v, page.ErrNotFound
	}
	r, err := schedule.RepeatAt(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
	if err != nil {
		return v, err
	}
	b, err := p.readBooks(c)
	if err != nil {
		return v, err
	}
	today := dateOf(page.Of(c).Local(p.Now()))
	v = repeatView{repeatRow: repeatRow{r, often(c, r)}, May: can(c, auth.PostEntry), Over: r.Ended(today), Next: r.Next(today)}
	v.Form = labelled(begin(f, "last", today.Format("2006-01")), "recurring.field", "last")
	for n, posting := range r.Postings {
		a, _ := b.Chart.ID(posting.Account)
		v.Lines = append(v.Lines, ledger.Line{
			Line: n + 1, AccountCode: a.Code, AccountNameZH: a.NameZH, AccountNameEN: a.NameEN, FundNameZH: b.fundName(c, posting.Fund), Amount: posting.Amount,
		})
	}
	return v, nil
}

// PauseRepeat lets nothing come until it is resumed.
func (p *Pages) PauseRepeat(c *fiber.Ctx) error {
	return p.changeRepeat(c, "recurring.pause", func(tx *sqlx.Tx, community ledger.Community, id uuid.UUID, _ string) error {
		return schedule.Pause(c.UserContext(), tx, community.ID, id, p.Now())
	})
}

// ResumeRepeat lets it come again.
func (p *Pages) ResumeRepeat(c *fiber.Ctx) error {
	return p.changeRepeat(c, "recurring.resume", func(tx *sqlx.Tx, community ledger.Community, id uuid.UUID, who string) error {
		return schedule.Resume(c.UserContext(), tx, community, id, p.Now(), who)
	})
}

// EndRepeat makes a month the last in which it comes.
func (p *Pages) EndRepeat(c *fiber.Ctx) error {
	f := labelled(page.ReadForm(c), "recurring.field", "last")
	last := readMonth(f, "last")
	if f.AnyWrong() {
		v, err := p.repeatView(c, f)
		if err != nil {
			return err
		}
		return page.Again(c, "desk/recurring", v)
	}
	return p.changeRepeat(c, "recurring.end", func(tx *sqlx.Tx, community ledger.Community, id uuid.UUID, _ string) error {
		return schedule.End(c.UserContext(), tx, community.ID, id, last)
	})
}

func (p *Pages) changeRepeat(c *fiber.Ctx, name string, verb func(tx *sqlx.Tx, community ledger.Community, id uuid.UUID, who string) error) error {
	id, err := uuid.Parse(c.Params("plan"))
	if err != nil {
		return page.ErrNotFound
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, name, "plan:"+id.String(), nil, func(tx *sqlx.Tx, who string) error { return verb(tx, community, id, who) })
	return done(c, err, repeatsPath+"/"+id.String(), "recurring.changed")
}

// ToRepeat sends whoever reloads the address of one of its forms back to the entry that comes again.
func (p *Pages) ToRepeat(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(repeatsPath+"/"+c.Params("plan")), fiber.StatusSeeOther)
}
