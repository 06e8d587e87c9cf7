package public

import (
	"errors"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/pledge"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
)

type planView struct {
	pledge.Plan
	Title   string // of the campaign that takes this month's gift
	Phase   pledge.Phase
	Month   time.Time // whose gift is asked for, while Ask
	Ask     bool      // the one button is there
	Pending *pledge.MonthGift
	Waits   string // the address of the pending gift
	Next    time.Time
	Months  []planMonth
	Form    *page.Form
	Ways    []page.Option
	Days    []page.Option // of a month
	Until   []page.Option // days at which a pause may end
	Open    string        // the part of the page that has something to mend
}

// planMonth is a line of the list of past months.
type planMonth struct {
	Month  time.Time
	Amount money.Amount // zero for a month without a gift
	Path   string       // of the receipt
}

// ownPlan is the plan whose token the address has.
func (p *Pages) ownPlan(c *fiber.Ctx) (pledge.Plan, error) {
	secret(c)
	return pledge.PlanByToken(c.UserContext(), p.DB, here(c), c.Params("token"))
}

// Monthly is the giver's own page of a plan: this month's button, pause, change, stop.
func (p *Pages) Monthly(c *fiber.Ctx) error {
	found, err := p.ownPlan(c)
	if err != nil {
		return err
	}
	v, err := p.planView(c, found, page.BlankForm(c).Set("amount", found.Amount.String()).Set("day", strconv.Itoa(found.Day)))
	if err != nil {
		return err
	}
	return page.Render(c, "public/monthly", v)
}

func (p *Pages) planView(c *fiber.Ctx, found pledge.Plan, f *page.Form) (v planView, err error) {
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	today := community.Day(p.Now())
	history, err := found.History(c.UserContext(), p.DB)
	if err != nil {
		return v, err
	}
	v = planView{Plan: found, Title: found.Title(lang(c)), Phase: found.Phase(today), Form: f, Ways: p.ways(c)}
	f.Label("amount", "monthly.field.amount").Label("day", "monthly.field.day").Label("until", "monthly.field.until").
		Label("own", "monthly.field.own").Label("pay", "give.field.pay")
	v.Days, v.Until = monthDays(c), pauses(c, today)
	if err = p.turn(c, &v, history, today); err != nil {
		return v, err
	}
	v.Months, err = p.planMonths(c, found, history, today)
	return v, err
}

// turn finds what the page asks for today.
func (p *Pages) turn(c *fiber.Ctx, v *planView, history []pledge.MonthGift, today time.Time) error {
	usual, asks := "", false
	v.Month, asks = v.Asks(history, today)
	v.Next = v.NextLetter(history, today)
	for _, g := range history {
		if usual == "" || g.State == campaigns.Paid {
			usual = g.Method
		}
		if g.State == campaigns.Pending && g.Month.Equal(v.Month) && v.Pending == nil && p.Now().Sub(g.CreatedAt) < campaigns.PaymentWait {
			v.Pending, v.Waits = &g, p.giftURL(c, g.DonationID)
		}
	}
	for _, way := range v.Ways {
		if v.Form.Typed("pay") == "" && (way.Value == usual || !has(v.Ways, usual)) {
			v.Form.Set("pay", way.Value)
		}
	}
	to, err := v.Takes(c.UserContext(), p.DB, today)
	if err != nil && !errors.Is(err, campaigns.ErrNotOpen) {
		return err
	}
	if err == nil {
		v.Title = to.Title(lang(c))
	}
	v.Ask = err == nil && asks && v.Phase == pledge.Running && len(v.Ways) > 0
	return nil
}

const planMonthsMax = 24

// planMonths lists the months so far, the latest first, those without a gift too.
func (p *Pages) planMonths(c *fiber.Ctx, found pledge.Plan, history []pledge.MonthGift, today time.Time) (months []planMonth, err error) {
	last, _ := found.Turn(today)
	if found.StoppedAt != nil {
		community, err := p.community(c)
		if err != nil {
			return nil, err
		}
		last, _ = found.Turn(community.Day(*found.StoppedAt))
	}
	for _, g := range history {
		if g.State == campaigns.Paid && g.Month.After(last) {
			last = g.Month
		}
	}
	for month := last; !month.Before(ledger.MonthOf(found.MadeOn)) && len(months) < planMonthsMax; month = month.AddDate(0, -1, 0) {
		line := planMonth{Month: month}
		for _, g := range history {
			if g.State != campaigns.Paid || !g.Month.Equal(month) {
				continue
			}
			issued, err := receipt.Of(c.UserContext(), p.DB, here(c), g.DonationID)
			if err != nil {
				return nil, err
			}
			line.Amount, line.Path = line.Amount.Add(g.Amount), "/r/"+issued.Token
		}
		if len(months) > 0 || line.Path != "" { // the latest may still come
			months = append(months, line)
		}
	}
	return months, nil
}

// monthDays are the days of a month to choose from.
func monthDays(c *fiber.Ctx) (days []page.Option) {
	for day := 1; day <= 31; day++ {
		days = append(days, page.Option{Value: strconv.Itoa(day), Label: page.Of(c).T("monthly.on_day", "day", day)})
	}
	return days
}

// pauses are the days at which a pause usually ends.
func pauses(c *fiber.Ctx, today time.Time) (days []page.Option) {
	for _, months := range []int{1, 3, 6} {
		day := today.AddDate(0, months, 0)
		days = append(days, page.Option{
			Value: day.Format(time.DateOnly), Label: page.Of(c).T("monthly.months", "count", months), Hint: page.Of(c).T("monthly.until", "day", page.Of(c).Lang.Date(day)),
		})
	}
	return append(days, page.Option{Value: ownDay, Label: page.Of(c).T("pledge.by.own")})
}

// GiveMonth is the one button: it starts this month's donation, and sends its giver to pay.
func (p *Pages) GiveMonth(c *fiber.Ctx) error {
	found, err := p.ownPlan(c)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	v, err := p.planView(c, found, f)
	if err != nil {
		return err
	}
	if !v.Ask { // paid since, or stopped: the page says which
		return p.ToMonthly(c)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	to, err := found.Takes(c.UserContext(), p.DB, community.Day(p.Now()))
	if err != nil {
		return err
	}
	start := found.Gift(to, v.Month, p.Now())
	start.ID, start.Method, start.Lang = f.Once(found.ID.String(), "pay"), p.readWay(c, f), lang(c)
	if f.AnyWrong() {
		return p.ToMonthly(c)
	}
	return p.keep(c, start)
}

// PauseMonthly lets a plan rest until a day.
func (p *Pages) PauseMonthly(c *fiber.Ctx) error {
	return p.changePlan(c, "pause", func(tx *sqlx.Tx, v planView, today time.Time) (string, error) {
		until := readDay(v.Form, "until", v.Until)
		if v.Form.AnyWrong() {
			return "", nil
		}
		err := pledge.Pause(c.UserContext(), tx, v.Plan, until, today)
		if errors.Is(err, pledge.ErrPause) {
			v.Form.Wrong(ownDay, "monthly.wrong.until")
			return "", nil
		}
		return "monthly.paused", err
	})
}

// ResumeMonthly ends a pause.
func (p *Pages) ResumeMonthly(c *fiber.Ctx) error {
	return p.changePlan(c, "", func(tx *sqlx.Tx, v planView, _ time.Time) (string, error) {
		return "monthly.resumed", pledge.Resume(c.UserContext(), tx, v.Plan)
	})
}

// ChangeMonthly gives a plan another amount or day.
func (p *Pages) ChangeMonthly(c *fiber.Ctx) error {
	return p.changePlan(c, "change", func(tx *sqlx.Tx, v planView, _ time.Time) (string, error) {
		amount, day := v.Form.Amount("amount"), v.Form.Int("day", 1, 31)
		if v.Form.AnyWrong() {
			return "", nil
		}
		err := pledge.Change(c.UserContext(), tx, v.Plan, amount, day)
		if errors.Is(err, campaigns.ErrBelowMinimum) || errors.Is(err, campaigns.ErrAboveMaximum) {
			v.Form.Wrong("amount", "pledge.wrong.amount", "max", campaigns.MaxGift.YuanShort())
			return "", nil
		}
		return "monthly.changed", err
	})
}

// StopMonthly ends a plan.
func (p *Pages) StopMonthly(c *fiber.Ctx) error {
	return p.changePlan(c, "", func(tx *sqlx.Tx, v planView, _ time.Time) (string, error) {
		return "monthly.stopped", pledge.Stop(c.UserContext(), tx, v.Plan, "", p.Now())
	})
}

// changePlan does what a part of the plan's page asks for: the verb says what was
// done, or marks what has to be mended in that part.
func (p *Pages) changePlan(c *fiber.Ctx, part string, verb func(tx *sqlx.Tx, v planView, today time.Time) (done string, err error)) error {
	found, err := p.ownPlan(c)
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	v, err := p.planView(c, found, page.ReadForm(c))
	if err != nil {
		return err
	}
	var done string
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		done, err = verb(tx, v, community.Day(p.Now()))
		return err
	})
	switch {
	case err != nil:
		return err
	case v.Form.AnyWrong():
		v.Open = part
		return page.Again(c, "public/monthly", v)
	}
	return page.Done(c, "/monthly/"+found.Token, done)
}

// Unsubscribe stops a plan at one press in a mail program (RFC 8058), which has
// no cookie and no form token; the address is the key.
func (p *Pages) Unsubscribe(c *fiber.Ctx) error {
	found, err := p.ownPlan(c)
	if err != nil {
		return err
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error { return pledge.Stop(c.UserContext(), tx, found, "", p.Now()) })
	if err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// ToMonthly sends whoever reloads a page that came of a POST to the plan.
func (p *Pages) ToMonthly(c *fiber.Ctx) error {
	found, err := p.ownPlan(c)
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL("/monthly/"+found.Token), fiber.StatusSeeOther)
}
