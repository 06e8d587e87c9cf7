package public

import (
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/web/page"
	"fund/web/photo"
)

// startView is one step of a proposal, and the proposal as it stands.
type startView struct {
	voice.Proposal
	Part   voice.Part
	N      int // the step's number
	Form   *page.Form
	Themes []page.Option
	Rows   []proposalRow
	Photos photo.List
	Steps  []voice.Step
	Why    string // what the staff last said
}

// Of is how many steps there are.
func (v startView) Of() int { return len(voice.Parts) }

// Base is the address of the proposal's own page.
func (v startView) Base() string { return startPath(v.Token) }

func startPath(token string) string { return "/start/" + token }

// StartForm says how it goes, and asks the first questions. Nothing is kept before they are answered.
func (p *Pages) StartForm(c *fiber.Ctx) error {
	return page.Render(c, "public/start", p.startView(c, voice.Proposal{}, voice.What, page.BlankForm(c)))
}

// StartProposal keeps the first answers under an address of the resident's own.
func (p *Pages) StartProposal(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v := p.startView(c, voice.Proposal{Lang: lang(c)}, voice.What, f)
	v.read(p)
	if f.AnyWrong() || f.Bool("website") {
		return page.Again(c, "public/start", v)
	}
	var started voice.Proposal
	err := p.inTx(c, func(tx *sqlx.Tx) (err error) {
		if started, err = voice.StartProposal(c.UserContext(), tx, here(c), v.Lang, p.Now()); err != nil {
			return err
		}
		v.ID = started.ID
		return voice.SaveProposal(c.UserContext(), tx, here(c), v.Proposal)
	})
	if err != nil {
		return err
	}
	return page.Done(c, startPath(started.Token)+"/"+string(voice.Money), "start.kept")
}

// proposalHere is the proposal whose token the address has. Everything under it is kept out of caches.
func (p *Pages) proposalHere(c *fiber.Ctx) (voice.Proposal, error) {
	_ = keepOut(c, nil)
	return voice.FindProposal(c.UserContext(), p.DB, here(c), c.Params("token"))
}

// ProposalPart shows one step of a proposal.
func (p *Pages) ProposalPart(c *fiber.Ctx) error {
	found, err := p.proposalHere(c)
	if err != nil {
		return err
	}
	part := voice.Part(c.Params("part"))
	if !slices.Contains(voice.Parts, part) || !found.Mine() {
		return c.Redirect(page.Of(c).URL(startPath(found.Token)), fiber.StatusSeeOther)
	}
	v := p.startView(c, found, part, page.BlankForm(c))
	v.fill()
	if v.Photos, err = photo.Find(c, p.DB, startPath(found.Token), voice.OfProposal(found.ID), v.Form); err != nil {
		return err
	}
	return page.Render(c, "public/start_part", v)
}

// SaveProposalPart keeps one step and goes on to the next.
func (p *Pages) SaveProposalPart(c *fiber.Ctx) error {
	found, err := p.proposalHere(c)
	if err != nil {
		return err
	}
	part := voice.Part(c.Params("part"))
	if !slices.Contains(voice.Parts, part) || part == voice.Photo {
		return page.ErrNotFound
	}
	v := p.startView(c, found, part, page.ReadForm(c))
	if v.Form.Typed("press") == "more" {
		return page.Render(c, "public/start_part", v)
	}
	v.read(p)
	if v.Form.AnyWrong() {
		return page.Again(c, "public/start_part", v)
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		if part == voice.You {
			return voice.SaveContact(c.UserContext(), tx, here(c), v.ID, v.Contact)
		}
		return voice.SaveProposal(c.UserContext(), tx, here(c), v.Proposal)
	})
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL(v.next()), fiber.StatusSeeOther)
}

// next is the step after this one; the overview after the last, and where the resident came from there.
func (v startView) next() string {
	if v.Form.Typed("press") == "look" || v.N == len(voice.Parts) {
		return v.Base()
	}
	return v.Base() + "/" + string(voice.Parts[v.N])
}

type proposalView struct {
	startView
	Room *roomView // once it is a campaign
}

// Proposal shows what the resident wrote, how it stands and what can be done: their own page.
func (p *Pages) Proposal(c *fiber.Ctx) error {
	found, err := p.proposalHere(c)
	if err != nil {
		return err
	}
	v, err := p.proposalView(c, found)
	if err != nil {
		return err
	}
	return page.Render(c, "public/proposal", v)
}

func (p *Pages) proposalView(c *fiber.Ctx, found voice.Proposal) (v proposalView, err error) {
	v.startView = p.startView(c, found, "", page.BlankForm(c))
	if v.Steps, err = voice.Steps(c.UserContext(), p.DB, here(c), found.ID); err != nil {
		return v, err
	}
	v.Why = v.Steps[len(v.Steps)-1].Why
	if v.Photos, err = photo.Find(c, p.DB, v.Base(), voice.OfProposal(found.ID), v.Form); err != nil {
		return v, err
	}
	if found.State == voice.Accepted {
		v.Room, err = p.room(c, *found.CampaignID)
	}
	return v, err
}

// SubmitProposal hands the proposal to the staff.
func (p *Pages) SubmitProposal(c *fiber.Ctx) error {
	return p.moveProposal(c, "start.submitted", func(tx *sqlx.Tx, token string) error {
		return voice.Submit(c.UserContext(), tx, here(c), token, p.Now())
	})
}

// WithdrawProposal takes it back and forgets it.
func (p *Pages) WithdrawProposal(c *fiber.Ctx) error {
	return p.moveProposal(c, "start.withdrawn", func(tx *sqlx.Tx, token string) error {
		return voice.Withdraw(c.UserContext(), tx, here(c), token, p.Now())
	})
}

func (p *Pages) moveProposal(c *fiber.Ctx, notice string, verb func(tx *sqlx.Tx, token string) error) error {
	found, err := p.proposalHere(c)
	if err != nil {
		return err
	}
	if err = p.inTx(c, func(tx *sqlx.Tx) error { return verb(tx, found.Token) }); err != nil {
		return err
	}
	return page.Done(c, startPath(found.Token), notice)
}

// PreviewProposal shows a proposal as the campaign's page it would become: to its resident.
func (p *Pages) PreviewProposal(c *fiber.Ctx) error {
	found, err := p.proposalHere(c)
	if err != nil {
		return err
	}
	return p.preview(c, found, page.Of(c).URL(startPath(found.Token)))
}

// ReviewPreview shows the same to the staff, framed beside their remarks.
func (p *Pages) ReviewPreview(c *fiber.Ctx) error {
	id, err := uuidAt(c, "proposal")
	if err != nil {
		return err
	}
	found, err := voice.ProposalAt(c.UserContext(), p.DB, here(c), id)
	if err != nil {
		return err
	}
	page.FramedBySelf(c)
	return keepOut(c, p.preview(c, found, page.Of(c).URL("/desk/proposals/"+id.String())))
}

func (p *Pages) preview(c *fiber.Ctx, found voice.Proposal, base string) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	photos, err := voice.Photos(c.UserContext(), p.DB, here(c), voice.OfProposal(found.ID))
	if err != nil {
		return err
	}
	of := found.Campaign(photos)
	of.State = campaigns.Published
	if of.EndsOn.IsZero() {
		of.StartsOn = community.Day(p.Now())
		of.EndsOn = of.StartsOn.AddDate(0, 1, 0)
	}
	v, err := p.viewOf(c, of, giftForm(page.BlankForm(c)))
	if err != nil {
		return err
	}
	v.Restricted = true
	if shown := photo.At(base+"/photos", photos); len(shown) > 0 {
		v.PhotoAt, v.Voice.Photos = shown[0].At, shown[1:]
	}
	return page.Render(c, "public/campaign", v)
}
