package upload

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/statement"
)

// Kept is how long a file waits for its import.
const Kept = time.Hour

// Purpose is what a file is a table of.
type Purpose string

// The purposes.
const (
	Statement Purpose = "statement" // of a bank or a wallet; About is the account's id
	Journal   Purpose = "journal"
	Past      Purpose = "past" // projects, groups and what they did
)

// Waiting is a file that waits for its import.
type Waiting struct {
	ID      uuid.UUID `db:"id"`
	Purpose Purpose   `db:"purpose"`
	About   int       `db:"about"`
	Name    string    `db:"name"`
	By      string    `db:"uploaded_by"`
	At      time.Time `db:"uploaded_at"`
	Data    []byte    `db:"-"`
	Packed  []byte    `db:"packed"`
}

// Digest names the file's content.
func (f Waiting) Digest() [32]byte { return sha256.Sum256(f.Data) }

// Keep keeps a file for the time of Kept and forgets the older ones. Its ID and Packed are filled in.
func Keep(ctx context.Context, tx *sqlx.Tx, community int, f Waiting) (_ Waiting, err error) {
	defer wrap(&err, "upload.Keep(%d, %s)", community, f.Purpose)
	if f.ID, err = uuid.NewV7(); err != nil {
		return f, err
	}
	if f.Packed, err = statement.Pack(f.Data); err != nil {
		return f, err
	}
	if err = Forget(ctx, tx, community, f.At.Add(-Kept)); err != nil {
		return f, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO upload.file (community_id, id, purpose, about, name, packed, uploaded_by, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		community, f.ID, f.Purpose, f.About, f.Name, f.Packed, f.By, f.At)
	return f, err
}

// Find reads a file that waits for a purpose; ledger.ErrNotFound where its hour is over.
func Find(ctx context.Context, q sqlx.QueryerContext, community int, purpose Purpose, id uuid.UUID, now time.Time) (f Waiting, err error) {
	defer wrap(&err, "upload.Find(%d, %s, %s)", community, purpose, id)
	err = sqlx.GetContext(ctx, q, &f, `
		SELECT id, purpose, about, name, packed, uploaded_by, uploaded_at FROM upload.file
		 WHERE community_id = $1 AND id = $2 AND purpose = $3 AND uploaded_at > $4`, community, id, purpose, now.Add(-Kept))
	if errors.Is(err, sql.ErrNoRows) {
		return f, ledger.ErrNotFound
	}
	if err != nil {
		return f, err
	}
	f.Data, err = statement.Unpack(f.Packed)
	return f, err
}

// Drop forgets a file that was imported.
func Drop(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (err error) {
	defer wrap(&err, "upload.Drop(%d, %s)", community, id)
	_, err = tx.ExecContext(ctx, `DELETE FROM upload.file WHERE community_id = $1 AND id = $2`, community, id)
	return err
}

// Forget forgets the files that came before an instant.
func Forget(ctx context.Context, db sqlx.ExecerContext, community int, before time.Time) (err error) {
	defer wrap(&err, "upload.Forget(%d)", community)
	_, err = db.ExecContext(ctx, `DELETE FROM upload.file WHERE community_id = $1 AND uploaded_at <= $2`, community, before)
	return err
}

func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), *err)
	}
}
