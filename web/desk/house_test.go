package desk_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/campaigns/webhook"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/transparency"
	"fund/migrations/pgtest"
	"fund/web"
	"fund/web/auth"
	"fund/web/desk"
	"fund/web/page"
	"fund/web/public"
)

// house is the real site on a loopback address, with one community and somebody for every role.
type house struct {
	*pgtest.Database
	ledger.Community
	Base  string // http://127.0.0.1:…
	Gate  *auth.Gate
	Site  *web.App
	Staff *desk.Pages

	ahead atomic.Int64 // how far the site's clock is put forward, in days
}

// now is the site's clock.
func (h *house) now() time.Time { return time.Now().AddDate(0, 0, int(h.ahead.Load())) }

func yuan(s string) money.Amount { return money.MustParse(s) }

func open(t testing.TB) *house {
	t.Helper()
	policy := auth.DefaultPolicy
	policy.TOTPRoles = nil
	h := &house{Database: pgtest.DB(t), Gate: auth.NewGate(policy)}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", PlaceZH: "成都", PlaceEN: "Chengdu", Phone: "028-0000 0000",
			Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	h.serve(t)
	return h
}

// serve hangs the site up as cmd/fund does.
func (h *house) serve(t testing.TB) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.Base = "http://" + listener.Addr().String()
	providers, err := payment.NewProviders(payment.Cash{})
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := transparency.NewKey("fund.test")
	if err != nil {
		t.Fatal(err)
	}
	db, log := h.Database.App, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	receive := ledger.NewCommitter(db, 64, campaigns.ReceivePayments)
	door := &auth.Door{Gate: h.Gate, DB: db, Community: communityHere}
	witness := func(slug string) (transparency.Cosigner, error) {
		return transparency.NewCosigner("fund.test/c/"+slug+"/witness", bytes.Repeat([]byte("w"), 32))
	}
	staff := &desk.Pages{DB: db, Read: db, Door: door, Receive: receive, Providers: providers, Key: key, Witness: witness, Now: h.now}
	staff.Hooks, staff.Crier = &webhook.Sender{DB: db, Key: bytes.Repeat([]byte("s"), 32), Pretend: true, Now: h.now}, webhook.Crier{DB: db, BaseURL: h.Base, Now: h.now, Log: log}
	app, err := web.New(web.Config{
		BaseURL: h.Base, Secret: bytes.Repeat([]byte("s"), 32), Log: log, CacheTTL: time.Hour, Desk: staff,
		Public:   &public.Pages{DB: db, Read: db, Receive: receive, Providers: providers, Key: key, Now: h.now},
		SignedIn: staff.SignedIn, Allow: staff.Allow, Fresh: staff.Fresh,
		Communities: func(ctx context.Context, slug string) (page.Community, error) {
			c, err := ledger.FindCommunity(ctx, db, slug)
			if errors.Is(err, ledger.ErrNotFound) {
				return page.Community{}, page.ErrNotFound
			}
			if err != nil {
				return page.Community{}, err
			}
			return public.Frame(ctx, db, c)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Site, h.Staff = app, staff
	staff.Changed = func(community, _ int) { app.Pages.Cache.Bump(community) }
	ctx, cancel := context.WithCancel(context.Background())
	var working sync.WaitGroup
	working.Go(func() { _ = app.Serve(ctx, listener) })
	t.Cleanup(func() { cancel(); working.Wait(); receive.Close() })
}

// communityHere tells the door which community a request is about.
func communityHere(c *fiber.Ctx) (int, error) {
	if known := page.Of(c).Community; known != nil {
		return known.ID, nil
	}
	return 0, page.ErrNotFound
}

// get reads one value as the owner.
func get[T any](t testing.TB, h *house, query string, args ...any) (v T) {
	t.Helper()
	if err := h.Owner.Get(&v, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// audited reads the verbs of the audit log in their order, those of people apart.
func (h *house) audited(t testing.TB) string {
	t.Helper()
	return get[string](t, h, `
		SELECT coalesce(string_agg(verb || ' ' || subject, E'\n' ORDER BY id), '') FROM auth.audit_log
		 WHERE verb !~ '^(user|session|role|membership)'`)
}

// visitor is a browser without JavaScript.
type visitor struct {
	testing.TB
	*house
	client *http.Client
	lang   string
}

func (h *house) visitor(t testing.TB) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, h, &http.Client{Jar: jar, Timeout: 20 * time.Second}, ""}
}

const password = "ginkgo leaf on the river 42"

// as is a visitor logged in with a role of their own.
func (h *house) as(t testing.TB, role auth.Role) *visitor {
	t.Helper()
	v, by := h.visitor(t), auth.By{Operator: true, Community: h.ID}
	user, err := h.Gate.AddUser(t.Context(), h.Database.App, by, auth.NewUser{
		Login: string(role) + "@example.cn", Name: "王" + string(role), Password: password, OwnPassword: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return h.Gate.Grant(t.Context(), tx, by, user.ID, role) })
	s, err := h.Gate.LogIn(t.Context(), h.Database.App, user.Login, password, "", auth.From{Address: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(h.Base)
	if err != nil {
		t.Fatal(err)
	}
	v.client.Jar.SetCookies(base, []*http.Cookie{{Name: "fund_session", Value: s.Token, Path: "/"}})
	return v
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
	return v.sendForm(path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (v *visitor) sendForm(path, kind string, body io.Reader) answer {
	v.Helper()
	r, err := http.NewRequest(http.MethodPost, v.Base+path, body)
	if err != nil {
		v.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Origin", v.Base)
	r.Header.Set("Referer", v.Base+path)
	return v.send(r)
}

// upload sends a form with a file in it.
func (v *visitor) upload(path, field string, file []byte, form url.Values) answer {
	v.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name := range form {
		if err := w.WriteField(name, form.Get(name)); err != nil {
			v.Fatal(err)
		}
	}
	part, err := w.CreateFormFile(field, "upload")
	if err == nil {
		_, err = part.Write(file)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		v.Fatal(err)
	}
	return v.sendForm(path, w.FormDataContentType(), &body)
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// form opens a page and takes the hidden fields of its forms, with more beside them.
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

// wantAt tells whether an answer is a page at an address, which a form that was taken leads to.
func wantAt(t testing.TB, a answer, path string) {
	t.Helper()
	if a.Status != http.StatusOK || a.Path != path {
		t.Fatalf("%d at %s, want 200 at %s: %s", a.Status, a.Path, path, mains(a.Body))
	}
}

var tags = regexp.MustCompile(`(?s)<svg.*?</svg>|<[^>]+>|\n\s*\n`)

// mains is what a page says, without its tags.
func mains(body string) string {
	if at := strings.Index(body, "<main"); at > 0 {
		body = body[at:]
	}
	return tags.ReplaceAllString(body, " ")
}
