package sale

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// CostKind says what was paid for.
type CostKind string

// The kinds of cost.
const (
	Running CostKind = "cost"  // rent of tables, posters, gas
	Stock   CostKind = "stock" // what will be sold
)

// Cost is what an event or a venture has spent.
type Cost struct {
	ID        uuid.UUID    `db:"id"` // the form's own, so that it may be sent twice
	PlaceID   int          `db:"place_id"`
	Kind      CostKind     `db:"kind"`
	What      string       `db:"what"`
	Amount    money.Amount `db:"amount"`
	SpentOn   time.Time    `db:"spent_on"`
	EnteredBy string       `db:"entered_by"`
	EnteredAt time.Time    `db:"entered_at"`
	Entry     int64        `db:"entry_seq"`
}

const selectCost = `SELECT id, place_id, kind, what, amount, spent_on, entered_by, entered_at, entry_seq FROM sale.cost WHERE community_id = $1`

// Spend books what a place has spent, from the safe or the bank, as the expense
// that the place names; else of an event as a cost of raising money, of a venture
// as a cost of its work. The same ID again changes nothing.
// ledger.ErrFundOverspent where the fund has not that much.
func Spend(ctx context.Context, tx *sqlx.Tx, c ledger.Community, k Cost, from Way) (_ Cost, err error) {
	defer wrap(&err, "sale.Spend(%d, %d)", c.ID, k.PlaceID)
	var again Cost
	if err = tx.GetContext(ctx, &again, selectCost+` AND id = $2`, c.ID, k.ID); err == nil {
		return again, nil
	} else if !errors.Is(explain(err), ErrNotFound) {
		return k, err
	}
	place, err := PlaceAt(ctx, tx, c.ID, k.PlaceID)
	if err != nil {
		return k, err
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return k, err
	}
	debit, err := place.spends(book)
	if err != nil {
		return k, err
	}
	credit, err := book.Account(from.Account())
	if err != nil {
		return k, err
	}
	posted, err := ledger.Post(ctx, tx, c.ID, ledger.Entry{
		Date: k.SpentOn, Kind: "expense", Source: "sale_cost:" + k.ID.String(), Memo: k.What, Detail: place.NameZH, PostedBy: k.EnteredBy,
		Postings: []ledger.Posting{ledger.Debit(debit, place.FundID, k.Amount), ledger.Credit(credit, place.FundID, k.Amount)},
	})
	if err != nil {
		return k, err
	}
	k.Entry = posted[0].Seq
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.cost (community_id, id, place_id, kind, what, amount, spent_on, entered_by, entered_at, entry_seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, k.ID, k.PlaceID, k.Kind, k.What, k.Amount, k.SpentOn.Format(time.DateOnly), k.EnteredBy, k.EnteredAt, k.Entry)
	return k, err
}

// ListCosts reads what a place has spent, the latest first; what was reversed
// in the journal is left out.
func ListCosts(ctx context.Context, q sqlx.QueryerContext, community, place int) (costs []Cost, err error) {
	defer wrap(&err, "sale.ListCosts(%d, %d)", community, place)
	err = sqlx.SelectContext(ctx, q, &costs, selectCost+` AND place_id = $2 AND NOT EXISTS (
		SELECT FROM ledger.journal_entry e WHERE e.community_id = $1 AND e.reverses_seq = entry_seq) ORDER BY spent_on DESC, entered_at DESC`, community, place)
	return costs, err
}
