package till

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"fund/web/card"
	"fund/web/page"
)

// iconSizes are the sides of the icon in pixels, as browsers want them of something to install.
var iconSizes = []int{192, 512}

// icon and manifest are the web app manifest: https://www.w3.org/TR/appmanifest/.
type icon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

type manifest struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	ShortName  string `json:"short_name"`
	Lang       string `json:"lang"`
	StartURL   string `json:"start_url"`
	Scope      string `json:"scope"`
	Display    string `json:"display"`
	Background string `json:"background_color"`
	Theme      string `json:"theme_color"`
	Icons      []icon `json:"icons"`
}

// paper is the ground of every page (tokens.css).
const paper = "#FAF6EC"

// Manifest makes the till something a telephone can install.
func (p *Pages) Manifest(c *fiber.Ctx) error {
	r := page.Of(c)
	base, name := r.URL("/till"), r.T("till.title")
	m := manifest{
		ID: base, Name: name + " · " + r.Community.Name.In(r.Lang), ShortName: name, Lang: string(r.Lang), StartURL: base, Scope: base,
		Display: "standalone", Background: paper, Theme: paper,
	}
	for _, side := range iconSizes {
		n := strconv.Itoa(side)
		m.Icons = append(m.Icons, icon{base + "/icon-" + n + ".png", n + "x" + n, "image/png", "any maskable"})
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	return c.JSON(m, "application/manifest+json")
}

// Icon is the mark as a PNG.
func (p *Pages) Icon(c *fiber.Ctx) error {
	side, err := strconv.Atoi(c.Params("side"))
	if err != nil || !slices.Contains(iconSizes, side) {
		return page.ErrNotFound
	}
	var b bytes.Buffer
	if err := card.Icon(&b, side); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/png")
	c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	return c.Send(b.Bytes())
}
