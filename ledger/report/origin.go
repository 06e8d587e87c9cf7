package report

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// FundOrigin is whose money a fund had in a year. Opening + In − Passed − Spent = Closing in total; origin by origin too,
// unless something was given back or spent ahead, which what is there covers.
type FundOrigin struct {
	FundID  int `json:"fund"`
	Opening Mix `json:"opening"`
	In      Mix `json:"in"`     // its own income, and what other funds passed on to it
	Passed  Mix `json:"passed"` // to other funds
	Spent   Mix `json:"spent"`
	Closing Mix `json:"closing"`
}

// Origins tells for every fund whose money it had and spent in a calendar year, by fund.
//
// Income has its origin by its account: gifts, subsidies and so on; what a venture takes, or a till, is earned, whatever the account.
// Money in a fund is mixed: all that stood there and came in during the year counts as one pot, and what the fund spends or
// passes on is of each origin in proportion, to the fen by largest remainder. What two funds passed to and fro in a year
// counts as what one of them was left with. Loans between funds are nobody's income and do not count.
func Origins(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, year int) (list []FundOrigin, err error) {
	defer wrap(&err, "Origins", c)
	funds, err := ledger.ListFunds(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	p := pouring{funds: map[int]ledger.Fund{}, accounts: accounts, years: map[int]*pouredYear{}}
	for _, f := range funds {
		p.funds[f.ID] = f
	}
	if err = p.readTurnover(ctx, q, c.ID, year); err != nil {
		return nil, err
	}
	if err = p.readSold(ctx, q, c.ID, year); err != nil {
		return nil, err
	}
	if err = p.readTransfers(ctx, q, c.ID, year); err != nil {
		return nil, err
	}
	stands := map[int]Mix{}
	for _, y := range slices.Sorted(maps.Keys(p.years)) {
		list = p.years[y].pour(stands)
		for _, o := range list {
			stands[o.FundID] = o.Closing
		}
		if y != year {
			list = nil
		}
	}
	return list, nil
}

// pouring follows money from fund to fund, a year at a time.
type pouring struct {
	funds    map[int]ledger.Fund
	accounts ledger.Accounts
	years    map[int]*pouredYear
}

type pouredYear struct {
	in     map[int]Mix          // income, by fund
	spent  map[int]money.Amount // by fund
	passed passes
}

func (p pouring) year(n int) *pouredYear {
	if p.years[n] == nil {
		p.years[n] = &pouredYear{map[int]Mix{}, map[int]money.Amount{}, passes{}}
	}
	return p.years[n]
}

func (p pouring) readTurnover(ctx context.Context, q sqlx.QueryerContext, community, until int) error {
	var rows []struct {
		Year      int          `db:"year"`
		FundID    int          `db:"fund_id"`
		AccountID int          `db:"account_id"`
		Amount    money.Amount `db:"amount"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT extract(year FROM b.month)::int AS year, b.fund_id, b.account_id, sum(b.credit - b.debit) AS amount
		  FROM ledger.turnover b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		 WHERE b.community_id = $1 AND b.month <= $2 AND a.type IN ('income', 'expense')
		 GROUP BY 1, 2, 3`, community, ledger.Day(until, time.December, 1).Format(time.DateOnly))
	for _, r := range rows {
		y, a := p.year(r.Year), p.accountOf(r.AccountID)
		if a.Type == ledger.Expense {
			y.spent[r.FundID] = y.spent[r.FundID].Sub(r.Amount)
			continue
		}
		in := y.in[r.FundID]
		origin := p.origin(&in, p.funds[r.FundID], a)
		*origin = origin.Add(r.Amount)
		y.in[r.FundID] = in
	}
	p.year(until)
	return err
}

// readSold finds what tills took for services, tickets of a gala say, and calls it earned.
func (p pouring) readSold(ctx context.Context, q sqlx.QueryerContext, community, until int) error {
	head, ok := p.accounts.By(ledger.ServiceIncome)
	if !ok {
		return nil // a chart of its own, without such an account
	}
	var rows []struct {
		Year   int          `db:"year"`
		FundID int          `db:"fund_id"`
		Amount money.Amount `db:"amount"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT extract(year FROM p.entry_date)::int AS year, p.fund_id, -sum(p.amount) AS amount
		  FROM ledger.account a
		  JOIN ledger.fund f ON f.community_id = a.community_id AND f.kind <> 'venture'
		  JOIN ledger.posting p ON p.community_id = a.community_id AND p.account_id = a.id AND p.fund_id = f.id AND p.entry_date <= $3
		  JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq
		  LEFT JOIN ledger.journal_entry o ON o.community_id = e.community_id AND o.seq = e.reverses_seq
		 WHERE a.community_id = $1 AND a.type = 'income' AND a.code LIKE $2 || '%' AND coalesce(o.kind, e.kind) IN ('sale', 'sale_refund', 'takings')
		 GROUP BY 1, 2`, community, head.Code, ledger.Day(until, time.December, 31).Format(time.DateOnly))
	for _, r := range rows {
		y := p.year(r.Year)
		in := y.in[r.FundID]
		in.Served, in.Earned = in.Served.Sub(r.Amount), in.Earned.Add(r.Amount)
		y.in[r.FundID] = in
	}
	return err
}

func (p pouring) accountOf(id int) ledger.Account {
	a, _ := p.accounts.ID(id)
	return a
}

// origin is the part of a mix that an account of income adds to.
func (p pouring) origin(m *Mix, fund ledger.Fund, a ledger.Account) *money.Amount {
	under := func(purpose ledger.Purpose) bool {
		head, ok := p.accounts.By(purpose)
		return ok && strings.HasPrefix(a.Code, head.Code)
	}
	switch {
	case under(ledger.SubsidyIncome):
		return &m.Granted
	case under(ledger.DonationIncome):
		return &m.Given
	case fund.Kind == ledger.VentureFund, under(ledger.SalesIncome):
		return &m.Earned
	case under(ledger.ServiceIncome):
		return &m.Served
	}
	return &m.Other
}

// readTransfers reads what went between funds through their net assets. An entry between two funds, the usual kind, is
// added up by the database.
func (p pouring) readTransfers(ctx context.Context, q sqlx.QueryerContext, community, until int) error {
	var net []int
	for _, a := range p.accounts {
		if a.Type == ledger.NetAssets {
			net = append(net, a.ID)
		}
	}
	var rows []struct {
		Year   int          `db:"year"`
		Seq    int64        `db:"seq"`   // 0 for what is added up
		Giver  int          `db:"giver"` // of what is added up
		FundID int          `db:"fund_id"`
		Amount money.Amount `db:"amount"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT y AS year, CASE WHEN pair THEN 0 ELSE seq END AS seq, CASE WHEN pair THEN giver ELSE 0 END AS giver, fund_id, sum(amount) AS amount
		  FROM (SELECT m.*, count(*) OVER w = 2 AND sum(amount) OVER w = 0 AS pair, first_value(fund_id) OVER (PARTITION BY seq ORDER BY amount) AS giver
		          FROM (SELECT p.seq, extract(year FROM p.entry_date)::int AS y, p.fund_id, -sum(p.amount) AS amount
		                  FROM ledger.posting p JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq AND e.kind <> 'year_end'
		                 WHERE p.community_id = $1 AND p.account_id = ANY ($2) AND p.entry_date <= $3
		                 GROUP BY 1, 2, 3 HAVING sum(p.amount) <> 0) m
		        WINDOW w AS (PARTITION BY seq)) x
		 WHERE NOT pair OR amount > 0 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
		community, pq.Array(net), ledger.Day(until, time.December, 31).Format(time.DateOnly))
	if err != nil {
		return err
	}
	for i := 0; i < len(rows); {
		if r := rows[i]; r.Seq == 0 {
			p.year(r.Year).passed.add(r.Giver, r.FundID, r.Amount)
			i++
			continue
		}
		moved := map[int]money.Amount{}
		year, seq := rows[i].Year, rows[i].Seq
		for ; i < len(rows) && rows[i].Seq == seq; i++ {
			moved[rows[i].FundID] = rows[i].Amount
		}
		p.year(year).passed.divide(moved)
	}
	return nil
}

// pour takes the year's money from fund to fund: a fund passes on when all that comes to it has come. In a ring of funds
// the one with the smallest number begins.
func (y *pouredYear) pour(stands map[int]Mix) (list []FundOrigin) {
	of := map[int]*FundOrigin{}
	at := func(fund int) *FundOrigin {
		if of[fund] == nil {
			of[fund] = &FundOrigin{FundID: fund, Opening: stands[fund]}
		}
		return of[fund]
	}
	for fund := range stands {
		at(fund)
	}
	for fund, in := range y.in {
		at(fund).In = in
	}
	for fund := range y.spent {
		at(fund)
	}
	gives, waits := map[int]map[int]money.Amount{}, map[int]int{}
	for pair, a := range y.passed {
		from, to := pair[0], pair[1]
		if a.Sign() < 0 {
			from, to, a = to, from, a.Neg()
		}
		switch {
		case a.IsZero():
			continue
		case from == outside:
			in := at(to).In
			in.Before = in.Before.Add(a)
			at(to).In = in
			continue
		case gives[from] == nil:
			gives[from] = map[int]money.Amount{}
		}
		at(from)
		gives[from][to] = a
		if to != outside {
			at(to)
			waits[to]++
		}
	}
	late := map[int]Mix{} // came to a fund of a ring after it had passed on
	for left := slices.Sorted(maps.Keys(of)); len(left) > 0; {
		i := max(0, slices.IndexFunc(left, func(fund int) bool { return waits[fund] == 0 }))
		o := of[left[i]]
		left = slices.Delete(left, i, i+1)
		had := o.Opening.Add(o.In).settle()
		for _, to := range slices.Sorted(maps.Keys(gives[o.FundID])) {
			part := had.take(gives[o.FundID][to])
			o.Passed = o.Passed.Add(part)
			if to == outside {
				continue
			}
			waits[to]--
			of[to].In = of[to].In.Add(part)
			if !slices.Contains(left, to) {
				late[to] = late[to].Add(part)
			}
		}
		if spent := y.spent[o.FundID]; spent.Sign() < 0 { // more was given back than spent
			had.Before, o.Spent.Before = had.Before.Sub(spent), spent
		} else {
			o.Spent = had.take(spent)
		}
		o.Closing = had
	}
	for _, fund := range slices.Sorted(maps.Keys(of)) {
		o := of[fund]
		o.Closing = o.Closing.Add(late[fund]).settle()
		list = append(list, *o)
	}
	return list
}
