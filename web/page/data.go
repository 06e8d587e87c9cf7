package page

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Answer is what a program gets.
type Answer struct {
	Body    []byte
	Type    string    // MIME
	Changed time.Time // the newest thing in it; zero: not known
	Link    string    // of the next page, as the header Link has it
}

// Data answers with what is the same for everybody, from the cache if it can: load is called only when something of the
// community has changed. Who has the answer already gets 304, by its ETag alone: a thing within may change without a
// newer one beside it, so Last-Modified tells and does not decide.
func Data(c *fiber.Ctx, load func() (Answer, error)) error {
	s, r := SiteOf(c), Of(c)
	communityID := 0
	if r.Community != nil {
		communityID = r.Community.ID
	}
	kept, err := s.Cache.get("data "+r.Path+"?"+canonical(r.Query), communityID, func() (*packed, error) {
		found, err := load()
		if err != nil {
			return nil, err
		}
		p := pack(fiber.StatusOK, found.Body, s.hole)
		p.answer = &Answer{Type: found.Type, Changed: found.Changed, Link: found.Link}
		return p, nil
	})
	if err != nil {
		return err
	}
	return kept.sendData(c)
}

// sendData answers a program.
func (p *packed) sendData(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, p.answer.Type)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderCacheControl, "public, no-cache")
	c.Set(fiber.HeaderETag, p.etag)
	if !p.answer.Changed.IsZero() {
		c.Set(fiber.HeaderLastModified, p.answer.Changed.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	}
	if p.answer.Link != "" {
		c.Set(fiber.HeaderLink, p.answer.Link)
	}
	if hasTag(c.Get(fiber.HeaderIfNoneMatch), p.etag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	if strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(p.gzip(""))
	}
	return c.Send(p.pieces[0])
}

// hasTag tells whether If-None-Match names a tag: one, several, or any.
func hasTag(header, tag string) bool {
	for _, one := range strings.Split(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
