package desk

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/web/auth"
	"fund/web/page"
)

type quarantineView struct {
	Open, Done []quarantineRow
	Form       *page.Form
	Chosen     string // the payment whose form is unfolded
	MayResolve bool
}

// quarantineRow is a payment put aside, beside the gift it was meant for.
type quarantineRow struct {
	campaigns.QuarantinedPayment
	Way    string
	Reason string
	Gift   *campaigns.Donation
	Who    string
}

// Quarantine lists the payments that fit no gift.
func (p *Pages) Quarantine(c *fiber.Ctx) error {
	v, err := p.quarantineView(c, page.BlankForm(c), c.Query("payment"))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/quarantine", v)
}

func (p *Pages) quarantineView(c *fiber.Ctx, f *page.Form, chosen string) (v quarantineView, err error) {
	v = quarantineView{Form: labelled(f, "quarantine.field", "note"), Chosen: chosen, MayResolve: can(c, auth.Reconcile)}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	found, err := campaigns.ListQuarantine(ctx, p.DB, here)
	if err != nil {
		return v, err
	}
	name, err := p.named(c)
	if err != nil {
		return v, err
	}
	for _, q := range found {
		row := quarantineRow{QuarantinedPayment: q, Way: word(c, "pay", q.Provider), Reason: word(c, "quarantine.reason", q.Reason), Who: name(q.ResolvedBy)}
		if q.ResolvedAt != nil {
			v.Done = append(v.Done, row)
			continue
		}
		if q.Donation != nil {
			gift, err := campaigns.FindDonation(ctx, p.DB, here, *q.Donation)
			if err != nil {
				return v, err
			}
			row.Gift = &gift
		}
		v.Open = append(v.Open, row)
	}
	return v, nil
}

// ResolveQuarantine notes what the treasurer did about a payment put aside.
func (p *Pages) ResolveQuarantine(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.quarantineView(c, f, f.Typed("payment"))
	if err != nil {
		return err
	}
	id, err := uuid.Parse(v.Chosen)
	if err != nil {
		return page.ErrNotFound
	}
	note := f.Text("note", reasonMax)
	if f.AnyWrong() {
		return page.Again(c, "desk/quarantine", v)
	}
	err = p.act(c, "quarantine.resolve", "payment:"+id.String(), nil, func(tx *sqlx.Tx, who string) error {
		return campaigns.ResolveQuarantine(c.UserContext(), tx, page.Of(c).Community.ID, id, who, note, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/quarantine", "quarantine.resolved")
}
