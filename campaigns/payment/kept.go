package payment

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// How long what a company gave for an order may be shown again before it is asked anew. WeChat Pay's address for a phone ends
// after five minutes; a code lives as long as its order.
const (
	redirectFresh = 4 * time.Minute
	codeFresh     = 2 * time.Hour
)

// KeepCheckout remembers what a company gave for an order, so that a page that is read again shows the same.
func KeepCheckout(ctx context.Context, db sqlx.ExecerContext, community int, order uuid.UUID, c Checkout, at time.Time) error {
	if c.Kind == Instructions {
		return nil
	}
	_, err := db.ExecContext(ctx, `
		INSERT INTO payment.checkout (community_id, order_id, kind, url, made_at) VALUES ($1, $2, $3, $4, $5)
		    ON CONFLICT (community_id, order_id) DO UPDATE SET kind = EXCLUDED.kind, url = EXCLUDED.url, made_at = EXCLUDED.made_at`,
		community, order, c.Kind, c.URL, at)
	if err != nil {
		return fmt.Errorf("payment.KeepCheckout(%d, %s): %w", community, order, err)
	}
	return nil
}

// KeptCheckout is what KeepCheckout remembers of a kind, if it is still good; false where the company is to be asked.
func KeptCheckout(ctx context.Context, q sqlx.QueryerContext, community int, order uuid.UUID, kind CheckoutKind, now time.Time) (c Checkout, ok bool, err error) {
	fresh := codeFresh
	if kind == Redirect {
		fresh = redirectFresh
	}
	c.Kind = kind
	err = sqlx.GetContext(ctx, q, &c.URL, `SELECT url FROM payment.checkout WHERE community_id = $1 AND order_id = $2 AND kind = $3 AND made_at > $4`,
		community, order, kind, now.Add(-fresh))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Checkout{}, false, nil
	case err != nil:
		return Checkout{}, false, fmt.Errorf("payment.KeptCheckout(%d, %s): %w", community, order, err)
	}
	return c, true, nil
}

// ErrNoReference: no order waits under this reference.
var ErrNoReference = errors.New("payment: no order has this reference")

// ReserveReference gives an order its reference, the same each time. The first that comes of the order's id is the usual one;
// where another order has it, the next.
func ReserveReference(ctx context.Context, db sqlx.ExtContext, community int, order uuid.UUID) (reference string, err error) {
	for salt := byte(0); salt < 8; salt++ {
		reference = transferReference(order, salt)
		var owner uuid.UUID
		err = sqlx.GetContext(ctx, db, &owner, `
			WITH reserved AS (
			       INSERT INTO payment.reference (community_id, reference, order_id) VALUES ($1, $2, $3)
			           ON CONFLICT DO NOTHING RETURNING order_id)
			SELECT order_id FROM reserved
			UNION ALL SELECT order_id FROM payment.reference WHERE community_id = $1 AND reference = $2`, community, reference, order)
		if err == nil && owner == order {
			return reference, nil
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			break
		}
		if kept, err := ReferenceOf(ctx, db, community, order); err == nil { // under a later one, from another time
			return kept, nil
		}
	}
	return "", fmt.Errorf("payment.ReserveReference(%d, %s): %w", community, order, err)
}

// ReferenceOf is the reference an order has; ErrNoReference.
func ReferenceOf(ctx context.Context, q sqlx.QueryerContext, community int, order uuid.UUID) (reference string, err error) {
	err = sqlx.GetContext(ctx, q, &reference, `SELECT reference FROM payment.reference WHERE community_id = $1 AND order_id = $2`, community, order)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoReference
	}
	return reference, err
}

// OrderOf is the order that a reference names, which ParseTransferReference has read; ErrNoReference.
func OrderOf(ctx context.Context, q sqlx.QueryerContext, community int, reference string) (order uuid.UUID, err error) {
	err = sqlx.GetContext(ctx, q, &order, `SELECT order_id FROM payment.reference WHERE community_id = $1 AND reference = $2`, community, reference)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoReference
	}
	return order, err
}

// OrdersOf are the orders that references name; those that nobody has are left out.
func OrdersOf(ctx context.Context, q sqlx.QueryerContext, community int, references []string) (of map[string]uuid.UUID, err error) {
	of = map[string]uuid.UUID{}
	return of, eachReference(ctx, q, `AND reference = ANY ($2)`, func(reference string, order uuid.UUID) { of[reference] = order }, community, pq.Array(references))
}

// ReferencesOf are the references that orders have; those without one are left out.
func ReferencesOf(ctx context.Context, q sqlx.QueryerContext, community int, orders []uuid.UUID) (of map[uuid.UUID][]string, err error) {
	of = map[uuid.UUID][]string{}
	return of, eachReference(ctx, q, `AND order_id = ANY ($2::uuid[])`, func(reference string, order uuid.UUID) { of[order] = append(of[order], reference) }, community, pq.Array(orders))
}

func eachReference(ctx context.Context, q sqlx.QueryerContext, where string, tell func(reference string, order uuid.UUID), community int, among any) error {
	var rows []struct {
		Reference string    `db:"reference"`
		Order     uuid.UUID `db:"order_id"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT reference, order_id FROM payment.reference WHERE community_id = $1 `+where+` ORDER BY reference`, community, among)
	if err != nil {
		return fmt.Errorf("payment.references(%d): %w", community, err)
	}
	for _, row := range rows {
		tell(row.Reference, row.Order)
	}
	return nil
}
