package public

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/pledge"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/web/issue"
	"fund/web/page"
)

// readMonthly reads the quiet choice of the donation form: a letter needs an address.
func readMonthly(f *page.Form) {
	if f.Bool("monthly") && f.Typed("email") == "" {
		f.Wrong("email", "monthly.wrong.email")
	}
}

// monthly lets a donation begin a plan, where its donor chose so.
func monthly(f *page.Form, community ledger.Community, at time.Time) func(context.Context, *sqlx.Tx, campaigns.Donation) error {
	if !f.Bool("monthly") {
		return nil
	}
	return pledge.Monthly(community, at)
}

// everyMonth is what a receipt says of giving every month, never more than its
// holder may know: a receipt is shown around.
type everyMonth struct {
	Offer bool // the gift keeps no promise yet, and its campaign goes on
	Day   int  // of the month on which the letters of its plan come; 0 where there is none
}

func (p *Pages) everyMonth(c *fiber.Ctx, f issue.ReceiptFacts) (m everyMonth, err error) {
	if !page.Of(c).Mail || f.Donation.Refunded.Sign() > 0 {
		return m, nil
	}
	here, today := f.Community.ID, f.Community.Day(p.Now())
	keeps, err := pledge.Keeps(c.UserContext(), p.DB, here, f.Donation.ID)
	if err != nil {
		return m, err
	}
	if keeps != uuid.Nil {
		plan, err := pledge.PlanAt(c.UserContext(), p.DB, here, keeps)
		if errors.Is(err, campaigns.ErrNotFound) { // a pledge
			return m, nil
		}
		if plan.Phase(today) == pledge.Running {
			m.Day = plan.Day
		}
		return m, err
	}
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, here, f.Donation.CampaignID)
	m.Offer = err == nil && of.Open(today)
	return m, err
}

type beginView struct {
	campaigns.Donation
	Title string
	Token string // of the receipt
	Day   int
	Begun bool // a promise has this gift already
	Form  *page.Form
}

// MonthlyForm asks the holder of a receipt whether to give as much every month.
func (p *Pages) MonthlyForm(c *fiber.Ctx) error {
	v, _, err := p.beginView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return keepOut(c, page.Render(c, "public/monthly_new", v))
}

func (p *Pages) beginView(c *fiber.Ctx, f *page.Form) (v beginView, community ledger.Community, err error) {
	facts, err := p.facts(c)
	if err != nil {
		return v, community, err
	}
	community = facts.Community
	v = beginView{Donation: facts.Donation, Title: facts.Purpose(page.Of(c).Lang), Token: c.Params("token"), Day: community.Day(p.Now()).Day()}
	v.Form = f.Label("email", "monthly.field.email")
	if facts.Receipt.Series != receipt.Donation {
		return v, community, page.ErrNotFound
	}
	every, err := p.everyMonth(c, facts)
	v.Begun = !every.Offer
	return v, community, err
}

// BeginMonthly makes a plan of the gift that a receipt is of.
func (p *Pages) BeginMonthly(c *fiber.Ctx) error {
	v, community, err := p.beginView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	email := v.Form.Email("email")
	if v.Form.AnyWrong() || v.Begun {
		return page.Again(c, "public/monthly_new", v)
	}
	var plan pledge.Plan
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		donor, err := campaigns.AddDonor(c.UserContext(), tx, community.ID, "", email, lang(c))
		if err != nil {
			return err
		}
		plan, err = pledge.Begin(c.UserContext(), tx, community, v.Donation, donor.ID, p.Now())
		return err
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/monthly/"+plan.Token, "monthly.begun")
}
