package public

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/sale"
	"fund/ledger"
	"fund/web/page"
)

func init() {
	page.Meaning(sale.ErrNotFound, fiber.StatusNotFound, "error.missing")
}

// ventureView is a venture's last twelve months as the books have them.
type ventureView struct {
	sale.Place
	Name   string
	Fund   ledger.Fund
	Months []sale.MonthResult // the latest first
	Total  sale.MonthResult
	Passed []sale.Surplus
}

const ventureMonths = 12

// Ventures lists what the community runs to earn its own money.
func (p *Pages) Ventures(c *fiber.Ctx) error {
	places, err := sale.ListPlaces(c.UserContext(), p.Read, here(c))
	if err != nil {
		return err
	}
	var views []ventureView
	for _, place := range places {
		if place.Kind != sale.Venture || place.State == sale.Draft {
			continue
		}
		v, err := p.ventureView(c, place)
		if err != nil {
			return err
		}
		views = append(views, v)
	}
	return page.Render(c, "public/ventures", views)
}

// Venture shows one: what it earned and cost month by month, and what it passed on.
func (p *Pages) Venture(c *fiber.Ctx) error {
	place, err := sale.FindPlace(c.UserContext(), p.Read, here(c), c.Params("venture"))
	if err != nil {
		return err
	}
	if place.Kind != sale.Venture || place.State == sale.Draft {
		return page.ErrNotFound
	}
	v, err := p.ventureView(c, place)
	if err != nil {
		return err
	}
	return page.Render(c, "public/venture", v)
}

func (p *Pages) ventureView(c *fiber.Ctx, place sale.Place) (v ventureView, err error) {
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	ctx, today := c.UserContext(), community.Day(p.Now())
	v = ventureView{Place: place, Name: place.Name(lang(c))}
	if v.Fund, err = ledger.FundAt(ctx, p.Read, community.ID, place.FundID); err != nil {
		return v, err
	}
	if v.Months, err = sale.MonthsOf(ctx, p.Read, community.ID, place, ledger.MonthOf(today).AddDate(0, 1-ventureMonths, 0), today); err != nil {
		return v, err
	}
	for _, m := range v.Months {
		v.Total.Income, v.Total.Expense = v.Total.Income.Add(m.Income), v.Total.Expense.Add(m.Expense)
	}
	v.Months = sale.Lately(v.Months)
	slices.Reverse(v.Months)
	v.Passed, err = sale.ListSurplus(ctx, p.Read, community.ID, place.ID)
	return v, err
}
