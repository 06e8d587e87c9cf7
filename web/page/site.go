package page

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Options are what a Site is made from.
type Options struct {
	BaseURL   string        // where readers reach us, such as https://gongzhang.example.cn; decides cookies and origins
	Secret    []byte        // at least 32 bytes; signs form tokens and notices, the same in every process
	Log       *slog.Logger  // nil is slog.Default()
	Mail      bool          // letters are sent: pages may ask for addresses
	CacheTTL  time.Duration // how long a page may be reused although nothing is known to have changed; 0 is 2 s
	Templates fs.FS         // nil is the embedded templates; a test hangs its own pages beside them with Overlay
}

// Site is everything the pages of one process share: templates, cache, streams, secrets.
type Site struct {
	Cache   *Cache
	Streams *Streams

	base    *url.URL
	mail    bool
	secret  []byte
	log     *slog.Logger
	presses presses
	hole    string // stands in a rendered page where the form token goes; random, so that no text can contain it
}

// New parses all templates and fails on the first that is not right.
func New(o Options) (*Site, error) {
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("page: base URL %q: want http(s)://host", o.BaseURL)
	}
	if len(o.Secret) < 32 {
		return nil, fmt.Errorf("page: secret of %d bytes: want at least 32", len(o.Secret))
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.CacheTTL == 0 {
		o.CacheTTL = 2 * time.Second
	}
	if o.Templates == nil {
		o.Templates = Templates
	}
	s := &Site{
		Cache:   newCache(o.CacheTTL),
		Streams: newStreams(),
		base:    base,
		mail:    o.Mail,
		secret:  o.Secret,
		log:     o.Log,
		hole:    "hole-" + randomHex(),
	}
	if s.presses, err = newPresses(o.Templates, s); err != nil {
		return nil, err
	}
	return s, nil
}

// Secure tells whether readers come over https.
func (s *Site) Secure() bool { return s.base.Scheme == "https" }

// URL is the address of a path as readers see it, for QR codes, mails and feeds.
func (s *Site) URL(path string) string { return strings.TrimSuffix(s.base.String(), "/") + path }

// the keys of c.Locals
type siteKey struct{}

type readerKey struct{}

// Attach is the middleware that lets Render, Fail and Of know the site and the reader.
func (s *Site) Attach(c *fiber.Ctx) error {
	c.Locals(siteKey{}, s)
	c.Locals(readerKey{}, s.greet(c))
	return c.Next()
}

// SiteOf is the site a request came to.
func SiteOf(c *fiber.Ctx) *Site { return c.Locals(siteKey{}).(*Site) }

// Of is who is reading. Before Attach ran it is a Chinese reader nobody knows.
func Of(c *fiber.Ctx) *Reader {
	if r, ok := c.Locals(readerKey{}).(*Reader); ok {
		return r
	}
	return &Reader{Lang: "zh-CN", Path: c.Path()}
}

// randomHex is 128 random bits.
func randomHex() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}
