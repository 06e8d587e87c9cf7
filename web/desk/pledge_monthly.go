package desk

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/pledge"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

type monthlyView struct {
	Rows  []planRow
	Month time.Time // next month
	Next  pledge.Expected
	Runs  int
	May   bool
}

type planRow struct {
	pledge.Plan
	Title   string
	Phase   pledge.Phase
	MayStop bool
}

// Monthly lists who gives every month, and what next month may bring.
func (p *Pages) Monthly(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	today := community.Day(p.Now())
	v := monthlyView{Month: ledger.MonthOf(today).AddDate(0, 1, 0), May: can(c, auth.EnterCash)}
	if v.Next, err = pledge.ExpectedIn(c.UserContext(), p.DB, community.ID, v.Month); err != nil {
		return err
	}
	plans, err := pledge.ListPlans(c.UserContext(), p.DB, community.ID)
	for _, each := range plans {
		row := planRow{Plan: each, Title: each.Title(string(page.Of(c).Lang)), Phase: each.Phase(today), MayStop: each.StoppedAs == ""}
		if row.Phase == pledge.Running {
			v.Runs++
		}
		v.Rows = append(v.Rows, row)
	}
	if err != nil {
		return err
	}
	return page.Render(c, "desk/monthly", v)
}

// StopMonthly ends a plan for its giver, who has rung.
func (p *Pages) StopMonthly(c *fiber.Ctx) error {
	id, err := uuid.Parse(page.ReadForm(c).Typed("plan"))
	if err != nil {
		return page.ErrNotFound
	}
	found, err := pledge.PlanAt(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
	if err != nil {
		return err
	}
	err = p.act(c, "monthly.stop", "plan:"+id.String(), nil, func(tx *sqlx.Tx, who string) error {
		return pledge.Stop(c.UserContext(), tx, found, who, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/monthly", "monthly.desk.stopped")
}
