package desk

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/schedule"
	"fund/web/page"
)

// The ways in which an item came.
const (
	cameBought = "bought"
	cameEntry  = "entry"
	cameBefore = "before"
)

var itemFields = []string{"name", "place", "holder", "bought_on", "cost", "fund", "came", "paid_from", "voucher", "since", "months", "first", "residual", "account", "contra", "expense"}

// newItemView is the form for an item.
type newItemView struct {
	*page.Form
	Kind                              schedule.Kind
	Path                              string
	b                                 books
	Funds, Ways, Paid, Assets, Spends []page.Option
}

// NewItem is the form for an asset or a prepaid item, blank or begun with a gift in kind.
func (p *Pages) NewItem(c *fiber.Ctx) error {
	today := dateOf(page.Of(c).Local(p.Now()))
	f := page.BlankForm(c).Set("bought_on", day(today)).Set("came", cameBought).Set("months", "36")
	for _, name := range []string{"name", "cost", "fund", "paid_from", "bought_on"} {
		if asked := page.Clean(c.Query(name)); asked != "" {
			f.Set(name, asked)
		}
	}
	v, err := p.newItemView(c, f)
	if err != nil {
		return err
	}
	if v.Kind == schedule.Prepaid {
		v.Set("months", "12").Set("first", today.Format("2006-01"))
	}
	return page.Render(c, "desk/item_new", v)
}

func (p *Pages) newItemView(c *fiber.Ctx, f *page.Form) (v newItemView, err error) {
	v = newItemView{Form: labelled(f, "item.field", itemFields...), Kind: registerHere(c), Ways: choices(c, "item.came", cameBought, cameEntry, cameBefore)}
	v.Path = registers[v.Kind]
	if v.b, err = p.readBooks(c); err != nil {
		return v, err
	}
	r := page.Of(c)
	v.Funds = v.b.fundOptions(r, false)
	v.Assets, v.Spends = v.b.ofType(r, ledger.Asset), v.b.ofType(r, ledger.Expense)
	v.Paid = append(v.b.ofType(r, ledger.Asset), v.b.ofType(r, ledger.Liability)...)
	purposes := map[string]ledger.Purpose{"paid_from": ledger.Bank, "account": ledger.FixedAssets, "contra": ledger.AccumulatedDepreciation, "expense": ledger.AdminExpense}
	if v.Kind == schedule.Prepaid {
		purposes["account"] = ledger.Prepaid
	}
	for field, purpose := range purposes {
		if a, ok := v.b.Chart.By(purpose); ok && f.Typed(field) == "" {
			f.Set(field, a.Code)
		}
	}
	return v, nil
}

// ofType are the open accounts of a type to choose from.
func (b books) ofType(r *page.Reader, t ledger.AccountType) (options []page.Option) {
	for _, a := range b.Chart {
		if a.Type == t && a.ClosedAt == nil {
			options = append(options, page.Option{Value: a.Code, Label: a.Code + " " + a.Name(string(r.Lang))})
		}
	}
	return options
}

// read reads the form; paidFrom is 0 where nothing is bought now, voucher is where it came by an entry.
func (v newItemView) read() (i schedule.Item, paidFrom int, voucher string) {
	account := func(field string, among []page.Option) int {
		a, _ := v.b.Chart.Code(v.Choice(field, page.Values(among)))
		return a.ID
	}
	fund, _ := v.b.fund(v.Choice("fund", page.Values(v.Funds)))
	i = schedule.Item{
		ID: v.Once(string(v.Kind), itemFields...), Kind: v.Kind, Name: line(v.Text("name", 80)), Place: line(v.Text("place", 60, page.Optional)), Holder: line(v.Text("holder", 40, page.Optional)),
		BoughtOn: v.Date("bought_on"), Cost: v.Amount("cost"), Fund: fund.ID, Months: v.Int("months", 1, 600), Residual: v.Amount("residual", page.Optional, page.Zero),
	}
	i.First = schedule.MonthAfter(i.BoughtOn)
	if v.Kind == schedule.Prepaid {
		i.First = readMonth(v.Form, "first")
	}
	i.Since = i.First
	switch v.Choice("came", page.Values(v.Ways)) {
	case cameBought:
		paidFrom = account("paid_from", v.Paid)
	case cameEntry:
		voucher = v.Text("voucher", 20)
	case cameBefore:
		if i.Since = readMonth(v.Form, "since"); i.Since.Before(i.First) && !v.AnyWrong() {
			i.Since = i.First
		}
	}
	i.Account, i.Expense = account("account", v.Assets), account("expense", v.Spends)
	if i.Contra = i.Account; v.Kind == schedule.Asset {
		i.Contra = account("contra", v.Assets)
	}
	return i, paidFrom, voucher
}

// readMonth reads a month: 2026-01.
func readMonth(f *page.Form, name string, rules ...page.Rule) time.Time {
	typed := f.Text(name, 7, rules...)
	month, err := time.Parse("2006-01", typed)
	if typed != "" && (err != nil || month.Year() < 1990 || month.Year() > 2200) {
		f.Wrong(name, "item.wrong.month")
		return time.Time{}
	}
	return month
}

// AddItem writes an item into its register, with the entry of its purchase where it is bought now.
func (p *Pages) AddItem(c *fiber.Ctx) error {
	v, err := p.newItemView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	i, paidFrom, voucher := v.read()
	if voucher != "" && !v.AnyWrong() {
		e, err := p.entryAt(c, voucher)
		if err != nil {
			v.Wrong("voucher", "item.wrong.voucher")
		}
		i.EntrySeq = &e.Seq
	}
	if !v.AnyWrong() {
		err = p.addItem(c, i, paidFrom)
	}
	if refusedItem(c, v.Form, v.b, err) || v.AnyWrong() {
		return page.Again(c, "desk/item_new", v)
	}
	p.moved(c, 0)
	return done(c, err, v.Path+"/"+i.ID.String(), "item.added", "name", i.Name)
}

func (p *Pages) addItem(c *fiber.Ctx, i schedule.Item, paidFrom int) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "item.register", string(i.Kind)+":"+i.ID.String(), nil, func(tx *sqlx.Tx, who string) error {
		i.By = who
		_, err := schedule.Register(c.UserContext(), tx, community, i, paidFrom)
		return err
	})
	if errors.Is(err, ledger.ErrDuplicateSource) {
		return nil // the same form, sent twice
	}
	return err
}

// refusedItem says in the form why an item is not taken; false for any other error, and for none.
func refusedItem(c *fiber.Ctx, f *page.Form, b books, err error) bool {
	switch {
	case errors.Is(err, schedule.ErrTerms):
		f.Wrong("months", "item.wrong.terms")
	case errors.Is(err, schedule.ErrAccounts):
		f.Wrong("account", "item.wrong.accounts")
	case errors.Is(err, schedule.ErrEntry):
		f.Wrong("voucher", "item.wrong.entry")
	case errors.Is(err, schedule.ErrProceeds):
		f.Wrong("into", "item.wrong.into")
	case errors.Is(err, ledger.ErrPeriodClosed), errors.Is(err, ledger.ErrFundOverspent):
		return refusedNear(c, f, b, err, "bought_on", "gone_on")
	default:
		return refused(c, f, err, b)
	}
	return true
}

// refusedNear says why the books refused at the first of some fields that the form has, where it has none for date or fund.
func refusedNear(c *fiber.Ctx, f *page.Form, b books, err error, fields ...string) bool {
	at := fields[0]
	for _, field := range fields {
		if f.Typed(field) != "" {
			at = field
		}
	}
	return closedMonth(c, f, err, at) || overspent(c, f, err, b, func(string) string { return at })
}
