package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
)

// Rule is a tie between records that a query can try: what it selects does not
// agree. Packages that keep records beside the books check themselves with
// rules and report in the ledger's words.
type Rule struct {
	Code FindingCode
	// ZH and EN are the finding's sentence without its full stop; {of}, {got}
	// and {want} stand for the query's columns.
	ZH, EN string
	// Query takes the community as $1 and selects of, got and want as text.
	Query string
}

// TryRules returns what the rules find, up to a hundred findings each.
func TryRules(ctx context.Context, q sqlx.QueryerContext, community int, rules []Rule) (found []Finding, err error) {
	for _, r := range rules {
		var rows []struct{ Of, Got, Want string }
		err := sqlx.SelectContext(ctx, q, &rows, `SELECT of, got, want FROM (`+r.Query+`) x (of, got, want) ORDER BY of LIMIT 100`, community)
		if err != nil {
			return nil, fmt.Errorf("ledger.TryRules(%d): %s: %w", community, r.Code, err)
		}
		for _, row := range rows {
			say := strings.NewReplacer("{of}", row.Of, "{got}", row.Got, "{want}", row.Want)
			found = append(found, Finding{Code: r.Code, clauses: []clause{{code: r.Code, zh: say.Replace(r.ZH), en: say.Replace(r.EN)}}})
		}
	}
	return found, nil
}
