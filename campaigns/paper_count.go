package campaigns

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// CountPapers tells how many papers entries have, by their seq: those that were
// kept and not taken away or, where the staff kept none, those shown.
func CountPapers(ctx context.Context, q sqlx.QueryerContext, community int, entries ...int64) (of map[int64]int, err error) {
	defer wrap(&err, "campaigns.CountPapers(%d)", community)
	var rows []struct {
		Seq   int64 `db:"entry_seq"`
		Count int   `db:"count"`
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.entry_seq, greatest(count(*) FILTER (WHERE p.what = 'original'), count(*) FILTER (WHERE p.what = 'public')) AS count
		  FROM campaigns.paper p
		 WHERE p.community_id = $1 AND p.entry_seq = ANY ($2) AND p.what <> 'withdrawn'
		   AND NOT EXISTS (SELECT FROM campaigns.paper w WHERE w.community_id = p.community_id AND w.entry_seq = p.entry_seq AND w.file_id = p.file_id AND w.what = 'withdrawn')
		 GROUP BY p.entry_seq`, community, pq.Array(entries))
	of = make(map[int64]int, len(rows))
	for _, r := range rows {
		of[r.Seq] = r.Count
	}
	return of, err
}
