package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/campaigns/webhook"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// call is one message as a subscriber got it.
type call struct {
	header http.Header
	body   []byte
}

// house is a community, a subscriber that listens on this machine, and what tells it.
type house struct {
	*testing.T
	*pgtest.Database
	ledger.Community
	crier  webhook.Crier
	sender *webhook.Sender
	server *httptest.Server
	now    atomic.Int64 // seconds after now

	mu     sync.Mutex
	calls  []call
	answer func(w http.ResponseWriter, r *http.Request) // nil: 204
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, Database: pgtest.DB(t)}
	h.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h.mu.Lock()
		h.calls = append(h.calls, call{r.Header.Clone(), body})
		answer := h.answer
		h.mu.Unlock()
		if answer != nil {
			answer(w, r)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(h.server.Close)
	clock := func() time.Time { return time.Now().Add(time.Duration(h.now.Load()) * time.Second) }
	client := webhook.Guarded(true)
	client.Transport.(*http.Transport).TLSClientConfig.RootCAs = h.server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	h.sender = &webhook.Sender{DB: h.App, Key: []byte(strings.Repeat("k", 32)), Client: client, Now: clock}
	h.crier = webhook.Crier{DB: h.App, BaseURL: "https://fund.test", Now: clock, Log: slog.New(slog.DiscardHandler)}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"})
		return err
	})
	return h
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// post posts an entry.
func (h *house) post(source string) {
	h.Helper()
	accounts, err := ledger.ListAccounts(h.Context(), h.App, h.ID)
	h.must(err)
	bank, _ := accounts.By(ledger.Bank)
	cash, _ := accounts.By(ledger.Cash)
	h.Do(h.T, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(h.Context(), tx, h.ID, ledger.Entry{
			Date: h.Day(time.Now()), Kind: "manual", Source: source, Memo: "x", PostedBy: "user:1",
			Postings: []ledger.Posting{ledger.Debit(bank.ID, ledger.GeneralFundID, money.MustParse("1")), ledger.Credit(cash.ID, ledger.GeneralFundID, money.MustParse("1"))},
		})
		return err
	})
}

func (h *house) add(events ...string) (s webhook.Subscriber) {
	h.Helper()
	h.Do(h.T, func(tx *sqlx.Tx) (err error) {
		s, err = webhook.Add(h.Context(), tx, h.Community, webhook.Subscriber{URL: strings.Replace(h.server.URL, "127.0.0.1", "localhost.localdomain", 1), Events: events}, h.crier, "user:1", h.sender.Now())
		return err
	})
	_, err := h.Owner.Exec(`UPDATE webhook.subscriber SET url = $1`, h.server.URL) // a name that this machine knows
	h.must(err)
	return s
}

// run works the outbox until what the test waits for is true.
func (h *house) run(until func() bool) {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), 20*time.Second)
	defer cancel()
	var working sync.WaitGroup
	working.Go(func() {
		h.must(outbox.Run(ctx, h.App, outbox.Lane{Handlers: webhook.Handlers(h.sender), Options: outbox.Options{Poll: 5 * time.Millisecond, Workers: 4, Now: h.sender.Now, Log: slog.New(slog.DiscardHandler)}}))
	})
	for !until() {
		if ctx.Err() != nil {
			h.Error("it did not happen")
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	working.Wait()
}

// lastWrite is the database transaction that last wrote or held what was heard.
func (h *house) lastWrite() (by string) {
	h.Helper()
	h.must(h.Owner.Get(&by, `SELECT xmin || '/' || xmax FROM webhook.heard WHERE community_id = $1`, h.ID))
	return by
}

func (h *house) got() []call {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.calls)
}

func (h *house) find(s webhook.Subscriber) webhook.Subscriber {
	h.Helper()
	found, err := webhook.Find(h.Context(), h.App, h.ID, s.ID)
	h.must(err)
	return found
}

func (h *house) log(s webhook.Subscriber) []webhook.Delivery {
	h.Helper()
	all, err := webhook.Deliveries(h.Context(), h.App, h.ID, s.ID, 100)
	h.must(err)
	return all
}

// signedWith tells whether one of a message's signatures is by a secret, as a stranger with the standard in hand checks it.
func signedWith(c call, secret string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(c.header.Get("Webhook-Id") + "." + c.header.Get("Webhook-Timestamp") + "."))
	h.Write(c.body)
	want := "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
	return slices.Contains(strings.Fields(c.header.Get("Webhook-Signature")), want)
}

func TestSubscribersAreToldOnceOfWhatIsNew(t *testing.T) {
	t.Parallel()
	h := open(t)
	report := webhook.Happened{Key: "report.issued:2026-001/1", Kind: webhook.ReportIssued, Data: map[string]string{"serial": "2026-001"}}
	reports := []webhook.Happened{report}
	read := 0 // times that the reports were read
	h.crier.Reports = func(_ context.Context, _ sqlx.QueryerContext, _ ledger.Community, known int) ([]webhook.Happened, error) {
		if len(reports) <= known {
			return nil, nil
		}
		read++
		return reports, nil
	}
	h.post("test:1")
	s := h.add(webhook.Kinds...)
	h.must(h.crier.Cry(t.Context()))
	if old := h.log(s); len(old) != 0 {
		t.Fatalf("what there was already is news: %+v", old)
	}
	h.post("test:2")
	h.post("test:3")
	reports = append(reports, webhook.Happened{Key: "report.issued:2026-001/2", Kind: webhook.ReportIssued, Data: map[string]string{"serial": "2026-001"}})
	h.Do(t, func(tx *sqlx.Tx) error {
		of, err := campaigns.DraftCampaign(t.Context(), tx, h.ID, campaigns.Campaign{Slug: "lamps", TitleZH: "路灯", Goal: money.MustParse("100"), StartsOn: h.Day(time.Now()), EndsOn: h.Day(time.Now()), Basis: campaigns.TargetedBasis, CreatedBy: "user:1"})
		if err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, h.ID, of.ID, time.Now())
	})
	read = 0
	h.must(h.crier.Cry(t.Context()))
	looked, once := h.lastWrite(), read
	for range 3 {
		h.must(h.crier.Cry(t.Context()))
	}
	if read != once || h.lastWrite() != looked {
		t.Errorf("where nothing is new, the reports are read, or something is written: %d and %d times, after %s by %s", once, read, looked, h.lastWrite())
	}
	h.run(func() bool { return len(h.got()) >= 3 })
	secret, kinds := h.sender.Secret(h.ID, s), []string{}
	for _, c := range h.got() {
		var said struct {
			ID, Type, Community string
			Timestamp           time.Time
			Data                struct {
				First, Last, Count int64
				Entries, Slug      string
			}
		}
		h.must(json.Unmarshal(c.body, &said))
		if !signedWith(c, secret) || said.ID != c.header.Get("Webhook-Id") || said.Community != "angong" {
			t.Errorf("%s %v", c.body, c.header)
		}
		if said.Type == webhook.EntriesPosted && (said.Data.First != 2 || said.Data.Last != 3 || said.Data.Entries != "https://fund.test/api/v1/c/angong/entries?above=1") {
			t.Errorf("%s", c.body)
		}
		kinds = append(kinds, said.Type)
	}
	slices.Sort(kinds)
	if want := []string{webhook.CampaignPublished, webhook.EntriesPosted, webhook.ReportIssued}; !slices.Equal(kinds, want) {
		t.Errorf("told of %v, want %v", kinds, want)
	}
	for _, d := range h.log(s) {
		if d.State != "done" || d.Status.V != http.StatusNoContent {
			t.Errorf("%+v", d)
		}
	}
}

func TestSignaturesAreThoseOfTheBody(t *testing.T) {
	t.Parallel()
	h := open(t)
	s := h.add(webhook.EntriesPosted)
	first := h.sender.Secret(h.ID, s)
	h.Do(t, func(tx *sqlx.Tx) error { return webhook.Rotate(t.Context(), tx, h.ID, s.ID, h.sender.Now()) })
	second := h.sender.Secret(h.ID, h.find(s))
	tell := func() call {
		before := len(h.got())
		h.Do(t, func(tx *sqlx.Tx) error { return webhook.Test(t.Context(), tx, h.ID, s.ID, h.sender.Now()) })
		h.run(func() bool { return len(h.got()) > before })
		return h.got()[before]
	}
	c := tell()
	if first == second || !signedWith(c, first) || !signedWith(c, second) {
		t.Error("both secrets hold for a day after a rotation")
	}
	altered := call{c.header, append([]byte(" "), c.body...)}
	if signedWith(altered, second) {
		t.Error("an altered body is taken for ours")
	}
	h.now.Add(int64(webhook.Overlap/time.Second) + 1)
	if c = tell(); signedWith(c, first) || !signedWith(c, second) {
		t.Error("the old secret holds for ever")
	}
}

func TestWhoDoesNotAnswerRestsAndIsPaused(t *testing.T) {
	t.Parallel()
	h := open(t)
	s := h.add(webhook.EntriesPosted)
	h.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
	for i := range 5 {
		h.post("test:" + string(rune('a'+i)))
		h.must(h.crier.Cry(t.Context()))
	}
	h.run(func() bool { return h.find(s).Failures == 1 })
	if calls := len(h.got()); calls != 1 {
		t.Errorf("%d calls while it rests", calls)
	}
	for n := 2; n <= webhook.FailuresMax; n++ {
		h.now.Add(2 * 60 * 60)
		h.run(func() bool { return h.find(s).Failures >= n })
	}
	paused := h.find(s)
	if paused.State != webhook.Paused || paused.Why != "failures" {
		t.Errorf("%+v", paused)
	}
	h.post("test:paused")
	h.must(h.crier.Cry(t.Context()))
	for _, d := range h.log(s) {
		if d.State != "dropped" {
			t.Errorf("%+v waits for nobody", d)
		}
	}
	// A test goes through to a paused one, and once it is told again it hears of what is new.
	h.answer = nil
	before := len(h.got())
	h.Do(t, func(tx *sqlx.Tx) error { return webhook.Test(t.Context(), tx, h.ID, s.ID, h.sender.Now()) })
	h.run(func() bool { return len(h.got()) > before })
	h.Do(t, func(tx *sqlx.Tx) error { return webhook.Resume(t.Context(), tx, h.ID, s.ID) })
	h.post("test:after")
	h.must(h.crier.Cry(t.Context()))
	h.run(func() bool { return len(h.got()) > before+1 })
	h.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }
	h.post("test:gone")
	h.must(h.crier.Cry(t.Context()))
	h.run(func() bool { return h.find(s).Why == "gone" })
}

// One that hangs holds up nobody else: not another subscriber, not another lane.
func TestOneThatHangsDelaysNobody(t *testing.T) {
	t.Parallel()
	h := open(t)
	release := make(chan struct{})
	h.answer = func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}
	hangs := h.add(webhook.EntriesPosted)
	answered := make(chan struct{}, 100)
	quick := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answered <- struct{}{} }))
	t.Cleanup(quick.Close)
	prompt := h.add(webhook.EntriesPosted)
	_, err := h.Owner.Exec(`UPDATE webhook.subscriber SET url = CASE id WHEN $1 THEN $2 ELSE url END`, prompt.ID, quick.URL)
	h.must(err)
	for i := range 6 {
		h.post("test:" + string(rune('a'+i)))
		h.must(h.crier.Cry(t.Context()))
	}
	letter, err := outbox.New("letter", struct{}{})
	h.must(err)
	h.Do(t, func(tx *sqlx.Tx) error { return outbox.Enqueue(t.Context(), tx, h.ID, letter) })
	written := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(t.Context())
	options := outbox.Options{Poll: 5 * time.Millisecond, Now: h.sender.Now, Log: slog.New(slog.DiscardHandler)}
	var working sync.WaitGroup
	working.Go(func() {
		h.must(outbox.Run(ctx, h.App,
			outbox.Lane{Handlers: map[string]outbox.Handler{"letter": func(context.Context, outbox.Message) error { written <- struct{}{}; return nil }}, Options: options},
			outbox.Lane{Handlers: webhook.Handlers(h.sender), Options: options}))
	})
	timeout := time.After(8 * time.Second) // a call that hangs is given up after ten
	for range 6 {
		select {
		case <-answered:
		case <-timeout:
			t.Fatal("another subscriber waits")
		}
		h.now.Add(2) // who was busy is asked again a second later
	}
	select {
	case <-written:
	case <-timeout:
		t.Fatal("a letter waits")
	}
	if calls := len(h.got()); calls != 1 {
		t.Errorf("%d calls at the same time to one that hangs", calls)
	}
	close(release)
	cancel()
	working.Wait()
	_ = hangs
}
