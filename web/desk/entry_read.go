package desk

import (
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
)

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
	for _, field := range []string{debit, credit} {
		if _, err := money.Parse(f.Typed(field)); f.Typed(field) != "" && err != nil {
			f.Wrong(field, "journal.wrong.amount", "line", n, "typed", f.Typed(field))
		}
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
