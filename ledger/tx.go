package ledger

import (
	"context"
	"database/sql"

	"github.com/jmoiron/sqlx"
)

// InTx runs write in one database transaction: all of it is kept, or nothing.
func InTx(ctx context.Context, db *sqlx.DB, write func(tx *sqlx.Tx) error) error {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := write(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// AtOneMoment reads the books as they are at one moment, whatever others post meanwhile.
func AtOneMoment(ctx context.Context, db *sqlx.DB, read func(tx *sqlx.Tx) error) error {
	tx, err := db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // it only read
	return read(tx)
}
