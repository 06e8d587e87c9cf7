package report

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
)

// drawBudget holds the plans of the year against the books, a fund after the other. Income is expected, expense allowed:
// what is left of each is told on its own line, and only expense is added up with expense.
func drawBudget(ctx context.Context, q sqlx.QueryerContext, b scope) (t Table, err error) {
	rows, err := budget.Compare(ctx, q, b.c.ID, b.To.Year(), b.To)
	if err != nil {
		return t, err
	}
	t.Columns = []Column{{Key: "account", Kind: LabelColumn, Title: words["account"]}}
	for _, title := range []string{"planned", "planned_so_far", "actual", "committed", "left"} {
		t.Columns = append(t.Columns, amountColumn("", title))
	}
	t.Columns = append(t.Columns, Column{Key: "share", Kind: ShareColumn, Title: words["share"]})
	for _, fund := range b.funds {
		of := slices.DeleteFunc(slices.Clone(rows), func(r budget.Row) bool { return r.Fund != fund.ID })
		if len(of) == 0 || !b.in.has(fund.ID) {
			continue
		}
		t.Rows = append(t.Rows, labelled(Row{Key: fund.Code, Kind: Head, NameZH: fund.NameZH, NameEN: fund.NameEN}, make([]Cell, 6)...))
		one := b
		one.Fund, one.Nature = fund.Code, ""
		for _, kind := range []ledger.AccountType{ledger.Income, ledger.Expense} {
			t.Rows = append(t.Rows, one.budgetRows(of, kind)...)
		}
	}
	t.Notes = []Words{words["note.budget"]}
	return t, nil
}

// budgetRows are a fund's lines of income or of expense, and their sum.
func (b scope) budgetRows(rows []budget.Row, kind ledger.AccountType) (lines []TableRow) {
	var sum budget.Row
	for _, r := range rows {
		if r.Type != kind {
			continue
		}
		a, _ := b.accounts.ID(r.Account)
		line := Row{Key: b.Fund + "." + a.Code, Kind: Item, NameZH: a.Code + " " + a.NameZH, NameEN: a.Code + " " + a.Name("en")}
		lines = append(lines, labelled(line, budgetCells(r, b.behind(b.covered(rows, a)...))...))
		sum.Planned, sum.SoFar = sum.Planned.Add(r.Planned), sum.SoFar.Add(r.SoFar)
		sum.Spent, sum.Committed = sum.Spent.Add(r.Spent), sum.Committed.Add(r.Committed)
	}
	if len(lines) == 0 {
		return nil
	}
	total := words["budget."+string(kind)]
	return append(lines, labelled(Row{Key: b.Fund + "." + string(kind), Kind: Sum, NameZH: total.ZH, NameEN: total.EN}, budgetCells(sum, b.class(kind))...))
}

// covered are the accounts that count in the line of an account: itself, and those below it that have no line of their own.
func (b scope) covered(rows []budget.Row, line ledger.Account) (ids []int) {
	for _, a := range b.accounts {
		for at, ok := a, true; ok; at, ok = b.accounts.Above(at) {
			if at.ID == line.ID {
				ids = append(ids, a.ID)
			}
			if slices.ContainsFunc(rows, func(r budget.Row) bool { return r.Account == at.ID }) {
				break
			}
		}
	}
	return ids
}

func budgetCells(r budget.Row, link *Ask) []Cell {
	cells := []Cell{Figure(r.Planned, nil), Figure(r.SoFar, nil), Figure(r.Spent, link), FigureOrBlank(r.Committed, nil), Figure(r.Left(), nil), {}}
	if !r.Planned.IsZero() {
		cells[5] = Text(Same(share(r.Spent, r.Planned)), nil)
	}
	return cells
}

// share is part of whole as a reader reads it: 62.4%.
func share(part, whole money.Amount) string {
	perMille := part.PerMille(whole)
	return fmt.Sprintf("%d.%d%%", perMille/10, max(perMille, -perMille)%10)
}
