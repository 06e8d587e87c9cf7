package spending

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/budget"
)

// EntryKind is the kind of the entries that pay requests.
const EntryKind = "payment"

// Pay posts the payment of a request out of an account of money, dated day, and
// makes its papers the entry's. ErrState unless it is approved, ErrFundShort,
// and what ledger.Post refuses.
func Pay(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, from int, day time.Time, who string, at time.Time) (r PaymentRequest, err error) {
	defer wrap(&err, "spending.Pay(%d, %s)", c.ID, id)
	if r, err = take(ctx, tx, c.ID, id, Approved); err != nil {
		return r, err
	}
	return r, r.pay(ctx, tx, c, from, day, "paid", who, at)
}

func (r *PaymentRequest) pay(ctx context.Context, tx *sqlx.Tx, c ledger.Community, from int, day time.Time, step, who string, at time.Time) error {
	fund, err := ledger.FundAt(ctx, tx, c.ID, r.FundID)
	if err != nil {
		return err
	}
	if fund.NetAssets.Less(r.Amount) {
		return ErrFundShort
	}
	if err = budget.Release(ctx, tx, c.ID, r.source(1)); err != nil {
		return err
	}
	posted, err := ledger.Post(ctx, tx, c.ID, ledger.Entry{
		Date: day, Kind: EntryKind, Source: r.source(r.Payments + 1), Memo: r.Purpose, Detail: fmt.Sprintf("付款申请 %d", r.Number), PostedBy: who,
		Postings: []ledger.Posting{ledger.Debit(r.AccountID, r.FundID, r.Amount), ledger.Credit(from, r.FundID, r.Amount)},
	})
	if err != nil {
		return err
	}
	r.Payments, r.EntrySeq = r.Payments+1, &posted[0].Seq
	if r.ProjectID != nil {
		if err = project.SpendOn(ctx, tx, c.ID, *r.ProjectID, who, project.Put{EntrySeq: *r.EntrySeq, Line: *r.Line, Amount: r.Amount}); err != nil {
			return err
		}
	}
	if err = r.become(ctx, tx, c.ID, Paid); err != nil {
		return err
	}
	if err = note(ctx, tx, c.ID, *r, step, "", who, at); err != nil {
		return err
	}
	papers, err := Papers(ctx, tx, c.ID, r.ID)
	for _, paper := range papers {
		if err == nil {
			_, err = campaigns.AttachOriginal(ctx, tx, c.ID, *r.EntrySeq, paper, who)
		}
	}
	return err
}

// Confirm says by hand that the bank made a transfer; a matched line of its
// statement says so by itself. ErrState unless the request is Sent.
func Confirm(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, who string, at time.Time) (r PaymentRequest, err error) {
	defer wrap(&err, "spending.Confirm(%d, %s)", c.ID, id)
	if r, err = take(ctx, tx, c.ID, id, Paid); err != nil {
		return r, err
	}
	if r.Stage() != Sent {
		return r, ErrState
	}
	r.ConfirmedBy, r.ConfirmedAt = &who, &at
	if err = r.become(ctx, tx, c.ID, Paid); err != nil {
		return r, err
	}
	return r, note(ctx, tx, c.ID, r, "confirmed", "", who, at)
}

// Undo reverses a payment: the bank sent it back, or it was wrong. The request
// is approved again and its money held, or withdrawn where the budget leaves it
// no room any more. ErrNoReason, ErrMatched, ErrState unless it is paid.
func Undo(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, why, who string, at time.Time) (r PaymentRequest, err error) {
	defer wrap(&err, "spending.Undo(%d, %s)", c.ID, id)
	if r, err = take(ctx, tx, c.ID, id, Paid); err != nil {
		return r, err
	}
	switch {
	case strings.TrimSpace(why) == "":
		return r, ErrNoReason
	case r.Matched:
		return r, ErrMatched
	}
	entry, err := ledger.EntryAt(ctx, tx, c.ID, *r.EntrySeq)
	if err != nil {
		return r, err
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return r, err
	}
	if _, err = ledger.Reverse(ctx, tx, c.ID, entry.Seq, book.EntryDate(c.Clock(entry.Date, 12), at), why, who); err != nil {
		return r, err
	}
	if err = note(ctx, tx, c.ID, r, "undone", why, who, at); err != nil {
		return r, err
	}
	r.EntrySeq, r.Batch, r.ConfirmedBy, r.ConfirmedAt = nil, nil, nil, nil
	next := Approved
	if err = budget.Commit(ctx, tx, c.ID, r.commitment()); errors.Is(err, budget.ErrTooLittle) {
		next, err = Withdrawn, nil
	}
	if err != nil {
		return r, err
	}
	return r, r.become(ctx, tx, c.ID, next)
}

// ErasePayee empties who got the money, once it is there or will never go.
// ErrState while it is still needed.
func ErasePayee(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, who string, at time.Time) (err error) {
	defer wrap(&err, "spending.ErasePayee(%d, %s)", c.ID, id)
	r, err := take(ctx, tx, c.ID, id, Paid, Declined, Withdrawn)
	if err != nil {
		return err
	}
	if r.Stage() == Sent || r.Payee.ErasedAt != nil {
		return ErrState
	}
	_, err = tx.ExecContext(ctx, `UPDATE spending.payee SET name = '', bank = '', number = '', erased_at = $3 WHERE community_id = $1 AND request_id = $2`, c.ID, id, at)
	if err != nil {
		return err
	}
	return note(ctx, tx, c.ID, r, "erased", "", who, at)
}
