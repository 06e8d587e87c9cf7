package desk

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/schedule"
	"fund/web/auth"
	"fund/web/page"
)

const schedulePath = "/desk/schedule"

// scheduleView is what is to be posted each month.
type scheduleView struct {
	Months  []dueMonth // the oldest first
	Repeats []repeatRow
	Ended   []repeatRow
	MayPost bool
}

type dueMonth struct {
	Month time.Time
	Turns []turnRow
	Ready int // whose day has come
	Sum   money.Amount
}

// Key names the month in an address: 2026-01.
func (m dueMonth) Key() string { return m.Month.Format("2006-01") }

type turnRow struct {
	schedule.Turn
	Ready bool
}

type repeatRow struct {
	schedule.Repeat
	Often string
}

// Schedule shows what is due, and the entries that come again.
func (p *Pages) Schedule(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	v, today := scheduleView{MayPost: can(c, auth.PostEntry)}, community.Day(p.Now())
	due, err := schedule.DueThrough(c.UserContext(), p.DB, community, today)
	if err != nil {
		return err
	}
	for _, t := range due {
		v.take(t, today)
	}
	repeats, err := schedule.ListRepeats(c.UserContext(), p.DB, community.ID)
	for _, r := range repeats {
		row := repeatRow{r, often(c, r)}
		if r.Ended(today) {
			v.Ended = append(v.Ended, row)
		} else {
			v.Repeats = append(v.Repeats, row)
		}
	}
	if err != nil {
		return err
	}
	return page.Render(c, "desk/schedule", v)
}

// take puts a turn under its month.
func (v *scheduleView) take(t schedule.Turn, today time.Time) {
	if len(v.Months) == 0 || !v.Months[len(v.Months)-1].Month.Equal(t.Month) {
		v.Months = append(v.Months, dueMonth{Month: t.Month})
	}
	row := turnRow{t, t.Kind != schedule.Recurring || !t.Date.After(today)}
	m := &v.Months[len(v.Months)-1]
	if m.Turns = append(m.Turns, row); row.Ready {
		m.Ready++
		m.Sum = m.Sum.Add(t.Amount)
	}
}

// often is how often an entry comes, in words.
func often(c *fiber.Ctx, r schedule.Repeat) string {
	reader := page.Of(c)
	return reader.T("schedule.every", "every", reader.T("recurring.months."+strconv.Itoa(r.Every)), "day", r.Day)
}

// RunMonth posts what is due for a month.
func (p *Pages) RunMonth(c *fiber.Ctx) error {
	month, err := monthHere(c)
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	count, detail := 0, map[string]any{}
	err = p.act(c, "schedule.run", "period:"+c.Params("month"), detail, func(tx *sqlx.Tx, who string) error {
		posted, err := schedule.Run(c.UserContext(), tx, community, month, community.Day(p.Now()), who)
		count = len(posted)
		if count > 0 {
			detail["vouchers"] = posted[0].Voucher() + " … " + posted[count-1].Voucher()
		}
		return err
	})
	p.moved(c, 0)
	return done(c, err, schedulePath, "schedule.ran", "count", count, "month", page.Of(c).Lang.Month(month))
}

// turnHere is the plan and the month that the address names.
func turnHere(c *fiber.Ctx) (plan uuid.UUID, month time.Time, err error) {
	if plan, err = uuid.Parse(c.Params("plan")); err != nil {
		return plan, month, page.ErrNotFound
	}
	month, err = monthHere(c)
	return plan, month, err
}

// PostTurn posts one turn.
func (p *Pages) PostTurn(c *fiber.Ctx) error {
	plan, month, err := turnHere(c)
	if err != nil {
		return err
	}
	err = p.post(c, "schedule.post", "plan:"+plan.String(), func(tx *sqlx.Tx, community ledger.Community, who string) (ledger.Posted, error) {
		return schedule.RunOne(c.UserContext(), tx, community, plan, month, community.Day(p.Now()), who)
	})
	return done(c, err, schedulePath, "schedule.posted", "month", page.Of(c).Lang.Month(month))
}

// SkipTurn lets an entry that comes again leave out a month.
func (p *Pages) SkipTurn(c *fiber.Ctx) error {
	plan, month, err := turnHere(c)
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "schedule.skip", "plan:"+plan.String(), map[string]any{"month": c.Params("month")}, func(tx *sqlx.Tx, who string) error {
		return schedule.Skip(c.UserContext(), tx, community, plan, month, who)
	})
	return done(c, err, schedulePath, "schedule.skipped", "month", page.Of(c).Lang.Month(month))
}

// ToSchedule sends whoever reloads the address of one of its forms back to the page.
func (p *Pages) ToSchedule(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(schedulePath), fiber.StatusSeeOther)
}
