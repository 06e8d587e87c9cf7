package desk

import (
	"errors"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/auth"
	"fund/web/issue"
	"fund/web/page"
)

// closeItemPaths lead from a line of the checklist to where it is mended.
var closeItemPaths = map[string]func(i ledger.CloseItem, month time.Time) string{
	"lines": func(i ledger.CloseItem, month time.Time) string { return reconcileHome + "/" + i.Of + through(month) },
	"reconciled": func(i ledger.CloseItem, month time.Time) string {
		return reconcileHome + "/" + i.Of + "/paper" + through(month)
	},
	"cash":       func(i ledger.CloseItem, _ time.Time) string { return "/desk/accounts/" + i.Of },
	"suspense":   func(ledger.CloseItem, time.Time) string { return "/desk/suspense" },
	"quarantine": func(ledger.CloseItem, time.Time) string { return "/desk/quarantine" },
	"boxes":      func(ledger.CloseItem, time.Time) string { return "/desk/boxes" },
	"evidence": func(_ ledger.CloseItem, month time.Time) string {
		return "/desk/journal?" + url.Values{"month": {month.Format("2006-01")}}.Encode()
	},
	"till_sessions":    func(ledger.CloseItem, time.Time) string { return "/desk/sales" },
	"payment_requests": func(ledger.CloseItem, time.Time) string { return "/desk/spending?state=approved" },
	"schedule":         func(ledger.CloseItem, time.Time) string { return "/desk/schedule" },
	"budget":           func(ledger.CloseItem, time.Time) string { return "/desk/budgets" },
	"funds":            func(ledger.CloseItem, time.Time) string { return "/desk/funds" },
	"trial": func(_ ledger.CloseItem, month time.Time) string {
		m := month.Format("2006-01")
		return "/desk/trial-balance?" + url.Values{"from": {m}, "to": {m}}.Encode()
	},
}

func through(month time.Time) string {
	return "?through=" + month.AddDate(0, 1, -1).Format(time.DateOnly)
}

// closeRow is a line of the checklist as the page shows it.
type closeRow struct {
	ledger.CloseItem
	Title, Text string
	Path        string      // where it is looked at or mended; empty: nowhere
	Reason      *page.Field // what it takes to close without it
	Papers      []campaigns.Paperless
}

// periodView is one month on its way to being closed, or as it was closed.
type periodView struct {
	ledger.Period
	Form     *page.Form
	Who      string
	Over     bool
	MayClose bool
	Rows     []closeRow
	Done     int // rows with nothing left
	Musts    int // rows that have to be done first
	Mine     int // rows that a reason would do for
	Funds    report.Funds
	Duties   []dutyRow
}

// Key names the month in an address: 2026-01.
func (v periodView) Key() string { return v.Month.Format("2006-01") }

// Bar draws how much is done.
func (v periodView) Bar() (done, all money.Amount) {
	return money.FromFen(int64(v.Done)), money.FromFen(int64(len(v.Rows)))
}

// Drawn is Bar, one amount at a time.
func (v periodView) Drawn(which string) money.Amount {
	done, all := v.Bar()
	if which == "all" {
		return all
	}
	return done
}

// Period shows what is left to do before a month is closed, or what was done when it was.
func (p *Pages) Period(c *fiber.Ctx) error {
	v, err := p.periodView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/period", v)
}

func (p *Pages) periodView(c *fiber.Ctx, f *page.Form) (v periodView, err error) {
	month, err := monthHere(c)
	if err != nil {
		return v, err
	}
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	ctx := c.UserContext()
	v = periodView{Period: ledger.Period{Month: month}, Form: f, Over: p.isOver(c, month)}
	periods, err := ledger.ListPeriods(ctx, p.DB, community.ID)
	for _, one := range periods {
		if one.Month.Equal(month) {
			v.Period = one
		}
	}
	if err != nil {
		return v, err
	}
	v.MayClose = v.Over && v.ClosedAt == nil && can(c, auth.ClosePeriod)
	items, err := p.closeItems(c, community, &v)
	if err != nil {
		return v, err
	}
	v.lay(c, items)
	for i, row := range v.Rows {
		if row.Code == "evidence" && !row.Done() && v.ClosedAt == nil {
			if v.Rows[i].Papers, err = campaigns.ListPaperless(ctx, p.DB, community.ID, month, paperlessShown); err != nil {
				return v, err
			}
		}
	}
	if v.Funds, err = report.FundReport(ctx, p.DB, community, month, month); err != nil {
		return v, err
	}
	v.Duties, err = p.nextDuties(c, community, 2)
	return v, err
}

// paperlessShown is how many entries without a paper the page names.
const paperlessShown = 40

// closeItems are the checklist: of a closed month as it was, else as it is.
func (p *Pages) closeItems(c *fiber.Ctx, community ledger.Community, v *periodView) ([]ledger.CloseItem, error) {
	if v.ClosedAt == nil {
		return ledger.Checklist(c.UserContext(), p.DB, community, v.Month, p.Asks)
	}
	who, err := p.posters(c)
	if err != nil {
		return nil, err
	}
	v.Who = who(v.ClosedBy)
	closings, err := ledger.ListClosings(c.UserContext(), p.DB, community.ID, v.Month, v.Month)
	if err != nil || len(closings) == 0 {
		return nil, err
	}
	return closings[0].Items, nil
}

// lay words the lines, what is left first to be seen.
func (v *periodView) lay(c *fiber.Ctx, items []ledger.CloseItem) {
	lang := page.Of(c).Lang
	for _, i := range items {
		row := closeRow{CloseItem: i}
		row.Title, row.Text = issue.CloseLine(lang, i)
		if to, ok := closeItemPaths[i.Code]; ok && can(c, auth.ReadBooks) {
			row.Path = page.Of(c).URL(to(i, v.Month))
		}
		switch {
		case i.Done():
			v.Done++
		case i.Must:
			v.Musts++
		case v.MayClose:
			v.Mine++
			field := v.Form.Label(reasonName(i), "close.reason").Field(reasonName(i), "hint", "close.hint.reason")
			row.Reason = &field
		}
		v.Rows = append(v.Rows, row)
	}
}

// reasonName names the field for the reason to close without a line.
func reasonName(i ledger.CloseItem) string { return "why-" + i.Key() }

// ClosePeriod closes a month that is over, if its checklist lets it: no entry may be dated in it from then on.
func (p *Pages) ClosePeriod(c *fiber.Ctx) error {
	month, err := monthHere(c)
	if err != nil {
		return err
	}
	if !p.isOver(c, month) {
		return errMonthRuns
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	err = p.act(c, "period.close", "period:"+c.Params("month"), nil, func(tx *sqlx.Tx, who string) error {
		_, err := ledger.CloseAsked(c.UserContext(), tx, community, month, who, p.Asks, waivers(f))
		return err
	})
	var unready *ledger.Unready
	if errors.As(err, &unready) {
		return p.unready(c, f, unready)
	}
	p.moved(c, 0)
	return done(c, err, "/desk/periods/"+c.Params("month"), "periods.closed", "month", page.Of(c).Lang.Month(month))
}

// unready shows the month again, with what keeps it open.
func (p *Pages) unready(c *fiber.Ctx, f *page.Form, u *ledger.Unready) error {
	for _, i := range u.Items {
		title, _ := issue.CloseLine(page.Of(c).Lang, i)
		f.Label(reasonName(i), "close.reason")
		if i.Must {
			f.Wrong(reasonName(i), "close.wrong.must", "what", title)
		} else {
			f.Wrong(reasonName(i), "close.wrong.reason", "what", title)
		}
	}
	v, err := p.periodView(c, f)
	if err != nil {
		return err
	}
	return page.Again(c, "desk/period", v)
}

// waivers are what was written for the lines that are left open, by their keys.
func waivers(f *page.Form) map[string]string {
	why := map[string]string{}
	for _, name := range f.Names("why-") {
		why[name[len("why-"):]] = line(f.Text(name, 200, page.Optional))
	}
	return why
}

// ToPeriod sends whoever reloads the address of a month's form back to the month.
func (p *Pages) ToPeriod(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/periods/"+c.Params("month")), fiber.StatusSeeOther)
}
