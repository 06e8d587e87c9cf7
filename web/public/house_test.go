package public_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/transparency"
	"fund/migrations/pgtest"
	"fund/web"
	"fund/web/api"
	"fund/web/page"
	"fund/web/public"
)

// house is the real site on a loopback address, with one community, one
// campaign and the sandbox.
type house struct {
	*pgtest.Database
	ledger.Community
	Campaign campaigns.Campaign
	Base     string // http://127.0.0.1:…
	App      *web.App
	Donors   *public.Pages
	Company  *payment.Counterpart
	Receive  *ledger.Committer[campaigns.Payment, campaigns.Received]
	Key      transparency.Key

	mu     sync.Mutex
	tried  map[string]int // by name of a limit
	refuse string         // the limit that is used up
}

func yuan(s string) money.Amount { return money.MustParse(s) }

// open opens a house with the sandbox or, where they are given, with real providers.
func open(t testing.TB, real ...payment.Provider) *house {
	t.Helper()
	h := &house{Database: pgtest.DB(t), tried: map[string]int{}}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", PlaceZH: "成都", PlaceEN: "Chengdu", Phone: "028-0000 0000",
			AddressZH: "社区服务中心一楼，周一至周六 9:00–17:00", AddressEN: "Ground floor, community centre", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	h.Campaign = h.publish(t, dinner())
	key, _, err := transparency.NewKey("fund.test")
	if err != nil {
		t.Fatal(err)
	}
	h.Key = key
	h.serve(t, real)
	return h
}

func dinner() campaigns.Campaign {
	meals, boxes := 120, 24
	today := ledger.Community{Timezone: "Asia/Shanghai"}.Day(time.Now()) // where a day begins eight hours before UTC's
	return campaigns.Campaign{
		Slug: "dinner", TitleZH: "除夕暖心饭：给 120 位独居老人做一桌年夜饭", TitleEN: "New Year’s Eve dinner for 120 elders who live alone",
		PurposeZH: "只用于这顿年夜饭", PurposeEN: "this dinner only", Scene: "dinner", Theme: "elders", Goal: yuan("15000"), Minimum: yuan("1"),
		StoryZH:   "安公社区有 120 位老人除夕一个人过。\n\n菜由公益茶坊的厨房做，**60 位**志愿者送。",
		StoryEN:   "In Angong 120 elders spend New Year’s Eve alone.\n\nThe tea house cooks and **60** volunteers carry the dishes.",
		Suggested: campaigns.Amounts{yuan("20"), yuan("50"), yuan("86"), yuan("200")},
		StartsOn:  ledger.Day(today.Year()-1, 1, 1), EndsOn: ledger.Day(today.Year(), today.Month(), today.Day()+41), Basis: campaigns.TargetedBasis,
		ContactName: "刘芳", ContactPhone: "028-0000 0000", CreatedBy: "user:1",
		Budget: []campaigns.BudgetLine{
			{NameZH: "年夜饭食材", NameEN: "Food", UnitZH: "份", UnitEN: "meals", NoteZH: "一份是一位老人的一桌菜", NoteEN: "a dinner for one", Quantity: &meals, Amount: yuan("10320")},
			{NameZH: "送餐保温箱", NameEN: "Boxes", UnitZH: "个", UnitEN: "boxes", Quantity: &boxes, Amount: yuan("2280")},
			{NameZH: "厨房燃气与餐具", NameEN: "Gas and bowls", NoteZH: "实报实销", NoteEN: "at cost", Amount: yuan("2400")},
		},
	}
}

// serve hangs the site up as cmd/fund does.
func (h *house) serve(t testing.TB, real []payment.Provider) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.Base = "http://" + listener.Addr().String()
	keys, err := payment.ParseSandboxKeys(base64.StdEncoding.EncodeToString([]byte("a seed of exactly thirty-two byt")))
	if err != nil {
		t.Fatal(err)
	}
	h.Company = payment.NewCounterpart(h.Database.App, keys)
	h.Company.RetryAfter = nil
	if len(real) == 0 {
		real = []payment.Provider{payment.NewSandbox(h.Company, public.SandboxPage)}
	}
	providers, err := payment.NewProviders(append(real, payment.Cash{})...)
	if err != nil {
		t.Fatal(err)
	}
	h.Receive = ledger.NewCommitter(h.Database.App, 64, campaigns.ReceivePayments)
	machines := &api.Endpoints{DB: h.Database.App, Receive: h.Receive, Providers: providers, Witness: asWitness, Now: time.Now}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	h.Donors = &public.Pages{
		DB: h.Database.App, Read: h.Database.App, Receive: h.Receive, Providers: providers, Company: h.Company, Key: h.Key, Now: time.Now,
	}
	h.App, err = web.New(web.Config{
		BaseURL: h.Base, Secret: bytes.Repeat([]byte("s"), 32), Log: log, API: machines, Limit: h.limit, CacheTTL: time.Millisecond, Mail: true,
		Public: h.Donors,
		Communities: func(ctx context.Context, slug string) (page.Community, error) {
			c, err := ledger.FindCommunity(ctx, h.Database.App, slug)
			if errors.Is(err, ledger.ErrNotFound) {
				return page.Community{}, page.ErrNotFound
			}
			if err != nil {
				return page.Community{}, err
			}
			return public.Frame(ctx, h.Database.App, c)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	live := web.NewLive(h.Database.App, h.App.Pages, log, func(ctx context.Context, community, campaign int) (map[string]string, error) {
		return public.Figures(ctx, h.Database.App, community, campaign)
	})
	machines.Changed = live.Changed
	ctx, cancel := context.WithCancel(context.Background())
	var working sync.WaitGroup
	working.Go(func() { live.Run(ctx, "") })
	working.Go(func() { _ = h.App.Serve(ctx, listener) })
	t.Cleanup(func() { cancel(); working.Wait(); h.Receive.Close() })
}

func (h *house) limit(_ *fiber.Ctx, name string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tried[name]++
	if name == h.refuse {
		return page.TooMany{RetryAfter: time.Minute}
	}
	return nil
}

func (h *house) publish(t testing.TB, c campaigns.Campaign) campaigns.Campaign {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		if c, err = campaigns.DraftCampaign(t.Context(), tx, h.ID, c); err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, h.ID, c.ID, time.Now())
	})
	c.State = campaigns.Published
	return c
}

// seal signs a checkpoint over all entries.
func (h *house) seal(t testing.TB) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := transparency.Seal(t.Context(), tx, h.ID, h.Slug, h.Key, time.Now())
		return err
	})
}

// get reads one value as the owner.
func get[T any](t testing.TB, h *house, query string, args ...any) (v T) {
	t.Helper()
	if err := h.Owner.Get(&v, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// visitor is a browser without JavaScript.
type visitor struct {
	testing.TB
	*house
	client *http.Client
	lang   string
	agent  string // what the browser calls itself
}

func (h *house) visitor(t testing.TB) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, h, &http.Client{Jar: jar, Timeout: 20 * time.Second}, "", ""}
}

// answer is what came after all redirects.
type answer struct {
	Status int
	Path   string
	Header http.Header
	Body   string
}

func (v *visitor) send(r *http.Request) answer {
	v.Helper()
	if v.lang != "" {
		r.Header.Set("Accept-Language", v.lang)
	}
	if v.agent != "" {
		r.Header.Set("User-Agent", v.agent)
	}
	response, err := v.client.Do(r)
	if err != nil {
		v.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.Fatal(err)
	}
	return answer{response.StatusCode, response.Request.URL.Path, response.Header, string(body)}
}

func (v *visitor) get(path string) answer {
	v.Helper()
	r, err := http.NewRequest(http.MethodGet, v.Base+path, nil)
	if err != nil {
		v.Fatal(err)
	}
	return v.send(r)
}

func (v *visitor) post(path string, form url.Values) answer {
	v.Helper()
	r, err := http.NewRequest(http.MethodPost, v.Base+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", v.Base)
	return v.send(r)
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// form opens a page and takes the hidden fields of its form, with more beside them.
func (v *visitor) form(path string, pairs ...string) url.Values {
	v.Helper()
	return fields(v.get(path).Body, pairs...)
}

func fields(body string, pairs ...string) url.Values {
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(body, -1) {
		form.Set(m[1], m[2])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

const (
	campaignPath = "/c/angong/campaigns/dinner"
	donatePath   = campaignPath + "/donations"
)

// order starts a donation and stops at the pretend company's page.
func (v *visitor) order(pairs ...string) answer {
	v.Helper()
	return v.post(donatePath, v.form(campaignPath, pairs...))
}

// pay presses a button at the pretend company.
func (v *visitor) pay(at answer, scenario payment.Scenario) answer {
	v.Helper()
	if !strings.HasPrefix(at.Path, "/c/angong/sandbox/pay/") {
		v.Fatalf("at %s (%d) and not at the company: %s", at.Path, at.Status, at.Body)
	}
	return v.post(at.Path, fields(at.Body, "scenario", string(scenario)))
}

// give gives and pays; the answer is the receipt's page.
func (v *visitor) give(pairs ...string) answer {
	v.Helper()
	at := v.pay(v.order(pairs...), payment.Normal)
	if at.Status != 200 || !strings.HasPrefix(at.Path, "/r/") {
		v.Fatalf("%d at %s: %s", at.Status, at.Path, at.Body)
	}
	return at
}

func wantIn(t testing.TB, what, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("%s lacks %q", what, text)
		}
	}
}

func wantNot(t testing.TB, what, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(body, text) {
			t.Errorf("%s has %q", what, text)
		}
	}
}

// asWitness is a community as a witness of others.
func asWitness(slug string) (transparency.Cosigner, error) {
	return transparency.NewCosigner("fund.test/c/"+slug+"/witness", bytes.Repeat([]byte("w"), 32))
}
