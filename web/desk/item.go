package desk

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/schedule"
	"fund/web/auth"
	"fund/web/page"
)

// registeredView is one item with its schedule.
type registeredView struct {
	itemRow
	Path                     string
	b                        books
	AccountName, ExpenseName string
	Voucher                  string
	Shares                   []shareRow
	Form                     *page.Form // of name, place and holder; nil for who may not
	Leave                    *page.Form // how it leaves; nil once it has
	Ways, Into               []page.Option
}

type shareRow struct {
	schedule.Share
	Left  money.Amount // of the cost after it
	State string       // before, posted, due, ahead
}

// Item shows one item with its schedule.
func (p *Pages) Item(c *fiber.Ctx) error {
	v, err := p.registeredView(c, page.BlankForm(c), page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/item", v)
}

func (p *Pages) registeredView(c *fiber.Ctx, f, leave *page.Form) (v registeredView, err error) {
	id, err := uuid.Parse(c.Params("item"))
	if err != nil {
		return v, page.ErrNotFound
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	i, err := schedule.ItemAt(ctx, p.DB, here, id)
	if err != nil || i.Kind != registerHere(c) {
		return v, errors.Join(err, schedule.ErrNotFound)
	}
	if v.b, err = p.readBooks(c); err != nil {
		return v, err
	}
	v.itemRow, v.Path = itemRow{i, v.b.fundName(c, i.Fund)}, registers[i.Kind]
	account, _ := v.b.Chart.ID(i.Account)
	expense, _ := v.b.Chart.ID(i.Expense)
	lang := string(page.Of(c).Lang)
	v.AccountName, v.ExpenseName = account.Code+" "+account.Name(lang), expense.Code+" "+expense.Name(lang)
	if i.EntrySeq != nil {
		e, err := ledger.EntryAt(ctx, p.DB, here, *i.EntrySeq)
		if err != nil {
			return v, err
		}
		v.Voucher = e.Voucher()
	}
	if can(c, auth.PostEntry) {
		v.Form = labelled(begin(f, "name", i.Name, "place", i.Place, "holder", i.Holder), "item.field", "name", "place", "holder")
		if i.GoneOn == nil && !i.Void {
			v.offerLeaving(c, leave, p.today(c))
		}
	}
	return v, p.shares(c, &v)
}

// offerLeaving fills in how an item may leave.
func (v *registeredView) offerLeaving(c *fiber.Ctx, f *page.Form, today string) {
	v.Leave = labelled(begin(f, "gone_on", today), "item.leave", "how", "gone_on", "proceeds", "into", "leave_why")
	v.Ways = choices(c, "item.how", schedule.Sold, schedule.Given, schedule.Lost, schedule.Scrapped)
	if v.Kind == schedule.Prepaid {
		v.Ways = choices(c, "item.how", schedule.Ended)
		begin(f, "how", schedule.Ended)
	}
	v.Into = v.b.ofType(page.Of(c), ledger.Asset)
	if bank, ok := v.b.Chart.By(ledger.Bank); ok {
		begin(f, "into", bank.Code)
	}
}

func (p *Pages) shares(c *fiber.Ctx, v *registeredView) error {
	today := dateOf(page.Of(c).Local(p.Now()))
	waiting, err := schedule.DueOf(c.UserContext(), p.DB, page.Of(c).Community.ID, v.Item, v.Last())
	due := map[time.Time]bool{}
	for _, t := range waiting {
		due[t.Month] = true
	}
	left := v.Cost
	for _, s := range v.Item.Shares() {
		left = left.Sub(s.Amount)
		row := shareRow{s, left, "posted"}
		switch {
		case s.Month.Before(v.Since):
			row.State = "before"
		case v.GoneOn != nil && s.Month.After(*v.GoneOn):
			row.State = "gone"
		case due[s.Month] && s.Month.After(today):
			row.State = "ahead"
		case due[s.Month]:
			row.State = "due"
		}
		v.Shares = append(v.Shares, row)
	}
	return err
}

// ChangeItem changes what an item is called, where it stands, and who has it.
func (p *Pages) ChangeItem(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.registeredView(c, f, page.BlankForm(c))
	if err != nil {
		return err
	}
	name, place, holder := line(f.Text("name", 80)), line(f.Text("place", 60, page.Optional)), line(f.Text("holder", 40, page.Optional))
	if f.AnyWrong() {
		return page.Again(c, "desk/item", v)
	}
	err = p.act(c, "item.change", string(v.Kind)+":"+v.ID.String(), nil, func(tx *sqlx.Tx, _ string) error {
		return schedule.Move(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, name, place, holder)
	})
	return done(c, err, v.Path+"/"+v.ID.String(), "item.changed", "name", name)
}

// Dispose takes an item out of the books.
func (p *Pages) Dispose(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.registeredView(c, page.BlankForm(c), f)
	if err != nil {
		return err
	}
	if v.Leave == nil {
		return schedule.ErrGone
	}
	into, _ := v.b.Chart.Code(f.Choice("into", page.Values(v.Into)))
	d := schedule.Disposal{
		Item: v.ID, How: f.Choice("how", page.Values(v.Ways)), On: f.Date("gone_on"), Proceeds: f.Amount("proceeds", page.Optional, page.Zero), Into: into.ID,
		Why: line(f.Text("leave_why", 160, page.Optional)),
	}
	if !f.AnyWrong() {
		err = p.post(c, "item.dispose", string(v.Kind)+":"+v.ID.String(), func(tx *sqlx.Tx, community ledger.Community, who string) (ledger.Posted, error) {
			d.By = who
			return schedule.Dispose(c.UserContext(), tx, community, d)
		})
	}
	if refusedItem(c, f, v.b, err) || f.AnyWrong() {
		return page.Again(c, "desk/item", v)
	}
	return done(c, err, v.Path+"/"+v.ID.String(), "item.gone", "name", v.Name)
}

// ToItem sends whoever reloads the address of an item's form back to it.
func (p *Pages) ToItem(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(registers[registerHere(c)]+"/"+c.Params("item")), fiber.StatusSeeOther)
}
