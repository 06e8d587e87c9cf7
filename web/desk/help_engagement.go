package desk

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/mutualaid"
	"fund/web/board"
	"fund/web/page"
)

// engagementView is one engagement with both people, what was said, and what may be said now.
type engagementView struct {
	mutualaid.Engagement
	Helper, Helped mutualaid.Person
	Steps          []helpStep
	Form           *page.Form
	Spans          []page.Option
	DayCame        bool
}

// helpStep is a word with the name of whoever of the staff heard it.
type helpStep struct {
	mutualaid.Step
	Who string
}

// Engagement shows what is arranged between two neighbours, with both telephones.
func (p *Pages) Engagement(c *fiber.Ctx) error {
	v, err := p.engagementView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/help_engagement", v)
}

func (p *Pages) engagementView(c *fiber.Ctx, f *page.Form) (v engagementView, err error) {
	id, err := uuid.Parse(c.Params("engagement"))
	if err != nil {
		return v, page.ErrNotFound
	}
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	ctx := c.UserContext()
	if v.Engagement, err = mutualaid.EngagementAt(ctx, p.DB, community.ID, id); err != nil {
		return v, err
	}
	if v.Helper, err = mutualaid.PersonAt(ctx, p.DB, community.ID, v.HelperID); err != nil {
		return v, err
	}
	if v.Helped, err = mutualaid.PersonAt(ctx, p.DB, community.ID, v.HelpedID); err != nil {
		return v, err
	}
	said, err := mutualaid.Steps(ctx, p.DB, community.ID, id)
	if err != nil {
		return v, err
	}
	name, err := p.named(c)
	for _, s := range said {
		step := helpStep{Step: s}
		if s.Through != "" && err == nil {
			step.Who = name(s.Through)
		}
		v.Steps = append(v.Steps, step)
	}
	v.DayCame = !v.Day.After(community.Day(p.Now()))
	if f.Typed("minutes") == "" {
		f.Set("minutes", strconv.Itoa(v.Planned))
	}
	v.Form, v.Spans = labelled(f, "help.field", "minutes", "note"), board.Spans(page.Of(c))
	return v, err
}

// HearHelp writes down what one side said on the telephone, or calls the engagement off.
func (p *Pages) HearHelp(c *fiber.Ctx) error {
	v, err := p.engagementView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	f := v.Form
	w := mutualaid.Word{Side: mutualaid.Side(f.Typed("side")), Said: mutualaid.Said(f.Typed("said")), Note: f.Text("note", 120, page.Optional), At: p.Now()}
	if w.Said == mutualaid.Time {
		w.Minutes = board.ReadSpan(f, "minutes", v.Spans)
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/help_engagement", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "help.hear", "help:"+v.ID.String(), nil, func(tx *sqlx.Tx, who string) error {
		w.Through = who
		_, err := mutualaid.Say(c.UserContext(), tx, community, v.ID, w)
		return err
	})
	if err != nil {
		return err
	}
	page.SiteOf(c).Cache.Bump(community.ID)
	return page.Done(c, helpPath(v.ID), "help.did."+string(w.Said))
}

type helpPeopleView struct {
	People []mutualaid.Person
	Form   *page.Form
	Who    []page.Option
	Sorts  []page.Option
	Spans  []page.Option
	Shifts []mutualaid.DeskShift // the latest
}

// HelpPeople lists who takes part: telephones, hours given and received, whom to invite.
func (p *Pages) HelpPeople(c *fiber.Ctx) error {
	v, err := p.helpPeopleView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/help_people", v)
}

func (p *Pages) helpPeopleView(c *fiber.Ctx, f *page.Form) (v helpPeopleView, err error) {
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	if v.Shifts, err = mutualaid.DeskShifts(c.UserContext(), p.DB, community.ID, shiftsMax); err != nil {
		return v, err
	}
	v.People, err = mutualaid.ListPeople(c.UserContext(), p.DB, community.ID)
	for _, person := range v.People {
		v.Who = append(v.Who, page.Option{Value: strconv.Itoa(person.ID), Label: person.Name})
	}
	v.Form = labelled(f, "help.field", "person", "day", "minutes", "memo", "why").Label("category", "help.field.category_shift")
	if f.Typed("day") == "" {
		f.Set("day", community.Day(p.Now()).Format(time.DateOnly)).Set("minutes", "120")
	}
	v.Sorts, v.Spans = board.Sorts(page.Of(c)), board.Spans(page.Of(c))
	return v, err
}

// InviteHelp writes down that somebody who was helped was asked.
func (p *Pages) InviteHelp(c *fiber.Ctx) error {
	id := page.ReadForm(c).Number("person")
	if id == 0 {
		return page.ErrUnreadable
	}
	err := p.act(c, "help.invite", "help:"+strconv.Itoa(id), nil, func(tx *sqlx.Tx, who string) error {
		return mutualaid.Invite(c.UserContext(), tx, page.Of(c).Community.ID, id, who, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/help/people", "help.desk.invited")
}

// PostShift writes down a volunteer's hours for all.
func (p *Pages) PostShift(c *fiber.Ctx) error {
	v, err := p.helpPeopleView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	e := readShift(v, community.Day(p.Now()))
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/help_people", v)
	}
	err = p.act(c, "help.shift", "help:"+v.Form.Typed("person"), nil, func(tx *sqlx.Tx, who string) error {
		e.PostedBy = who
		_, err := mutualaid.PostHours(c.UserContext(), tx, community, e, p.Now())
		return err
	})
	if err != nil && !errors.Is(err, mutualaid.ErrPosted) { // pressed twice
		return err
	}
	page.SiteOf(c).Cache.Bump(community.ID)
	return page.Done(c, "/desk/help/people", "help.desk.shift_done")
}

// shiftsMax is how many shifts the page offers to take back.
const shiftsMax = 12

// UndoShift takes back hours that were written down by mistake, one of the latest.
func (p *Pages) UndoShift(c *fiber.Ctx) error {
	v, err := p.helpPeopleView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	number, err := page.Number(c, "shift")
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(v.Shifts, func(s mutualaid.DeskShift) bool { return s.Number == number }) {
		return page.ErrNotFound
	}
	why := v.Form.Text("why", 120)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/help_people", v)
	}
	err = p.act(c, "help.shift_undone", "help:shift:"+strconv.Itoa(number), nil, func(tx *sqlx.Tx, who string) error {
		_, err := mutualaid.ReverseHours(c.UserContext(), tx, community, number, why, who, p.Now())
		return err
	})
	page.SiteOf(c).Cache.Bump(community.ID)
	return done(c, err, "/desk/help/people", "help.desk.shift_undone")
}

// readShift reads the hours of somebody for the community.
func readShift(v helpPeopleView, today time.Time) mutualaid.HourEntry {
	f := v.Form
	e := mutualaid.HourEntry{
		Day: f.Date("day"), Kind: mutualaid.Shift, Category: mutualaid.Category(f.Choice("category", page.Values(v.Sorts))), Memo: f.Text("memo", 120),
		Source: mutualaid.DeskSource + f.Once("shift", "person", "day", "minutes", "memo").String(),
	}
	person, _ := strconv.Atoi(f.Choice("person", page.Values(v.Who)))
	minutes := board.ReadSpan(f, "minutes", v.Spans)
	if e.Day.After(today) {
		f.Wrong("day", "help.error.early")
	}
	e.Postings = []mutualaid.HourPosting{{Person: mutualaid.Community, Minutes: minutes}, {Person: person, Minutes: -minutes}}
	return e
}
