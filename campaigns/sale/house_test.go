package sale_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

var shanghai = time.FixedZone("UTC+8", 8*60*60)

// morning is when the fair opens; everything is rung up after it.
var morning = time.Date(2026, 5, 20, 9, 30, 0, 0, shanghai)

const (
	cashier = "user:1"
	lead    = "user:2"
)

func yuan(s string) money.Amount { return money.MustParse(s) }

// house is a community with a fair, its goods, and an open till.
type house struct {
	*pgtest.Database
	ledger.Community
	Campaign campaigns.Campaign
	Fair     sale.Place
	Session  sale.Session
	Scarf    sale.Item // ¥35, 10 of them
	Tea      sale.Item // ¥8, a service
	Jar      sale.Item // name your price
}

func open(t testing.TB) *house {
	t.Helper()
	return furnish(t, pgtest.DB(t))
}

func furnish(t testing.TB, db *pgtest.Database) *house {
	t.Helper()
	h := &house{Database: db}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{Slug: "angong", NameZH: "安公社区", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"})
		return err
	})
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Campaign, err = campaigns.DraftCampaign(t.Context(), tx, h.ID, campaigns.Campaign{
			Slug: "books", TitleZH: "给书角添书", Goal: yuan("5000"), StartsOn: ledger.Day(2026, 5, 1), EndsOn: ledger.Day(2026, 12, 31), Basis: campaigns.TargetedBasis, CreatedBy: "user:9",
		})
		if err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, h.ID, h.Campaign.ID, morning)
	})
	h.Fair = h.place(t, "fair", &h.Campaign.ID)
	ten := 10
	price, cup := yuan("35"), yuan("8")
	h.Scarf = h.item(t, sale.Item{Code: "1", NameZH: "围巾", Price: &price, Stock: &ten})
	h.Tea = h.item(t, sale.Item{Code: "2", NameZH: "盖碗茶", Kind: sale.Service, Price: &cup})
	h.Jar = h.item(t, sale.Item{Code: "3", NameZH: "泡菜"})
	h.Session = h.till(t, "A", "200")
	return h
}

func (h *house) place(t testing.TB, slug string, tips *int) (p sale.Place) {
	t.Helper()
	from, until := ledger.Day(2026, 5, 20), ledger.Day(2026, 5, 21)
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		p, err = sale.AddPlace(t.Context(), tx, h.ID, sale.Place{
			Kind: sale.SaleEvent, Slug: slug, NameZH: "春日义卖", StartsOn: &from, EndsOn: &until, FundID: ledger.GeneralFundID, CampaignID: tips, CreatedBy: "user:9",
		})
		if err != nil {
			return err
		}
		return sale.OpenPlace(t.Context(), tx, h.ID, p.ID)
	})
	return p
}

func (h *house) item(t testing.TB, i sale.Item) (_ sale.Item) {
	t.Helper()
	i.PlaceID = h.Fair.ID
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		i, err = sale.AddItem(t.Context(), tx, h.ID, i)
		return err
	})
	return i
}

// till opens a session; what lies in its drawer was in the safe before.
func (h *house) till(t testing.TB, code, float string) (s sale.Session) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		book, err := ledger.OpenBook(t.Context(), tx, h.ID)
		if err != nil {
			return err
		}
		cash, err := book.Account(ledger.Cash)
		if err != nil {
			return err
		}
		other, err := book.Account(ledger.OtherIncome)
		if err != nil {
			return err
		}
		if amount := yuan(float); !amount.IsZero() {
			if _, err = ledger.Post(t.Context(), tx, h.ID, ledger.Entry{
				Date: ledger.Day(2026, 5, 20), Kind: "opening", Source: "opening:" + code + uuid.NewString(), Memo: "备用金", PostedBy: "user:9",
				Postings: []ledger.Posting{ledger.Debit(cash, 1, amount), ledger.Credit(other, 1, amount)},
			}); err != nil {
				return err
			}
		}
		s, err = sale.Open(t.Context(), tx, h.ID, sale.Session{PlaceID: h.Fair.ID, Till: code, Float: yuan(float), OpenedBy: cashier, OpenedAt: morning})
		return err
	})
	return s
}

// line is so many of an item, at its price or the one given.
func line(i sale.Item, n int, price ...string) sale.Line {
	l := sale.Line{Item: i.ID, Name: i.NameZH, Quantity: n}
	if i.Price != nil {
		l.Price = *i.Price
	}
	if len(price) > 0 {
		l.Price = yuan(price[0])
	}
	return l
}

// rung is a sale of some lines, paid as told: "cash 70", "wechat 8".
func rung(lines []sale.Line, payments ...sale.Payment) sale.Rung {
	return sale.Rung{ID: uuid.Must(uuid.NewV7()), At: morning.Add(time.Hour), Lines: lines, Payments: payments}
}

func pay(way sale.Way, amount string) sale.Payment {
	return sale.Payment{Way: way, Amount: yuan(amount)}
}

// scarf is the simplest sale.
func (h *house) scarf() sale.Rung {
	return rung([]sale.Line{line(h.Scarf, 1)}, pay(sale.Cash, "35"))
}

// sync delivers sales in one transaction.
func (h *house) sync(ctx context.Context, session uuid.UUID, rungs ...sale.Rung) (d sale.Delivered, err error) {
	err = h.Try(func(tx *sqlx.Tx) error {
		d, err = ledger.Solo(ctx, tx, h.ID, sale.Delivery{Session: session, Cashier: cashier, Sales: rungs, At: morning.Add(8 * time.Hour)}, sale.Sync)
		return err
	})
	return d, err
}

// sell is sync for sales that must be booked.
func (h *house) sell(t testing.TB, session uuid.UUID, rungs ...sale.Rung) []sale.Synced {
	t.Helper()
	d, err := h.sync(t.Context(), session, rungs...)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range d.Sales {
		if s.Refused != "" {
			t.Fatalf("refused: %s", s.Refused)
		}
	}
	return d.Sales
}

func (h *house) count(session uuid.UUID, who string, isLead bool, pieces money.Pieces) (closed bool, err error) {
	err = h.Try(func(tx *sqlx.Tx) error {
		closed, err = sale.Count(context.Background(), tx, h.Community, session, sale.Tally{Pieces: pieces, Counter: who, Lead: isLead, At: morning.Add(9 * time.Hour)})
		return err
	})
	return closed, err
}

// close counts a drawer twice alike.
func (h *house) close(t testing.TB, session uuid.UUID, pieces money.Pieces) sale.ZReport {
	t.Helper()
	if closed, err := h.count(session, cashier, false, pieces); err != nil || closed {
		t.Fatalf("the first count: %t, %v", closed, err)
	}
	if closed, err := h.count(session, lead, true, pieces); err != nil || !closed {
		t.Fatalf("the second count: %t, %v", closed, err)
	}
	z, err := sale.ZOf(t.Context(), h.App, h.ID, session)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// balance is what an account has.
func (h *house) balance(t testing.TB, code string) string {
	t.Helper()
	return get[string](t, h, `SELECT coalesce(sum(p.amount), 0.00)::text FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
		WHERE p.community_id = $1 AND a.code = $2`, h.ID, code)
}

// get reads one value as the owner.
func get[T any](t testing.TB, h *house, query string, args ...any) (v T) {
	t.Helper()
	if err := h.Owner.Get(&v, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// sound lets the checks look at everything.
func (h *house) sound(t testing.TB) {
	t.Helper()
	for _, check := range []func(context.Context, sqlx.QueryerContext, int) ([]ledger.Finding, error){sale.Check, campaigns.Check, receipt.Check} {
		found, err := check(t.Context(), h.App, h.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			t.Error(f.Text("en"))
		}
	}
}

func wantErr(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
