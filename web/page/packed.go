package page

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"hash/fnv"
	"io"
	"strconv"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// packed is a rendered page, ready to be sent many times. Where a form token goes it has a hole, filled for each reader;
// so a page with a form can be kept and shared as well as one without.
//
// For gzip each piece is deflated once, on its own, to a byte boundary, and the token goes between them as a stored block:
// filling a hole costs a copy and a checksum, and the token is never compressed together with what a reader sent (BREACH).
type packed struct {
	status   int
	pieces   [][]byte
	etag     string  // of a page without holes
	answer   *Answer // how it goes to a program, without its body; nil for a page
	deflated func() [][]byte
}

func pack(status int, body []byte, hole string) *packed {
	p := &packed{status: status, pieces: bytes.Split(body, []byte(hole))}
	if len(p.pieces) == 1 {
		sum := fnv.New64a()
		sum.Write(body)
		p.etag = `W/"` + strconv.FormatUint(sum.Sum64(), 36) + `"`
	}
	p.deflated = sync.OnceValue(func() [][]byte {
		all := make([][]byte, len(p.pieces))
		for i, piece := range p.pieces {
			var b bytes.Buffer
			w := deflaters.Get().(*flate.Writer)
			w.Reset(&b)
			_, _ = w.Write(piece) // a Buffer takes everything
			_ = w.Flush()
			deflaters.Put(w)
			all[i] = b.Bytes()
		}
		return all
	})
	return p
}

// deflaters are used again: a new one takes 800 KB, many times the page.
var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(io.Discard, flate.DefaultCompression) // the level is right
	return w
}}

func (p *packed) size() int {
	n := 0
	for _, piece := range p.pieces {
		n += len(piece)
	}
	return n
}

// send answers with the page, its holes filled with token.
func (p *packed) send(c *fiber.Ctx, token func() string) error {
	c.Status(p.status)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderVary, "Cookie, Accept-Language, Accept-Encoding")
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	fill := ""
	if len(p.pieces) > 1 {
		fill = token()
		c.Set(fiber.HeaderCacheControl, "private, no-store")
	} else if p.status == fiber.StatusOK {
		c.Set(fiber.HeaderETag, p.etag)
		if c.Get(fiber.HeaderIfNoneMatch) == p.etag {
			return c.SendStatus(fiber.StatusNotModified)
		}
	}
	if bytes.Contains(c.Request().Header.Peek(fiber.HeaderAcceptEncoding), []byte("gzip")) {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(p.gzip(fill))
	}
	return c.Send(bytes.Join(p.pieces, []byte(fill)))
}

// gzip assembles RFC 1952 around the deflated pieces (RFC 1951).
func (p *packed) gzip(fill string) []byte {
	deflated := p.deflated()
	out := make([]byte, 0, p.size()/3+1024)
	out = append(out, 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255)
	sum, size := uint32(0), 0
	for i, piece := range p.pieces {
		if i > 0 {
			out = append(out, 0) // a stored block, not the last
			out = binary.LittleEndian.AppendUint16(out, uint16(len(fill)))
			out = binary.LittleEndian.AppendUint16(out, ^uint16(len(fill)))
			out = append(out, fill...)
			sum = crc32.Update(sum, crc32.IEEETable, []byte(fill))
			size += len(fill)
		}
		out = append(out, deflated[i]...)
		sum = crc32.Update(sum, crc32.IEEETable, piece)
		size += len(piece)
	}
	out = append(out, 1, 0, 0, 0xff, 0xff) // an empty stored block, the last
	out = binary.LittleEndian.AppendUint32(out, sum)
	return binary.LittleEndian.AppendUint32(out, uint32(size))
}
