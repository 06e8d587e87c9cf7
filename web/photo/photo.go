package photo

import (
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/campaigns/voice"
	"fund/web/page"
)

// Photo is a picture of a campaign's voice and where it is served.
type Photo struct {
	voice.Photograph
	At string
}

// At are pictures served below an address.
func At(base string, photos []voice.Photograph) (list []Photo) {
	for _, photo := range photos {
		list = append(list, Photo{photo, fmt.Sprintf("%s/%s", base, photo.ID)})
	}
	return list
}

// List is what part voice/photos draws: an owner's pictures in their order, and the form that adds one.
type List struct {
	Base   string // below the community; its /photos takes the forms
	Photos []Photo
	Form   *page.Form
	Max    int
	Fixed  bool // looked at, not changed
}

// Full tells whether there is no room for another.
func (v List) Full() bool { return len(v.Photos) >= v.Max }

// Find reads an owner's pictures, which are seen and changed below base.
func Find(c *fiber.Ctx, q sqlx.QueryerContext, base string, of voice.Owner, f *page.Form) (List, error) {
	found, err := voice.Photos(c.UserContext(), q, page.Of(c).Community.ID, of)
	return List{Base: base, Photos: At(page.Of(c).URL(base+"/photos"), found), Form: named(f), Max: of.Max()}, err
}

func named(f *page.Form) *page.Form {
	return f.Label("picture", "voice.field.picture").Label("alt", "voice.field.alt").Label("caption", "voice.field.caption")
}

const altMax, captionMax = 120, 120

// InTx runs a verb in a database transaction, with what its caller writes down beside it.
type InTx func(verb func(tx *sqlx.Tx) error) error

// Add reads the form of a picture and stores it. kept is false where the form has to be mended.
func Add(c *fiber.Ctx, f *page.Form, of voice.Owner, do InTx) (kept bool, err error) {
	named(f)
	file, alt, caption := f.File(c, "picture"), f.Text("alt", altMax), f.Text("caption", captionMax, page.Optional)
	if f.AnyWrong() {
		return false, nil
	}
	err = do(func(tx *sqlx.Tx) error {
		read, err := file.Open()
		if err != nil {
			return err
		}
		defer read.Close()
		_, err = voice.AddPhoto(c.UserContext(), tx, page.Of(c).Community.ID, of, read, alt, caption)
		return err
	})
	if Refused(f, err) {
		return false, nil
	}
	return err == nil, err
}

// Refused marks the field with why a picture was not taken, if that is why.
func Refused(f *page.Form, err error) bool {
	switch {
	case errors.Is(err, campaigns.ErrPictureTooLarge):
		f.Wrong("picture", "raise.wrong.picture_large")
	case errors.Is(err, campaigns.ErrPictureUnreadable):
		f.Wrong("picture", "raise.wrong.picture_kind")
	case errors.Is(err, voice.ErrTooMany), errors.Is(err, project.ErrTooMany):
		f.Wrong("picture", "voice.wrong.pictures")
	}
	return f.AnyWrong()
}

// Change does what a button beside a picture says.
func Change(c *fiber.Ctx, of voice.Owner, do InTx) error {
	id, err := here(c)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	press, caption := f.Typed("press"), f.Text("caption", captionMax, page.Optional)
	return do(func(tx *sqlx.Tx) error {
		return voice.ChangePhoto(c.UserContext(), tx, page.Of(c).Community.ID, of, id, press, caption)
	})
}

// Send answers with a picture that may not be public yet, to whom its owner is open.
func Send(c *fiber.Ctx, q sqlx.QueryerContext, of voice.Owner) error {
	id, err := here(c)
	if err != nil {
		return err
	}
	has, err := voice.HasPhoto(c.UserContext(), q, page.Of(c).Community.ID, of, id)
	if err != nil {
		return err
	}
	if !has {
		return page.ErrNotFound
	}
	found, err := campaigns.FindPicture(c.UserContext(), q, page.Of(c).Community.ID, id)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/jpeg")
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set("X-Robots-Tag", "noindex")
	return c.Send(found.JPEG)
}

// here is the picture that the address names.
func here(c *fiber.Ctx) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Params("picture"))
	if err != nil {
		err = page.ErrNotFound
	}
	return id, err
}
