package desk

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/web/page"
)

// radioMax is how many campaigns stand side by side as buttons; more fold into a list.
const radioMax = 6

type cashView struct {
	*page.Form
	Campaigns []page.Option
	Few       bool
}

// Cash is the form for a gift in cash, with the cursor in the amount.
func (p *Pages) Cash(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	if before := c.Query("campaign"); before != "" {
		f.Set("campaign", before)
	}
	v, err := p.cashView(c, f)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/cash", v)
}

func (p *Pages) cashView(c *fiber.Ctx, f *page.Form) (v cashView, err error) {
	v.Form = labelled(f, "cash.field", "campaign", "amount", "name", "email")
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	found, err := campaigns.ListCampaigns(c.UserContext(), p.DB, community.ID, campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published}})
	for _, one := range found {
		if one.Open(community.Day(p.Now())) {
			v.Campaigns = append(v.Campaigns, page.Option{
				Value: one.Slug, Label: one.Title(string(page.Of(c).Lang)), Hint: one.Purpose(string(page.Of(c).Lang)),
			})
		}
	}
	if len(v.Campaigns) == 1 && f.Typed("campaign") == "" {
		f.Set("campaign", v.Campaigns[0].Value)
	}
	v.Few = len(v.Campaigns) <= radioMax
	return v, err
}

// EnterCash books a gift in cash and shows its receipt. A second press of the
// same button shows the same receipt, and says so.
func (p *Pages) EnterCash(c *fiber.Ctx) error {
	v, err := p.cashView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	gift := campaigns.Start{
		ID: v.Once("", "campaign", "amount", "name", "email"), Campaign: v.Choice("campaign", page.Values(v.Campaigns)), Amount: v.Amount("amount"),
		Name: v.Text("name", 40, page.Optional), Email: v.Email("email", page.Optional), Lang: string(page.Of(c).Lang), At: p.Now(),
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/cash", v)
	}
	taken, err := p.takeCash(c, gift)
	switch {
	case errors.Is(err, campaigns.ErrBelowMinimum):
		v.Wrong("amount", "cash.wrong.minimum")
	case errors.Is(err, campaigns.ErrAboveMaximum):
		v.Wrong("amount", "cash.wrong.maximum", "max", campaigns.MaxGift.YuanShort())
	case err != nil:
		return err
	case taken.Again:
		return page.Done(c, "/desk/cash/"+taken.Donation.String(), "cash.again")
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/cash", v)
	}
	return page.Done(c, "/desk/cash/"+taken.Donation.String(), "cash.taken", "number", taken.Receipt.Serial())
}

// takeCash books the gift with its line in the audit log.
func (p *Pages) takeCash(c *fiber.Ctx, gift campaigns.Start) (taken campaigns.Received, err error) {
	community, err := p.community(c)
	if err != nil {
		return taken, err
	}
	detail := map[string]any{"campaign": gift.Campaign}
	err = p.act(c, "donation.enter_cash", donationSubject(gift.ID), detail, func(tx *sqlx.Tx, who string) error {
		gift.EnteredBy = who
		taken, err = campaigns.EnterCash(c.UserContext(), tx, community, gift)
		return err
	})
	if err == nil {
		p.moved(c, taken.Campaign)
	}
	return taken, err
}

func donationSubject(id uuid.UUID) string { return "donation:" + id.String() }

type cashDoneView struct {
	campaigns.Donation
	Receipt  receipt.Receipt
	Title    string
	Slug     string
	Link     string // of the receipt, as a phone reads it
	ByLetter bool
}

// CashDone shows the receipt of a gift in cash to whoever stands at the desk.
func (p *Pages) CashDone(c *fiber.Ctx) error {
	id, err := uuid.Parse(c.Params("donation"))
	if err != nil {
		return page.ErrNotFound
	}
	v, err := p.cashDoneView(c.UserContext(), page.Of(c), id)
	if err != nil {
		return err
	}
	v.Link = page.SiteOf(c).URL("/r/" + v.Receipt.Token)
	return page.Render(c, "desk/cash_done", v)
}

func (p *Pages) cashDoneView(ctx context.Context, r *page.Reader, id uuid.UUID) (v cashDoneView, err error) {
	here := r.Community.ID
	if v.Donation, err = campaigns.FindDonation(ctx, p.DB, here, id); err != nil {
		return v, err
	}
	if v.Method != campaigns.CashPayee {
		return v, page.ErrNotFound
	}
	if v.Receipt, err = receipt.Of(ctx, p.DB, here, id); err != nil {
		return v, err
	}
	of, err := campaigns.CampaignAt(ctx, p.DB, here, v.CampaignID)
	if err != nil {
		return v, err
	}
	v.Title, v.Slug = of.Title(string(r.Lang)), of.Slug
	if v.DonorID == nil {
		return v, nil
	}
	donor, err := campaigns.FindDonor(ctx, p.DB, here, *v.DonorID)
	v.ByLetter = donor.Email != ""
	return v, err
}
