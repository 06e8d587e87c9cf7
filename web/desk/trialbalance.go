package desk

import (
	"encoding/csv"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/report"
	"fund/web/page"
)

// trialView is the trial balance of a span of months.
type trialView struct {
	report.Trial
	From, To  string // "2026-01"
	Months    []page.Option
	Community ledger.Community
}

// TrialBalance shows the trial balance of any span of months.
func (p *Pages) TrialBalance(c *fiber.Ctx) error {
	v, err := p.trialView(c)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/trial_balance", v)
}

// trialView reads the months asked for; without any it is this year so far. A span that ends before it begins is
// turned round.
func (p *Pages) trialView(c *fiber.Ctx) (v trialView, err error) {
	if v.Community, err = p.community(c); err != nil {
		return v, err
	}
	today := v.Community.Day(p.Now())
	from, wrongFrom := time.Parse("2006-01", c.Query("from"))
	to, wrongTo := time.Parse("2006-01", c.Query("to"))
	if wrongTo != nil {
		to = today
	}
	if wrongFrom != nil {
		from = ledger.Day(to.Year(), time.January, 1)
	}
	if to.Before(from) {
		from, to = to, from
	}
	v.From, v.To = from.Format("2006-01"), to.Format("2006-01")
	if v.Trial, err = report.TrialBalance(c.UserContext(), p.DB, v.Community, from, to); err != nil {
		return v, err
	}
	periods, err := ledger.ListPeriods(c.UserContext(), p.DB, v.Community.ID)
	known := map[string]bool{}
	for _, period := range append([]ledger.Period{{Month: ledger.MonthOf(today)}, {Month: ledger.MonthOf(from)}, {Month: ledger.MonthOf(to)}}, periods...) {
		if key := period.Month.Format("2006-01"); !known[key] {
			known[key] = true
			v.Months = append(v.Months, page.Option{Value: key, Label: page.Of(c).Lang.Month(period.Month)})
		}
	}
	return v, err
}

// TrialBalanceCSV is the trial balance as a table for a spreadsheet.
func (p *Pages) TrialBalanceCSV(c *fiber.Ctx) error {
	v, err := p.trialView(c)
	if err != nil {
		return err
	}
	r := page.Of(c)
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Attachment("trial-balance-" + v.From + "-" + v.To + ".csv")
	_, _ = c.WriteString("\ufeff") // by which Excel knows UTF-8
	table := csv.NewWriter(c)
	rows := [][]string{{
		r.T("trial.code"), r.T("trial.account"), r.T("trial.opening_debit"), r.T("trial.opening_credit"),
		r.T("trial.debit"), r.T("trial.credit"), r.T("trial.closing_debit"), r.T("trial.closing_credit"),
	}}
	for _, l := range v.Lines {
		rows = append(rows, append([]string{l.Code, export.Inert(l.Name(string(r.Lang)))}, sixFigures(l.TrialFigures)...))
	}
	rows = append(rows, append([]string{"", r.T("trial.total")}, sixFigures(v.Total)...))
	return table.WriteAll(rows)
}

func sixFigures(f report.TrialFigures) []string {
	return []string{
		f.OpeningDebit.String(), f.OpeningCredit.String(), f.Debit.String(), f.Credit.String(), f.ClosingDebit.String(), f.ClosingCredit.String(),
	}
}
