package till_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/transparency"
	"fund/migrations/pgtest"
	"fund/web"
	"fund/web/auth"
	"fund/web/desk"
	"fund/web/page"
	"fund/web/public"
	"fund/web/till"
)

const tillPath = "/c/angong/till"

// house is the real site on a loopback address, with one community.
type house struct {
	*pgtest.Database
	ledger.Community
	Base string // http://127.0.0.1:…
	Gate *auth.Gate

	Fair     sale.Place
	Campaign campaigns.Campaign // what tips go to
}

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
	h.furnish(t)
	h.serve(t)
	return h
}

// furnish opens a fair with goods, whose tips go to a campaign.
func (h *house) furnish(t testing.TB) {
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		ctx, today := t.Context(), h.Day(time.Now())
		h.Campaign, err = campaigns.DraftCampaign(ctx, tx, h.ID, campaigns.Campaign{
			Slug: "books", TitleZH: "给书角添书", Goal: money.MustParse("5000"), StartsOn: today, EndsOn: today.AddDate(0, 1, 0), Basis: campaigns.TargetedBasis, CreatedBy: "user:9",
		})
		if err != nil {
			return err
		}
		if err = campaigns.Publish(ctx, tx, h.ID, h.Campaign.ID, time.Now()); err != nil {
			return err
		}
		h.Fair, err = sale.AddPlace(ctx, tx, h.ID, sale.Place{
			Kind: sale.SaleEvent, Slug: "fair", NameZH: "元旦旧物义卖", NameEN: "New Year jumble sale", StartsOn: &today, EndsOn: &today, FundID: ledger.GeneralFundID,
			CampaignID: &h.Campaign.ID, CreatedBy: "user:9",
		})
		if err != nil {
			return err
		}
		for i, goods := range []struct{ zh, en, section, price string }{
			{"旧书任选", "Any old book", "旧物", "5.00"},
			{"盖碗茶", "Tea", "吃喝", "8.00"},
			{"手工香包", "Scent bag", "手工", "10.00"},
			{"春联一副", "Couplet", "手工", "15.00"},
			{"手织围巾", "Scarf", "手工", "25.00"},
			{"小绿植", "Pot plant", "旧物", "12.00"},
			{"糖画", "Sugar picture", "吃喝", "6.00"},
			{"青花瓶", "Blue vase", "旧物", ""},
		} {
			item := sale.Item{PlaceID: h.Fair.ID, Code: strconv.Itoa(i + 1), Barcode: fmt.Sprintf("690000000000%d", i+1), NameZH: goods.zh, NameEN: goods.en, Section: goods.section}
			if goods.price != "" {
				price, stock := money.MustParse(goods.price), 40+i
				item.Price, item.Stock = &price, &stock
			}
			if _, err = sale.AddItem(ctx, tx, h.ID, item); err != nil {
				return err
			}
		}
		return sale.OpenPlace(ctx, tx, h.ID, h.Fair.ID)
	})
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
	sell := ledger.NewCommitter(db, 64, sale.Sync)
	door := &auth.Door{Gate: h.Gate, DB: db, Community: communityHere}
	staff := &desk.Pages{DB: db, Read: db, Door: door, Receive: receive, Providers: providers, Key: key, Now: time.Now}
	app, err := web.New(web.Config{
		BaseURL: h.Base, Secret: bytes.Repeat([]byte("s"), 32), Log: log, CacheTTL: time.Hour, Desk: staff,
		Till:     &till.Pages{DB: db, Read: db, Door: door, Sell: sell, Now: time.Now},
		Public:   &public.Pages{DB: db, Read: db, Receive: receive, Providers: providers, Key: key, Now: time.Now},
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
	ctx, cancel := context.WithCancel(context.Background())
	var working sync.WaitGroup
	working.Go(func() { _ = app.Serve(ctx, listener) })
	t.Cleanup(func() { cancel(); working.Wait(); receive.Close(); sell.Close() })
}

func communityHere(c *fiber.Ctx) (int, error) {
	if known := page.Of(c).Community; known != nil {
		return known.ID, nil
	}
	return 0, page.ErrNotFound
}

// visitor is somebody's browser without JavaScript.
type visitor struct {
	testing.TB
	*house
	*http.Client
	Subject string // user:…
}

const password = "ginkgo leaf on the river 42"

// as is a visitor logged in with a role of their own.
func (h *house) as(t testing.TB, role auth.Role) *visitor {
	t.Helper()
	by := auth.By{Operator: true, Community: h.ID}
	user, err := h.Gate.AddUser(t.Context(), h.Database.App, by, auth.NewUser{
		Login: string(role) + "@example.cn", Name: "陈" + string(role), Password: password, OwnPassword: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return h.Gate.Grant(t.Context(), tx, by, user.ID, role) })
	s, err := h.Gate.LogIn(t.Context(), h.Database.App, user.Login, password, "", auth.From{Address: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(h.Base)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(base, []*http.Cookie{{Name: "fund_session", Value: s.Token, Path: "/"}})
	return &visitor{t, h, &http.Client{Jar: jar, Timeout: 20 * time.Second}, auth.UserSubject(user.ID)}
}

func (v *visitor) get(path string) (status int, header http.Header, body string) {
	v.Helper()
	answer, err := v.Get(v.Base + path)
	if err != nil {
		v.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		v.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(text)
}

// get reads one value as the owner.
func get[T any](t testing.TB, h *house, query string, args ...any) (v T) {
	t.Helper()
	if err := h.Owner.Get(&v, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func wantIn(t testing.TB, what, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("%s lacks %q", what, text)
		}
	}
}
