package pledge

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"
)

// OfMail reads what everybody with one mail address has promised. It looks the
// donors of promises up, not the promises of donors: somebody may have given
// ten thousand times and promised twice.
func OfMail(ctx context.Context, q sqlx.QueryerContext, community int, email string) (of Promises, err error) {
	defer wrap(&err, "pledge.OfMail(%d)", community)
	const theirs = ` AND p.donor_id IN (SELECT m.id FROM campaigns.donor m WHERE m.community_id = $1 AND lower(m.email) = $2 AND m.email <> '') ORDER BY p.made_at DESC, p.id`
	email = strings.ToLower(email)
	if err = sqlx.SelectContext(ctx, q, &of.Pledges, selectPledge+theirs, community, email); err != nil {
		return of, err
	}
	err = sqlx.SelectContext(ctx, q, &of.Plans, selectPlan+theirs, community, email)
	return of, err
}
