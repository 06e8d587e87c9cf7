package transparency

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Unsealed tells which of the communities have leaves that no checkpoint covers yet, so that a sealer opens a transaction
// for those alone.
func Unsealed(ctx context.Context, q sqlx.QueryerContext, communities []int) (waiting []int, err error) {
	defer wrap(&err, "transparency.Unsealed(%d communities)", len(communities))
	ids := make(pq.Int64Array, len(communities))
	for i, id := range communities {
		ids[i] = int64(id)
	}
	err = sqlx.SelectContext(ctx, q, &waiting, `
		SELECT c.id FROM unnest($1::int[]) AS c (id)
		  LEFT JOIN LATERAL (SELECT k.size, k.papers FROM transparency.checkpoint k WHERE k.community_id = c.id ORDER BY k.number DESC LIMIT 1) k ON true
		 WHERE EXISTS (SELECT FROM transparency.leaf l WHERE l.community_id = c.id AND l.leaf_index >= coalesce(k.size, 0))
		    OR EXISTS (SELECT FROM transparency.paper_leaf l WHERE l.community_id = c.id AND l.leaf_index >= coalesce(k.papers, 0))
		 ORDER BY c.id`, ids)
	return waiting, err
}
