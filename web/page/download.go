package page

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	downloadMax    = 5 * time.Minute  // of one download
	downloadBreath = 10 * time.Second // how long a reader may take to accept one piece of it
)

// Download streams a file as write writes it; done is called when it is over, in any case. The request's own deadline is for
// pages: a download has its own, and the server's for a whole answer counts anew for each piece. One that fails is cut off, so
// that nobody takes a part for the whole.
func Download(c *fiber.Ctx, name, contentType string, done func(), write func(ctx context.Context, w io.Writer) error) error {
	c.Attachment(name)
	c.Set(fiber.HeaderContentType, contentType)
	c.Set(fiber.HeaderCacheControl, "no-store")
	if c.Method() == fiber.MethodHead {
		done()
		return nil
	}
	conn, request := c.Context().Conn(), Of(c).RequestID
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer done()
		ctx, cancel := context.WithTimeout(context.Background(), downloadMax)
		defer cancel()
		breathe := writerFunc(func(b []byte) (int, error) {
			if err := conn.SetWriteDeadline(time.Now().Add(downloadBreath)); err != nil {
				return 0, err
			}
			return w.Write(b)
		})
		if err := write(ctx, breathe); err != nil {
			slog.Warn("a download was cut off", "id", request, "name", name, "err", err)
			_ = conn.Close()
		}
	})
	return nil
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
