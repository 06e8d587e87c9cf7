package public

import (
	"errors"
	"html/template"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/campaigns/pledge"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/page"
	"fund/web/picture"
)

// card is a campaign as the list and its own page introduce it.
type card struct {
	campaigns.Campaign
	Title, Purpose string
	Theme          string // its name for the reader
	Restricted     bool   // 专款
	Open           bool   // takes gifts today
	Soon           bool   // will take gifts
	DaysLeft       int
	Spent          money.Amount // from its fund, so far
	Scene          template.HTML
	Bar            template.HTML
	Share          string       // 62.4%, of Aim
	Aim            money.Amount // the goal ahead: its own, then the stretch goals
	Stretched      bool         // its own goal is met, and there is more to reach
	Fund           string
	FundCode       string // of that fund
	Book           bool   // its own page: figures open the ledger
}

// Refunds tells whether gifts go back if the goal is not met, while it is not.
func (v card) Refunds() bool {
	return v.Kind == campaigns.AllOrNothing && v.Result != campaigns.GoalMet
}

// Contact is who answers for the campaign, the name masked.
func (v card) Contact() string { return campaigns.Mask(v.ContactName) }

// shelf is what many cards of one community need to be filled in.
type shelf struct {
	lang  i18n.Lang
	today time.Time
	funds []ledger.Fund
	spent map[int]money.Amount // by fund
}

func (p *Pages) shelf(c *fiber.Ctx) (s shelf, err error) {
	community, err := p.community(c)
	if err != nil {
		return s, err
	}
	s.lang, s.today = page.Of(c).Lang, community.Day(p.Now())
	if s.funds, err = ledger.ListFunds(c.UserContext(), p.Read, community.ID); err != nil {
		return s, err
	}
	rows, err := ledger.Balances(c.UserContext(), p.Read, community.ID, ledger.Day(1900, 1, 1), s.today.AddDate(1, 0, 0))
	s.spent = map[int]money.Amount{}
	for _, row := range rows {
		if row.AccountType == ledger.Expense {
			s.spent[row.FundID] = s.spent[row.FundID].Add(row.Turnover())
		}
	}
	return s, err
}

func (s shelf) fund(id int) (f ledger.Fund) {
	if i := slices.IndexFunc(s.funds, func(f ledger.Fund) bool { return f.ID == id }); i >= 0 {
		f = s.funds[i]
	}
	return f
}

func (s shelf) card(c campaigns.Campaign) card {
	v := card{
		Campaign: c, Title: c.Title(string(s.lang)), Purpose: c.Purpose(string(s.lang)), Theme: themeName(s.lang, c.Theme),
		Restricted: s.fund(c.FundID).Restricted, Open: c.Open(s.today), DaysLeft: c.DaysLeft(s.today),
		Soon:  c.State == campaigns.Published && s.today.Before(c.StartsOn),
		Spent: s.spent[c.FundID], Fund: s.fund(c.FundID).Name(string(s.lang)), FundCode: s.fund(c.FundID).Code,
	}
	aim, n := c.Aim()
	v.Aim, v.Stretched, v.Share = aim, n > 0, share(c.Raised, aim)
	v.Bar = bar("bar", s.lang.T("give.share", "share", v.Share), v.Raised, v.Aim, v.Restricted)
	if c.PictureID == nil {
		v.Scene = picture.Scene(c.Scene, "").SVG()
	}
	return v
}

// bar draws how far something has come.
func bar(class, title string, raised, goal money.Amount, held bool) template.HTML {
	drawn := picture.Progress{Title: title, Raised: raised, Goal: goal, Held: held}.Picture()
	drawn.Class = class
	return drawn.SVG()
}

func themeName(lang i18n.Lang, theme string) string {
	if key := "theme." + theme; i18n.Has(key) {
		return lang.T(key)
	}
	return theme
}

type campaignsView struct {
	Words, Theme, State string
	Themes              []page.Option
	Cards               []card
	Narrowed            bool
}

// Campaigns lists the campaigns that take gifts, then those that have ended.
func (p *Pages) Campaigns(c *fiber.Ctx) error {
	return page.Cached(c, "public/campaigns", func() (any, error) {
		tellPage(c, "campaigns")
		v := campaignsView{Words: page.Clean(c.Query("q")), Theme: page.Clean(c.Query("theme")), State: c.Query("state")}
		if words := []rune(v.Words); len(words) > 60 {
			v.Words = string(words[:60])
		}
		filter := campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published, campaigns.Closed}, Theme: v.Theme, Words: v.Words}
		found, err := campaigns.ListCampaigns(c.UserContext(), p.Read, here(c), filter)
		if err != nil {
			return nil, err
		}
		s, err := p.shelf(c)
		for _, one := range found {
			if made := s.card(one); v.State == "" || (v.State == "open") == (made.Open || made.Soon) {
				v.Cards = append(v.Cards, made)
			}
		}
		slices.SortStableFunc(v.Cards, func(a, b card) int { return rank(a) - rank(b) })
		v.Narrowed = v.Words != "" || v.Theme != "" || v.State != ""
		for _, theme := range campaigns.Themes {
			v.Themes = append(v.Themes, page.Option{Value: theme, Label: themeName(s.lang, theme)})
		}
		return v, err
	})
}

// rank puts what takes gifts before what will, and that before what is over.
func rank(v card) int {
	switch {
	case v.Open:
		return 0
	case v.Soon:
		return 1
	}
	return 2
}

// shown finds the campaign that the address names, if the public may see it.
func (p *Pages) shown(c *fiber.Ctx) (campaigns.Campaign, error) {
	found, err := campaigns.FindCampaign(c.UserContext(), p.Read, here(c), c.Params("slug"))
	if err == nil && found.State == campaigns.Draft {
		err = campaigns.ErrNotFound
	}
	return found, err
}

// Campaign shows one campaign with its form.
func (p *Pages) Campaign(c *fiber.Ctx) error {
	return page.Cached(c, "public/campaign", func() (any, error) {
		v, err := p.campaignView(c, giftForm(page.BlankForm(c)))
		if err == nil {
			tellCampaign(c, v.card)
		}
		return v, err
	})
}

type campaignView struct {
	card
	Refund giver.Rule // when its givers may ask their money back
	raising
	Story    string
	Alt      string // of the photograph
	Buys     []budgetLine
	Latest   []gift
	Ended    campaigns.Conclusion // of an all-or-nothing campaign, where Result says that there is one
	Host     campaigns.Host
	Form     *page.Form
	FormID   string
	Ways     []page.Option
	Picks    []page.Option
	Promised pledge.Promised // apart from what is raised
	More     bool            // the optional fields are unfolded
	Voice    voiceView
	Law      resultView // who asks, and how its result stands

	PhotoAt string // where the photograph is served before it is public
}

type budgetLine struct {
	campaigns.BudgetLine
	Name, Note string
	Quantity   string // 120 份; empty where the line is not counted in things
	Got        string // 96 份
	Share      string
	Bar        template.HTML
}

// gift is a paid donation as everybody sees it.
type gift struct {
	Name    string // masked; empty for anonymous ones
	Amount  money.Amount
	Message string
	Day     time.Time
	DaysAgo int
}

func (p *Pages) campaignView(c *fiber.Ctx, form *page.Form) (v campaignView, err error) {
	found, err := p.shown(c)
	if err != nil {
		return v, err
	}
	return p.viewOf(c, found, form)
}

// viewOf is the page of a campaign that the reader may see.
func (p *Pages) viewOf(c *fiber.Ctx, found campaigns.Campaign, form *page.Form) (v campaignView, err error) {
	s, err := p.shelf(c)
	if err != nil {
		return v, err
	}
	v = campaignView{card: s.card(found), Story: found.Story(lang(c)), Form: form, Ways: p.ways(c), Picks: picks(s.lang, found)}
	v.Book = true
	v.Bar = bar("bar tall", s.lang.T("give.share", "share", v.Share), v.Raised, v.Aim, v.Restricted)
	v.Buys = v.budget(s.lang)
	if v.raising, err = p.raising(c.UserContext(), here(c), found, s); err != nil {
		return v, err
	}
	v.More = form.Typed("name")+form.Typed("message")+form.Typed("email")+form.Typed("monthly") != ""
	if v.FormID = form.Typed("form"); v.FormID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return v, err
		}
		v.FormID = id.String()
	}
	if v.Host, err = p.host(c, found); err != nil {
		return v, err
	}
	if v.Law, err = p.resultOf(c, found, v.Host); err != nil {
		return v, err
	}
	if v.Promised, err = pledge.PromisedTo(c.UserContext(), p.Read, here(c), found.ID, s.today); err != nil {
		return v, err
	}
	if v.Refund, err = giver.RuleOf(c.UserContext(), p.Read, here(c), found.ID); err != nil {
		return v, err
	}
	if found.Result != "" {
		if v.Ended, err = campaigns.FindConclusion(c.UserContext(), p.Read, here(c), found.ID); err != nil {
			return v, err
		}
	}
	if found.PictureID != nil {
		photo, err := campaigns.FindPicture(c.UserContext(), p.Read, here(c), *found.PictureID)
		if err != nil {
			return v, err
		}
		v.Alt = photo.Alt
	}
	if v.Voice, err = p.voice(c, found); err != nil {
		return v, err
	}
	v.Latest, err = p.latestGifts(c, found.ID, s.today)
	return v, err
}

func (v campaignView) budget(lang i18n.Lang) []budgetLine {
	covered, lines := v.Covered(), make([]budgetLine, len(v.Budget))
	for i, b := range v.Budget {
		line := budgetLine{BudgetLine: b, Name: b.Name(string(lang)), Note: b.Note(string(lang)), Got: got(lang, b, covered[i])}
		line.Share = share(covered[i], b.Amount)
		line.Bar = bar("bar thin", lang.T("give.line_share", "name", line.Name, "share", line.Share), covered[i], b.Amount, v.Restricted)
		if b.Quantity != nil {
			line.Quantity = quantity(lang, b, *b.Quantity)
		}
		lines[i] = line
	}
	return lines
}

func (p *Pages) host(c *fiber.Ctx, of campaigns.Campaign) (campaigns.Host, error) {
	if of.HostID == nil {
		return campaigns.Host{}, nil
	}
	hosts, err := campaigns.ListHosts(c.UserContext(), p.Read, here(c))
	for _, h := range hosts {
		if h.ID == *of.HostID {
			return h, err
		}
	}
	return campaigns.Host{}, errors.Join(err, campaigns.ErrNotFound)
}

const latestGiftsMax = 8

func (p *Pages) latestGifts(c *fiber.Ctx, campaign int, today time.Time) (gifts []gift, err error) {
	community, err := p.community(c)
	if err != nil {
		return nil, err
	}
	given, err := campaigns.ListDonations(c.UserContext(), p.Read, community.ID, campaign, latestGiftsMax)
	for _, d := range given {
		if d.Left().IsZero() {
			continue
		}
		g := gift{Name: d.PublicName(), Amount: d.Left(), Day: community.Day(*d.PaidAt)}
		g.DaysAgo = int(today.Sub(g.Day).Hours() / 24)
		if d.ShowMessage {
			g.Message = d.Message
		}
		gifts = append(gifts, g)
	}
	return gifts, err
}
