package desk

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

// rowsMax is how many rows a page of a list shows.
const rowsMax = 50

// Kinds of entry that a filter offers; the words are entry.kind.<kind>.
var entryKinds = []string{"donation", "refund", "conclusion", "manual", "reversal", "transfer", "expense", "income", "sale", "opening", "pool", "match", "match_back", "pool_rest", "in_kind"}

// undoneElsewhere are the kinds whose records know of their entries: undone in
// the journal alone, the two would tell different stories.
var undoneElsewhere = []string{"refund", "conclusion", "pool", "match", "match_back", "pool_rest", "in_kind"}

// journalView is a page of the journal, as the address asks for it.
type journalView struct {
	Month, Fund, Account, Direction, Kind, Words string // what is asked for

	Months, Funds, Accounts, Directions, Kinds []page.Option
	Entries                                    []ledger.JournalEntry
	Who                                        func(who string) string
	Before                                     int64
	More                                       bool // there are earlier entries
	MayPost                                    bool
}

// Query is the address of the page after the last entry, or of the first page.
func (v journalView) Query(next bool) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"month": v.Month, "fund": v.Fund, "account": v.Account, "direction": v.Direction, "kind": v.Kind, "q": v.Words,
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
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	return journalView{
		Month: c.Query("month"), Fund: c.Query("fund"), Account: c.Query("account"), Direction: c.Query("direction"),
		Kind: c.Query("kind"), Words: string(words[:min(len(words), 60)]), Before: max(before, 0),
		MayPost: can(c, auth.PostEntry),
	}
}

// filter is what a page of the journal asks the books for.
func (v journalView) filter(chart ledger.Accounts, funds []ledger.Fund) ledger.JournalFilter {
	f := ledger.JournalFilter{Direction: v.Direction, Kind: v.Kind, Words: v.Words, Before: v.Before}
	f.Month, _ = time.Parse("2006-01", v.Month)
	if year, err := strconv.Atoi(v.Month); err == nil {
		f.Year = year
	}
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
	return page.Render(c, "desk/journal", v)
}

// offer fills in what the filters offer.
func (v *journalView) offer(r *page.Reader, b books, periods []ledger.Period) {
	v.Months = []page.Option{{Label: r.T("book.all_months")}}
	for i, period := range periods {
		if year := strconv.Itoa(period.Month.Year()); i == 0 || periods[i-1].Month.Year() != period.Month.Year() {
			v.Months = append(v.Months, page.Option{Value: year, Label: r.T("book.whole_year", "year", year)})
		}
		v.Months = append(v.Months, page.Option{Value: period.Month.Format("2006-01"), Label: r.Lang.Month(period.Month)})
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

// entryView is one entry opened.
type entryView struct {
	ledger.JournalEntry
	Lines            []ledger.Line
	Debit            money.Amount
	KindName, Poster string
	Undoes, UndoneBy *ledger.JournalEntry
	Form             *page.Form // of the reversal; nil where there is nothing to reverse
	Gift             string     // the address of the donation whose page undoes it instead
	Evidence         []campaigns.Evidence
	Papers           *page.Form // that shows another; nil for who may not
}

// Entry shows one entry with its postings.
func (p *Pages) Entry(c *fiber.Ctx) error {
	v, err := p.entryView(c, page.BlankForm(c).Set("date", p.today(c)))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/entry", v)
}

// today is the day of the books now, as a field has it.
func (p *Pages) today(c *fiber.Ctx) string {
	return page.Of(c).Local(p.Now()).Format(time.DateOnly)
}

func (p *Pages) entryView(c *fiber.Ctx, form *page.Form) (v entryView, err error) {
	id, ctx := page.Of(c).Community.ID, c.UserContext()
	year, number, ok := strings.Cut(c.Params("voucher"), "-")
	y, _ := strconv.Atoi(year)
	n, _ := strconv.Atoi(number)
	if !ok || y <= 0 || n <= 0 {
		return v, page.ErrNotFound
	}
	if v.JournalEntry, err = ledger.FindEntry(ctx, p.DB, id, y, n); err != nil {
		return v, err
	}
	if v.Lines, err = ledger.Lines(ctx, p.DB, id, v.Seq); err != nil {
		return v, err
	}
	for _, l := range v.Lines {
		if l.Amount.Sign() > 0 {
			v.Debit = v.Debit.Add(l.Amount)
		}
	}
	who, err := p.posters(c)
	if err != nil {
		return v, err
	}
	v.Poster, v.KindName = who(v.PostedBy), kindName(page.Of(c), v.Kind)
	if v.Undoes, err = p.other(c, v.Reverses); err != nil {
		return v, err
	}
	if v.UndoneBy, err = p.other(c, v.ReversedBy); err != nil {
		return v, err
	}
	shown, err := campaigns.EvidenceOf(ctx, p.DB, id, v.Seq)
	if err != nil {
		return v, err
	}
	if v.Evidence = shown[v.Seq]; can(c, auth.PostEntry) {
		v.Papers = evidenceForm(page.BlankForm(c))
	}
	gift, isGift := strings.CutPrefix(v.Source, "donation:")
	switch {
	case v.Reverses != 0 || v.ReversedBy != 0 || slices.Contains(undoneElsewhere, v.Kind) || !can(c, auth.PostEntry):
	case isGift: // reversed here, it could be given back once more there
		v.Gift = "/desk/donations/" + gift
	default:
		v.Form = labelled(form, "journal.field", "why", "date")
	}
	return v, err
}

// other is the entry at the other end of a reversal; nil if there is none.
func (p *Pages) other(c *fiber.Ctx, seq int64) (*ledger.JournalEntry, error) {
	if seq == 0 {
		return nil, nil
	}
	e, err := ledger.EntryAt(c.UserContext(), p.DB, page.Of(c).Community.ID, seq)
	return &e, err
}

// Reverse undoes an entry by a 红字冲销.
func (p *Pages) Reverse(c *fiber.Ctx) error {
	f := labelled(page.ReadForm(c), "journal.field", "why", "date")
	why, day := f.Text("why", 200), f.Date("date")
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	v, err := p.entryView(c, f)
	if err != nil {
		return err
	}
	if v.Form == nil {
		return ledger.ErrReversedTwice
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/entry", v)
	}
	var posted ledger.Posted
	err = p.act(c, "entry.reverse", "entry:"+v.Voucher(), nil, func(tx *sqlx.Tx, who string) (err error) {
		posted, err = ledger.Reverse(c.UserContext(), tx, page.Of(c).Community.ID, v.Seq, day, why, who)
		return err
	})
	if refused(c, f, err, b) {
		return page.Again(c, "desk/entry", v)
	}
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, "/desk/journal/"+v.Voucher(), "journal.reversed", "number", v.Voucher(), "by", posted.Voucher())
}

// ToEntry sends whoever reloads the address of an entry's form back to the entry.
func (p *Pages) ToEntry(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/journal/"+c.Params("voucher")), fiber.StatusSeeOther)
}

// kindName names what an entry is about.
func kindName(r *page.Reader, kind string) string {
	for _, known := range entryKinds {
		if kind == known {
			return r.T("entry.kind." + kind)
		}
	}
	return r.T("entry.kind.rest")
}

// posters names who posted an entry or closed a month: the program itself is nobody.
func (p *Pages) posters(c *fiber.Ctx) (func(who string) string, error) {
	name, err := p.named(c)
	return func(who string) string {
		if who == "system" {
			return page.Of(c).T("journal.automatic")
		}
		return name(who)
	}, err
}

// isRefusal tells whether the books refused for a reason, and about what.
func isRefusal(err, reason error) (detail string, ok bool) {
	var refusal *ledger.Refusal
	if errors.Is(err, reason) && errors.As(err, &refusal) {
		return refusal.Detail, true
	}
	return "", errors.Is(err, reason)
}
