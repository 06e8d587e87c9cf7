package desk

import (
	"html/template"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/i18n"
	"fund/web/page"
	"fund/web/picture"
)

// campaignCard is a campaign with what its figures look like today.
type campaignCard struct {
	campaigns.Campaign
	Title      string
	Theme      string
	Restricted bool // 专款
	Standing   string
	DaysLeft   int
	Share      string
	Bar        template.HTML
}

// The standings of a campaign, as a badge says them.
const (
	standsDraft = "draft"
	standsSoon  = "soon"
	standsOpen  = "open"
	standsOver  = "over"   // its last day has passed, nobody has closed it
	standsShut  = "closed" // closed by hand
)

func standing(of campaigns.Campaign, today time.Time) string {
	switch {
	case of.State == campaigns.Draft:
		return standsDraft
	case of.State == campaigns.Closed:
		return standsShut
	case today.Before(of.StartsOn):
		return standsSoon
	case of.Open(today):
		return standsOpen
	}
	return standsOver
}

func newCampaignCard(c *fiber.Ctx, of campaigns.Campaign, today time.Time, restricted bool) campaignCard {
	lang := page.Of(c).Lang
	v := campaignCard{
		Campaign: of, Title: of.Title(string(lang)), Restricted: restricted, Standing: standing(of, today), DaysLeft: of.DaysLeft(today),
		Share: i18n.Percent(of.Raised.PerMille(of.Goal)),
	}
	if of.Theme != "" {
		v.Theme = word(c, "theme", of.Theme)
	}
	bar := picture.Progress{Title: lang.T("give.share", "share", v.Share), Raised: of.Raised, Goal: of.Goal, Held: restricted}.Picture()
	bar.Class = "bar thin"
	v.Bar = bar.SVG()
	return v
}

type campaignsView struct {
	Groups []campaignGroup
	MayAdd bool
}

type campaignGroup struct {
	Key   string // of its heading
	Cards []campaignCard
}

// Campaigns lists the campaigns by state, the ones under way first.
func (p *Pages) Campaigns(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	found, err := campaigns.ListCampaigns(c.UserContext(), p.DB, community.ID, campaigns.CampaignFilter{})
	if err != nil {
		return err
	}
	funds, err := ledger.ListFunds(c.UserContext(), p.DB, community.ID)
	if err != nil {
		return err
	}
	byState, today := map[campaigns.State][]campaignCard{}, community.Day(p.Now())
	for _, one := range found {
		byState[one.State] = append(byState[one.State], newCampaignCard(c, one, today, fundOf(funds, one.FundID).Restricted))
	}
	v := campaignsView{MayAdd: can(c, auth.ManageCampaign)}
	for _, state := range []campaigns.State{campaigns.Published, campaigns.Draft, campaigns.Closed} {
		if cards := byState[state]; len(cards) > 0 {
			v.Groups = append(v.Groups, campaignGroup{"raise.group." + string(state), cards})
		}
	}
	return page.Render(c, "desk/campaigns", v)
}

func fundOf(funds []ledger.Fund, id int) (f ledger.Fund) {
	if i := slices.IndexFunc(funds, func(f ledger.Fund) bool { return f.ID == id }); i >= 0 {
		f = funds[i]
	}
	return f
}

type campaignView struct {
	campaignCard
	Fund       ledger.Fund
	Host       string
	Gate       gate // what a public appeal needs
	Tried      bool // somebody pressed "publish" and it was refused
	Alt        string
	Scene      template.HTML
	Spent      money.Amount
	Form       *page.Form // of the photograph
	MayManage  bool
	MayPublish bool
	MayRead    bool // donations, with names
	MayCash    bool
}

// named campaign: the one whose id the address names.
func (p *Pages) campaignHere(c *fiber.Ctx) (campaigns.Campaign, error) {
	id, err := page.Number(c, "campaign")
	if err != nil {
		return campaigns.Campaign{}, err
	}
	return campaigns.CampaignAt(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
}

// Campaign shows one campaign, what it lacks, and what can be done with it.
func (p *Pages) Campaign(c *fiber.Ctx) error {
	v, err := p.campaignView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/campaign", v)
}

func (p *Pages) campaignView(c *fiber.Ctx, form *page.Form) (v campaignView, err error) {
	found, err := p.campaignHere(c)
	if err != nil {
		return v, err
	}
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	funds, err := ledger.ListFunds(c.UserContext(), p.DB, community.ID)
	if err != nil {
		return v, err
	}
	v.Fund = fundOf(funds, found.FundID)
	v.campaignCard = newCampaignCard(c, found, community.Day(p.Now()), v.Fund.Restricted)
	host, err := campaigns.HostOf(c.UserContext(), p.DB, community.ID, found)
	if err != nil {
		return v, err
	}
	v.Host, v.Gate = host.Name(string(page.Of(c).Lang)), gateOf(c, found, host, community.Day(p.Now()))
	v.Form = labelled(form, "raise.field", "picture", "alt")
	v.MayManage, v.MayPublish = can(c, auth.ManageCampaign), can(c, auth.PublishCampaign)
	v.MayRead, v.MayCash = can(c, auth.ReadDonors), can(c, auth.EnterCash)
	if found.PictureID == nil {
		v.Scene = picture.Scene(found.Scene, "").SVG()
		return v, nil
	}
	photo, err := campaigns.FindPicture(c.UserContext(), p.DB, community.ID, *found.PictureID)
	v.Alt = photo.Alt
	return v, err
}

// PublishCampaign shows a draft to the public, or says what it lacks.
func (p *Pages) PublishCampaign(c *fiber.Ctx) error {
	v, err := p.campaignView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	found := v.Campaign
	if found.State == campaigns.Draft && v.Gate.Missing > 0 {
		v.Tried = true
		return page.Again(c, "desk/campaign", v)
	}
	err = p.act(c, "campaign.publish", campaignSubject(found), nil, func(tx *sqlx.Tx, _ string) error {
		return campaigns.Publish(c.UserContext(), tx, page.Of(c).Community.ID, found.ID, p.Now())
	})
	if err != nil {
		return err
	}
	p.moved(c, found.ID)
	return page.Done(c, campaignPath(found.ID), "raise.published", "title", found.Title(string(page.Of(c).Lang)))
}

// CloseCampaign ends a published campaign.
func (p *Pages) CloseCampaign(c *fiber.Ctx) error {
	found, err := p.campaignHere(c)
	if err != nil {
		return err
	}
	err = p.act(c, "campaign.close", campaignSubject(found), nil, func(tx *sqlx.Tx, _ string) error {
		return campaigns.Close(c.UserContext(), tx, page.Of(c).Community.ID, found.ID, p.Now())
	})
	if err != nil {
		return err
	}
	p.moved(c, found.ID)
	return page.Done(c, campaignPath(found.ID), "raise.closed", "title", found.Title(string(page.Of(c).Lang)))
}

// ToCampaign sends whoever reloads the address of one of a campaign's forms back to the campaign.
func (p *Pages) ToCampaign(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/campaigns/"+c.Params("campaign")), fiber.StatusSeeOther)
}

// campaignSubject is how the audit log names a campaign.
func campaignSubject(of campaigns.Campaign) string { return "campaign:" + of.Slug }

func campaignPath(id int) string { return "/desk/campaigns/" + strconv.Itoa(id) }
