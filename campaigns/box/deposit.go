package box

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
)

// Unbanked reads the opened rounds whose money lies in the safe.
func Unbanked(ctx context.Context, q sqlx.QueryerContext, community int) (rounds []Round, err error) {
	defer wrap(&err, "box.Unbanked(%d)", community)
	err = sqlx.SelectContext(ctx, q, &rounds, `SELECT `+roundColumns+` FROM box.round
		WHERE community_id = $1 AND opened_at IS NOT NULL AND amount > 0 AND deposit_id IS NULL ORDER BY opened_at, box_id`, community)
	return rounds, err
}

// inSafe are the rounds whose money lies in the safe, with their campaigns.
const inSafe = `
		  FROM box.round r
		  JOIN box.box b ON b.community_id = r.community_id AND b.id = r.box_id
		  JOIN campaigns.campaign c ON c.community_id = b.community_id AND c.id = b.campaign_id
		 WHERE r.community_id = $1 AND r.opened_at IS NOT NULL AND r.amount > 0 AND r.deposit_id IS NULL`

// InSafe is the cash of Unbanked rounds, of the funds that their campaigns raise for.
func InSafe(ctx context.Context, q sqlx.QueryerContext, community int) (parts []ledger.FundCash, err error) {
	defer wrap(&err, "box.InSafe(%d)", community)
	err = sqlx.SelectContext(ctx, q, &parts, `SELECT c.fund_id, sum(r.amount) AS amount`+inSafe+` GROUP BY c.fund_id`, community)
	return parts, err
}

// Bank hands the money of all Unbanked rounds in at the bank, other cash with it
// where there is some: see ledger.DepositCash. ErrState where there is nothing at all.
func Bank(ctx context.Context, tx *sqlx.Tx, c ledger.Community, d ledger.CashDeposit, other ...ledger.FundCash) (_ ledger.CashDeposit, err error) {
	defer wrap(&err, "box.Bank(%d, %s)", c.ID, d.Slip)
	if known, err := ledger.CashDepositAt(ctx, tx, c.ID, d.ID); err == nil {
		return known, nil
	}
	rounds, parts, err := holdUnbanked(ctx, tx, c.ID)
	if err != nil {
		return d, err
	}
	if len(parts)+len(other) == 0 {
		return d, ErrState
	}
	if d, err = ledger.DepositCash(ctx, tx, c, d, append(parts, other...)); err != nil {
		return d, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE box.round r SET deposit_id = $2 FROM unnest($3::int[], $4::int[]) AS h (box, round)
		 WHERE r.community_id = $1 AND r.box_id = h.box AND r.round = h.round`, c.ID, d.ID, rounds.boxes, rounds.rounds)
	return d, err
}

// held are rounds that nobody else banks until the transaction ends.
type held struct{ boxes, rounds pq.Int64Array }

// holdUnbanked holds the rounds of InSafe and reads their cash: a box that is
// opened meanwhile is not among them, and waits for the next deposit.
func holdUnbanked(ctx context.Context, tx *sqlx.Tx, community int) (h held, parts []ledger.FundCash, err error) {
	var rows []struct {
		Box   int64 `db:"box_id"`
		Round int64 `db:"round"`
		ledger.FundCash
	}
	err = tx.SelectContext(ctx, &rows, `
		SELECT r.box_id, r.round, c.fund_id, r.amount`+inSafe+` ORDER BY r.box_id, r.round FOR UPDATE OF r`, community)
	for _, r := range rows {
		h.boxes, h.rounds, parts = append(h.boxes, r.Box), append(h.rounds, r.Round), append(parts, r.FundCash)
	}
	return h, parts, err
}
