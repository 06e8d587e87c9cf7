package pledge

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/ledger"
)

// Letter is a reminder as its reader gets it: about Pledge or about Plan.
type Letter struct {
	Key       uuid.UUID // the same when the letter is tried again
	Community ledger.Community
	To        campaigns.Donor
	Occasion  Occasion
	Pledge    *Pledge
	Plan      *Plan
}

// Following is what the handlers of the outbox need to send reminders.
type Following struct {
	DB   *sqlx.DB
	Send func(ctx context.Context, l Letter) error // nil where no mailer is configured
	Now  func() time.Time
}

// Handlers is the work that this package leaves in the outbox, by kind.
func Handlers(f Following) map[string]outbox.Handler {
	return map[string]outbox.Handler{aboutPledge: f.remindOfPledge, aboutPlan: f.remindOfPlan}
}

// remindOfPledge sends a letter, if the pledge is still to be kept.
func (f Following) remindOfPledge(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, aboutPledge)
	l, about, err := f.letter(ctx, m)
	if err != nil {
		return err
	}
	p, err := At(ctx, f.DB, m.CommunityID, about.Promise)
	if err != nil || p.State != Open || l.Occasion == Before && l.Community.Day(f.Now()).After(p.DueOn) {
		return err
	}
	l.Pledge = &p
	return f.send(ctx, l, p.DonorID)
}

// remindOfPlan sends a letter, if the plan still runs and nobody has given for
// the month since.
func (f Following) remindOfPlan(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, aboutPlan)
	l, about, err := f.letter(ctx, m)
	if err != nil {
		return err
	}
	p, err := PlanAt(ctx, f.DB, m.CommunityID, about.Promise)
	if err != nil {
		return err
	}
	phase := p.Phase(l.Community.Day(f.Now()))
	if month, ok := about.Occasion.month(); ok {
		given, err := p.paidFor(ctx, f.DB, month)
		if err != nil || given || phase != Running {
			return err
		}
	} else if phase != Over {
		return nil
	}
	l.Plan = &p
	return f.send(ctx, l, p.DonorID)
}

func (f Following) letter(ctx context.Context, m outbox.Message) (l Letter, about Reminder, err error) {
	if err := m.Read(&about); err != nil {
		return l, about, err
	}
	l.Key, l.Occasion = m.ID, about.Occasion
	l.Community, err = ledger.CommunityAt(ctx, f.DB, m.CommunityID)
	return l, about, err
}

// send finds the address; a donor who was erased has none.
func (f Following) send(ctx context.Context, l Letter, to uuid.UUID) (err error) {
	if l.To, err = campaigns.FindDonor(ctx, f.DB, l.Community.ID, to); err != nil || l.To.Email == "" || f.Send == nil {
		return err
	}
	return f.Send(ctx, l)
}

// paidFor tells whether a month has its gift.
func (p Plan) paidFor(ctx context.Context, q sqlx.QueryerContext, month time.Time) (given bool, err error) {
	err = sqlx.GetContext(ctx, q, &given, `SELECT EXISTS (`+selectGift+` AND g.plan_id = $2 AND g.month = $3 AND d.state = 'paid')`, p.Community, p.ID, iso(month))
	return given, err
}
