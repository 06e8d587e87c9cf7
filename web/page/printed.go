package page

import (
	"html/template"
	"regexp"
	"slices"
	"strings"

	"fund/web/picture"
)

// printedPage is what stands at the foot of a printed page: where it is read, for eyes and for a phone.
type printedPage struct {
	Address string
	QR      template.HTML
}

// key is a part of an address that opens a page to whoever holds it: a token, or the id of a gift.
var key = regexp.MustCompile(`^[A-Za-z0-9_]{20,}$|^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-`)

// printed is nil where the address is somebody's key: that never goes on paper that others may see.
func (p *press) printed() (*printedPage, error) {
	parts := strings.Split(p.reader.Path, "/")
	if slices.ContainsFunc(parts, key.MatchString) || slices.Contains(parts, "mine") || strings.HasPrefix(p.reader.Path, "/r/") {
		return nil, nil
	}
	at := p.site.URL(p.reader.Path)
	if asked := canonical(p.reader.Query); asked != "" {
		at += "?" + asked
	}
	drawn, err := picture.QR{Text: at}.Picture()
	if err != nil { // an address longer than any code holds is read by eyes
		return &printedPage{Address: at}, nil //nolint:nilerr // as said
	}
	return &printedPage{at, drawn.SVG()}, nil
}
