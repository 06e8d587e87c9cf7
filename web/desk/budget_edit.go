package desk

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/journalfile"
	"fund/ledger/money"
	"fund/ledger/statement"
	"fund/web/page"
)

// budgetFormView is a fund's budget as a table to write in.
type budgetFormView struct {
	*page.Form
	ledger.Fund
	Year     int
	Base     int  // the version it is made from
	ByMonth  bool // twelve columns more
	Months   []int
	Income   []plannedRow
	Expense  []plannedRow
	File     *page.Form
	Problems []*statement.Error
	Filled   string // from where, in words

	chart ledger.Accounts
	holds budget.Version
}

// plannedRow is the line of one account.
type plannedRow struct {
	ledger.Account
	Sub    bool
	Last   money.Amount // what it was last year
	Plan   page.Field
	Months []page.Field
}

func planField(account int) string { return fmt.Sprintf("plan-%d", account) }

func monthField(account, month int) string { return fmt.Sprintf("month-%d-%d", account, month) }

func (p *Pages) budgetForm(c *fiber.Ctx, f *page.Form, byMonth bool) (v budgetFormView, err error) {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	v = budgetFormView{Form: labelled(f, "budgets.field", "why"), ByMonth: byMonth, File: labelled(page.BlankForm(c), "budgets.field", "file")}
	if v.Fund, v.Year, err = p.budgetHere(c); err != nil {
		return v, err
	}
	if v.chart, err = ledger.ListAccounts(ctx, p.DB, here); err != nil {
		return v, err
	}
	if v.holds, err = budget.Current(ctx, p.DB, here, v.ID, v.Year); err != nil {
		return v, err
	}
	if v.Base = v.holds.Number; f.Typed("base") != "" {
		v.Base = f.Number("base")
	}
	for month := 1; byMonth && month <= 12; month++ {
		v.Months = append(v.Months, month)
	}
	return v, nil
}

// draw makes the rows out of what stands in the form.
func (v *budgetFormView) draw(last []budget.Line) {
	was := budget.Version{Lines: last}
	for _, a := range v.chart {
		if a.Type != ledger.Income && a.Type != ledger.Expense {
			continue
		}
		if _, planned := v.holds.Of(a.ID); a.ClosedAt != nil && !planned {
			continue
		}
		_, sub := v.chart.Above(a)
		l, _ := was.Of(a.ID)
		row := plannedRow{Account: a, Sub: sub, Last: l.Amount, Plan: v.Label(planField(a.ID), "budgets.field.plan").Field(planField(a.ID))}
		for _, month := range v.Months {
			row.Months = append(row.Months, v.Label(monthField(a.ID, month), "budgets.field.month").Field(monthField(a.ID, month)))
		}
		if a.Type == ledger.Income {
			v.Income = append(v.Income, row)
		} else {
			v.Expense = append(v.Expense, row)
		}
	}
}

// put writes lines into the form.
func (v *budgetFormView) put(lines []budget.Line) {
	for _, l := range lines {
		v.Set(planField(l.Account), l.Amount.String())
		for n, m := range l.Months {
			if !m.IsZero() {
				v.Set(monthField(l.Account, n+1), m.String())
			}
		}
	}
}

// EditBudget is the table to write a budget in: the version that holds, last year's figures, or blank.
func (p *Pages) EditBudget(c *fiber.Ctx) error {
	v, err := p.budgetForm(c, page.BlankForm(c), c.Query("months") != "")
	if err != nil {
		return err
	}
	last, err := budget.FromActuals(c.UserContext(), p.DB, page.Of(c).Community.ID, v.ID, v.Year-1)
	if err != nil {
		return err
	}
	if v.put(v.holds.Lines); c.Query("from") == "last" {
		for _, l := range v.holds.Lines {
			v.Set(planField(l.Account))
		}
		v.put(last)
		v.Filled = page.Of(c).T("budgets.from_last", "year", v.Year-1)
	}
	v.draw(last)
	return page.Render(c, "desk/budget_edit", v)
}

// SaveBudget makes what stands in the table the version that holds.
func (p *Pages) SaveBudget(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.budgetForm(c, f, f.Bool("by_month"))
	if err != nil {
		return err
	}
	version := budget.Version{Fund: v.ID, Year: v.Year, Number: v.Base, Lines: v.read(c), Why: line(v.Text("why", 200))}
	if !v.AnyWrong() {
		err = p.act(c, "budget.save", "fund:"+v.Code, map[string]any{"year": v.Year}, func(tx *sqlx.Tx, who string) (err error) {
			version.By = who
			version, err = budget.Save(c.UserContext(), tx, page.Of(c).Community.ID, version)
			return err
		})
	}
	if errors.Is(err, budget.ErrChanged) {
		v.Wrong("why", "budgets.wrong.changed")
	}
	if v.AnyWrong() {
		last, err := budget.FromActuals(c.UserContext(), p.DB, page.Of(c).Community.ID, v.ID, v.Year-1)
		if err != nil {
			return err
		}
		v.draw(last)
		return page.Again(c, "desk/budget_edit", v)
	}
	return done(c, err, budgetPath(c.Params("year"), v.Code), "budgets.saved", "number", version.Number)
}

// read reads the table, and marks in it what has to be mended.
func (v *budgetFormView) read(c *fiber.Ctx) (lines []budget.Line) {
	for _, a := range v.chart {
		if a.Type != ledger.Income && a.Type != ledger.Expense {
			continue
		}
		name := a.Code + " " + a.Name(string(page.Of(c).Lang))
		l := budget.Line{Account: a.ID, Amount: v.amount(planField(a.ID), "budgets.field.plan", name)}
		if v.ByMonth {
			v.readMonths(&l, name)
		} else if was, ok := v.holds.Of(a.ID); ok && was.Amount.Equal(l.Amount) {
			l.Months = was.Months // nobody touched it
		}
		if l.Amount.Sign() > 0 {
			lines = append(lines, l)
		}
	}
	return lines
}

// readMonths reads twelve months: they are the year, and where it is typed too, they add up to it.
func (v *budgetFormView) readMonths(l *budget.Line, name string) {
	var sum money.Amount
	for month := 1; month <= 12; month++ {
		m := v.amount(monthField(l.Account, month), "budgets.field.month", name)
		l.Months, sum = append(l.Months, m), sum.Add(m)
	}
	switch {
	case sum.IsZero():
		l.Months = nil
	case l.Amount.IsZero():
		l.Amount = sum
	case !sum.Equal(l.Amount):
		v.Wrong(planField(l.Account), "budgets.wrong.months", "account", name, "sum", sum.Yuan())
	}
}

// amount reads a cell as a spreadsheet writes it: 1,200.00, ¥300; a blank one is zero.
func (v *budgetFormView) amount(field, label, name string) money.Amount {
	v.Label(field, label)
	typed := strings.NewReplacer(",", "", "，", "", "¥", "", "￥", "", " ", "").Replace(v.Typed(field))
	if typed == "" {
		return money.Zero
	}
	a, err := money.Parse(typed)
	if err != nil {
		v.Wrong(field, "budgets.wrong.amount", "account", name)
	}
	return a
}

// ReadBudget reads a table into the form. Nothing is saved yet.
func (p *Pages) ReadBudget(c *fiber.Ctx) error {
	name, data, file := readTable(c, "budgets.field")
	v, err := p.budgetForm(c, page.BlankForm(c), false)
	if err != nil {
		return err
	}
	last, err := budget.FromActuals(c.UserContext(), p.DB, page.Of(c).Community.ID, v.ID, v.Year-1)
	if err != nil {
		return err
	}
	v.File = file
	lines := v.holds.Lines
	if data != nil {
		var read []budget.Line
		if read, v.Problems = journalfile.ReadBudget(name, data, v.chart); len(v.Problems) == 0 {
			lines, v.Filled = read, page.Of(c).T("budgets.from_file", "count", len(read))
			v.byMonthIf(read)
		}
	}
	v.put(lines)
	v.draw(last)
	if file.AnyWrong() || len(v.Problems) > 0 {
		return page.Again(c, "desk/budget_edit", v)
	}
	return page.Render(c, "desk/budget_edit", v)
}

// byMonthIf shows twelve columns where some line has them.
func (v *budgetFormView) byMonthIf(lines []budget.Line) {
	for _, l := range lines {
		if len(l.Months) > 0 && !v.ByMonth {
			v.ByMonth = true
			for month := 1; month <= 12; month++ {
				v.Months = append(v.Months, month)
			}
		}
	}
}
