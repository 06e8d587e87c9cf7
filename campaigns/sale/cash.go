package sale

import (
	"context"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Keeper is where cash is kept.
type Keeper string

// The keepers of cash.
const (
	InTill    Keeper = "till"    // the drawer of an open session
	InSafe    Keeper = "safe"    // everything else that the books have as cash
	InTransit Keeper = "transit" // on its way to the bank
)

// Holding is the cash of one keeper.
type Holding struct {
	Keeper  Keeper       `db:"keeper"`
	Till    string       `db:"till"`       // of a drawer
	Session *uuid.UUID   `db:"session_id"` // of a drawer
	Who     string       `db:"who"`        // who answers for a drawer
	Amount  money.Amount `db:"amount"`
}

// inTransit is the account of cash on its way to the bank.
const inTransit ledger.Purpose = "cash_in_transit"

// openDrawers are the open sessions with what should lie in their drawers.
const openDrawers = `
	SELECT s.till, s.id AS session_id, s.opened_by AS who, s.place_id, ` + inDrawer + ` AS amount
	  FROM sale.session s WHERE s.community_id = $1 AND s.closed_at IS NULL`

// CashByKeeper says where all the cash is that the books have: each open drawer,
// the safe, and what is on its way to the bank. The sum is what the books have of
// both accounts; a safe below zero is cash that nobody has accounted for.
func CashByKeeper(ctx context.Context, q sqlx.QueryerContext, community int) (held []Holding, err error) {
	defer wrap(&err, "sale.CashByKeeper(%d)", community)
	err = sqlx.SelectContext(ctx, q, &held, `
		WITH drawer AS (`+openDrawers+`),
		     booked AS (SELECT a.purpose, sum(b.debit - b.credit) AS amount FROM ledger.balance b
		                  JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		                 WHERE b.community_id = $1 AND a.purpose IN ($2, $3) GROUP BY a.purpose)
		SELECT $4 AS keeper, till, session_id, who, amount FROM drawer
		UNION ALL
		SELECT $5, '', NULL, '', coalesce((SELECT amount FROM booked WHERE purpose = $2), 0.00) - coalesce((SELECT sum(amount) FROM drawer), 0.00)
		UNION ALL
		SELECT $6, '', NULL, '', coalesce((SELECT amount FROM booked WHERE purpose = $3), 0.00)
		ORDER BY 2, 1`, community, ledger.Cash, inTransit, InTill, InSafe, InTransit)
	return held, err
}
