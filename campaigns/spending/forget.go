package spending

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
)

// OrphanKept is how long a paper waits for its request: somebody who mends a form
// need not photograph it twice.
const OrphanKept = 24 * time.Hour

// ForgetOrphans deletes papers that came before a moment and belong to no request
// and no entry.
func ForgetOrphans(ctx context.Context, tx *sqlx.Tx, community int, before time.Time) (err error) {
	defer wrap(&err, "spending.ForgetOrphans(%d)", community)
	var ids []uuid.UUID
	err = tx.SelectContext(ctx, &ids, `
		SELECT o.id FROM campaigns.original o
		 WHERE o.community_id = $1 AND o.added_at < $2
		   AND NOT EXISTS (SELECT FROM spending.paper p WHERE p.community_id = o.community_id AND p.original_id = o.id)
		   AND NOT EXISTS (SELECT FROM campaigns.paper p WHERE p.community_id = o.community_id AND p.file_id = o.id)`, community, before)
	for _, id := range ids {
		if err == nil {
			err = campaigns.WithdrawOriginal(ctx, tx, community, id, "system")
		}
	}
	return err
}
