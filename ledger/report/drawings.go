package report

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

type drawn struct {
	Statement
	draw drawing
	span func(Ask) (Span, error) // what it covers of the days asked for
}

// months widens an ask to whole months.
func months(a Ask) (Span, error) { return span(a.From, a.To) }

// toDate widens an ask to its last year so far.
func toDate(a Ask) (Span, error) { return span(ledger.Day(a.To.Year(), 1, 1), a.To) }

// asAsked keeps to the days.
func asAsked(a Ask) (Span, error) { return Span{a.From, a.To}, nil }

var drawings []drawn

func init() { // not a literal: a drawing names others
	drawings = []drawn{
		{Statement{"balance-sheet", "会民非01表", words["balance-sheet"]}, drawSheet, months},
		{Statement{"activity", "会民非02表", words["activity"]}, drawActivity, months},
		{Statement{"cash-flow", "会民非03表", words["cash-flow"]}, drawCash, months},
		{Statement{"funds", "", words["funds"]}, drawFunds, months},
		{Statement{"trial-balance", "", words["trial-balance"]}, drawTrial, months},
		{Statement{"ledger-card", "", words["ledger-card"]}, drawCard, asAsked},
		{Statement{"budget", "", words["budget"]}, drawBudget, toDate},
		{Statement{"ageing", "", words["ageing"]}, drawAgeing, months},
	}
}

func amountColumn(group, title string) Column {
	key := title
	if group != "" {
		key = group + "_" + title
	}
	return Column{Key: key, Kind: AmountColumn, Group: words[group], Title: words[title]}
}

// labelled begins a row with its label.
func labelled(r Row, cells ...Cell) TableRow {
	return TableRow{r.Key, r.Kind, r.Level(), append([]Cell{Text(Words{r.NameZH, r.NameEN}, nil)}, cells...)}
}

func drawTrial(ctx context.Context, q sqlx.QueryerContext, b scope) (t Table, err error) {
	trial, err := trialBalance(ctx, q, b.c, b.From, b.To, b.in)
	if err != nil {
		return t, err
	}
	t.Columns = []Column{
		{Key: "code", Kind: CodeColumn, Title: words["code"]},
		{Key: "account", Kind: LabelColumn, Title: words["account"]},
		amountColumn("opening", "debit"), amountColumn("opening", "credit"),
		amountColumn("turnover", "debit"), amountColumn("turnover", "credit"),
		amountColumn("closing", "debit"), amountColumn("closing", "credit"),
	}
	var sum TrialFigures
	for _, l := range trial.Lines {
		if b.only != nil && !slices.Contains(b.only, l.AccountID) {
			continue
		}
		sum = sum.add(l.TrialFigures)
		card := b.behind(l.AccountID)
		t.Rows = append(t.Rows, TableRow{l.Code, Item, 0, append([]Cell{Text(Same(l.Code), card), Text(Words{l.NameZH, l.NameEN}, nil)}, sixCells(FigureOrBlank, l.TrialFigures, card)...)})
	}
	t.Rows = append(t.Rows, TableRow{"total", Sum, 0, append([]Cell{{}, Text(words["total"], nil)}, sixCells(Figure, sum, nil)...)})
	if b.only != nil {
		t.Notes = []Words{words["note.selected"]}
		return t, nil
	}
	balanced := trial.Balanced()
	t.Balanced = &balanced
	return t, nil
}

func sixCells(cell func(money.Amount, *Ask) Cell, f TrialFigures, link *Ask) (cells []Cell) {
	for _, a := range []money.Amount{f.OpeningDebit, f.OpeningCredit, f.Debit, f.Credit, f.ClosingDebit, f.ClosingCredit} {
		cells = append(cells, cell(a, link))
	}
	return cells
}

func drawSheet(ctx context.Context, q sqlx.QueryerContext, b scope) (t Table, err error) {
	sheet, err := sheetOf(ctx, q, b.c, b.in, b.From, b.To)
	if err != nil {
		return t, err
	}
	t.AsOf = true
	t.Columns = []Column{{Key: "item", Kind: LabelColumn, Title: words["item"]}, amountColumn("", "opening"), amountColumn("", "closing")}
	links := map[string]*Ask{
		"total_assets": b.class(ledger.Asset), "total_liabilities": b.class(ledger.Liability),
		"unrestricted": b.where("funds").within(FreeFunds), "restricted": b.where("funds").within(HeldFunds), "total_net_assets": b.where("funds"),
		"unrestricted_change": b.where("activity").within(FreeFunds), "restricted_change": b.where("activity").within(HeldFunds),
	}
	for _, l := range sheet.Lines {
		link := links[l.Key]
		if link == nil {
			link = b.behind(l.Accounts...)
		}
		if l.Kind == Head {
			t.Rows = append(t.Rows, labelled(l.Row, Cell{}, Cell{}))
		} else {
			t.Rows = append(t.Rows, labelled(l.Row, Figure(l.Figures.Opening, link), Figure(l.Figures.Closing, link)))
		}
	}
	balanced := sheet.Balanced()
	t.Balanced = &balanced
	return t, nil
}

func drawActivity(ctx context.Context, q sqlx.QueryerContext, b scope) (t Table, err error) {
	a, err := activityOf(ctx, q, b.c, b.in, b.From, b.To)
	if err != nil {
		return t, err
	}
	t.Columns = []Column{{Key: "item", Kind: LabelColumn, Title: words["item"]}}
	for _, group := range []string{"period", "year"} {
		t.Columns = append(t.Columns, amountColumn(group, "free"), amountColumn(group, "held"), amountColumn(group, "total"))
	}
	funds := b.where("funds")
	links := map[string]*Ask{
		"total_income": b.class(ledger.Income), "total_expense": b.class(ledger.Expense),
		"released": funds.within(HeldFunds), "restricted": funds.within(HeldFunds), "adjusted": b.class(ledger.NetAssets), "change": funds,
	}
	for _, l := range a.Lines {
		link := links[l.Key]
		if link == nil {
			link = b.behind(l.Accounts...)
		}
		if l.Kind == Head {
			t.Rows = append(t.Rows, labelled(l.Row, make([]Cell, 6)...))
			continue
		}
		t.Rows = append(t.Rows, labelled(l.Row, append(b.threeCells(l.Key, l.Figures.Period, link), b.threeCells(l.Key, l.Figures.Year, link.since(a.Span))...)...))
	}
	t.Notes = []Words{words["note.expense"]}
	return t, nil
}

// threeCells are an amount by kind of fund. Each links to its kind, but expense, which stands in one column whichever fund paid.
func (b scope) threeCells(key string, c Columns, link *Ask) []Cell {
	free, held := link.within(FreeFunds), link.within(HeldFunds)
	if c.Held.IsZero() {
		free = link
	}
	if key == "released" || key == "restricted" {
		free, held = link, link
	}
	return []Cell{Figure(c.Free, free), Figure(c.Held, held), Figure(c.Total(), link)}
}

func drawFunds(ctx context.Context, q sqlx.QueryerContext, b scope) (t Table, err error) {
	funds, err := fundsOf(ctx, q, b.c, b.in, b.From, b.To)
	if err != nil {
		return t, err
	}
	t.Columns = []Column{{Key: "fund", Kind: LabelColumn, Title: words["fund"]}}
	for _, title := range []string{"opening", "in", "out", "transfers", "closing"} {
		t.Columns = append(t.Columns, amountColumn("", title))
	}
	for _, nature := range []string{FreeFunds, HeldFunds} {
		row, sum := Row{Key: nature, Kind: Head, NameZH: words["nature."+nature].ZH, NameEN: words["nature."+nature].EN}, funds.Free
		if nature == HeldFunds {
			sum = funds.Held
		}
		before := len(t.Rows)
		t.Rows = append(t.Rows, labelled(row, make([]Cell, 5)...))
		for _, l := range funds.Lines {
			if l.Restricted == (nature == HeldFunds) {
				of := b
				of.Fund, of.Nature = l.Code, ""
				line := Row{Key: l.Code, Kind: Item, NameZH: l.NameZH, NameEN: l.NameEN}
				t.Rows = append(t.Rows, labelled(line, of.fiveCells(l.FundFigures)...))
			}
		}
		if len(t.Rows) == before+1 {
			t.Rows = t.Rows[:before]
			continue
		}
		of, total := b, words[nature+"_total"]
		if of.Fund == "" {
			of.Nature = nature
		}
		t.Rows = append(t.Rows, labelled(Row{Key: nature + "_total", Kind: Sum, NameZH: total.ZH, NameEN: total.EN}, of.fiveCells(sum)...))
	}
	t.Rows = append(t.Rows, labelled(Row{Key: "total", Kind: Result, NameZH: words["total"].ZH, NameEN: words["total"].EN}, b.fiveCells(funds.Total())...))
	t.Notes = []Words{words["note.transfers"]}
	return t, nil
}

func (b scope) fiveCells(f FundFigures) []Cell {
	all := b.where("balance-sheet")
	return []Cell{
		Figure(f.Opening, all), Figure(f.In, b.class(ledger.Income)), Figure(f.Out, b.class(ledger.Expense)),
		Figure(f.Transfers, b.class(ledger.NetAssets)), Figure(f.Closing, all),
	}
}

func drawCash(ctx context.Context, q sqlx.QueryerContext, b scope) (t Table, err error) {
	f, err := cashOf(ctx, q, b.c, b.in, b.From, b.To)
	if err != nil {
		return t, err
	}
	t.Columns = []Column{{Key: "item", Kind: LabelColumn, Title: words["item"]}, amountColumn("", "period"), amountColumn("", "year")}
	held := b.behind(f.Accounts...)
	for _, l := range f.Lines {
		if l.Kind == Head {
			t.Rows = append(t.Rows, labelled(l.Row, Cell{}, Cell{}))
			continue
		}
		link := b.moneyBehind(l)
		if l.Kind == Result {
			link = held
		}
		t.Rows = append(t.Rows, labelled(l.Row, Figure(l.Figures.Period, link), Figure(l.Figures.Year, link.since(f.Span))))
	}
	for _, stand := range []struct {
		key   string
		moved Moved
	}{{"cash_open", f.Opening}, {"cash_close", f.Closing}} {
		line := Row{Key: stand.key, Kind: Sum, NameZH: words[stand.key].ZH, NameEN: words[stand.key].EN}
		t.Rows = append(t.Rows, labelled(line, Figure(stand.moved.Period, held), Figure(stand.moved.Year, held.since(f.Span))))
	}
	balanced := f.Ties()
	t.Balanced, t.Notes = &balanced, []Words{words["note.cash"]}
	return t, nil
}

// moneyBehind is the ask for the entries that moved the money of a line.
func (b scope) moneyBehind(l Line[Moved]) *Ask {
	ask := b.behind(l.Accounts...)
	if l.Key == "brought" {
		ask = b.class(ledger.NetAssets)
	}
	if ask == nil {
		return nil
	}
	ask.Name, ask.Flow = "ledger-card", Received
	if l.class == "out" {
		ask.Flow = Paid
	}
	return ask
}
