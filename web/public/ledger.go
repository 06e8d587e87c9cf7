package public

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/publication"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/issue"
	"fund/web/page"
)

// bookEntries is how many entries a page of the ledger shows.
const bookEntries = 50

// ask is what a reader wants to see of the ledger, as the address says it.
type ask struct {
	Month   string // "2017-12", "2017" for a whole year, "2017-10_2017-12" for several months
	Fund    string // code
	Account string // codes with a space between
	Kind    string // "in" or "out"
	Words   string // words, a voucher number or an amount
	Before  int64
	Open    string // the voucher whose row is open
}

func asked(c *fiber.Ctx) ask {
	words := []rune(page.Clean(c.Query("q")))
	a := ask{
		Month: c.Query("month"), Fund: c.Query("fund"), Account: c.Query("account"), Kind: c.Query("kind"),
		Words: string(words[:min(len(words), 60)]), Before: page.Before(c), Open: c.Query("open"),
	}
	if a.Kind != "in" && a.Kind != "out" {
		a.Kind = ""
	}
	return a
}

// Query is the address's query without the page it stands on.
func (a ask) Query() string {
	return query("month", a.Month, "fund", a.Fund, "account", a.Account, "kind", a.Kind, "q", a.Words)
}

// WithoutAccount is the query for every account.
func (a ask) WithoutAccount() string {
	a.Account = ""
	return a.Query()
}

// Way is the query for what came in, or what went out.
func (a ask) Way(kind string) string {
	a.Kind = kind
	return a.Query()
}

// Earlier is the query of the page after an entry.
func (a ask) Earlier(last ledger.JournalEntry) string {
	return query("month", a.Month, "fund", a.Fund, "account", a.Account, "kind", a.Kind, "q", a.Words, "before", fmt.Sprint(last.Seq))
}

// search is the query that looks for the words in the same part of the book.
func (a ask) search() string {
	first, last := "", ""
	if from, to, ok := a.span(); ok {
		first, last = from.Format(time.DateOnly), to.Format(time.DateOnly)
	}
	return query("q", a.Words, "from", first, "to", last, "fund", a.Fund, "kind", a.Kind, "account", a.Account)
}

// Opening is the query that opens an entry's row on this page, or shuts it.
func (a ask) Opening(e ledger.JournalEntry) string {
	open, before := e.Voucher(), ""
	if a.Open == open {
		open = ""
	}
	if a.Before != 0 {
		before = fmt.Sprint(a.Before)
	}
	return query("month", a.Month, "fund", a.Fund, "account", a.Account, "kind", a.Kind, "q", a.Words, "before", before, "open", open)
}

// span is the months that are asked for; ok is false for all of time.
func (a ask) span() (from, to time.Time, ok bool) {
	if year, err := strconv.Atoi(a.Month); err == nil && year > 0 && year <= 9999 {
		return ledger.Day(year, time.January, 1), ledger.Day(year, time.December, 31), true
	}
	if first, last, several := strings.Cut(a.Month, "_"); several {
		from, ok1 := monthIn(first)
		to, ok2 := monthIn(last)
		if ok1 && ok2 && !to.Before(from) {
			return from, to.AddDate(0, 1, -1), true
		}
	}
	if month, ok := monthIn(a.Month); ok {
		return month, month.AddDate(0, 1, -1), true
	}
	return ledger.Day(1, time.January, 1), ledger.Day(9999, time.December, 31), false
}

// narrowed is an ask with the fund and accounts it names.
type narrowed struct {
	ledger.JournalFilter
	Fund     *ledger.Fund
	Accounts []ledger.Account
}

// narrow looks up what an ask names. ErrNotFound for a fund or account that is not there.
func (b books) narrow(a ask) (n narrowed, err error) {
	if from, to, ok := a.span(); ok && from.Year() == to.Year() && from.Month() == to.Month() {
		n.Month = from
	} else if ok && strings.Contains(a.Month, "_") {
		n.From, n.To = from, to
	} else if ok {
		n.Year = from.Year()
	}
	n.Direction, n.Before, n.Words = a.Kind, a.Before, a.Words
	if amount, err := money.Parse(strings.NewReplacer("¥", "", ",", "", "，", "").Replace(a.Words)); err == nil && !amount.IsZero() {
		n.Words, n.Amount = "", amount
	}
	if a.Fund != "" {
		fund, err := ledger.FindFund(b, b.q, b.ID, a.Fund)
		if err != nil {
			return n, err
		}
		n.Fund, n.JournalFilter.Fund = &fund, fund.ID
	}
	if a.Account == "" {
		return n, nil
	}
	chart, err := ledger.ListAccounts(b, b.q, b.ID)
	for _, code := range strings.Fields(a.Account) {
		account, ok := chart.Code(code)
		if !ok && err == nil {
			err = page.ErrNotFound
		}
		n.Accounts = append(n.Accounts, account)
		n.JournalFilter.Accounts = append(n.JournalFilter.Accounts, account.ID)
	}
	return n, err
}

// ledgerView is a page of the public ledger.
type ledgerView struct {
	ask
	Narrowed narrowed
	Months   []page.Option
	Funds    []page.Option
	Kinds    []page.Option
	Sum      bookSum
	Rows     []bookRow
	More     bool // there are earlier entries
	Opened   *voucherView
}

// Last is the last entry shown.
func (v ledgerView) Last() ledger.JournalEntry { return v.Rows[len(v.Rows)-1].JournalEntry }

// ShowYear tells whether the dates need their year.
func (v ledgerView) ShowYear() bool { return v.Narrowed.Month.IsZero() && v.Narrowed.Year == 0 }

// bookRow is an entry in a list, with what it changed there.
type bookRow struct {
	ledger.JournalEntry
	Net   money.Amount // of the community's net assets, or of one fund's
	Moved money.Amount // in the accounts asked for
}

// rowsOf lists entries by what they changed in the whole book.
func rowsOf(entries []ledger.JournalEntry) []bookRow {
	rows := make([]bookRow, len(entries))
	for i, e := range entries {
		rows[i] = bookRow{JournalEntry: e, Net: e.Income.Sub(e.Expense)}
	}
	return rows
}

// rowsOfFund lists entries by what they changed in one fund: transfers between funds too.
func (b books) rowsOfFund(f ledger.JournalFilter, limit int) ([]bookRow, error) {
	entries, err := ledger.Journal(b, b.q, b.ID, f, limit)
	if err != nil {
		return nil, err
	}
	chart, err := ledger.ListAccounts(b, b.q, b.ID)
	if err != nil {
		return nil, err
	}
	var wealth []int
	for _, a := range chart {
		if a.Type != ledger.Asset && a.Type != ledger.Liability {
			wealth = append(wealth, a.ID)
		}
	}
	moves, err := ledger.Moves(b, b.q, b.ID, entries, wealth, f.Fund)
	rows := rowsOf(entries)
	for i := range rows {
		rows[i].Net = moves[rows[i].Seq].Neg()
	}
	return rows, err
}

// Ledger is the public ledger, the newest entry first.
func (p *Pages) Ledger(c *fiber.Ctx) error {
	a := asked(c)
	if a.Words != "" {
		return c.Redirect(page.Of(c).URL("/search")+a.search(), fiber.StatusSeeOther)
	}
	return p.kept(c, "public/ledger", func(b books) (any, error) {
		n, err := b.narrow(a)
		if err != nil {
			return nil, err
		}
		v := ledgerView{ask: a, Narrowed: n}
		if err := b.choices(&v); err != nil {
			return nil, err
		}
		if err := b.rows(&v); err != nil {
			return nil, err
		}
		if year, number, ok := ledger.ParseSerial(a.Open); ok {
			opened, err := b.voucher(year, number, p.Key)
			v.Opened = &opened
			return v, err
		}
		return v, nil
	})
}

// rows reads one entry more than are shown, to know whether there are earlier ones.
func (b books) rows(v *ledgerView) error {
	entries, err := ledger.Journal(b, b.q, b.ID, v.Narrowed.JournalFilter, bookEntries+1)
	if err != nil {
		return err
	}
	if v.More = len(entries) > bookEntries; v.More {
		entries = entries[:bookEntries]
	}
	moves := map[int64]money.Amount{}
	if len(v.Narrowed.Accounts) > 0 {
		moves, err = ledger.Moves(b, b.q, b.ID, entries, v.Narrowed.JournalFilter.Accounts, v.Narrowed.JournalFilter.Fund)
	}
	v.Rows = rowsOf(entries)
	for i, e := range entries {
		v.Rows[i].Moved = moves[e.Seq]
	}
	return err
}

// bookSum is what can be said of all entries asked for without adding them up: by the rollups.
type bookSum struct {
	Counted, Summed, Stood  bool
	Count                   int
	In, Out                 money.Amount
	Opening, Moved, Closing money.Amount // of the accounts asked for
}

// choices fills in the filters, and the sums over what they let through.
func (b books) choices(v *ledgerView) error {
	periods, err := ledger.ListPeriods(b, b.q, b.ID)
	if err != nil {
		return err
	}
	funds, err := ledger.ListFunds(b, b.q, b.ID)
	if err != nil {
		return err
	}
	v.Months, v.Funds = []page.Option{{Label: b.r.T("book.all_months")}}, []page.Option{{Label: b.r.T("book.all_funds")}}
	from, to, within := v.span()
	if within && strings.Contains(v.Month, "_") {
		v.Months = append(v.Months, page.Option{Value: v.Month, Label: issue.PeriodWords(b.r.Lang, publication.Of(publication.Fund, from, to))})
	}
	for i, period := range periods {
		if i == 0 || periods[i-1].Month.Year() != period.Month.Year() {
			v.Months = append(v.Months, page.Option{Value: fmt.Sprint(period.Month.Year()), Label: b.r.T("book.whole_year", "year", period.Month.Year())})
		}
		v.Months = append(v.Months, page.Option{Value: period.Month.Format("2006-01"), Label: b.r.Lang.Month(period.Month)})
		if !period.Month.Before(from) && !period.Month.After(to) {
			v.Sum.Count += period.Entries
			v.Sum.In, v.Sum.Out = v.Sum.In.Add(period.Income), v.Sum.Out.Add(period.Expense)
		}
	}
	for _, fund := range funds {
		v.Funds = append(v.Funds, page.Option{Value: fund.Code, Label: fund.Name(string(b.r.Lang))})
	}
	v.Kinds = []page.Option{{Label: b.r.T("book.both")}, {Value: "in", Label: b.r.T("book.in")}, {Value: "out", Label: b.r.T("book.out")}}
	return b.sum(v, from, to)
}

func (b books) sum(v *ledgerView, from, to time.Time) error {
	n := v.Narrowed
	switch {
	case len(n.Accounts) > 0:
		balances, err := ledger.Balances(b, b.q, b.ID, from, to)
		for _, row := range balances {
			for _, account := range n.Accounts {
				if row.AccountID == account.ID && (n.Fund == nil || n.Fund.ID == row.FundID) {
					v.Sum.Opening, v.Sum.Moved = v.Sum.Opening.Add(row.Opening), v.Sum.Moved.Add(row.Turnover())
				}
			}
		}
		v.Sum.Closing, v.Sum.Stood = v.Sum.Opening.Add(v.Sum.Moved), v.Kind == ""
		return err
	case n.Fund != nil:
		funds, err := report.FundReport(b, b.q, b.Community, from, to)
		v.Sum = bookSum{Summed: true}
		for _, line := range funds.Lines {
			if line.FundID == n.Fund.ID {
				v.Sum.In, v.Sum.Out = line.In, line.Out
			}
		}
		return err
	}
	v.Sum.Counted, v.Sum.Summed = v.Kind == "", true
	return nil
}
