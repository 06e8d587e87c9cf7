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

// Takings are what a place took on a day, or in the days up to it, as one line
// from a paper pad: nobody rang it up, and nobody got a receipt of ours.
type Takings struct {
	ID        uuid.UUID    `db:"id"` // the form's own, so that it may be sent twice
	PlaceID   int          `db:"place_id"`
	Day       time.Time    `db:"day"`
	Shift     string       `db:"shift"`  // `早班`, `04-09 至 04-15`, or nothing
	Sales     int          `db:"sales"`  // strokes on the pad; 0 where nobody counted
	Amount    money.Amount `db:"amount"` // the sum of Paid
	EnteredBy string       `db:"entered_by"`
	EnteredAt time.Time    `db:"entered_at"`
	Entry     int64        `db:"entry_seq"`
	Voucher   string       `db:"voucher"` // of the entry, when read

	Paid   []Payment      // in which ways; Given is not looked at
	Income ledger.Purpose // SalesIncome unless it is ServiceIncome; the place's own account goes before
}

const selectTakings = `
	SELECT t.id, t.place_id, t.day, t.shift, t.sales, t.amount, t.entered_by, t.entered_at, t.entry_seq, e.year || '-' || e.number AS voucher
	  FROM sale.takings t JOIN ledger.journal_entry e ON e.community_id = t.community_id AND e.seq = t.entry_seq WHERE t.community_id = $1`

// Take books takings: income of the place's account and fund. The same ID again
// changes nothing. WrongAmounts where nothing was taken.
func Take(ctx context.Context, tx *sqlx.Tx, c ledger.Community, t Takings) (_ Takings, err error) {
	defer wrap(&err, "sale.Take(%d, %d)", c.ID, t.PlaceID)
	var again Takings
	if err = tx.GetContext(ctx, &again, selectTakings+` AND t.id = $2`, c.ID, t.ID); err == nil {
		return again, nil
	} else if !errors.Is(explain(err), ErrNotFound) {
		return t, err
	}
	place, err := PlaceAt(ctx, tx, c.ID, t.PlaceID)
	if err != nil {
		return t, err
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return t, err
	}
	e := ledger.Entry{
		Date: t.Day, Kind: "takings", Source: "takings:" + t.ID.String(), Memo: place.NameZH + "营业款", Detail: t.Shift, PostedBy: t.EnteredBy,
	}
	t.Amount = money.Zero
	for _, p := range t.Paid {
		account, err := book.Account(p.Way.Account())
		if err != nil {
			return t, err
		}
		if p.Amount.Sign() <= 0 {
			return t, WrongAmounts
		}
		t.Amount = t.Amount.Add(p.Amount)
		e.Postings = append(e.Postings, ledger.Debit(account, place.FundID, p.Amount))
	}
	if t.Amount.IsZero() {
		return t, WrongAmounts
	}
	if t.Income == "" {
		t.Income = ledger.SalesIncome
	}
	income, err := place.earns(book, t.Income)
	if err != nil {
		return t, err
	}
	e.Postings = append(e.Postings, ledger.Credit(income, place.FundID, t.Amount))
	posted, err := ledger.Post(ctx, tx, c.ID, e)
	if err != nil {
		return t, err
	}
	t.Entry = posted[0].Seq
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.takings (community_id, id, place_id, day, shift, sales, amount, entered_by, entered_at, entry_seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, t.ID, t.PlaceID, iso(t.Day), t.Shift, t.Sales, t.Amount, t.EnteredBy, t.EnteredAt, t.Entry)
	return t, err
}

// ListTakings reads what a place took, the latest day first; what was reversed
// in the journal is left out.
func ListTakings(ctx context.Context, q sqlx.QueryerContext, community, place, limit int) (all []Takings, err error) {
	defer wrap(&err, "sale.ListTakings(%d, %d)", community, place)
	err = sqlx.SelectContext(ctx, q, &all, selectTakings+` AND t.place_id = $2 AND NOT EXISTS (
		SELECT FROM ledger.journal_entry r WHERE r.community_id = $1 AND r.reverses_seq = t.entry_seq) ORDER BY t.day DESC, t.entered_at DESC LIMIT $3`,
		community, place, limit)
	return all, err
}

func iso(day time.Time) string { return day.Format(time.DateOnly) }
