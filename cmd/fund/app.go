package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/collectors"

	"fund/campaigns/outbox"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/web"
	"fund/web/i18n"
	"fund/web/page"
)

// siteOptions are what serve and demo decide differently about the same site.
type siteOptions struct {
	baseURL string   // where readers reach us
	logName string   // in the log's origin lines and its key
	proxies []string // whose X-Forwarded-For is believed
	sandbox bool     // pretend money, and no real provider beside it
	demo    bool     // staff log in without a code device
}

// app is the site and the workers beside it.
type app struct {
	site    *web.App
	workers []func(ctx context.Context) // each returns when ctx ends
	closers []func()                    // committers: finish what was accepted
	log     *slog.Logger
}

// newApp puts a server together: the ONE place where every package meets the others.
func newApp(ctx context.Context, e *env, o siteOptions) (*app, error) {
	secret, err := openSecret(e.keys)
	if err != nil {
		return nil, err
	}
	key, err := openLogKey(ctx, e, o.logName)
	if err != nil {
		return nil, err
	}
	if _, err := newProviders(e, o); err != nil {
		return nil, err
	}
	a := &app{log: e.log}
	a.site, err = web.New(web.Config{
		BaseURL: o.baseURL, Secret: secret, TrustedProxies: o.proxies, Log: e.log,
		Communities: func(ctx context.Context, slug string) (page.Community, error) { return findCommunity(ctx, e, slug) },
		Ready:       e.app.PingContext,
	})
	if err != nil {
		return nil, err
	}
	a.site.Metrics.MustRegister(collectors.NewDBStatsCollector(e.app.DB, "app"))
	if e.read != e.app {
		a.site.Metrics.MustRegister(collectors.NewDBStatsCollector(e.read.DB, "read"))
	}
	a.workers = append(a.workers, func(ctx context.Context) { seal(ctx, e, key) })
	if handlers := outboxHandlers(); len(handlers) > 0 {
		a.workers = append(a.workers, func(ctx context.Context) {
			_ = outbox.Run(ctx, e.app, handlers, outbox.Options{Log: e.log})
		})
	}
	return a, nil
}

// newProviders enables the desk, and the sandbox where it is asked for.
func newProviders(e *env, o siteOptions) (payment.Providers, error) {
	enabled := []payment.Provider{payment.Cash{}}
	if o.sandbox {
		keys, err := payment.LoadSandboxKeys(e.keys)
		if err != nil {
			return payment.Providers{}, err
		}
		payPage := func(order payment.Order) string {
			return o.baseURL + "/c/" + order.Community + "/sandbox/" + order.Number()
		}
		enabled = append(enabled, payment.NewSandbox(payment.NewCounterpart(e.app, keys), payPage))
	}
	return payment.NewProviders(enabled...)
}

// outboxHandlers is the work that the outbox does, by kind.
func outboxHandlers() map[string]outbox.Handler { return nil }

// findCommunity is the community as the frame of a page shows it.
func findCommunity(ctx context.Context, e *env, slug string) (page.Community, error) {
	c, err := ledger.FindCommunity(ctx, e.read, slug)
	if errors.Is(err, ledger.ErrNotFound) {
		return page.Community{}, page.ErrNotFound
	}
	if err != nil {
		return page.Community{}, err
	}
	zone, _ := time.LoadLocation(c.Timezone) // nil, which is Shanghai's, for a zone nobody knows
	return page.Community{
		ID: c.ID, Slug: c.Slug, Phone: c.Phone, Location: zone,
		Name: i18n.Text{ZH: c.NameZH, EN: c.NameEN}, City: i18n.Text{ZH: c.PlaceZH, EN: c.PlaceEN},
		Address: i18n.Text{ZH: c.AddressZH, EN: c.AddressEN},
	}, nil
}

// serve answers until ctx ends. Then, in this order: it accepts no more, finishes what it accepted, closes the streams, and
// stops the workers.
func (a *app) serve(ctx context.Context, listener net.Listener) error {
	working, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	var workers sync.WaitGroup
	for _, work := range a.workers {
		workers.Go(func() { work(working) })
	}
	err := a.site.Serve(ctx, listener)
	for _, finish := range a.closers {
		finish()
	}
	stopWork()
	workers.Wait()
	return err
}

// sample is what the demo shows: pages worth opening, and who may log in.
type sample struct {
	pages  []samplePage
	logins []sampleLogin
}

type samplePage struct{ zh, en, path string }

type sampleLogin struct{ roleZH, roleEN, login, password string }

// loadSample fills an empty database with the sample community, and says what is there.
var loadSample = func(context.Context, *env) (sample, error) {
	return sample{pages: []samplePage{{"首页", "Home", "/"}}}, nil
}

// drawTransparencyReport writes the report as PDF.
var drawTransparencyReport = func(_ context.Context, _ *env, c ledger.Community, _, _ time.Time, _ string, _ io.Writer) error {
	return failed("This build does not draw the report of "+c.NameEN+" yet.", "这个版本还不能生成"+c.NameZH+"的报告。")
}
