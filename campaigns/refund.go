package campaigns

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/outbox"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
)

// Refund is a 退款 of some or all of a donation, to where it came from.
type Refund struct {
	ID         uuid.UUID    `db:"id"`
	DonationID uuid.UUID    `db:"donation_id"`
	Amount     money.Amount `db:"amount"`
	Reason     string       `db:"reason"`
	EntrySeq   int64        `db:"entry_seq"`
	RefundedBy string       `db:"refunded_by"`
	RefundedAt time.Time    `db:"refunded_at"`
}

// RefundDonation books a refund: of the whole gift by reversing its entry, of a
// part by an entry of its own; of a gift that became income when its
// all-or-nothing campaign met its goal, by an entry that takes it out of that
// income. The entry that takes the last of a gift back
// voids its receipt; until then the receipt stands. What pools had added goes
// back to them in the same proportion. The campaign's tally goes down, and the outbox asks the provider to send the money back. id makes it
// safe to send the form twice. ErrNotPaid, ErrRefundTooLarge, ErrNoReason,
// ErrState if id is another gift's refund; ledger.ErrFundOverspent where the
// fund has spent the money already.
func RefundDonation(ctx context.Context, tx *sqlx.Tx, c ledger.Community, donation, id uuid.UUID, amount money.Amount, reason, who string, at time.Time) (r Refund, err error) {
	defer wrap(&err, "campaigns.RefundDonation(%d, %s)", c.ID, donation)
	if reason = strings.TrimSpace(reason); reason == "" {
		return r, ErrNoReason
	}
	if _, err = tx.ExecContext(ctx, `SELECT FROM campaigns.donation WHERE community_id = $1 AND id = $2 FOR UPDATE`, c.ID, donation); err != nil {
		return r, err
	}
	d, err := FindDonation(ctx, tx, c.ID, donation)
	if err != nil {
		return r, err
	}
	switch again, err := findRefund(ctx, tx, c.ID, id); {
	case err == nil && again.DonationID != donation:
		return r, ErrState
	case err == nil:
		return again, nil
	case !errors.Is(err, sql.ErrNoRows):
		return r, err
	}
	switch {
	case d.State != Paid:
		return r, ErrNotPaid
	case amount.Sign() <= 0 || d.Left().Less(amount):
		return r, ErrRefundTooLarge
	}
	decided, err := holdConditional(ctx, tx, c.ID, d.CampaignID)
	if err != nil {
		return r, err
	}
	matches, err := holdMatches(ctx, tx, c.ID, donation)
	if err != nil {
		return r, err
	}
	r = Refund{ID: id, DonationID: donation, Amount: amount, Reason: reason, RefundedBy: who, RefundedAt: at}
	if r.EntrySeq, err = postRefund(ctx, tx, c, d, r, decided[d.CampaignID]); err != nil {
		return r, err
	}
	if err = takeBack(ctx, tx, c, d, r, decided[d.CampaignID], matches); err != nil {
		return r, err
	}
	if r.Amount.Equal(d.Left()) { // the last of the gift goes back
		if err = voidReceipt(ctx, tx, c.ID, r); err != nil {
			return r, err
		}
	}
	if err = storeRefund(ctx, tx, c.ID, d, r); err != nil {
		return r, err
	}
	var follow []outbox.Message
	for _, kind := range refundFollows(d) {
		m, err := outbox.New(kind, RefundPayment{Refund: id, Donation: donation})
		if err != nil {
			return r, err
		}
		follow = append(follow, m)
	}
	return r, outbox.Enqueue(ctx, tx, c.ID, follow...)
}

// refundFollows are the kinds of outbox messages that follow a refund: somebody known may want a letter about it.
func refundFollows(d Donation) []string {
	if d.DonorID == nil {
		return []string{"refund_payment"}
	}
	return []string{"refund_payment", "refund_letter"}
}

// RefundPayment is the outbox's payload of those kinds: money to send back, and whom to tell.
type RefundPayment struct {
	Refund   uuid.UUID `json:"refund"`
	Donation uuid.UUID `json:"donation"`
}

func postRefund(ctx context.Context, tx *sqlx.Tx, c ledger.Community, d Donation, r Refund, result Result) (seq int64, err error) {
	booked, err := ledger.EntryAt(ctx, tx, c.ID, *d.EntrySeq)
	if err != nil {
		return 0, err
	}
	if booked.ReversedBy != 0 { // by hand, in the journal: in the books nothing of this gift is left
		return 0, ledger.ErrReversedTwice
	}
	lines, err := ledger.Lines(ctx, tx, c.ID, *d.EntrySeq)
	if err != nil {
		return 0, err
	}
	released := result == GoalMet && slices.ContainsFunc(lines, held)
	if r.Amount.Equal(d.Amount) && !released {
		reversal, err := ledger.Reverse(ctx, tx, c.ID, *d.EntrySeq, c.Day(r.RefundedAt), r.Reason, r.RefundedBy)
		return reversal.Seq, err
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return 0, err
	}
	entry := ledger.Entry{
		Date: c.Day(r.RefundedAt), Kind: "refund", Source: "refund:" + r.ID.String(), Memo: "退回部分捐赠", Detail: r.Reason, PostedBy: r.RefundedBy,
	}
	if r.Amount.Equal(d.Amount) {
		entry.Memo = "退回捐赠"
	}
	for _, l := range lines { // a gift has two lines of one size: the part goes back on both
		back := ledger.Posting{Account: l.AccountID, Fund: l.FundID, Amount: r.Amount.Neg()}
		if l.Amount.Sign() < 0 {
			back.Amount = r.Amount
		}
		if released && held(l) {
			if back.Account, err = book.Account(incomeOf(d.Method)); err != nil {
				return 0, err
			}
		}
		entry.Postings = append(entry.Postings, back)
	}
	posted, err := ledger.Post(ctx, tx, c.ID, entry)
	if err != nil {
		return 0, err
	}
	return posted[0].Seq, nil
}

// held tells the line of a gift that is a liability until its goal is met.
func held(l ledger.Line) bool { return l.AccountType == ledger.Liability }

func voidReceipt(ctx context.Context, tx *sqlx.Tx, community int, r Refund) error {
	issued, err := receipt.Of(ctx, tx, community, r.DonationID)
	if err != nil {
		return err
	}
	return receipt.Void(ctx, tx, community, issued, r.EntrySeq, r.Reason, r.RefundedAt)
}

func storeRefund(ctx context.Context, tx *sqlx.Tx, community int, d Donation, r Refund) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO campaigns.refund (community_id, id, donation_id, amount, reason, entry_seq, refunded_by, refunded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		community, r.ID, r.DonationID, r.Amount, r.Reason, r.EntrySeq, r.RefundedBy, r.RefundedAt)
	if err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE campaigns.donation SET refunded = refunded + $3 WHERE community_id = $1 AND id = $2`,
		community, r.DonationID, r.Amount); err != nil {
		return err
	}
	if d.Line != nil {
		_, err = tx.ExecContext(ctx, `UPDATE campaigns.budget_line SET raised = raised - $4 WHERE community_id = $1 AND campaign_id = $2 AND line = $3`,
			community, d.CampaignID, *d.Line, r.Amount)
		if err != nil {
			return err
		}
	}
	gifts := 0
	if r.Amount.Equal(d.Left()) {
		gifts = 1
	}
	_, err = tx.ExecContext(ctx, `UPDATE campaigns.tally SET raised = raised - $3, gifts = gifts - $4 WHERE community_id = $1 AND campaign_id = $2`,
		community, d.CampaignID, r.Amount, gifts)
	return err
}

const selectRefund = `
	SELECT id, donation_id, amount, reason, entry_seq, refunded_by, refunded_at FROM campaigns.refund WHERE community_id = $1`

func findRefund(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (r Refund, err error) {
	err = sqlx.GetContext(ctx, q, &r, selectRefund+` AND id = $2`, community, id)
	return r, err
}

// ListRefunds reads the refunds of a donation, the oldest first.
func ListRefunds(ctx context.Context, q sqlx.QueryerContext, community int, donation uuid.UUID) (rs []Refund, err error) {
	defer wrap(&err, "campaigns.ListRefunds(%d, %s)", community, donation)
	err = sqlx.SelectContext(ctx, q, &rs, selectRefund+` AND donation_id = $2 ORDER BY refunded_at, id`, community, donation)
	return rs, err
}
