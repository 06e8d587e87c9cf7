package report

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

func init() {
	maps.Copy(words, map[string]Words{
		"ageing":             {"未结款项账龄表", "Ageing of open items"},
		"age.item":           {"未结的款项", "What is open"},
		"age.total":          {"未结金额", "Open"},
		"age.days":           {"其中，到期末已有", "Of which, days by then"},
		"age.0":              {"0–30 天", "0–30"},
		"age.1":              {"31–60 天", "31–60"},
		"age.2":              {"61–90 天", "61–90"},
		"age.3":              {"90 天以上", "over 90"},
		"age.line":           {"银行有、账上还没对上的", "At the bank, not matched with the books"},
		"age.line.in":        {"收入", "in"},
		"age.line.out":       {"支出", "out"},
		"age.suspense":       {"待查款项", "Receipts to be identified"},
		"age.clearing":       {"支付公司和路上还没到账的", "With payment companies and on the way"},
		"age.receivable":     {"应收和预付", "Receivable and prepaid"},
		"age.payable":        {"应付和预收", "Payable and received in advance"},
		"age.conditional":    {"不成则退、还没定下的捐赠", "Held for all-or-nothing campaigns"},
		"age.between_funds":  {"基金之间的借款（借出为正，借入为负）", "Loans between funds (lent positive, borrowed negative)"},
		"note.ageing":        {"先进先出：后来的冲抵最早的；记错又冲红的，两张都不算。负数是方向相反的余额。", "First in, first out: what came later settles the oldest; an entry and its reversal count for nothing. A negative figure is a balance on the other side."},
		"note.ageing.bank":   {"银行流水按现在的勾对情况，不是期末当天的。", "Lines of the bank are told by what is matched now, not on that day."},
		"note.ageing.nobody": {"没有未结的款项。", "Nothing is open."},
	})
}

// ageingKinds are the sections, in order.
var ageingKinds = []string{"line", "suspense", "clearing", "receivable", "payable", "conditional", "between_funds"}

// ageBounds are the days at which a column ends, counted back from the last day.
var ageBounds = [...]int{30, 60, 90}

// Age is what is open of an item at the end of a day, and since when.
type Age struct {
	Open money.Amount
	Of   [len(ageBounds) + 1]money.Amount // 0–30, 31–60, 61–90 and more days; together Open
}

func (a Age) add(b Age) Age {
	a.Open = a.Open.Add(b.Open)
	for i := range a.Of {
		a.Of[i] = a.Of[i].Add(b.Of[i])
	}
	return a
}

// age tells since when a balance stands, when its side came in such amounts. Whatever came on the other side has settled the
// oldest, so what is open came last.
func age(open money.Amount, came [len(ageBounds)]money.Amount) (a Age) {
	a.Open = open
	rest := open.Abs()
	for i, c := range came {
		of := money.Min(rest, c)
		rest = rest.Sub(of)
		a.Of[i] = of
	}
	a.Of[len(ageBounds)] = rest
	if open.Sign() < 0 {
		for i := range a.Of {
			a.Of[i] = a.Of[i].Neg()
		}
	}
	return a
}

// openItem is an account in a fund that should come to nothing one day.
type openItem struct {
	kind    string
	account ledger.Account
	fund    int
}

// drawAgeing lists what is open at the end of the period: with whom the community is not yet quits.
func drawAgeing(ctx context.Context, q sqlx.QueryerContext, b scope) (t Table, err error) {
	t.AsOf = true
	t.Columns = []Column{{Key: "item", Kind: LabelColumn, Title: words["age.item"]}, {Key: "open", Kind: AmountColumn, Title: words["age.total"]}}
	for i, key := range []string{"days_30", "days_60", "days_90", "days_more"} {
		t.Columns = append(t.Columns, Column{Key: key, Kind: AmountColumn, Group: words["age.days"], Title: words["age."+string(rune('0'+i))]})
	}
	items, ages, err := b.openItems(ctx, q)
	if err != nil {
		return t, err
	}
	lines, err := b.openLines(ctx, q)
	if err != nil {
		return t, err
	}
	for _, kind := range ageingKinds {
		var rows []TableRow
		var sum Age
		if kind == "line" {
			rows = lines
		}
		for i, item := range items {
			if item.kind == kind {
				rows, sum = append(rows, b.ageRow(item, ages[i])), sum.add(ages[i])
			}
		}
		if len(rows) == 0 {
			continue
		}
		t.Rows = append(append(t.Rows, labelled(Row{Key: kind, Kind: Head, NameZH: words["age."+kind].ZH, NameEN: words["age."+kind].EN}, make([]Cell, 5)...)), rows...)
		if kind != "line" && len(rows) > 1 {
			t.Rows = append(t.Rows, labelled(Row{Key: kind + ".total", Kind: Sum, NameZH: words["total"].ZH, NameEN: words["total"].EN}, ageCells(sum, func(int) *Ask { return nil })...))
		}
	}
	t.Notes = []Words{words["note.ageing"]}
	if len(lines) > 0 {
		t.Notes = append(t.Notes, words["note.ageing.bank"])
	}
	if len(t.Rows) == 0 {
		t.Notes = []Words{words["note.ageing.nobody"]}
	}
	return t, nil
}

// openItems are the accounts in funds with a balance that waits for somebody, and how old it is.
func (b scope) openItems(ctx context.Context, q sqlx.QueryerContext) (items []openItem, ages []Age, err error) {
	l, err := layoutOf(b.c)
	if err != nil {
		return nil, nil, err
	}
	balances, err := ledger.Balances(ctx, q, b.c.ID, b.To, b.To)
	if err != nil {
		return nil, nil, err
	}
	came, err := b.came(ctx, q, l)
	if err != nil {
		return nil, nil, err
	}
	for _, x := range balances {
		a, _ := b.accounts.ID(x.AccountID)
		kind := l.waitsAs(a)
		if kind == "" || x.Closing().IsZero() || !b.in.has(x.FundID) {
			continue
		}
		open, sides := x.Closing(), came[[2]int{x.AccountID, x.FundID}]
		side := sides.debit
		if open.Sign() < 0 {
			side = sides.credit
		}
		if a.Type == ledger.Liability {
			open = open.Neg()
		}
		items, ages = append(items, openItem{kind, a, x.FundID}), append(ages, age(open, side))
	}
	return items, ages, nil
}

// waitsAs tells for whom the balance of an account waits: empty if for nobody.
func (l layout) waitsAs(a ledger.Account) string {
	_, clears := a.Purpose.ClearingOf()
	switch {
	case clears || a.Purpose == ledger.CashInTransit:
		return "clearing"
	case a.Purpose == ledger.Suspense:
		return "suspense"
	case a.Purpose == ledger.ConditionalDonations:
		return "conditional"
	case a.Purpose == ledger.BetweenFunds:
		return "between_funds"
	case a.Type == ledger.Liability:
		return "payable"
	case a.Type == ledger.Asset:
		if row := rowOf(a.Code, "asset", l.rows["balance"]); row == "receivables" || row == "prepayments" {
			return "receivable"
		}
	}
	return ""
}

// cameSides are what came on either side of an account in a fund, by age.
type cameSides struct{ debit, credit [len(ageBounds)]money.Amount }

// came reads what came to the accounts that wait, in the days that have a column of their own. An entry that was undone
// came to nothing, and its reversal settles nothing.
func (b scope) came(ctx context.Context, q sqlx.QueryerContext, l layout) (map[[2]int]cameSides, error) {
	var accounts pq.Int64Array
	for _, a := range b.accounts {
		if l.waitsAs(a) != "" {
			accounts = append(accounts, int64(a.ID))
		}
	}
	var rows []struct {
		Account int          `db:"account_id"`
		Fund    int          `db:"fund_id"`
		Debit   bool         `db:"debit"`
		Age     int          `db:"age"`
		Amount  money.Amount `db:"amount"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.account_id, p.fund_id, p.amount > 0 AS debit, greatest($4::date - p.entry_date - 1, 0) / 30 AS age, sum(abs(p.amount)) AS amount
		  FROM ledger.posting p
		 WHERE p.community_id = $1 AND p.account_id = ANY ($2) AND p.entry_date BETWEEN $3 AND $4
		   AND p.seq NOT IN (SELECT unnest(ARRAY[r.seq, r.reverses_seq]) FROM ledger.journal_entry r
		                      WHERE r.community_id = $1 AND r.reverses_seq IS NOT NULL AND r.entry_date <= $4)
		 GROUP BY 1, 2, 3, 4`,
		b.c.ID, accounts, b.To.AddDate(0, 0, -ageBounds[len(ageBounds)-1]).Format(time.DateOnly), b.To.Format(time.DateOnly))
	came := map[[2]int]cameSides{}
	for _, r := range rows {
		at := [2]int{r.Account, r.Fund}
		sides := came[at]
		if r.Debit {
			sides.debit[r.Age] = r.Amount
		} else {
			sides.credit[r.Age] = r.Amount
		}
		came[at] = sides
	}
	return came, err
}

// ageRow links each figure to the days in which it came.
func (b scope) ageRow(item openItem, a Age) TableRow {
	row := Row{Key: item.account.Code, Kind: Item, NameZH: item.account.Code + " " + item.account.NameZH, NameEN: item.account.Code + " " + item.account.Name("en")}
	of := b
	for _, f := range b.funds {
		if f.ID == item.fund {
			of.Fund, of.Nature = f.Code, ""
			row.Key += "." + f.Code
			row.NameZH, row.NameEN = row.NameZH+" · "+f.NameZH, row.NameEN+" · "+f.Name("en")
		}
	}
	card := of.behind(item.account.ID)
	return labelled(row, ageCells(a, func(column int) *Ask {
		days := *card
		if column > 0 && column <= len(ageBounds) {
			days.From = b.To.AddDate(0, 0, -ageBounds[column-1])
		}
		if column > 1 {
			days.To = b.To.AddDate(0, 0, -ageBounds[column-2]-1)
		}
		if column == len(ageBounds)+1 {
			days.From = ledger.Day(days.To.Year(), time.January, 1)
		}
		return &days
	})...)
}

// ageCells are the open amount, as column 0, and its ages.
func ageCells(a Age, link func(column int) *Ask) []Cell {
	cells := []Cell{Figure(a.Open, link(0))}
	for i, of := range a.Of {
		cells = append(cells, FigureOrBlank(of, link(i+1)))
	}
	return cells
}

// openLines are the lines of bank statements that nobody has matched, by account and direction.
func (b scope) openLines(ctx context.Context, q sqlx.QueryerContext) (rows []TableRow, err error) {
	if len(b.in) > 0 { // a bank knows nothing of funds
		return nil, nil
	}
	var lines []struct {
		Account int          `db:"account_id"`
		In      bool         `db:"money_in"`
		Age     int          `db:"age"`
		Amount  money.Amount `db:"amount"`
	}
	err = sqlx.SelectContext(ctx, q, &lines, `
		SELECT l.account_id, l.amount > 0 AS money_in, least(greatest($2::date - l.day - 1, 0) / 30, $3) AS age, sum(l.amount) AS amount
		  FROM statement.line l
		 WHERE l.community_id = $1 AND l.day <= $2 AND l.amount <> 0 AND NOT EXISTS (SELECT FROM reconcile.match_line m
		       WHERE m.community_id = l.community_id AND m.account_id = l.account_id AND m.line_id = l.id AND m.live)
		 GROUP BY 1, 2, 3 ORDER BY 1, 2 DESC, 3`, b.c.ID, b.To.Format(time.DateOnly), len(ageBounds))
	var of Age
	for i, l := range lines {
		of.Open, of.Of[l.Age] = of.Open.Add(l.Amount), l.Amount
		if i+1 < len(lines) && lines[i+1].Account == l.Account && lines[i+1].In == l.In {
			continue
		}
		a, _ := b.accounts.ID(l.Account)
		way := map[bool]string{true: "in", false: "out"}[l.In]
		name := Words{a.Code + " " + a.NameZH, a.Code + " " + a.Name("en")}.beside(words["age.line."+way])
		rows = append(rows, labelled(Row{Key: strings.Join([]string{"line", a.Code, way}, "."), Kind: Item, NameZH: name.ZH, NameEN: name.EN}, ageCells(of, func(int) *Ask { return nil })...))
		of = Age{}
	}
	return rows, err
}
