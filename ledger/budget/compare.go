package budget

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Row is a plan beside what became of it: one account of one fund in a year.
// Amounts stand on the side where the account is at home.
type Row struct {
	Fund, Account int // the account whose line it is, or, unplanned, that moved
	Type          ledger.AccountType
	Planned       money.Amount // of the year; zero where nothing was planned
	SoFar         money.Amount // of Planned, the months up to the one asked for; evenly, where no months were planned
	Committed     money.Amount // promised, not yet spent
	Spent         money.Amount // of income: received
	HasLine       bool         // somebody planned it; false where it moved without a plan
}

// Left is what may still be spent, or is still expected: less than zero where
// the plan is overrun.
func (r Row) Left() money.Amount { return r.Planned.Sub(r.Committed).Sub(r.Spent) }

// Overrun reports an expense beyond its plan.
func (r Row) Overrun() bool { return r.Type == ledger.Expense && r.HasLine && r.Left().Sign() < 0 }

// Compare holds the budgets of a year against the books up to the month of
// through, a row a line, and a row for each account that moved without one in a
// fund that has a budget: by fund, then by code.
func Compare(ctx context.Context, q sqlx.QueryerContext, community, year int, through time.Time) (rows []Row, err error) {
	defer wrap(&err, "budget.Compare(%d, %d)", community, year)
	c, err := compare(ctx, q, community, year, 0, through)
	if err != nil {
		return nil, err
	}
	return c.sorted(), nil
}

// CompareFund does the same for one fund.
func CompareFund(ctx context.Context, q sqlx.QueryerContext, community, fund, year int, through time.Time) (rows []Row, err error) {
	defer wrap(&err, "budget.CompareFund(%d, %d, %d)", community, fund, year)
	c, err := compare(ctx, q, community, year, fund, through)
	if err != nil {
		return nil, err
	}
	return c.sorted(), nil
}

// compare gathers the rows of a fund, or (0) of all.
func compare(ctx context.Context, q sqlx.QueryerContext, community, year, fund int, through time.Time) (c *comparing, err error) {
	chart, err := ledger.ListAccounts(ctx, q, community)
	if err != nil {
		return nil, err
	}
	plans, err := plansOf(ctx, q, community, year, fund)
	if err != nil {
		return nil, err
	}
	c = &comparing{chart: chart, plans: plans, at: map[[2]int]int{}}
	for _, v := range plans {
		for _, l := range v.Lines {
			a, _ := chart.ID(l.Account)
			row := c.row(v.Fund, a)
			row.Planned, row.SoFar, row.HasLine = l.Amount, soFar(l, year, through), true
		}
	}
	first, last := ledger.Day(year, time.January, 1), ledger.Day(year, time.December, 31)
	if through.Before(last) {
		last = through
	}
	balances, err := ledger.Balances(ctx, q, community, first, last)
	if err != nil {
		return nil, err
	}
	for _, b := range balances {
		if planned := b.AccountType == ledger.Income || b.AccountType == ledger.Expense; !planned || last.Before(first) || b.Turnover().IsZero() {
			continue
		}
		if row := c.covering(b.FundID, b.AccountID); row != nil {
			row.Spent = row.Spent.Add(b.AccountType.AtHome(b.Turnover()))
		}
	}
	promised, err := openCommitments(ctx, q, community, year, fund)
	for _, p := range promised {
		if row := c.covering(p.Fund, p.Account); row != nil {
			row.Committed = row.Committed.Add(p.Amount)
		}
	}
	return c, err
}

// comparing gathers rows.
type comparing struct {
	chart ledger.Accounts
	plans map[int]Version // by fund
	rows  []Row
	at    map[[2]int]int
}

func (c *comparing) row(fund int, a ledger.Account) *Row {
	i, ok := c.at[[2]int{fund, a.ID}]
	if !ok {
		i = len(c.rows)
		c.at[[2]int{fund, a.ID}] = i
		c.rows = append(c.rows, Row{Fund: fund, Account: a.ID, Type: a.Type})
	}
	return &c.rows[i]
}

// covering is the row in which an account counts; nil where the fund has no budget.
func (c *comparing) covering(fund, account int) *Row {
	v, ok := c.plans[fund]
	if !ok {
		return nil
	}
	if l, ok := v.Covering(c.chart, account); ok {
		account = l.Account
	}
	a, _ := c.chart.ID(account)
	return c.row(fund, a)
}

func (c *comparing) sorted() []Row {
	place := make(map[int]int, len(c.chart))
	for i, a := range c.chart {
		place[a.ID] = i
	}
	slices.SortFunc(c.rows, func(x, y Row) int {
		if x.Fund != y.Fund {
			return x.Fund - y.Fund
		}
		return place[x.Account] - place[y.Account]
	})
	return c.rows
}

// soFar is the part of a line's plan that falls on the months up to through.
func soFar(l Line, year int, through time.Time) money.Amount {
	months := (through.Year()-year)*12 + int(through.Month())
	switch {
	case months <= 0:
		return money.Zero
	case months >= 12:
		return l.Amount
	case len(l.Months) == 12:
		var sum money.Amount
		for _, m := range l.Months[:months] {
			sum = sum.Add(m)
		}
		return sum
	}
	return money.FromFen(l.Amount.Fen() * int64(months) / 12)
}

// plansOf reads the versions that hold, by fund; of one fund, or (0) of all.
func plansOf(ctx context.Context, q sqlx.QueryerContext, community, year, fund int) (map[int]Version, error) {
	var held []struct {
		Fund    int `db:"fund_id"`
		Version int `db:"version"`
	}
	err := sqlx.SelectContext(ctx, q, &held, `
		SELECT fund_id, version FROM budget.year WHERE community_id = $1 AND year = $2 AND $3 IN (0, fund_id) AND version > 0`, community, year, fund)
	if err != nil {
		return nil, err
	}
	plans := make(map[int]Version, len(held))
	for _, h := range held {
		plans[h.Fund] = Version{Fund: h.Fund, Year: year, Number: h.Version}
	}
	var rows []lineRow
	err = sqlx.SelectContext(ctx, q, &rows, selectLine+` AND l.year = $2 AND $3 IN (0, l.fund_id)
		   AND l.version = (SELECT y.version FROM budget.year y WHERE y.community_id = l.community_id AND y.fund_id = l.fund_id AND y.year = l.year)
		 ORDER BY l.fund_id, a.code`, community, year, fund)
	for _, r := range rows {
		l, err := r.line()
		if err != nil {
			return nil, err
		}
		v := plans[r.Fund]
		v.Lines = append(v.Lines, l)
		plans[r.Fund] = v
	}
	return plans, err
}

// Standing is a fund's budget in a list of a year's.
type Standing struct {
	Fund    int       `db:"fund_id"`
	Version int       `db:"version"`
	By      string    `db:"made_by"`
	At      time.Time `db:"made_at"`
}

// List reads which funds have a budget in a year.
func List(ctx context.Context, q sqlx.QueryerContext, community, year int) (all []Standing, err error) {
	defer wrap(&err, "budget.List(%d, %d)", community, year)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT y.fund_id, y.version, v.made_by, v.made_at
		  FROM budget.year y JOIN budget.version v ON v.community_id = y.community_id AND v.fund_id = y.fund_id AND v.year = y.year AND v.version = y.version
		 WHERE y.community_id = $1 AND y.year = $2 ORDER BY y.fund_id`, community, year)
	return all, err
}
