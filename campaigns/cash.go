package campaigns

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
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
