package budget

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Room is what a fund's budget leaves for an account.
type Room struct {
	Budgeted bool // the fund has a budget that year; without one, only its money is the limit
	Line     int  // the account whose line covers it; 0: nobody planned it
	Row
}

// Enough reports whether the budget leaves an amount, or is none.
func (r Room) Enough(amount money.Amount) bool { return !r.Budgeted || r.Left().Cmp(amount) >= 0 }

// Available reads what a fund's budget leaves for an account in a year, all
// twelve months of it.
func Available(ctx context.Context, q sqlx.QueryerContext, community, fund, account, year int) (room Room, err error) {
	defer wrap(&err, "budget.Available(%d, %d, %d, %d)", community, fund, account, year)
	c, err := compare(ctx, q, community, year, fund, ledger.Day(year, time.December, 31))
	if err != nil {
		return room, err
	}
	row := c.covering(fund, account)
	if row == nil {
		return room, nil
	}
	room = Room{Budgeted: true, Row: *row}
	if row.HasLine {
		room.Line = row.Account
	}
	return room, nil
}

// Commitment is money promised and not yet spent. Amount is above 0.00.
type Commitment struct {
	Source  string       `db:"source"` // idempotency key: `payment_request:0199…`
	Fund    int          `db:"fund_id"`
	Account int          `db:"account_id"`
	Year    int          `db:"year"`
	Amount  money.Amount `db:"amount"`
}

// Commit promises money out of a fund's budget. Two at once are put into one
// order. One that was released (its payment was undone) may be made again.
// ErrTooLittle where the budget does not leave that much, ErrCommitted for a
// source that is committed already.
func Commit(ctx context.Context, tx *sqlx.Tx, community int, c Commitment) (err error) {
	defer wrap(&err, "budget.Commit(%d, %s)", community, c.Source)
	if _, err = lock(ctx, tx, community, c.Fund, c.Year); err != nil {
		return err
	}
	room, err := Available(ctx, tx, community, c.Fund, c.Account, c.Year)
	if err != nil {
		return err
	}
	if !room.Enough(c.Amount) {
		return ErrTooLittle
	}
	result, err := tx.ExecContext(ctx, `
		INSERT INTO budget.commitment AS old (community_id, source, fund_id, account_id, year, amount) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (community_id, source) DO UPDATE SET released_at = NULL
		 WHERE old.released_at IS NOT NULL AND (old.fund_id, old.account_id, old.year, old.amount) = ($3, $4, $5, $6)`,
		community, c.Source, c.Fund, c.Account, c.Year, c.Amount)
	return touched(result, err, ErrCommitted)
}

// Release ends a commitment: it was spent, declined or withdrawn. Twice is no
// harm; ErrNotFound where there never was one.
func Release(ctx context.Context, tx *sqlx.Tx, community int, source string) (err error) {
	defer wrap(&err, "budget.Release(%d, %s)", community, source)
	result, err := tx.ExecContext(ctx, `
		UPDATE budget.commitment SET released_at = coalesce(released_at, now()) WHERE community_id = $1 AND source = $2`, community, source)
	return touched(result, err, ErrNotFound)
}

// touched turns "no row was touched" into the error that it means.
func touched(result sql.Result, err, none error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, none)
	}
	return nil
}

// openCommitments reads what is promised in a year; of one fund, or (0) of all.
func openCommitments(ctx context.Context, q sqlx.QueryerContext, community, year, fund int) (open []Commitment, err error) {
	err = sqlx.SelectContext(ctx, q, &open, `
		SELECT source, fund_id, account_id, year, amount FROM budget.commitment
		 WHERE community_id = $1 AND year = $2 AND $3 IN (0, fund_id) AND released_at IS NULL`, community, year, fund)
	return open, err
}
