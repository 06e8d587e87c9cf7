package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/report"
	"fund/web/page"
)

// chooser offers other periods, funds and statements.
type chooser struct {
	Asked    report.Ask
	Name     string
	Presets  []preset
	Months   []page.Option
	Names    []page.Option
	Funds    []page.Option
	Accounts []page.Option
	r        *page.Reader
}

// preset is a period that is chosen with one press.
type preset struct {
	Label, Address string
	Chosen         bool
}

func (p *Pages) choose(ctx context.Context, c *fiber.Ctx, q sqlx.QueryerContext, community ledger.Community, ask report.Ask) (v chooser, err error) {
	v = chooser{Asked: ask, Name: ask.Name, r: page.Of(c)}
	periods, err := ledger.ListPeriods(ctx, q, community.ID)
	if err != nil {
		return v, err
	}
	today := community.Day(p.Now())
	months := []time.Time{ledger.MonthOf(today), ledger.MonthOf(ask.From), ledger.MonthOf(ask.To)}
	for _, period := range periods {
		months = append(months, period.Month)
	}
	slices.SortFunc(months, func(a, b time.Time) int { return b.Compare(a) })
	months = slices.CompactFunc(months, time.Time.Equal)
	for _, month := range months {
		v.Months = append(v.Months, page.Option{Value: month.Format("2006-01"), Label: v.r.Lang.Month(month)})
	}
	v.preset(today, months)
	for _, s := range statementsFor(c) {
		v.Names = append(v.Names, page.Option{Value: s.Key, Label: s.Title.In(string(v.r.Lang))})
	}
	return v, v.offer(ctx, q, community)
}

// preset offers this month and the one before, this quarter, and each year of the books.
func (v *chooser) preset(today time.Time, months []time.Time) {
	add := func(label string, from, to time.Time) {
		ask := v.Asked
		ask.From, ask.To, ask.After = from, to, ""
		v.Presets = append(v.Presets, preset{label, addressOf(v.r, &ask), from.Equal(v.Asked.From) && to.Equal(v.Asked.To)})
	}
	this := ledger.MonthOf(today)
	last, quarter := this.AddDate(0, -1, 0), ledger.Day(today.Year(), (today.Month()-1)/3*3+1, 1)
	add(v.r.T("statements.this_month"), this, this.AddDate(0, 1, -1))
	add(v.r.T("statements.last_month"), last, this.AddDate(0, 0, -1))
	add(v.r.T("statements.this_quarter"), quarter, quarter.AddDate(0, 3, -1))
	for i, month := range months { // the newest first
		if year := month.Year(); i == 0 || months[i-1].Year() != year {
			end := ledger.Day(year, 12, 31)
			if year == today.Year() {
				end = this.AddDate(0, 1, -1) // so far, which is where one begins
			}
			add(v.r.T("book.year", "year", year), ledger.Day(year, 1, 1), end)
		}
	}
}

func (v *chooser) offer(ctx context.Context, q sqlx.QueryerContext, community ledger.Community) error {
	lang := string(v.r.Lang)
	funds, err := ledger.ListFunds(ctx, q, community.ID)
	if err != nil {
		return err
	}
	v.Funds = []page.Option{{Label: v.r.T("statements.all_funds")}}
	for _, f := range funds {
		v.Funds = append(v.Funds, page.Option{Value: f.Code, Label: f.Name(lang)})
	}
	accounts, err := ledger.ListAccounts(ctx, q, community.ID)
	for _, a := range accounts {
		v.Accounts = append(v.Accounts, page.Option{Value: a.Code, Label: a.Code + " " + a.Name(lang)})
	}
	return err
}

// From and To are the months chosen, as the form has them; on a ledger card the days.
func (v chooser) From() string { return v.Asked.Values().Get("from") }

// To is the last month or day chosen.
func (v chooser) To() string { return v.Asked.Values().Get("to") }

// Account is the one account of a ledger card, or none.
func (v chooser) Account() string {
	if len(v.Asked.Accounts) == 1 {
		return v.Asked.Accounts[0]
	}
	return ""
}

// At is the address of what a figure is made of, empty for nothing.
func (v chooser) At(ask *report.Ask) string { return addressOf(v.r, ask) }

// For is the address of a statement for the period chosen.
func (v chooser) For(name string) string {
	ask := report.Ask{Name: name, From: v.Asked.From, To: v.Asked.To}
	return addressOf(v.r, &ask)
}

// File is the address of the statement as a file.
func (v chooser) File(format string) string {
	ask := v.Asked
	ask.After = ""
	return withFormat(addressOf(v.r, &ask), format)
}

// FileOf is the address of a statement for the period chosen, as a file.
func (v chooser) FileOf(name, format string) string { return withFormat(v.For(name), format) }

func withFormat(address, format string) string {
	path, query, _ := strings.Cut(address, "?")
	return path + "." + format + "?" + query
}

// addressOf is where an ask is answered; empty for none.
func addressOf(r *page.Reader, ask *report.Ask) string {
	switch {
	case ask == nil:
		return ""
	case ask.Name == report.EntryName:
		return r.URL("/desk/journal/" + ask.Voucher)
	}
	path := "/desk/statements"
	if ask.Name != "" {
		path += "/" + ask.Name
	}
	return r.URL(path) + "?" + ask.Values().Encode()
}
