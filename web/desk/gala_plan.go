package desk

import (
	"errors"
	"regexp"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/web/page"
)

// What the refusals of seats and bids mean to a reader, here and in public.
func init() {
	page.Meaning(sale.ErrSeatTaken, fiber.StatusConflict, "gala.error.seat")
	page.Meaning(sale.ErrSoldOut, fiber.StatusConflict, "gala.error.sold_out")
	page.Meaning(sale.ErrBidLow, fiber.StatusConflict, "gala.error.low")
	page.Meaning(sale.ErrBidClosed, fiber.StatusConflict, "gala.error.closed")
	page.Meaning(sale.ErrNotSignedOff, fiber.StatusConflict, "gala.error.sign_off")
	page.Meaning(errNoDrawer, fiber.StatusConflict, "gala.error.drawer")
}

// seatPlanView is how the guests of a ticket sit.
type seatPlanView struct {
	*page.Form
	Item   sale.Item
	Shapes []page.Option
	Fixed  bool // tickets are out: only the hour may change
}

// saleItemHere is the item of a place that the address names.
func (p *Pages) saleItemHere(c *fiber.Ctx) (i sale.Item, err error) {
	at, err := p.placeHere(c)
	if err != nil {
		return i, err
	}
	id, err := uuid.Parse(c.Params("item"))
	if err != nil {
		return i, page.ErrNotFound
	}
	if i, err = sale.ItemAt(c.UserContext(), p.DB, page.Of(c).Community.ID, id); err == nil && i.PlaceID != at.ID {
		err = page.ErrNotFound
	}
	return i, err
}

func (p *Pages) seatPlanView(c *fiber.Ctx, f *page.Form) (v seatPlanView, plan sale.SeatPlan, err error) {
	v = seatPlanView{Form: labelled(f, "gala.plan", "shape", "blocks", "places", "held_on", "starts"), Shapes: choices(c, "gala.shape", sale.Shapes...)}
	if v.Item, err = p.saleItemHere(c); err != nil {
		return v, plan, err
	}
	if v.Item.Kind != sale.Ticket {
		return v, plan, page.ErrNotFound
	}
	v.Fixed = v.Item.Sold+v.Item.Held > 0
	plan, err = sale.SeatPlanOf(c.UserContext(), p.DB, page.Of(c).Community.ID, v.Item.ID)
	if errors.Is(err, sale.ErrNotFound) {
		plan, err = sale.SeatPlan{Item: v.Item.ID, Shape: sale.Tables, Blocks: 6, Places: 8}, nil
	}
	return v, plan, err
}

// SeatPlan is the form of how guests sit.
func (p *Pages) SeatPlan(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	v, plan, err := p.seatPlanView(c, f)
	if err != nil {
		return err
	}
	f.Set("shape", string(plan.Shape)).Set("blocks", count(plan.Blocks)).Set("places", count(plan.Places)).Set("starts", plan.Starts)
	if plan.HeldOn != nil {
		f.Set("held_on", day(*plan.HeldOn))
	}
	return page.Render(c, "desk/gala_plan", v)
}

var hourOfDay = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// PlanSeats lays the seats out.
func (p *Pages) PlanSeats(c *fiber.Ctx) error {
	v, _, err := p.seatPlanView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	plan := sale.SeatPlan{Item: v.Item.ID, Shape: sale.Shape(v.Choice("shape", page.Values(v.Shapes))), Blocks: 1, Starts: v.Text("starts", 5, page.Optional)}
	if plan.Shape == sale.FreeSeating {
		plan.Places = v.Int("places", 1, 2000)
	} else {
		plan.Blocks, plan.Places = v.Int("blocks", 1, 100), v.Int("places", 1, 60)
	}
	if held := v.Date("held_on", page.Optional); !held.IsZero() {
		plan.HeldOn = &held
	}
	if plan.Starts != "" && !hourOfDay.MatchString(plan.Starts) {
		v.Wrong("starts", "gala.wrong.hour")
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/gala_plan", v)
	}
	err = p.act(c, "sale.seats", "item:"+v.Item.ID.String(), nil, func(tx *sqlx.Tx, _ string) error {
		return sale.PlanSeats(c.UserContext(), tx, page.Of(c).Community.ID, plan)
	})
	if errors.Is(err, sale.ErrState) {
		v.Wrong("shape", "gala.wrong.seats_out")
		return page.Again(c, "desk/gala_plan", v)
	}
	if err != nil {
		return err
	}
	return page.Done(c, salePath(v.Item.PlaceID)+"/tickets", "gala.planned", "count", plan.Blocks*plan.Places)
}
