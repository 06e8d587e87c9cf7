package campaigns

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// GiftFilter says which gifts a list is of: money that was paid and goods that came in the days From..To.
type GiftFilter struct {
	From, To time.Time // days, both included
	Fund     int       // of one fund; 0 for all
	After    uuid.UUID // the last one of the page before
}

// ListedGift is a gift as the treasurer's list of income has it. Names in it are personal data.
type ListedGift struct {
	ID       uuid.UUID    `db:"id"` // the older the smaller
	Day      time.Time    `db:"day"`
	Donor    string       `db:"donor"`  // empty for who left no name
	Erased   bool         `db:"erased"` // the name was removed because its bearer asked
	Campaign int          `db:"campaign_id"`
	TitleZH  string       `db:"title_zh"` // empty for goods that are for no campaign
	TitleEN  string       `db:"title_en"`
	Method   string       `db:"method"` // as of a donation; in_kind for goods
	Amount   money.Amount `db:"amount"`
	Refunded money.Amount `db:"refunded"` // of it, so far
	Receipt  string       `db:"receipt"`  // 2017-000874; empty for none
	Voucher  string       `db:"voucher"`  // of the entry: 2017-2186
}

// GiftGroup is what some gifts come to. What they have in common is told: a donor, a campaign, a way; the receipt is their
// first.
type GiftGroup struct {
	ListedGift
	Gifts int    `db:"gifts"`
	Last  string `db:"last"` // their last receipt
}

// gifts selects money that was paid and goods that came, each with who gave it. Somebody who left an address is one donor
// however often they gave; who left a name alone is taken for everybody of that name.
const gifts = `
	WITH gift AS (
	  SELECT d.id, (d.paid_at AT TIME ZONE $4)::date AS day, d.donor_id, d.campaign_id, d.method, d.amount, d.refunded, d.entry_seq
	    FROM campaigns.donation d
	   WHERE d.community_id = $1 AND d.state = 'paid' AND d.paid_at >= ($2::date)::timestamp AT TIME ZONE $4 AND d.paid_at < ($3::date + 1)::timestamp AT TIME ZONE $4
	   UNION ALL
	  SELECT k.id, k.received_on, k.donor_id, coalesce(k.campaign_id, 0), 'in_kind', k.value, CASE WHEN k.undone_at IS NULL THEN 0.00 ELSE k.value END, k.entry_seq
	    FROM campaigns.in_kind k
	   WHERE k.community_id = $1 AND k.value IS NOT NULL AND k.received_on BETWEEN $2 AND $3
	), given AS (
	  SELECT g.*, coalesce(x.name, '') AS donor, x.erased_at IS NOT NULL AS erased, coalesce(c.title_zh, '') AS title_zh, coalesce(c.title_en, '') AS title_en,
	         CASE WHEN x.id IS NULL THEN '' WHEN x.erased_at IS NOT NULL THEN 'erased' WHEN x.email <> '' THEN lower(x.email) ELSE 'name:' || x.name END AS giver
	    FROM gift g
	    LEFT JOIN campaigns.donor x ON x.community_id = $1 AND x.id = g.donor_id
	    LEFT JOIN campaigns.campaign c ON c.community_id = $1 AND c.id = g.campaign_id
	   WHERE $5 IN (0, coalesce(c.fund_id, 1)))`

func (f GiftFilter) args(c ledger.Community) []any {
	return []any{c.ID, f.From.Format(time.DateOnly), f.To.Format(time.DateOnly), c.Timezone, f.Fund}
}

// ListGifts reads one page of gifts, the earliest first.
func ListGifts(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, f GiftFilter, limit int) (all []ListedGift, err error) {
	defer wrap(&err, "campaigns.ListGifts(%d)", c.ID)
	err = sqlx.SelectContext(ctx, q, &all, gifts+`
		SELECT g.id, g.day, g.donor, g.erased, g.campaign_id, g.title_zh, g.title_en, g.method, g.amount, g.refunded,
		       coalesce(r.year || '-' || lpad(r.number::text, 6, '0'), '') AS receipt, e.year || '-' || e.number AS voucher
		  FROM given g
		  JOIN ledger.journal_entry e ON e.community_id = $1 AND e.seq = g.entry_seq
		  LEFT JOIN receipt.receipt r ON r.community_id = $1 AND r.subject_id = g.id
		 WHERE g.id > $6 ORDER BY g.id LIMIT $7`, append(f.args(c), f.After, limit)...)
	return all, err
}

// GiftsByDonor adds gifts up by who gave them, the most generous first. Those without a name are one.
func GiftsByDonor(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, f GiftFilter) (all []GiftGroup, err error) {
	defer wrap(&err, "campaigns.GiftsByDonor(%d)", c.ID)
	err = sqlx.SelectContext(ctx, q, &all, gifts+`
		SELECT max(g.donor) AS donor, bool_or(g.erased) AS erased, count(*) AS gifts, sum(g.amount) AS amount, sum(g.refunded) AS refunded,
		       coalesce(min(r.year || '-' || lpad(r.number::text, 6, '0')), '') AS receipt, coalesce(max(r.year || '-' || lpad(r.number::text, 6, '0')), '') AS last
		  FROM given g LEFT JOIN receipt.receipt r ON r.community_id = $1 AND r.subject_id = g.id
		 GROUP BY giver ORDER BY sum(g.amount) DESC, min(g.id::text)`, f.args(c)...)
	return all, err
}

// GiftsByCampaign adds gifts up by what they are for.
func GiftsByCampaign(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, f GiftFilter) (all []GiftGroup, err error) {
	defer wrap(&err, "campaigns.GiftsByCampaign(%d)", c.ID)
	err = sqlx.SelectContext(ctx, q, &all, gifts+`
		SELECT g.campaign_id, g.title_zh, g.title_en, count(*) AS gifts, sum(g.amount) AS amount, sum(g.refunded) AS refunded
		  FROM given g GROUP BY 1, 2, 3 ORDER BY sum(g.amount) DESC, 1`, f.args(c)...)
	return all, err
}

// GiftsByWay adds gifts up by the way in which they came.
func GiftsByWay(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, f GiftFilter) (all []GiftGroup, err error) {
	defer wrap(&err, "campaigns.GiftsByWay(%d)", c.ID)
	err = sqlx.SelectContext(ctx, q, &all, gifts+`
		SELECT g.method, count(*) AS gifts, sum(g.amount) AS amount, sum(g.refunded) AS refunded
		  FROM given g GROUP BY 1 ORDER BY sum(g.amount) DESC, 1`, f.args(c)...)
	return all, err
}
