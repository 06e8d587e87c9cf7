package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"time"

	"fund/web/api"
	"fund/web/desk"
	"fund/web/page"
	"fund/web/public"
	"fund/web/till"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
)

const (
	readTimeout  = 5 * time.Second
	writeTimeout = 10 * time.Second
	idleTimeout  = 30 * time.Second
	deadline     = 8 * time.Second // of one request's work; less than writeTimeout, so that the reader hears of it
	shutdownMax  = 15 * time.Second
	connections  = 16 << 10
	// BodyMax is the largest body of a route that does not say otherwise, in bytes.
	BodyMax = 64 << 10
)

// Config is what the app is made from. The functions are its hooks: nil means the plain answer named beside each.
type Config struct {
	BaseURL        string   // where readers reach us
	Secret         []byte   // at least 32 bytes, the same in every process
	TrustedProxies []string // addresses or networks whose X-Forwarded-For is believed; none: nobody's is
	FormTargets    []string // origins a form may be sent on to, such as a payment page; beside our own
	CacheTTL       time.Duration
	Mail           bool // letters are sent
	Log            *slog.Logger
	Templates      fs.FS // nil: the embedded ones

	Communities func(ctx context.Context, slug string) (page.Community, error) // nil: there are none
	SignedIn    func(c *fiber.Ctx) (*page.User, error)                         // nil: nobody is
	Allow       func(c *fiber.Ctx, right string) error                         // nil: only routes that ask for no right
	Fresh       func(c *fiber.Ctx) error                                       // nil: only routes that ask for no confirmation
	Limit       func(c *fiber.Ctx, name string) error                          // nil: no limits; else page.TooMany
	Ready       func(ctx context.Context) error                                // nil: always

	Public *public.Pages  // nil: no pages for donors and residents
	API    *api.Endpoints // nil: no addresses for machines
	Data   *api.Data      // nil: no open data
	Desk   *desk.Pages    // nil: no pages for the staff
	Till   *till.Pages    // nil: nobody sells
	Routes []Route        // a test's own, beside those of routes.go
}

// App is the running site.
type App struct {
	Fiber   *fiber.App
	Pages   *page.Site
	Metrics *prometheus.Registry

	config      Config
	log         *slog.Logger
	policy      string          // Content-Security-Policy
	machines    map[string]bool // routes that programs call
	communities communities
}

// New parses the templates, hangs up the routes, and listens to nothing yet.
func New(config Config) (*App, error) {
	if config.Log == nil {
		config.Log = slog.Default()
	}
	pages, err := page.New(page.Options{
		BaseURL: config.BaseURL, Secret: config.Secret, Log: config.Log, CacheTTL: config.CacheTTL, Mail: config.Mail, Templates: config.Templates,
	})
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	a := &App{
		Pages: pages, Metrics: prometheus.NewRegistry(), config: config, log: config.Log, policy: contentPolicy(config.FormTargets), machines: map[string]bool{},
	}
	a.Fiber = fiber.New(fiber.Config{
		AppName:                 "fund",
		DisableStartupMessage:   true,
		Immutable:               true, // without it a kept string turns into a later request's bytes
		ReadTimeout:             readTimeout,
		WriteTimeout:            writeTimeout,
		IdleTimeout:             idleTimeout,
		BodyLimit:               BodyMax,
		StreamRequestBody:       true, // over BodyLimit the body waits on the wire: takeBody decides route by route
		ReadBufferSize:          16 << 10,
		Concurrency:             connections,
		EnableTrustedProxyCheck: true,
		TrustedProxies:          config.TrustedProxies,
		ProxyHeader:             proxyHeader(config.TrustedProxies),
		EnableIPValidation:      true,
		ErrorHandler:            a.failEarly,
	})
	a.communities.find = config.Communities
	a.use()
	for _, r := range a.routes() {
		a.hang(r)
	}
	a.Fiber.Use(a.missing)
	return a, nil
}

// failEarly answers what never reached the middleware, such as a request that is no HTTP.
func (a *App) failEarly(c *fiber.Ctx, err error) error {
	a.secureHeaders(c)
	if errors.Is(err, fiber.ErrBadGateway) { // Fiber's word for a connection that broke under it: not our failure
		err = fmt.Errorf("%w: %w", page.ErrUnreadable, err)
	}
	return page.Fail(c, err)
}

// proxyHeader is read only where somebody is trusted to have written it.
func proxyHeader(trusted []string) string {
	if len(trusted) == 0 {
		return ""
	}
	return fiber.HeaderXForwardedFor
}

// Serve answers on a listener until ctx is done, then stops accepting, ends the event streams, and finishes every request
// it has accepted, for at most 15 s. It returns nil after such an end.
func (a *App) Serve(ctx context.Context, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- a.Fiber.Listener(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("web: serve: %w", err)
	case <-ctx.Done():
	}
	a.Pages.Streams.Close()
	err := a.Fiber.ShutdownWithTimeout(shutdownMax)
	if served := <-failed; err == nil && !errors.Is(served, net.ErrClosed) {
		err = served
	}
	if err != nil {
		return fmt.Errorf("web: shut down: %w", err)
	}
	return nil
}
