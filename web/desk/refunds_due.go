package desk

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/web/auth"
	"fund/web/page"
)

// refundDue is a refund that waits for a hand, or was given.
type refundDue struct {
	campaigns.RefundProgress
	Way   string
	Title string
	Who   string // who gave it back
	Donor string
}

type refundsView struct {
	ByHand, UnderWay, Done []refundDue
	Form                   *page.Form
	Chosen                 string
	MayGive                bool
	Hows                   []page.Option
}

// Refunds lists what has to be given back by hand, what the companies work on,
// and what is done.
func (p *Pages) Refunds(c *fiber.Ctx) error {
	v, err := p.refundsView(c, page.BlankForm(c), c.Query("refund"))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/refunds", v)
}

const refundsDoneMax = 20

func (p *Pages) refundsView(c *fiber.Ctx, f *page.Form, chosen string) (v refundsView, err error) {
	v = refundsView{Form: labelled(f, "handback.field", "how", "reference"), Chosen: chosen, MayGive: can(c, auth.RefundDonation)}
	v.Hows = choices(c, "handback.how", campaigns.ByCash, campaigns.ByTransfer)
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	name, err := p.named(c)
	if err != nil {
		return v, err
	}
	due, err := campaigns.ListRefundsByHand(ctx, p.DB, here)
	if err != nil {
		return v, err
	}
	done, err := campaigns.ListRefundsDone(ctx, p.DB, here, refundsDoneMax)
	for _, r := range append(due, done...) {
		d, err := campaigns.FindDonation(ctx, p.DB, here, r.DonationID)
		if err != nil {
			return v, err
		}
		of, err := campaigns.CampaignAt(ctx, p.DB, here, r.CampaignID)
		if err != nil {
			return v, err
		}
		row := refundDue{r, word(c, "pay", r.Method), of.Title(string(page.Of(c).Lang)), name(r.DoneBy), d.DonorName.String}
		switch {
		case r.State == campaigns.Done:
			v.Done = append(v.Done, row)
		case r.ByHand():
			v.ByHand = append(v.ByHand, row)
		default:
			v.UnderWay = append(v.UnderWay, row)
		}
	}
	return v, err
}

// GiveBack notes that a refund was handed over or sent.
func (p *Pages) GiveBack(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.refundsView(c, f, f.Typed("refund"))
	if err != nil {
		return err
	}
	id, err := uuid.Parse(v.Chosen)
	if err != nil {
		return page.ErrNotFound
	}
	how, reference := f.Choice("how", page.Values(v.Hows)), f.Text("reference", 60, page.Optional)
	if how == campaigns.ByTransfer && reference == "" {
		f.Wrong("reference", "handback.wrong.reference")
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/refunds", v)
	}
	err = p.act(c, "donation.give_back", "refund:"+id.String(), map[string]any{"how": how}, func(tx *sqlx.Tx, who string) error {
		return campaigns.GiveBackByHand(c.UserContext(), tx, page.Of(c).Community.ID, id, how, reference, who, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/refunds", "handback.done")
}
