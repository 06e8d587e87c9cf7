package sale

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// figuresOf counts a session's figures.
func figuresOf(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, s Session, counted []Tally) (f Figures, err error) {
	place, err := PlaceAt(ctx, q, c.ID, s.PlaceID)
	if err != nil {
		return f, err
	}
	f = Figures{
		Session: s.ID, Till: s.Till, Place: s.PlaceID, Name: place.NameZH, OpenedBy: s.OpenedBy, OpenedAt: s.OpenedAt.UTC(), ClosedAt: s.ClosedAt.UTC(), Reason: s.Reason,
		Float: s.Float, Expected: *s.Expected, Counted: *s.Counted, Pieces: counted[1].Pieces, Counters: []string{counted[0].Counter, counted[1].Counter},
		Ways: []WaySum{}, Items: []ItemSum{}, Hours: []HourSum{},
	}
	for into, query := range map[*Sum]string{
		&f.Sales:   `SELECT count(*) AS count, coalesce(sum(total), 0.00) AS amount FROM sale.sale WHERE community_id = $1 AND session_id = $2`,
		&f.Tips:    `SELECT count(*) AS count, coalesce(sum(tip), 0.00) AS amount FROM sale.sale WHERE community_id = $1 AND session_id = $2 AND tip > 0`,
		&f.Refunds: `SELECT count(*) AS count, coalesce(sum(amount), 0.00) AS amount FROM sale.refund WHERE community_id = $1 AND session_id = $2`,
		&f.Voids:   `SELECT count(*) AS count, coalesce(sum(amount), 0.00) AS amount FROM sale.void WHERE community_id = $1 AND session_id = $2`,
	} {
		if err = sqlx.GetContext(ctx, q, into, query, c.ID, s.ID); err != nil {
			return f, err
		}
	}
	if f.First, f.Last, err = receiptsBetween(ctx, q, c.ID, s.ID); err != nil {
		return f, err
	}
	if err = sqlx.SelectContext(ctx, q, &f.Ways, `
		SELECT way, sum(paid) AS paid, sum(back) AS back FROM (
		       SELECT p.way, p.amount AS paid, 0.00 AS back FROM sale.sale s
		         JOIN sale.payment p ON p.community_id = s.community_id AND p.sale_id = s.id WHERE s.community_id = $1 AND s.session_id = $2
		       UNION ALL
		       SELECT p.way, 0.00, p.amount FROM sale.refund r
		         JOIN sale.refund_payment p ON p.community_id = r.community_id AND p.refund_id = r.id WHERE r.community_id = $1 AND r.session_id = $2) m
		 GROUP BY way ORDER BY array_position(ARRAY['cash', 'wechat', 'alipay', 'transfer'], way)`, c.ID, s.ID); err != nil {
		return f, err
	}
	if f.Items, err = itemSums(ctx, q, c.ID, `s.session_id = $2`, `r.session_id = $2`, s.ID); err != nil {
		return f, err
	}
	err = sqlx.SelectContext(ctx, q, &f.Hours, `
		SELECT to_char(rung_at AT TIME ZONE $3, 'YYYY-MM-DD HH24') AS hour, count(*) AS count, sum(total) AS amount
		  FROM sale.sale WHERE community_id = $1 AND session_id = $2 GROUP BY 1 ORDER BY 1`, c.ID, s.ID, c.Timezone)
	return f, err
}

func receiptsBetween(ctx context.Context, q sqlx.QueryerContext, community int, session uuid.UUID) (first, last string, err error) {
	var ends struct{ First, Last string }
	err = sqlx.GetContext(ctx, q, &ends, `
		SELECT coalesce(min(n), '') AS first, coalesce(max(n), '') AS last
		  FROM (SELECT r.year || '-S' || lpad(r.number::text, 6, '0') AS n FROM sale.sale s
		          JOIN receipt.receipt r ON r.community_id = s.community_id AND r.subject_id = s.id
		         WHERE s.community_id = $1 AND s.session_id = $2) x`, community, session)
	return ends.First, ends.Last, err
}

// itemSums counts what was sold and what came back, thing by thing; sold and
// back are conditions on the sale s and the refund r, about $2.
func itemSums(ctx context.Context, q sqlx.QueryerContext, community int, sold, back string, key any) (sums []ItemSum, err error) {
	sums = []ItemSum{}
	err = sqlx.SelectContext(ctx, q, &sums, fmt.Sprintf(`
		SELECT coalesce(i.code, '') AS code, coalesce(i.name_zh, m.name) AS name, coalesce(min(i.name_en), '') AS name_en, sum(m.quantity) AS quantity, sum(m.amount) AS amount,
		       sum(m.returned) AS returned, sum(m.given_back) AS given_back
		  FROM (SELECT l.item_id, l.name, l.quantity, l.quantity * l.price AS amount, 0 AS returned, 0.00 AS given_back FROM sale.sale s
		          JOIN sale.line l ON l.community_id = s.community_id AND l.sale_id = s.id WHERE s.community_id = $1 AND %s
		        UNION ALL
		        SELECT l.item_id, l.name, 0, 0.00, b.quantity, b.quantity * l.price FROM sale.refund r
		          JOIN sale.sale s ON s.community_id = r.community_id AND s.id = r.sale_id
		          JOIN sale.refund_line b ON b.community_id = r.community_id AND b.refund_id = r.id
		          JOIN sale.line l ON l.community_id = b.community_id AND l.sale_id = b.sale_id AND l.line = b.line WHERE r.community_id = $1 AND %s) m
		  LEFT JOIN sale.item i ON i.community_id = $1 AND i.id = m.item_id
		 GROUP BY 1, 2 ORDER BY length(coalesce(min(i.code), '~~~~~~')), 1, 2`, sold, back), community, key)
	return sums, err
}
