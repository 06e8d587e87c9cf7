package payment

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Counterpart is the pretend payment company. It keeps its orders in payment.sandbox_order, so that several server processes
// share them, and tells of payments over HTTP as a real company would.
type Counterpart struct {
	// Client delivers notifications. Its Timeout is how long the company waits for an answer.
	Client *http.Client
	// Now is the company's clock.
	Now func() time.Time
	// RetryAfter are the pauses between attempts to deliver; when they are used up the company gives up, and only a Query
	// learns the truth.
	RetryAfter []time.Duration

	keys SandboxKeys
	db   *sqlx.DB
}

// NewCounterpart opens the company's doors: five seconds to answer, and retries for a day, sparser and sparser, as WeChat Pay's.
func NewCounterpart(db *sqlx.DB, keys SandboxKeys) *Counterpart {
	return &Counterpart{
		Client: &http.Client{Timeout: 5 * time.Second},
		Now:    time.Now,
		RetryAfter: []time.Duration{
			time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, 3 * time.Minute, 10 * time.Minute,
			20 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
		},
		keys: keys,
		db:   db,
	}
}

// SandboxOrder is an order as the company knows it.
type SandboxOrder struct {
	Order
	Event Event // what the company would say if asked
}

// remember is Checkout's half at the company.
func (c *Counterpart) remember(ctx context.Context, o Order) error {
	if o.Amount.Sign() <= 0 || o.Payee == "" || !o.ExpiresAt.After(c.Now()) {
		return fmt.Errorf("%w: order %s of %s to payee %q until %s", ErrRefused, o.Number(), o.Amount, o.Payee, o.ExpiresAt)
	}
	const q = `
		INSERT INTO payment.sandbox_order AS known
		       (community_id, order_id, community, amount, currency, payee, description, return_url, notify_url, client, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (community_id, order_id) DO UPDATE SET client = excluded.client
		 WHERE (known.amount, known.currency, known.payee) = (excluded.amount, excluded.currency, excluded.payee)`
	res, err := c.db.ExecContext(ctx, q, o.CommunityID, o.ID, o.Community, o.Amount, o.Currency, o.Payee, o.Description,
		o.ReturnURL, o.NotifyURL, o.Client, o.ExpiresAt)
	if err != nil {
		return fmt.Errorf("payment: remember order %s: %w", o.Number(), err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fmt.Errorf("%w: order %s is known with another amount, currency or payee", ErrRefused, o.Number()))
	}
	return nil
}

// Find returns an order, or ErrUnknownOrder.
func (c *Counterpart) Find(ctx context.Context, communityID int, id uuid.UUID) (SandboxOrder, error) {
	return c.find(ctx, c.db, communityID, id, "")
}

func (c *Counterpart) find(
	ctx context.Context, db sqlx.QueryerContext, communityID int, id uuid.UUID, lock string,
) (SandboxOrder, error) {
	const q = `
		SELECT community, amount, currency, payee, description, return_url, notify_url, client, expires_at,
		       state, reference, paid_at,
		       coalesce(paid_amount, amount), coalesce(paid_currency, currency), coalesce(paid_payee, payee)
		  FROM payment.sandbox_order
		 WHERE community_id = $1 AND order_id = $2 `
	o := SandboxOrder{Order: Order{CommunityID: communityID, ID: id}}
	e := &o.Event
	var paidAt sql.NullTime
	err := db.QueryRowxContext(ctx, q+lock, communityID, id).Scan(&o.Community, &o.Amount, &o.Currency, &o.Payee, &o.Description,
		&o.ReturnURL, &o.NotifyURL, &o.Client, &o.ExpiresAt, &e.State, &e.Reference, &paidAt, &e.Amount, &e.Currency, &e.Payee)
	if errors.Is(err, sql.ErrNoRows) {
		return SandboxOrder{}, fmt.Errorf("%w: %s", ErrUnknownOrder, o.Number())
	}
	if err != nil {
		return SandboxOrder{}, fmt.Errorf("payment: find order %s: %w", o.Number(), err)
	}
	e.Community, e.Order, e.At = o.Community, id, paidAt.Time
	if e.State == Pending && !o.ExpiresAt.After(c.Now()) {
		e.State = Failed
	}
	return o, nil
}

// Pay is the donor pressing a button at the company. It settles the order as the scenario says and returns what the company now
// has to tell; hand that to Deliver. Pressing again changes nothing and tells the same again.
// Errors: ErrUnknownOrder; ErrRefused for an order that expired or was declined.
func (c *Counterpart) Pay(ctx context.Context, communityID int, id uuid.UUID, s Scenario) (Delivery, error) {
	o, err := c.Find(ctx, communityID, id)
	if err != nil {
		return Delivery{}, err
	}
	if o.Event.State == Pending {
		if err := c.settle(ctx, communityID, s.outcome(o.Event, c.Now())); err != nil {
			return Delivery{}, err
		}
		if o, err = c.Find(ctx, communityID, id); err != nil { // another press may have come first
			return Delivery{}, err
		}
	}
	if o.Event.State == Failed && s != Decline {
		return Delivery{}, fmt.Errorf("%w: order %s is closed", ErrRefused, o.Number())
	}
	return Delivery{URL: o.NotifyURL, Event: o.Event, Scenario: s}, nil
}

func (c *Counterpart) settle(ctx context.Context, communityID int, e Event) error {
	const q = `
		UPDATE payment.sandbox_order
		   SET state = $3, reference = $4, paid_at = $5, paid_amount = $6, paid_currency = $7, paid_payee = $8
		 WHERE community_id = $1 AND order_id = $2 AND state = 'pending'`
	paidAt := sql.NullTime{Time: e.At, Valid: e.State == Paid}
	if _, err := c.db.ExecContext(ctx, q, communityID, e.Order, e.State, e.Reference, paidAt, e.Amount, e.Currency, e.Payee); err != nil {
		return fmt.Errorf("payment: settle order %s: %w", orderNumber(e.Order), err)
	}
	return nil
}

// refund is Sandbox.Refund's half at the company: at most what was paid, each refund once.
func (c *Counterpart) refund(ctx context.Context, r RefundOrder) (_ RefundResult, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("payment: refund %s of order %s: %w", orderNumber(r.ID), r.Order.Number(), err)
		}
	}()
	tx, err := c.db.BeginTxx(ctx, nil)
	if err != nil {
		return RefundResult{}, err
	}
	defer tx.Rollback()
	o, err := c.find(ctx, tx, r.Order.CommunityID, r.Order.ID, "FOR UPDATE")
	if err != nil {
		return RefundResult{}, err
	}
	const known = `
		SELECT amount, reference FROM payment.sandbox_refund WHERE community_id = $1 AND order_id = $2 AND refund_id = $3`
	var amount money.Amount
	var reference string
	switch err = tx.QueryRowxContext(ctx, known, o.CommunityID, o.ID, r.ID).Scan(&amount, &reference); {
	case err == nil && !amount.Equal(r.Amount):
		return RefundResult{}, fmt.Errorf("%w: it is known with another amount", ErrRefused)
	case err == nil:
		return RefundResult{Reference: reference, State: Refunded}, nil
	case !errors.Is(err, sql.ErrNoRows):
		return RefundResult{}, err
	}
	const giveBack = `
		UPDATE payment.sandbox_order
		   SET refunded = refunded + $3, state = CASE WHEN refunded + $3 = paid_amount THEN 'refunded' ELSE state END
		 WHERE community_id = $1 AND order_id = $2 AND state = 'paid' AND $3::numeric > 0 AND refunded + $3 <= paid_amount`
	res, err := tx.ExecContext(ctx, giveBack, o.CommunityID, o.ID, r.Amount)
	if err != nil {
		return RefundResult{}, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return RefundResult{}, errors.Join(err, fmt.Errorf("%w: not paid, or more than is left", ErrRefused))
	}
	const note = `
		INSERT INTO payment.sandbox_refund (community_id, order_id, refund_id, amount, reference, refunded_at)
		VALUES ($1, $2, $3, $4, $5, $6)`
	reference = newReference("R")
	if _, err = tx.ExecContext(ctx, note, o.CommunityID, o.ID, r.ID, r.Amount, reference, c.Now()); err != nil {
		return RefundResult{}, err
	}
	return RefundResult{Reference: reference, State: Refunded}, tx.Commit()
}

// newReference is a number the company gives to a payment ("P…") or a refund ("R…").
func newReference(letter string) string { return letter + rand.Text() }
