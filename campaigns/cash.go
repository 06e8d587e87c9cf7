package campaigns

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// CashPayee is where cash goes: the community's own safe.
const CashPayee = "cash"

// The methods for which no provider is asked.
const (
	byCash     = "cash"
	byTransfer = "transfer"
)

// EnterCash writes down and books a gift that a cashier took at the desk; with
// the ID of a donation that was started for cash, it takes what was promised
// (ErrQuarantined if that is another amount). The ID makes it safe to send the
// form twice.
func EnterCash(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s Start) (r Received, err error) {
	defer wrap(&err, "campaigns.EnterCash(%d, %s)", c.ID, s.Campaign)
	s.Method = byCash
	d, _, err := writeDown(ctx, tx, c, s, "")
	if err != nil {
		return r, err
	}
	return ledger.Solo(ctx, tx, c.ID, Payment{
		Donation: d.ID, Provider: s.Method, Reference: "desk:" + d.ID.String(), Amount: s.Amount, Currency: c.Currency, Payee: CashPayee,
		PaidAt: s.At, EnteredBy: s.EnteredBy,
	}, ReceivePayments)
}

// EnterCollection books the money of a collection box as one gift without a
// name, whatever its size and though the campaign may have ended meanwhile:
// it was given while the box stood. The id makes it safe to call twice.
func EnterCollection(ctx context.Context, tx *sqlx.Tx, c ledger.Community, campaign int, id uuid.UUID, amount money.Amount, who string, at time.Time) (r Received, err error) {
	defer wrap(&err, "campaigns.EnterCollection(%d, %d)", c.ID, campaign)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO campaigns.donation (community_id, id, campaign_id, amount, currency, method, payee, entered_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (community_id, id) DO NOTHING`,
		c.ID, id, campaign, amount, c.Currency, byCash, CashPayee, who, at)
	if err != nil {
		return r, err
	}
	return ledger.Solo(ctx, tx, c.ID, Payment{
		Donation: id, Provider: byCash, Reference: "box:" + id.String(), Amount: amount, Currency: c.Currency, Payee: CashPayee, PaidAt: at, EnteredBy: who,
	}, ReceivePayments)
}
