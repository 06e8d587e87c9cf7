package public

import (
	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/voice"
	"fund/web/page"
	"fund/web/photo"
)

// transact is p.inTx for verbs on pictures.
func (p *Pages) transact(c *fiber.Ctx) photo.InTx {
	return func(verb func(tx *sqlx.Tx) error) error { return p.inTx(c, verb) }
}

// AddProposalPhoto adds a picture to a proposal.
func (p *Pages) AddProposalPhoto(c *fiber.Ctx) error {
	found, err := p.proposalHere(c)
	if err != nil {
		return err
	}
	v := p.startView(c, found, voice.Photo, page.ReadForm(c))
	kept, err := photo.Add(c, v.Form, voice.OfProposal(found.ID), p.transact(c))
	if err != nil {
		return err
	}
	if kept {
		return page.Done(c, v.Base()+"/photos", "voice.photo_kept")
	}
	if v.Photos, err = photo.Find(c, p.DB, v.Base(), voice.OfProposal(found.ID), v.Form); err != nil {
		return err
	}
	return page.Again(c, "public/start_part", v)
}

// ChangeProposalPhoto moves, captions or removes a picture of a proposal.
func (p *Pages) ChangeProposalPhoto(c *fiber.Ctx) error {
	found, err := p.proposalHere(c)
	if err != nil {
		return err
	}
	if err = photo.Change(c, voice.OfProposal(found.ID), p.transact(c)); err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL(startPath(found.Token)+"/photos"), fiber.StatusSeeOther)
}

// ProposalPhoto serves a picture of a proposal to its resident.
func (p *Pages) ProposalPhoto(c *fiber.Ctx) error {
	found, err := p.proposalHere(c)
	if err != nil {
		return err
	}
	return photo.Send(c, p.DB, voice.OfProposal(found.ID))
}

// ReviewPhoto serves a picture of a proposal to the staff.
func (p *Pages) ReviewPhoto(c *fiber.Ctx) error {
	id, err := uuidAt(c, "proposal")
	if err != nil {
		return err
	}
	return photo.Send(c, p.DB, voice.OfProposal(id))
}

// AddOwnPhoto adds a picture to a campaigner's draft.
func (p *Pages) AddOwnPhoto(c *fiber.Ctx) error {
	v, err := p.ownPost(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	kept, err := photo.Add(c, v.Form, voice.OfOwnPost(v.ID), p.transact(c))
	if err != nil {
		return err
	}
	if kept {
		return page.Done(c, v.Base(), "voice.photo_kept")
	}
	v.Form.Set("post_title", v.TitleZH).Set("post_body", v.BodyZH)
	return page.Again(c, "public/own_post", v)
}

// ChangeOwnPhoto moves, captions or removes a picture of a campaigner's draft.
func (p *Pages) ChangeOwnPhoto(c *fiber.Ctx) error {
	v, err := p.ownPost(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	if err = photo.Change(c, voice.OfOwnPost(v.ID), p.transact(c)); err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL(v.Base()), fiber.StatusSeeOther)
}

// OwnPhoto serves a picture of a campaigner's post to them.
func (p *Pages) OwnPhoto(c *fiber.Ctx) error {
	v, err := p.ownPost(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return photo.Send(c, p.DB, voice.OfPost(v.ID))
}
