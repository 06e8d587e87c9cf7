package public

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"time"

	"github.com/gofiber/fiber/v2"
)

// atomFeed is a feed as RFC 4287 wants it.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	Updated  atomTime    `xml:"updated"`
	Author   string      `xml:"author>name"`
	Icon     string      `xml:"icon"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Published atomTime `xml:"published"`
	Updated   atomTime `xml:"updated"`
	Link      atomLink `xml:"link"`
	Summary   string   `xml:"summary"`
}

// atomTime is written to the second.
type atomTime struct{ time.Time }

// MarshalText writes RFC 3339.
func (t atomTime) MarshalText() ([]byte, error) {
	return []byte(t.UTC().Format(time.RFC3339)), nil
}

// sendFeed answers with a feed, or with 304 to a reader that has it.
func sendFeed(c *fiber.Ctx, f atomFeed) error {
	var w bytes.Buffer
	w.WriteString(xml.Header)
	e := xml.NewEncoder(&w)
	e.Indent("", " ")
	if err := e.Encode(f); err != nil {
		return err
	}
	sum := sha256.Sum256(w.Bytes())
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	c.Set(fiber.HeaderVary, "Cookie, Accept-Language")
	c.Set(fiber.HeaderLastModified, f.Updated.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	if c.Get(fiber.HeaderIfNoneMatch) == tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, "application/atom+xml; charset=utf-8")
	return c.Send(w.Bytes())
}
