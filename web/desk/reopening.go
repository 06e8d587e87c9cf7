package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

// What the refusals of reopening and of closing years mean at the desk.
func init() {
	page.Meaning(ledger.ErrTwoPeople, fiber.StatusConflict, "error.two_people")
	page.Meaning(ledger.ErrAskedAlready, fiber.StatusConflict, "error.asked_already")
	page.Meaning(ledger.ErrLapsed, fiber.StatusConflict, "error.request_lapsed")
	page.Meaning(ledger.ErrPeriodOpen, fiber.StatusConflict, "error.month_open")
	page.Meaning(ledger.ErrYearClosed, fiber.StatusConflict, "error.year_end")
	page.Meaning(ledger.ErrMoved, fiber.StatusConflict, "error.books_moved")
}

// roleFor is the role by which whoever acts may do something: what the public is told of them.
func roleFor(c *fiber.Ctx, p auth.Permission) (string, error) {
	s, err := auth.Current(c)
	if err != nil {
		return "", err
	}
	has := s.User.Roles[page.Of(c).Community.ID]
	for _, role := range auth.Roles {
		for _, one := range has {
			if one == role && role.May(p) {
				return string(role), nil
			}
		}
	}
	return "", auth.ErrForbidden
}

// AskReopening asks to open a closed month again; somebody else has to agree, and the note is for everybody to read.
func (p *Pages) AskReopening(c *fiber.Ctx) error {
	month, err := monthHere(c)
	if err != nil {
		return err
	}
	f := labelled(page.ReadForm(c), "periods.field", "why")
	why := line(f.Text("why", 200))
	if f.AnyWrong() {
		v, err := p.periodsView(c, f)
		if err != nil {
			return err
		}
		return page.Again(c, "desk/periods", v)
	}
	role, err := roleFor(c, auth.ReopenPeriod)
	if err != nil {
		return err
	}
	err = p.act(c, "period.ask", "period:"+c.Params("month"), map[string]any{"why": why}, func(tx *sqlx.Tx, who string) error {
		_, err := ledger.AskReopening(c.UserContext(), tx, page.Of(c).Community.ID, month, who, role, why)
		return err
	})
	p.moved(c, 0)
	return done(c, err, "/desk/periods", "periods.asked", "month", page.Of(c).Lang.Month(month))
}

// AgreeReopening opens the month that somebody else asked for.
func (p *Pages) AgreeReopening(c *fiber.Ctx) error {
	month, err := monthHere(c)
	if err != nil {
		return err
	}
	request, err := page.Number(c, "request")
	if err != nil {
		return err
	}
	role, err := roleFor(c, auth.ReopenPeriod)
	if err != nil {
		return err
	}
	err = p.act(c, "period.reopen", "period:"+c.Params("month"), map[string]any{"request": request}, func(tx *sqlx.Tx, who string) error {
		r, err := ledger.AgreeReopening(c.UserContext(), tx, page.Of(c).Community.ID, request, who, role)
		if err == nil && !r.Month.Equal(month) {
			err = page.ErrNotFound
		}
		return err
	})
	p.moved(c, 0)
	return done(c, err, "/desk/periods", "periods.reopened", "month", page.Of(c).Lang.Month(month))
}

// CloseYear moves what a year earned and spent to net assets, once its months are closed.
func (p *Pages) CloseYear(c *fiber.Ctx) error {
	year, err := strconv.Atoi(c.Params("year"))
	if err != nil || year < 1900 || year > 9999 {
		return page.ErrNotFound
	}
	if !p.isOver(c, ledger.Day(year, 12, 1)) {
		return errMonthRuns
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "period.close_year", "year:"+strconv.Itoa(year), nil, func(tx *sqlx.Tx, who string) error {
		_, err := ledger.CloseYear(c.UserContext(), tx, community, year, who)
		return err
	})
	p.moved(c, 0)
	return done(c, err, "/desk/periods", "periods.year_closed", "year", year)
}
