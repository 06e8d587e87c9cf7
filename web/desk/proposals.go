package desk

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/web/page"
)

type proposalsView struct{ Groups []proposalGroup }

type proposalGroup struct {
	Key       string
	Proposals []voice.Proposal
}

// Proposals lists what residents would like to raise money for, what waits first.
func (p *Pages) Proposals(c *fiber.Ctx) error {
	found, err := voice.ListProposals(c.UserContext(), p.DB, page.Of(c).Community.ID)
	if err != nil {
		return err
	}
	waits, others := proposalGroup{Key: "proposal.waits"}, proposalGroup{Key: "proposal.others"}
	for _, one := range found {
		if one.State == voice.Submitted {
			waits.Proposals = append(waits.Proposals, one)
		} else {
			others.Proposals = append(others.Proposals, one)
		}
	}
	var v proposalsView
	for _, group := range []proposalGroup{waits, others} {
		if len(group.Proposals) > 0 {
			v.Groups = append(v.Groups, group)
		}
	}
	return page.Render(c, "desk/proposals", v)
}

type proposalView struct {
	voice.Proposal
	Steps []stepRow
	Form  *page.Form
}

// Waits tells whether the staff have to decide.
func (v proposalView) Waits() bool { return v.State == voice.Submitted }

// stepRow is one move of a proposal, with the name of who did it.
type stepRow struct {
	voice.Step
	Who string // empty for the resident
}

// Proposal shows a proposal beside what can be said about it.
func (p *Pages) Proposal(c *fiber.Ctx) error {
	v, err := p.proposalView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	page.FramesSelf(c)
	return page.Render(c, "desk/proposal", v)
}

func (p *Pages) proposalView(c *fiber.Ctx, f *page.Form) (v proposalView, err error) {
	id, err := uuid.Parse(c.Params("proposal"))
	if err != nil {
		return v, page.ErrNotFound
	}
	v.Form = labelled(f, "proposal.field", "why", "slug")
	if v.Proposal, err = voice.ProposalAt(c.UserContext(), p.DB, page.Of(c).Community.ID, id); err != nil {
		return v, err
	}
	steps, err := voice.Steps(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
	if err != nil {
		return v, err
	}
	named, err := p.named(c)
	for _, step := range steps {
		row := stepRow{Step: step}
		if step.By != voice.Campaigner {
			row.Who = named(step.By)
		}
		v.Steps = append(v.Steps, row)
	}
	return v, err
}

const whyMax = 600

// DecideProposal sends a proposal back, declines it, or makes a campaign's draft of it.
func (p *Pages) DecideProposal(c *fiber.Ctx) error {
	v, err := p.proposalView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	switch v.Form.Typed("press") {
	case "accept":
		return p.acceptProposal(c, v)
	case "changes":
		return p.sayNo(c, v, "proposal.changes", "proposal.asked", voice.AskForChanges)
	case "decline":
		return p.sayNo(c, v, "proposal.decline", "proposal.declined", voice.Decline)
	}
	return page.ErrUnreadable
}

// proposalVerb decides about a proposal with a reason.
type proposalVerb func(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, who, why string, at time.Time) error

// sayNo runs a verb that needs a reason.
func (p *Pages) sayNo(c *fiber.Ctx, v proposalView, name, notice string, verb proposalVerb) error {
	why := v.Form.Text("why", whyMax)
	if v.Form.AnyWrong() {
		page.FramesSelf(c)
		return page.Again(c, "desk/proposal", v)
	}
	err := p.act(c, name, "proposal:"+v.ID.String(), nil, func(tx *sqlx.Tx, who string) error {
		return verb(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, who, why, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/proposals/"+v.ID.String(), notice)
}

func (p *Pages) acceptProposal(c *fiber.Ctx, v proposalView) error {
	slug, why := v.Form.Text("slug", 60), v.Form.Text("why", whyMax, page.Optional)
	if slug != "" && !slugForm.MatchString(slug) {
		v.Form.Wrong("slug", "raise.wrong.slug")
	}
	var made campaigns.Campaign
	if !v.Form.AnyWrong() {
		err := p.act(c, "proposal.accept", "proposal:"+v.ID.String(), map[string]any{"campaign": slug}, func(tx *sqlx.Tx, who string) (err error) {
			made, err = voice.Accept(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, slug, who, why, p.Now())
			return err
		})
		switch {
		case errors.Is(err, campaigns.ErrExists):
			v.Form.Wrong("slug", "raise.wrong.slug_taken", "slug", slug)
		case err != nil:
			return err
		}
	}
	if v.Form.AnyWrong() {
		page.FramesSelf(c)
		return page.Again(c, "desk/proposal", v)
	}
	return page.Done(c, campaignPath(made.ID), "proposal.accepted")
}

// EraseContact forgets who a resident is, on their demand.
func (p *Pages) EraseContact(c *fiber.Ctx) error {
	id, err := uuid.Parse(c.Params("proposal"))
	if err != nil {
		return page.ErrNotFound
	}
	err = p.act(c, "proposal.erase", "proposal:"+id.String(), nil, func(tx *sqlx.Tx, _ string) error {
		return voice.EraseContact(c.UserContext(), tx, page.Of(c).Community.ID, id)
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/proposals/"+id.String(), "proposal.erased")
}

// RenewAddress gives a resident another address for their proposal, and says it to the staff, who may read it out.
func (p *Pages) RenewAddress(c *fiber.Ctx) error {
	id, err := uuid.Parse(c.Params("proposal"))
	if err != nil {
		return page.ErrNotFound
	}
	token := ""
	err = p.act(c, "proposal.renew", "proposal:"+id.String(), nil, func(tx *sqlx.Tx, _ string) (err error) {
		token, err = voice.RenewToken(c.UserContext(), tx, page.Of(c).Community.ID, id)
		return err
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/proposals/"+id.String(), "proposal.renewed", "address", page.SiteOf(c).URL(page.Of(c).URL("/start/"+token)))
}

// days is how many whole days lie between two moments.
func days(from, to time.Time) int { return max(0, int(to.Sub(from).Hours()/24)) }
