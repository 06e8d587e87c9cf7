package reconcile

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger/statement"
)

// UploadKept is how long a file waits for its import.
const UploadKept = time.Hour

// Upload is a file between its preview and its import. Its lines are in no
// table yet.
type Upload struct {
	ID        uuid.UUID `db:"id"`
	AccountID int       `db:"account_id"`
	Name      string    `db:"name"`
	By        string    `db:"uploaded_by"`
	At        time.Time `db:"uploaded_at"`
	Data      []byte    `db:"-"`
	Packed    []byte    `db:"packed"`
}

// KeepUpload keeps a file for UploadKept and forgets the older ones. Its ID and
// Packed are filled in.
func KeepUpload(ctx context.Context, tx *sqlx.Tx, community int, u Upload) (_ Upload, err error) {
	defer wrap(&err, "reconcile.KeepUpload(%d, %s)", community, u.Name)
	if u.ID, err = uuid.NewV7(); err != nil {
		return u, err
	}
	if u.Packed, err = statement.Pack(u.Data); err != nil {
		return u, err
	}
	if err = ForgetUploads(ctx, tx, community, u.At.Add(-UploadKept)); err != nil {
		return u, err
	}
	digest := u.Digest()
	_, err = tx.ExecContext(ctx, `
		INSERT INTO statement.upload (community_id, id, account_id, name, packed, digest, uploaded_by, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		community, u.ID, u.AccountID, u.Name, u.Packed, digest[:], u.By, u.At)
	return u, err
}

// FindUpload reads a file that waits; ErrNotFound where its hour is over.
func FindUpload(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID, now time.Time) (u Upload, err error) {
	defer wrap(&err, "reconcile.FindUpload(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &u, `
		SELECT id, account_id, name, packed, uploaded_by, uploaded_at FROM statement.upload WHERE community_id = $1 AND id = $2 AND uploaded_at > $3`,
		community, id, now.Add(-UploadKept))
	if err != nil {
		return u, err
	}
	u.Data, err = statement.Unpack(u.Packed)
	return u, err
}

// DropUpload forgets a file that was imported.
func DropUpload(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (err error) {
	defer wrap(&err, "reconcile.DropUpload(%d, %s)", community, id)
	_, err = tx.ExecContext(ctx, `DELETE FROM statement.upload WHERE community_id = $1 AND id = $2`, community, id)
	return err
}

// ForgetUploads forgets the files that came before an instant.
func ForgetUploads(ctx context.Context, db sqlx.ExecerContext, community int, before time.Time) (err error) {
	defer wrap(&err, "reconcile.ForgetUploads(%d)", community)
	_, err = db.ExecContext(ctx, `DELETE FROM statement.upload WHERE community_id = $1 AND uploaded_at <= $2`, community, before)
	return err
}

// Digest names the file's content.
func (u Upload) Digest() [32]byte { return sha256.Sum256(u.Data) }

// Read reads the statements in the file, which hand their lines over by Each: as the account's profile says where it
// has one that fits, else by what the file says itself. An *statement.Error
// says why it cannot be read whole.
func (u Upload) Read(profile *statement.Profile) ([]statement.Statement, error) {
	if profile != nil {
		if found, err := statement.Scan(u.Name, u.Data, statement.Options{Profile: profile}); err == nil && len(found.Statements) > 0 {
			return found.Statements, nil
		}
	}
	found, err := statement.Scan(u.Name, u.Data, statement.Options{})
	if err != nil {
		return nil, err
	}
	if len(found.Statements) == 0 {
		return nil, fmt.Errorf("%w: %s", ErrEmpty, u.Name)
	}
	return found.Statements, nil
}
