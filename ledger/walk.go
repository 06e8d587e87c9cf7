package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// walkAtOnce is how many entries Walk holds in memory.
const walkAtOnce = 1000

// Walk reads the whole book in the order of posting and gives each entry with
// its lines to visit, until that returns an error. Of a book that grows
// meanwhile it reads to the end it then has.
func Walk(ctx context.Context, q sqlx.QueryerContext, community int, visit func(JournalEntry, []Line) error) (err error) {
	defer wrap(&err, "ledger.Walk(%d)", community)
	for after := int64(0); ; {
		var entries []JournalEntry
		err := sqlx.SelectContext(ctx, q, &entries, selectEntry+` AND e.seq > $2 ORDER BY e.seq LIMIT $3`, community, after, walkAtOnce)
		if err != nil || len(entries) == 0 {
			return err
		}
		last := entries[len(entries)-1].Seq
		var lines []Line
		if err := sqlx.SelectContext(ctx, q, &lines, selectLine+` AND p.seq > $2 AND p.seq <= $3 ORDER BY p.seq, p.line`, community, after, last); err != nil {
			return err
		}
		for _, e := range entries {
			var own []Line
			for len(lines) > 0 && lines[0].Seq == e.Seq {
				own, lines = append(own, lines[0]), lines[1:]
			}
			if err := visit(e, own); err != nil {
				return err
			}
		}
		after = last
	}
}
