package page

import (
	"bytes"
	"io"

	"github.com/gofiber/fiber/v2"
)

// SendPDF answers with a PDF to be read in the browser, and its name for whoever keeps it.
func SendPDF(c *fiber.Ctx, name string, content []byte) error {
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="`+name+`.pdf"`)
	return c.Send(content)
}

// DrawPDF answers with a PDF that is drawn now; one that cannot be drawn is an error, and nothing of it is sent.
func DrawPDF(c *fiber.Ctx, name string, draw func(w io.Writer) error) error {
	var drawn bytes.Buffer
	if err := draw(&drawn); err != nil {
		return err
	}
	return SendPDF(c, name, drawn.Bytes())
}
