package desk

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

func init() {
	page.Meaning(campaigns.ErrCannot, fiber.StatusConflict, "error.quarantine_cannot")
}

type quarantineView struct {
	Open, Done []quarantineRow
	Form       *page.Form
	Chosen     string // the payment whose form is unfolded
	MayResolve bool
	Campaigns  []page.Option
	Currency   string // of the books
}

// quarantineRow is a payment put aside, beside the gift it was meant for.
type quarantineRow struct {
	campaigns.QuarantinedPayment
	Way     string
	Said    string // the reason in words
	Explain string // and what it means
	Gift    *campaigns.Donation
	Who     string
	Can     []page.Option
	Did     string
	Foreign bool
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
	v = quarantineView{Form: labelled(f, "quarantine.field", "note", "action", "campaign", "worth"), Chosen: chosen, MayResolve: can(c, auth.Reconcile)}
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	v.Currency = community.Currency
	found, err := campaigns.ListQuarantine(c.UserContext(), p.DB, community.ID)
	if err != nil {
		return v, err
	}
	name, err := p.named(c)
	if err != nil {
		return v, err
	}
	for _, q := range found {
		row, err := p.quarantineRow(c, q, community, name)
		if err != nil {
			return v, err
		}
		if q.ResolvedAt != nil {
			v.Done = append(v.Done, row)
			continue
		}
		if v.Open = append(v.Open, row); row.Gift != nil && q.ID.String() == chosen && f.Typed("campaign") == "" {
			f.Set("campaign", strconv.Itoa(row.Gift.CampaignID))
		}
	}
	v.Campaigns, err = p.raising(c)
	return v, err
}

func (p *Pages) quarantineRow(c *fiber.Ctx, q campaigns.QuarantinedPayment, community ledger.Community, name func(string) string) (row quarantineRow, err error) {
	row = quarantineRow{
		QuarantinedPayment: q, Way: word(c, "pay", q.Provider), Said: word(c, "quarantine.reason", q.Reason), Who: name(q.ResolvedBy),
		Explain: word(c, "quarantine.means", q.Reason), Can: choices(c, "quarantine.action", q.Actions()...), Foreign: q.Foreign(community),
	}
	if q.Action != "" {
		row.Did = word(c, "quarantine.did", string(q.Action))
	}
	if q.ResolvedAt != nil || q.Donation == nil {
		return row, nil
	}
	gift, err := campaigns.FindDonation(c.UserContext(), p.DB, community.ID, *q.Donation)
	row.Gift = &gift
	return row, err
}

// raising are the campaigns that money can be booked to, ended ones too.
func (p *Pages) raising(c *fiber.Ctx) (options []page.Option, err error) {
	all, err := campaigns.ListCampaigns(c.UserContext(), p.DB, page.Of(c).Community.ID, campaigns.CampaignFilter{
		States: []campaigns.State{campaigns.Published, campaigns.Closed},
	})
	for _, one := range all {
		options = append(options, page.Option{Value: strconv.Itoa(one.ID), Label: one.Title(string(page.Of(c).Lang))})
	}
	return options, err
}

// DecideQuarantine does with a payment put aside what the treasurer says.
func (p *Pages) DecideQuarantine(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.quarantineView(c, f, f.Typed("payment"))
	if err != nil {
		return err
	}
	row, ok := v.open(v.Chosen)
	if !ok {
		return campaigns.ErrState
	}
	by := v.readDecision(row)
	if f.AnyWrong() {
		return page.Again(c, "desk/quarantine", v)
	}
	decided, err := p.decide(c, row.ID, by)
	switch {
	case errors.Is(err, campaigns.ErrQuarantined):
		f.Wrong("campaign", "quarantine.wrong.closed")
		return page.Again(c, "desk/quarantine", v)
	case err != nil:
		return err
	}
	p.moved(c, by.Campaign)
	did := "quarantine.done_" + string(decided.Action)
	return page.Done(c, "/desk/quarantine", did)
}

func (v quarantineView) open(id string) (row quarantineRow, ok bool) {
	for _, row := range v.Open {
		if row.ID.String() == id {
			return row, true
		}
	}
	return row, false
}

// readDecision reads what is to be done with a payment.
func (v quarantineView) readDecision(row quarantineRow) (by campaigns.Decision) {
	by.Action = campaigns.QuarantineAction(v.Form.Choice("action", page.Values(row.Can)))
	if by.Action == campaigns.Booked {
		by.Campaign, _ = strconv.Atoi(v.Form.Choice("campaign", page.Values(v.Campaigns)))
	}
	if row.Foreign && by.Action != campaigns.Noted {
		by.Worth = v.Form.Amount("worth")
	}
	by.Note = v.Form.Text("note", reasonMax)
	return by
}

// decide runs the verb with its line in the audit log.
func (p *Pages) decide(c *fiber.Ctx, id uuid.UUID, by campaigns.Decision) (q campaigns.QuarantinedPayment, err error) {
	community, err := p.community(c)
	if err != nil {
		return q, err
	}
	detail := map[string]any{"action": string(by.Action)}
	err = p.act(c, "quarantine.resolve", "payment:"+id.String(), detail, func(tx *sqlx.Tx, who string) error {
		by.Who, by.At = who, p.Now()
		q, err = campaigns.DecideQuarantine(c.UserContext(), tx, community, id, by)
		return err
	})
	return q, err
}
