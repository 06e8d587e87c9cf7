package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/ledger/money"
	"fund/web/page"
)

// outcomesView is a project's activities, and rows for many more at once.
type outcomesView struct {
	projectView
	Rows []int
}

const outcomeRowsFirst, outcomeRowsMore, outcomeRowsMax = 5, 5, 40

// Outcomes shows a project's activities with the form that takes many at once.
func (p *Pages) Outcomes(c *fiber.Ctx) error {
	v, err := p.outcomesView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/project_outcomes", v)
}

func (p *Pages) outcomesView(c *fiber.Ctx, f *page.Form) (v outcomesView, err error) {
	if v.projectView, err = p.projectView(c, f); err != nil {
		return v, err
	}
	n := max(f.Number("rows"), outcomeRowsFirst)
	if f.Typed("press") == "more" {
		n += outcomeRowsMore
	}
	for i := range min(n, outcomeRowsMax) {
		v.Rows = append(v.Rows, i+1)
		for _, field := range []string{"day", "activity", "came", "signed", "hours", "goods"} {
			f.Label(rowField(i+1, field), "life.outcome."+field)
		}
	}
	f.Set("rows", strconv.Itoa(len(v.Rows)))
	return v, nil
}

// RecordOutcomes writes down the activities that were typed, or strikes one out.
func (p *Pages) RecordOutcomes(c *fiber.Ctx) error {
	v, err := p.outcomesView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	f := v.Form
	if f.Typed("press") == "more" {
		return page.Render(c, "desk/project_outcomes", v)
	}
	if f.Typed("strike") != "" {
		return p.strikeOutcome(c, v, f.Number("strike"))
	}
	held := v.read()
	if len(held) == 0 && !f.AnyWrong() {
		f.Wrong(rowField(1, "day"), "form.wrong.blank")
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/project_outcomes", v)
	}
	err = p.act(c, "project.outcomes", projectSubject(v.ID), map[string]any{"activities": len(held)}, func(tx *sqlx.Tx, who string) error {
		for i := range held {
			held[i].By = who
		}
		return project.RecordOutcome(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, held...)
	})
	p.moved(c, 0)
	return done(c, err, projectPath(v.ID)+"/outcomes", "life.did.outcomes", "count", len(held))
}

func (p *Pages) strikeOutcome(c *fiber.Ctx, v outcomesView, n int) error {
	why := v.Form.Text("why", 200)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/project_outcomes", v)
	}
	err := p.act(c, "project.strike", projectSubject(v.ID), nil, func(tx *sqlx.Tx, _ string) error {
		return project.StrikeOutcome(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, n, why)
	})
	p.moved(c, 0)
	return done(c, err, projectPath(v.ID)+"/outcomes", "life.did.strike")
}

// read reads the rows that somebody wrote in; an activity that is left empty is the one above.
func (v outcomesView) read() (held []project.Outcome) {
	f, last := v.Form, ""
	for _, n := range v.Rows {
		at := func(field string) string { return rowField(n, field) }
		if trimmed(f, at("day"))+trimmed(f, at("activity"))+trimmed(f, at("came")) == "" {
			continue
		}
		o := project.Outcome{HeldOn: f.Date(at("day")), PersonTimes: f.Int(at("came"), 0, 99999), GoodsZH: f.Text(at("goods"), 120, page.Optional)}
		if o.ActivityZH = trimmed(f, at("activity")); o.ActivityZH == "" {
			if o.ActivityZH = last; last == "" {
				o.ActivityZH = f.Text(at("activity"), 80)
			}
		}
		last = o.ActivityZH
		if trimmed(f, at("signed")) != "" {
			signed := f.Int(at("signed"), 0, 99999)
			if o.SignedIn = &signed; signed > o.PersonTimes {
				f.Wrong(at("signed"), "life.wrong.signed")
			}
		}
		if typed := trimmed(f, at("hours")); typed != "" {
			o.Minutes = v.minutes(at("hours"), typed)
		}
		if o.HeldOn.After(v.Today) {
			f.Wrong(at("day"), "life.wrong.future")
		}
		held = append(held, o)
	}
	return held
}

// minutes reads hours with at most two places: 1.5.
func (v outcomesView) minutes(field, typed string) int {
	hours, err := money.Parse(typed)
	if err != nil || hours.Sign() < 0 {
		v.Form.Wrong(field, "life.wrong.hours")
		return 0
	}
	return int(hours.Fen() * 60 / 100)
}
