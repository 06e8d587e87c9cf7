package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Release is a part of an agreement's subsidy that came because it was delivered for.
type Release struct {
	ID          uuid.UUID    `db:"id"` // the form's own, so that it may be sent twice
	AgreementID int          `db:"agreement_id"`
	Amount      money.Amount `db:"amount"` // given by ReleaseSubsidy
	Until       time.Time    `db:"until"`  // the last day of the sessions it is for
	Way         Way          `db:"way"`
	ReleasedOn  time.Time    `db:"released_on"`
	ReleasedBy  string       `db:"released_by"`
	ReleasedAt  time.Time    `db:"released_at"`
	Entry       int64        `db:"entry_seq"`
	Voucher     string       `db:"voucher"`  // of the entry, when read
	Sessions    int          `db:"sessions"` // that it is for, when read
	Undone
}

// ReleaseSubsidy posts the subsidy of what was delivered up to a day and was not
// released before, as government subsidy of the agreement's fund: never more
// than the agreement has left. The same ID again changes nothing. ErrNothingDue;
// ErrOverReleased is what the database says beyond that.
func ReleaseSubsidy(ctx context.Context, tx *sqlx.Tx, c ledger.Community, r Release) (_ Release, err error) {
	defer wrap(&err, "organisation.ReleaseSubsidy(%d, %d)", c.ID, r.AgreementID)
	if again, err := releases(ctx, tx, c.ID, `AND r.id = $2`, r.ID); err != nil || len(again) > 0 {
		return first(again), err
	}
	var sessions []struct { // locked, and these alone: what is recorded meanwhile waits for the next release
		ID      string       `db:"id"`
		Subsidy money.Amount `db:"subsidy"`
	}
	if err = tx.SelectContext(ctx, &sessions, `
		SELECT id, subsidy FROM organisation.session
		 WHERE community_id = $1 AND agreement_id = $2 AND release_id IS NULL AND void_at IS NULL AND held_on <= $3 AND subsidy > 0 ORDER BY id FOR UPDATE`,
		c.ID, r.AgreementID, iso(r.Until)); err != nil {
		return r, err
	}
	a, err := AgreementAt(ctx, tx, c.ID, r.AgreementID)
	if err != nil {
		return r, err
	}
	delivered, ids := money.Zero, make([]string, len(sessions))
	for n, s := range sessions {
		delivered, ids[n] = delivered.Add(s.Subsidy), s.ID
	}
	r.Amount = money.Min(delivered, a.Left())
	if r.Amount.Sign() <= 0 {
		return r, ErrNothingDue
	}
	if r.Entry, err = postBetween(ctx, tx, c, posting{
		debit: r.Way.Purpose(), credit: ledger.SubsidyIncome, fund: a.FundID, amount: r.Amount, on: r.ReleasedOn,
		kind: "service_subsidy", source: "service_subsidy:" + r.ID.String(), memo: "按服务量拨付补助：" + a.TitleZH, detail: a.Payer + " · 至 " + iso(r.Until), by: r.ReleasedBy,
	}); err != nil {
		return r, err
	}
	if _, err = tx.ExecContext(ctx, `
		INSERT INTO organisation.release (community_id, id, agreement_id, amount, until, way, released_on, released_by, released_at, entry_seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, r.ID, r.AgreementID, r.Amount, iso(r.Until), r.Way, iso(r.ReleasedOn), r.ReleasedBy, r.ReleasedAt, r.Entry); err != nil {
		return r, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE organisation.session SET release_id = $2 WHERE community_id = $1 AND id = ANY ($3::uuid[])`, c.ID, r.ID, pq.Array(ids))
	return r, err
}

// UndoRelease reverses a release's entry; its sessions may be released again.
// ErrNoReason, ErrState.
func UndoRelease(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, why, who string, at time.Time) (err error) {
	defer wrap(&err, "organisation.UndoRelease(%d, %s)", c.ID, id)
	was, err := one(releases(ctx, tx, c.ID, `AND r.id = $2`, id))
	if err != nil {
		return err
	}
	if err = undo(ctx, tx, c, "organisation.release", id, was.Entry, why, who, at); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE organisation.session SET release_id = NULL WHERE community_id = $1 AND release_id = $2`, c.ID, id)
	return err
}

// ListReleases reads the releases of an agreement, of all with 0, the latest first; what was undone too.
func ListReleases(ctx context.Context, q sqlx.QueryerContext, community, agreement int) (all []Release, err error) {
	defer wrap(&err, "organisation.ListReleases(%d, %d)", community, agreement)
	return releases(ctx, q, community, `AND ($2 = 0 OR r.agreement_id = $2) ORDER BY r.released_on DESC, r.released_at DESC`, agreement)
}

func releases(ctx context.Context, q sqlx.QueryerContext, community int, rest string, arg any) (all []Release, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT r.id, r.agreement_id, r.amount, r.until, r.way, r.released_on, r.released_by, r.released_at, r.entry_seq, e.year || '-' || e.number AS voucher,
		       (SELECT count(*) FROM organisation.session s WHERE s.community_id = r.community_id AND s.release_id = r.id) AS sessions, r.undone_at, r.undone_by, r.undone_why
		  FROM organisation.release r JOIN ledger.journal_entry e ON e.community_id = r.community_id AND e.seq = r.entry_seq
		 WHERE r.community_id = $1 `+rest, community, arg)
	return all, err
}
