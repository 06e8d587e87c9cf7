package organisation

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Payment is money that came for an invoice, all of it or a part.
type Payment struct {
	ID        uuid.UUID    `db:"id"` // the form's own, so that it may be sent twice
	InvoiceID uuid.UUID    `db:"invoice_id"`
	Amount    money.Amount `db:"amount"`
	Way       Way          `db:"way"`
	PaidOn    time.Time    `db:"paid_on"`
	EnteredBy string       `db:"entered_by"`
	EnteredAt time.Time    `db:"entered_at"`
	Entry     int64        `db:"entry_seq"`
	Voucher   string       `db:"voucher"` // of the entry, when read
	Undone
}

// Receive posts money that came for an invoice as income of the agreement's
// fund. The same ID again changes nothing. ErrOverPaid beyond what is owed.
func Receive(ctx context.Context, tx *sqlx.Tx, c ledger.Community, p Payment) (_ Payment, err error) {
	defer wrap(&err, "organisation.Receive(%d, %s)", c.ID, p.InvoiceID)
	if again, err := payments(ctx, tx, c.ID, `AND p.id = $2`, p.ID); err != nil || len(again) > 0 {
		return first(again), err
	}
	i, err := InvoiceAt(ctx, tx, c.ID, p.InvoiceID)
	if err != nil {
		return p, err
	}
	if i.Owed().Less(p.Amount) {
		return p, ErrOverPaid
	}
	a, err := AgreementAt(ctx, tx, c.ID, i.AgreementID)
	if err != nil {
		return p, err
	}
	if p.Entry, err = postBetween(ctx, tx, c, posting{
		debit: p.Way.Purpose(), credit: ledger.ServiceIncome, fund: a.FundID, amount: p.Amount, on: p.PaidOn,
		kind: "service_payment", source: "service_payment:" + p.ID.String(), memo: "服务收费：" + i.NameZH, detail: "收费单 " + i.Serial(), by: p.EnteredBy,
	}); err != nil {
		return p, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO organisation.payment (community_id, id, invoice_id, amount, way, paid_on, entered_by, entered_at, entry_seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.ID, p.ID, p.InvoiceID, p.Amount, p.Way, iso(p.PaidOn), p.EnteredBy, p.EnteredAt, p.Entry)
	return p, err
}

// UndoPayment reverses a payment's entry: the invoice is owed again. ErrNoReason, ErrState, ErrErased where nobody knows any
// more who would owe it.
func UndoPayment(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, why, who string, at time.Time) (err error) {
	defer wrap(&err, "organisation.UndoPayment(%d, %s)", c.ID, id)
	was, err := one(payments(ctx, tx, c.ID, `AND p.id = $2`, id))
	if err != nil {
		return err
	}
	i, err := lockInvoice(ctx, tx, c.ID, was.InvoiceID)
	if err != nil {
		return err
	}
	if i.ErasedAt != nil {
		return ErrErased
	}
	return undo(ctx, tx, c, "organisation.payment", id, was.Entry, why, who, at)
}

// ListPayments reads what came for an invoice, the latest first; what was undone too.
func ListPayments(ctx context.Context, q sqlx.QueryerContext, community int, invoice uuid.UUID) (all []Payment, err error) {
	defer wrap(&err, "organisation.ListPayments(%d, %s)", community, invoice)
	return payments(ctx, q, community, `AND p.invoice_id = $2 ORDER BY p.paid_on DESC, p.entered_at DESC`, invoice)
}

func payments(ctx context.Context, q sqlx.QueryerContext, community int, rest string, arg any) (all []Payment, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT p.id, p.invoice_id, p.amount, p.way, p.paid_on, p.entered_by, p.entered_at, p.entry_seq, e.year || '-' || e.number AS voucher, p.undone_at, p.undone_by, p.undone_why
		  FROM organisation.payment p JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.entry_seq
		 WHERE p.community_id = $1 `+rest, community, arg)
	return all, err
}
