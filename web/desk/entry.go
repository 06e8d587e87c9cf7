package desk

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
)

// A form for an entry starts with so many lines and grows to so many.
const (
	linesAtFirst = 4
	linesMore    = 4
	linesMax     = 60
)

// books are the accounts and funds that a form or a list names.
type books struct {
	Chart ledger.Accounts
	Funds []ledger.Fund
}

func (p *Pages) readBooks(c *fiber.Ctx) (b books, err error) {
	id := page.Of(c).Community.ID
	if b.Chart, err = ledger.ListAccounts(c.UserContext(), p.DB, id); err != nil {
		return b, err
	}
	b.Funds, err = ledger.ListFunds(c.UserContext(), p.DB, id)
	return b, err
}

// account finds what somebody typed: a code, a code with its name behind it, or a name.
func (b books) account(typed string) (ledger.Account, bool) {
	code, _, _ := strings.Cut(strings.TrimSpace(typed), " ")
	if a, ok := b.Chart.Code(code); ok {
		return a, true
	}
	for _, a := range b.Chart {
		if typed != "" && (a.NameZH == typed || strings.EqualFold(a.NameEN, typed)) {
			return a, true
		}
	}
	return ledger.Account{}, false
}

func (b books) fund(code string) (ledger.Fund, bool) {
	for _, f := range b.Funds {
		if f.Code == code {
			return f, true
		}
	}
	return ledger.Fund{}, false
}

func (b books) fundOptions(r *page.Reader, closedToo bool) (options []page.Option) {
	for _, f := range b.Funds {
		if closedToo || f.ClosedAt == nil {
			options = append(options, page.Option{Value: f.Code, Label: f.Name(string(r.Lang))})
		}
	}
	return options
}

// newEntryView is the form for an entry written by hand.
type newEntryView struct {
	Form     *page.Form
	Accounts []page.Option // to choose from while typing
	Funds    []page.Option
	Lines    []lineFields
	Debit    money.Amount // what stands in the form
	Credit   money.Amount
	Full     bool // no more lines fit
}

// lineFields are the fields of one line, from 1.
type lineFields struct {
	N                            int
	Account, Fund, Debit, Credit page.Field
	Wrong                        string
}

func newNewEntryView(c *fiber.Ctx, f *page.Form, b books, lines int) newEntryView {
	r := page.Of(c)
	v := newEntryView{Form: labelled(f, "journal.field", "date", "memo", "detail"), Funds: b.fundOptions(r, false), Full: lines >= linesMax}
	for _, a := range b.Chart {
		if a.ClosedAt == nil {
			v.Accounts = append(v.Accounts, page.Option{Value: a.Code + " " + a.Name(string(r.Lang))})
		}
	}
	for n := 1; n <= lines; n++ {
		l := lineFields{N: n}
		for _, field := range []struct {
			name string
			into *page.Field
		}{{"account", &l.Account}, {"fund", &l.Fund}, {"debit", &l.Debit}, {"credit", &l.Credit}} {
			*field.into = lineField(f, field.name, n)
			if field.into.Wrong != "" && l.Wrong == "" {
				l.Wrong = field.into.Wrong
			}
		}
		debit, _ := money.Parse(l.Debit.Value)
		credit, _ := money.Parse(l.Credit.Value)
		v.Debit, v.Credit = v.Debit.Add(debit), v.Credit.Add(credit)
		v.Lines = append(v.Lines, l)
	}
	return v
}

func lineField(f *page.Form, name string, n int) page.Field {
	field := fmt.Sprintf("%s-%d", name, n)
	return f.Label(field, "journal.field."+name).Field(field)
}

// linesOf is how many lines a form has.
func linesOf(f *page.Form) int {
	n, _ := strconv.Atoi(f.Typed("lines"))
	return min(max(n, linesAtFirst), linesMax)
}

// NewEntry is the form for an entry written by hand.
func (p *Pages) NewEntry(c *fiber.Ctx) error {
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/entry_new", newNewEntryView(c, page.BlankForm(c).Set("date", p.today(c)), b, linesAtFirst))
}

// PostEntry posts an entry written by hand. A second press of the same button finds the entry of the first.
func (p *Pages) PostEntry(c *fiber.Ctx) error {
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	lines := linesOf(f)
	if f.Bool("more") {
		return page.Render(c, "desk/entry_new", newNewEntryView(c, f, b, min(lines+linesMore, linesMax)))
	}
	entry := readEntry(c, f, b, lines)
	if f.AnyWrong() {
		return page.Again(c, "desk/entry_new", newNewEntryView(c, f, b, lines))
	}
	posted, err := p.postOnce(c, entry)
	if refused(c, f, err, b) {
		return page.Again(c, "desk/entry_new", newNewEntryView(c, f, b, lines))
	}
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, "/desk/journal/"+posted.Voucher(), "journal.posted", "number", posted.Voucher())
}

// postOnce posts an entry, or finds it where the same form posted it before.
func (p *Pages) postOnce(c *fiber.Ctx, entry ledger.Entry) (posted ledger.Posted, err error) {
	id, detail := page.Of(c).Community.ID, map[string]any{}
	err = p.act(c, "entry.post", entry.Source, detail, func(tx *sqlx.Tx, who string) error {
		entry.PostedBy = who
		all, err := ledger.Post(c.UserContext(), tx, id, entry)
		if err == nil {
			posted = all[0]
			detail["voucher"] = posted.Voucher()
		}
		return err
	})
	if errors.Is(err, ledger.ErrDuplicateSource) {
		before, err := ledger.EntryOf(c.UserContext(), p.DB, id, entry.Source)
		return before.Posted, err
	}
	return posted, err
}

// readEntry reads the form, and marks in it what has to be mended.
func readEntry(c *fiber.Ctx, f *page.Form, b books, lines int) ledger.Entry {
	labelled(f, "journal.field", "date", "memo", "detail")
	e := ledger.Entry{
		Date: f.Date("date"), Memo: line(f.Text("memo", 200)), Detail: line(f.Text("detail", 200, page.Optional)), Kind: "manual",
	}
	once := []string{"date", "memo", "detail"}
	rest, at, named := map[int]money.Amount{}, map[int]string{}, map[int]ledger.Fund{}
	for n := 1; n <= lines; n++ {
		for _, field := range []string{"account", "fund", "debit", "credit"} {
			f.Label(fmt.Sprintf("%s-%d", field, n), "journal.field."+field)
			once = append(once, fmt.Sprintf("%s-%d", field, n))
		}
		posting, fund, ok := readLine(f, b, n)
		if !ok {
			continue
		}
		e.Postings = append(e.Postings, posting)
		rest[fund.ID], at[fund.ID], named[fund.ID] = rest[fund.ID].Add(posting.Amount), sideOf(posting, n), fund
	}
	e.Source = "manual:" + f.Once("", once...).String()
	switch {
	case f.AnyWrong():
		return e
	case len(e.Postings) < 2:
		f.Wrong("account-1", "journal.wrong.two_lines")
	}
	for id, off := range rest {
		key := "journal.wrong.debit_more"
		if off.Sign() < 0 {
			key = "journal.wrong.credit_more"
		}
		if !off.IsZero() {
			f.Wrong(at[id], key, "fund", named[id].Name(string(page.Of(c).Lang)), "amount", off.Abs().Yuan())
		}
	}
	return e
}

// sideOf is the field in which a posting's amount was typed.
func sideOf(posting ledger.Posting, n int) string {
	if posting.Amount.Sign() < 0 {
		return fmt.Sprintf("credit-%d", n)
	}
	return fmt.Sprintf("debit-%d", n)
}

// readLine reads one line; ok is false for one left blank or to be mended.
func readLine(f *page.Form, b books, n int) (posting ledger.Posting, fund ledger.Fund, ok bool) {
	account, debit, credit := fmt.Sprintf("account-%d", n), fmt.Sprintf("debit-%d", n), fmt.Sprintf("credit-%d", n)
	if f.Typed(account) == "" && f.Typed(debit) == "" && f.Typed(credit) == "" {
		return posting, fund, false
	}
	found, known := b.account(f.Typed(account))
	switch {
	case f.Typed(account) == "":
		f.Wrong(account, "journal.wrong.no_account", "line", n)
	case !known:
		f.Wrong(account, "journal.wrong.account", "line", n, "typed", f.Typed(account))
	}
	fund, known = b.fund(f.Typed(fmt.Sprintf("fund-%d", n)))
	if !known {
		f.Wrong(fmt.Sprintf("fund-%d", n), "journal.wrong.fund", "line", n)
	}
	switch left, right := f.Typed(debit), f.Typed(credit); {
	case left != "" && right != "":
		f.Wrong(credit, "journal.wrong.both_sides", "line", n)
	case left == "" && right == "":
		f.Wrong(debit, "journal.wrong.no_amount", "line", n)
	case left != "":
		posting = ledger.Debit(found.ID, fund.ID, f.Amount(debit))
	default:
		posting = ledger.Credit(found.ID, fund.ID, f.Amount(credit))
	}
	return posting, fund, !posting.Amount.IsZero()
}

// line puts a text on one line, as the books keep it.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// refused says in the form why the books refused; false for any other error, and for none.
func refused(c *fiber.Ctx, f *page.Form, err error, b books) bool {
	if err == nil {
		return false
	}
	if detail, ok := isRefusal(err, ledger.ErrPeriodClosed); ok {
		month, _ := time.Parse("2006-01", detail)
		f.Wrong("date", "journal.wrong.closed_month", "month", page.Of(c).Lang.Month(month))
		return true
	}
	if detail, ok := isRefusal(err, ledger.ErrFundOverspent); ok {
		code, had, _ := strings.Cut(detail, " ")
		amount, _ := money.ParseSigned(had)
		f.Wrong(lineWith(f, b, "fund", code), "journal.wrong.overspent", "fund", fundName(c, b, code), "amount", amount.Yuan())
		return true
	}
	if code, ok := isRefusal(err, ledger.ErrFundClosed); ok {
		f.Wrong(lineWith(f, b, "fund", code), "journal.wrong.fund_closed", "fund", fundName(c, b, code))
		return true
	}
	if code, ok := isRefusal(err, ledger.ErrAccountClosed); ok {
		f.Wrong(lineWith(f, b, "account", code), "journal.wrong.account_closed", "account", accountName(c, b, code))
		return true
	}
	return false
}

// lineWith is the field in which a code was typed; the date where the form has no such line.
func lineWith(f *page.Form, b books, name, code string) string {
	for n := 1; n <= linesOf(f); n++ {
		field := fmt.Sprintf("%s-%d", name, n)
		typed := f.Typed(field)
		if a, ok := b.account(typed); name == "account" && ok && a.Code == code || name == "fund" && typed == code {
			return field
		}
	}
	return "date"
}

func fundName(c *fiber.Ctx, b books, code string) string {
	if f, ok := b.fund(code); ok {
		return f.Name(string(page.Of(c).Lang))
	}
	return code
}

func accountName(c *fiber.Ctx, b books, code string) string {
	if a, ok := b.Chart.Code(code); ok {
		return code + " " + a.Name(string(page.Of(c).Lang))
	}
	return code
}
