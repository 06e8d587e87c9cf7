package desk

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

const budgetsPath = "/desk/budgets"

// What the refusals of budgets mean where no form says it beside a field.
func init() {
	page.Meaning(budget.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(budget.ErrTooLittle, fiber.StatusConflict, "error.budget_too_little")
}

// budgetsView is a year's budgets, fund by fund.
type budgetsView struct {
	Year    int
	Years   []int
	Funds   []budgetFund
	Without []ledger.Fund // that hold money, or moved
	Total   budgetSums
	MayPlan bool
}

type budgetFund struct {
	ledger.Fund
	budgetSums
	At  time.Time
	Who string
}

// budgetSums are what expenses of a fund, or of all, come to.
type budgetSums struct{ Planned, Committed, Spent money.Amount }

// Left is what may still be spent.
func (s budgetSums) Left() money.Amount { return s.Planned.Sub(s.Committed).Sub(s.Spent) }

func (s *budgetSums) add(r budget.Row) {
	if r.Type == ledger.Expense {
		s.Planned, s.Committed, s.Spent = s.Planned.Add(r.Planned), s.Committed.Add(r.Committed), s.Spent.Add(r.Spent)
	}
}

// yearHere is the year of the address, this year where it names none.
func (p *Pages) yearHere(c *fiber.Ctx, text string) int {
	if year, err := strconv.Atoi(text); err == nil && year >= 1990 && year <= 2200 {
		return year
	}
	return page.Of(c).Local(p.Now()).Year()
}

// Budgets lists the budgets of a year.
func (p *Pages) Budgets(c *fiber.Ctx) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	v := budgetsView{Year: p.yearHere(c, c.Query("year")), MayPlan: can(c, auth.ManageAccounts)}
	now := page.Of(c).Local(p.Now()).Year()
	for year := min(v.Year, now) - 1; year <= max(v.Year, now)+1; year++ {
		v.Years = append(v.Years, year)
	}
	standing, err := budget.List(ctx, p.DB, here, v.Year)
	if err != nil {
		return err
	}
	rows, err := budget.Compare(ctx, p.DB, here, v.Year, ledger.Day(v.Year, time.December, 31))
	if err != nil {
		return err
	}
	funds, err := ledger.ListFunds(ctx, p.DB, here)
	if err != nil {
		return err
	}
	who, err := p.posters(c)
	if err != nil {
		return err
	}
	v.fill(funds, standing, rows, who)
	return page.Render(c, "desk/budgets", v)
}

func (v *budgetsView) fill(funds []ledger.Fund, standing []budget.Standing, rows []budget.Row, who func(string) string) {
	plans := map[int]budget.Standing{}
	for _, s := range standing {
		plans[s.Fund] = s
	}
	for _, f := range funds {
		s, planned := plans[f.ID]
		if !planned {
			if f.ClosedAt == nil && (f.ID == ledger.GeneralFundID || !f.NetAssets.IsZero()) {
				v.Without = append(v.Without, f)
			}
			continue
		}
		line := budgetFund{Fund: f, At: s.At, Who: who(s.By)}
		for _, r := range rows {
			if r.Fund == f.ID {
				line.add(r)
				v.Total.add(r)
			}
		}
		v.Funds = append(v.Funds, line)
	}
}

// budgetView is one fund's budget of a year beside what became of it.
type budgetView struct {
	ledger.Fund
	Year    int
	Version budget.Version
	Holds   bool // it is the version that holds
	Income  []comparedRow
	Expense []comparedRow
	In, Out comparedRow
	History []budget.Version
	Who     func(string) string
	MayPlan bool
}

type comparedRow struct {
	budget.Row
	Code, Name string
	Months     []money.Amount
}

// budgetHere is the fund and the year that the address names.
func (p *Pages) budgetHere(c *fiber.Ctx) (fund ledger.Fund, year int, err error) {
	if year, err = strconv.Atoi(c.Params("year")); err != nil || year < 1990 || year > 2200 {
		return fund, year, page.ErrNotFound
	}
	fund, err = p.fundHere(c)
	return fund, year, err
}

// Budget shows one fund's budget of a year.
func (p *Pages) Budget(c *fiber.Ctx) error {
	fund, year, err := p.budgetHere(c)
	if err != nil {
		return err
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	v := budgetView{Fund: fund, Year: year, Holds: true, MayPlan: can(c, auth.ManageAccounts) && fund.ClosedAt == nil}
	if v.Version, err = budget.Current(ctx, p.DB, here, fund.ID, year); err != nil {
		return err
	}
	if c.Params("version") != "" {
		n, err := page.Number(c, "version")
		if err != nil {
			return err
		}
		if v.Holds = n == v.Version.Number; !v.Holds {
			if v.Version, err = budget.At(ctx, p.DB, here, fund.ID, year, n); err != nil {
				return err
			}
		}
	}
	if v.History, err = budget.History(ctx, p.DB, here, fund.ID, year); err != nil {
		return err
	}
	if v.Who, err = p.posters(c); err != nil {
		return err
	}
	if err := p.budgetRows(c, &v); err != nil {
		return err
	}
	return page.Render(c, "desk/budget", v)
}

// budgetRows fills in the rows: of the version that holds, with what became of it; of an older one, what it planned.
func (p *Pages) budgetRows(c *fiber.Ctx, v *budgetView) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	chart, err := ledger.ListAccounts(ctx, p.DB, here)
	if err != nil {
		return err
	}
	var rows []budget.Row
	if v.Holds {
		rows, err = budget.CompareFund(ctx, p.DB, here, v.ID, v.Year, page.Of(c).Local(p.Now()))
	} else {
		for _, l := range v.Version.Lines {
			a, _ := chart.ID(l.Account)
			rows = append(rows, budget.Row{Account: l.Account, Type: a.Type, Planned: l.Amount, HasLine: true})
		}
	}
	for _, r := range rows {
		a, _ := chart.ID(r.Account)
		row := comparedRow{Row: r, Code: a.Code, Name: a.Name(string(page.Of(c).Lang))}
		if l, ok := v.Version.Of(a.ID); ok {
			row.Months = l.Months
		}
		list, sum := &v.Expense, &v.Out
		if a.Type == ledger.Income {
			list, sum = &v.Income, &v.In
		}
		*list = append(*list, row)
		sum.Planned, sum.SoFar, sum.Committed, sum.Spent = sum.Planned.Add(r.Planned), sum.SoFar.Add(r.SoFar), sum.Committed.Add(r.Committed), sum.Spent.Add(r.Spent)
	}
	return err
}

// ToBudget sends whoever reloads the address of a budget's form back to it.
func (p *Pages) ToBudget(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(budgetPath(c.Params("year"), c.Params("fund"))), fiber.StatusSeeOther)
}

func budgetPath(year, fund string) string { return budgetsPath + "/" + year + "/" + fund }
