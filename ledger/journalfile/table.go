package journalfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
	"fund/ledger/statement"
)

// names of the columns of a balance list and of a budget, beside those of a journal.
var tableNames = struct{ debit, credit, balance, amount []string }{
	debit:   []string{"期末借方", "借方余额", "期末借方余额", "期初借方", "借方金额", "借方", "借", "debitbalance", "debit", "dr"},
	credit:  []string{"期末贷方", "贷方余额", "期末贷方余额", "期初贷方", "贷方金额", "贷方", "贷", "creditbalance", "credit", "cr"},
	balance: []string{"期末余额", "余额", "期初余额", "年末余额", "balance", "closingbalance", "openingbalance"},
	amount:  []string{"全年预算", "年度预算", "预算金额", "预算数", "全年", "预算", "合计", "金额", "budget", "amount", "year", "annual", "total"},
}

// ReadOpening reads a list of balances (科目余额表): account, fund, and the two
// sides, or one balance on the side where the account is at home. Rows of 0.00
// and rows that sum up are left out. What it cannot read are problems.
func ReadOpening(name string, data []byte, chart ledger.Accounts, funds []ledger.Fund) ([]ledger.Posting, []*Problem) {
	has := func(header []string, names []string) bool {
		return slices.ContainsFunc(header, func(h string) bool { return slices.Contains(names, h) })
	}
	t, problems := openTable(name, data, chart, func(header []string) bool {
		sides := has(header, tableNames.debit) && has(header, tableNames.credit)
		return (has(header, names.account) || has(header, names.accountName)) && (sides || has(header, tableNames.balance))
	}, Problem{Row: 1, Text: statement.Text{
		ZH: "找不到表头。第一行要有这些列：科目、资金用途、借方余额、贷方余额（或者只有一列余额）",
		EN: "there is no header. The first row needs the columns account, fund, debit and credit, or one column balance",
	}})
	if t == nil {
		return nil, problems
	}
	debit, credit, balance := t.Column(tableNames.debit...), t.Column(tableNames.credit...), t.Column(tableNames.balance...)
	fundCol := t.Column(names.fund...)
	var postings []ledger.Posting
	for _, row := range t.Rows {
		a, ok := t.account(row)
		if !ok {
			continue
		}
		p := ledger.Posting{Account: a.ID, Fund: t.fund(row, fundCol, funds)}
		if debit >= 0 && credit >= 0 {
			p.Amount = t.amount(row, debit).Sub(t.amount(row, credit))
		} else {
			p.Amount = a.Type.AtHome(t.amount(row, balance))
		}
		if (a.Type == ledger.Income || a.Type == ledger.Expense) && !p.Amount.IsZero() {
			t.fail(row.Fail(t.col, "期初余额里没有收入和费用：它们的结余已经在净资产里", "income and expense have no opening balance: what is left of them stands in net assets"))
		}
		if !p.Amount.IsZero() {
			postings = append(postings, p)
		}
	}
	return postings, t.done(name)
}

// ReadBudget reads a budget: account, and the amount of the year or of its
// twelve months (1月 … 12月, jan … dec). Rows of 0.00 are left out.
func ReadBudget(name string, data []byte, chart ledger.Accounts) ([]budget.Line, []*Problem) {
	t, problems := openTable(name, data, chart, func(header []string) bool {
		account := slices.ContainsFunc(header, func(h string) bool { return slices.Contains(names.account, h) || slices.Contains(names.accountName, h) })
		amount := slices.ContainsFunc(header, func(h string) bool {
			return slices.Contains(tableNames.amount, h) || slices.Contains(monthNames(0), h)
		})
		return account && amount
	}, Problem{Row: 1, Text: statement.Text{
		ZH: "找不到表头。第一行要有这些列：科目、全年预算，或者 1月 到 12月",
		EN: "there is no header. The first row needs the columns account and amount, or jan to dec",
	}})
	if t == nil {
		return nil, problems
	}
	amount := t.Column(tableNames.amount...)
	months := make([]int, 12)
	for m := range months {
		months[m] = t.Column(monthNames(m)...)
	}
	var lines []budget.Line
	for _, row := range t.Rows {
		a, ok := t.account(row)
		if !ok {
			continue
		}
		l := t.budgetLine(row, a, amount, months)
		if l.Amount.IsZero() {
			continue
		}
		if slices.ContainsFunc(lines, func(o budget.Line) bool { return o.Account == a.ID }) {
			t.fail(row.Fail(t.col, "这个科目出现了两次：合成一行", "this account stands there twice: make it one row"))
		}
		lines = append(lines, l)
	}
	return lines, t.done(name)
}

func (t *accountTable) budgetLine(row statement.GridRow, a ledger.Account, amount int, months []int) budget.Line {
	l := budget.Line{Account: a.ID}
	var sum money.Amount
	for _, col := range months {
		m := money.Zero
		if col >= 0 {
			m = t.amount(row, col)
		}
		if m.Sign() < 0 {
			t.fail(row.Fail(col, "预算写正数", "write the plan as a number above 0"))
		}
		l.Months, sum = append(l.Months, m), sum.Add(m)
	}
	if amount >= 0 {
		l.Amount = t.amount(row, amount)
	}
	switch {
	case sum.IsZero():
		l.Months = nil
	case l.Amount.IsZero():
		l.Amount = sum
	case !l.Amount.Equal(sum):
		t.fail(row.Fail(amount, "各月合计是 %s，和全年对不上", "its months come to %s, which is not the year's figure", sum.Format()))
	}
	if a.Type != ledger.Income && a.Type != ledger.Expense && !l.Amount.IsZero() {
		t.fail(row.Fail(t.col, "预算只给收入和费用科目", "only income and expense accounts are planned"))
	}
	if l.Amount.Sign() < 0 {
		t.fail(row.Fail(amount, "预算写正数", "write the plan as a number above 0"))
	}
	return l
}

// monthNames are what the column of a month (0: January) is called.
func monthNames(m int) []string {
	english := []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
	chinese := []string{"一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"}
	return []string{fmt.Sprintf("%d月", m+1), chinese[m], english[m][:3], english[m], fmt.Sprint(m + 1)}
}

// accountTable is a table of accounts while it is read.
type accountTable struct {
	*statement.Grid
	chart     ledger.Accounts
	col, name int // of account and its name
	problems  []*Problem
}

// openTable finds a table by its header; nil with the problem where there is none.
func openTable(name string, data []byte, chart ledger.Accounts, known func([]string) bool, missing Problem) (*accountTable, []*Problem) {
	grid, err := statement.ReadGrid(name, data, known)
	var broken *Problem
	switch {
	case errors.As(err, &broken):
		return nil, []*Problem{broken}
	case err != nil || grid == nil:
		missing.File = name
		return nil, []*Problem{&missing}
	}
	return &accountTable{Grid: grid, chart: chart, col: grid.Column(names.account...), name: grid.Column(names.accountName...)}, nil
}

func (t *accountTable) fail(err error) {
	var p *Problem
	if errors.As(err, &p) {
		t.problems = append(t.problems, p)
	}
}

// account finds the account that a row names; ok is false for a row that sums
// up, and for one to be mended.
func (t *accountTable) account(row statement.GridRow) (ledger.Account, bool) {
	text, name := row.Text(t.col), row.Text(t.name)
	if text == "" {
		text, name = name, ""
	}
	for _, cell := range []string{text, name} {
		if folded := strings.ReplaceAll(cell, " ", ""); strings.HasSuffix(folded, "合计") || strings.HasSuffix(folded, "小计") || strings.HasSuffix(folded, "总计") || strings.EqualFold(folded, "total") {
			return ledger.Account{}, false
		}
	}
	a, ok := FindAccount(t.chart, text, name)
	switch {
	case text == "":
		t.fail(row.Fail(max(t.col, t.name), "缺科目：写代码（1002）或名称（银行存款）", "the account is missing: write its code (1002) or its name"))
	case !ok:
		t.fail(row.Fail(max(t.col, t.name), "没有这个科目：先在“科目”页添加", "there is no such account: add it under Accounts first"))
	case a.ClosedAt != nil:
		t.fail(row.Fail(t.col, "科目 %s %s 已停用：在“科目”页重新启用，或换一个科目", "account %s %s is closed: reopen it under Accounts, or name another", a.Code, a.NameZH))
	}
	return a, ok && a.ClosedAt == nil
}

// FindAccount finds the account that a text names: a code, a code with a name
// behind it, or a name in either language.
func FindAccount(chart ledger.Accounts, text, name string) (ledger.Account, bool) {
	if parts := codeFirst.FindStringSubmatch(text); parts != nil {
		return chart.Code(parts[1])
	}
	if name != "" {
		text = name
	}
	i := slices.IndexFunc(chart, func(a ledger.Account) bool {
		return text != "" && (a.NameZH == text || strings.EqualFold(a.NameEN, text))
	})
	if i < 0 {
		return ledger.Account{}, false
	}
	return chart[i], true
}

// fund finds the fund that a row names; no name means the general fund.
func (t *accountTable) fund(row statement.GridRow, col int, funds []ledger.Fund) int {
	text := row.Text(col)
	if text == "" {
		return ledger.GeneralFundID
	}
	for _, f := range funds {
		if f.ClosedAt == nil && (f.Code == text || f.NameZH == text || strings.EqualFold(f.NameEN, text) || strings.HasPrefix(text, f.Code+" ")) {
			return f.ID
		}
	}
	t.fail(row.Fail(col, "没有这种资金：先在“资金用途”页添加，或者留空（记到通用款）", "there is no such fund: add it under Funds first, or leave the cell empty for the general fund"))
	return 0
}

func (t *accountTable) amount(row statement.GridRow, col int) money.Amount {
	a, err := row.Amount(col)
	t.fail(err)
	return a
}

func (t *accountTable) done(name string) []*Problem {
	for _, p := range t.problems {
		p.File = name
	}
	return t.problems[:min(len(t.problems), problemsMax)]
}
