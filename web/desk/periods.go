package desk

import (
	"errors"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

// What the books' refusals mean where no form can show them; the others stand beside the forms.
func init() {
	page.Meaning(errMonthRuns, fiber.StatusConflict, "error.month_runs")
	page.Meaning(ledger.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(ledger.ErrPeriodClosed, fiber.StatusConflict, "error.month_closed")
	page.Meaning(ledger.ErrFundOverspent, fiber.StatusConflict, "error.overspent")
	page.Meaning(ledger.ErrAccountClosed, fiber.StatusConflict, "error.account_closed")
	page.Meaning(ledger.ErrFundClosed, fiber.StatusConflict, "error.fund_closed")
}

// errMonthRuns refuses to close a month that is not over.
var errMonthRuns = errors.New("desk: the month is not over")

type periodsView struct {
	Years     []periodYear
	MayReopen bool
	MayRead   bool
	Form      *page.Form
	Wrong     string // the month whose form has to be mended, "2026-01"
}

type periodYear struct {
	ledger.BookYear
	Who      string // closed it
	MayClose bool   // all its months are closed, and it is not
	Months   []periodLine
}

type periodLine struct {
	ledger.Period
	Who       string
	Over      bool // the month has ended
	MayClose  bool
	Next      bool           // the oldest that is to be closed
	Waits     *reopeningLine // somebody asked to open it again
	Reopened  []reopeningLine
	MayReopen bool // ask
}

// reopeningLine is a request to open a month again, with people's names.
type reopeningLine struct {
	ledger.Reopening
	Asked, Agreed string
	MayAgree      bool // somebody else asked
}

// Key names the month in an address: 2026-01.
func (l periodLine) Key() string { return l.Month.Format("2006-01") }

// Periods lists the months, open or closed.
func (p *Pages) Periods(c *fiber.Ctx) error {
	v, err := p.periodsView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/periods", v)
}

func (p *Pages) periodsView(c *fiber.Ctx, f *page.Form) (v periodsView, err error) {
	community := page.Of(c).Community.ID
	periods, err := ledger.ListPeriods(c.UserContext(), p.DB, community)
	if err != nil {
		return v, err
	}
	years, err := ledger.Years(c.UserContext(), p.DB, community)
	if err != nil {
		return v, err
	}
	who, err := p.posters(c)
	if err != nil {
		return v, err
	}
	requests, err := p.reopenings(c, who)
	if err != nil {
		return v, err
	}
	v = periodsView{MayReopen: can(c, auth.ReopenPeriod), MayRead: can(c, auth.ReadBooks), Form: labelled(f, "periods.field", "why"), Wrong: c.Params("month")}
	for _, period := range periods {
		if year := period.Month.Year(); len(v.Years) == 0 || v.Years[len(v.Years)-1].Year != year {
			v.Years = append(v.Years, periodYear{BookYear: ledger.BookYear{Year: year}})
		}
		into := &v.Years[len(v.Years)-1]
		over := p.isOver(c, period.Month)
		line := periodLine{
			Period: period, Who: who(period.ClosedBy), Over: over,
			MayClose: over && period.ClosedAt == nil && can(c, auth.ClosePeriod),
		}
		line.hang(requests, p.Now())
		line.MayReopen = v.MayReopen && period.ClosedAt != nil && line.Waits == nil
		into.Months = append(into.Months, line)
	}
	v.markNext()
	v.markYears(c, years, p.isOver, who)
	return v, nil
}

// reopenings reads every request to open a month again, with names.
func (p *Pages) reopenings(c *fiber.Ctx, who func(string) string) (lines []reopeningLine, err error) {
	s, err := auth.Current(c)
	if err != nil {
		return nil, err
	}
	all, err := ledger.ListReopenings(c.UserContext(), p.DB, page.Of(c).Community.ID)
	for _, r := range all {
		lines = append(lines, reopeningLine{r, who(r.AskedBy), who(r.AgreedBy), r.AskedBy != auth.UserSubject(s.UserID) && can(c, auth.ReopenPeriod)})
	}
	return lines, err
}

// hang puts a month's requests beside it: the one that waits, and those that were agreed to.
func (l *periodLine) hang(requests []reopeningLine, now time.Time) {
	for _, r := range requests {
		switch {
		case !r.Month.Equal(l.Month):
		case r.AgreedAt != nil:
			l.Reopened = append(l.Reopened, r)
		case r.Waits(now) && l.ClosedAt != nil:
			l.Waits = &r
		}
	}
}

// markNext marks the oldest month that is to be closed.
func (v periodsView) markNext() {
	for _, year := range slices.Backward(v.Years) {
		for i, month := range slices.Backward(year.Months) {
			if month.MayClose {
				year.Months[i].Next = true
				return
			}
		}
	}
}

// markYears says which years are closed, and which may be.
func (v periodsView) markYears(c *fiber.Ctx, years []ledger.BookYear, over func(*fiber.Ctx, time.Time) bool, who func(string) string) {
	for i := range v.Years {
		y := &v.Years[i]
		for _, known := range years {
			if known.Year == y.Year {
				y.BookYear, y.Who = known, who(known.ClosedBy)
			}
		}
		open := slices.ContainsFunc(y.Months, func(m periodLine) bool { return m.ClosedAt == nil })
		y.MayClose = y.ClosedAt == nil && !open && over(c, ledger.Day(y.Year, time.December, 1)) && can(c, auth.ClosePeriod)
	}
}

// isOver tells whether a month has ended on the community's clock.
func (p *Pages) isOver(c *fiber.Ctx, month time.Time) bool {
	now := page.Of(c).Local(p.Now())
	return month.AddDate(0, 1, 0).Before(ledger.Day(now.Year(), now.Month(), now.Day()).AddDate(0, 0, 1))
}

func monthHere(c *fiber.Ctx) (time.Time, error) {
	month, err := time.Parse("2006-01", c.Params("month"))
	if err != nil {
		return month, page.ErrNotFound
	}
	return month, nil
}

// ToPeriods sends whoever reloads the address of a month's form back to the months.
func (p *Pages) ToPeriods(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/periods"), fiber.StatusSeeOther)
}
