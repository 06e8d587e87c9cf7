package campaigns

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns/payment"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
)

// Payment is what is said to have been paid for a donation.
type Payment struct {
	Donation  uuid.UUID
	Provider  string
	Reference string // the provider's own number for the payment
	Amount    money.Amount
	Currency  string
	Payee     string
	PaidAt    time.Time
	EnteredBy string // who took cash or matched a bank line; empty for a provider's notification
}

// PaymentOf reads a provider's event as a payment.
func PaymentOf(provider string, e payment.Event) Payment {
	return Payment{
		Donation: e.Order, Provider: provider, Reference: e.Reference, Amount: e.Amount, Currency: e.Currency, Payee: e.Payee, PaidAt: e.At,
	}
}

// Received is a donation that is booked.
type Received struct {
	Donation uuid.UUID
	Campaign int
	Receipt  receipt.Receipt
	// Again is true where the same payment was booked before.
	Again bool
}

// waiting is a donation as ReceivePayments finds it, locked.
type waiting struct {
	ID         uuid.UUID      `db:"id"`
	State      DonationState  `db:"state"`
	Amount     money.Amount   `db:"amount"`
	Currency   string         `db:"currency"`
	Method     string         `db:"method"`
	Payee      string         `db:"payee"`
	Reference  string         `db:"provider_ref"`
	Commitment []byte         `db:"commitment"`
	EnteredBy  string         `db:"entered_by"`
	CampaignID int            `db:"campaign_id"`
	FundID     int            `db:"fund_id"`
	FundClosed bool           `db:"fund_closed"`
	Kind       Kind           `db:"kind"`
	Result     Result         `db:"-"` // of an all-or-nothing campaign: see heed
	Email      sql.NullString `db:"email"`
	Line       *int           `db:"line"`   // of the campaign's budget, if it is for one
	Pooled     bool           `db:"pooled"` // an open pool may match it
}

// conditional tells whether the gift is held until its campaign's goal is met.
func (d waiting) conditional() bool { return d.Kind == AllOrNothing && d.Result != GoalMet }

// ReceivePayments books payments: it is the verb behind every way to pay and
// runs in ledger.Committer's batches. For each payment, in one database
// transaction: the donation becomes paid, its journal entry is posted with its
// log leaf, the receipt is issued, the campaign's tally moves, and a letter is
// remembered if the donor left an address. What matching pools add is booked with
// it. A gift that brings an all-or-nothing
// campaign to its goal concludes it; one that comes after such a campaign missed
// its goal is booked and goes straight back.
//
// Items answer for themselves: the same payment again gives the same receipt;
// a payment that does not fit is quarantined (ErrQuarantined); a donation
// nobody started is ErrUnknownDonation.
func ReceivePayments(ctx context.Context, tx *sqlx.Tx, community int, payments []Payment) (outcomes []ledger.Outcome[Received], err error) {
	defer wrap(&err, "campaigns.ReceivePayments(%d)", community)
	outcomes = make([]ledger.Outcome[Received], len(payments))
	found, err := lockDonations(ctx, tx, community, payments)
	if err != nil {
		return nil, err
	}
	var booked []int // indexes of the payments to book
	for i, p := range payments {
		d, ok := found[p.Donation]
		if !ok {
			outcomes[i].Err = ErrUnknownDonation
			continue
		}
		reason, differs := doesNotFit(*d, p)
		switch {
		case d.State == Paid && d.Reference == p.Reference:
			outcomes[i].Value = Received{Donation: p.Donation, Campaign: d.CampaignID, Again: true}
		case differs:
			outcomes[i].Err = fmt.Errorf("%w: %s", ErrQuarantined, reason)
			if err := quarantine(ctx, tx, community, d, p, reason); err != nil {
				return nil, err
			}
		default:
			d.State, d.Reference = Paid, p.Reference
			booked = append(booked, i)
		}
	}
	if err := enter(ctx, tx, community, payments, found, booked, outcomes); err != nil {
		return nil, err
	}
	return outcomes, recall(ctx, tx, community, outcomes)
}

func lockDonations(ctx context.Context, tx *sqlx.Tx, community int, payments []Payment) (map[uuid.UUID]*waiting, error) {
	ids := make(pq.StringArray, len(payments))
	for i, p := range payments {
		ids[i] = p.Donation.String()
	}
	var rows []*waiting
	err := tx.SelectContext(ctx, &rows, `
		SELECT id, state, amount, currency, method, payee, provider_ref, commitment, entered_by, campaign_id, fund_id, fund_closed, kind, email,
		       line, pooled
		  FROM campaigns.waiting_donations($1, $2)`, community, ids)
	found := make(map[uuid.UUID]*waiting, len(rows))
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, err
}

// doesNotFit says why a payment must not be booked for its donation.
func doesNotFit(d waiting, p Payment) (reason string, differs bool) {
	if d.State == Paid {
		return "paid_twice", true
	}
	if p.Provider != d.Method {
		return "method", true
	}
	why, differs := payment.Differs(
		payment.Order{Amount: d.Amount, Currency: d.Currency, Payee: d.Payee},
		payment.Event{Amount: p.Amount, Currency: p.Currency, Payee: p.Payee})
	if !differs && d.FundClosed {
		return "fund_closed", true
	}
	return string(why), differs
}

// enter books the payments that fit, and keeps what their campaigns promised.
func enter(ctx context.Context, tx *sqlx.Tx, community int, payments []Payment, found map[uuid.UUID]*waiting, booked []int, outcomes []ledger.Outcome[Received]) error {
	if len(booked) == 0 {
		return nil
	}
	gifts := make([]*waiting, len(booked))
	for n, i := range booked {
		gifts[n] = found[payments[i].Donation]
	}
	if err := heed(ctx, tx, community, gifts); err != nil {
		return err
	}
	matches, err := offerMatches(ctx, tx, community, gifts, payments, booked)
	if err != nil {
		return err
	}
	book, err := ledger.OpenBook(ctx, tx, community)
	if err != nil {
		return err
	}
	var all batch
	now := time.Now()
	for n, i := range booked {
		entry, err := entryFor(book, *gifts[n], payments[i], book.EntryDate(payments[i].PaidAt, now))
		if err != nil {
			return err
		}
		all.add(community, *gifts[n], payments[i], entry)
	}
	if err := all.book(ctx, tx, community); err != nil {
		return err
	}
	if err := bookMatches(ctx, tx, community, book, matches, found, all.entries); err != nil {
		return err
	}
	if err := moveLines(ctx, tx, community, gifts); err != nil {
		return err
	}
	for n, i := range booked {
		outcomes[i].Value = Received{Donation: gifts[n].ID, Campaign: gifts[n].CampaignID, Receipt: all.receipts[n]}
	}
	return keepPromise(ctx, tx, community, gifts)
}

// DonationReceived is the outbox's payload of that kind: what follows a gift.
type DonationReceived struct {
	Donation uuid.UUID `json:"donation"`
	Letter   bool      `json:"letter"` // the donor left an address for the receipt
}

// entryFor is the journal entry of a gift: where the money came in, against
// income in the campaign's fund or, for an all-or-nothing campaign, against
// the liability until its goal is met.
func entryFor(book ledger.Book, d waiting, p Payment, day time.Time) (ledger.Entry, error) {
	into, from, detail := ledger.Clearing(d.Method), incomeOf(d.Method), "网上"
	switch d.Method {
	case byCash:
		into, detail = ledger.Cash, "柜台现金"
	case byTransfer:
		into, detail = ledger.Bank, "银行转账"
	}
	if d.conditional() {
		from = ledger.ConditionalDonations
	}
	debit, err := book.Account(into)
	if err != nil {
		return ledger.Entry{}, err
	}
	credit, err := book.Account(from)
	if err != nil {
		return ledger.Entry{}, err
	}
	who := cmp.Or(p.EnteredBy, d.EnteredBy, "system")
	return ledger.Entry{
		Date: day, Kind: "donation", Source: "donation:" + d.ID.String(), Memo: "捐赠", Detail: detail, PostedBy: who, Commitment: d.Commitment,
		Postings: []ledger.Posting{ledger.Debit(debit, d.FundID, d.Amount), ledger.Credit(credit, d.FundID, d.Amount)},
	}, nil
}

// incomeOf is the account that gifts by a method are income to.
func incomeOf(method string) ledger.Purpose {
	if method == byCash || method == byTransfer {
		return ledger.OfflineDonations
	}
	return ledger.OnlineDonations
}

// recall fills in the receipts of payments that were booked before.
func recall(ctx context.Context, tx *sqlx.Tx, community int, outcomes []ledger.Outcome[Received]) error {
	var ids []uuid.UUID
	for _, out := range outcomes {
		if out.Value.Again {
			ids = append(ids, out.Value.Donation)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	receipts, err := receipt.OfAll(ctx, tx, community, ids)
	if err != nil {
		return err
	}
	of := make(map[uuid.UUID]receipt.Receipt, len(receipts))
	for _, r := range receipts {
		of[r.Subject] = r
	}
	for i, out := range outcomes {
		if out.Value.Again {
			outcomes[i].Value.Receipt = of[out.Value.Donation]
		}
	}
	return nil
}
