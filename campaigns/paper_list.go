package campaigns

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// WalkPapers reads the signed list of papers from its beginning and gives each
// line to visit, until that returns an error.
func WalkPapers(ctx context.Context, q sqlx.QueryerContext, community int, visit func(Paper) error) (err error) {
	defer wrap(&err, "campaigns.WalkPapers(%d)", community)
	const page = 1000
	for after := int64(0); ; {
		var papers []Paper
		if err := sqlx.SelectContext(ctx, q, &papers, selectPaper+` AND number > $2 ORDER BY number LIMIT $3`, community, after, page); err != nil || len(papers) == 0 {
			return err
		}
		for _, p := range papers {
			if err := visit(p); err != nil {
				return err
			}
		}
		after = papers[len(papers)-1].Number
	}
}

// Shown tells that the line is of a photograph for everybody.
func (p Paper) Shown() bool { return p.What == paperPublic }

// Withdrawn tells that the line takes back an earlier one of the same file.
func (p Paper) Withdrawn() bool { return p.What == paperWithdrawn }
