package desk

import (
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/web/page"
)

const captionMax = 120

// photosView is what part voice/photos needs: some pictures, and the form that adds one.
type photosView struct {
	Base   string // below the community; its /photos takes the forms
	Photos []photoView
	Form   *page.Form
	Max    int
	Fixed  bool
}

// Full tells whether there is room for another.
func (v photosView) Full() bool { return len(v.Photos) >= v.Max }

// photoView is a picture and where it is served.
type photoView struct {
	voice.Photograph
	At string
}

func (p *Pages) photos(c *fiber.Ctx, base string, of voice.Owner, f *page.Form) (photosView, error) {
	v := photosView{Base: base, Form: labelled(f, "voice.field", "picture", "alt", "caption"), Max: of.Max()}
	found, err := voice.Photos(c.UserContext(), p.DB, page.Of(c).Community.ID, of)
	for _, photo := range found {
		v.Photos = append(v.Photos, photoView{photo, page.Of(c).URL(fmt.Sprintf("%s/photos/%s", base, photo.ID))})
	}
	return v, err
}

// addPhoto reads the form of a picture and stores it. kept is false where the form has to be mended.
func (p *Pages) addPhoto(c *fiber.Ctx, f *page.Form, subject string, of voice.Owner) (kept bool, err error) {
	file, alt, caption := f.File(c, "picture"), f.Text("alt", altMax), f.Text("caption", captionMax, page.Optional)
	if f.AnyWrong() {
		return false, nil
	}
	err = p.act(c, "photo.add", subject, nil, func(tx *sqlx.Tx, _ string) error {
		read, err := file.Open()
		if err != nil {
			return err
		}
		defer read.Close()
		_, err = voice.AddPhoto(c.UserContext(), tx, page.Of(c).Community.ID, of, read, alt, caption)
		return err
	})
	if errors.Is(err, voice.ErrTooMany) {
		f.Wrong("picture", "voice.wrong.pictures")
	}
	if pictureRefused(f, err) {
		return false, nil
	}
	p.moved(c, 0)
	return err == nil, err
}

// changePhoto does what a button beside a picture says.
func (p *Pages) changePhoto(c *fiber.Ctx, base, subject string, of voice.Owner) error {
	id, err := uuid.Parse(c.Params("picture"))
	if err != nil {
		return page.ErrNotFound
	}
	f := page.ReadForm(c)
	err = p.act(c, "photo.change", subject, nil, func(tx *sqlx.Tx, _ string) error {
		return voice.ChangePhoto(c.UserContext(), tx, page.Of(c).Community.ID, of, id, f.Typed("press"), f.Text("caption", captionMax, page.Optional))
	})
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, base, "voice.photo_changed")
}

// sendPhoto serves a picture that may not be public yet.
func (p *Pages) sendPhoto(c *fiber.Ctx, of voice.Owner) error {
	id, err := uuid.Parse(c.Params("picture"))
	if err != nil {
		return page.ErrNotFound
	}
	has, err := voice.HasPhoto(c.UserContext(), p.DB, page.Of(c).Community.ID, of, id)
	if err != nil {
		return err
	}
	if !has {
		return page.ErrNotFound
	}
	found, err := campaigns.FindPicture(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/jpeg")
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.Send(found.JPEG)
}

type galleryView struct {
	campaigns.Campaign
	Title  string
	Photos photosView
}

func (p *Pages) galleryHere(c *fiber.Ctx, f *page.Form) (v galleryView, err error) {
	of, err := p.campaignHere(c)
	if err != nil {
		return v, err
	}
	v = galleryView{Campaign: of, Title: of.Title(string(page.Of(c).Lang))}
	v.Photos, err = p.photos(c, campaignPath(of.ID), voice.OfCampaign(of.ID), f)
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
	kept, err := p.addPhoto(c, v.Photos.Form, campaignSubject(v.Campaign), voice.OfCampaign(v.ID))
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
	return p.changePhoto(c, campaignPath(of.ID)+"/photos", campaignSubject(of), voice.OfCampaign(of.ID))
}

// GalleryPhoto serves a picture of a campaign's gallery, public or not.
func (p *Pages) GalleryPhoto(c *fiber.Ctx) error {
	of, err := p.campaignHere(c)
	if err != nil {
		return err
	}
	return p.sendPhoto(c, voice.OfCampaign(of.ID))
}

// AddPostPhoto adds a picture to a post.
func (p *Pages) AddPostPhoto(c *fiber.Ctx) error {
	v, err := p.postHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	kept, err := p.addPhoto(c, v.Form, "update:"+c.Params("post"), voice.OfPost(v.ID))
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
	return p.changePhoto(c, postPath(v.ID), "update:"+c.Params("post"), voice.OfPost(v.ID))
}

// PostPhoto serves a picture of a post, public or not.
func (p *Pages) PostPhoto(c *fiber.Ctx) error {
	v, err := p.postHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return p.sendPhoto(c, voice.OfPost(v.ID))
}
