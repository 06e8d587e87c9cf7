package desk

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/mutualaid"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/board"
	"fund/web/page"
)

func init() {
	page.Meaning(sale.ErrSharedFund, fiber.StatusConflict, "venture.error.shared")
	page.Meaning(sale.ErrMonthLasts, fiber.StatusConflict, "venture.error.month_lasts")
	page.Meaning(sale.ErrNoSurplus, fiber.StatusConflict, "venture.error.no_surplus")
	page.Meaning(sale.ErrNotAVenture, fiber.StatusNotFound, "error.missing")
}

// ventureRow is a venture with this month's result so far.
type ventureRow struct {
	sale.Place
	Name string
	Now  sale.MonthResult
}

// Ventures leads to the list, which they share with the events.
func (p *Pages) Ventures(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(salesPath)+"#ventures", fiber.StatusSeeOther)
}

// ventureView is a venture's year, and the forms of its daily work.
type ventureView struct {
	sale.Place
	*page.Form
	Name     string
	Months   []sale.MonthResult // the last twelve, the latest first
	Accounts []sale.AccountResult
	Of       time.Time // the month whose accounts are shown
	Total    sale.MonthResult
	Takings  []sale.Takings
	Passed   []sale.Surplus
	Shifts   []sale.Shift
	People   []page.Option
	Spans    []page.Option
	Lengths  []page.Option // of a shift that is over
	Ways     []page.Option // where a cost is paid from, and a surplus lies
	Kinds    []page.Option
	Sessions []sessionRow
	Items    int
	MayTake  bool
	MaySell  bool // the same, as the list of sessions asks for it
	MayPost  bool
	MayEdit  bool
}

const (
	ventureMonths = 12
	takingsMax    = 15
)

// Venture shows a venture: its months, what was taken, passed on and worked.
func (p *Pages) Venture(c *fiber.Ctx) error {
	v, err := p.ventureHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.start(page.Of(c).Local(p.Now()).Format(time.DateOnly))
	return page.Render(c, "desk/venture", v)
}

// start fills the forms with what is usual: today, and what last month left over.
func (v ventureView) start(today string) {
	v.Set("kind", string(sale.Stock)).Set("way", string(sale.Cash)).Set("day", today).Set("spent_on", today).Set("on", today).Set("minutes", "180").Set("starts", "09:00")
	before := v.Months[1]
	if v.Set("month", before.Month.Format("2006-01")); before.Left().Sign() > 0 {
		v.Set("surplus", before.Left().String())
	}
}

// ventureHere is the view of the venture that the address names.
func (p *Pages) ventureHere(c *fiber.Ctx, f *page.Form) (v ventureView, err error) {
	place, err := sale.FindPlace(c.UserContext(), p.DB, page.Of(c).Community.ID, c.Params("venture"))
	if err == nil && place.Kind != sale.Venture {
		err = sale.ErrNotFound
	}
	if err != nil {
		return v, err
	}
	return p.ventureView(c, place, f)
}

func (p *Pages) ventureView(c *fiber.Ctx, place sale.Place, f *page.Form) (v ventureView, err error) {
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	ctx, today := c.UserContext(), community.Day(p.Now())
	v = ventureView{
		Place: place, MayTake: can(c, auth.SellAtTill), MaySell: can(c, auth.SellAtTill), MayPost: can(c, auth.PostEntry), MayEdit: can(c, auth.ManageSale),
	}
	labelled(f, "venture.field", "day", "shift", "sales", "cash", "wechat", "alipay", "transfer", "month", "surplus", "account", "person", "on", "starts", "minutes")
	v.Form, v.Kinds, v.Ways = costForm(c, f)
	v.Name = v.Place.Name(string(page.Of(c).Lang))
	if v.Months, err = sale.MonthsOf(ctx, p.DB, community.ID, v.Place, ledger.MonthOf(today).AddDate(0, 1-ventureMonths, 0), today); err != nil {
		return v, err
	}
	v.Months = sale.Lately(v.Months)
	slices.Reverse(v.Months)
	for _, m := range v.Months {
		v.Total.Income, v.Total.Expense, v.Total.PassedOn = v.Total.Income.Add(m.Income), v.Total.Expense.Add(m.Expense), v.Total.PassedOn.Add(m.PassedOn)
	}
	if v.Of, err = time.Parse("2006-01", c.Query("month")); err != nil {
		v.Of = ledger.MonthOf(today)
	}
	if v.Accounts, err = sale.AccountsOf(ctx, p.DB, community.ID, v.Place, v.Of, v.Of); err != nil {
		return v, err
	}
	return v, p.ventureWork(c, &v, community, today)
}

// ventureWork reads what was done in a venture lately, and the choices of its forms.
func (p *Pages) ventureWork(c *fiber.Ctx, v *ventureView, community ledger.Community, today time.Time) (err error) {
	ctx, r := c.UserContext(), page.Of(c)
	if v.Takings, err = sale.ListTakings(ctx, p.DB, community.ID, v.ID, takingsMax); err != nil {
		return err
	}
	if v.Passed, err = sale.ListSurplus(ctx, p.DB, community.ID, v.ID); err != nil {
		return err
	}
	if v.Shifts, err = sale.ListShifts(ctx, p.DB, community.ID, v.ID, today.AddDate(0, 0, -14), today.AddDate(0, 0, 28)); err != nil {
		return err
	}
	people, err := mutualaid.ListPeople(ctx, p.DB, community.ID)
	if err != nil {
		return err
	}
	for _, person := range people {
		v.People = append(v.People, page.Option{Value: strconv.Itoa(person.ID), Label: person.Name})
	}
	v.Spans, v.Lengths = board.Spans(r), append([]page.Option{{Value: "0", Label: r.T("venture.missed")}}, board.Spans(r)...)
	if v.Items, _, err = p.itemsCounted(c, v.ID); err != nil {
		return err
	}
	v.Sessions, err = p.sessionRows(c, v.ID)
	return err
}
