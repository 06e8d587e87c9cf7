package campaigns

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/payment"
	"fund/ledger"
)

// How long a donation may wait for its payment before it is given up. What is
// paid later is still received.
const (
	PaymentWait = 2 * time.Hour
	CashWait    = 30 * 24 * time.Hour // promised on the phone, brought to the desk
)

// settleMax is how many donations of a provider one call asks about.
const settleMax = 500

// Settle is the query job, for when notifications get lost: it asks the
// providers about donations that have waited for longer than olderThan,
// receives what was paid, and gives up what failed or waited too long. It
// returns what it received. Several processes may run it at once. A provider
// that does not answer is asked again next time, and its error returned when
// the others are done.
func Settle(ctx context.Context, db *sqlx.DB, c ledger.Community, providers payment.Providers,
	receive *ledger.Committer[Payment, Received], now time.Time, olderThan time.Duration,
) (received []Received, err error) {
	defer wrap(&err, "campaigns.Settle(%d)", c.ID)
	var errs []error
	for _, name := range providers.Names() {
		provider, err := providers.Named(name)
		if err != nil {
			return received, err
		}
		waiting, err := UnpaidSince(ctx, db, c.ID, name, now.Add(-olderThan), settleMax)
		if err != nil {
			return received, err
		}
		for _, d := range waiting {
			r, err := settle(ctx, db, c, provider, receive, d, now)
			if err != nil {
				errs = append(errs, err)
			}
			if errors.Is(err, payment.ErrProviderDown) {
				break
			}
			if r.Donation == d.ID && !r.Again {
				received = append(received, r)
			}
		}
	}
	return received, errors.Join(errs...)
}

// SettleDonation asks about one donation at once, as when its donor says that it
// is paid, and receives it if it is.
func SettleDonation(ctx context.Context, db *sqlx.DB, c ledger.Community, p payment.Provider,
	receive *ledger.Committer[Payment, Received], d Donation, now time.Time,
) (r Received, err error) {
	defer wrap(&err, "campaigns.SettleDonation(%d, %s)", c.ID, d.ID)
	if d.State != Pending {
		return r, ErrState
	}
	return settle(ctx, db, c, p, receive, d, now)
}

// settle brings one donation to its end, if it has come.
func settle(ctx context.Context, db *sqlx.DB, c ledger.Community, p payment.Provider,
	receive *ledger.Committer[Payment, Received], d Donation, now time.Time,
) (r Received, err error) {
	wait := PaymentWait
	event, err := p.Query(ctx, payment.Order{CommunityID: c.ID, Community: c.Slug, ID: d.ID, Payee: d.Payee})
	switch {
	case errors.Is(err, payment.ErrByHand):
		wait = CashWait
	case errors.Is(err, payment.ErrUnknownOrder): // the donor never came as far as the provider
	case err != nil:
		return r, err
	case event.State == payment.Paid:
		if r, err = receive.Do(ctx, c.ID, PaymentOf(p.Name(), event)); errors.Is(err, ErrQuarantined) {
			return r, nil // the treasurer's now
		}
		return r, err
	case event.State != payment.Pending:
		wait = 0
	}
	if now.Sub(d.CreatedAt) < wait {
		return r, nil
	}
	return r, fail(ctx, db, c.ID, d)
}

func fail(ctx context.Context, db *sqlx.DB, community int, d Donation) error {
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		if err := FailDonation(ctx, tx, community, d.ID); !errors.Is(err, ErrState) { // else somebody was quicker
			return err
		}
		return nil
	})
}
