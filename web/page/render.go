package page

import (
	"github.com/gofiber/fiber/v2"
)

// Render answers with a page: Render(c, "public/campaign", data). In the template the dot is data, reader is who reads.
func Render(c *fiber.Ctx, name string, data any) error {
	return RenderStatus(c, fiber.StatusOK, name, data)
}

// RenderStatus answers with a page that is not a plain success.
func RenderStatus(c *fiber.Ctx, status int, name string, data any) error {
	s := SiteOf(c)
	page, err := s.print(status, name, Of(c), data)
	if err != nil {
		return err
	}
	return page.send(c, s.token(c))
}

// Again answers 422 with the page the form stands on; what was typed is kept by the form, which data holds.
func Again(c *fiber.Ctx, name string, data any) error {
	return RenderStatus(c, fiber.StatusUnprocessableEntity, name, data)
}

func (s *Site) print(status int, name string, r *Reader, data any) (*packed, error) {
	body, err := s.presses.print(name, r, data)
	if err != nil {
		return nil, err
	}
	return pack(status, body, s.hole), nil
}
