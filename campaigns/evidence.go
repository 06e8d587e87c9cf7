package campaigns

import (
	"context"
	"crypto/sha256"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Evidence is a photograph of an entry's paper (票据) for everybody to see, with
// names, telephone numbers and accounts covered before it came here.
type Evidence struct {
	EntrySeq  int64     `db:"entry_seq"`
	PictureID uuid.UUID `db:"picture_id"`
	Caption   string    `db:"caption"`
	Paper     int64     `db:"paper"` // its number in the signed list of papers
	Width     int       `db:"width"`
	Height    int       `db:"height"`
	AddedBy   string    `db:"added_by"`
	AddedAt   time.Time `db:"added_at"`
}

// EvidenceMax is how many photographs an entry may have.
const EvidenceMax = 12

// AddEvidence reads a photograph as AddPicture does and shows it with an entry.
// ErrState where it has EvidenceMax.
func AddEvidence(ctx context.Context, tx *sqlx.Tx, community int, entry int64, r io.Reader, caption, who string) (err error) {
	defer wrap(&err, "campaigns.AddEvidence(%d, %d)", community, entry)
	shown, err := EvidenceOf(ctx, tx, community, entry)
	if err != nil {
		return err
	}
	if len(shown[entry]) >= EvidenceMax {
		return ErrState
	}
	stored, err := storePicture(ctx, tx, community, r, caption)
	if err != nil {
		return err
	}
	digest := sha256.Sum256(stored.JPEG)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO campaigns.evidence (community_id, entry_seq, picture_id, caption, digest, added_by) VALUES ($1, $2, $3, $4, $5, $6)`,
		community, entry, stored.ID, caption, digest[:], who)
	if err != nil {
		return err
	}
	_, err = logPaper(ctx, tx, community, Paper{EntrySeq: entry, What: paperPublic, FileID: stored.ID, Media: MediaJPEG, Digest: digest[:], AddedBy: who})
	return err
}

// EvidenceOf reads what is shown with entries, by their Seq, in the order in which it came.
func EvidenceOf(ctx context.Context, q sqlx.QueryerContext, community int, entries ...int64) (of map[int64][]Evidence, err error) {
	defer wrap(&err, "campaigns.EvidenceOf(%d)", community)
	var all []Evidence
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT e.entry_seq, e.picture_id, e.caption, l.number AS paper, p.width, p.height, e.added_by, e.added_at
		  FROM campaigns.evidence e JOIN campaigns.picture p ON p.community_id = e.community_id AND p.id = e.picture_id
		  JOIN campaigns.paper l ON l.community_id = e.community_id AND l.entry_seq = e.entry_seq AND l.file_id = e.picture_id AND l.what = 'public'
		 WHERE e.community_id = $1 AND e.entry_seq = ANY ($2) AND e.withdrawn_at IS NULL ORDER BY e.added_at, e.picture_id`,
		community, pq.Array(entries))
	of = map[int64][]Evidence{}
	for _, one := range all {
		of[one.EntrySeq] = append(of[one.EntrySeq], one)
	}
	return of, err
}

// WithdrawEvidence takes a photograph away: something on it should have been
// covered. That there was one, who took it away and when, stays, in the signed
// list too. ErrNotFound.
func WithdrawEvidence(ctx context.Context, tx *sqlx.Tx, community int, entry int64, picture uuid.UUID, who string) (err error) {
	defer wrap(&err, "campaigns.WithdrawEvidence(%d, %d)", community, entry)
	err = tx.GetContext(ctx, &picture, `
		UPDATE campaigns.evidence SET withdrawn_by = $4, withdrawn_at = now()
		 WHERE community_id = $1 AND entry_seq = $2 AND picture_id = $3 AND withdrawn_at IS NULL RETURNING picture_id`, community, entry, picture, who)
	if err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `DELETE FROM campaigns.picture WHERE community_id = $1 AND id = $2`, community, picture); err != nil {
		return err
	}
	shown, err := papersOfFile(ctx, tx, community, picture)
	for _, p := range shown {
		p.What, p.AddedBy = paperWithdrawn, who
		if _, err = logPaper(ctx, tx, community, p); err != nil {
			return err
		}
	}
	return err
}
