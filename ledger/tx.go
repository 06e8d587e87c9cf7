package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// InTx runs write in one database transaction: all of it is kept, or nothing. A row that takes the next free number, and finds it
// taken by somebody who did the same at that moment, is ErrAtOnce beside what write says of it.
func InTx(ctx context.Context, db *sqlx.DB, write func(tx *sqlx.Tx) error) error {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := write(tx); err != nil {
		return taken(err)
	}
	return tx.Commit()
}

func taken(err error) error {
	var dberr *pq.Error
	if errors.As(err, &dberr) && dberr.Code == "23505" && strings.HasSuffix(dberr.Constraint, "_pkey") {
		return fmt.Errorf("%w: %w", err, ErrAtOnce)
	}
	return err
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
