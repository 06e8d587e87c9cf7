package campaigns

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/outbox"
	"fund/ledger"
	"fund/ledger/money"
)

// QuarantineAction is what the treasurer did with a payment put aside.
type QuarantineAction string

// A payment put aside is open until it is one of these; Held may become Booked
// or SentBack later.
const (
	Held     QuarantineAction = "held"      // in the books, among the money to be identified
	Booked   QuarantineAction = "booked"    // a gift after all
	SentBack QuarantineAction = "sent_back" // gone where it came from
	Noted    QuarantineAction = "noted"     // no money of ours: a note is all
)

// ErrCannot is an action that a payment's reason does not allow.
var ErrCannot = errors.New("campaigns: this cannot be done with this payment")

// Actions are what may be done with the payment as it stands.
func (q QuarantinedPayment) Actions() []QuarantineAction {
	switch {
	case q.ResolvedAt != nil:
		return nil
	case q.Action == Held:
		return []QuarantineAction{Booked, SentBack}
	case q.Reason == "payee": // it never came to us
		return []QuarantineAction{Noted}
	}
	return []QuarantineAction{Booked, SentBack, Held, Noted}
}

// Foreign tells whether the payment came in another currency than the books',
// so that somebody has to say what it was worth.
func (q QuarantinedPayment) Foreign(c ledger.Community) bool { return q.Currency != c.Currency }

// Decision is what the treasurer decides about a payment put aside.
type Decision struct {
	Action   QuarantineAction
	Campaign int          // where it is Booked
	Worth    money.Amount // of a Foreign payment, in the books' currency
	Note     string       // what was found out; needed
	Who      string
	At       time.Time
}

// DecideQuarantine does with a payment put aside what the treasurer says, and
// writes down what. Money that has come is in the books afterwards: as a gift
// with a receipt (Booked; of the donor of the donation it was meant for), or
// among the money to be identified (Held), or in and out again (SentBack; the
// outbox asks the company). ErrNoReason, ErrState, ErrCannot.
func DecideQuarantine(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, by Decision) (q QuarantinedPayment, err error) {
	defer wrap(&err, "campaigns.DecideQuarantine(%d, %s, %s)", c.ID, id, by.Action)
	if by.Note = strings.TrimSpace(by.Note); by.Note == "" {
		return q, ErrNoReason
	}
	if err = tx.GetContext(ctx, &q, selectQuarantine+` AND id = $2 FOR UPDATE`, c.ID, id); err != nil {
		return q, err
	}
	switch {
	case q.ResolvedAt != nil:
		return q, ErrState
	case !slices.Contains(q.Actions(), by.Action):
		return q, ErrCannot
	}
	if !q.Foreign(c) {
		by.Worth = q.Amount
	}
	if by.Worth.Sign() <= 0 && by.Action != Noted {
		return q, ErrCannot
	}
	switch by.Action {
	case Held:
		err = q.hold(ctx, tx, c, by)
	case Booked:
		err = q.book(ctx, tx, c, by)
	case SentBack:
		err = q.sendBack(ctx, tx, c, by)
	}
	if err != nil {
		return q, err
	}
	q.Action = by.Action
	_, err = tx.ExecContext(ctx, `
		UPDATE campaigns.quarantine SET action = $3, held_seq = $4, back_seq = $5, booked_as = $6, resolution = $7, resolved_by = $8,
		       resolved_at = CASE WHEN $3 = 'held' THEN NULL ELSE $9::timestamptz END
		 WHERE community_id = $1 AND id = $2`, c.ID, q.ID, q.Action, q.HeldSeq, q.BackSeq, q.BookedAs, by.Note, by.Who, by.At)
	return q, err
}

// landed is the account where money paid by a method has come to.
func landed(method string) ledger.Purpose {
	switch method {
	case byCash:
		return ledger.Cash
	case byTransfer:
		return ledger.Bank
	}
	return ledger.Clearing(method)
}

// hold puts the money among that to be identified.
func (q *QuarantinedPayment) hold(ctx context.Context, tx *sqlx.Tx, c ledger.Community, by Decision) error {
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	into, err := book.Account(landed(q.Provider))
	if err != nil {
		return err
	}
	owed, err := book.Account(ledger.Suspense)
	if err != nil {
		return err
	}
	posted, err := ledger.Post(ctx, tx, c.ID, ledger.Entry{
		Date: c.Day(by.At), Kind: "suspense", Source: "quarantine:" + q.ID.String(), Memo: "对不上的付款，先挂账", PostedBy: by.Who,
		Postings: []ledger.Posting{ledger.Debit(into, ledger.GeneralFundID, by.Worth), ledger.Credit(owed, ledger.GeneralFundID, by.Worth)},
	})
	if err == nil {
		q.HeldSeq = &posted[0].Seq
	}
	return err
}

// release takes the money out again.
func (q *QuarantinedPayment) release(ctx context.Context, tx *sqlx.Tx, c ledger.Community, why string, by Decision) error {
	back, err := ledger.Reverse(ctx, tx, c.ID, *q.HeldSeq, c.Day(by.At), why, by.Who)
	if err == nil {
		q.BackSeq = &back.Seq
	}
	return err
}

// book makes a gift of it, from whoever the first was from.
func (q *QuarantinedPayment) book(ctx context.Context, tx *sqlx.Tx, c ledger.Community, by Decision) error {
	if q.HeldSeq != nil {
		if err := q.release(ctx, tx, c, "查清了，记成捐赠", by); err != nil {
			return err
		}
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	var payee string
	err = tx.GetContext(ctx, &payee, `
		INSERT INTO campaigns.donation (community_id, id, campaign_id, donor_id, amount, currency, method, payee, message, show_name, show_message,
		                                commitment, entered_by, created_at)
		SELECT d.community_id, $3, $4, d.donor_id, $5, $6, $7, d.payee, d.message, d.show_name, d.show_message, d.commitment, $8, $9
		  FROM campaigns.donation d WHERE d.community_id = $1 AND d.id = $2 RETURNING payee`,
		c.ID, q.Donation, id, by.Campaign, by.Worth, c.Currency, q.Provider, by.Who, by.At)
	if err != nil {
		return err
	}
	_, err = ledger.Solo(ctx, tx, c.ID, Payment{
		Donation: id, Provider: q.Provider, Reference: q.Reference, Amount: by.Worth, Currency: c.Currency, Payee: payee, PaidAt: by.At, EnteredBy: by.Who,
	}, ReceivePayments)
	q.BookedAs = &id
	return err
}

// QuarantineBack is the outbox's payload of "return_payment": money put aside
// that goes back.
type QuarantineBack struct {
	Payment uuid.UUID `json:"payment"`
}

// sendBack brings it through the books and asks the company to return it.
func (q *QuarantinedPayment) sendBack(ctx context.Context, tx *sqlx.Tx, c ledger.Community, by Decision) error {
	if q.HeldSeq == nil {
		if err := q.hold(ctx, tx, c, by); err != nil {
			return err
		}
	}
	if err := q.release(ctx, tx, c, "对不上的付款，退回", by); err != nil {
		return err
	}
	letter, err := outbox.New("return_payment", QuarantineBack{q.ID})
	if err != nil {
		return err
	}
	return outbox.Enqueue(ctx, tx, c.ID, letter)
}

// QuarantinedOf reads what became of the payment put aside for a donation, the
// latest; ErrNotFound where there is none.
func QuarantinedOf(ctx context.Context, q sqlx.QueryerContext, community int, donation uuid.UUID) (p QuarantinedPayment, err error) {
	defer wrap(&err, "campaigns.QuarantinedOf(%d, %s)", community, donation)
	err = sqlx.GetContext(ctx, q, &p, selectQuarantine+` AND donation_id = $2 ORDER BY arrived_at DESC LIMIT 1`, community, donation)
	return p, err
}

// What Check finds of payments put aside.
const (
	QuarantineNotHeld ledger.FindingCode = "quarantine_not_held" // held or sent back, and the books do not have it
	QuarantineNotGift ledger.FindingCode = "quarantine_not_gift" // booked as a gift that is not paid
)

var quarantineRules = []ledger.Rule{
	{Code: QuarantineNotHeld, ZH: "待查款项 {of} 挂账 {got}，账上是 {want}", EN: "payment {of} was put into suspense with {got}, the books have {want}", Query: `
		SELECT q.provider || ' ' || q.provider_ref, q.amount, coalesce(p.debit::text, '-')
		  FROM campaigns.quarantine q
		  JOIN campaigns.donation d ON d.community_id = q.community_id AND d.id = q.donation_id
		  LEFT JOIN ledger.journal_entry e ON e.community_id = q.community_id AND e.seq = q.held_seq AND e.source = 'quarantine:' || q.id
		  LEFT JOIN LATERAL (SELECT sum(p.amount) AS debit FROM ledger.posting p
		                      WHERE p.community_id = e.community_id AND p.seq = e.seq AND p.amount > 0) p ON true
		 WHERE q.community_id = $1 AND q.held_seq IS NOT NULL AND (p.debit IS NULL OR (q.currency = d.currency AND p.debit <> q.amount))`},
	{Code: QuarantineNotGift, ZH: "待查款项 {of} 记成了捐赠，捐赠却是 {got}", EN: "payment {of} became a gift, which is {got}", Query: `
		SELECT q.provider || ' ' || q.provider_ref, coalesce(d.state, '-'), ''
		  FROM campaigns.quarantine q
		  LEFT JOIN campaigns.donation d ON d.community_id = q.community_id AND d.id = q.booked_as
		 WHERE q.community_id = $1 AND q.booked_as IS NOT NULL AND (d.state = 'paid') IS NOT TRUE`},
}
