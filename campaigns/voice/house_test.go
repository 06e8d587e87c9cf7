package voice_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/campaigns/payment"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// house is a community with two campaigns that take gifts.
type house struct {
	*pgtest.Database
	ledger.Community
	Dinner, Chairs campaigns.Campaign
}

func yuan(s string) money.Amount { return money.MustParse(s) }

func open(t testing.TB) *house {
	t.Helper()
	h := &house{Database: pgtest.DB(t)}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	h.Dinner, h.Chairs = h.publish(t, "dinner"), h.publish(t, "chairs")
	return h
}

func (h *house) publish(t testing.TB, slug string) (c campaigns.Campaign) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		c, err = campaigns.DraftCampaign(t.Context(), tx, h.ID, campaigns.Campaign{
			Slug: slug, TitleZH: "除夕暖心饭", Goal: yuan("12000"), Minimum: yuan("1"), StartsOn: time.Now().AddDate(0, -1, 0),
			EndsOn: time.Now().AddDate(0, 1, 0), Basis: campaigns.TargetedBasis, CreatedBy: "user:1",
		})
		if err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, h.ID, c.ID, time.Now())
	})
	return c
}

// get reads one value as the owner.
func get[T any](t testing.TB, h *house, query string, args ...any) (v T) {
	t.Helper()
	if err := h.Owner.Get(&v, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// company is a payment company that nobody is sent to.
type company struct{ payment.Provider }

func (company) Name() string { return "sandbox" }

func (company) Checkout(context.Context, payment.Order) (payment.Checkout, error) {
	return payment.Checkout{}, nil
}

// start starts a gift.
func (h *house) start(t testing.TB, s campaigns.Start) campaigns.Donation {
	t.Helper()
	s.Amount, s.Lang, s.At = yuan("50"), "zh-CN", time.Now()
	d, _, err := campaigns.StartDonation(t.Context(), h.App, h.Community, company{}, s, payment.Order{Payee: "m1"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// follow asks for mail about a gift.
func (h *house) follow(t testing.TB, d campaigns.Donation) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error { return voice.Follow(t.Context(), tx, h.ID, d.ID, time.Now()) })
}

// give starts a gift, pays it, and asks for mail.
func (h *house) give(t testing.TB, slug, email string) campaigns.Donation {
	t.Helper()
	d := h.start(t, campaigns.Start{Campaign: slug, Email: email})
	h.pay(t, d)
	h.follow(t, d)
	return d
}

// pay books the payment of a gift.
func (h *house) pay(t testing.TB, d campaigns.Donation) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		out, err := campaigns.ReceivePayments(t.Context(), tx, h.ID, []campaigns.Payment{{
			Donation: d.ID, Provider: d.Method, Reference: d.ID.String(), Amount: d.Amount, Currency: d.Currency, Payee: d.Payee, PaidAt: d.CreatedAt,
		}})
		if err == nil {
			err = out[0].Err
		}
		return err
	})
}

// write writes an update, or thanks, as the staff.
func (h *house) write(t testing.TB, campaign int, kind voice.Kind) (p voice.Post) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		p, err = voice.WritePost(t.Context(), tx, h.ID, voice.Post{
			CampaignID: campaign, Kind: kind, TitleZH: "灶台搭好了", BodyZH: "三口大锅", By: "user:1", CreatedAt: time.Now(),
		})
		return err
	})
	return p
}

// tell publishes a post.
func (h *house) tell(t testing.TB, p voice.Post) (letters int) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		letters, err = voice.PublishPost(t.Context(), tx, h.ID, p.ID, "user:1", time.Now())
		return err
	})
	return letters
}

// postbox keeps what was sent, and may refuse an address.
type postbox struct {
	mu      sync.Mutex
	letters []voice.Letter
	refuse  func(voice.Letter) error
}

func (b *postbox) send(_ context.Context, l voice.Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse != nil {
		if err := b.refuse(l); err != nil {
			return err
		}
	}
	b.letters = append(b.letters, l)
	return nil
}

// to counts the letters by address.
func (b *postbox) to() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	to := map[string]int{}
	for _, l := range b.letters {
		to[l.Email]++
	}
	return to
}

// deliver runs some outboxes side by side until nothing waits.
func (h *house) deliver(t testing.TB, outboxes int, send func(context.Context, voice.Letter) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var running sync.WaitGroup
	for range outboxes {
		running.Go(func() {
			_ = outbox.Run(ctx, h.App, outbox.Lane{Handlers: voice.Handlers(voice.Following{DB: h.App, Send: send}), Options: outbox.Options{
				Workers: 2, Poll: time.Millisecond, Backoff: func(int) time.Duration { return time.Millisecond }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
			}})
		})
	}
	for end := time.Now().Add(20 * time.Second); ; {
		if get[int](t, h, `SELECT count(*) FROM outbox.message WHERE done_at IS NULL AND dead_at IS NULL AND kind IN ('proposal_moved', 'post_published', 'question_answered')`) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the outbox does not come to an end: ", get[string](t, h, `SELECT string_agg(kind || ' ' || last_error, ' / ') FROM outbox.message WHERE done_at IS NULL`))
		}
	}
	cancel()
	running.Wait()
}

// picture is a small PNG file.
func picture(t testing.TB) io.Reader {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return &file
}
