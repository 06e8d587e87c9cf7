package organisation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Invoice asks somebody to pay for sessions. Its number has no gap in its year.
type Invoice struct {
	ID          uuid.UUID    `db:"id"` // the form's own, so that it may be sent twice
	Year        int          `db:"year"`
	Number      int          `db:"number"`
	AgreementID int          `db:"agreement_id"`
	BilledTo    string       `db:"billed_to"` // empty once erased
	Amount      money.Amount `db:"amount"`
	IssuedOn    time.Time    `db:"issued_on"`
	DueOn       time.Time    `db:"due_on"`
	IssuedBy    string       `db:"issued_by"`
	IssuedAt    time.Time    `db:"issued_at"`
	VoidAt      *time.Time   `db:"void_at"`
	VoidBy      string       `db:"void_by"`
	VoidWhy     string       `db:"void_why"`
	ErasedAt    *time.Time   `db:"erased_at"`

	// When read:
	Paid           money.Amount `db:"paid"`
	OrganisationID int          `db:"organisation_id"`
	NameZH         string       `db:"name_zh"` // of the organisation
	NameEN         string       `db:"name_en"`
}

// Serial is the number as people say it: 2026-0007.
func (i Invoice) Serial() string { return fmt.Sprintf("%d-%04d", i.Year, i.Number) }

// Organisation is the name of who delivered, in the reader's language.
func (i Invoice) Organisation(lang string) string { return inLanguage(lang, i.NameZH, i.NameEN) }

// Owed is what it still asks for; nothing once it is void.
func (i Invoice) Owed() money.Amount {
	if i.VoidAt != nil {
		return money.Zero
	}
	return i.Amount.Sub(i.Paid)
}

// State is where an invoice stands.
func (i Invoice) State() string {
	switch {
	case i.VoidAt != nil:
		return "void"
	case i.Owed().IsZero():
		return "paid"
	case i.Paid.Sign() > 0:
		return "part"
	}
	return "open"
}

// Late is how many days an invoice is overdue on a day, 0 where it is not.
func (i Invoice) Late(on time.Time) int {
	if i.Owed().IsZero() || !on.After(i.DueOn) {
		return 0
	}
	return int(on.Sub(i.DueOn).Hours() / 24)
}

// Issue bills sessions of one agreement and gives the invoice its number. The
// same ID again changes nothing. ErrState where one of them is billed or void,
// ErrNothingOwed.
func Issue(ctx context.Context, tx *sqlx.Tx, c ledger.Community, i Invoice, sessions []uuid.UUID) (_ Invoice, err error) {
	defer wrap(&err, "organisation.Issue(%d, %d)", c.ID, i.AgreementID)
	if again, err := invoices(ctx, tx, c.ID, `AND v.id = $2`, i.ID); err != nil || len(again) > 0 {
		return first(again), err
	}
	ids := make([]string, len(sessions))
	for n, id := range sessions {
		ids[n] = id.String()
	}
	var amounts []money.Amount
	if err = tx.SelectContext(ctx, &amounts, `
		SELECT amount FROM organisation.session
		 WHERE community_id = $1 AND agreement_id = $2 AND id = ANY ($3::uuid[]) AND void_at IS NULL AND invoice_id IS NULL FOR UPDATE`,
		c.ID, i.AgreementID, pq.Array(ids)); err != nil {
		return i, err
	}
	slices.Sort(ids)
	if len(amounts) != len(slices.Compact(ids)) {
		return i, ErrState
	}
	i.Amount = money.Zero
	for _, a := range amounts {
		i.Amount = i.Amount.Add(a)
	}
	if i.Amount.IsZero() {
		return i, ErrNothingOwed
	}
	if err = tx.QueryRowxContext(ctx, `
		INSERT INTO organisation.invoice (community_id, id, year, number, agreement_id, billed_to, amount, issued_on, due_on, issued_by, issued_at)
		VALUES ($1, $2, 0, 0, $3, $4, $5, $6, $7, $8, $9) RETURNING year, number`,
		c.ID, i.ID, i.AgreementID, i.BilledTo, i.Amount, iso(i.IssuedOn), iso(i.DueOn), i.IssuedBy, i.IssuedAt).Scan(&i.Year, &i.Number); err != nil {
		return i, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE organisation.session SET invoice_id = $2 WHERE community_id = $1 AND id = ANY ($3::uuid[])`, c.ID, i.ID, pq.Array(ids))
	return i, err
}

// VoidInvoice makes an invoice that nobody paid void: its number stays, its
// sessions may be billed again. ErrNoReason, ErrPaid while a payment stands, ErrState.
func VoidInvoice(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, why, who string, at time.Time) (err error) {
	defer wrap(&err, "organisation.VoidInvoice(%d, %s)", community, id)
	if strings.TrimSpace(why) == "" {
		return ErrNoReason
	}
	if err = moved(tx.ExecContext(ctx, `
		UPDATE organisation.invoice SET void_at = $3, void_by = $4, void_why = $5 WHERE community_id = $1 AND id = $2 AND void_at IS NULL`, community, id, at, who, why)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE organisation.session SET invoice_id = NULL WHERE community_id = $1 AND invoice_id = $2`, community, id)
	return err
}

// EraseBilled forgets whom a settled invoice billed. ErrState while something is owed.
func EraseBilled(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, at time.Time) (err error) {
	defer wrap(&err, "organisation.EraseBilled(%d, %s)", community, id)
	i, err := lockInvoice(ctx, tx, community, id)
	if err != nil {
		return err
	}
	if !i.Owed().IsZero() {
		return ErrState
	}
	return moved(tx.ExecContext(ctx, `
		UPDATE organisation.invoice SET billed_to = '', erased_at = $3 WHERE community_id = $1 AND id = $2 AND erased_at IS NULL`, community, id, at))
}

// lockInvoice reads an invoice that stays as it is until the end: nobody is erased while a payment is being undone.
func lockInvoice(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (Invoice, error) {
	if _, err := tx.ExecContext(ctx, `SELECT FROM organisation.invoice WHERE community_id = $1 AND id = $2 FOR UPDATE`, community, id); err != nil {
		return Invoice{}, err
	}
	return InvoiceAt(ctx, tx, community, id)
}

// InvoiceAt reads an invoice; ErrNotFound.
func InvoiceAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (i Invoice, err error) {
	defer wrap(&err, "organisation.InvoiceAt(%d, %s)", community, id)
	return one(invoices(ctx, q, community, `AND v.id = $2`, id))
}

// ListInvoices reads the invoices of an agreement, of all with 0, the latest first.
func ListInvoices(ctx context.Context, q sqlx.QueryerContext, community, agreement int) (all []Invoice, err error) {
	defer wrap(&err, "organisation.ListInvoices(%d, %d)", community, agreement)
	return invoices(ctx, q, community, `AND ($2 = 0 OR v.agreement_id = $2) ORDER BY v.year DESC, v.number DESC`, agreement)
}

func invoices(ctx context.Context, q sqlx.QueryerContext, community int, rest string, arg any) (all []Invoice, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT v.id, v.year, v.number, v.agreement_id, v.billed_to, v.amount, v.issued_on, v.due_on, v.issued_by, v.issued_at, v.void_at, v.void_by, v.void_why, v.erased_at,
		       coalesce(p.paid, 0.00) AS paid, o.id AS organisation_id, o.name_zh, o.name_en
		  FROM organisation.invoice v
		  JOIN organisation.agreement a ON a.community_id = v.community_id AND a.id = v.agreement_id
		  JOIN organisation.organisation o ON o.community_id = a.community_id AND o.id = a.organisation_id
		  LEFT JOIN (SELECT invoice_id, sum(amount) AS paid FROM organisation.payment WHERE community_id = $1 AND undone_at IS NULL GROUP BY invoice_id) p ON p.invoice_id = v.id
		 WHERE v.community_id = $1 `+rest, community, arg)
	return all, err
}

// Ageing is what is owed, by how long it is overdue.
type Ageing struct {
	Label string // not_due, 30, 60, 90, over
	Sum   money.Amount
	Count int
}

// AgeingOf sorts what invoices are owed on a day by how long it is overdue.
func AgeingOf(all []Invoice, on time.Time) []Ageing {
	ages := []Ageing{{Label: "not_due"}, {Label: "30"}, {Label: "60"}, {Label: "90"}, {Label: "over"}}
	for _, i := range all {
		if i.Owed().IsZero() {
			continue
		}
		late := i.Late(on)
		n := 0
		for n < len(ages)-1 && late > 30*n {
			n++
		}
		ages[n].Sum, ages[n].Count = ages[n].Sum.Add(i.Owed()), ages[n].Count+1
	}
	return ages
}
