package sale

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
)

// Refund is what was given back of a sale: all of it, or some of its lines.
type Refund struct {
	ID         uuid.UUID    `db:"id"` // the form's own, so that it may be sent twice
	Sale       uuid.UUID    `db:"sale_id"`
	Session    *uuid.UUID   `db:"session_id"` // whose drawer gave it back; nil: the safe
	Amount     money.Amount `db:"amount"`
	Reason     string       `db:"reason"`
	RefundedBy string       `db:"refunded_by"`
	ApprovedBy string       `db:"approved_by"` // the second person; empty below the limit
	RefundedAt time.Time    `db:"refunded_at"`
	Entry      int64        `db:"entry_seq"`
}

// Returned is so many of a line's things that come back.
type Returned struct {
	Line     int // from 1
	Quantity int
}

// GiveBack refunds what is left of a sale, or the lines named: cash before the
// other ways, which go back through the company's own app. The whole at once is
// a reversal of the sale's entry, a part an entry of its own; the last of it
// voids the receipt. A tip is a donation and is refunded as one.
//
// ErrNeedsSecond above the community's limit where nobody else approved,
// ErrTooMuch, ErrNoReason, SessionClosed, ErrNotFound; ledger.ErrFundOverspent
// where the fund has spent the money already.
func GiveBack(ctx context.Context, tx *sqlx.Tx, c ledger.Community, r Refund, lines []Returned) (_ Refund, err error) {
	defer wrap(&err, "sale.GiveBack(%d, %s)", c.ID, r.Sale)
	if r.Reason = strings.TrimSpace(r.Reason); r.Reason == "" {
		return r, ErrNoReason
	}
	s, err := lockSale(ctx, tx, c.ID, r.Sale)
	if err != nil {
		return r, err
	}
	if again, err := refundAt(ctx, tx, c.ID, s.ID, r.ID); err == nil {
		return again, nil
	} else if !errors.Is(explain(err), ErrNotFound) {
		return r, err
	}
	if r.Session != nil { // before the book, as whoever closes it does
		if _, err = tx.ExecContext(ctx, `SELECT FROM sale.session WHERE community_id = $1 AND id = $2 FOR SHARE`, c.ID, r.Session); err != nil {
			return r, err
		}
	}
	back, err := comesBack(ctx, tx, c.ID, s.ID, lines)
	if err != nil {
		return r, err
	}
	for _, l := range back {
		r.Amount = r.Amount.Add(l.Sum())
	}
	setting, err := SettingOf(ctx, tx, c.ID)
	if err != nil {
		return r, err
	}
	switch {
	case r.Amount.Sign() <= 0 || s.Left().Less(r.Amount):
		return r, ErrTooMuch
	case r.ApprovedBy == r.RefundedBy, r.ApprovedBy == "" && setting.RefundMax.Less(r.Amount):
		return r, ErrNeedsSecond
	}
	ways, err := backBy(ctx, tx, c.ID, s, r.Amount)
	if err != nil {
		return r, err
	}
	if r.Entry, err = postBack(ctx, tx, c, s, r, back, ways); err != nil {
		return r, err
	}
	if r.Amount.Equal(s.Left()) {
		issued, err := receipt.Of(ctx, tx, c.ID, s.ID)
		if err != nil {
			return r, err
		}
		if err = receipt.Void(ctx, tx, c.ID, issued, r.Entry, r.Reason, r.RefundedAt); err != nil {
			return r, err
		}
	}
	return r, keepRefund(ctx, tx, c.ID, r, setting.RefundMax, back, ways)
}

func lockSale(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (s Sale, err error) {
	err = tx.GetContext(ctx, &s, selectSale+` AND id = $2 FOR UPDATE`, community, id)
	return s, err
}

func refundAt(ctx context.Context, q sqlx.QueryerContext, community int, of, id uuid.UUID) (r Refund, err error) {
	err = sqlx.GetContext(ctx, q, &r, selectRefund+` AND sale_id = $2 AND id = $3`, community, of, id)
	return r, err
}

const selectRefund = `
	SELECT id, sale_id, session_id, amount, reason, refunded_by, approved_by, refunded_at, entry_seq FROM sale.refund WHERE community_id = $1`

// backLine is a line of a sale with how many of it come back now.
type backLine struct {
	Nth   int          `db:"line"`
	Item  *uuid.UUID   `db:"item_id"`
	Price money.Amount `db:"price"`
	Left  int          `db:"remaining"`
	Back  int          `db:"-"`

	Account int `db:"account_id"`
}

// Sum is what is given back for the line.
func (l backLine) Sum() money.Amount { return l.Price.Times(int64(l.Back)) }

// comesBack tells how many of each line come back: those asked for, or all that are left.
func comesBack(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, asked []Returned) (back []backLine, err error) {
	var lines []backLine
	err = tx.SelectContext(ctx, &lines, `
		SELECT l.line, l.item_id, l.price, l.account_id, l.quantity - coalesce((SELECT sum(r.quantity) FROM sale.refund_line r
		        WHERE r.community_id = l.community_id AND r.sale_id = l.sale_id AND r.line = l.line), 0)::int AS remaining
		  FROM sale.line l WHERE l.community_id = $1 AND l.sale_id = $2 ORDER BY l.line`, community, id)
	if err != nil {
		return nil, err
	}
	wanted := map[int]int{}
	for _, a := range asked {
		if a.Line < 1 || a.Line > len(lines) || a.Quantity < 1 || a.Quantity > QuantityMax {
			return nil, ErrTooMuch
		}
		wanted[a.Line] += a.Quantity
	}
	for _, l := range lines {
		if l.Back = wanted[l.Nth]; len(asked) == 0 {
			l.Back = l.Left
		}
		if l.Back > l.Left {
			return nil, ErrTooMuch
		}
		if l.Back > 0 {
			back = append(back, l)
		}
	}
	return back, nil
}

// paidBack is an amount by a way.
type paidBack struct {
	Way    Way          `db:"way"`
	Amount money.Amount `db:"amount"`
}

// backBy shares out a refund over the ways in which the sale was paid: cash
// first, each up to what is left of it.
func backBy(ctx context.Context, tx *sqlx.Tx, community int, s Sale, amount money.Amount) (ways []paidBack, err error) {
	payments, err := Payments(ctx, tx, community, s.ID)
	if err != nil {
		return nil, err
	}
	var before []paidBack
	err = tx.SelectContext(ctx, &before, `
		SELECT p.way, sum(p.amount) AS amount FROM sale.refund r JOIN sale.refund_payment p ON p.community_id = r.community_id AND p.refund_id = r.id
		 WHERE r.community_id = $1 AND r.sale_id = $2 GROUP BY p.way`, community, s.ID)
	if err != nil {
		return nil, err
	}
	left := map[Way]money.Amount{}
	carries, _ := Rung{Payments: payments, Tip: s.Tip}.tipBy()
	for i, p := range payments {
		if i == carries {
			p.Amount = p.Amount.Sub(s.Tip)
		}
		left[p.Way] = left[p.Way].Add(p.Amount)
	}
	for _, b := range before {
		left[b.Way] = left[b.Way].Sub(b.Amount)
	}
	for _, way := range Ways {
		if part := money.Min(amount, left[way]); part.Sign() > 0 {
			ways, amount = append(ways, paidBack{way, part}), amount.Sub(part)
		}
	}
	if !amount.IsZero() {
		return nil, ErrTooMuch
	}
	return ways, nil
}

// postBack posts the entry that takes the money out again.
func postBack(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s Sale, r Refund, back []backLine, ways []paidBack) (seq int64, err error) {
	booked, err := ledger.EntryAt(ctx, tx, c.ID, s.Entry)
	if err != nil {
		return 0, err
	}
	if booked.ReversedBy != 0 { // by hand, in the journal
		return 0, ledger.ErrReversedTwice
	}
	if r.Amount.Equal(s.Total) {
		reversal, err := ledger.Reverse(ctx, tx, c.ID, s.Entry, c.Day(r.RefundedAt), r.Reason, r.RefundedBy)
		return reversal.Seq, err
	}
	place, err := PlaceAt(ctx, tx, c.ID, s.PlaceID)
	if err != nil {
		return 0, err
	}
	lines, err := ledger.Lines(ctx, tx, c.ID, s.Entry)
	if err != nil {
		return 0, err
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return 0, err
	}
	entry := ledger.Entry{
		Date: c.Day(r.RefundedAt), Kind: "sale_refund", Source: "sale_refund:" + r.ID.String(), Memo: "退货 · " + place.NameZH, Detail: r.Reason, PostedBy: r.RefundedBy,
	}
	for _, l := range back {
		entry.Postings = post(entry.Postings, l.Account, lines[0].FundID, l.Sum())
	}
	for _, w := range ways {
		from, err := book.Account(w.Way.Account())
		if err != nil {
			return 0, err
		}
		entry.Postings = post(entry.Postings, from, lines[0].FundID, w.Amount.Neg())
	}
	posted, err := ledger.Post(ctx, tx, c.ID, entry)
	if err != nil {
		return 0, err
	}
	return posted[0].Seq, nil
}

func keepRefund(ctx context.Context, tx *sqlx.Tx, community int, r Refund, aloneMax money.Amount, back []backLine, ways []paidBack) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO sale.refund (community_id, id, sale_id, session_id, amount, reason, alone_max, refunded_by, approved_by, refunded_at, entry_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		community, r.ID, r.Sale, r.Session, r.Amount, r.Reason, aloneMax, r.RefundedBy, r.ApprovedBy, r.RefundedAt, r.Entry)
	if err != nil {
		return err
	}
	var nths, quantities pq.Int32Array
	for _, l := range back {
		nths, quantities = append(nths, int32(l.Nth)), append(quantities, int32(l.Back))
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.refund_line (community_id, refund_id, sale_id, line, quantity)
		SELECT $1, $2, $3, u.line, u.quantity FROM unnest($4::int[], $5::int[]) AS u (line, quantity)`, community, r.ID, r.Sale, nths, quantities)
	if err != nil {
		return err
	}
	if err = voidTickets(ctx, tx, community, r.Sale, back, r.RefundedAt); err != nil {
		return err
	}
	for _, w := range ways {
		if _, err = tx.ExecContext(ctx, `INSERT INTO sale.refund_payment (community_id, refund_id, way, amount) VALUES ($1, $2, $3, $4)`,
			community, r.ID, w.Way, w.Amount); err != nil {
			return err
		}
	}
	if _, err = tx.ExecContext(ctx, `UPDATE sale.sale SET refunded = refunded + $3 WHERE community_id = $1 AND id = $2`, community, r.Sale, r.Amount); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE sale.item i SET sold = i.sold - x.quantity
		  FROM (SELECT l.item_id, sum(r.quantity) AS quantity FROM sale.refund_line r
		          JOIN sale.line l ON l.community_id = r.community_id AND l.sale_id = r.sale_id AND l.line = r.line
		         WHERE r.community_id = $1 AND r.refund_id = $2 AND l.item_id IS NOT NULL GROUP BY l.item_id) x
		 WHERE i.community_id = $1 AND i.id = x.item_id`, community, r.ID)
	return err
}
