package mailtest

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// Read takes a letter apart.
func Read(raw string) (Caught, error) { return read(raw) }

func read(raw string) (c Caught, err error) {
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return c, err
	}
	c.Raw, c.Header = raw, m.Header
	if c.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return c, err
	}
	return c, c.part(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", m.Body)
}

// part reads one part, and all parts of a part.
func (c *Caught) part(contentType, encoding, disposition string, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := c.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Disposition"), p); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	how, names, _ := mime.ParseMediaType(disposition)
	switch {
	case how == "attachment":
		name, err := new(mime.WordDecoder).DecodeHeader(names["filename"])
		c.Files = append(c.Files, File{Name: name, Type: kind, Data: data})
		return err
	case kind == "text/html":
		c.HTML = text
	default:
		c.Text = text
	}
	return nil
}
