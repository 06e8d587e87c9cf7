package campaigns

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// DonationFilter narrows a list of donations; zero fields do not narrow.
type DonationFilter struct {
	Campaign int
	Method   string
	State    DonationState
	From, To time.Time // started at or after From and before To
	Before   uuid.UUID // the last donation of the page before
}

// FindDonations reads one page of donations in every state, the latest first.
// Their ids begin with a clock, so the primary key is the order: a page costs
// the same however many came before it.
func FindDonations(ctx context.Context, q sqlx.QueryerContext, community int, f DonationFilter, limit int) (ds []Donation, err error) {
	defer wrap(&err, "campaigns.FindDonations(%d)", community)
	query, args := selectDonation, []any{community}
	and := func(condition string, value any) {
		args = append(args, value)
		query += " AND " + strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(args)))
	}
	if f.Campaign != 0 {
		and(`d.campaign_id = ?`, f.Campaign)
	}
	if f.Method != "" {
		and(`d.method = ?`, f.Method)
	}
	if f.State != "" {
		and(`d.state = ?`, f.State)
	}
	if !f.From.IsZero() {
		and(`d.created_at >= ?`, f.From)
	}
	if !f.To.IsZero() {
		and(`d.created_at < ?`, f.To)
	}
	if f.Before != uuid.Nil {
		and(`d.id < ?`, f.Before)
	}
	args = append(args, limit)
	err = sqlx.SelectContext(ctx, q, &ds, fmt.Sprintf(`%s ORDER BY d.id DESC LIMIT $%d`, query, len(args)), args...)
	return ds, err
}
