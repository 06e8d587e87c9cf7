package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Allow counts one use of key, such as "donate:203.0.113.7", and tells whether it is within limit uses a
// window, counted from the first use; if not, when to try again. All server processes share the count. A
// refused use writes nothing. Call it outside the transaction of what it guards, or a rollback uncounts it.
func (g *Gate) Allow(
	ctx context.Context, q sqlx.QueryerContext, key string, limit int, window time.Duration,
) (ok bool, retryAfter time.Duration, err error) {
	if limit < 1 {
		return false, window, nil
	}
	now := g.now()
	var row struct {
		Counted  bool      `db:"counted"`
		ResetsAt time.Time `db:"resets_at"`
	}
	err = sqlx.GetContext(ctx, q, &row, `
		WITH counted AS (
			INSERT INTO auth.rate_limit AS r (key, count, resets_at) VALUES ($1, 1, $3)
			ON CONFLICT (key) DO UPDATE
			   SET count = CASE WHEN r.resets_at <= $2 THEN 1 ELSE r.count + 1 END,
			       resets_at = CASE WHEN r.resets_at <= $2 THEN $3 ELSE r.resets_at END
			 WHERE r.count < $4 OR r.resets_at <= $2
			RETURNING resets_at)
		SELECT true AS counted, resets_at FROM counted
		UNION ALL
		SELECT false, resets_at FROM auth.rate_limit WHERE key = $1 AND NOT EXISTS (SELECT FROM counted)`,
		hashKey("limit", key), now, now.Add(window), limit)
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return false, 0, fmt.Errorf("auth: allow: %w", err)
	case row.Counted:
		return true, 0, nil
	case row.ResetsAt.After(now):
		return false, row.ResetsAt.Sub(now), nil
	default: // the row that refused was written since this statement began
		return false, window, nil
	}
}
