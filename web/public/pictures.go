package public

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/web/page"
)

// Picture serves a campaign's photograph, which never changes.
func (p *Pages) Picture(c *fiber.Ctx) error {
	id, err := uuid.Parse(c.Params("id"))
	if err != nil {
		return page.ErrNotFound
	}
	hidden, err := voice.Hidden(c.UserContext(), p.Read, here(c), id)
	if err != nil {
		return err
	}
	if hidden {
		return page.ErrNotFound
	}
	found, err := campaigns.FindPicture(c.UserContext(), p.Read, here(c), id)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/jpeg")
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	return c.Send(found.JPEG)
}
