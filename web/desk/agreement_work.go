package desk

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/web/page"
)

// RecordSession writes down what was delivered.
func (p *Pages) RecordSession(c *fiber.Ctx) error {
	v, err := p.agreementHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	s := organisation.Session{
		ID: v.Once("session:"+v.Path(), "service", "held_on", "quantity", "served", "note"), AgreementID: v.ID, HeldOn: v.Date("held_on"),
		Quantity: v.Int("quantity", 1, 9999), People: v.Int("served", 0, 99_999), Note: line(v.Text("note", 80, page.Optional)), EnteredAt: p.Now(),
	}
	s.Item, _ = strconv.Atoi(v.Choice("service", page.Values(v.Services)))
	if s.HeldOn.After(p.Now().AddDate(0, 0, 1)) {
		v.Wrong("held_on", "organisation.wrong.future")
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/agreement", v)
	}
	err = p.act(c, "organisation.session", "agreement:"+strconv.Itoa(v.ID), nil, func(tx *sqlx.Tx, who string) error {
		s.EnteredBy = who
		return organisation.RecordSessions(c.UserContext(), tx, page.Of(c).Community.ID, s)
	})
	if errors.Is(err, organisation.ErrDay) {
		v.Wrong("held_on", "organisation.wrong.not_agreed")
		return page.Again(c, "desk/agreement", v)
	}
	return p.posted(c, err, v.Path(), "organisation.session_recorded")
}

// VoidSession takes a session back that was entered wrongly.
func (p *Pages) VoidSession(c *fiber.Ctx) error {
	v, err := p.agreementHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	id, err := uuid.Parse(c.Params("session"))
	if err != nil {
		return page.ErrNotFound
	}
	err = p.act(c, "organisation.void_session", "agreement:"+strconv.Itoa(v.ID), nil, func(tx *sqlx.Tx, who string) error {
		return organisation.VoidSession(c.UserContext(), tx, page.Of(c).Community.ID, id, whyTyped(v.Form), who, p.Now())
	})
	return p.posted(c, err, v.Path(), "organisation.session_void")
}

// IssueInvoice bills the sessions that are ticked.
func (p *Pages) IssueInvoice(c *fiber.Ctx) error {
	v, err := p.agreementHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	i := organisation.Invoice{
		ID: v.Once("invoice:"+v.Path(), "billed_to", "due_on"), AgreementID: v.ID, BilledTo: line(v.Text("billed_to", 60)), DueOn: v.Date("due_on"), IssuedOn: community.Day(p.Now()), IssuedAt: p.Now(),
	}
	if !i.DueOn.IsZero() && i.DueOn.Before(i.IssuedOn) {
		v.Wrong("due_on", "organisation.wrong.past")
	}
	ticked := v.ticked()
	if v.AnyWrong() {
		return page.Again(c, "desk/agreement", v)
	}
	err = p.act(c, "organisation.invoice", "agreement:"+strconv.Itoa(v.ID), map[string]any{"sessions": len(ticked)}, func(tx *sqlx.Tx, who string) (err error) {
		i.IssuedBy = who
		i, err = organisation.Issue(c.UserContext(), tx, community, i, ticked)
		return err
	})
	return p.posted(c, err, invoicesPath+"/"+i.ID.String(), "organisation.invoiced", "number", i.Serial())
}

// ticked are the sessions to be billed.
func (v agreementView) ticked() (ids []uuid.UUID) {
	for _, s := range v.ToBill {
		if v.Bool("session-" + s.ID.String()) {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		v.Wrong("billed_to", "organisation.wrong.nothing_ticked")
	}
	return ids
}

// ReleaseSubsidy posts what of the subsidy the delivery releases.
func (p *Pages) ReleaseSubsidy(c *fiber.Ctx) error {
	v, err := p.agreementHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	r := organisation.Release{
		ID: v.Once("release:"+v.Path(), "until", "released_on", "way"), AgreementID: v.ID, Until: v.Date("until"), ReleasedOn: v.Date("released_on"),
		Way: organisation.Way(v.Choice("way", page.Values(v.Ways))), ReleasedAt: p.Now(),
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/agreement", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.release", "agreement:"+strconv.Itoa(v.ID), nil, func(tx *sqlx.Tx, who string) (err error) {
		r.ReleasedBy = who
		r, err = organisation.ReleaseSubsidy(c.UserContext(), tx, community, r)
		return err
	})
	if errors.Is(err, organisation.ErrNothingDue) {
		v.Wrong("until", "organisation.error.nothing_due")
	}
	if refusedDay(v.Form, "released_on", err) || v.AnyWrong() {
		return page.Again(c, "desk/agreement", v)
	}
	return p.posted(c, err, v.Path()+"#subsidy", "organisation.released", "amount", r.Amount.Yuan())
}

// UndoRelease reverses a release.
func (p *Pages) UndoRelease(c *fiber.Ctx) error {
	v, err := p.agreementHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	id, err := uuid.Parse(c.Params("release"))
	if err != nil {
		return page.ErrNotFound
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.undo_release", "agreement:"+strconv.Itoa(v.ID), nil, func(tx *sqlx.Tx, who string) error {
		return organisation.UndoRelease(c.UserContext(), tx, community, id, whyTyped(v.Form), who, p.Now())
	})
	return p.posted(c, err, v.Path()+"#subsidy", "organisation.undone")
}

// whyTyped is why something is taken back; the verbs refuse an empty one.
func whyTyped(f *page.Form) string { return line(page.Clean(f.Typed("why"))) }

// posted ends a handler that posted something: it says so, or why not.
func (p *Pages) posted(c *fiber.Ctx, err error, to, key string, pairs ...any) error {
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, to, key, pairs...)
}
