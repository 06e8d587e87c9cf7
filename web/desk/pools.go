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
	page.Meaning(campaigns.ErrPoolOverspent, fiber.StatusConflict, "error.moved_on")
	page.Meaning(campaigns.ErrPoolFund, fiber.StatusConflict, "error.moved_on")
}

var poolFields = []string{"sponsor_zh", "sponsor_en", "campaign", "laid", "rate", "donor_max", "starts_on", "ends_on", "rest"}

// Where a pool's rest goes, as the form asks it.
const (
	restBack     = "sponsor"
	restGeneral  = "general"
	restCampaign = "campaign"
)

// poolRow is a pool with what it is for.
type poolRow struct {
	campaigns.MatchingPool
	Sponsor  string
	For      string // the campaign's title; empty for all
	RestName string // of the fund that has the rest; empty for the sponsor
	Standing string // open, waits, over, closed
}

type poolsView struct {
	*page.Form
	Rows      []poolRow
	Campaigns []page.Option
	Rates     []page.Option
	Rests     []page.Option
	MayOpen   bool
}

// Pools lists the matching pools, and offers a new one.
func (p *Pages) Pools(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	today := community.Day(p.Now())
	f := page.BlankForm(c).Set("rate", "100").Set("rest", restBack).Set("starts_on", day(today)).Set("ends_on", day(today.AddDate(0, 1, 0)))
	v, err := p.poolsView(c, f)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/pools", v)
}

func (p *Pages) poolsView(c *fiber.Ctx, f *page.Form) (v poolsView, err error) {
	v = poolsView{
		Form: labelled(f, "pool.field", poolFields...), MayOpen: can(c, auth.PostEntry),
		Rates: choices(c, "pool.rate", "50", "100", "200"), Rests: choices(c, "pool.rest", restBack, restGeneral, restCampaign),
	}
	pools, err := campaigns.ListPools(c.UserContext(), p.DB, page.Of(c).Community.ID)
	if err != nil {
		return v, err
	}
	if v.Rows, err = p.poolRows(c, pools); err != nil {
		return v, err
	}
	v.Campaigns, err = p.campaignOptions(c, "pool.all", campaigns.Published, campaigns.Draft)
	return v, err
}

// campaignOptions are campaigns to choose from, and none of them.
func (p *Pages) campaignOptions(c *fiber.Ctx, none string, states ...campaigns.State) ([]page.Option, error) {
	options := []page.Option{{Label: page.Of(c).T(none)}}
	found, err := campaigns.ListCampaigns(c.UserContext(), p.DB, page.Of(c).Community.ID, campaigns.CampaignFilter{States: states})
	for _, one := range found {
		options = append(options, page.Option{Value: strconv.Itoa(one.ID), Label: one.Title(string(page.Of(c).Lang))})
	}
	return options, err
}

// poolRows puts names to pools.
func (p *Pages) poolRows(c *fiber.Ctx, pools []campaigns.MatchingPool) (rows []poolRow, err error) {
	community, err := p.community(c)
	if err != nil {
		return nil, err
	}
	lang, today, titles := string(page.Of(c).Lang), community.Day(p.Now()), map[int]string{}
	all, err := campaigns.ListCampaigns(c.UserContext(), p.DB, community.ID, campaigns.CampaignFilter{})
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		titles[one.ID] = one.Title(lang)
	}
	funds, err := ledger.ListFunds(c.UserContext(), p.DB, community.ID)
	for _, pool := range pools {
		row := poolRow{MatchingPool: pool, Sponsor: pool.Sponsor(lang), Standing: "over"}
		switch {
		case pool.ClosedAt != nil:
			row.Standing = "closed"
		case pool.Open(today):
			row.Standing = "open"
		case today.Before(pool.StartsOn):
			row.Standing = "waits"
		}
		if pool.CampaignID != nil {
			row.For = titles[*pool.CampaignID]
		}
		if pool.RestFund != nil {
			row.RestName = fundOf(funds, *pool.RestFund).Name(lang)
		}
		rows = append(rows, row)
	}
	return rows, err
}

// OpenPool opens a pool with money that lies in the bank.
func (p *Pages) OpenPool(c *fiber.Ctx) error {
	v, err := p.poolsView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	pool, err := p.readPool(c, v)
	if err != nil || v.AnyWrong() {
		return errors.Join(err, page.Again(c, "desk/pools", v))
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "pool.open", "pool:"+pool.Deposit.String(), nil, func(tx *sqlx.Tx, who string) error {
		pool, err = campaigns.OpenPool(c.UserContext(), tx, community, pool, who, p.Now())
		return err
	})
	switch {
	case errors.Is(err, campaigns.ErrRestFund):
		v.Wrong("rest", "pool.wrong.rest")
		return page.Again(c, "desk/pools", v)
	case errors.Is(err, ledger.ErrDuplicateSource): // the button was pressed twice
		return page.Done(c, "/desk/pools", "pool.again")
	case err != nil:
		return err
	}
	p.moved(c, 0)
	return page.Done(c, poolPath(pool.ID), "pool.opened", "laid", pool.Laid.Yuan())
}

func poolPath(id int) string { return "/desk/pools/" + strconv.Itoa(id) }

// readPool reads the form.
func (p *Pages) readPool(c *fiber.Ctx, v poolsView) (pool campaigns.MatchingPool, err error) {
	pool = campaigns.MatchingPool{
		Deposit: v.Once("", poolFields...), SponsorZH: v.Text("sponsor_zh", 40, page.Optional), SponsorEN: v.Text("sponsor_en", 60, page.Optional),
		Laid: v.Amount("laid"), DonorMax: v.Amount("donor_max", page.Optional), StartsOn: v.Date("starts_on"), EndsOn: v.Date("ends_on"),
	}
	pool.Rate, _ = strconv.Atoi(v.Choice("rate", page.Values(v.Rates)))
	if !pool.StartsOn.IsZero() && !pool.EndsOn.IsZero() && pool.EndsOn.Before(pool.StartsOn) {
		v.Wrong("ends_on", "raise.wrong.ends_first")
	}
	if id, err := strconv.Atoi(v.Choice("campaign", page.Values(v.Campaigns), page.Optional)); err == nil {
		pool.CampaignID = &id
	}
	general := ledger.GeneralFundID
	switch rest := v.Choice("rest", page.Values(v.Rests)); {
	case rest == restGeneral:
		pool.RestFund = &general
	case rest == restCampaign && pool.CampaignID == nil:
		v.Wrong("rest", "pool.wrong.rest_all")
	case rest == restCampaign:
		of, err := campaigns.CampaignAt(c.UserContext(), p.DB, page.Of(c).Community.ID, *pool.CampaignID)
		pool.RestFund = &of.FundID
		return pool, err
	}
	return pool, nil
}

type poolView struct {
	poolRow
	Entry    ledger.JournalEntry
	Matches  []addition
	Form     *page.Form // of the sponsor's name
	MayName  bool
	MayClose bool
}

// addition is what a pool added to a gift, with its vouchers' numbers.
type addition struct {
	campaigns.Match
	Voucher string
}

// additionsMax is how many of them a pool's page lists.
const additionsMax = 50

// Pool shows one pool: what was laid in, what it added, what is left.
func (p *Pages) Pool(c *fiber.Ctx) error {
	pool, err := p.poolHere(c)
	if err != nil {
		return err
	}
	f := page.BlankForm(c).Set("sponsor_zh", pool.SponsorZH).Set("sponsor_en", pool.SponsorEN)
	return p.showPool(c, pool, labelled(f, "pool.field", poolFields...), page.Render)
}

func (p *Pages) showPool(c *fiber.Ctx, pool campaigns.MatchingPool, f *page.Form, render func(*fiber.Ctx, string, any) error) error {
	rows, err := p.poolRows(c, []campaigns.MatchingPool{pool})
	if err != nil {
		return err
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	v := poolView{poolRow: rows[0], Form: f, MayName: can(c, auth.PostEntry), MayClose: can(c, auth.PostEntry) && (pool.ClosedAt == nil || !pool.Rest().IsZero())}
	if v.Entry, err = ledger.EntryAt(ctx, p.DB, here, pool.Entry); err != nil {
		return err
	}
	matches, err := campaigns.ListMatches(ctx, p.DB, here, pool.ID, additionsMax)
	if err != nil {
		return err
	}
	if v.Matches, err = p.additions(c, matches); err != nil {
		return err
	}
	return render(c, "desk/pool", v)
}

// additionsTo are what pools added to a gift.
func (p *Pages) additionsTo(c *fiber.Ctx, donation uuid.UUID) ([]addition, error) {
	matches, err := campaigns.MatchesOf(c.UserContext(), p.DB, page.Of(c).Community.ID, donation)
	if err != nil {
		return nil, err
	}
	return p.additions(c, matches)
}

func (p *Pages) additions(c *fiber.Ctx, matches []campaigns.Match) (rows []addition, err error) {
	for _, m := range matches {
		entry, err := ledger.EntryAt(c.UserContext(), p.DB, page.Of(c).Community.ID, m.EntrySeq)
		if err != nil {
			return nil, err
		}
		rows = append(rows, addition{m, entry.Voucher()})
	}
	return rows, nil
}

func (p *Pages) poolHere(c *fiber.Ctx) (campaigns.MatchingPool, error) {
	id, err := page.Number(c, "pool")
	if err != nil {
		return campaigns.MatchingPool{}, err
	}
	return campaigns.FindPool(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
}

// ToPool sends whoever reloads the address of a pool's form back to the pool.
func (p *Pages) ToPool(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/pools/"+c.Params("pool")), fiber.StatusSeeOther)
}

// NamePool changes how the sponsor is named, or takes the name back.
func (p *Pages) NamePool(c *fiber.Ctx) error {
	pool, err := p.poolHere(c)
	if err != nil {
		return err
	}
	f := labelled(page.ReadForm(c), "pool.field", poolFields...)
	zh, en := f.Text("sponsor_zh", 40, page.Optional), f.Text("sponsor_en", 60, page.Optional)
	if f.AnyWrong() {
		return p.showPool(c, pool, f, page.Again)
	}
	err = p.act(c, "pool.name", "pool:"+strconv.Itoa(pool.ID), nil, func(tx *sqlx.Tx, _ string) error {
		return campaigns.NamePool(c.UserContext(), tx, page.Of(c).Community.ID, pool.ID, zh, en)
	})
	p.moved(c, 0)
	return done(c, err, poolPath(pool.ID), "pool.named")
}

// ClosePool ends a pool and sends its rest where the sponsor said.
func (p *Pages) ClosePool(c *fiber.Ctx) error {
	pool, err := p.poolHere(c)
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	rest := pool.Rest()
	err = p.act(c, "pool.close", "pool:"+strconv.Itoa(pool.ID), nil, func(tx *sqlx.Tx, who string) error {
		rest, err = campaigns.ClosePool(c.UserContext(), tx, community, pool.ID, who, p.Now())
		return err
	})
	p.moved(c, 0)
	return done(c, err, poolPath(pool.ID), "pool.closed", "rest", rest.Yuan())
}
