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
	var fields []string
	e.Postings, fields = readLines(c, f, b, lines)
	e.Source = "manual:" + f.Once("", append(fields, "date", "memo", "detail")...).String()
	typed := 0
	for n := 1; n <= lines; n++ {
		if !blankLine(f, n) {
			typed++
		}
	}
	if typed < 2 {
		f.Wrong("account-1", "journal.wrong.two_lines")
	}
	return e
}

// line puts a text on one line, as the books keep it.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// refused says in the form why the books refused; false for any other error, and for none.
func refused(c *fiber.Ctx, f *page.Form, err error, b books) bool {
	if err == nil {
		return false
	}
	if closedMonth(c, f, err, "date") {
		return true
	}
	if overspent(c, f, err, b, func(code string) string { return lineWith(f, b, "fund", code) }) {
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

// closedMonth says in a field that the month is closed, if that is why the books refused.
func closedMonth(c *fiber.Ctx, f *page.Form, err error, field string) bool {
	detail, ok := isRefusal(err, ledger.ErrPeriodClosed)
	if ok {
		month, _ := time.Parse("2006-01", detail)
		f.Wrong(field, "journal.wrong.closed_month", "month", page.Of(c).Lang.Month(month))
	}
	return ok
}

// overspent says in the field of a fund's code what the fund lacks, if that is why the books refused.
func overspent(c *fiber.Ctx, f *page.Form, err error, b books, field func(code string) string) bool {
	detail, ok := isRefusal(err, ledger.ErrFundOverspent)
	if ok {
		code, had, _ := strings.Cut(detail, " ")
		amount, _ := money.ParseSigned(had)
		f.Wrong(field(code), "journal.wrong.overspent", "fund", fundName(c, b, code), "amount", amount.Yuan())
	}
	return ok
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
