package ledger

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"
)

// Records makes the records of count entries from Seq first on, as they stand in
// the books now: the log's public leaves. One that is not there any more is nil.
// count is at most a bundle, transparency.TileWidth.
func Records(ctx context.Context, q sqlx.QueryerContext, c Community, first int64, count int) (records [][]byte, err error) {
	defer wrap(&err, "ledger.Records(%d, %d)", c.ID, first)
	records = make([][]byte, count)
	w := &walk{q: q, community: c.ID}
	entries, err := w.entries(ctx, first-1, count)
	if err != nil || len(entries) == 0 {
		return records, err
	}
	lines, err := w.lines(ctx, first-1, first+int64(count)-1, 2*count)
	if err != nil && !errors.Is(err, ErrNotFound) { // an account that does not exist makes a record that is not the one that was logged
		return nil, err
	}
	for _, e := range entries {
		if e.Seq >= first+int64(count) {
			break
		}
		var own []Line
		for len(lines) > 0 && lines[0].Seq <= e.Seq {
			if lines[0].Seq == e.Seq {
				own = append(own, lines[0])
			}
			lines = lines[1:]
		}
		records[e.Seq-first] = Record(c.Slug, e, own)
	}
	return records, nil
}
