package desk

import (
	"strconv"
	"strings"
	"time"

	"fund/campaigns"
	"fund/ledger/money"
	"fund/web/page"
)

// The budget's rows: so many at first, so many more at a time, and never more.
const (
	budgetRowsFirst, budgetRowsMore, budgetRowsMax = 6, 3, 30
	quantityMax                                    = 1_000_000
)

var budgetFields = []string{"name_zh", "quantity", "unit_zh", "amount", "note_zh", "name_en", "unit_en", "note_en"}

// budgetRow is one row of the form; its fields are named b1_name_zh, …
type budgetRow struct {
	N       int
	English bool // the English fields are unfolded
}

// Named is the row's field of a budget line.
func (r budgetRow) Named(field string) string { return "b" + strconv.Itoa(r.N) + "_" + field }

// budgetRows are as many rows as the form has, and a few more where somebody asked for them.
func budgetRows(f *page.Form) []budgetRow {
	n := max(f.Number("rows"), budgetRowsFirst)
	if f.Typed("press") == "more" {
		n += budgetRowsMore
	}
	rows := make([]budgetRow, min(n, budgetRowsMax))
	for i := range rows {
		row := budgetRow{N: i + 1}
		for _, field := range budgetFields {
			f.Label(row.Named(field), "raise.budget."+field)
			row.English = row.English || strings.HasSuffix(field, "_en") && f.Typed(row.Named(field)) != ""
		}
		rows[i] = row
	}
	f.Set("rows", strconv.Itoa(len(rows)))
	return rows
}

// readBudget reads the rows that somebody wrote in.
func readBudget(f *page.Form, rows []budgetRow) (lines []campaigns.BudgetLine) {
	for _, row := range rows {
		written := ""
		for _, field := range budgetFields {
			written += f.Typed(row.Named(field))
		}
		if written == "" {
			continue
		}
		line := campaigns.BudgetLine{
			NameZH: f.Text(row.Named("name_zh"), 40), NameEN: f.Text(row.Named("name_en"), 60, page.Optional),
			NoteZH: f.Text(row.Named("note_zh"), 120, page.Optional), NoteEN: f.Text(row.Named("note_en"), 160, page.Optional),
			UnitZH: f.Text(row.Named("unit_zh"), 10, page.Optional), UnitEN: f.Text(row.Named("unit_en"), 20, page.Optional),
			Amount: f.Amount(row.Named("amount")), Line: row.N,
		}
		if quantity := f.Int(row.Named("quantity"), 1, quantityMax, page.Optional); quantity > 0 {
			line.Quantity = &quantity
		}
		lines = append(lines, line)
	}
	return lines
}

func fillBudget(f *page.Form, lines []campaigns.BudgetLine) {
	rows := 0
	for _, line := range lines { // each in the row of its number, by which gifts name it
		row := budgetRow{N: line.Line}
		rows = max(rows, line.Line)
		for field, value := range map[string]string{
			"name_zh": line.NameZH, "name_en": line.NameEN, "note_zh": line.NoteZH, "note_en": line.NoteEN,
			"unit_zh": line.UnitZH, "unit_en": line.UnitEN, "amount": plain(line.Amount),
		} {
			f.Set(row.Named(field), value)
		}
		if line.Quantity != nil {
			f.Set(row.Named("quantity"), strconv.Itoa(*line.Quantity))
		}
	}
	f.Set("rows", strconv.Itoa(rows))
}

// day writes a date as a date field holds it.
func day(t time.Time) string { return t.Format(time.DateOnly) }

// plain writes an amount as somebody would type it: 18000, 18.80.
func plain(a money.Amount) string { return strings.TrimSuffix(a.String(), ".00") }

// parseAmount reads an amount above nothing.
func parseAmount(text string) (money.Amount, error) {
	amount, err := money.Parse(text)
	if err == nil && amount.Sign() <= 0 {
		err = strconv.ErrRange
	}
	return amount, err
}
