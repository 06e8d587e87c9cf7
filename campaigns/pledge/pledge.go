package pledge

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// LapseAfter is how many days after its day an open pledge lapses.
const LapseAfter = 30

// State is how a pledge stands.
type State string

// A pledge is open until it is fulfilled or ends. Fulfilled wins: what is paid
// is paid, even after the end.
const (
	Open      State = "open"
	Fulfilled State = "fulfilled"
	Cancelled State = "cancelled"
	Lapsed    State = "lapsed" // its day is LapseAfter days past, or its campaign is over
)

// Pledge is a 认捐: an amount promised to a campaign by a day.
type Pledge struct {
	Community  int          `db:"community_id"`
	ID         uuid.UUID    `db:"id"`
	CampaignID int          `db:"campaign_id"`
	Campaign   string       `db:"campaign"` // its slug
	TitleZH    string       `db:"title_zh"`
	TitleEN    string       `db:"title_en"`
	DonorID    uuid.UUID    `db:"donor_id"`
	DonorName  string       `db:"donor_name"` // for those who may read it
	Amount     money.Amount `db:"amount"`
	Received   money.Amount `db:"received"` // the paid gifts, whatever of them was refunded later
	MadeOn     time.Time    `db:"made_on"`
	DueOn      time.Time    `db:"due_on"`
	Token      string       `db:"token"`
	EnteredBy  string       `db:"entered_by"` // at the desk, else empty
	MadeAt     time.Time    `db:"made_at"`
	State      State        `db:"state"`
	EndedBy    string       `db:"ended_by"`
	EndedAt    *time.Time   `db:"ended_at"`
}

// Title is the campaign's title in the reader's language.
func (p Pledge) Title(lang string) string {
	return campaigns.Campaign{TitleZH: p.TitleZH, TitleEN: p.TitleEN}.Title(lang)
}

// Left is what is still promised.
func (p Pledge) Left() money.Amount {
	if p.Received.Less(p.Amount) {
		return p.Amount.Sub(p.Received)
	}
	return money.Zero
}

// Due tells that the day has come and the pledge is open.
func (p Pledge) Due(today time.Time) bool { return p.State == Open && !p.DueOn.After(today) }

// Letter is the day of the letter before the pledge's day, not before the day
// after the promise; a promise for the same day gets none: then it is that day.
func (p Pledge) Letter() time.Time {
	first, day := p.MadeOn.AddDate(0, 0, 1), p.DueOn.AddDate(0, 0, -remindBefore)
	if day.Before(first) {
		day = first
	}
	if day.After(p.DueOn) {
		return p.MadeOn
	}
	return day
}

// Promise is what a person says, on the web page or at the desk.
type Promise struct {
	ID        uuid.UUID // the form's own, so that a doubled click promises once; optional
	Campaign  string    // slug
	Amount    money.Amount
	DueOn     time.Time
	Name      string // a name or a mail address is needed
	Email     string
	Lang      string
	EnteredBy string
	At        time.Time
}

// openMax is how many open pledges of the web page may have the same mail
// address: nobody shall have letters sent to somebody else without end.
const openMax = 5

// Make writes a pledge down. The campaign must take gifts today and on the day;
// campaigns.ErrNotFound, ErrNotOpen, ErrBelowMinimum, and ErrDay, ErrNoOne, ErrFull.
func Make(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s Promise) (p Pledge, err error) {
	defer wrap(&err, "pledge.Make(%d, %s)", c.ID, s.Campaign)
	of, err := campaigns.FindCampaign(ctx, tx, c.ID, s.Campaign)
	if err != nil {
		return p, err
	}
	today := c.Day(s.At)
	switch {
	case of.State == campaigns.Draft:
		return p, campaigns.ErrNotFound
	case !of.Open(today):
		return p, campaigns.ErrNotOpen
	case s.Amount.Less(of.Minimum):
		return p, campaigns.ErrBelowMinimum
	case s.DueOn.Before(today), s.DueOn.After(of.EndsOn):
		return p, ErrDay
	case s.Name == "" && s.Email == "":
		return p, ErrNoOne
	}
	if s.ID == uuid.Nil {
		s.ID = uuid.Must(uuid.NewV7())
	} else if p, err = find(ctx, tx, c.ID, `p.id = $2`, s.ID); err == nil { // pressed twice
		return p, nil
	}
	if err = full(ctx, tx, c.ID, s); err != nil {
		return p, err
	}
	donor, err := campaigns.AddDonor(ctx, tx, c.ID, s.Name, s.Email, s.Lang)
	if err != nil {
		return p, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO pledge.pledge (community_id, id, campaign_id, donor_id, amount, made_on, due_on, token, entered_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, s.ID, of.ID, donor.ID, s.Amount, iso(today), iso(s.DueOn), newToken(), s.EnteredBy, s.At)
	if err != nil {
		return p, err
	}
	return find(ctx, tx, c.ID, `p.id = $2`, s.ID)
}

// full refuses one more pledge of the web page to an address that has many.
func full(ctx context.Context, tx *sqlx.Tx, community int, s Promise) error {
	if s.EnteredBy != "" || s.Email == "" {
		return nil
	}
	var open int
	err := tx.GetContext(ctx, &open, `
		SELECT count(*) FROM pledge.pledge p JOIN campaigns.donor n ON n.community_id = p.community_id AND n.id = p.donor_id
		 WHERE p.community_id = $1 AND p.ended_as = '' AND p.entered_by = '' AND lower(n.email) = lower($2)`, community, s.Email)
	if err == nil && open >= openMax {
		err = ErrFull
	}
	return err
}

// Cancel takes an open pledge back: who is empty for the person themselves.
// campaigns.ErrState where it is not open any more.
func Cancel(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, who string, at time.Time) (err error) {
	defer wrap(&err, "pledge.Cancel(%d, %s)", community, id)
	if _, err = tx.ExecContext(ctx, `SELECT FROM pledge.pledge WHERE community_id = $1 AND id = $2 FOR UPDATE`, community, id); err != nil {
		return err
	}
	p, err := find(ctx, tx, community, `p.id = $2`, id)
	if err != nil {
		return err
	}
	if p.State != Open {
		return campaigns.ErrState
	}
	return move(tx.ExecContext(ctx, `
		UPDATE pledge.pledge SET ended_as = 'cancelled', ended_by = $3, ended_at = $4 WHERE community_id = $1 AND id = $2 AND ended_as = ''`,
		community, id, who, at))
}

// Gift is the donation that keeps the pledge, in full or in part, for
// campaigns.StartDonation and EnterCash. A cancelled pledge is not kept any
// more: campaigns.ErrState. A lapsed one still is.
func (p Pledge) Gift(amount money.Amount, at time.Time) campaigns.Start {
	return campaigns.Start{
		Campaign: p.Campaign, Amount: amount, Donor: p.DonorID, At: at,
		With: func(ctx context.Context, tx *sqlx.Tx, d campaigns.Donation) error { return p.keep(ctx, tx, d) },
	}
}

// keep writes down that a donation keeps the pledge. A cancellation waits for
// the lock, or is found.
func (p Pledge) keep(ctx context.Context, tx *sqlx.Tx, d campaigns.Donation) error {
	held, err := tx.ExecContext(ctx, `
		SELECT FROM pledge.pledge WHERE community_id = $1 AND id = $2 AND donor_id = $3 AND ended_as <> 'cancelled' FOR SHARE`,
		p.Community, p.ID, d.DonorID)
	if err = move(held, err); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO pledge.gift (community_id, donation_id, pledge_id) VALUES ($1, $2, $3) ON CONFLICT (community_id, donation_id) DO NOTHING`,
		p.Community, d.ID, p.ID)
	return err
}

// Instead lets a donation started in the place of another, whose order has
// ended, keep what the other would have kept, if anything; for campaigns.Start.With.
func Instead(community int, of uuid.UUID) func(ctx context.Context, tx *sqlx.Tx, d campaigns.Donation) error {
	return func(ctx context.Context, tx *sqlx.Tx, d campaigns.Donation) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO pledge.gift (community_id, donation_id, pledge_id, plan_id, month)
			SELECT community_id, $3::uuid, pledge_id, plan_id, month FROM pledge.gift WHERE community_id = $1 AND donation_id = $2
			    ON CONFLICT (community_id, donation_id) DO NOTHING`, community, of, d.ID)
		return err
	}
}

const selectPledge = `
	SELECT * FROM (
	SELECT p.community_id, p.id, p.campaign_id, c.slug AS campaign, c.title_zh, c.title_en, p.donor_id, n.name AS donor_name, p.amount,
	       g.received, p.made_on, p.due_on, p.token, p.entered_by, p.made_at, p.ended_by, p.ended_at,
	       CASE WHEN g.received >= p.amount THEN 'fulfilled' WHEN p.ended_as <> '' THEN p.ended_as
	            WHEN n.erased_at IS NOT NULL THEN 'cancelled' ELSE 'open' END AS state
	  FROM pledge.pledge p
	  JOIN campaigns.campaign c ON c.community_id = p.community_id AND c.id = p.campaign_id
	  JOIN campaigns.donor n ON n.community_id = p.community_id AND n.id = p.donor_id
	 CROSS JOIN LATERAL (
	       SELECT coalesce(sum(d.amount), 0.00) AS received FROM pledge.gift g
	         JOIN campaigns.donation d ON d.community_id = g.community_id AND d.id = g.donation_id AND d.state = 'paid'
	        WHERE g.community_id = p.community_id AND g.pledge_id = p.id) g) p
	 WHERE p.community_id = $1`
