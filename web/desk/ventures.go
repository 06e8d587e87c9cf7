package desk

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

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

type venturesView struct {
	Rows []ventureRow
	May  bool // found one
}

// Ventures lists what the community runs to earn its own money.
func (p *Pages) Ventures(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	places, err := sale.ListPlaces(c.UserContext(), p.DB, community.ID)
	if err != nil {
		return err
	}
	v, today := venturesView{May: can(c, auth.ManageSale)}, community.Day(p.Now())
	for _, place := range places {
		if place.Kind != sale.Venture {
			continue
		}
		months, err := sale.MonthsOf(c.UserContext(), p.DB, community.ID, place, today, today)
		if err != nil {
			return err
		}
		v.Rows = append(v.Rows, ventureRow{place, place.Name(string(page.Of(c).Lang)), months[0]})
	}
	return page.Render(c, "desk/ventures", v)
}

// NewVenture is the form that founds one.
func (p *Pages) NewVenture(c *fiber.Ctx) error {
	return page.Render(c, "desk/venture_new", ventureForm(page.BlankForm(c)))
}

func ventureForm(f *page.Form) *page.Form {
	return labelled(f, "venture.field", "slug", "name_zh", "name_en", "where_zh", "note_zh")
}

// FoundVenture opens a venture with a fund of its own.
func (p *Pages) FoundVenture(c *fiber.Ctx) error {
	f := ventureForm(page.ReadForm(c))
	place := sale.Place{
		Slug: f.Text("slug", 40), NameZH: f.Text("name_zh", 40), NameEN: f.Text("name_en", 60, page.Optional),
		WhereZH: f.Text("where_zh", 80, page.Optional), NoteZH: f.Text("note_zh", 200, page.Optional),
	}
	if place.Slug != "" && !slugForm.MatchString(place.Slug) {
		f.Wrong("slug", "venture.wrong.slug")
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/venture_new", f)
	}
	err := p.act(c, "venture.found", "venture:"+place.Slug, nil, func(tx *sqlx.Tx, who string) error {
		place.CreatedBy = who
		_, err := sale.OpenVenture(c.UserContext(), tx, page.Of(c).Community.ID, place)
		return err
	})
	if err != nil {
		if errors.Is(err, sale.ErrExists) || errors.Is(err, ledger.ErrExists) {
			f.Wrong("slug", "venture.wrong.taken")
			return page.Again(c, "desk/venture_new", f)
		}
		return err
	}
	return page.Done(c, venturePath(place.Slug), "venture.founded", "name", place.NameZH)
}

func venturePath(slug string) string { return "/desk/ventures/" + slug }

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
	Places   []page.Option // where a surplus lies
	Ways     []page.Option // from where a cost is paid
	Kinds    []page.Option
	MayTake  bool
	MayPost  bool
}

const (
	ventureMonths = 12
	takingsMax    = 15
)

// Venture shows a venture: its months, what was taken, passed on and worked.
func (p *Pages) Venture(c *fiber.Ctx) error {
	v, err := p.ventureView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.start(page.Of(c).Local(p.Now()).Format(time.DateOnly))
	return page.Render(c, "desk/venture", v)
}

// start fills the forms with what is usual: today, and what last month left over.
func (v ventureView) start(today string) {
	v.Set("day", today).Set("spent_on", today).Set("on", today).Set("minutes", "180").Set("starts", "09:00")
	before := v.Months[1]
	if v.Set("month", before.Month.Format("2006-01")); before.Left().Sign() > 0 {
		v.Set("surplus", before.Left().String())
	}
}

func (p *Pages) ventureView(c *fiber.Ctx, f *page.Form) (v ventureView, err error) {
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	ctx, today := c.UserContext(), community.Day(p.Now())
	v = ventureView{
		Form:    labelled(f, "venture.field", "day", "shift", "sales", "cash", "wechat", "alipay", "transfer", "what", "amount", "spent_on", "from", "kind", "month", "surplus", "account", "person", "on", "starts", "minutes"),
		MayTake: can(c, auth.SellAtTill), MayPost: can(c, auth.PostEntry),
	}
	if v.Place, err = sale.FindPlace(ctx, p.DB, community.ID, c.Params("venture")); err != nil {
		return v, err
	}
	if v.Kind != sale.Venture {
		return v, sale.ErrNotFound
	}
	v.Name = v.Place.Name(string(page.Of(c).Lang))
	if v.Months, err = sale.MonthsOf(ctx, p.DB, community.ID, v.Place, ledger.MonthOf(today).AddDate(0, 1-ventureMonths, 0), today); err != nil {
		return v, err
	}
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
	for _, person := range people {
		v.People = append(v.People, page.Option{Value: strconv.Itoa(person.ID), Label: person.Name})
	}
	v.Spans, v.Lengths = board.Spans(r), append([]page.Option{{Value: "0", Label: r.T("venture.missed")}}, board.Spans(r)...)
	v.Ways = []page.Option{{Value: string(sale.Cash), Label: r.T("venture.way.cash")}, {Value: string(sale.Transfer), Label: r.T("venture.way.transfer")}}
	v.Kinds = []page.Option{{Value: string(sale.Stock), Label: r.T("venture.kind.stock")}, {Value: string(sale.Running), Label: r.T("venture.kind.cost")}}
	v.Places = v.Ways
	return err
}
