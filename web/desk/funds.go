package desk

import (
	"errors"
	"regexp"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/report"
	"fund/web/auth"
	"fund/web/page"
)

// fundsView is what each fund had, got, gave and has this year.
type fundsView struct {
	Year  int
	Lines []fundLine
	Idle  []fundLine // without money and unmoved
	Total report.FundFigures
	Form  *page.Form // of a new fund; nil for who may not add one
	Kinds []page.Option
	Ties  []page.Option // restricted or not
}

type fundLine struct {
	ledger.Fund
	report.FundFigures
	Manage bool
}

// fundKinds are the kinds that a fund may be set up for by hand; a campaign sets up its own.
var fundKinds = []ledger.FundKind{ledger.ProjectFund, ledger.VentureFund, ledger.CampaignFund}

// Funds lists the funds with this year's movement, and offers a new one.
func (p *Pages) Funds(c *fiber.Ctx) error {
	v, err := p.fundsView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/funds", v)
}

func (p *Pages) fundsView(c *fiber.Ctx, f *page.Form) (v fundsView, err error) {
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	now := community.Day(p.Now())
	v.Year = now.Year()
	found, err := report.FundReport(c.UserContext(), p.DB, community, ledger.Day(v.Year, time.January, 1), now)
	if err != nil {
		return v, err
	}
	figures := map[int]report.FundFigures{}
	for _, line := range found.Lines {
		figures[line.FundID] = line.FundFigures
	}
	v.Total = found.Total()
	funds, err := ledger.ListFunds(c.UserContext(), p.DB, community.ID)
	for _, fund := range funds {
		line := fundLine{fund, figures[fund.ID], can(c, auth.ManageAccounts)}
		if line.IsZero() {
			v.Idle = append(v.Idle, line)
		} else {
			v.Lines = append(v.Lines, line)
		}
	}
	if can(c, auth.ManageAccounts) {
		v.Form = labelled(f, "funds.field", "code", "name_zh", "name_en", "kind", "tie")
		v.Kinds = choices(c, "funds.kind", fundKinds...)
		v.Ties = choices(c, "funds.tie", "held", "free")
	}
	return v, err
}

var fundCode = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$`)

// AddFund adds a fund. Its code, kind and restriction never change.
func (p *Pages) AddFund(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.fundsView(c, f)
	if err != nil {
		return err
	}
	fund := ledger.Fund{
		NameZH: f.Text("name_zh", 60), NameEN: f.Text("name_en", 80), Code: f.Text("code", 40),
		Kind: ledger.FundKind(f.Choice("kind", page.Values(v.Kinds))), Restricted: f.Choice("tie", page.Values(v.Ties)) == "held",
	}
	if fund.Code != "" && !fundCode.MatchString(fund.Code) {
		f.Wrong("code", "funds.wrong.code")
	}
	if !f.AnyWrong() {
		err = p.act(c, "fund.add", "fund:"+fund.Code, nil, func(tx *sqlx.Tx, _ string) error {
			_, err := ledger.AddFund(c.UserContext(), tx, page.Of(c).Community.ID, fund)
			return err
		})
	}
	if errors.Is(err, ledger.ErrExists) {
		f.Wrong("code", "funds.wrong.taken", "code", fund.Code)
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/funds", v)
	}
	p.moved(c, 0)
	return done(c, err, "/desk/funds", "funds.added", "fund", fund.Name(string(page.Of(c).Lang)))
}

// fundView is one fund with what can be done with it.
type fundView struct {
	ledger.Fund
	Form *page.Form
}

// Fund shows one fund's names, and closes it.
func (p *Pages) Fund(c *fiber.Ctx) error {
	fund, err := p.fundHere(c)
	if err != nil {
		return err
	}
	f := page.BlankForm(c).Set("name_zh", fund.NameZH).Set("name_en", fund.NameEN)
	return page.Render(c, "desk/fund", fundView{fund, labelled(f, "funds.field", "name_zh", "name_en")})
}

// fundHere is the fund whose code the address names.
func (p *Pages) fundHere(c *fiber.Ctx) (ledger.Fund, error) {
	return ledger.FindFund(c.UserContext(), p.DB, page.Of(c).Community.ID, c.Params("fund"))
}

// RenameFund changes a fund's names.
func (p *Pages) RenameFund(c *fiber.Ctx) error {
	fund, err := p.fundHere(c)
	if err != nil {
		return err
	}
	f := labelled(page.ReadForm(c), "funds.field", "name_zh", "name_en")
	zh, en := f.Text("name_zh", 60), f.Text("name_en", 80)
	if f.AnyWrong() {
		return page.Again(c, "desk/fund", fundView{fund, f})
	}
	err = p.act(c, "fund.rename", "fund:"+fund.Code, nil, func(tx *sqlx.Tx, _ string) error {
		return ledger.RenameFund(c.UserContext(), tx, page.Of(c).Community.ID, fund.ID, zh, en)
	})
	p.moved(c, 0)
	return done(c, err, "/desk/funds", "funds.renamed", "code", fund.Code)
}

// CloseFund lets no more postings into a fund.
func (p *Pages) CloseFund(c *fiber.Ctx) error {
	fund, err := p.fundHere(c)
	switch {
	case err != nil:
		return err
	case fund.ID == ledger.GeneralFundID || !fund.NetAssets.IsZero():
		return errFundInUse
	}
	err = p.act(c, "fund.close", "fund:"+fund.Code, nil, func(tx *sqlx.Tx, _ string) error {
		return ledger.CloseFund(c.UserContext(), tx, page.Of(c).Community.ID, fund.ID)
	})
	p.moved(c, 0)
	return done(c, err, "/desk/funds", "funds.closed", "fund", fund.Name(string(page.Of(c).Lang)))
}

// ReopenFund lets postings into a fund again.
func (p *Pages) ReopenFund(c *fiber.Ctx) error {
	fund, err := p.fundHere(c)
	if err != nil {
		return err
	}
	err = p.act(c, "fund.reopen", "fund:"+fund.Code, nil, func(tx *sqlx.Tx, _ string) error {
		return ledger.ReopenFund(c.UserContext(), tx, page.Of(c).Community.ID, fund.ID)
	})
	p.moved(c, 0)
	return done(c, err, "/desk/funds", "funds.reopened", "fund", fund.Name(string(page.Of(c).Lang)))
}

// ToFund sends whoever reloads the address of one of a fund's forms back to the fund.
func (p *Pages) ToFund(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/funds/"+c.Params("fund")), fiber.StatusSeeOther)
}

// errFundInUse refuses to close a fund that holds something, or the general fund.
var errFundInUse = errors.New("desk: the fund is in use")

func init() { page.Meaning(errFundInUse, fiber.StatusConflict, "error.fund_in_use") }
