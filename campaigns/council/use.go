package council

import (
	"context"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Use runs a posting that moves money between a motion's two funds, and writes
// down in the same database transaction how much of the motion it took, or gave
// back. The entry itself says how much. ErrNotPassed, ErrOverVoted, ErrNotMoved
// where the entry moves something else.
func Use(ctx context.Context, tx *sqlx.Tx, community int, motion uuid.UUID, post func() (ledger.Posted, error)) (posted ledger.Posted, err error) {
	defer wrap(&err, "council.Use(%d, %s)", community, motion)
	if _, err = tx.ExecContext(ctx, `SELECT FROM council.motion WHERE community_id = $1 AND id = $2 FOR UPDATE`, community, motion); err != nil {
		return posted, err
	}
	if posted, err = post(); err != nil {
		return posted, err
	}
	var amount money.Amount
	err = tx.GetContext(ctx, &amount, `
		SELECT coalesce(sum(p.amount), 0.00)
		  FROM council.motion m
		  JOIN ledger.posting p ON p.community_id = m.community_id AND p.fund_id = m.from_fund
		  JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id AND a.type = 'net_assets'
		 WHERE m.community_id = $1 AND m.id = $2 AND p.seq = $3`, community, motion, posted.Seq)
	if err != nil {
		return posted, err
	}
	if amount.IsZero() {
		return posted, ErrNotMoved
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO council.use (community_id, entry_seq, motion_id, amount) VALUES ($1, $2, $3, $4)`,
		community, posted.Seq, motion, amount)
	return posted, err
}

// Unlocked is what of a motion's money is not used yet: 0.00 unless it passed.
func Unlocked(ctx context.Context, q sqlx.QueryerContext, community int, motion uuid.UUID) (left money.Amount, err error) {
	defer wrap(&err, "council.Unlocked(%d, %s)", community, motion)
	err = sqlx.GetContext(ctx, q, &left, `
		SELECT CASE WHEN state = 'passed' THEN coalesce(amount, 0.00) - council.used(community_id, id) ELSE 0.00 END
		  FROM council.motion WHERE community_id = $1 AND id = $2`, community, motion)
	return left, err
}

// Used is one entry that a motion allowed.
type Used struct {
	EntrySeq int64        `db:"entry_seq"`
	Voucher  string       `db:"voucher"`
	Amount   money.Amount `db:"amount"` // negative: given back
	Undone   bool         `db:"undone"` // reversed: it counts no more
}

// Uses reads the entries that a motion allowed, in the order of posting.
func Uses(ctx context.Context, q sqlx.QueryerContext, community int, motion uuid.UUID) (list []Used, err error) {
	defer wrap(&err, "council.Uses(%d, %s)", community, motion)
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT u.entry_seq, e.year || '-' || e.number AS voucher, u.amount,
		       EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = u.community_id AND r.reverses_seq = u.entry_seq) AS undone
		  FROM council.use u JOIN ledger.journal_entry e ON e.community_id = u.community_id AND e.seq = u.entry_seq
		 WHERE u.community_id = $1 AND u.motion_id = $2 ORDER BY u.entry_seq`, community, motion)
	return list, err
}
