package budget

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// What budgets refuse.
var (
	ErrNotFound  = errors.New("budget: not found")
	ErrNoReason  = errors.New("budget: a version needs a reason")
	ErrNotBudget = errors.New("budget: only income and expense accounts are planned, each once, with an amount above 0.00")
	ErrMonths    = errors.New("budget: the twelve months do not add up to the year")
	ErrChanged   = errors.New("budget: somebody has changed it meanwhile")
	ErrTooLittle = errors.New("budget: the plan does not leave that much")
	ErrCommitted = errors.New("budget: this source is committed already")
)

func wrap(err *error, verb string, args ...any) {
	if *err == nil {
		return
	}
	if errors.Is(*err, sql.ErrNoRows) {
		*err = errors.Join(ErrNotFound, *err)
	}
	*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), ledger.Explain(*err))
}

// Version is a fund's budget of a year, as it was at one time.
type Version struct {
	Fund   int       `db:"fund_id"`
	Year   int       `db:"year"`
	Number int       `db:"version"` // from 1; 0: there is none
	Why    string    `db:"why"`
	By     string    `db:"made_by"`
	At     time.Time `db:"made_at"`
	Lines  []Line    `db:"-"` // by the accounts' codes
}

// Line plans one account of income or expense, on the side where it is at home.
type Line struct {
	Account int
	Amount  money.Amount   // of the year
	Months  []money.Amount // twelve that add up to Amount, or none
}

// Of is the plan of an account; ok is false where the version has no line of it.
func (v Version) Of(account int) (Line, bool) {
	i := slices.IndexFunc(v.Lines, func(l Line) bool { return l.Account == account })
	if i < 0 {
		return Line{}, false
	}
	return v.Lines[i], true
}

// Covering is the line that covers an account: its own, or that of the nearest
// account above it.
func (v Version) Covering(chart ledger.Accounts, account int) (Line, bool) {
	a, ok := chart.ID(account)
	for ok {
		if l, found := v.Of(a.ID); found {
			return l, true
		}
		a, ok = chart.Above(a)
	}
	return Line{}, false
}

// Sum is what the version plans for all accounts of a type.
func (v Version) Sum(chart ledger.Accounts, of ledger.AccountType) (sum money.Amount) {
	for _, l := range v.Lines {
		if a, ok := chart.ID(l.Account); ok && a.Type == of {
			sum = sum.Add(l.Amount)
		}
	}
	return sum
}

// Save makes a version the one that holds. v.Number is that of the version it
// was made from (0: none); ErrChanged where that holds no longer. It returns
// the version with its number. ErrNotBudget, ErrMonths, ErrNoReason.
func Save(ctx context.Context, tx *sqlx.Tx, community int, v Version) (_ Version, err error) {
	defer wrap(&err, "budget.Save(%d, %d, %d)", community, v.Fund, v.Year)
	if v.Why = strings.TrimSpace(v.Why); v.Why == "" {
		return v, ErrNoReason
	}
	chart, err := ledger.ListAccounts(ctx, tx, community)
	if err != nil {
		return v, err
	}
	if err = v.validate(chart); err != nil {
		return v, err
	}
	holds, err := lock(ctx, tx, community, v.Fund, v.Year)
	if err != nil {
		return v, err
	}
	if holds != v.Number {
		return v, ErrChanged
	}
	v.Number++
	_, err = tx.ExecContext(ctx, `UPDATE budget.year SET version = $4 WHERE community_id = $1 AND fund_id = $2 AND year = $3`, community, v.Fund, v.Year, v.Number)
	if err != nil {
		return v, err
	}
	err = tx.GetContext(ctx, &v.At, `
		INSERT INTO budget.version (community_id, fund_id, year, version, why, made_by) VALUES ($1, $2, $3, $4, $5, $6) RETURNING made_at`,
		community, v.Fund, v.Year, v.Number, v.Why, v.By)
	if err != nil {
		return v, err
	}
	for _, l := range v.Lines {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO budget.line (community_id, fund_id, year, version, account_id, amount, months) VALUES ($1, $2, $3, $4, $5, $6, $7::numeric[])`,
			community, v.Fund, v.Year, v.Number, l.Account, l.Amount, monthsArg(l.Months))
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

func monthsArg(months []money.Amount) any {
	if len(months) == 0 {
		return nil
	}
	texts := make(pq.StringArray, len(months))
	for i, m := range months {
		texts[i] = m.String()
	}
	return texts
}

func (v Version) validate(chart ledger.Accounts) error {
	seen := map[int]bool{}
	for _, l := range v.Lines {
		a, ok := chart.ID(l.Account)
		if !ok || a.Type != ledger.Income && a.Type != ledger.Expense || l.Amount.Sign() <= 0 || seen[l.Account] {
			return ErrNotBudget
		}
		seen[l.Account] = true
		if len(l.Months) == 0 {
			continue
		}
		var sum money.Amount
		for _, m := range l.Months {
			if m.Sign() < 0 {
				return ErrMonths
			}
			sum = sum.Add(m)
		}
		if len(l.Months) != 12 || !sum.Equal(l.Amount) {
			return ErrMonths
		}
	}
	return nil
}

// lock makes the fund's year a row of its own, takes it until the database
// transaction ends, and says which version holds.
func lock(ctx context.Context, tx *sqlx.Tx, community, fund, year int) (holds int, err error) {
	_, err = tx.ExecContext(ctx, `INSERT INTO budget.year (community_id, fund_id, year) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, community, fund, year)
	if err != nil {
		return 0, err
	}
	err = tx.GetContext(ctx, &holds, `SELECT version FROM budget.year WHERE community_id = $1 AND fund_id = $2 AND year = $3 FOR UPDATE`, community, fund, year)
	return holds, err
}

// lineRow is a line as it is stored.
type lineRow struct {
	Fund    int            `db:"fund_id"`
	Account int            `db:"account_id"`
	Amount  money.Amount   `db:"amount"`
	Months  pq.StringArray `db:"months"`
}

func (r lineRow) line() (l Line, err error) {
	l = Line{Account: r.Account, Amount: r.Amount}
	for _, text := range r.Months {
		m, err := money.Parse(text)
		if err != nil {
			return l, err
		}
		l.Months = append(l.Months, m)
	}
	return l, nil
}

const selectLine = `
	SELECT l.fund_id, l.account_id, l.amount, l.months::text[] AS months
	  FROM budget.line l JOIN ledger.account a ON a.community_id = l.community_id AND a.id = l.account_id
	 WHERE l.community_id = $1`

// Current reads the version that holds; one with the Number 0 and no lines where
// none was made.
func Current(ctx context.Context, q sqlx.QueryerContext, community, fund, year int) (v Version, err error) {
	defer wrap(&err, "budget.Current(%d, %d, %d)", community, fund, year)
	var number int
	err = sqlx.GetContext(ctx, q, &number, `SELECT version FROM budget.year WHERE community_id = $1 AND fund_id = $2 AND year = $3`, community, fund, year)
	if errors.Is(err, sql.ErrNoRows) || err == nil && number == 0 {
		return Version{Fund: fund, Year: year}, nil
	}
	if err != nil {
		return v, err
	}
	return At(ctx, q, community, fund, year, number)
}

// At reads one version by its number; ErrNotFound.
func At(ctx context.Context, q sqlx.QueryerContext, community, fund, year, number int) (v Version, err error) {
	defer wrap(&err, "budget.At(%d, %d, %d, %d)", community, fund, year, number)
	err = sqlx.GetContext(ctx, q, &v, selectVersion+` AND version = $4`, community, fund, year, number)
	if err != nil {
		return v, err
	}
	var rows []lineRow
	err = sqlx.SelectContext(ctx, q, &rows, selectLine+` AND l.fund_id = $2 AND l.year = $3 AND l.version = $4 ORDER BY a.code`, community, fund, year, number)
	for _, r := range rows {
		l, err := r.line()
		if err != nil {
			return v, err
		}
		v.Lines = append(v.Lines, l)
	}
	return v, err
}

const selectVersion = `
	SELECT fund_id, year, version, why, made_by, made_at FROM budget.version WHERE community_id = $1 AND fund_id = $2 AND year = $3`

// History reads the versions of a fund's year without their lines, the newest
// first.
func History(ctx context.Context, q sqlx.QueryerContext, community, fund, year int) (vs []Version, err error) {
	defer wrap(&err, "budget.History(%d, %d, %d)", community, fund, year)
	err = sqlx.SelectContext(ctx, q, &vs, selectVersion+` ORDER BY version DESC`, community, fund, year)
	return vs, err
}

// FromActuals is what a fund took and spent in a year, as the lines of a budget:
// what next year's begins with.
func FromActuals(ctx context.Context, q sqlx.QueryerContext, community, fund, year int) (lines []Line, err error) {
	defer wrap(&err, "budget.FromActuals(%d, %d, %d)", community, fund, year)
	rows, err := ledger.Balances(ctx, q, community, ledger.Day(year, time.January, 1), ledger.Day(year, time.December, 31))
	for _, r := range rows {
		amount := r.AccountType.AtHome(r.Turnover())
		if r.FundID == fund && (r.AccountType == ledger.Income || r.AccountType == ledger.Expense) && amount.Sign() > 0 {
			lines = append(lines, Line{Account: r.AccountID, Amount: amount})
		}
	}
	return lines, err
}
