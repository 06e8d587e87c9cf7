package desk

import (
	"errors"
	"regexp"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/board"
	"fund/web/page"
)

// takingsWays are the ways in which a venture is paid, each a field of its form.
var takingsWays = []sale.Way{sale.Cash, sale.WeChat, sale.Alipay, sale.Transfer}

// TakeVenture books a day's takings.
func (p *Pages) TakeVenture(c *fiber.Ctx) error {
	v, err := p.ventureHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	t := p.readTakings(v)
	if v.AnyWrong() {
		return page.Again(c, "desk/venture", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "venture.take", "venture:"+v.Slug, nil, func(tx *sqlx.Tx, who string) (err error) {
		t.EnteredBy = who
		t, err = sale.Take(c.UserContext(), tx, community, t)
		return err
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, placePath(v.Place), "venture.taken", "amount", t.Amount.Yuan())
}

func (p *Pages) readTakings(v ventureView) sale.Takings {
	t := sale.Takings{
		ID: v.Once("takings:"+v.Slug, "day", "shift", "cash", "wechat", "alipay", "transfer"), PlaceID: v.ID, Day: v.Date("day"), Shift: v.Text("shift", 20, page.Optional),
		Sales: v.Int("sales", 0, 99_999, page.Optional), EnteredAt: p.Now(),
	}
	sum := money.Zero
	for _, way := range takingsWays {
		if amount := v.Amount(string(way), page.Optional, page.Zero); !amount.IsZero() {
			t.Paid, sum = append(t.Paid, sale.Payment{Way: way, Amount: amount}), sum.Add(amount)
		}
	}
	if sum.IsZero() {
		v.Wrong("cash", "venture.wrong.nothing")
	}
	if t.Day.After(p.Now().AddDate(0, 0, 1)) {
		v.Wrong("day", "venture.wrong.future")
	}
	return t
}

// PassVentureOn moves a month's surplus to the community's general fund.
func (p *Pages) PassVentureOn(c *fiber.Ctx) error {
	v, err := p.ventureHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	s := sale.Surplus{ID: v.Once("surplus:"+v.Slug, "month", "surplus", "account"), PlaceID: v.ID, Amount: v.Amount("surplus"), EnteredAt: p.Now()}
	i := slices.IndexFunc(v.Months, func(m sale.MonthResult) bool { return m.Month.Format("2006-01") == v.Typed("month") })
	if i < 0 {
		return page.ErrUnreadable
	}
	s.Month = v.Months[i].Month
	way := sale.Way(v.Choice("account", page.Values(v.Ways)))
	if v.AnyWrong() {
		return page.Again(c, "desk/venture", v)
	}
	err = p.passOn(c, s, way)
	switch {
	case errors.Is(err, ledger.ErrNoMoney):
		v.Wrong("account", "venture.wrong.no_money")
	case errors.Is(err, sale.ErrNoSurplus):
		v.Wrong("surplus", "venture.wrong.no_surplus", "left", v.Months[i].Left().Yuan())
	case err != nil:
		return err
	default:
		p.moved(c, 0)
		return page.Done(c, placePath(v.Place), "venture.passed", "amount", s.Amount.Yuan())
	}
	return page.Again(c, "desk/venture", v)
}

func (p *Pages) passOn(c *fiber.Ctx, s sale.Surplus, way sale.Way) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	return p.act(c, "venture.pass_on", "surplus:"+s.ID.String(), nil, func(tx *sqlx.Tx, who string) error {
		book, err := ledger.OpenBook(c.UserContext(), tx, community.ID)
		if err != nil {
			return err
		}
		account, err := book.Account(way.Account())
		if err != nil {
			return err
		}
		s.EnteredBy = who
		_, err = sale.PassOn(c.UserContext(), tx, community, s, account)
		return err
	})
}

var hourForm = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// PlanVentureShift puts somebody on the roster.
func (p *Pages) PlanVentureShift(c *fiber.Ctx) error {
	v, err := p.ventureHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	s := sale.Shift{
		ID: v.Once("shift:"+v.Slug, "person", "on", "starts", "minutes"), PlaceID: v.ID, Day: v.Date("on"), Starts: v.Text("starts", 5),
		Minutes: board.ReadSpan(v.Form, "minutes", v.Spans), EnteredAt: p.Now(),
	}
	s.PersonID, _ = strconv.Atoi(v.Choice("person", page.Values(v.People)))
	if s.Starts != "" && !hourForm.MatchString(s.Starts) {
		v.Wrong("starts", "venture.wrong.hour")
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/venture", v)
	}
	err = p.act(c, "venture.plan_shift", "venture:"+v.Slug, nil, func(tx *sqlx.Tx, who string) error {
		s.EnteredBy = who
		return sale.PlanShift(c.UserContext(), tx, page.Of(c).Community.ID, s)
	})
	if err != nil {
		return err
	}
	return page.Done(c, placePath(v.Place), "venture.planned")
}

// EndVentureShift writes down how long a shift took, or that nobody came.
func (p *Pages) EndVentureShift(c *fiber.Ctx) error {
	v, err := p.ventureHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	id, err := uuid.Parse(c.Params("shift"))
	if err != nil {
		return page.ErrNotFound
	}
	minutes := board.ReadSpan(v.Label("worked", "venture.worked"), "worked", v.Lengths)
	if v.AnyWrong() {
		return page.ErrUnreadable
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "venture.end_shift", "shift:"+id.String(), nil, func(tx *sqlx.Tx, who string) error {
		return sale.EndShift(c.UserContext(), tx, community, id, minutes, who, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, placePath(v.Place), "venture.ended")
}
