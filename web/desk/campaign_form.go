package desk

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/ledger"
	"fund/web/page"
	"fund/web/picture"
)

const (
	titleMax, purposeMax, storyMax, numberMax = 80, 120, 20000, 60
	suggestedMax                              = 6
)

// campaignFields are the fields of a campaign beside its budget.
var campaignFields = []string{
	"title_zh", "title_en", "slug", "purpose_zh", "purpose_en", "theme", "fund", "kind", "goal", "minimum", "suggested", "starts_on", "ends_on",
	"story_zh", "story_en", "scene", "refund_rule", "refund_days", "basis", "host", "certificate", "filing_number", "filed_on", "filed_from", "filed_until", "contact_name", "contact_phone",
}

type campaignForm struct {
	*page.Form
	Campaign campaigns.Campaign // as it stands; its ID is 0 for a new one
	Rows     []budgetRow
	Preview  bool
	Hosts    []page.Option
	Funds    []page.Option
	Themes   []page.Option
	Kinds    []page.Option
	Rules    []page.Option // for refunds
	Bases    []page.Option
	Scenes   []page.Option
}

// New tells whether the campaign is not written down yet.
func (v campaignForm) New() bool { return v.Campaign.ID == 0 }

// Fixed tells whether the public has seen it: what becomes of the money stays as it was said.
func (v campaignForm) Fixed() bool { return v.Campaign.ID != 0 && v.Campaign.State != campaigns.Draft }

// Address is the page of the form, to which it is sent too.
func (v campaignForm) Address() string {
	if v.New() {
		return "/desk/campaigns/new"
	}
	return campaignPath(v.Campaign.ID) + "/edit"
}

// campaignForm fills in what can be chosen, and names the fields.
func (p *Pages) campaignForm(c *fiber.Ctx, of campaigns.Campaign, f *page.Form) (v campaignForm, err error) {
	v = campaignForm{Form: labelled(f, "raise.field", campaignFields...), Campaign: of, Rows: budgetRows(f)}
	v.Themes = append([]page.Option{{Label: page.Of(c).T("raise.no_theme")}}, choices(c, "theme", campaigns.Themes...)...)
	v.Kinds = choices(c, "raise.kind", campaigns.Flexible, campaigns.AllOrNothing)
	v.Rules = choices(c, "refund_rule.kind", giver.InDays, giver.Unspent, giver.NoRefund)
	v.Bases = choices(c, "raise.basis", campaigns.PublicBasis, campaigns.TargetedBasis, campaigns.SaleBasis)
	v.Scenes = choices(c, "scene", picture.SceneNames()...)
	if v.Hosts, err = p.hostOptions(c); err != nil {
		return v, err
	}
	funds, err := ledger.ListFunds(c.UserContext(), p.DB, page.Of(c).Community.ID)
	v.Funds = fundOptions(c, funds, of)
	return v, err
}

// NewCampaign is an empty form.
func (p *Pages) NewCampaign(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	today := community.Day(p.Now())
	f := page.BlankForm(c).Set("fund", "new").Set("kind", string(campaigns.Flexible)).Set("basis", string(campaigns.PublicBasis)).
		Set("minimum", "1").Set("suggested", "20 50 100 200").Set("scene", "tree").Set("starts_on", day(today.AddDate(0, 0, 14))).
		Set("ends_on", day(today.AddDate(0, 0, 44)))
	fillRule(f, giver.DefaultRule)
	v, err := p.campaignForm(c, campaigns.Campaign{}, f)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/campaign_form", v)
}

// EditCampaign is the form with what stands.
func (p *Pages) EditCampaign(c *fiber.Ctx) error {
	found, err := p.campaignHere(c)
	if err != nil {
		return err
	}
	rule, err := giver.RuleOf(c.UserContext(), p.DB, page.Of(c).Community.ID, found.ID)
	if err != nil {
		return err
	}
	v, err := p.campaignForm(c, found, fillRule(fillCampaign(page.BlankForm(c), found), rule))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/campaign_form", v)
}

// DraftCampaign writes a new campaign down.
func (p *Pages) DraftCampaign(c *fiber.Ctx) error {
	return p.saveCampaign(c, campaigns.Campaign{}, "campaign.draft", "raise.drafted",
		func(tx *sqlx.Tx, who string, of campaigns.Campaign) (campaigns.Campaign, error) {
			of.CreatedBy = who
			return campaigns.DraftCampaign(c.UserContext(), tx, page.Of(c).Community.ID, of)
		})
}

// SaveCampaign writes the changes of a campaign down.
func (p *Pages) SaveCampaign(c *fiber.Ctx) error {
	found, err := p.campaignHere(c)
	if err != nil {
		return err
	}
	return p.saveCampaign(c, found, "campaign.edit", "raise.saved",
		func(tx *sqlx.Tx, _ string, of campaigns.Campaign) (campaigns.Campaign, error) {
			return of, campaigns.EditCampaign(c.UserContext(), tx, page.Of(c).Community.ID, of)
		})
}

// saveCampaign reads the form over what stands and runs the verb, or shows the form again.
func (p *Pages) saveCampaign(c *fiber.Ctx, stands campaigns.Campaign, name, notice string,
	verb func(*sqlx.Tx, string, campaigns.Campaign) (campaigns.Campaign, error),
) error {
	v, err := p.campaignForm(c, stands, page.ReadForm(c))
	if err != nil {
		return err
	}
	if press := v.Typed("press"); press == "preview" || press == "more" {
		v.Preview = press == "preview"
		return page.Render(c, "desk/campaign_form", v)
	}
	of, rule := v.read(stands), v.readRule()
	if v.AnyWrong() {
		return page.Again(c, "desk/campaign_form", v)
	}
	err = p.act(c, name, campaignSubject(of), refiled(stands, of), func(tx *sqlx.Tx, who string) (err error) {
		if of, err = verb(tx, who, of); err != nil || rule == nil {
			return err
		}
		return giver.SetRule(c.UserContext(), tx, page.Of(c).Community.ID, of.ID, *rule)
	})
	switch {
	case errors.Is(err, campaigns.ErrExists):
		v.Wrong("slug", "raise.wrong.slug_taken", "slug", of.Slug)
		return page.Again(c, "desk/campaign_form", v)
	case errors.Is(err, campaigns.ErrNotPublic):
		return p.lacking(c, v, of)
	case errors.Is(err, campaigns.ErrLineGiven):
		v.Wrong("b1_name_zh", "raise.wrong.line_given")
		return page.Again(c, "desk/campaign_form", v)
	case errors.Is(err, campaigns.ErrRefile):
		v.Wrong("filing_number", "law.refile")
		return page.Again(c, "desk/campaign_form", v)
	case err != nil:
		return err
	}
	p.moved(c, of.ID)
	return page.Done(c, campaignPath(of.ID), notice)
}

// read reads the form over what stands.
func (v campaignForm) read(of campaigns.Campaign) campaigns.Campaign {
	of.TitleZH, of.TitleEN = v.Text("title_zh", titleMax), v.Text("title_en", titleMax, page.Optional)
	if v.New() {
		of.Slug = v.readSlug(of.TitleEN)
		of.FundID, of.Target = v.readFund()
	}
	of.PurposeZH, of.PurposeEN = v.Text("purpose_zh", purposeMax, page.Optional), v.Text("purpose_en", purposeMax, page.Optional)
	of.Theme = v.Choice("theme", campaigns.Themes, page.Optional)
	if !v.Fixed() {
		of.Kind = campaigns.Kind(v.Choice("kind", page.Values(v.Kinds)))
	}
	of.Goal, of.Minimum, of.Suggested = v.Amount("goal"), v.Amount("minimum", page.Optional), v.readSuggested()
	of.Stretch = v.readStretch(of)
	of.StartsOn, of.EndsOn = v.Date("starts_on"), v.Date("ends_on")
	if !of.StartsOn.IsZero() && !of.EndsOn.IsZero() && of.EndsOn.Before(of.StartsOn) {
		v.Wrong("ends_on", "raise.wrong.ends_first")
	}
	of.StoryZH, of.StoryEN = v.Text("story_zh", storyMax, page.Optional), v.Text("story_en", storyMax, page.Optional)
	of.Scene = v.Choice("scene", picture.SceneNames(), page.Optional)
	of.Budget = readBudget(v.Form, v.Rows)
	v.readBasis(&of)
	of.ContactName, of.ContactPhone = v.Text("contact_name", 40, page.Optional), v.Text("contact_phone", 30, page.Optional)
	return of
}

var slugForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,59}$`)

// readSlug reads the address, or makes one from the English title.
func (v campaignForm) readSlug(titleEN string) string {
	if v.Typed("slug") == "" {
		slug := strings.Trim(strings.Join(strings.FieldsFunc(strings.ToLower(titleEN), func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9')
		}), "-"), "-")
		v.Set("slug", slug[:min(len(slug), 60)])
	}
	slug := v.Text("slug", 60)
	if slug != "" && !slugForm.MatchString(slug) {
		v.Wrong("slug", "raise.wrong.slug")
	}
	return slug
}

func (v campaignForm) readSuggested() (amounts campaigns.Amounts) {
	typed := strings.FieldsFunc(v.Typed("suggested"), func(r rune) bool { return strings.ContainsRune(" ,，、;；\u3000", r) })
	if len(typed) > suggestedMax {
		v.Wrong("suggested", "raise.wrong.suggested_many", "max", suggestedMax)
		return nil
	}
	for _, text := range typed {
		amount, err := parseAmount(text)
		if err != nil {
			v.Wrong("suggested", "raise.wrong.suggested")
			return nil
		}
		amounts = append(amounts, amount)
	}
	return amounts
}

// readBasis reads the legal ground; only a public appeal has a host and a filing.
func (v campaignForm) readBasis(of *campaigns.Campaign) {
	of.Basis = campaigns.Basis(v.Choice("basis", page.Values(v.Bases)))
	of.HostID, of.Certificate, of.FilingNumber, of.FiledOn, of.FiledFrom, of.FiledUntil = nil, "", "", nil, nil, nil
	if of.Basis != campaigns.PublicBasis {
		return
	}
	if id, err := strconv.Atoi(v.Choice("host", page.Values(v.Hosts), page.Optional)); err == nil {
		of.HostID = &id
	}
	of.Certificate, of.FilingNumber = v.Text("certificate", numberMax, page.Optional), v.Text("filing_number", numberMax, page.Optional)
	of.FiledOn, of.FiledFrom, of.FiledUntil = dayIn(v.Form, "filed_on"), dayIn(v.Form, "filed_from"), dayIn(v.Form, "filed_until")
	if of.FiledFrom != nil && of.FiledUntil != nil && of.FiledUntil.Before(*of.FiledFrom) {
		v.Wrong("filed_until", "raise.wrong.ends_first")
	}
}

// fillCampaign puts what stands into the form.
func fillCampaign(f *page.Form, of campaigns.Campaign) *page.Form {
	var suggested []string
	for _, amount := range of.Suggested {
		suggested = append(suggested, plain(amount))
	}
	f.Set("title_zh", of.TitleZH).Set("title_en", of.TitleEN).Set("purpose_zh", of.PurposeZH).Set("purpose_en", of.PurposeEN).
		Set("theme", of.Theme).Set("kind", string(of.Kind)).Set("goal", plain(of.Goal)).Set("minimum", plain(of.Minimum)).
		Set("suggested", strings.Join(suggested, " ")).Set("starts_on", day(of.StartsOn)).Set("ends_on", day(of.EndsOn)).
		Set("story_zh", of.StoryZH).Set("story_en", of.StoryEN).Set("scene", of.Scene).Set("basis", string(of.Basis)).
		Set("certificate", of.Certificate).Set("filing_number", of.FilingNumber).
		Set("contact_name", of.ContactName).Set("contact_phone", of.ContactPhone)
	if of.HostID != nil {
		f.Set("host", strconv.Itoa(*of.HostID))
	}
	for name, at := range map[string]*time.Time{"filed_on": of.FiledOn, "filed_from": of.FiledFrom, "filed_until": of.FiledUntil} {
		if at != nil {
			f.Set(name, day(*at))
		}
	}
	fillBudget(f, of.Budget)
	fillStretch(f, of.Stretch)
	return f
}
