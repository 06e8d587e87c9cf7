package auth

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// So many failures are free; from then on each one locks, for half a minute, then twice as long each
// time, up to a quarter of an hour. Many people may share an address.
const (
	freePerLogin   = 5
	freePerAddress = 30
)

// attempt is a log-in counted as failed until it is known to have succeeded: a thousand guesses sent at
// once count as a thousand.
type attempt struct {
	key         []byte
	lockedUntil time.Time // what this attempt set
}

func hashKey(kind, name string) []byte {
	sum := sha256.Sum256([]byte(kind + "\x00" + name))
	return sum[:]
}

// count counts one attempt, or returns a *LockedError and counts nothing.
func (g *Gate) count(ctx context.Context, db *sqlx.DB, kind, name string, free int) (attempt, error) {
	now := g.now()
	a := attempt{key: hashKey(kind, name)}
	var row struct {
		Counted     bool      `db:"counted"`
		LockedUntil time.Time `db:"locked_until"`
	}
	err := db.GetContext(ctx, &row, `
		WITH counted AS (
			INSERT INTO auth.login_attempt AS a (key, failures, last_at, locked_until) VALUES ($1, 1, $2, $2)
			ON CONFLICT (key) DO UPDATE
			   SET failures = a.failures + 1,
			       last_at = $2,
			       locked_until = CASE WHEN a.failures + 1 < $3 THEN $2 ELSE $2 + least(
			           interval '30 seconds' * 2 ^ least(a.failures + 1 - $3, 10), interval '15 minutes') END
			 WHERE a.locked_until <= $2
			RETURNING locked_until)
		SELECT true AS counted, locked_until FROM counted
		UNION ALL
		SELECT false, locked_until FROM auth.login_attempt WHERE key = $1 AND NOT EXISTS (SELECT FROM counted)`,
		a.key, now, free)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return attempt{}, fmt.Errorf("auth: count attempt: %w", err)
	}
	if !row.Counted {
		// A neighbour may have locked the row since this statement began: then its time is not seen yet.
		if row.LockedUntil.Before(now) {
			row.LockedUntil = now.Add(time.Second)
		}
		return attempt{}, &LockedError{Until: row.LockedUntil.UTC()}
	}
	a.lockedUntil = row.LockedUntil
	return a, nil
}

// giveBack uncounts an attempt that neither failed nor succeeded. A lock set by another attempt stays.
func (a attempt) giveBack(ctx context.Context, q sqlx.ExecerContext) error {
	_, err := q.ExecContext(ctx, `
		UPDATE auth.login_attempt
		   SET failures = greatest(failures - 1, 0),
		       locked_until = CASE WHEN locked_until = $2 THEN last_at ELSE locked_until END
		 WHERE key = $1`, a.key, a.lockedUntil)
	if err != nil {
		return fmt.Errorf("auth: give back attempt: %w", err)
	}
	return nil
}

// forgive forgets all failures under the key.
func (a attempt) forgive(ctx context.Context, q sqlx.ExecerContext) error {
	_, err := q.ExecContext(ctx, `
		UPDATE auth.login_attempt SET failures = 0, locked_until = last_at WHERE key = $1`, a.key)
	if err != nil {
		return fmt.Errorf("auth: forgive attempts: %w", err)
	}
	return nil
}
