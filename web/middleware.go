package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"fund/web/page"

	"github.com/gofiber/fiber/v2"
)

// use hangs up what every request passes through, from the outside in.
func (a *App) use() {
	a.Fiber.Use(
		a.name,
		a.observe(),
		a.recoverPanic,
		a.secure,
		withDeadline,
		a.nearest,
		a.Pages.Attach,
		legible,
		a.Pages.Prefer,
	)
}

// name gives the request the id that its answer, its log line and its error page share.
func (a *App) name(c *fiber.Ctx) error {
	id := strings.ToLower(rand.Text()[:12])
	c.Locals("requestid", id)
	c.Set(fiber.HeaderXRequestID, id)
	return c.Next()
}

// recoverPanic turns a panic into an error: the request fails, the process stays.
func (a *App) recoverPanic(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			a.log.Error("panic", "id", c.Locals("requestid"), "route", c.Route().Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	return c.Next()
}

// contentPolicy allows what we serve ourselves and nothing else: no inline style or script, no other host.
func contentPolicy(formTargets []string) string {
	return "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; " +
		"worker-src 'self'; form-action " + strings.Join(append([]string{"'self'"}, formTargets...), " ") +
		"; frame-ancestors 'none'; base-uri 'none'"
}

// secure is the middleware that sets the headers every answer carries, errors included.
func (a *App) secure(c *fiber.Ctx) error {
	a.secureHeaders(c)
	return c.Next()
}

func (a *App) secureHeaders(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, a.policy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(), geolocation=(), microphone=()")
	if a.Pages.Secure() {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
	}
}

// withDeadline gives the work an end; Fiber's own UserContext has none.
func withDeadline(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), deadline)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// signedIn finds out who the reader is.
func (a *App) signedIn(c *fiber.Ctx) error {
	if a.config.SignedIn != nil {
		user, err := a.config.SignedIn(c)
		if err != nil {
			return err
		}
		page.Of(c).User = user
	}
	return c.Next()
}

func (a *App) allow(c *fiber.Ctx, right string) error {
	if a.config.Allow == nil {
		return page.ErrNotAllowed
	}
	return a.config.Allow(c, right)
}

func (a *App) fresh(c *fiber.Ctx) error {
	if a.config.Fresh == nil {
		return page.ErrNotAllowed
	}
	return a.config.Fresh(c)
}

// takeBody reads the body up to a limit. Fiber hands over a larger one, or one of unknown size, as a stream still on the
// wire, so that a route for uploads may be generous where all others are not.
func takeBody(limit int) fiber.Handler {
	if limit == 0 {
		limit = BodyMax
	}
	patience := readTimeout
	if limit > BodyMax {
		patience = time.Minute
	}
	return func(c *fiber.Ctx) error {
		refuse := func() error {
			c.Context().SetConnectionClose() // the rest of the body will not be read
			return page.TooLarge{Limit: limit}
		}
		if c.Request().Header.ContentLength() > limit {
			return refuse()
		}
		stream := c.Context().RequestBodyStream()
		if stream == nil {
			return c.Next()
		}
		if err := c.Context().Conn().SetReadDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		body, err := io.ReadAll(io.LimitReader(stream, int64(limit)+1))
		switch {
		case err != nil:
			c.Context().SetConnectionClose()
			return fmt.Errorf("%w: %w", page.ErrUnreadable, err)
		case len(body) > limit:
			return refuse()
		}
		c.Request().SetBody(body)
		return c.Next()
	}
}

// communities remembers which community a slug names, for a few seconds.
type communities struct {
	find func(ctx context.Context, slug string) (page.Community, error)
	held sync.Map // slug → heldCommunity
}

type heldCommunity struct {
	community page.Community
	until     time.Time
}

const communityTTL = 5 * time.Second

// community puts the community of /c/:community into the reader; the same 404 for one that is not there.
func (a *App) community(c *fiber.Ctx) error {
	found, err := a.communities.get(c.UserContext(), c.Params("community"))
	if err != nil {
		return err
	}
	page.Of(c).Community = &found
	return c.Next()
}

func (k *communities) get(ctx context.Context, slug string) (page.Community, error) {
	if held, ok := k.held.Load(slug); ok && time.Now().Before(held.(heldCommunity).until) {
		return held.(heldCommunity).community, nil
	}
	if k.find == nil {
		return page.Community{}, page.ErrNotFound
	}
	found, err := k.find(ctx, slug)
	if err == nil {
		k.held.Store(slug, heldCommunity{found, time.Now().Add(communityTTL)})
	}
	return found, err
}
