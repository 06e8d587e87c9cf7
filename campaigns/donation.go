package campaigns

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/money"
)

// MaxGift is the most that one payment may carry; larger gifts come by
// transfer, with a person to talk to.
var MaxGift = money.MustParse("200000")

// DonationState is how a donation stands.
type DonationState string

// A donation is pending until its payment is received.
const (
	Pending     DonationState = "pending"
	Paid        DonationState = "paid"
	Failed      DonationState = "failed"
	Quarantined DonationState = "quarantined" // the payment did not fit: the treasurer decides
)

// Donation is a 捐赠: money promised by a donor and, once Paid, received.
type Donation struct {
	ID          uuid.UUID      `db:"id"`
	CampaignID  int            `db:"campaign_id"`
	DonorID     *uuid.UUID     `db:"donor_id"`
	State       DonationState  `db:"state"`
	Amount      money.Amount   `db:"amount"`
	Currency    string         `db:"currency"`
	Method      string         `db:"method"` // a payment.Provider's name, or cash
	Payee       string         `db:"payee"`
	Message     string         `db:"message"`
	ShowName    bool           `db:"show_name"`
	ShowMessage bool           `db:"show_message"`
	EnteredBy   string         `db:"entered_by"`
	CreatedAt   time.Time      `db:"created_at"`
	PaidAt      *time.Time     `db:"paid_at"`
	Reference   string         `db:"provider_ref"`
	EntrySeq    *int64         `db:"entry_seq"`
	Refunded    money.Amount   `db:"refunded"`
	DonorName   sql.NullString `db:"donor_name"`
	Line        *int           `db:"line"` // of the campaign's budget; nil: where it is needed most
}

// Left is what is not refunded.
func (d Donation) Left() money.Amount { return d.Amount.Sub(d.Refunded) }

// PublicName is the name the donor lets the public see, masked; empty for
// anonymous ones.
func (d Donation) PublicName() string {
	if !d.ShowName {
		return ""
	}
	return Mask(d.DonorName.String)
}

// PublicMessage is the message the donor lets the public read, else empty.
func (d Donation) PublicMessage() string {
	if !d.ShowMessage {
		return ""
	}
	return d.Message
}

// Start is what a donor fills in.
type Start struct {
	ID          uuid.UUID // optional: the form's own, so that a doubled click starts one donation
	Campaign    string    // slug
	Amount      money.Amount
	Method      string // set by the verb: the provider's name, or "cash"
	Name        string // optional, hidden unless ShowName
	Email       string // optional: where the receipt goes
	Lang        string
	Message     string
	ShowName    bool
	ShowMessage bool
	EnteredBy   string // the cashier's user, for gifts at the desk
	At          time.Time
	Line        int       // optional: the line of the campaign's budget that the gift is for
	Donor       uuid.UUID // optional: somebody known already, in the place of Name and Email

	// With, if any, writes what belongs to the gift in the same database
	// transaction. It may run again for the same donation.
	With func(ctx context.Context, tx *sqlx.Tx, d Donation) error
}

// StartDonation commits a donation as pending and then asks the provider for
// what the donor sees next; order carries the addresses and the payee, the
// rest is filled in here. ErrNotFound, ErrNotOpen, ErrBelowMinimum, ErrAboveMaximum,
// ErrUnknownLine.
func StartDonation(ctx context.Context, db *sqlx.DB, c ledger.Community, p payment.Provider, s Start, order payment.Order) (d Donation, out payment.Checkout, err error) {
	defer wrap(&err, "campaigns.StartDonation(%d, %s)", c.ID, s.Campaign)
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return d, out, err
	}
	defer tx.Rollback()
	s.Method = p.Name()
	d, campaign, err := writeDown(ctx, tx, c, s, order.Payee)
	if err != nil {
		return d, out, err
	}
	if s.Method == byCash || s.Method == byTransfer { // people say or write what it is for
		if _, err = payment.ReserveReference(ctx, tx, c.ID, d.ID); err != nil {
			return d, out, err
		}
	}
	if err = tx.Commit(); err != nil {
		return d, out, err
	}
	out, err = p.Checkout(ctx, orderOf(c, d, campaign.Title(s.Lang), order))
	return d, out, err
}

// AskCheckout asks the provider once more for what the donor of a pending
// donation sees. ErrState where it is not pending any more.
func AskCheckout(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, p payment.Provider, d Donation, lang string, order payment.Order) (out payment.Checkout, err error) {
	defer wrap(&err, "campaigns.AskCheckout(%d, %s)", c.ID, d.ID)
	if d.State != Pending {
		return out, ErrState
	}
	campaign, err := CampaignAt(ctx, q, c.ID, d.CampaignID)
	if err != nil {
		return out, err
	}
	return p.Checkout(ctx, orderOf(c, d, campaign.Title(lang), order))
}

// orderOf fills in what the donation itself says. An order ends a while after
// its donation was made, however often it is asked for.
func orderOf(c ledger.Community, d Donation, title string, order payment.Order) payment.Order {
	order.CommunityID, order.Community, order.ID, order.Amount, order.Currency = c.ID, c.Slug, d.ID, d.Amount, d.Currency
	order.Description, order.ExpiresAt = title, d.CreatedAt.Add(PaymentWait)
	return order
}

// writeDown checks a gift against its campaign and stores it as pending. The
// same id again gives back what is stored.
func writeDown(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s Start, payee string) (d Donation, campaign Campaign, err error) {
	if campaign, err = FindCampaign(ctx, tx, c.ID, s.Campaign); err != nil {
		return d, campaign, err
	}
	switch {
	case campaign.State == Draft:
		return d, campaign, ErrNotFound
	case !campaign.Open(c.Day(s.At)):
		return d, campaign, ErrNotOpen
	case s.Amount.Less(campaign.Minimum):
		return d, campaign, ErrBelowMinimum
	case MaxGift.Less(s.Amount):
		return d, campaign, ErrAboveMaximum
	case s.Line != 0 && !campaign.hasLine(s.Line):
		return d, campaign, ErrUnknownLine
	}
	if s.ID == uuid.Nil {
		if s.ID, err = uuid.NewV7(); err != nil {
			return d, campaign, err
		}
	}
	if s.Method == byCash {
		payee = CashPayee
	}
	var donorID *uuid.UUID
	var donor Donor
	var commitment []byte
	if s.Donor != uuid.Nil || s.Name != "" || s.Email != "" {
		if donor, err = giver(ctx, tx, c.ID, s); err != nil {
			return d, campaign, err
		}
		donorID, commitment = &donor.ID, donor.Commitment()
	}
	// One statement: a doubled click leaves no donor behind without a donation.
	_, err = tx.ExecContext(ctx, `
		WITH written AS (
		       INSERT INTO campaigns.donation (community_id, id, campaign_id, donor_id, amount, currency, method, payee, message, show_name,
		                                       show_message, commitment, entered_by, created_at, line)
		       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, nullif($19::int, 0))
		       ON CONFLICT (community_id, id) DO NOTHING RETURNING donor_id)
		INSERT INTO campaigns.donor (community_id, id, name, email, lang, salt)
		SELECT $1, donor_id, $15, $16, $17, $18 FROM written WHERE donor_id IS NOT NULL
		    ON CONFLICT (community_id, id) DO NOTHING`,
		c.ID, s.ID, campaign.ID, donorID, s.Amount, c.Currency, s.Method, payee, s.Message, s.ShowName, s.ShowMessage,
		commitment, s.EnteredBy, s.At, donor.Name, donor.Email, donor.Lang, donor.Salt, s.Line)
	if err != nil {
		return d, campaign, err
	}
	if d, err = FindDonation(ctx, tx, c.ID, s.ID); err == nil && s.With != nil {
		err = s.With(ctx, tx, d)
	}
	return d, campaign, err
}

// giver is who gives: somebody known, or a donor about to be written down.
func giver(ctx context.Context, tx *sqlx.Tx, community int, s Start) (Donor, error) {
	if s.Donor != uuid.Nil {
		return FindDonor(ctx, tx, community, s.Donor)
	}
	return newDonor(s.Name, s.Email, s.Lang)
}

const selectDonation = `
	SELECT d.id, d.campaign_id, d.donor_id, d.state, d.amount, d.currency, d.method, d.payee, d.message, d.show_name, d.show_message,
	       d.entered_by, d.created_at, d.paid_at, d.provider_ref, d.entry_seq, d.refunded, d.line, n.name AS donor_name
	  FROM campaigns.donation d LEFT JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
	 WHERE d.community_id = $1`

// FindDonation reads a donation; ErrNotFound.
func FindDonation(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (d Donation, err error) {
	defer wrap(&err, "campaigns.FindDonation(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &d, selectDonation+` AND d.id = $2`, community, id)
	return d, err
}

// ListDonations reads the latest paid gifts of a campaign (0: of all campaigns).
func ListDonations(ctx context.Context, q sqlx.QueryerContext, community, campaign, limit int) (ds []Donation, err error) {
	defer wrap(&err, "campaigns.ListDonations(%d, %d)", community, campaign)
	// The latest of each campaign first: the index serves them one campaign at a time.
	err = sqlx.SelectContext(ctx, q, &ds, `
		WITH latest AS (
		       SELECT l.id FROM campaigns.campaign c
		        CROSS JOIN LATERAL (SELECT d.id, d.paid_at FROM campaigns.donation d
		                             WHERE d.community_id = c.community_id AND d.campaign_id = c.id AND d.state = 'paid'
		                             ORDER BY d.paid_at DESC LIMIT $3) l
		        WHERE c.community_id = $1 AND ($2 = 0 OR c.id = $2) ORDER BY l.paid_at DESC LIMIT $3)`+
		selectDonation+` AND d.id IN (SELECT id FROM latest) ORDER BY d.paid_at DESC`, community, campaign, limit)
	return ds, err
}

// UnpaidSince reads donations by one method that have waited for their payment
// since before a moment, the oldest first: see Settle.
func UnpaidSince(ctx context.Context, q sqlx.QueryerContext, community int, method string, before time.Time, limit int) (ds []Donation, err error) {
	defer wrap(&err, "campaigns.UnpaidSince(%d, %s)", community, method)
	err = sqlx.SelectContext(ctx, q, &ds, selectDonation+` AND d.state = 'pending' AND d.method = $2 AND d.created_at < $3 ORDER BY d.created_at LIMIT $4`,
		community, method, before, limit)
	return ds, err
}

// FailDonation ends a pending donation that will not be paid. A payment that
// arrives all the same is still received.
func FailDonation(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (err error) {
	defer wrap(&err, "campaigns.FailDonation(%d, %s)", community, id)
	return move(tx.ExecContext(ctx, `UPDATE campaigns.donation SET state = 'failed' WHERE community_id = $1 AND id = $2 AND state = 'pending'`, community, id))
}

// move turns "no row was in that state" into ErrState.
func move(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		return ErrState
	}
	return nil
}

// notFound is for updates that look for nothing but the row's key.
func notFound(err error) error {
	if errors.Is(err, ErrState) {
		return ErrNotFound
	}
	return err
}
