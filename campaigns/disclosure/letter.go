package disclosure

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/outbox"
	"fund/ledger"
)

// The kinds of messages that this package leaves in the outbox.
const (
	dutyDue     = "disclosure_due" // staff are to be reminded
	endReport   = "end_report"     // a campaign's givers are to be told
	endReportTo = "end_report_to"  // one of them
)

// The payloads: ids alone.
type (
	aboutDuty struct {
		Duty string `json:"duty"`
		Days int    `json:"days"`
	}
	aboutReport struct {
		Year   int       `json:"year"`
		Number int       `json:"number"`
		Giver  uuid.UUID `json:"giver"`
	}
)

// Following is what the handlers of the outbox need.
type Following struct {
	DB *sqlx.DB
	// Takers are the donations of a campaign whose givers asked for mail; nil where nobody can ask.
	Takers func(ctx context.Context, community, campaign int) ([]uuid.UUID, error)
	// Tell writes to the giver of a donation; nil where no mailer is configured. key is the same when it is tried again.
	Tell func(ctx context.Context, c ledger.Community, d Document, giver, key uuid.UUID) error
	// Remind writes to the staff who see to disclosure; nil where no mailer is configured.
	Remind func(ctx context.Context, c ledger.Community, d Duty, days int, key uuid.UUID) error
	Now    func() time.Time
}

// Handlers is the work that this package leaves in the outbox, by kind.
func Handlers(f Following) map[string]outbox.Handler {
	return map[string]outbox.Handler{dutyDue: f.remind, endReport: f.spread, endReportTo: f.tell}
}

// remindDays are how long before its day staff are reminded of a duty.
var remindDays = []int{30, 7, 1}

// Remind leaves in the outbox what staff are to be reminded of today: 30, 7 and 1 days before, once each, and later where
// the server was away on the day. It may be called as often as one likes.
func Remind(ctx context.Context, tx *sqlx.Tx, c ledger.Community, now time.Time) (err error) {
	defer wrap(&err, "disclosure.Remind(%d)", c.ID)
	duties, err := Calendar(ctx, tx, c, now)
	if err != nil {
		return err
	}
	var messages []outbox.Message
	for _, d := range duties {
		days, due := Reminder(d, c.Day(now))
		if !due {
			continue
		}
		m, err := outbox.New(dutyDue, aboutDuty{d.Key(), days})
		if err != nil {
			return err
		}
		// The same reminder has the same id, and an id is remembered longer than a reminder can be due.
		m.ID = uuid.NewSHA1(reminders, fmt.Appendf(nil, "%d %s %s %d", c.ID, d.Key(), d.Due.Format(time.DateOnly), days))
		messages = append(messages, m)
	}
	return outbox.Enqueue(ctx, tx, c.ID, messages...)
}

// reminders is the space of the reminders' ids.
var reminders = uuid.MustParse("6f1d1c0e-5d4e-4c1b-9a63-0b1d35c9a9e1")

// Reminder says which reminder of a duty is due on a day: the 7-day one from seven days to two before, and so on.
func Reminder(d Duty, today time.Time) (days int, due bool) {
	left := d.DaysLeft(today)
	if d.Done != nil || left < 0 {
		return 0, false
	}
	for _, n := range remindDays {
		if left <= n {
			days, due = n, true
		}
	}
	return days, due
}

func (f Following) remind(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "disclosure: %s", dutyDue)
	var about aboutDuty
	if err := m.Read(&about); err != nil || f.Remind == nil {
		return err
	}
	c, err := ledger.CommunityAt(ctx, f.DB, m.CommunityID)
	if err != nil {
		return err
	}
	d, err := FindDuty(ctx, f.DB, c, about.Duty, f.Now())
	if err != nil || d.Done != nil { // done in the meantime
		return err
	}
	return f.Remind(ctx, c, d, about.Days, m.ID)
}

// spread makes of one message a message for each giver, so that no letter is sent twice because another failed.
func (f Following) spread(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "disclosure: %s", endReport)
	var about aboutReport
	if err := m.Read(&about); err != nil || f.Takers == nil || f.Tell == nil {
		return err
	}
	d, err := Find(ctx, f.DB, m.CommunityID, about.Year, about.Number, 0)
	if err != nil {
		return err
	}
	givers, err := f.Takers(ctx, m.CommunityID, d.SubjectID)
	if err != nil {
		return err
	}
	return outbox.Spread(ctx, f.DB, m, endReportTo, givers, func(giver uuid.UUID) any { return aboutReport{about.Year, about.Number, giver} })
}

func (f Following) tell(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "disclosure: %s", endReportTo)
	var about aboutReport
	if err := m.Read(&about); err != nil || f.Tell == nil {
		return err
	}
	c, err := ledger.CommunityAt(ctx, f.DB, m.CommunityID)
	if err != nil {
		return err
	}
	d, err := Find(ctx, f.DB, c.ID, about.Year, about.Number, 0)
	if err != nil {
		return err
	}
	return f.Tell(ctx, c, d, about.Giver, m.ID)
}
