package desk

import (
	"errors"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

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
	Form      *page.Form
	Wrong     string // the month whose form has to be mended, "2026-01"
}

type periodYear struct {
	Year   int
	Months []periodLine
}

type periodLine struct {
	ledger.Period
	Who      string
	Over     bool // the month has ended
	MayClose bool
	Next     bool // the oldest that is to be closed
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
	periods, err := ledger.ListPeriods(c.UserContext(), p.DB, page.Of(c).Community.ID)
	if err != nil {
		return v, err
	}
	who, err := p.posters(c)
	if err != nil {
		return v, err
	}
	v = periodsView{MayReopen: can(c, auth.ReopenPeriod), Form: labelled(f, "periods.field", "why"), Wrong: c.Params("month")}
	for _, period := range periods {
		if year := period.Month.Year(); len(v.Years) == 0 || v.Years[len(v.Years)-1].Year != year {
			v.Years = append(v.Years, periodYear{Year: year})
		}
		into := &v.Years[len(v.Years)-1]
		over := p.isOver(c, period.Month)
		into.Months = append(into.Months, periodLine{
			Period: period, Who: who(period.ClosedBy), Over: over,
			MayClose: over && period.ClosedAt == nil && can(c, auth.ClosePeriod),
		})
	}
	v.markNext()
	return v, nil
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

// ClosePeriod closes a month that is over: no entry may be dated in it from then on.
func (p *Pages) ClosePeriod(c *fiber.Ctx) error {
	month, err := monthHere(c)
	if err != nil {
		return err
	}
	if !p.isOver(c, month) {
		return errMonthRuns
	}
	err = p.act(c, "period.close", "period:"+c.Params("month"), nil, func(tx *sqlx.Tx, who string) error {
		return ledger.ClosePeriod(c.UserContext(), tx, page.Of(c).Community.ID, month, who)
	})
	p.moved(c, 0)
	return done(c, err, "/desk/periods", "periods.closed", "month", page.Of(c).Lang.Month(month))
}

// ReopenPeriod opens a closed month again; the reason stands beside it in public.
func (p *Pages) ReopenPeriod(c *fiber.Ctx) error {
	month, err := monthHere(c)
	if err != nil {
		return err
	}
	f := labelled(page.ReadForm(c), "periods.field", "why")
	why := line(f.Text("why", 200))
	if f.AnyWrong() {
		v, err := p.periodsView(c, f)
		if err != nil {
			return err
		}
		return page.Again(c, "desk/periods", v)
	}
	err = p.act(c, "period.reopen", "period:"+c.Params("month"), map[string]any{"why": why}, func(tx *sqlx.Tx, who string) error {
		_, err := ledger.AskReopening(c.UserContext(), tx, page.Of(c).Community.ID, month, who, "treasurer", why)
		return err
	})
	p.moved(c, 0)
	return done(c, err, "/desk/periods", "periods.reopened", "month", page.Of(c).Lang.Month(month))
}

// ToPeriods sends whoever reloads the address of a month's form back to the months.
func (p *Pages) ToPeriods(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/periods"), fiber.StatusSeeOther)
}
