package sample_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/pdf"
)

// checkAnnual recomputes the annual report from nothing but the text of the hledger export, as hledger itself reads it: whatever
// figure of money the report prints is added up again here, by other code than ours.
func checkAnnual(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community) {
	x := fromExport(t, ctx, db, c)
	doc, err := issue.Annual(ctx, db, c, year[0], year[1], i18n.Chinese, "https://fund.example.org", now)
	if err != nil {
		t.Fatal(err)
	}
	x.sums(doc)
	x.flows(doc)
	x.funds(doc)
	x.projects(doc)
	x.campaigns(doc)
	x.activity(doc)
	x.balance(doc)
	x.cash(doc)
	x.journal(doc)
	if x.compared < 6000 {
		t.Errorf("only %d figures compared", x.compared)
	}
	t.Logf("%d figures of the annual report recomputed from %d postings of the export", x.compared, len(x.lines))
}

// exported is the book as hledger reads it.
type exported struct {
	t        *testing.T
	lines    []exportLine
	held     map[string]bool   // funds by code
	fundOf   map[string]string // codes by name
	compared int
}

// exportLine is a posting of the export with its entry.
type exportLine struct {
	entry, date, voucher, kind string
	reverses                   bool
	account, name, fund        string
	amount                     money.Amount // debit positive
}

func fromExport(t *testing.T, ctx context.Context, db *sqlx.DB, c ledger.Community) *exported {
	x := &exported{t: t, held: map[string]bool{}, fundOf: map[string]string{}}
	journal, rows := inHLedger(t, ctx, db, c, "print", "-O", "csv")
	for line := range strings.Lines(journal) {
		if words, ok := strings.CutPrefix(line, "; fund "); ok {
			parts := strings.SplitN(strings.TrimSpace(words), " ", 3)
			x.held[parts[0]], x.fundOf[parts[2]] = parts[1] == "restricted", parts[0]
		}
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for _, r := range rows[1:] {
		get := func(name string) string { return r[column[name]] }
		_, account, _ := strings.Cut(get("account"), ":")
		code, name, _ := strings.Cut(account, " ")
		l := exportLine{
			entry: get("txnidx"), date: get("date"), voucher: get("code"), kind: tag(get("comment"), "kind"), reverses: tag(get("comment"), "reverses") != "",
			account: code, name: name, fund: tag(get("posting-comment"), "fund"), amount: signed(t, get("amount")),
		}
		x.lines = append(x.lines, l)
	}
	return x
}

// tag is the value of a tag in a comment: kind:manual, source:…
func tag(comment, name string) string {
	_, after, found := strings.Cut(" "+comment, " "+name+":")
	if !found {
		return ""
	}
	return strings.TrimSpace(strings.FieldsFunc(after, func(r rune) bool { return r == ',' || r == '\n' })[0])
}

func signed(t *testing.T, text string) money.Amount {
	if plain, negative := strings.CutPrefix(text, "-"); negative {
		return signed(t, plain).Neg()
	}
	a, err := money.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// in17 tells what happened in the year; closing a year moves nothing that counts.
func (l exportLine) in17() bool { return strings.HasPrefix(l.date, "2017-") && l.kind != "year_end" }

func (l exportLine) is(prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(l.account, p) {
			return true
		}
	}
	return false
}

// credit adds up what the lines that pass credited, less what they debited.
func (x *exported) credit(pass func(exportLine) bool) (sum money.Amount) {
	for _, l := range x.lines {
		if pass(l) {
			sum = sum.Sub(l.amount)
		}
	}
	return sum
}

// year is the credits of the year to accounts that begin so, of the kind of fund: "" for both.
func (x *exported) year(nature string, prefixes ...string) money.Amount {
	return x.credit(func(l exportLine) bool { return l.in17() && l.is(prefixes...) && x.of(l, nature) })
}

func (x *exported) of(l exportLine, nature string) bool {
	return nature == "" || (nature == "held") == x.held[l.fund]
}

// stand is the debits to accounts that begin so, up to a day.
func (x *exported) stand(until, nature string, prefixes ...string) money.Amount {
	return x.credit(func(l exportLine) bool { return l.date <= until && l.is(prefixes...) && x.of(l, nature) }).Neg()
}

const (
	lastDay16, lastDay17 = "2016-12-31", "2017-12-31"
	incomes, expenses    = "4", "5"
)

func (x *exported) same(what string, got, want money.Amount) {
	x.t.Helper()
	x.compared++
	if !got.Equal(want) {
		x.t.Errorf("%s: the report says %s, the export %s", what, got, want)
	}
}

func (x *exported) sums(doc pdf.AnnualDoc) {
	net := func(day, nature string) money.Amount { return x.stand(day, nature, "1", "2") }
	x.same("opening", doc.Opening, net(lastDay16, ""))
	x.same("closing", doc.Closing, net(lastDay17, ""))
	x.same("closing, restricted", doc.ClosingHeld, net(lastDay17, "held"))
	x.same("closing, unrestricted", doc.ClosingFree, net(lastDay17, "free"))
	x.same("income", doc.Income, x.year("", incomes))
	x.same("expense", doc.Expense, x.year("", expenses).Neg())
	x.same("grants", doc.Grants, x.year("", "4401"))
	x.same("apart", doc.Apart, x.stand(lastDay17, "", "2601").Neg())
	for _, p := range doc.Places {
		x.same("place "+p.Name, p.Amount, x.credit(func(l exportLine) bool { return l.date <= lastDay17 && l.is("10") && l.name == p.Name }).Neg())
	}
	var spent money.Amount
	for _, p := range doc.Paid {
		spent = spent.Add(p.Sum())
	}
	projects := money.Zero
	for _, p := range doc.Projects {
		projects = projects.Add(p.Spent)
	}
	x.same("whose money the projects spent", spent, projects)
}

// flows are where it came from and what it went for, and the months.
func (x *exported) flows(doc pdf.AnnualDoc) {
	for _, s := range doc.Sources {
		of := func(nature string) money.Amount {
			return x.credit(func(l exportLine) bool { return l.in17() && l.is(incomes) && l.name == s.Name && x.of(l, nature) })
		}
		x.same("source "+s.Name, s.Free, of("free"))
		x.same("source "+s.Name+", restricted", s.Held, of("held"))
	}
	themeOf := map[string]string{}
	for _, p := range doc.Projects {
		themeOf[strings.TrimPrefix(p.Ref, "/projects/")] = p.Theme
	}
	for _, u := range doc.Uses {
		of := func(nature string) money.Amount {
			return x.credit(func(l exportLine) bool {
				theme, programme := themeOf[l.fund], l.is(expenses) && !l.is("5301", "5401")
				own := programme && theme == u.Name || l.is(expenses) && l.name == u.Name && (theme == "" || !programme)
				return l.in17() && own && x.of(l, nature)
			}).Neg()
		}
		x.same("use "+u.Name, u.Free, of("free"))
		x.same("use "+u.Name+", restricted", u.Held, of("held"))
	}
	for i, m := range doc.Months {
		month := ledger.Day(2017, m.Month, 1).Format("2006-01")
		of := func(root string) money.Amount {
			return x.credit(func(l exportLine) bool { return l.in17() && strings.HasPrefix(l.date, month) && l.is(root) })
		}
		x.same("income of "+month, m.In, of(incomes))
		x.same("spending of "+month, m.Out, of(expenses).Neg())
		if i == 0 && m.Month != 1 {
			x.t.Errorf("the first month is %s", m.Month)
		}
	}
}

func (x *exported) ofFund(code string, prefixes ...string) money.Amount {
	return x.credit(func(l exportLine) bool { return l.in17() && l.fund == code && l.is(prefixes...) })
}

func (x *exported) funds(doc pdf.AnnualDoc) {
	for _, f := range doc.Funds {
		code, known := x.fundOf[f.Name]
		if !known || x.held[code] != f.Held {
			x.t.Errorf("the export does not know fund %s so", f.Name)
			continue
		}
		net := func(day string) money.Amount {
			return x.credit(func(l exportLine) bool { return l.date <= day && l.fund == code && l.is("1", "2") }).Neg()
		}
		x.same(f.Name+" opening", f.Opening, net(lastDay16))
		x.same(f.Name+" in", f.In, x.ofFund(code, incomes))
		x.same(f.Name+" out", f.Out, x.ofFund(code, expenses).Neg())
		x.same(f.Name+" moved", f.Moved, x.ofFund(code, "3"))
		x.same(f.Name+" closing", f.Closing, net(lastDay17))
	}
	for _, v := range doc.Ventures {
		code := x.fundOf[v.Name]
		x.same(v.Name+" income", v.Income, x.ofFund(code, incomes))
		x.same(v.Name+" costs", v.Expense, x.ofFund(code, expenses).Neg())
		x.same(v.Name+" passed on", v.PassedOn, x.ofFund(code, "3").Neg())
	}
}

func (x *exported) projects(doc pdf.AnnualDoc) {
	for _, p := range doc.Projects {
		code := strings.TrimPrefix(p.Ref, "/projects/")
		x.same("project "+p.Title, p.Spent, x.ofFund(code, expenses).Neg())
	}
}

func (x *exported) campaigns(doc pdf.AnnualDoc) {
	for _, c := range doc.Campaigns {
		if code, own := x.fundOf[c.Title]; own {
			x.same("campaign "+c.Title+" spent", c.Spent, x.ofFund(code, expenses).Neg())
			x.same("campaign "+c.Title+" raised", c.Raised, x.credit(func(l exportLine) bool { return l.date <= lastDay17 && l.fund == code && l.is("41", "2601") }))
		}
	}
}
