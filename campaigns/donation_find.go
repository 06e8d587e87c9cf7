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

// GivenFilter narrows a list of gifts; zero fields do not narrow.
type GivenFilter struct {
	Campaign int
	After    time.Time // paid after it
	Until    time.Time // paid before it

	// The last gift of the page before.
	LastAt time.Time
	Last   uuid.UUID
}

// ListGiven reads one page of paid gifts, the latest first. The latest of each campaign are laid side by side, so that the
// index of a campaign's gifts serves a page of all of them too.
func ListGiven(ctx context.Context, q sqlx.QueryerContext, community int, f GivenFilter, limit int) (ds []Donation, err error) {
	defer wrap(&err, "campaigns.ListGiven(%d)", community)
	when, args := "", []any{community, f.Campaign, limit}
	and := func(condition string, values ...any) {
		for _, value := range values {
			args = append(args, value)
			condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(args)), 1)
		}
		when += " AND " + condition
	}
	if !f.After.IsZero() {
		and(`d.paid_at > ?`, f.After)
	}
	if !f.Until.IsZero() {
		and(`d.paid_at < ?`, f.Until)
	}
	if !f.LastAt.IsZero() {
		and(`d.paid_at <= ? AND (d.paid_at, d.id) < (?, ?)`, f.LastAt, f.LastAt, f.Last)
	}
	err = sqlx.SelectContext(ctx, q, &ds, `
		WITH page AS (
		       SELECT l.id FROM campaigns.campaign c
		        CROSS JOIN LATERAL (SELECT d.id, d.paid_at FROM campaigns.donation d
		                             WHERE d.community_id = c.community_id AND d.campaign_id = c.id AND d.state = 'paid'`+when+`
		                             ORDER BY d.paid_at DESC, d.id DESC LIMIT $3) l
		        WHERE c.community_id = $1 AND ($2 = 0 OR c.id = $2) ORDER BY l.paid_at DESC, l.id DESC LIMIT $3)`+
		selectDonation+` AND d.id IN (SELECT id FROM page) ORDER BY d.paid_at DESC, d.id DESC`, args...)
	return ds, err
}
