package sale

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Sale is a 销售 that is booked.
type Sale struct {
	ID       uuid.UUID    `db:"id"`
	PlaceID  int          `db:"place_id"`
	Session  *uuid.UUID   `db:"session_id"` // nil: written on paper
	Slip     string       `db:"slip"`
	RungAt   time.Time    `db:"rung_at"`
	Total    money.Amount `db:"total"`
	Tip      money.Amount `db:"tip"`
	TipID    *uuid.UUID   `db:"tip_id"` // the donation that the tip is
	Refunded money.Amount `db:"refunded"`
	Cashier  string       `db:"cashier"`
	Entry    int64        `db:"entry_seq"`
	SyncedAt time.Time    `db:"synced_at"`
}

// Left is what was not given back.
func (s Sale) Left() money.Amount { return s.Total.Sub(s.Refunded) }

const selectSale = `
	SELECT id, place_id, session_id, slip, rung_at, total, tip, tip_id, refunded, cashier, entry_seq, synced_at FROM sale.sale WHERE community_id = $1`

// FindSale reads a sale; ErrNotFound.
func FindSale(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (s Sale, err error) {
	defer wrap(&err, "sale.FindSale(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &s, selectSale+` AND id = $2`, community, id)
	return s, err
}

// SoldIn counts the sales of a session.
func SoldIn(ctx context.Context, q sqlx.QueryerContext, community int, session uuid.UUID) (n int, err error) {
	defer wrap(&err, "sale.SoldIn(%d, %s)", community, session)
	err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM sale.sale WHERE community_id = $1 AND session_id = $2`, community, session)
	return n, err
}

// Lines reads what was bought, in its order.
func Lines(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (lines []Line, err error) {
	defer wrap(&err, "sale.Lines(%d, %s)", community, id)
	var rows []struct {
		Line
		Item uuid.NullUUID `db:"item_id"`
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT item_id, name, quantity, price, account_id FROM sale.line WHERE community_id = $1 AND sale_id = $2 ORDER BY line`, community, id)
	for _, r := range rows {
		r.Line.Item = r.Item.UUID
		lines = append(lines, r.Line)
	}
	return lines, err
}

// Payments reads how a sale was paid, its tip with it.
func Payments(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (payments []Payment, err error) {
	defer wrap(&err, "sale.Payments(%d, %s)", community, id)
	err = sqlx.SelectContext(ctx, q, &payments, `
		SELECT way, amount, given FROM sale.payment WHERE community_id = $1 AND sale_id = $2 ORDER BY nth`, community, id)
	return payments, err
}
