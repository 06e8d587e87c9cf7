package desk

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/web/auth"
	"fund/web/page"
)

// awaitedRow is a gift that was promised by transfer or for the desk.
type awaitedRow struct {
	campaigns.Awaited
	Title string
	Way   string
	Mine  bool // may be taken by whoever reads
}

type awaitedView struct {
	*page.Form
	Rows     []awaitedRow
	Found    *awaitedRow // whose money is being entered
	Transfer bool        // transfers may be taken
}

// Awaited lists the gifts whose money is still to come, and takes what came by
// its reference.
func (p *Pages) Awaited(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	if typed := c.Query("reference"); typed != "" {
		f.Set("reference", typed)
	}
	v, err := p.awaitedView(c, f)
	if err != nil {
		return err
	}
	if err := p.find(c, &v); err != nil {
		return err
	}
	if v.Found != nil {
		f.Set("amount", v.Found.Amount.String())
	}
	return page.Render(c, "desk/awaited", v)
}

func (p *Pages) awaitedView(c *fiber.Ctx, f *page.Form) (v awaitedView, err error) {
	v = awaitedView{Form: labelled(f, "awaited.field", "reference", "amount", "bank"), Transfer: can(c, auth.Reconcile)}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	all, err := campaigns.ListCampaigns(ctx, p.DB, here, campaigns.CampaignFilter{})
	if err != nil {
		return v, err
	}
	titles := map[int]string{}
	for _, one := range all {
		titles[one.ID] = one.Title(string(page.Of(c).Lang))
	}
	found, err := campaigns.ListAwaited(ctx, p.DB, here, "transfer", campaigns.CashPayee)
	for _, a := range found {
		v.Rows = append(v.Rows, awaitedRow{a, titles[a.CampaignID], word(c, "pay", a.Method), v.Transfer || a.Method == campaigns.CashPayee})
	}
	return v, err
}

// find looks the typed reference up, and says what to mend. A gift that was given up after a month is found too: its money
// may still come.
func (p *Pages) find(c *fiber.Ctx, v *awaitedView) error {
	reference, right := payment.ParseTransferReference(v.Typed("reference"))
	if !right {
		if v.Typed("reference") != "" {
			v.Wrong("reference", "awaited.wrong.check")
		}
		return nil
	}
	v.Set("reference", reference)
	a, err := campaigns.FindAwaited(c.UserContext(), p.DB, page.Of(c).Community.ID, reference)
	switch {
	case errors.Is(err, campaigns.ErrNotFound):
		v.Wrong("reference", "awaited.wrong.unknown")
		return nil
	case err != nil:
		return err
	case a.State == campaigns.Paid:
		v.Wrong("reference", "awaited.wrong.paid")
		return nil
	case a.Method != campaigns.CashPayee && !v.Transfer:
		v.Wrong("reference", "awaited.wrong.treasurer")
		return nil
	}
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, page.Of(c).Community.ID, a.CampaignID)
	v.Found = &awaitedRow{a, of.Title(string(page.Of(c).Lang)), word(c, "pay", a.Method), true}
	return err
}

// TakeAwaited books an awaited gift whose money has come.
func (p *Pages) TakeAwaited(c *fiber.Ctx) error {
	v, err := p.awaitedView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	v.Text("reference", 40)
	if err := p.find(c, &v); err != nil {
		return err
	}
	a := campaigns.Arrival{Amount: v.Amount("amount"), Reference: oneWord(v.Text("bank", 60, page.Optional)), At: p.Now()}
	if v.AnyWrong() {
		return page.Again(c, "desk/awaited", v)
	}
	a.Donation = v.Found.ID
	received, aside, err := p.arrive(c, a)
	switch {
	case err != nil:
		return err
	case aside:
		to := "/desk/quarantine"
		if !can(c, auth.ReadBooks) {
			to = "/desk/awaited"
		}
		return page.Done(c, to, "awaited.aside", "amount", a.Amount.Yuan(), "meant", v.Found.Amount.Yuan())
	}
	p.moved(c, received.Campaign)
	return page.Done(c, "/desk/awaited", "awaited.taken", "amount", a.Amount.Yuan(), "number", received.Receipt.Serial())
}

// arrive runs the verb with its line in the audit log.
func (p *Pages) arrive(c *fiber.Ctx, a campaigns.Arrival) (r campaigns.Received, aside bool, err error) {
	community, err := p.community(c)
	if err != nil {
		return r, false, err
	}
	err = p.act(c, "donation.arrive", donationSubject(a.Donation), nil, func(tx *sqlx.Tx, who string) error {
		a.Who = who
		r, aside, err = campaigns.Arrive(c.UserContext(), tx, community, a)
		return err
	})
	return r, aside, err
}

// oneWord keeps a bank's number as the books can hold it.
func oneWord(s string) string {
	var word []rune
	for _, r := range s {
		if r > ' ' && r < 0x7f {
			word = append(word, r)
		}
	}
	if len(word) == 0 {
		return ""
	}
	return "bank:" + string(word)
}
