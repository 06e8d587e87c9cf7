package reconcile

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Reconciliation is an account agreed with the bank at the end of a day, with
// the figures of that moment.
type Reconciliation struct {
	ID          int          `db:"id"`
	AccountID   int          `db:"account_id"`
	Through     time.Time    `db:"through"`
	Closing     money.Amount `db:"closing"`
	Booked      money.Amount `db:"booked"`
	InTransit   money.Amount `db:"in_transit"` // Closing + InTransit = Booked
	LastSeq     int64        `db:"last_seq"`   // the books as they were
	CompletedBy string       `db:"completed_by"`
	CompletedAt time.Time    `db:"completed_at"`
	UndoneBy    *string      `db:"undone_by"`
	UndoneAt    *time.Time   `db:"undone_at"`
	UndoneWhy   string       `db:"undone_why"`
	Sheet       []byte       `db:"sheet"` // JSON of []Transit
}

// Transit is a posting that the bank had not seen.
type Transit struct {
	Seq     int64        `json:"seq"`
	Posting int          `json:"posting"`
	Day     string       `json:"day"`
	Amount  money.Amount `json:"amount"`
	Memo    string       `json:"memo"`
	Note    string       `json:"note"`
}

// Lacks is what keeps a sheet from being completed; nil where nothing does.
func (s Sheet) Lacks() error {
	switch {
	case s.Closing == nil:
		return ErrNoClosing
	case len(s.Lines) > 0:
		return ErrUnbooked
	case !s.Difference().IsZero():
		return ErrDifference
	}
	for _, i := range s.Items {
		if i.Seen.IsZero() && s.Notes[i.Spot()] == "" {
			return ErrUnnoted
		}
	}
	return nil
}

// Complete agrees an account with the bank at the end of a day: every line is
// booked, every posting that the bank has not seen has a note, and no
// difference is left. It says otherwise what is lacking (see Sheet.Lacks);
// ErrTaken where somebody posted an entry or undid a match at that moment.
func Complete(ctx context.Context, tx *sqlx.Tx, c ledger.Community, account int, through time.Time, who string) (r Reconciliation, err error) {
	defer wrap(&err, "reconcile.Complete(%d, %d)", c.ID, account)
	if err := lock(ctx, tx, c.ID, account); err != nil {
		return r, err
	}
	stand, err := ledger.Stand(ctx, tx, c.ID)
	if err != nil {
		return r, err
	}
	s, err := Open(ctx, tx, c.ID, account, through)
	if err != nil {
		return r, err
	}
	if err := s.Lacks(); err != nil {
		return r, err
	}
	switch after, err := ledger.Stand(ctx, tx, c.ID); {
	case err != nil:
		return r, err
	case after.LastSeq != stand.LastSeq:
		return r, ErrTaken
	}
	transit := make([]Transit, 0, len(s.Items))
	for _, i := range s.Items {
		note := s.Notes[i.Spot()]
		if note == "" {
			note = i.Seen.Format(time.DateOnly)
		}
		transit = append(transit, Transit{i.Seq, i.Posting, i.Day.Format(time.DateOnly), i.Amount, i.Memo, note})
	}
	sheet, err := json.Marshal(transit)
	if err != nil {
		return r, err
	}
	r = Reconciliation{
		AccountID: account, Through: through, Closing: *s.Closing, Booked: s.Booked, InTransit: s.Unseen(), LastSeq: stand.LastSeq, CompletedBy: who, Sheet: sheet,
	}
	err = tx.GetContext(ctx, &r, `
		INSERT INTO reconcile.reconciliation (community_id, id, account_id, through, closing, booked, in_transit, sheet, last_seq, completed_by)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM reconcile.reconciliation WHERE community_id = $1
		RETURNING id, completed_at`, c.ID, account, through, r.Closing, r.Booked, r.InTransit, string(sheet), r.LastSeq, who)
	return r, err
}

// Reopen takes a completed reconciliation back, with a reason that stays.
// ErrNotFound if there is none, or it is undone.
func Reopen(ctx context.Context, tx *sqlx.Tx, community, id int, why, who string) (err error) {
	defer wrap(&err, "reconcile.Reopen(%d, %d)", community, id)
	return tx.GetContext(ctx, &id, `
		UPDATE reconcile.reconciliation SET undone_by = $3, undone_at = now(), undone_why = $4
		 WHERE community_id = $1 AND id = $2 AND undone_at IS NULL RETURNING id`, community, id, who, why)
}

// Transits are the postings that the bank had not seen.
func (r Reconciliation) Transits() (all []Transit, err error) {
	err = json.Unmarshal(r.Sheet, &all)
	return all, err
}

// ListReconciliations reads an account's reconciliations, the latest day first.
func ListReconciliations(ctx context.Context, q sqlx.QueryerContext, community, account int) (all []Reconciliation, err error) {
	defer wrap(&err, "reconcile.ListReconciliations(%d, %d)", community, account)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT id, account_id, through, closing, booked, in_transit, last_seq, completed_by, completed_at, undone_by, undone_at, undone_why, sheet
		  FROM reconcile.reconciliation WHERE community_id = $1 AND account_id = $2 ORDER BY through DESC, id DESC`, community, account)
	return all, err
}

// Undone is a completed reconciliation that was taken back, for everybody to read.
type Undone struct {
	Code    string    `db:"code"` // of the account
	NameZH  string    `db:"name_zh"`
	NameEN  string    `db:"name_en"`
	Through time.Time `db:"through"`
	At      time.Time `db:"undone_at"`
	Why     string    `db:"undone_why"`
}

// Name is the account's name in the reader's language ("en", else Chinese).
func (u Undone) Name(lang string) string {
	return ledger.Account{NameZH: u.NameZH, NameEN: u.NameEN}.Name(lang)
}

// ListUndone reads the reconciliations of all accounts that were taken back, the latest first.
func ListUndone(ctx context.Context, q sqlx.QueryerContext, community int) (all []Undone, err error) {
	defer wrap(&err, "reconcile.ListUndone(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT a.code, a.name_zh, a.name_en, r.through, r.undone_at, r.undone_why
		  FROM reconcile.reconciliation r JOIN ledger.account a ON a.community_id = r.community_id AND a.id = r.account_id
		 WHERE r.community_id = $1 AND r.undone_at IS NOT NULL ORDER BY r.undone_at DESC`, community)
	return all, err
}
