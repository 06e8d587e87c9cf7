package journalfile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/statement"
)

// UploadKept is how long a file waits for its import.
const UploadKept = time.Hour

// Upload is a file between its preview and its import. Its rows are in no book yet.
type Upload struct {
	ID     uuid.UUID `db:"id"`
	Name   string    `db:"name"`
	By     string    `db:"uploaded_by"`
	At     time.Time `db:"uploaded_at"`
	Data   []byte    `db:"-"`
	Packed []byte    `db:"packed"`
}

// KeepUpload keeps a file for UploadKept and forgets the older ones. Its ID and
// Packed are filled in.
func KeepUpload(ctx context.Context, tx *sqlx.Tx, community int, u Upload) (_ Upload, err error) {
	defer wrap(&err, "journalfile.KeepUpload(%d, %s)", community, u.Name)
	if u.ID, err = uuid.NewV7(); err != nil {
		return u, err
	}
	if u.Packed, err = statement.Pack(u.Data); err != nil {
		return u, err
	}
	if _, err = tx.ExecContext(ctx, `DELETE FROM journalfile.upload WHERE community_id = $1 AND uploaded_at <= $2`, community, u.At.Add(-UploadKept)); err != nil {
		return u, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO journalfile.upload (community_id, id, name, packed, uploaded_by, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		community, u.ID, u.Name, u.Packed, u.By, u.At)
	return u, err
}

// FindUpload reads a file that waits; ledger.ErrNotFound where its hour is over.
func FindUpload(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID, now time.Time) (u Upload, err error) {
	defer wrap(&err, "journalfile.FindUpload(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &u, `
		SELECT id, name, packed, uploaded_by, uploaded_at FROM journalfile.upload WHERE community_id = $1 AND id = $2 AND uploaded_at > $3`,
		community, id, now.Add(-UploadKept))
	if errors.Is(err, sql.ErrNoRows) {
		return u, ledger.ErrNotFound
	}
	if err != nil {
		return u, err
	}
	u.Data, err = statement.Unpack(u.Packed)
	return u, err
}

// DropUpload forgets a file that was imported.
func DropUpload(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (err error) {
	defer wrap(&err, "journalfile.DropUpload(%d, %s)", community, id)
	_, err = tx.ExecContext(ctx, `DELETE FROM journalfile.upload WHERE community_id = $1 AND id = $2`, community, id)
	return err
}

func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), *err)
	}
}
