package giver

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// Gift is a paid donation as its giver sees it.
type Gift struct {
	ID          uuid.UUID        `db:"id"`
	CampaignID  int              `db:"campaign_id"`
	Slug        string           `db:"slug"`
	TitleZH     string           `db:"title_zh"`
	TitleEN     string           `db:"title_en"`
	Kind        campaigns.Kind   `db:"kind"`
	Result      campaigns.Result `db:"result"`
	FundID      int              `db:"fund_id"`
	Restricted  bool             `db:"restricted"`
	Amount      money.Amount     `db:"amount"`
	Refunded    money.Amount     `db:"refunded"`
	PaidAt      time.Time        `db:"paid_at"`
	Method      string           `db:"method"`
	EntrySeq    int64            `db:"entry_seq"`
	Name        string           `db:"name"`
	Message     string           `db:"message"`
	ShowName    bool             `db:"show_name"`
	ShowMessage bool             `db:"show_message"`
	Year        int              `db:"year"`   // of the receipt
	Number      int              `db:"number"` // of the receipt
	IssuedOn    time.Time        `db:"issued_on"`
	Token       string           `db:"token"`
	CheckCode   string           `db:"check_code"`
}

// Serial is the receipt's number as printed.
func (g Gift) Serial() string { return fmt.Sprintf("%d-%06d", g.Year, g.Number) }

// Left is what did not go back.
func (g Gift) Left() money.Amount { return g.Amount.Sub(g.Refunded) }

// Told is the sum a giver thinks of: what did not go back, or all of what did.
func (g Gift) Told() money.Amount {
	if g.Left().IsZero() {
		return g.Amount
	}
	return g.Left()
}

// Held tells that the money waits for the goal of an all-or-nothing campaign.
func (g Gift) Held() bool { return g.Kind == campaigns.AllOrNothing && g.Result == "" }

// Title is the campaign's title in the reader's language.
func (g Gift) Title(lang string) string {
	if lang == "en" && g.TitleEN != "" {
		return g.TitleEN
	}
	return g.TitleZH
}

// YearSum is what a giver gave in a year of the community's calendar, less what went back.
type YearSum struct {
	Year   int          `db:"year"`
	Gifts  int          `db:"gifts"`
	Amount money.Amount `db:"amount"`
}

// Sum is all years together.
func Sum(years []YearSum) (all YearSum) {
	for _, y := range years {
		all.Gifts, all.Amount = all.Gifts+y.Gifts, all.Amount.Add(y.Amount)
	}
	return all
}

// Page is which gifts of a giver are read, the latest first.
type Page struct {
	Before uuid.UUID // the last gift of the page before
	Limit  int
}

// ListGifts reads a page of a giver's gifts, and what all of them sum to by
// year, the latest year first. The gifts are looked through once for both; more
// tells that there is another page.
func ListGifts(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, g Giver, p Page) (gifts []Gift, years []YearSum, more bool, err error) {
	defer wrap(&err, "giver.ListGifts(%d)", g.Community)
	if p.Before == uuid.Nil {
		p.Before = uuid.Max
	}
	var rows []struct {
		YearSum
		Latest pq.StringArray `db:"latest"` // of the row without gifts
	}
	from, arg := g.gifts()
	err = sqlx.SelectContext(ctx, q, &rows, `
		WITH mine AS MATERIALIZED (
		       SELECT d.id, d.amount - d.refunded AS amount, extract(year FROM d.paid_at AT TIME ZONE $5)::int AS year`+from+` AND d.state = 'paid')
		SELECT year, count(*) AS gifts, sum(amount) AS amount, '{}'::uuid[] AS latest FROM mine GROUP BY year
		UNION ALL
		SELECT 0, 0, 0, array(SELECT id FROM mine WHERE id < $3 ORDER BY id DESC LIMIT $4)
		 ORDER BY year DESC`, g.Community, arg, p.Before, p.Limit+1, c.Timezone)
	if err != nil {
		return nil, nil, false, err
	}
	var latest []string
	for _, r := range rows {
		if latest = append(latest, r.Latest...); r.Gifts > 0 {
			years = append(years, r.YearSum)
		}
	}
	if more = len(latest) > p.Limit; more {
		latest = latest[:p.Limit]
	}
	gifts, err = readGifts(ctx, q, g.Community, latest)
	return gifts, years, more, err
}

// FindGift reads one gift of a giver; ErrNotFound if it is not theirs.
func FindGift(ctx context.Context, q sqlx.QueryerContext, g Giver, id uuid.UUID) (gift Gift, err error) {
	defer wrap(&err, "giver.FindGift(%d, %s)", g.Community, id)
	from, arg := g.gifts()
	if err = sqlx.GetContext(ctx, q, &id, `SELECT d.id`+from+` AND d.state = 'paid' AND d.id = $3`, g.Community, arg, id); err != nil {
		return gift, err
	}
	return GiftAt(ctx, q, g.Community, id)
}

// GiftAt reads a paid donation, whoever gave it; ErrNotFound.
func GiftAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (gift Gift, err error) {
	found, err := readGifts(ctx, q, community, []string{id.String()})
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return gift, err
	}
	return found[0], nil
}

// GiftsOf reads all gifts of a year of the community's calendar, the first one first, at most limit.
func GiftsOf(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, g Giver, year, limit int) (gifts []Gift, err error) {
	defer wrap(&err, "giver.GiftsOf(%d, %d)", g.Community, year)
	var found []string
	from, arg := g.gifts()
	err = sqlx.SelectContext(ctx, q, &found, `
		SELECT d.id`+from+` AND d.state = 'paid' AND extract(year FROM d.paid_at AT TIME ZONE $3) = $4 ORDER BY d.id LIMIT $5`,
		g.Community, arg, c.Timezone, year, limit)
	if err != nil {
		return nil, err
	}
	gifts, err = readGifts(ctx, q, g.Community, found)
	slices.SortFunc(gifts, func(a, b Gift) int {
		if n := a.IssuedOn.Compare(b.IssuedOn); n != 0 {
			return n
		}
		return a.Number - b.Number
	})
	return gifts, err
}

// readGifts reads paid donations with their campaigns and receipts, the latest first.
func readGifts(ctx context.Context, q sqlx.QueryerContext, community int, ids []string) (gifts []Gift, err error) {
	err = sqlx.SelectContext(ctx, q, &gifts, `
		SELECT d.id, d.campaign_id, c.slug, c.title_zh, c.title_en, c.kind, coalesce(z.result, '') AS result, c.fund_id, f.restricted,
		       d.amount, d.refunded, d.paid_at, d.method, d.entry_seq, coalesce(n.name, '') AS name, d.message, d.show_name, d.show_message,
		       r.year, r.number, r.issued_on, r.token, r.check_code
		  FROM campaigns.donation d
		  JOIN campaigns.campaign c ON c.community_id = d.community_id AND c.id = d.campaign_id
		  JOIN ledger.fund f ON f.community_id = c.community_id AND f.id = c.fund_id
		  JOIN receipt.receipt r ON r.community_id = d.community_id AND r.subject_id = d.id
		  LEFT JOIN campaigns.conclusion z ON z.community_id = c.community_id AND z.campaign_id = c.id
		  LEFT JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
		 WHERE d.community_id = $1 AND d.id = ANY ($2::uuid[]) AND d.state = 'paid' ORDER BY d.id DESC`, community, pq.StringArray(ids))
	return gifts, ledger.Explain(err)
}
