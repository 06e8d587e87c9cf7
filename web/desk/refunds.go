package desk

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
)

const reasonMax = 200

// refundRow is a refund with the number of its voucher and who made it.
type refundRow struct {
	campaigns.Refund
	Voucher string
	Who     string
}

func (p *Pages) refundRows(c *fiber.Ctx, donation uuid.UUID, name func(string) string) (rows []refundRow, err error) {
	here := page.Of(c).Community.ID
	found, err := campaigns.ListRefunds(c.UserContext(), p.DB, here, donation)
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		entry, err := ledger.EntryAt(c.UserContext(), p.DB, here, r.EntrySeq)
		if err != nil {
			return nil, err
		}
		rows = append(rows, refundRow{r, entry.Voucher(), name(r.RefundedBy)})
	}
	return rows, nil
}

// RefundDonation gives some or all of a gift back. The first press asks once
// more, with figures; the second does it.
func (p *Pages) RefundDonation(c *fiber.Ctx) error {
	v, err := p.donationView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if v.State != campaigns.Paid {
		return campaigns.ErrNotPaid
	}
	id := v.Form.Once("", "share", "refund", "reason")
	for _, r := range v.Refunds {
		if r.ID == id { // the button was pressed twice
			return p.refunded(c, r.Refund)
		}
	}
	amount, reason := v.readRefund()
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/donation", v)
	}
	if v.Form.Typed("confirmed") == "" {
		v.Asking, v.Rest = &amount, v.Left().Sub(amount)
		return page.Render(c, "desk/donation", v)
	}
	made, err := p.giveBack(c, v.Donation, id, amount, reason)
	switch {
	case errors.Is(err, ledger.ErrFundOverspent):
		v.Form.Wrong(v.refundField(), "refund.wrong.spent", "fund", v.Fund.Name(string(page.Of(c).Lang)), "held", v.Fund.NetAssets.Yuan())
		return page.Again(c, "desk/donation", v)
	case err != nil:
		return err
	}
	return p.refunded(c, made)
}

// refunded leads back to the gift and says what went back.
func (p *Pages) refunded(c *fiber.Ctx, r campaigns.Refund) error {
	return page.Done(c, "/desk/donations/"+r.DonationID.String(), "refund.done", "amount", r.Amount.Yuan())
}

// refundField is where the refund's amount was given.
func (v donationView) refundField() string {
	if v.Form.Typed("share") == "part" {
		return "refund"
	}
	return "share"
}

// readRefund reads how much goes back and why.
func (v donationView) readRefund() (amount money.Amount, reason string) {
	amount = v.Left()
	if v.Form.Choice("share", page.Values(v.Shares)) == "part" {
		amount = v.Form.Amount("refund")
	}
	switch {
	case v.Left().IsZero():
		v.Form.Wrong("share", "refund.wrong.nothing_left", "amount", v.Amount.Yuan())
	case v.Left().Less(amount):
		v.Form.Wrong("refund", "refund.wrong.large", "given", v.Amount.Yuan(), "refunded", v.Refunded.Yuan(), "left", v.Left().Yuan())
	}
	return amount, v.Form.Text("reason", reasonMax)
}

// giveBack books the refund with its line in the audit log.
func (p *Pages) giveBack(c *fiber.Ctx, d campaigns.Donation, id uuid.UUID, amount money.Amount, reason string) (r campaigns.Refund, err error) {
	community, err := p.community(c)
	if err != nil {
		return r, err
	}
	detail := map[string]any{"refund": id.String()}
	err = p.act(c, "donation.refund", donationSubject(d.ID), detail, func(tx *sqlx.Tx, who string) error {
		r, err = campaigns.RefundDonation(c.UserContext(), tx, community, d.ID, id, amount, reason, who, p.Now())
		return err
	})
	if err == nil {
		p.moved(c, d.CampaignID)
	}
	return r, err
}
