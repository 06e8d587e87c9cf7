package spending

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Rule is a community's rule for approvals.
type Rule struct {
	SecondAbove money.Amount `db:"second_above"` // a request for more is approved by two
	LastNumber  int          `db:"last_number"`
	LastBatch   int          `db:"last_batch"`
	ChangedBy   string       `db:"changed_by"`
	ChangedAt   *time.Time   `db:"changed_at"`
}

// defaultSecondAbove is of communities that have not set theirs.
var defaultSecondAbove = money.FromFen(2000_00)

func (r Rule) approvals(amount money.Amount) int {
	if r.SecondAbove.Less(amount) {
		return 2
	}
	return 1
}

// RuleOf reads a community's rule.
func RuleOf(ctx context.Context, q sqlx.QueryerContext, community int) (r Rule, err error) {
	defer wrap(&err, "spending.RuleOf(%d)", community)
	err = sqlx.GetContext(ctx, q, &r, selectRule, community)
	if errors.Is(err, sql.ErrNoRows) {
		return Rule{SecondAbove: defaultSecondAbove}, nil
	}
	return r, err
}

const selectRule = `SELECT second_above, last_number, last_batch, changed_by, changed_at FROM spending.rule WHERE community_id = $1`

// SetRule says from which amount on two people approve. Requests that are asked
// already keep the approvals they were asked with.
func SetRule(ctx context.Context, tx *sqlx.Tx, community int, above money.Amount, who string, at time.Time) (err error) {
	defer wrap(&err, "spending.SetRule(%d)", community)
	if _, err = lock(ctx, tx, community); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE spending.rule SET second_above = $2, changed_by = $3, changed_at = $4 WHERE community_id = $1`, community, above, who, at)
	return err
}

// lock takes the community's row until the database transaction ends.
func lock(ctx context.Context, tx *sqlx.Tx, community int) (r Rule, err error) {
	if _, err = tx.ExecContext(ctx, `INSERT INTO spending.rule (community_id) VALUES ($1) ON CONFLICT DO NOTHING`, community); err != nil {
		return r, err
	}
	err = tx.GetContext(ctx, &r, selectRule+` FOR UPDATE`, community)
	return r, err
}
