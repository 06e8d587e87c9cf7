package campaigns

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/money"
)

// Awaited is a gift that its donor promised to bring or to send, with what they
// say or write for it.
type Awaited struct {
	Donation
	Ref string // JK-7K3M-92QF
}

// ListAwaited reads the gifts awaited by transfer or at the desk, the oldest
// first.
func ListAwaited(ctx context.Context, q sqlx.QueryerContext, community int, methods ...string) (as []Awaited, err error) {
	defer wrap(&err, "campaigns.ListAwaited(%d)", community)
	var ds []Donation
	err = sqlx.SelectContext(ctx, q, &ds, selectDonation+` AND d.state = 'pending' AND d.method = ANY ($2) ORDER BY d.created_at, d.id LIMIT 500`,
		community, pq.StringArray(methods))
	for _, d := range ds {
		reference, missing := payment.ReferenceOf(ctx, q, community, d.ID)
		if missing != nil && !errors.Is(missing, payment.ErrNoReference) {
			return nil, missing
		}
		as = append(as, Awaited{d, reference})
	}
	return as, err
}

// FindAwaited reads the gift that a reference names, in whatever state it is:
// ErrNotFound for a reference that nobody has.
func FindAwaited(ctx context.Context, q sqlx.QueryerContext, community int, reference string) (a Awaited, err error) {
	defer wrap(&err, "campaigns.FindAwaited(%d, %s)", community, reference)
	id, err := payment.OrderOf(ctx, q, community, reference)
	if errors.Is(err, payment.ErrNoReference) {
		return a, ErrNotFound
	}
	if err != nil {
		return a, err
	}
	a.Ref = reference
	a.Donation, err = FindDonation(ctx, q, community, id)
	return a, err
}

// Arrival is money of an awaited gift that has come.
type Arrival struct {
	Donation  uuid.UUID
	Amount    money.Amount
	Reference string // the bank's own number of the line, if there is one
	At        time.Time
	Who       string
}

// Arrive books an awaited gift. aside is true where the amount is another than
// was promised, or the gift was paid before: then the money waits in quarantine
// for the treasurer.
func Arrive(ctx context.Context, tx *sqlx.Tx, c ledger.Community, a Arrival) (r Received, aside bool, err error) {
	defer wrap(&err, "campaigns.Arrive(%d, %s)", c.ID, a.Donation)
	d, err := FindDonation(ctx, tx, c.ID, a.Donation)
	if err != nil {
		return r, false, err
	}
	if d.Method != byCash && d.Method != byTransfer {
		return r, false, ErrState
	}
	r, err = ledger.Solo(ctx, tx, c.ID, Payment{
		Donation: d.ID, Provider: d.Method, Reference: cmp.Or(a.Reference, "desk:"+d.ID.String()), Amount: a.Amount, Currency: c.Currency,
		Payee: d.Payee, PaidAt: a.At, EnteredBy: a.Who,
	}, ReceivePayments)
	if errors.Is(err, ErrQuarantined) {
		return r, true, nil
	}
	return r, false, err
}
