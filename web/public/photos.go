package public

import (
	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/web/page"
)

const altMax, captionMax = 120, 120

// photosView is what part voice/photos needs: some pictures, and the form that adds one.
type photosView struct {
	Base   string // below the community; its /photos takes the forms
	Photos []photoView
	Form   *page.Form
	Max    int
	Fixed  bool // looked at, not changed
}

// Full tells whether there is room for another.
func (v photosView) Full() bool { return len(v.Photos) >= v.Max }

func (p *Pages) photos(c *fiber.Ctx, base string, of voice.Owner, f *page.Form) (photosView, error) {
	found, err := voice.Photos(c.UserContext(), p.DB, here(c), of)
	return photosView{
		Base: base, Photos: photosAt(page.Of(c).URL(base+"/photos"), found), Max: of.Max(),
		Form: labelled(f, "voice.field", "picture", "alt", "caption"),
	}, err
}

// addPhoto reads the form of a picture and stores it. kept is false where the form has to be mended.
func (p *Pages) addPhoto(c *fiber.Ctx, f *page.Form, of voice.Owner) (kept bool, err error) {
	labelled(f, "voice.field", "picture", "alt", "caption")
	file, alt, caption := f.File(c, "picture"), f.Text("alt", altMax), f.Text("caption", captionMax, page.Optional)
	if f.AnyWrong() {
		return false, nil
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		read, err := file.Open()
		if err != nil {
			return err
		}
		defer read.Close()
		_, err = voice.AddPhoto(c.UserContext(), tx, here(c), of, read, alt, caption)
		return err
	})
	if pictureTrouble(f, err) {
		return false, nil
	}
	return err == nil, err
}

// changePhoto does what a button beside a picture says.
func (p *Pages) changePhoto(c *fiber.Ctx, of voice.Owner) error {
	id, err := uuidAt(c, "picture")
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	return p.inTx(c, func(tx *sqlx.Tx) error {
		return voice.ChangePhoto(c.UserContext(), tx, here(c), of, id, f.Typed("press"), f.Text("caption", captionMax, page.Optional))
	})
}

// sendPhoto serves a picture that is not for the public yet, to whom its owner is open.
func (p *Pages) sendPhoto(c *fiber.Ctx, of voice.Owner) error {
	id, err := uuidAt(c, "picture")
	if err != nil {
		return err
	}
	has, err := voice.HasPhoto(c.UserContext(), p.DB, here(c), of, id)
	if err != nil {
		return err
	}
	if !has {
		return page.ErrNotFound
	}
	found, err := campaigns.FindPicture(c.UserContext(), p.DB, here(c), id)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/jpeg")
	return keepOut(c, c.Send(found.JPEG))
}

// AddProposalPhoto adds a picture to a proposal.
func (p *Pages) AddProposalPhoto(c *fiber.Ctx) error {
	found, err := p.proposalHere(c)
	if err != nil {
		return err
	}
	v := p.startView(c, found, voice.Photo, page.ReadForm(c))
	kept, err := p.addPhoto(c, v.Form, voice.OfProposal(found.ID))
	if err != nil {
		return err
	}
	if kept {
		return page.Done(c, v.Base()+"/photos", "voice.photo_kept")
	}
	if v.Photos, err = p.photos(c, v.Base(), voice.OfProposal(found.ID), v.Form); err != nil {
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
	if err = p.changePhoto(c, voice.OfProposal(found.ID)); err != nil {
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
	return p.sendPhoto(c, voice.OfProposal(found.ID))
}

// ReviewPhoto serves a picture of a proposal to the staff.
func (p *Pages) ReviewPhoto(c *fiber.Ctx) error {
	id, err := uuidAt(c, "proposal")
	if err != nil {
		return err
	}
	return p.sendPhoto(c, voice.OfProposal(id))
}
