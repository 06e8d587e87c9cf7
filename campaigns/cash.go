package campaigns

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// CashPayee is where cash goes: the community's own safe.
const CashPayee = "cash"

// EnterCash writes down and books a gift that a cashier took at the desk. The
// start's ID makes it safe to send the form twice.
func EnterCash(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s Start) (r Received, err error) {
	defer wrap(&err, "campaigns.EnterCash(%d, %s)", c.ID, s.Campaign)
	s.Method = "cash"
	d, _, err := writeDown(ctx, tx, c, s, CashPayee)
	if err != nil {
		return r, err
	}
	return ledger.Solo(ctx, tx, c.ID, Payment{
		Donation: d.ID, Provider: "cash", Reference: "desk:" + d.ID.String(), Amount: d.Amount, Currency: d.Currency, Payee: CashPayee, PaidAt: s.At,
	}, ReceivePayments)
}
