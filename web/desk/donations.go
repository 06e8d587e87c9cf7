package desk

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

const donationsPage = 50

var donationStates = []campaigns.DonationState{campaigns.Paid, campaigns.Pending, campaigns.Quarantined, campaigns.Failed}

// donationRow is a donation as the staff's list shows it.
type donationRow struct {
	campaigns.Donation
	Day      time.Time // of the community's calendar
	Campaign string
	Way      string
	Receipt  string
}

// Standing is what the badge says: how a paid gift stands depends on what was given back.
func (r donationRow) Standing() string { return donationStanding(r.Donation) }

func donationStanding(d campaigns.Donation) string {
	switch {
	case d.State == campaigns.Paid && d.Left().IsZero():
		return "refunded"
	case d.State == campaigns.Paid && d.Refunded.Sign() > 0:
		return "part"
	}
	return string(d.State)
}

type donationsView struct {
	*page.Form
	Rows      []donationRow
	Campaigns []page.Option
	Ways      []page.Option
	States    []page.Option
	Older     string // the address of the next page, or nothing
	Narrowed  bool
}

// Donations lists gifts in every state, the latest first.
func (p *Pages) Donations(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	all, err := campaigns.ListCampaigns(c.UserContext(), p.DB, community.ID, campaigns.CampaignFilter{})
	if err != nil {
		return err
	}
	v := p.donationsForm(c, all)
	filter := v.filter(community, all)
	filter.Before, _ = uuid.Parse(c.Query("before")) // what is no id is the first page
	found, err := campaigns.FindDonations(c.UserContext(), p.DB, community.ID, filter, donationsPage+1)
	if err != nil {
		return err
	}
	if len(found) > donationsPage {
		found = found[:donationsPage]
		v.Older = older(c, found[donationsPage-1].ID)
	}
	if v.Rows, err = p.donationRows(c, all, found); err != nil {
		return err
	}
	return page.Render(c, "desk/donations", v)
}

// donationsForm is the filter with what the address says.
func (p *Pages) donationsForm(c *fiber.Ctx, all []campaigns.Campaign) (v donationsView) {
	any := page.Option{Label: page.Of(c).T("gift.any")}
	v.Form = labelled(page.BlankForm(c), "gift.field", "campaign", "way", "state", "from", "to")
	for _, name := range []string{"campaign", "way", "state", "from", "to"} {
		if value := c.Query(name); value != "" {
			v.Set(name, value)
			v.Narrowed = true
		}
	}
	v.Campaigns = []page.Option{any}
	for _, one := range all {
		v.Campaigns = append(v.Campaigns, page.Option{Value: one.Slug, Label: one.Title(string(page.Of(c).Lang))})
	}
	v.Ways = append([]page.Option{any}, choices(c, "pay", p.Providers.Names()...)...)
	v.States = append([]page.Option{any}, choices(c, "gift.state", donationStates...)...)
	return v
}

// filter reads the form; what cannot be read is marked and does not narrow.
func (v donationsView) filter(community ledger.Community, all []campaigns.Campaign) campaigns.DonationFilter {
	zone, err := time.LoadLocation(community.Timezone)
	if err != nil {
		zone = time.UTC
	}
	f := campaigns.DonationFilter{
		Method: v.Choice("way", page.Values(v.Ways), page.Optional), State: campaigns.DonationState(v.Choice("state", page.Values(v.States), page.Optional)),
	}
	slug := v.Choice("campaign", page.Values(v.Campaigns), page.Optional)
	for _, one := range all {
		if one.Slug == slug {
			f.Campaign = one.ID
		}
	}
	if from := v.Date("from", page.Optional); !from.IsZero() {
		f.From = midnight(from, zone)
	}
	if to := v.Date("to", page.Optional); !to.IsZero() {
		f.To = midnight(to.AddDate(0, 0, 1), zone)
	}
	return f
}

// older is the address of the page behind a donation.
func older(c *fiber.Ctx, last uuid.UUID) string {
	query := url.Values{}
	for name, value := range c.Queries() {
		query.Set(name, value)
	}
	query.Set("before", last.String())
	return "?" + query.Encode()
}

// midnight is when a day of the books begins on the community's clock.
func midnight(day time.Time, zone *time.Location) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// donationRows puts campaigns' and receipts' names to donations.
func (p *Pages) donationRows(c *fiber.Ctx, all []campaigns.Campaign, found []campaigns.Donation) (rows []donationRow, err error) {
	titles, serials, ids := map[int]string{}, map[uuid.UUID]string{}, make([]uuid.UUID, len(found))
	for _, one := range all {
		titles[one.ID] = one.Title(string(page.Of(c).Lang))
	}
	for i, d := range found {
		ids[i] = d.ID
	}
	issued, err := receipt.OfAll(c.UserContext(), p.DB, page.Of(c).Community.ID, ids)
	for _, r := range issued {
		serials[r.Subject] = r.Serial()
	}
	for _, d := range found {
		rows = append(rows, donationRow{d, page.Of(c).Local(d.CreatedAt), titles[d.CampaignID], word(c, "pay", d.Method), serials[d.ID]})
	}
	return rows, err
}

type donationView struct {
	donationRow
	Donor     campaigns.Donor
	EnteredBy string
	Issued    *receipt.Receipt
	Entry     *ledger.JournalEntry
	Refunds   []refundRow
	Matches   []addition
	LineName  string // of the budget, where it is for one
	Fund      ledger.Fund
	Form      *page.Form
	MayRefund bool
	Shares    []page.Option
	Asking    *money.Amount // the refund that waits for a second press
	Rest      money.Amount  // what would be left after it
}

// Donation shows one gift: where it came from, what it is in the books, and what went back.
func (p *Pages) Donation(c *fiber.Ctx) error {
	v, err := p.donationView(c, page.BlankForm(c).Set("share", "all"))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/donation", v)
}

func (p *Pages) donationView(c *fiber.Ctx, f *page.Form) (v donationView, err error) {
	id, err := uuid.Parse(c.Params("donation"))
	if err != nil {
		return v, page.ErrNotFound
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	if v.Donation, err = campaigns.FindDonation(ctx, p.DB, here, id); err != nil {
		return v, err
	}
	of, err := campaigns.CampaignAt(ctx, p.DB, here, v.CampaignID)
	if err != nil {
		return v, err
	}
	funds, err := ledger.ListFunds(ctx, p.DB, here)
	if err != nil {
		return v, err
	}
	v.Fund, v.Campaign, v.Way = fundOf(funds, of.FundID), of.Title(string(page.Of(c).Lang)), word(c, "pay", v.Method)
	for _, b := range of.Budget {
		if v.Line != nil && b.Line == *v.Line {
			v.LineName = b.Name(string(page.Of(c).Lang))
		}
	}
	if v.DonorID != nil {
		if v.Donor, err = campaigns.FindDonor(ctx, p.DB, here, *v.DonorID); err != nil {
			return v, err
		}
	}
	v.Form, v.Shares = labelled(f, "refund.field", "share", "refund", "reason"), choices(c, "refund.share", "all", "part")
	v.MayRefund = can(c, auth.RefundDonation) && v.State == campaigns.Paid && !v.Left().IsZero()
	return v, p.follow(c, &v)
}

// follow finds what a gift left behind: its receipt, its entry and its refunds.
func (p *Pages) follow(c *fiber.Ctx, v *donationView) error {
	name, err := p.named(c)
	if err != nil {
		return err
	}
	v.EnteredBy = name(v.Donation.EnteredBy)
	if v.EntrySeq == nil {
		return nil
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	issued, err := receipt.Of(ctx, p.DB, here, v.ID)
	if err != nil {
		return err
	}
	entry, err := ledger.EntryAt(ctx, p.DB, here, *v.EntrySeq)
	if err != nil {
		return err
	}
	v.Issued, v.Entry, v.donationRow.Receipt = &issued, &entry, issued.Serial()
	if v.Matches, err = p.additionsTo(c, v.ID); err != nil {
		return err
	}
	v.Refunds, err = p.refundRows(c, v.ID, name)
	return err
}
