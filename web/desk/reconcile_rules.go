package desk

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/reconcile"
	"fund/web/auth"
	"fund/web/page"
)

// rulesView is an account's rules, one of them perhaps being edited.
type rulesView struct {
	reconciled
	*page.Form
	Rows     []ruleRow
	Chosen   string // the rule whose form is open; "new" for a new one
	Chart    []page.Option
	FundList []page.Option
	Ways     []page.Option
	May      bool
}

type ruleRow struct {
	reconcile.Rule
	Account, Fund string
}

// Rules lists what the account has learnt about lines, to be edited and stopped.
func (p *Pages) Rules(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	f.Set("rule", c.Query("rule"))
	v, err := p.rulesView(c, f)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/reconcile_rules", v)
}

func (p *Pages) rulesView(c *fiber.Ctx, f *page.Form) (v rulesView, err error) {
	v.Form, v.Chosen, v.May = labelled(f, "rule.field", "words", "way", "account", "fund", "memo"), f.Typed("rule"), can(c, auth.Reconcile)
	if v.reconciled, err = p.reconciledHere(c); err != nil {
		return v, err
	}
	rules, err := reconcile.ListRules(c.UserContext(), p.DB, v.Community.ID, v.reconciled.Account.ID)
	if err != nil {
		return v, err
	}
	b, err := p.readBooks(c)
	if err != nil {
		return v, err
	}
	lang := string(page.Of(c).Lang)
	v.Chart, v.FundList, v.Ways = accountOptions(page.Of(c), b), b.fundOptions(page.Of(c), false), choices(c, "rule.way", "in", "out")
	for _, r := range rules {
		account, _ := b.Chart.ID(r.Account)
		v.Rows = append(v.Rows, ruleRow{r, account.Code + " " + account.Name(lang), b.fundAt(r.Fund).Name(lang)})
		if strconv.Itoa(r.ID) == v.Chosen && f.Typed("words") == "" && c.Method() == fiber.MethodGet {
			way := map[bool]string{true: "in", false: "out"}[r.In]
			f.Set("words", r.Words).Set("way", way).Set("account", account.Code+" "+account.Name(lang)).Set("fund", b.fundAt(r.Fund).Code).Set("memo", r.Memo)
		}
	}
	if v.Chosen == "new" && c.Method() == fiber.MethodGet {
		f.Set("way", "out").Set("fund", b.fundAt(ledger.GeneralFundID).Code)
	}
	return v, nil
}

// SaveRule writes a rule, or stops it.
func (p *Pages) SaveRule(c *fiber.Ctx) error {
	v, err := p.rulesView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if v.Typed("press") == "stop" {
		return p.stopRule(c, v)
	}
	rule, err := p.readRule(c, v)
	if err != nil {
		return err
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/reconcile_rules", v)
	}
	err = p.act(c, "reconcile.rule", "account:"+v.reconciled.Account.Code, map[string]any{"words": rule.Words}, func(tx *sqlx.Tx, who string) error {
		_, err := reconcile.SaveRule(c.UserContext(), tx, v.Community.ID, v.reconciled.Account.ID, rule, who)
		return err
	})
	if errors.Is(err, reconcile.ErrExists) {
		v.Wrong("words", "rule.wrong.exists")
		return page.Again(c, "desk/reconcile_rules", v)
	}
	return done(c, err, v.Path("/rules"), "rule.saved")
}

func (p *Pages) readRule(c *fiber.Ctx, v rulesView) (rule reconcile.Rule, err error) {
	b, err := p.readBooks(c)
	if err != nil {
		return rule, err
	}
	rule.ID = page.ParseNumber(v.Chosen)
	rule.Words, rule.In, rule.Memo = line(v.Text("words", 100)), v.Choice("way", page.Values(v.Ways)) == "in", line(v.Text("memo", reasonMax))
	if n := len([]rune(rule.Words)); n == 1 {
		v.Wrong("words", "rule.wrong.short")
	}
	account, known := b.account(v.Typed("account"))
	switch {
	case !known:
		v.Wrong("account", "line.wrong.account", "typed", v.Typed("account"))
	case account.ID == v.reconciled.Account.ID:
		v.Wrong("account", "line.wrong.itself")
	}
	fund, known := b.fund(v.Typed("fund"))
	if !known {
		fund = b.fundAt(ledger.GeneralFundID)
	}
	rule.Account, rule.Fund = account.ID, fund.ID
	return rule, nil
}

func (p *Pages) stopRule(c *fiber.Ctx, v rulesView) error {
	id := page.ParseNumber(v.Chosen)
	if id == 0 {
		return page.ErrNotFound
	}
	err := p.act(c, "reconcile.stop_rule", "account:"+v.reconciled.Account.Code, nil, func(tx *sqlx.Tx, who string) error {
		return reconcile.DropRule(c.UserContext(), tx, v.Community.ID, v.reconciled.Account.ID, id, who)
	})
	return done(c, err, v.Path("/rules"), "rule.stopped")
}
