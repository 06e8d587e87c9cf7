package report

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// CardLines is how many lines a page of a ledger card has, and WholeCard how many one that is not paged has at most.
const (
	CardLines = 100
	WholeCard = 20_000
)

func drawCard(ctx context.Context, q sqlx.QueryerContext, b scope) (t Table, err error) {
	if b.only == nil {
		return t, ledger.ErrNotFound
	}
	r := cardReader{ctx, q, b.c, b.only, b.in, b.From, b.To, nil, b.Flow}
	if b.Flow != "" {
		l, err := layoutOf(b.c)
		if err != nil {
			return t, err
		}
		r.money = l.moneyOf(b.accounts)
		t.Notes = []Words{words["note.flow"]}
	}
	limit := CardLines
	if b.Whole {
		limit = WholeCard
	}
	card, err := r.read(b.After, limit)
	if err != nil {
		return t, err
	}
	w := cardWriter{b, len(b.only) > 1, len(b.in) != 1, b.Flow == ""}
	t.Columns = w.columns()
	if first := map[bool]string{false: "brought", true: "carried"}[b.After != ""]; w.balance {
		t.Rows = append(t.Rows, w.sum(first, Head, nil, nil, card.Carried))
	}
	for _, l := range card.Lines {
		t.Rows = append(t.Rows, w.line(l))
	}
	if card.More {
		next := b.Ask
		if b.Whole {
			t.Notes = append(t.Notes, words["note.whole"])
		}
		next.After = card.Lines[len(card.Lines)-1].Key()
		t.Next = &next
		if w.balance {
			t.Rows = append(t.Rows, w.sum("over", Head, nil, nil, card.Lines[len(card.Lines)-1].After))
		}
		return t, nil
	}
	t.Rows = append(t.Rows, w.sum("page_sum", Sum, &card.Debit, &card.Credit, card.Closing()))
	return t, nil
}

// cardWriter makes the rows of a card. What all of them share has no column.
type cardWriter struct {
	scope
	account, fund bool // several of them: a column says which
	balance       bool // there is one; a flow has none
}

func (w cardWriter) columns() []Column {
	columns := []Column{
		{Key: "date", Kind: DateColumn, Title: words["date"]},
		{Key: "voucher", Kind: CodeColumn, Title: words["voucher"]},
		{Key: "memo", Kind: LabelColumn, Title: words["memo"]},
	}
	if w.account {
		columns = append(columns, Column{Key: "account", Kind: TextColumn, Title: words["account"]})
	}
	columns = append(columns, Column{Key: "counter", Kind: TextColumn, Title: words["counter"]})
	if w.fund {
		columns = append(columns, Column{Key: "fund", Kind: TextColumn, Title: words["fund"]})
	}
	columns = append(columns, amountColumn("", "debit"), amountColumn("", "credit"))
	if w.balance {
		columns = append(columns, Column{Key: "side", Kind: CodeColumn, Title: words["side"]}, amountColumn("", "balance"))
	}
	return columns
}

func (w cardWriter) line(l CardLine) TableRow {
	entry := &Ask{Name: EntryName, Voucher: l.Voucher}
	memo := l.Memo
	if l.Detail != "" {
		memo += " · " + l.Detail
	}
	cells := []Cell{Day(l.Date), Text(Same(l.Voucher), entry), Text(Same(memo), nil)}
	if w.account {
		cells = append(cells, Text(w.names(l.AccountID), nil))
	}
	cells = append(cells, Text(w.names(l.Others...), nil))
	if w.fund {
		i := slices.IndexFunc(w.funds, func(f ledger.Fund) bool { return f.ID == l.FundID })
		cells = append(cells, Text(Words{w.funds[i].NameZH, w.funds[i].NameEN}, nil))
	}
	debit, credit := sides(l.Amount)
	cells = append(cells, FigureOrBlank(debit, entry), FigureOrBlank(credit, entry))
	return TableRow{l.Key(), Item, 0, append(cells, w.standing(l.After)...)}
}

// sum is a row that is no posting: the balance brought forward, the turnover of the period.
func (w cardWriter) sum(key string, kind Kind, debit, credit *money.Amount, stand money.Amount) TableRow {
	cells := []Cell{{}, {}, Text(words[key], nil), {}}
	for _, more := range []bool{w.account, w.fund} {
		if more {
			cells = append(cells, Cell{})
		}
	}
	return TableRow{key, kind, 0, append(append(cells, Cell{Amount: debit}, Cell{Amount: credit}), w.standing(stand)...)}
}

// standing is a balance as a card writes it: the side, and the amount without a sign.
func (w cardWriter) standing(a money.Amount) []Cell {
	if !w.balance {
		return nil
	}
	side := "side.none"
	if a.Sign() != 0 {
		side = map[bool]string{true: "side.debit", false: "side.credit"}[a.Sign() > 0]
	}
	return []Cell{Text(words[side], nil), Figure(a.Abs(), nil)}
}

// counterNames is how many accounts of the other side are named.
const counterNames = 2

func (w cardWriter) names(accounts ...int) (all Words) {
	for i, id := range accounts {
		if i == counterNames {
			return Words{all.ZH + "等", all.EN + ", …"}
		}
		a, _ := w.accounts.ID(id)
		if i > 0 {
			all.ZH, all.EN = all.ZH+"、", all.EN+", "
		}
		all.ZH, all.EN = all.ZH+a.NameZH, all.EN+a.Name("en")
	}
	return all
}
