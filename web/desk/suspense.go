package desk

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

// suspenseView is the money that nobody has identified yet.
type suspenseView struct {
	*page.Form
	Rows        []ledger.Unidentified
	Sum         money.Amount
	Chosen      int64 // the entry whose form is unfolded
	MayIdentify bool
	b           books
	Chart       []page.Option
	FundList    []page.Option
}

// Suspense lists what waits to be identified.
func (p *Pages) Suspense(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	v, err := p.suspenseView(c, f, c.Query("entry"))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/suspense", v)
}

func (p *Pages) suspenseView(c *fiber.Ctx, f *page.Form, chosen string) (v suspenseView, err error) {
	v = suspenseView{Form: labelled(f, "suspense.field", "account", "fund", "memo"), MayIdentify: can(c, auth.PostEntry)}
	v.Chosen, _ = strconv.ParseInt(chosen, 10, 64)
	if v.Rows, err = ledger.ListSuspense(c.UserContext(), p.DB, page.Of(c).Community.ID); err != nil {
		return v, err
	}
	for _, row := range v.Rows {
		v.Sum = v.Sum.Add(row.Amount)
	}
	if v.b, err = p.readBooks(c); err != nil {
		return v, err
	}
	v.Chart, v.FundList = accountOptions(page.Of(c), v.b), v.b.fundOptions(page.Of(c), false)
	return v, nil
}

// destination is where money turned out to belong.
type destination struct {
	account ledger.Account
	fund    ledger.Fund
	memo    string
}

// readDestination reads the form, and marks what has to be mended.
func (v suspenseView) readDestination() (to destination) {
	b, known := v.b, false
	to.account, known = b.account(v.Typed("account"))
	if suspense, _ := b.Chart.By(ledger.Suspense); !known || to.account.ID == suspense.ID {
		v.Wrong("account", "suspense.wrong.account", "typed", v.Typed("account"))
	}
	if to.fund, known = b.fund(v.Typed("fund")); !known {
		to.fund = b.fundAt(ledger.GeneralFundID)
	}
	to.memo = line(v.Text("memo", reasonMax))
	return to
}

// Identify moves money out of suspense to what it turned out to be for.
func (p *Pages) Identify(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.suspenseView(c, f, f.Typed("entry"))
	if err != nil {
		return err
	}
	to := v.readDestination()
	if v.AnyWrong() {
		return page.Again(c, "desk/suspense", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "suspense.identify", "account:"+to.account.Code, map[string]any{"entry": v.Chosen}, func(tx *sqlx.Tx, who string) error {
		_, err := ledger.Identify(c.UserContext(), tx, community, v.Chosen, to.account.ID, to.fund.ID, to.memo, who, p.Now())
		return err
	})
	if errors.Is(err, ledger.ErrDuplicateSource) {
		err = ledger.ErrNotFound
	}
	p.moved(c, 0)
	return done(c, err, "/desk/suspense", "suspense.identified", "memo", to.memo)
}
