package desk

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
)

// postingsView are lines of account, fund, debit and credit, as web/static/journal.js knows them.
type postingsView struct {
	Form          *page.Form
	Accounts      []accountOption
	Funds         []page.Option
	Lines         []lineFields
	Debit, Credit money.Amount
	Max           int
	Draft         string // what the browser keeps of it
	Fresh         bool   // nobody has sent it yet
	Open          bool   // a template leaves amounts open
}

func newPostingsView(c *fiber.Ctx, f *page.Form, b books, lines, linesMax int) postingsView {
	v := postingsView{Form: f, Accounts: b.accountOptions(page.Of(c)), Funds: b.fundOptions(page.Of(c), false), Max: linesMax, Fresh: c.Method() == fiber.MethodGet}
	for n := 1; n <= lines; n++ {
		l := lineFields{N: n, Account: lineField(f, "account", n), Fund: lineField(f, "fund", n), Debit: lineField(f, "debit", n), Credit: lineField(f, "credit", n), Side: f.Typed(fmt.Sprintf("side-%d", n))}
		l.First = l.Side != "" && !v.Open
		v.Open = v.Open || l.Side != ""
		debit, _ := money.Parse(l.Debit.Value)
		credit, _ := money.Parse(l.Credit.Value)
		v.Debit, v.Credit = v.Debit.Add(debit), v.Credit.Add(credit)
		v.Lines = append(v.Lines, l)
	}
	return v
}

// lineFields are the fields of one line, from 1.
type lineFields struct {
	N                            int
	Account, Fund, Debit, Credit page.Field
	Side                         string // debit, credit: where a template leaves the amount open
	First                        bool   // of those: the cursor starts there
}

// Wrong tells whether something in the line is to be mended.
func (l lineFields) Wrong() bool {
	return l.Account.Wrong+l.Fund.Wrong+l.Debit.Wrong+l.Credit.Wrong != ""
}

func lineField(f *page.Form, name string, n int) page.Field {
	field := fmt.Sprintf("%s-%d", name, n)
	return f.Label(field, "journal.field."+name).Field(field)
}

// linesWithin is how many lines a form has.
func linesWithin(f *page.Form, least, most int) int {
	return min(max(f.Number("lines"), least), most)
}

// readLines reads the lines of a form and what each fund's debits are more than its credits, and marks in it what has to be mended.
func readLines(c *fiber.Ctx, f *page.Form, b books, lines int) (postings []ledger.Posting, fields []string) {
	rest, at := map[int]money.Amount{}, map[int]string{}
	for n := 1; n <= lines; n++ {
		for _, field := range []string{"account", "fund", "debit", "credit"} {
			f.Label(fmt.Sprintf("%s-%d", field, n), "journal.field."+field)
			fields = append(fields, fmt.Sprintf("%s-%d", field, n))
		}
		posting, fund, ok := readLine(f, b, n)
		if !ok {
			continue
		}
		postings = append(postings, posting)
		rest[fund.ID], at[fund.ID] = rest[fund.ID].Add(posting.Amount), sideOf(posting, n)
	}
	if f.AnyWrong() {
		return postings, fields
	}
	for _, fund := range b.Funds {
		key, off := "journal.wrong.debit_more", rest[fund.ID]
		if off.Sign() < 0 {
			key = "journal.wrong.credit_more"
		}
		if !off.IsZero() {
			f.Wrong(at[fund.ID], key, "fund", fund.Name(string(page.Of(c).Lang)), "amount", off.Abs().Yuan())
		}
	}
	return postings, fields
}

// sideOf is the field in which a posting's amount was typed.
func sideOf(posting ledger.Posting, n int) string {
	if posting.Amount.Sign() < 0 {
		return fmt.Sprintf("credit-%d", n)
	}
	return fmt.Sprintf("debit-%d", n)
}

// blankLine tells whether nothing stands in a line but its fund.
func blankLine(f *page.Form, n int) bool {
	return f.Typed(fmt.Sprintf("account-%d", n))+f.Typed(fmt.Sprintf("debit-%d", n))+f.Typed(fmt.Sprintf("credit-%d", n)) == ""
}

// readLine reads one line; ok is false for one left blank or to be mended.
func readLine(f *page.Form, b books, n int) (posting ledger.Posting, fund ledger.Fund, ok bool) {
	account, debit, credit := fmt.Sprintf("account-%d", n), fmt.Sprintf("debit-%d", n), fmt.Sprintf("credit-%d", n)
	if blankLine(f, n) {
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
