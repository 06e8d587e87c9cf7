package desk

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger/reconcile"
	"fund/ledger/statement"
	"fund/web/page"
)

// columnKinds are what a column of a table can be.
var columnKinds = []string{"date", "time", "amount", "in", "out", "flag", "balance", "number", "counterparty", "memo", "currency"}

// columnsView is a table whose columns somebody tells.
type columnsView struct {
	statementView
	Rows  []columnsRow
	Heads []page.Option // which row has the names of the columns
	Cols  []columnField
	Kinds []page.Option
	Tried []statementRow // the first lines, read as told
	Lines int
}

type columnsRow struct {
	N     int
	Cells []string
	Head  bool
}

type columnField struct {
	page.Field
	N    int
	Head string
}

// StatementColumns lets somebody tell what the columns of a table mean.
func (p *Pages) StatementColumns(c *fiber.Ctx) error {
	_, cancel := patient(c)
	defer cancel()
	v, err := p.columnsHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	if told := v.profile(); told.Date != "" {
		v.try(told)
	} else {
		v.Broken = nil
	}
	return page.Render(c, "desk/statement_columns", v)
}

// columnsHere reads the top of the table. Without a form it begins with what the account's profile says, or a guess.
func (p *Pages) columnsHere(c *fiber.Ctx, f *page.Form) (v columnsView, err error) {
	if v.statementView, err = p.statementHere(c, f); err != nil {
		return v, err
	}
	top, err := statement.Look(v.Name, v.Data)
	if err != nil {
		return v, page.ErrNotFound
	}
	labelled(f, "columns.field", "head", "spending", "currency")
	guess := top.Profile
	saved, err := reconcile.FindProfile(c.UserContext(), p.DB, page.Of(c).Community.ID, v.About)
	if err == nil {
		guess = saved
	}
	blank := f.Typed("head") == ""
	if blank {
		f.Set("head", strconv.Itoa(headOf(top)))
	}
	v.showTable(c, top)
	v.Kinds = append([]page.Option{{Label: page.Of(c).T("columns.unused")}}, choices(c, "columns.kind", columnKinds...)...)
	for n := range v.Cols {
		v.field(f, n, guess, blank)
	}
	if blank && guess.Spending {
		f.Set("spending", "yes")
	}
	return v, nil
}

// headOf is the row with the columns' names: the one that was found, or the first that has several cells and no figures.
func headOf(top statement.Preview) int {
	if top.Header > 0 {
		return top.Header
	}
	return 1 + slices.IndexFunc(top.Rows, func(cells []string) bool {
		return len(cells) > 1 && !strings.ContainsAny(strings.Join(cells, ""), "0123456789")
	})
}

// showTable makes the first rows ready to be shown; every column is a field.
func (v *columnsView) showTable(c *fiber.Ctx, top statement.Preview) {
	head, _ := strconv.Atoi(v.Form.Typed("head"))
	v.Heads = []page.Option{{Value: "0", Label: page.Of(c).T("columns.no_head")}}
	width := 0
	for i, cells := range top.Rows {
		width = max(width, len(cells))
		v.Rows = append(v.Rows, columnsRow{i + 1, cells, i+1 == head})
		if len(cells) > 1 {
			v.Heads = append(v.Heads, page.Option{Value: strconv.Itoa(i + 1), Label: page.Of(c).T("columns.row", "row", i+1, "text", clip(cells[0]+" · "+cells[1], 24))})
		}
	}
	for n := range width {
		field := columnField{N: n + 1, Head: strconv.Itoa(n + 1)}
		if head > 0 && head <= len(top.Rows) && n < len(top.Rows[head-1]) && top.Rows[head-1][n] != "" {
			field.Head = top.Rows[head-1][n]
		}
		v.Cols = append(v.Cols, field)
	}
}

// clip cuts a text to so many letters.
func clip(s string, letters int) string {
	if runes := []rune(s); len(runes) > letters {
		return string(runes[:letters]) + "…"
	}
	return s
}

// field is the choice above a column, which starts as the guess has it.
func (v *columnsView) field(f *page.Form, n int, guess statement.Profile, blank bool) {
	col := &v.Cols[n]
	name := "col-" + strconv.Itoa(col.N)
	f.Label(name, "columns.field.col")
	if blank {
		f.Set(name, kindOf(guess, col.Head, strconv.Itoa(col.N)))
	}
	col.Field = f.Field(name)
	col.Options = v.Kinds
}

// kindOf is what a profile takes a column for.
func kindOf(p statement.Profile, names ...string) string {
	for _, name := range names {
		for kind, is := range map[string]string{
			"date": p.Date, "time": p.Time, "amount": p.Amount, "in": p.In, "out": p.Out, "flag": p.Flag, "balance": p.Balance, "number": p.ID,
			"counterparty": p.Counterparty, "currency": p.Currency,
		} {
			if is != "" && is == name {
				return kind
			}
		}
		for _, memo := range p.Memo {
			if memo == name {
				return "memo"
			}
		}
	}
	return ""
}

// profile is what the form says. Columns go by their names, which the next file has too, or by their numbers where two have one name.
func (v *columnsView) profile() (p statement.Profile) {
	head, _ := strconv.Atoi(v.Form.Typed("head"))
	p = statement.Profile{Name: "table", NoHeader: head == 0, Skip: max(head-1, 0), Spending: v.Form.Bool("spending"), Currency: v.currency}
	times := map[string]int{}
	for _, col := range v.Cols {
		times[col.Head]++
	}
	for _, col := range v.Cols {
		name := col.Head
		if head == 0 || times[name] > 1 {
			name = strconv.Itoa(col.N)
		}
		into := map[string]*string{
			"date": &p.Date, "time": &p.Time, "amount": &p.Amount, "in": &p.In, "out": &p.Out, "flag": &p.Flag, "balance": &p.Balance, "number": &p.ID,
			"counterparty": &p.Counterparty, "currency": &p.Currency,
		}[col.Value]
		switch {
		case col.Value == "memo":
			p.Memo = append(p.Memo, name)
		case into != nil:
			*into = name
		}
	}
	return p
}

// try reads the file as told, or says what to mend, with row and column.
func (v *columnsView) try(p statement.Profile) {
	v.Broken, v.Tried, v.Lines = nil, nil, 0
	switch {
	case p.Date == "":
		v.Form.Wrong("col-1", "columns.wrong.no_date")
	case p.Amount == "" && (p.In == "" || p.Out == ""):
		v.Form.Wrong("col-1", "columns.wrong.no_amount")
	}
	if v.Form.AnyWrong() {
		return
	}
	found, err := statement.Scan(v.Name, v.Data, statement.Options{Profile: &p})
	if errors.As(err, &v.Broken) || err != nil || len(found.Statements) == 0 {
		return
	}
	v.Lines = found.Statements[0].Count
	_ = found.Each(func(of int, l *statement.Line) error {
		if of == 0 && len(v.Tried) < 5 {
			v.Tried = append(v.Tried, statementRow{Line: *l})
		}
		return nil
	})
}

// SaveColumns tries the columns, and with the main button keeps them for the account.
func (p *Pages) SaveColumns(c *fiber.Ctx) error {
	_, cancel := patient(c)
	defer cancel()
	v, err := p.columnsHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	profile := v.profile()
	v.try(profile)
	if v.Form.Typed("press") != "save" {
		return page.Render(c, "desk/statement_columns", v)
	}
	if v.Form.AnyWrong() || v.Broken != nil || v.Lines == 0 {
		return page.Again(c, "desk/statement_columns", v)
	}
	err = p.act(c, "statement.columns", "account:"+v.Account.Code, nil, func(tx *sqlx.Tx, who string) error {
		return reconcile.SaveProfile(c.UserContext(), tx, page.Of(c).Community.ID, v.About, profile, who)
	})
	return done(c, err, reconcileHome+"/statements/"+v.ID.String(), "columns.saved")
}
