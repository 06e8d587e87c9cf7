package pledge

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/ledger"
)

// When letters go out, in days around a pledge's day or a plan's. A letter that
// could not be written in time, since no server ran, is not written much later.
const (
	remindBefore = 3 // days before a pledge's day, but not on the day it was made
	remindAfter  = 3 // days after, once
	remindLate   = 7 // days
	remindHour   = 9 // in the morning, on the community's clock
)

// Occasion is what a letter is about: for a plan, its month as 2026-03.
type Occasion string

// The occasions that are no months.
const (
	Before       Occasion = "before" // a pledge's day is near
	After        Occasion = "after"  // it is past, and the pledge not fulfilled
	CampaignOver Occasion = "over"   // the plan has ended with its campaign
)

func monthly(month time.Time) Occasion { return Occasion(month.Format("2006-01")) }

// month reads the month of a plan's occasion.
func (o Occasion) month() (month time.Time, ok bool) {
	month, err := time.Parse("2006-01", string(o))
	return month, err == nil
}

// Reminder is the outbox's payload of the kinds pledge_reminder and
// monthly_reminder: a letter to write.
type Reminder struct {
	Promise  uuid.UUID `json:"promise"`
	Occasion Occasion  `json:"occasion"`
}

const (
	aboutPledge = "pledge_reminder"
	aboutPlan   = "monthly_reminder"
)

// RunDue enqueues every letter that is due by tomorrow, for the morning of its
// day, and ends what is over. It is called every hour, by any number of
// servers: the reminder's key lets one of them have each letter.
func RunDue(ctx context.Context, db *sqlx.DB, c ledger.Community, now time.Time) (err error) {
	defer wrap(&err, "pledge.RunDue(%d)", c.ID)
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error { return runDue(ctx, tx, c, now) })
}

func runDue(ctx context.Context, tx *sqlx.Tx, c ledger.Community, now time.Time) (err error) {
	today := c.Day(now)
	if err = lapse(ctx, tx, c.ID, today, now); err != nil {
		return err
	}
	if err = remindPledges(ctx, tx, c, today); err != nil {
		return err
	}
	months := []time.Time{ledger.MonthOf(today.AddDate(0, 0, -remindLate))}
	for last := ledger.MonthOf(today.AddDate(0, 0, 1)); months[len(months)-1].Before(last); {
		months = append(months, nextMonth(months[len(months)-1]))
	}
	for _, month := range months {
		if err = remindPlans(ctx, tx, c, month, today, now); err != nil {
			return err
		}
	}
	return nil
}

// lapse ends the pledges that nobody waits for any more.
func lapse(ctx context.Context, tx *sqlx.Tx, community int, today, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE pledge.pledge SET ended_as = 'lapsed', ended_by = 'system', ended_at = $4
		 WHERE community_id = $1 AND id IN (
		       SELECT o.id FROM (`+selectPledge+` AND p.state = 'open') o
		         JOIN campaigns.campaign c ON c.community_id = o.community_id AND c.id = o.campaign_id
		        WHERE o.due_on < $2::date - $3::int OR c.state = 'closed' OR c.ends_on < $2::date)`, community, iso(today), LapseAfter, now)
	return err
}

// letter is a reminder that this server may enqueue.
type letter struct {
	Promise  uuid.UUID `db:"promise_id"`
	Occasion Occasion  `db:"occasion"`
	SendAt   time.Time `db:"send_at"`
}

// remindPledges writes the letters around the pledges' days. A letter before
// the day comes at the earliest on the day after the promise, and not after the
// pledge's day.
func remindPledges(ctx context.Context, tx *sqlx.Tx, c ledger.Community, today time.Time) error {
	var due []struct {
		ID       uuid.UUID `db:"id"`
		Occasion Occasion  `db:"occasion"`
		Day      time.Time `db:"day"`
	}
	err := tx.SelectContext(ctx, &due, `
		SELECT p.id, o.occasion, o.day FROM (`+selectPledge+` AND p.state = 'open') p
		  JOIN campaigns.donor n ON n.community_id = p.community_id AND n.id = p.donor_id AND n.email <> ''
		 CROSS JOIN LATERAL (VALUES ('before', greatest(p.due_on - $3::int, p.made_on + 1), p.due_on),
		                            ('after', p.due_on + $4::int, p.due_on + $4::int + $5::int)) o (occasion, day, latest)
		 WHERE o.day <= o.latest AND o.day <= $2::date + 1 AND o.latest >= $2::date
		   AND NOT EXISTS (SELECT FROM pledge.reminder r WHERE r.community_id = p.community_id AND r.promise_id = p.id AND r.occasion = o.occasion)
		 ORDER BY p.id`, c.ID, iso(today), remindBefore, remindAfter, remindLate)
	if err != nil {
		return err
	}
	var letters []letter
	for _, d := range due {
		letters = append(letters, letter{d.ID, d.Occasion, c.Clock(d.Day, remindHour)})
	}
	return enqueue(ctx, tx, c.ID, aboutPledge, letters)
}

// remindPlans writes the letters of a month to those who have not given for it.
// Where a plan's campaign is over, the plan ends, and the letter says so.
func remindPlans(ctx context.Context, tx *sqlx.Tx, c ledger.Community, month, today, now time.Time) error {
	var due []Plan
	err := tx.SelectContext(ctx, &due, `
		SELECT p.* FROM (`+selectPlan+`) p
		  JOIN campaigns.donor n ON n.community_id = p.community_id AND n.id = p.donor_id AND n.email <> ''
		 CROSS JOIN LATERAL (SELECT $2::date + least(p.day, $3) - 1 AS day) o
		 WHERE p.gifts > 0 AND p.stopped_as = '' AND p.made_on < $2::date
		   AND o.day BETWEEN $4::date - $5::int AND $4::date + 1 AND (o.day >= p.paused_until) IS NOT FALSE
		   AND NOT EXISTS (SELECT FROM pledge.reminder r WHERE r.community_id = p.community_id AND r.promise_id = p.id AND r.occasion = $6)
		   AND NOT EXISTS (SELECT FROM pledge.gift g JOIN campaigns.donation d ON d.community_id = g.community_id AND d.id = g.donation_id
		                    WHERE g.community_id = p.community_id AND g.plan_id = p.id AND g.month = $2::date AND d.state = 'paid')
		 ORDER BY p.id`, c.ID, iso(month), daysOf(month), iso(today), remindLate, monthly(month))
	if err != nil {
		return err
	}
	var letters []letter
	open := map[int]error{}
	for _, p := range due {
		day := DueIn(month, p.Day)
		if _, asked := open[p.CampaignID]; !asked {
			_, open[p.CampaignID] = p.Takes(ctx, tx, day)
		}
		occasion := monthly(month)
		switch err := open[p.CampaignID]; {
		case errors.Is(err, campaigns.ErrNotOpen):
			if occasion = CampaignOver; day.After(today) { // it may still take gifts today
				continue
			}
			if err := stop(ctx, tx, p, Over, "system", now); err != nil {
				return err
			}
		case err != nil:
			return err
		}
		letters = append(letters, letter{p.ID, occasion, c.Clock(day, remindHour)})
	}
	return enqueue(ctx, tx, c.ID, aboutPlan, letters)
}

// enqueue takes the letters for this server, and remembers those that no other
// has taken. In the order of their keys, so that nobody waits in a circle.
func enqueue(ctx context.Context, tx *sqlx.Tx, community int, kind string, letters []letter) error {
	var promises, occasions, times pq.StringArray
	for _, l := range letters {
		promises, occasions, times = append(promises, l.Promise.String()), append(occasions, string(l.Occasion)), append(times, l.SendAt.Format(time.RFC3339))
	}
	var taken []letter
	err := tx.SelectContext(ctx, &taken, `
		INSERT INTO pledge.reminder (community_id, promise_id, occasion, send_at)
		SELECT $1, l.promise, l.occasion, l.send_at FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS l (promise, occasion, send_at)
		 ORDER BY l.promise, l.occasion ON CONFLICT DO NOTHING RETURNING promise_id, occasion, send_at`, community, promises, occasions, times)
	if err != nil {
		return err
	}
	messages := make([]outbox.Message, len(taken))
	for i, l := range taken {
		if messages[i], err = outbox.New(kind, Reminder{Promise: l.Promise, Occasion: l.Occasion}); err != nil {
			return err
		}
		messages[i].ID, messages[i].NotBefore = uuid.NewSHA1(l.Promise, []byte(l.Occasion)), l.SendAt
	}
	return outbox.Enqueue(ctx, tx, community, messages...)
}
