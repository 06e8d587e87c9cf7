package giver_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

func yuan(s string) money.Amount { return money.MustParse(s) }

var shanghai = time.FixedZone("UTC+8", 8*60*60)

// noon is when things happen, unless a test says otherwise.
var noon = time.Date(2026, 5, 20, 12, 0, 0, 0, shanghai)

// house is a community with a campaign, or several communities in one database.
type house struct {
	*pgtest.Database
	ledger.Community
	Campaign campaigns.Campaign
	Streams  *giver.Streams
	posted   int
}

func open(t testing.TB) *house { return furnish(t, pgtest.DB(t), "angong") }

func furnish(t testing.TB, db *pgtest.Database, slug string) *house {
	t.Helper()
	h := &house{Database: db, Streams: &giver.Streams{}}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: slug, NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	h.Campaign = h.publish(t, campaigns.Campaign{Slug: "dinner"})
	return h
}

func (h *house) publish(t testing.TB, c campaigns.Campaign) campaigns.Campaign {
	t.Helper()
	c.TitleZH, c.TitleEN, c.Basis, c.CreatedBy = c.Slug+"：年夜饭", c.Slug, campaigns.TargetedBasis, "user:1"
	c.StartsOn, c.EndsOn = ledger.Day(2020, 1, 1), ledger.Day(2030, 12, 31)
	if c.Goal.IsZero() {
		c.Goal = yuan("10000")
	}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		if c, err = campaigns.DraftCampaign(t.Context(), tx, h.ID, c); err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, h.ID, c.ID, noon)
	})
	return c
}

// start writes a gift down that is paid in cash.
func (h *house) start(t testing.TB, s campaigns.Start) campaigns.Donation {
	t.Helper()
	if s.Campaign == "" {
		s.Campaign = h.Campaign.Slug
	}
	if s.At.IsZero() {
		s.At = noon
	}
	d, _, err := campaigns.StartDonation(t.Context(), h.App, h.Community, payment.Cash{}, s, payment.Order{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// give starts a gift and brings the money.
func (h *house) give(t testing.TB, s campaigns.Start) giver.Gift {
	t.Helper()
	return h.bring(t, h.start(t, s))[0]
}

// bring books payments at once.
func (h *house) bring(t testing.TB, ds ...campaigns.Donation) (gifts []giver.Gift) {
	t.Helper()
	var paid []campaigns.Payment
	for _, d := range ds {
		paid = append(paid, campaigns.Payment{
			Donation: d.ID, Provider: d.Method, Reference: "desk:" + d.ID.String(), Amount: d.Amount, Currency: d.Currency,
			Payee: campaigns.CashPayee, PaidAt: d.CreatedAt, EnteredBy: "cashier",
		})
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		outcomes, err := campaigns.ReceivePayments(t.Context(), tx, h.ID, paid)
		for _, out := range outcomes {
			if err == nil {
				err = out.Err
			}
		}
		return err
	})
	for _, d := range ds {
		gifts = append(gifts, h.gift(t, d.ID))
	}
	return gifts
}

func (h *house) gift(t testing.TB, id uuid.UUID) giver.Gift {
	t.Helper()
	g, err := giver.GiftAt(t.Context(), h.App, h.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (h *house) account(t testing.TB, code string) int {
	t.Helper()
	accounts, err := ledger.ListAccounts(t.Context(), h.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	a, ok := accounts.Code(code)
	if !ok {
		t.Fatalf("no account %s", code)
	}
	return a.ID
}

func (h *house) purpose(t testing.TB, p ledger.Purpose) int {
	t.Helper()
	book, err := ledger.OpenBook(t.Context(), h.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	a, err := book.Account(p)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// post books an entry and returns its Seq.
func (h *house) post(t testing.TB, memo string, lines ...ledger.Posting) int64 {
	t.Helper()
	h.posted++
	var seq int64
	h.Do(t, func(tx *sqlx.Tx) error {
		posted, err := ledger.Post(t.Context(), tx, h.ID, ledger.Entry{
			Date: ledger.Day(2026, 5, 21), Kind: "expense", Source: fmt.Sprintf("expense:%d", h.posted), Memo: memo, Detail: "发票 1 张", PostedBy: "treasurer", Postings: lines,
		})
		if err == nil {
			seq = posted[0].Seq
		}
		return err
	})
	return seq
}

// spend pays something out of a fund.
func (h *house) spend(t testing.TB, fund int, amount string) int64 {
	t.Helper()
	return h.post(t, "买菜", ledger.Debit(h.account(t, "5101"), fund, yuan(amount)), ledger.Credit(h.purpose(t, ledger.Cash), fund, yuan(amount)))
}

// move passes money on from one fund to another.
func (h *house) move(t testing.TB, from, to int, amount string) int64 {
	t.Helper()
	cash, net := h.purpose(t, ledger.Cash), h.purpose(t, ledger.UnrestrictedNetAssets)
	return h.post(t, "拨付项目款",
		ledger.Debit(cash, to, yuan(amount)), ledger.Credit(net, to, yuan(amount)), ledger.Debit(net, from, yuan(amount)), ledger.Credit(cash, from, yuan(amount)))
}

func (h *house) refund(t testing.TB, g giver.Gift, amount string) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.RefundDonation(t.Context(), tx, h.Community, g.ID, uuid.New(), yuan(amount), "写错了", "treasurer", noon)
		return err
	})
}

func (h *house) fund(t testing.TB, code string, restricted bool) int {
	t.Helper()
	var f ledger.Fund
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		f, err = ledger.AddFund(t.Context(), tx, h.ID, ledger.Fund{Code: code, NameZH: code, NameEN: code, Kind: ledger.ProjectFund, Restricted: restricted})
		return err
	})
	return f.ID
}

func (h *house) trace(t testing.TB, g giver.Gift) giver.Trace {
	t.Helper()
	trace, err := h.Streams.Trace(t.Context(), h.App, h.ID, h.gift(t, g.ID))
	if err != nil {
		t.Fatal(err)
	}
	return trace
}
