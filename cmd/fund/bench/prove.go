package bench

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"golang.org/x/mod/sumdb/note"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
)

// stored is how often the database has each part of a paid donation.
type stored struct {
	ID       uuid.UUID `db:"id"`
	State    string    `db:"state"`
	Entries  int       `db:"entries"`
	Receipts int       `db:"receipts"`
	Letters  int       `db:"letters"` // messages in the outbox
}

func (s stored) once() bool {
	return s.State == "paid" && s.Entries == 1 && s.Receipts == 1 && s.Letters == 1
}

// look reads what the database has of donations.
func (r *rig) look(ctx context.Context, ids []uuid.UUID) (found []stored, err error) {
	err = r.owner.SelectContext(ctx, &found, `
		WITH asked AS (SELECT unnest($2::uuid[]) AS id),
		     entries AS (SELECT a.id, count(*) AS n FROM asked a JOIN ledger.journal_entry e ON e.community_id = $1 AND e.source = 'donation:' || a.id GROUP BY 1),
		     receipts AS (SELECT a.id, count(*) AS n FROM asked a JOIN receipt.receipt r ON r.community_id = $1 AND r.subject_id = a.id GROUP BY 1),
		     letters AS (SELECT (payload ->> 'donation')::uuid AS id, count(*) AS n FROM outbox.message
		                  WHERE community_id = $1 AND kind = 'donation_received' GROUP BY 1)
		SELECT a.id, coalesce(d.state, 'unknown') AS state, coalesce(e.n, 0) AS entries, coalesce(r.n, 0) AS receipts, coalesce(l.n, 0) AS letters
		  FROM asked a
		  LEFT JOIN campaigns.donation d ON d.community_id = $1 AND d.id = a.id
		  LEFT JOIN entries e ON e.id = a.id LEFT JOIN receipts r ON r.id = a.id LEFT JOIN letters l ON l.id = a.id`,
		r.community.ID, texts(ids))
	return found, err
}

// prove checks, in the database itself, that these donations are stored exactly
// once, that nothing else is, and that no number is left out.
func (r *rig) prove(ctx context.Context, acked []uuid.UUID) error {
	found, err := r.look(ctx, acked)
	if err != nil {
		return err
	}
	for _, s := range found {
		if !s.once() {
			return fmt.Errorf("bench: an acknowledged donation is not stored exactly once: %+v", s)
		}
	}
	var got struct {
		Entries, Leaves, Letters, Receipts, LastEntry, LastReceipt int
		Rest                                                       money.Amount
	}
	err = r.owner.GetContext(ctx, &got, `
		SELECT (SELECT count(*) FROM ledger.journal_entry WHERE community_id = $1) AS entries,
		       (SELECT count(*) FROM transparency.leaf WHERE community_id = $1) AS leaves,
		       (SELECT count(*) FROM outbox.message WHERE community_id = $1 AND kind = 'donation_received') AS letters,
		       (SELECT count(*) FROM receipt.receipt WHERE community_id = $1) AS receipts,
		       (SELECT coalesce(max(number), 0) FROM ledger.journal_entry WHERE community_id = $1) AS lastentry,
		       (SELECT coalesce(max(number), 0) FROM receipt.receipt WHERE community_id = $1) AS lastreceipt,
		       (SELECT coalesce(sum(amount), 0) FROM ledger.posting WHERE community_id = $1) AS rest`, r.community.ID)
	if err != nil {
		return err
	}
	for _, n := range []int{got.Entries, got.Leaves, got.Letters, got.Receipts, got.LastEntry, got.LastReceipt} {
		if n != len(acked) || !got.Rest.IsZero() {
			return fmt.Errorf("bench: %d donations were acknowledged, but the database has %+v", len(acked), got)
		}
	}
	return nil
}

// check runs every check of the books: entries, numbers, rollups, the signed
// log, donations, receipts. The server may be sealing meanwhile.
func (r *rig) check(ctx context.Context, by note.Verifier) error {
	tx, err := r.owner.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	found, err := ledger.Check(ctx, tx, r.community, by)
	for _, more := range []func(context.Context, sqlx.QueryerContext, int) ([]ledger.Finding, error){campaigns.Check, receipt.Check} {
		if err != nil {
			return err
		}
		var others []ledger.Finding
		others, err = more(ctx, tx, r.community.ID)
		found = append(found, others...)
	}
	if err == nil && len(found) > 0 {
		err = fmt.Errorf("bench: the checks have %d findings, the first: %s", len(found), found[0].Text("en"))
	}
	return err
}

func texts(ids []uuid.UUID) pq.StringArray {
	texts := make(pq.StringArray, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return texts
}
