package desk

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

func init() {
	page.Meaning(giver.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(giver.ErrAnswered, fiber.StatusConflict, "error.answered")
}

const (
	requestsPath = "/desk/refund-requests"
	requestsMax  = 200
)

// requestRow is a giver's request with the gift it is about.
type requestRow struct {
	giver.Request
	Gift giver.Gift
	Who  string // answered it
}

type requestsView struct {
	Waiting   []requestRow
	Answered  []requestRow
	MayAnswer bool
	Form      *page.Form
	Chosen    string // the request whose answer has to be mended
}

// RefundRequests lists what givers want back, and what they were answered.
func (p *Pages) RefundRequests(c *fiber.Ctx) error {
	v, err := p.requestsView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/refund_requests", v)
}

func (p *Pages) requestsView(c *fiber.Ctx, f *page.Form) (v requestsView, err error) {
	v = requestsView{Form: labelled(f, "ask.field", "answer"), Chosen: c.Params("request"), MayAnswer: can(c, auth.RefundDonation)}
	name, err := p.named(c)
	if err != nil {
		return v, err
	}
	here := page.Of(c).Community.ID
	found, err := giver.Requests(c.UserContext(), p.DB, here, requestsMax)
	if err != nil {
		return v, err
	}
	for _, r := range found {
		gift, err := giver.GiftAt(c.UserContext(), p.DB, here, r.Donation)
		if err != nil {
			return v, err
		}
		row := requestRow{r, gift, name(r.AnsweredBy)}
		if r.State == giver.Asked {
			v.Waiting = append(v.Waiting, row)
		} else {
			v.Answered = append(v.Answered, row)
		}
	}
	return v, nil
}

// AnswerRequest approves a request, which gives the money back at once, or declines it with a reason.
func (p *Pages) AnswerRequest(c *fiber.Ctx) error {
	id, err := uuid.Parse(c.Params("request"))
	if err != nil {
		return page.ErrNotFound
	}
	v, err := p.requestsView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if v.Form.Typed("press") == "approve" {
		return p.approve(c, v, id)
	}
	why := v.Form.Text("answer", reasonMax)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/refund_requests", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "donation.decline_refund", "refund_request:"+id.String(), nil, func(tx *sqlx.Tx, who string) error {
		_, err := giver.Decline(c.UserContext(), tx, community, id, why, who, p.Now())
		return err
	})
	if err != nil {
		return err
	}
	return page.Done(c, requestsPath, "ask.declined")
}

func (p *Pages) approve(c *fiber.Ctx, v requestsView, id uuid.UUID) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	var refund campaigns.Refund
	err = p.act(c, "donation.refund", "refund_request:"+id.String(), map[string]any{"refund": id.String()}, func(tx *sqlx.Tx, who string) (err error) {
		_, refund, err = giver.Approve(c.UserContext(), tx, community, id, who, p.Now())
		return err
	})
	switch {
	case errors.Is(err, ledger.ErrFundOverspent):
		p.overspent(c, v, id)
		return page.Again(c, "desk/refund_requests", v)
	case err != nil:
		return err
	}
	for _, row := range v.Waiting {
		if row.ID == id {
			p.moved(c, row.Gift.CampaignID)
		}
	}
	return page.Done(c, requestsPath, "ask.approved", "amount", refund.Amount.Yuan())
}

// overspent says what the fund still has.
func (p *Pages) overspent(c *fiber.Ctx, v requestsView, id uuid.UUID) {
	funds, _ := ledger.ListFunds(c.UserContext(), p.DB, page.Of(c).Community.ID) // without them it still says what is wrong
	for _, row := range v.Waiting {
		if fund := fundOf(funds, row.Gift.FundID); row.ID == id {
			v.Form.Wrong("answer", "ask.overspent", "fund", fund.Name(string(page.Of(c).Lang)), "held", fund.NetAssets.Yuan())
		}
	}
}

// ToRequests sends whoever reloads the address of an answer back to the list.
func (p *Pages) ToRequests(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(requestsPath), fiber.StatusSeeOther)
}
