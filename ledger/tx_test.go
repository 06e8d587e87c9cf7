package ledger_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/migrations/pgtest"
)

// A number that somebody took at the same moment is one thing, a name that is there already another.
func TestANumberTakenAtTheSameMoment(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	for key, want := range map[string]bool{"PRIMARY KEY": true, "CONSTRAINT slip_name UNIQUE": false} {
		err := ledger.InTx(t.Context(), db.Owner, func(tx *sqlx.Tx) error {
			_, err := tx.Exec(`CREATE TEMP TABLE slip (id int ` + key + `) ON COMMIT DROP; INSERT INTO slip VALUES (1); INSERT INTO slip VALUES (1)`)
			return err
		})
		if err == nil || errors.Is(err, ledger.ErrAtOnce) != want {
			t.Errorf("%s: %v", key, err)
		}
	}
}
