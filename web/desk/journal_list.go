package desk

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

// rowsMax is how many rows a page of a list shows.
const rowsMax = 50

// Kinds of entry that a filter offers; the words are entry.kind.<kind>.
var entryKinds = []string{"donation", "refund", "conclusion", "manual", "reversal", "transfer", "expense", "income", "sale", "opening", "pool", "match", "match_back", "pool_rest", "in_kind", "payment", "import", "fund_loan", "fund_repayment", "asset", "prepaid", "depreciation", "amortisation", "disposal", "recurring", "service_payment", "service_subsidy", "small_grant"}

// journalView is a page of the journal, as the address asks for it.
type journalView struct {
	Month, Fund, Account, Direction, Kind, Words string // what is asked for
	Poster, From, To                             string // and seldom

	Months, Funds, Accounts, Directions, Kinds, Posters []page.Option
	Entries                                             []ledger.JournalEntry
	Who                                                 func(who string) string
	Before                                              int64
	More                                                bool // there are earlier entries
	MayPost                                             bool
	Books                                               []page.Option // the month's vouchers, in files to be printed
}

// Seldom tells whether one of the filters is used that are folded away.
func (v journalView) Seldom() bool { return v.Poster+v.From+v.To != "" }

// Query is the address of the page after the last entry, or of the first page.
func (v journalView) Query(next bool) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"month": v.Month, "fund": v.Fund, "account": v.Account, "direction": v.Direction, "kind": v.Kind, "q": v.Words,
		"who": v.Poster, "from": v.From, "to": v.To,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if next && len(v.Entries) > 0 {
		q.Set("before", strconv.FormatInt(v.Entries[len(v.Entries)-1].Seq, 10))
	}
	return "?" + q.Encode()
}

func askedJournal(c *fiber.Ctx) journalView {
	words := []rune(page.Clean(c.Query("q")))
	return journalView{
		Month: c.Query("month"), Fund: c.Query("fund"), Account: c.Query("account"), Direction: c.Query("direction"),
		Kind: c.Query("kind"), Words: string(words[:min(len(words), 60)]), Before: page.Before(c),
		Poster: c.Query("who"), From: c.Query("from"), To: c.Query("to"),
		MayPost: can(c, auth.PostEntry),
	}
}

// filter is what a page of the journal asks the books for.
func (v journalView) filter(chart ledger.Accounts, funds []ledger.Fund) ledger.JournalFilter {
	f := ledger.JournalFilter{Direction: v.Direction, Kind: v.Kind, PostedBy: v.Poster, Words: v.Words, Before: v.Before}
	f.Month, _ = time.Parse("2006-01", v.Month)
	f.From, _ = time.Parse(time.DateOnly, v.From)
	f.To, _ = time.Parse(time.DateOnly, v.To)
	f.Year = page.ParseNumber(v.Month)
	if account, ok := chart.Code(v.Account); ok {
		f.Accounts = []int{account.ID}
	}
	for _, fund := range funds {
		if fund.Code == v.Fund {
			f.Fund = fund.ID
		}
	}
	plain := strings.NewReplacer("¥", "", ",", "", "，", "").Replace(v.Words)
	if amount, err := money.Parse(plain); err == nil && !amount.IsZero() {
		f.Words, f.Amount = "", amount
	}
	return f
}

// Journal lists the entries, the newest first.
func (p *Pages) Journal(c *fiber.Ctx) error {
	v, id, ctx := askedJournal(c), page.Of(c).Community.ID, c.UserContext()
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	if v.Entries, err = ledger.Journal(ctx, p.DB, id, v.filter(b.Chart, b.Funds), rowsMax+1); err != nil {
		return err
	}
	if v.More = len(v.Entries) > rowsMax; v.More {
		v.Entries = v.Entries[:rowsMax]
	}
	periods, err := ledger.ListPeriods(ctx, p.DB, id)
	if err != nil {
		return err
	}
	if v.Who, err = p.posters(c); err != nil {
		return err
	}
	v.offer(page.Of(c), b, periods)
	if err := p.offerPosters(c, &v); err != nil {
		return err
	}
	return page.Render(c, "desk/journal", v)
}

// offerPosters fills in who may have posted an entry.
func (p *Pages) offerPosters(c *fiber.Ctx, v *journalView) error {
	r := page.Of(c)
	users, err := p.Door.Gate.Users(c.UserContext(), p.Read, r.Community.ID)
	v.Posters = []page.Option{{Label: r.T("journal.anybody")}, {Value: "system", Label: v.Who("system")}}
	for _, u := range users {
		v.Posters = append(v.Posters, page.Option{Value: auth.UserSubject(u.ID), Label: u.Name})
	}
	if v.Poster != "" && !slices.Contains(page.Values(v.Posters), v.Poster) {
		v.Posters = append(v.Posters, page.Option{Value: v.Poster, Label: v.Who(v.Poster)})
	}
	return err
}

// booksOf are the files in which the vouchers of a month are printed.
func booksOf(r *page.Reader, month page.Option, entries int) (files []page.Option) {
	for from := 0; from < entries; from += vouchersMax {
		file := page.Option{Value: fmt.Sprintf("?month=%s&part=%d", month.Value, from/vouchersMax+1), Label: r.T("voucher.print_month", "month", month.Label)}
		if entries > vouchersMax {
			file.Label = r.T("voucher.print_part", "month", month.Label, "from", from+1, "to", min(from+vouchersMax, entries))
		}
		files = append(files, file)
	}
	return files
}

// JournalCSV hands over the entries of the list as a table for any program.
func (p *Pages) JournalCSV(c *fiber.Ctx) error {
	return p.takeJournal(c, "journal.csv", "text/csv; charset=utf-8", export.CSV)
}

// JournalXLSX hands over the entries of the list as a workbook.
func (p *Pages) JournalXLSX(c *fiber.Ctx) error {
	return p.takeJournal(c, "journal.xlsx", xlsxType, export.Entries)
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (p *Pages) takeJournal(c *fiber.Ctx, name, kind string, write func(context.Context, io.Writer, sqlx.QueryerContext, ledger.Community, ledger.JournalFilter, string) error) error {
	ctx, cancel := patient(c)
	defer cancel()
	community, err := p.community(c)
	if err != nil {
		return err
	}
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	c.Attachment(community.Slug + "-" + name)
	c.Set(fiber.HeaderContentType, kind)
	return write(ctx, c, p.Read, community, askedJournal(c).filter(b.Chart, b.Funds), string(page.Of(c).Lang))
}

// offer fills in what the filters offer.
func (v *journalView) offer(r *page.Reader, b books, periods []ledger.Period) {
	v.Months = []page.Option{{Label: r.T("book.all_months")}}
	for i, period := range periods {
		if year := strconv.Itoa(period.Month.Year()); i == 0 || periods[i-1].Month.Year() != period.Month.Year() {
			v.Months = append(v.Months, page.Option{Value: year, Label: r.T("book.whole_year", "year", year)})
		}
		month := page.Option{Value: period.Month.Format("2006-01"), Label: r.Lang.Month(period.Month)}
		if v.Months = append(v.Months, month); month.Value == v.Month {
			v.Books = booksOf(r, month, period.Entries)
		}
	}
	v.Funds = append([]page.Option{{Label: r.T("book.all_funds")}}, b.fundOptions(r, true)...)
	v.Accounts = []page.Option{{Label: r.T("journal.all_accounts")}}
	for _, a := range b.Chart {
		v.Accounts = append(v.Accounts, page.Option{Value: a.Code, Label: a.Code + " " + a.Name(string(r.Lang))})
	}
	v.Directions = []page.Option{{Label: r.T("book.both")}, {Value: "in", Label: r.T("book.in")}, {Value: "out", Label: r.T("book.out")}}
	v.Kinds = []page.Option{{Label: r.T("journal.all_kinds")}}
	for _, kind := range entryKinds {
		v.Kinds = append(v.Kinds, page.Option{Value: kind, Label: r.T("entry.kind." + kind)})
	}
}
