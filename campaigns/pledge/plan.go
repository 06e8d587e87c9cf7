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

// Phase is where a plan stands.
type Phase string

// A plan waits for its first gift, then runs until it stops.
const (
	Waiting Phase = "waiting"
	Running Phase = "running"
	Paused  Phase = "paused"
	Stopped Phase = "stopped" // by its giver or the staff, or its donor is erased
	Over    Phase = "over"    // its campaign takes no gifts any more
)

// Plan is a 月捐: somebody wants to be asked for an amount every month.
type Plan struct {
	Community   int          `db:"community_id"`
	ID          uuid.UUID    `db:"id"`
	CampaignID  int          `db:"campaign_id"`
	Campaign    string       `db:"campaign"` // its slug
	FundID      int          `db:"fund_id"`
	TitleZH     string       `db:"title_zh"`
	TitleEN     string       `db:"title_en"`
	DonorID     uuid.UUID    `db:"donor_id"`
	DonorName   string       `db:"donor_name"` // for those who may read it
	Amount      money.Amount `db:"amount"`
	Day         int          `db:"day"` // of the month: see DueIn
	MadeOn      time.Time    `db:"made_on"`
	MadeAt      time.Time    `db:"made_at"`
	Token       string       `db:"token"`
	PausedUntil *time.Time   `db:"paused_until"` // the first day on which it runs again
	StoppedAs   Phase        `db:"stopped_as"`
	StoppedAt   *time.Time   `db:"stopped_at"`
	Gifts       int          `db:"gifts"` // paid
	Given       money.Amount `db:"given"`
}

// Title is the campaign's title in the reader's language.
func (p Plan) Title(lang string) string {
	return campaigns.Campaign{TitleZH: p.TitleZH, TitleEN: p.TitleEN}.Title(lang)
}

// Phase is where the plan stands on a day.
func (p Plan) Phase(today time.Time) Phase {
	switch {
	case p.StoppedAs != "":
		return p.StoppedAs
	case p.Gifts == 0:
		return Waiting
	case p.PausedUntil != nil && today.Before(*p.PausedUntil):
		return Paused
	}
	return Running
}

// Turn is the month that a gift on a day is for: the one whose due day came
// last. False before the second month: the first one's gift began the plan.
func (p Plan) Turn(today time.Time) (month time.Time, due bool) {
	month = ledger.MonthOf(today)
	if DueIn(month, p.Day).After(today) {
		month = month.AddDate(0, -1, 0)
	}
	return month, month.After(ledger.MonthOf(p.MadeOn))
}

// Next is the day of the plan's next letter, as things stand on a day.
func (p Plan) Next(today time.Time) time.Time {
	month := ledger.MonthOf(today)
	if first := nextMonth(ledger.MonthOf(p.MadeOn)); month.Before(first) {
		month = first
	}
	for ; ; month = nextMonth(month) {
		due := DueIn(month, p.Day)
		if due.After(today) && (p.PausedUntil == nil || !due.Before(*p.PausedUntil)) {
			return due
		}
	}
}

// Asks is the month whose gift a giver is asked for on a day; false where a gift
// for it, or for a later month, is paid.
func (p Plan) Asks(history []MonthGift, today time.Time) (month time.Time, asks bool) {
	month, due := p.Turn(today)
	return month, due && lastPaid(history).Before(month)
}

// NextLetter is Next, but for months whose gift is paid already.
func (p Plan) NextLetter(history []MonthGift, today time.Time) time.Time {
	next := p.Next(today)
	for !ledger.MonthOf(next).After(lastPaid(history)) {
		next = p.Next(next)
	}
	return next
}

// lastPaid is the latest month with a paid gift.
func lastPaid(history []MonthGift) (month time.Time) {
	for _, g := range history {
		if g.State == campaigns.Paid && g.Month.After(month) {
			month = g.Month
		}
	}
	return month
}

// Begin makes a plan of a donation, which is its first month's gift; the plan
// waits until that is paid. It is for donor: the donation's own, who gave an
// address, or somebody who holds its receipt. A donation begins one plan: the
// same donor gets it again, anybody else ErrKept.
func Begin(ctx context.Context, tx *sqlx.Tx, c ledger.Community, d campaigns.Donation, donor uuid.UUID, at time.Time) (p Plan, err error) {
	defer wrap(&err, "pledge.Begin(%d, %s)", c.ID, d.ID)
	id, today := uuid.NewSHA1(d.ID, []byte("monthly")), c.Day(at)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO pledge.plan (community_id, id, campaign_id, donor_id, amount, day, made_on, token, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (community_id, id) DO NOTHING`,
		c.ID, id, d.CampaignID, donor, d.Amount, today.Day(), iso(today), newToken(), at)
	if err != nil {
		return p, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO pledge.gift (community_id, donation_id, plan_id, month) VALUES ($1, $2, $3, $4) ON CONFLICT (community_id, donation_id) DO NOTHING`,
		c.ID, d.ID, id, iso(ledger.MonthOf(today)))
	if err != nil {
		return p, err
	}
	switch keeps, err := Keeps(ctx, tx, c.ID, d.ID); {
	case err != nil:
		return p, err
	case keeps != id:
		return p, ErrKept
	}
	if p, err = findPlan(ctx, tx, c.ID, `p.id = $2`, id); err == nil && p.DonorID != donor {
		return Plan{}, ErrKept
	}
	return p, err
}

// Monthly lets a donation begin a plan of its own donor, for campaigns.Start.With.
func Monthly(c ledger.Community, at time.Time) func(ctx context.Context, tx *sqlx.Tx, d campaigns.Donation) error {
	return func(ctx context.Context, tx *sqlx.Tx, d campaigns.Donation) error {
		if d.DonorID == nil {
			return ErrNoOne
		}
		_, err := Begin(ctx, tx, c, d, *d.DonorID, at)
		return err
	}
}

// Gift is the donation that a month of the plan asks for, to a campaign of
// Plan.Takes. campaigns.ErrState where the plan has stopped.
func (p Plan) Gift(to campaigns.Campaign, month, at time.Time) campaigns.Start {
	return campaigns.Start{
		Campaign: to.Slug, Amount: p.Amount, Donor: p.DonorID, At: at,
		With: func(ctx context.Context, tx *sqlx.Tx, d campaigns.Donation) error { return p.keep(ctx, tx, d, month) },
	}
}

func (p Plan) keep(ctx context.Context, tx *sqlx.Tx, d campaigns.Donation, month time.Time) error {
	held, err := tx.ExecContext(ctx, `
		SELECT FROM pledge.plan WHERE community_id = $1 AND id = $2 AND donor_id = $3 AND stopped_as = '' FOR SHARE`, p.Community, p.ID, d.DonorID)
	if err = move(held, err); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO pledge.gift (community_id, donation_id, plan_id, month) VALUES ($1, $2, $3, $4) ON CONFLICT (community_id, donation_id) DO NOTHING`,
		p.Community, d.ID, p.ID, iso(month))
	return err
}

// Takes finds the campaign that a gift of the plan goes to on a day: its own
// or, where that is over and raised for the general fund, another that does.
// campaigns.ErrNotOpen where there is none.
func (p Plan) Takes(ctx context.Context, q sqlx.QueryerContext, today time.Time) (to campaigns.Campaign, err error) {
	defer wrap(&err, "pledge.Takes(%d, %s)", p.Community, p.ID)
	if to, err = campaigns.CampaignAt(ctx, q, p.Community, p.CampaignID); err != nil || to.Open(today) {
		return to, err
	}
	if p.FundID == ledger.GeneralFundID {
		published, err := campaigns.ListCampaigns(ctx, q, p.Community, campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published}})
		if err != nil {
			return to, err
		}
		for _, other := range published {
			if other.FundID == p.FundID && other.Open(today) {
				return other, nil
			}
		}
	}
	return to, campaigns.ErrNotOpen
}

// Change gives the plan another amount and another day of the month, 1 to 31.
// campaigns.ErrBelowMinimum, ErrAboveMaximum, ErrState where it has stopped.
func Change(ctx context.Context, tx *sqlx.Tx, p Plan, amount money.Amount, day int) (err error) {
	defer wrap(&err, "pledge.Change(%d, %s)", p.Community, p.ID)
	of, err := campaigns.CampaignAt(ctx, tx, p.Community, p.CampaignID)
	switch {
	case err != nil:
		return err
	case amount.Less(of.Minimum):
		return campaigns.ErrBelowMinimum
	case campaigns.MaxGift.Less(amount):
		return campaigns.ErrAboveMaximum
	}
	return move(tx.ExecContext(ctx, `UPDATE pledge.plan SET amount = $3, day = $4 WHERE community_id = $1 AND id = $2 AND stopped_as = ''`,
		p.Community, p.ID, amount, day))
}

// Pause lets a plan rest until a day, on which it runs again by itself. ErrPause
// where the day is not ahead, or more than a year; campaigns.ErrState.
func Pause(ctx context.Context, tx *sqlx.Tx, p Plan, until, today time.Time) (err error) {
	defer wrap(&err, "pledge.Pause(%d, %s)", p.Community, p.ID)
	if !until.After(today) || until.After(today.AddDate(1, 0, 0)) {
		return ErrPause
	}
	return move(tx.ExecContext(ctx, `UPDATE pledge.plan SET paused_until = $3 WHERE community_id = $1 AND id = $2 AND stopped_as = ''`,
		p.Community, p.ID, iso(until)))
}

// Resume ends a pause. campaigns.ErrState.
func Resume(ctx context.Context, tx *sqlx.Tx, p Plan) (err error) {
	defer wrap(&err, "pledge.Resume(%d, %s)", p.Community, p.ID)
	return move(tx.ExecContext(ctx, `UPDATE pledge.plan SET paused_until = NULL WHERE community_id = $1 AND id = $2 AND stopped_as = ''`, p.Community, p.ID))
}

// Stop ends a plan for good: who is empty for its giver. Stopped again, nothing
// changes.
func Stop(ctx context.Context, tx *sqlx.Tx, p Plan, who string, at time.Time) (err error) {
	defer wrap(&err, "pledge.Stop(%d, %s)", p.Community, p.ID)
	return stop(ctx, tx, p, Stopped, who, at)
}

func stop(ctx context.Context, tx *sqlx.Tx, p Plan, as Phase, who string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE pledge.plan SET stopped_as = $3, stopped_by = $4, stopped_at = $5 WHERE community_id = $1 AND id = $2 AND stopped_as = ''`,
		p.Community, p.ID, as, who, at)
	return err
}

const selectPlan = `
	SELECT p.community_id, p.id, p.campaign_id, c.slug AS campaign, c.fund_id, c.title_zh, c.title_en, p.donor_id, n.name AS donor_name,
	       p.amount, p.day, p.made_on, p.made_at, p.token, p.paused_until, p.stopped_at, g.gifts, g.given,
	       CASE WHEN p.stopped_as = '' AND n.erased_at IS NOT NULL THEN 'stopped' ELSE p.stopped_as END AS stopped_as
	  FROM pledge.plan p
	  JOIN campaigns.campaign c ON c.community_id = p.community_id AND c.id = p.campaign_id
	  JOIN campaigns.donor n ON n.community_id = p.community_id AND n.id = p.donor_id
	 CROSS JOIN LATERAL (
	       SELECT count(*) AS gifts, coalesce(sum(d.amount), 0.00) AS given FROM pledge.gift g
	         JOIN campaigns.donation d ON d.community_id = g.community_id AND d.id = g.donation_id AND d.state = 'paid'
	        WHERE g.community_id = p.community_id AND g.plan_id = p.id) g
	 WHERE p.community_id = $1`
