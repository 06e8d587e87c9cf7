package public

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/issue"
	"fund/web/page"
)

// reportsView lists what can be reported on.
type reportsView struct {
	Years     []reportYear
	Funds     []ledger.Fund
	Shelf     []shelfYear    // what was issued
	Documents []disclosedRow // what the law asked for, and was written by hand
	Form      *page.Form     // for new reports by mail
}

type reportYear struct {
	Year    int
	Entries int
	Months  []reportMonth
}

// Reports is the shelf: what was issued, and below it every year and month that can be reported on.
func (p *Pages) Reports(c *fiber.Ctx) error {
	return p.kept(c, "public/reports", func(b books) (any, error) {
		tellPage(c, "reports")
		return b.reports(page.BlankForm(c).Label("email", "shelf.mail.email"))
	})
}

// reportsAgain shows the shelf with a form that has to be mended.
func (p *Pages) reportsAgain(c *fiber.Ctx, f *page.Form) error {
	return p.snapshot(c, func(b books) error {
		v, err := b.reports(f)
		if err != nil {
			return err
		}
		return page.Again(c, "public/reports", v)
	})
}

func (b books) reports(f *page.Form) (v reportsView, err error) {
	v.Form = f
	if v.Shelf, v.Documents, err = b.shelf(); err != nil {
		return v, err
	}
	periods, err := ledger.ListPeriods(b, b.q, b.ID)
	if err != nil {
		return v, err
	}
	for _, period := range periods {
		if period.Entries == 0 {
			continue
		}
		if n := len(v.Years); n == 0 || v.Years[n-1].Year != period.Month.Year() {
			v.Years = append(v.Years, reportYear{Year: period.Month.Year()})
		}
		last := &v.Years[len(v.Years)-1]
		last.Entries += period.Entries
		last.Months = append(last.Months, reportMonth{Period: period})
	}
	if err = b.tellClosings(v.Years); err != nil {
		return v, err
	}
	v.Funds, err = ledger.ListFunds(b, b.q, b.ID)
	return v, err
}

// statementsView is the statements of a period, each figure with what it is made of.
type statementsView struct {
	report.Span
	Activity report.Activity
	Sheet    report.Sheet
	Cash     report.CashFlow
	Funds    report.Funds
	Years    []ledger.BookYear
	chart    ledger.Accounts
	books    books
}

// IsYear tells whether the period is one calendar year.
func (v statementsView) IsYear() bool {
	return v.From.Month() == time.January && v.To.Month() == time.December && v.From.Year() == v.To.Year()
}

// IsMonth tells whether the period is one month.
func (v statementsView) IsMonth() bool {
	return v.From.Year() == v.To.Year() && v.From.Month() == v.To.Month()
}

// Behind is the address of the entries behind a row, empty where there is none.
func (v statementsView) Behind(r report.Row) string {
	return issue.At(v.books.r.URL("")).To(issue.Behind(v.chart, r, v.From, v.To))
}

// OfFund is the address of a fund's entries in the period, empty where there are none.
func (v statementsView) OfFund(code, kind string, sum money.Amount) string {
	if sum.IsZero() {
		return ""
	}
	return issue.At(v.books.r.URL("")).To(issue.EntriesRef(v.From, v.To, "fund", code, "kind", kind))
}

// Statements shows the activity statement, the balance sheet, the cash flow statement and the funds of the months ?from= to ?to=.
func (p *Pages) Statements(c *fiber.Ctx) error {
	return p.kept(c, "public/statements", func(b books) (any, error) {
		y, err := b.pickYear("", p.Now())
		if err != nil {
			return nil, err
		}
		from, to := y.From(), y.To()
		if month, ok := monthIn(c.Query("from")); ok {
			from = month
		}
		if month, ok := monthIn(c.Query("to")); ok {
			to = month
		}
		return b.statements(from, to, y.Others)
	})
}

func (b books) statements(from, to time.Time, years []ledger.BookYear) (v statementsView, err error) {
	v.books, v.Years = b, years
	if v.Activity, err = report.ActivityStatement(b, b.q, b.Community, from, to); err != nil {
		return v, err
	}
	v.Span = v.Activity.Span
	if v.Sheet, err = report.BalanceSheet(b, b.q, b.Community, from, to); err != nil {
		return v, err
	}
	if v.Cash, err = report.CashFlowStatement(b, b.q, b.Community, from, to); err != nil {
		return v, err
	}
	if v.Funds, err = report.FundReport(b, b.q, b.Community, from, to); err != nil {
		return v, err
	}
	v.chart, err = ledger.ListAccounts(b, b.q, b.ID)
	return v, err
}
