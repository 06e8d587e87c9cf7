package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"fund/campaigns"
	"fund/campaigns/disclosure"
	"fund/campaigns/giver"
	"fund/campaigns/outbox"
	"fund/campaigns/payment"
	"fund/campaigns/pledge"
	"fund/campaigns/publication"
	"fund/campaigns/sale"
	"fund/campaigns/voice"
	"fund/campaigns/webhook"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web"
	"fund/web/api"
	"fund/web/auth"
	"fund/web/desk"
	"fund/web/page"
	"fund/web/public"
	"fund/web/till"
)

// siteOptions are what serve and demo decide differently about the same site.
type siteOptions struct {
	baseURL string   // where readers reach us
	logName string   // in the log's origin lines and its key
	proxies []string // whose X-Forwarded-For is believed
	sandbox bool     // pretend money, and no real provider beside it
	demo    bool     // staff log in without a code device, and letters and what subscribers are told stay here

	insideHooks bool // a test's: subscribers may be on this machine, and are called from a demo too

	largeGift money.Amount // from here on a gift is shown once more; zero: none is
	smtp      string       // the server that takes letters; empty: none are sent
	mailFrom  string
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
	secret, err := openSecret(e.keys, webSecret)
	if err != nil {
		return nil, err
	}
	key, err := openLogKey(ctx, e, o.logName)
	if err != nil {
		return nil, err
	}
	witness, err := e.witnesses(o.logName)
	if err != nil {
		return nil, err
	}
	company, providers, err := newProviders(e, o)
	if err != nil {
		return nil, err
	}
	post, err := newPost(e, o)
	if err != nil {
		return nil, err
	}
	receive := ledger.NewCommitter(e.app, batchMax, campaigns.ReceivePayments)
	gate := auth.NewGate(auth.DefaultPolicy)
	if o.demo {
		gate.Policy.TOTPRoles = nil
	}
	door := &auth.Door{Gate: gate, DB: e.app, Secure: strings.HasPrefix(o.baseURL, "https://"), Community: communityOf}
	donors := &public.Pages{DB: e.app, Read: e.read, Receive: receive, Providers: providers, Company: company, Key: key, Now: time.Now}
	brakes(donors, e, gate, o)
	donors.Links, donors.Forget, donors.Plans = giver.Links{Secret: secret}, forgets, plans(e)
	machines := &api.Endpoints{DB: e.app, Receive: receive, Providers: providers, Witness: witness, Now: time.Now}
	staff := &desk.Pages{DB: e.app, Read: e.read, Door: door, Receive: receive, Providers: providers, Key: key, Witness: witness, Asks: closeAsks, KeepsMail: o.demo, Now: time.Now}
	hooks := &webhook.Sender{DB: e.app, Key: secret, Client: webhook.Guarded(o.insideHooks), Pretend: o.demo && !o.insideHooks, Now: time.Now}
	staff.Hooks, staff.Crier = hooks, newCrier(e, o.baseURL)
	sell := ledger.NewCommitter(e.app, deliveriesMax, sale.Sync)
	seller := &till.Pages{DB: e.app, Read: e.read, Door: door, Sell: sell, Now: time.Now}
	a := &app{log: e.log, closers: []func(){receive.Close, sell.Close}}
	a.site, err = web.New(web.Config{
		BaseURL: o.baseURL, Secret: secret, TrustedProxies: o.proxies, Log: e.log, Mail: post.On(),
		Communities: func(ctx context.Context, slug string) (page.Community, error) { return findCommunity(ctx, e, slug) },
		Ready:       e.app.PingContext,
		SignedIn:    staff.SignedIn, Allow: staff.Allow, Fresh: staff.Fresh,
		Public: donors, API: machines, Data: &api.Data{Read: e.read, Now: time.Now}, Desk: staff, Till: seller,
		Limit: func(c *fiber.Ctx, name string) error { return limit(c, e, gate, name) },
	})
	if err != nil {
		return nil, err
	}
	live := web.NewLive(e.app, a.site.Pages, e.log, func(ctx context.Context, community, campaign int) (map[string]string, error) {
		return public.Figures(ctx, e.app, community, campaign)
	})
	machines.Changed, staff.Changed, seller.Changed = live.Changed, live.Changed, live.Changed
	a.measure(e)
	a.workers = append(a.workers,
		func(ctx context.Context) { seal(ctx, e, key) },
		func(ctx context.Context) {
			every(ctx, e, askEvery, func(ctx context.Context) error { return askWitnesses(ctx, e, askAgain) })
		},
		func(ctx context.Context) {
			every(ctx, e, addUpEvery, func(ctx context.Context) error { return addUp(ctx, e) })
		},
		func(ctx context.Context) { index(ctx, e) },
		func(ctx context.Context) { live.Run(ctx, e.appURL) },
		func(ctx context.Context) {
			hourly(ctx, e, func(ctx context.Context) error {
				return errors.Join(gate.Sweep(ctx, e.app), forgetLetters(ctx, e), forgetDrafts(ctx, e), forgetUnconfirmed(ctx, e), giver.Sweep(ctx, e.app, time.Now()), webhook.Sweep(ctx, e.app, time.Now()))
			})
		})
	following := letters{e, o.baseURL, post}.follow(campaigns.Following{DB: e.app, Providers: providers, NotifyURL: notifyURL(o.baseURL)})
	follow := campaigns.Handlers(following)
	maps.Copy(follow, pledge.Handlers(letters{e, o.baseURL, post}.promises()))
	maps.Copy(follow, voice.Handlers(letters{e, o.baseURL, post}.voices()))
	maps.Copy(follow, disclosure.Handlers(letters{e, o.baseURL, post}.disclosures(gate)))
	maps.Copy(follow, publication.Handlers(letters{e, o.baseURL, post}.reports(live.Changed)))
	maps.Copy(follow, giver.Handlers(letters{e, o.baseURL, post}.givers(donors.Links)))
	maps.Copy(follow, letters{e, o.baseURL, post}.people(gate, a.site.Pages.Sign))
	a.workers = append(a.workers,
		func(ctx context.Context) { _ = outbox.Run(ctx, e.app, lanes(e, follow, hooks)...) },
		staff.Crier.Run,
		func(ctx context.Context) { settle(ctx, e, providers, receive, live.Changed) },
		func(ctx context.Context) { settleRefunds(ctx, e, following) },
		func(ctx context.Context) {
			every(ctx, e, time.Minute, func(ctx context.Context) error { return planReports(ctx, e) })
		},
		func(ctx context.Context) {
			hourly(ctx, e, func(ctx context.Context) error {
				return errors.Join(remind(ctx, e), remindOfDisclosure(ctx, e), forgetUploads(ctx, e), postRecurring(ctx, e, live.Changed), forgetOrphans(ctx, e))
			})
		})
	return a, nil
}

// batchMax is how many donations one database transaction books at most. A rush
// makes two batches that take turns: while one is booked, the other's callers are
// answered. A batch that takes everybody lets them wait for each other.
const batchMax = 128

// deliveriesMax is the same for what tills hand in, each with up to a hundred sales.
const deliveriesMax = 16

func (a *app) measure(e *env) {
	a.site.Metrics.MustRegister(collectors.NewDBStatsCollector(e.app.DB, "app"))
	if e.read != e.app {
		a.site.Metrics.MustRegister(collectors.NewDBStatsCollector(e.read.DB, "read"))
	}
}

// limits are the tries an address has within a window, by the name in the route table.
var limits = map[string]struct {
	tries  int
	window time.Duration
}{
	"donate":   {60, time.Minute}, // a hall may share one address
	"verify":   {20, time.Minute},
	"start":    {6, time.Hour},
	"token":    {120, time.Minute},
	"upload":   {20, 10 * time.Minute},
	"ask":      {6, 10 * time.Minute},
	"download": {30, time.Minute},
	"picture":  {120, time.Minute},
	"login":    {30, time.Minute},
}

// limit counts a try of an address against the limit that a route names.
func limit(c *fiber.Ctx, e *env, gate *auth.Gate, name string) error {
	rule, ok := limits[name]
	if !ok {
		return fmt.Errorf("no limit is named %q", name)
	}
	allowed, retry, err := gate.Allow(c.UserContext(), e.app, name+":"+auth.FromRequest(c).Subscriber(), rule.tries, rule.window)
	if err == nil && !allowed {
		err = page.TooMany{RetryAfter: retry}
	}
	return err
}

// hourly runs a chore once at the start and then every hour until ctx ends.
func hourly(ctx context.Context, e *env, chore func(context.Context) error) {
	every(ctx, e, time.Hour, chore)
}

func every(ctx context.Context, e *env, interval time.Duration, chore func(context.Context) error) {
	for {
		if err := chore(ctx); err != nil && ctx.Err() == nil {
			e.log.ErrorContext(ctx, "regular chore", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(interval):
		}
	}
}

// eachCommunity does a chore for every community, each in a database transaction of its own.
func eachCommunity(ctx context.Context, e *env, do func(tx *sqlx.Tx, c ledger.Community) error) error {
	communities, err := ledger.ListCommunities(ctx, e.app)
	for _, c := range communities {
		err = errors.Join(err, e.inTx(ctx, func(tx *sqlx.Tx) error { return do(tx, c) }))
	}
	return err
}

// communityOf tells web/auth which community a request is about.
func communityOf(c *fiber.Ctx) (int, error) {
	if known := page.Of(c).Community; known != nil {
		return known.ID, nil
	}
	return 0, page.ErrNotFound
}

// newProviders enables the desk, what the environment configures, and the sandbox where it is asked for.
func newProviders(e *env, o siteOptions) (*payment.Counterpart, payment.Providers, error) {
	enabled, err := payment.FromEnvironment(os.Getenv)
	if err != nil {
		return nil, payment.Providers{}, err
	}
	enabled = append(enabled, payment.Cash{})
	if !o.sandbox {
		providers, err := payment.NewProviders(enabled...)
		return nil, providers, err
	}
	keys, err := payment.LoadSandboxKeys(e.keys)
	if err != nil {
		return nil, payment.Providers{}, err
	}
	company := payment.NewCounterpart(e.app, keys)
	providers, err := payment.NewProviders(append(enabled, payment.NewSandbox(company, public.SandboxPage), payment.NewPretendTransfer())...)
	return company, providers, err
}

// settleEvery is how often providers are asked about payments whose notification
// may be lost, and how long a payment waits before it is asked about.
const settleEvery = time.Minute

// settle asks, and concludes the campaigns whose time has come, until ctx ends.
func settle(ctx context.Context, e *env, providers payment.Providers, receive *ledger.Committer[campaigns.Payment, campaigns.Received], changed func(community, campaign int)) {
	for ctx.Err() == nil {
		communities, err := ledger.ListCommunities(ctx, e.app)
		for _, c := range communities {
			received, failed := campaigns.Settle(ctx, e.app, c, providers, receive, time.Now(), settleEvery)
			for _, r := range received {
				changed(c.ID, r.Campaign)
			}
			moved, stuck := campaigns.ConcludeDue(ctx, e.app, c, time.Now(), "system")
			for _, campaign := range moved {
				changed(c.ID, campaign)
			}
			err = errors.Join(err, failed, stuck)
		}
		if err != nil && ctx.Err() == nil {
			e.log.WarnContext(ctx, "settle payments and campaigns", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(settleEvery):
		}
	}
}

// findCommunity is the community as the frame of a page shows it.
func findCommunity(ctx context.Context, e *env, slug string) (page.Community, error) {
	c, err := ledger.FindCommunity(ctx, e.read, slug)
	if errors.Is(err, ledger.ErrNotFound) {
		return page.Community{}, page.ErrNotFound
	}
	if err != nil {
		return page.Community{}, err
	}
	return public.Frame(ctx, e.read, c)
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
