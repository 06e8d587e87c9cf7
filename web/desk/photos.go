package desk

import (
	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/web/page"
	"fund/web/photo"
)

// transact is p.act for verbs on the pictures of a subject.
func (p *Pages) transact(c *fiber.Ctx, name, subject string) photo.InTx {
	return func(verb func(tx *sqlx.Tx) error) error {
		err := p.act(c, name, subject, nil, func(tx *sqlx.Tx, _ string) error { return verb(tx) })
		p.moved(c, 0)
		return err
	}
}

type galleryView struct {
	campaigns.Campaign
	Title  string
	Photos photo.List
}

func (p *Pages) galleryHere(c *fiber.Ctx, f *page.Form) (v galleryView, err error) {
	of, err := p.campaignHere(c)
	if err != nil {
		return v, err
	}
	v = galleryView{Campaign: of, Title: of.Title(string(page.Of(c).Lang))}
	v.Photos, err = photo.Find(c, p.DB, campaignPath(of.ID), voice.OfCampaign(of.ID), f)
	return v, err
}

// Gallery shows a campaign's pictures in their order.
func (p *Pages) Gallery(c *fiber.Ctx) error {
	v, err := p.galleryHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/gallery", v)
}

// AddGalleryPhoto adds a picture to a campaign's gallery.
func (p *Pages) AddGalleryPhoto(c *fiber.Ctx) error {
	v, err := p.galleryHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	kept, err := photo.Add(c, v.Photos.Form, voice.OfCampaign(v.ID), p.transact(c, "photo.add", campaignSubject(v.Campaign)))
	if err != nil {
		return err
	}
	if !kept {
		return page.Again(c, "desk/gallery", v)
	}
	return page.Done(c, v.Photos.Base+"/photos", "voice.photo_kept")
}

// ChangeGalleryPhoto moves, captions or removes a picture of a campaign's gallery.
func (p *Pages) ChangeGalleryPhoto(c *fiber.Ctx) error {
	of, err := p.campaignHere(c)
	if err != nil {
		return err
	}
	if err = photo.Change(c, voice.OfCampaign(of.ID), p.transact(c, "photo.change", campaignSubject(of))); err != nil {
		return err
	}
	return page.Done(c, campaignPath(of.ID)+"/photos", "voice.photo_changed")
}

// GalleryPhoto serves a picture of a campaign's gallery, public or not.
func (p *Pages) GalleryPhoto(c *fiber.Ctx) error {
	of, err := p.campaignHere(c)
	if err != nil {
		return err
	}
	return photo.Send(c, p.DB, voice.OfCampaign(of.ID))
}

// AddPostPhoto adds a picture to a post.
func (p *Pages) AddPostPhoto(c *fiber.Ctx) error {
	v, err := p.postHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	kept, err := photo.Add(c, v.Form, voice.OfPost(v.ID), p.transact(c, "photo.add", postSubject(v.ID)))
	if err != nil {
		return err
	}
	if !kept {
		return page.Again(c, "desk/post", v.filled())
	}
	return page.Done(c, postPath(v.ID), "voice.photo_kept")
}

// ChangePostPhoto moves, captions or removes a picture of a post.
func (p *Pages) ChangePostPhoto(c *fiber.Ctx) error {
	v, err := p.postHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	if err = photo.Change(c, voice.OfPost(v.ID), p.transact(c, "photo.change", postSubject(v.ID))); err != nil {
		return err
	}
	return page.Done(c, postPath(v.ID), "voice.photo_changed")
}

// PostPhoto serves a picture of a post, public or not.
func (p *Pages) PostPhoto(c *fiber.Ctx) error {
	v, err := p.postHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return photo.Send(c, p.DB, voice.OfPost(v.ID))
}
