package campaigns_test

import (
	"context"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// ctx is for what outlives a test's own: the end of a race, a committer.
var ctx = context.Background()

var shanghai = time.FixedZone("UTC+8", 8*60*60)

// morning is when the tests' gifts are made, unless they say otherwise.
var morning = time.Date(2026, 5, 20, 9, 30, 0, 0, shanghai)

// office is a community with its books, a published campaign and the sandbox.
type office struct {
	*pgtest.Database
	ledger.Community
	Campaign  campaigns.Campaign
	Company   *payment.Counterpart
	Sandbox   *payment.Sandbox
	Providers payment.Providers
}

func open(t testing.TB) *office { return furnish(t, pgtest.DB(t), "angong") }

func furnish(t testing.TB, db *pgtest.Database, slug string) *office {
	t.Helper()
	o := &office{Database: db}
	keys, err := payment.ParseSandboxKeys(base64.StdEncoding.EncodeToString([]byte("a seed of exactly thirty-two byt")))
	if err != nil {
		t.Fatal(err)
	}
	o.Company = payment.NewCounterpart(db.App, keys)
	o.Company.Now = func() time.Time { return morning }
	o.Sandbox = payment.NewSandbox(o.Company, func(p payment.Order) string { return "/sandbox/" + p.Number() })
	if o.Providers, err = payment.NewProviders(o.Sandbox, payment.Cash{}); err != nil {
		t.Fatal(err)
	}
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		o.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: slug, NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	o.Campaign = o.publish(t, dinner())
	return o
}

func dinner() campaigns.Campaign {
	portions := 20
	return campaigns.Campaign{
		Slug: "dinner", TitleZH: "独居老人年夜饭", TitleEN: "New Year's dinner", PurposeZH: "只用于这顿年夜饭", StoryZH: "去年来了 96 位老人。",
		Theme: "elders", Target: campaigns.OwnTarget, Goal: yuan("12000"), Minimum: yuan("5"), Suggested: campaigns.Amounts{yuan("20"), yuan("66.60")},
		StartsOn: ledger.Day(2026, 5, 1), EndsOn: ledger.Day(2026, 12, 31), Basis: campaigns.TargetedBasis, CreatedBy: "user:1",
		Budget: []campaigns.BudgetLine{
			{NameZH: "食材", NameEN: "Food", UnitZH: "份", Quantity: &portions, Amount: yuan("1720")},
			{NameZH: "场地", Amount: yuan("280")},
		},
	}
}

func yuan(s string) money.Amount { return money.MustParse(s) }

// publish drafts and publishes a campaign.
func (o *office) publish(t testing.TB, c campaigns.Campaign) campaigns.Campaign {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		if c, err = campaigns.DraftCampaign(t.Context(), tx, o.ID, c); err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, o.ID, c.ID, morning)
	})
	return o.campaign(t, c.Slug)
}

func (o *office) campaign(t testing.TB, slug string) campaigns.Campaign {
	t.Helper()
	c, err := campaigns.FindCampaign(t.Context(), o.App, o.ID, slug)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (o *office) order() payment.Order {
	return payment.Order{Payee: payment.SandboxPayee, ReturnURL: "/", NotifyURL: "/", Client: payment.Phone, ExpiresAt: morning.Add(2 * time.Hour)}
}

// start starts a gift to a campaign with the sandbox.
func (o *office) start(t testing.TB, s campaigns.Start) campaigns.Donation {
	t.Helper()
	if s.Campaign == "" {
		s.Campaign = o.Campaign.Slug
	}
	if s.At.IsZero() {
		s.At = morning
	}
	d, _, err := campaigns.StartDonation(t.Context(), o.App, o.Community, o.Sandbox, s, o.order())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// paid is what the sandbox would say of a donation that was paid as asked.
func paid(d campaigns.Donation) campaigns.Payment {
	return campaigns.Payment{
		Donation: d.ID, Provider: d.Method, Reference: "P" + d.ID.String(), Amount: d.Amount, Currency: d.Currency, Payee: d.Payee, PaidAt: morning,
	}
}

// receive books one payment.
func (o *office) receive(p campaigns.Payment) (r campaigns.Received, err error) {
	c := o.committer()
	defer c.Close()
	return c.Do(ctx, o.ID, p)
}

// give starts a gift and has it paid.
func (o *office) give(t testing.TB, s campaigns.Start) (campaigns.Donation, campaigns.Received) {
	t.Helper()
	d := o.start(t, s)
	r, err := o.receive(paid(d))
	if err != nil {
		t.Fatal(err)
	}
	return o.donation(t, d.ID), r
}

func (o *office) donation(t testing.TB, id uuid.UUID) campaigns.Donation {
	t.Helper()
	d, err := campaigns.FindDonation(t.Context(), o.App, o.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (o *office) committer() *ledger.Committer[campaigns.Payment, campaigns.Received] {
	return ledger.NewCommitter(o.App, 64, campaigns.ReceivePayments)
}

// get reads one value as the owner.
func get[T any](t testing.TB, o *office, query string, args ...any) (v T) {
	t.Helper()
	if err := o.Owner.Get(&v, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func wantErr(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got error %v, want %v", what, got, want)
	}
}

func wantAmount(t testing.TB, what string, got money.Amount, want string) {
	t.Helper()
	if got.String() != want {
		t.Errorf("%s: got %s, want %s", what, got, want)
	}
}

// sound checks that books, receipts, donations and tallies agree.
func (o *office) sound(t testing.TB) {
	t.Helper()
	for _, f := range o.findings(t) {
		t.Errorf("found %s / %s", f, f.Text("zh"))
	}
	wantAmount(t, "sum of postings", get[money.Amount](t, o, `SELECT coalesce(sum(amount), 0.00) FROM ledger.posting WHERE community_id = $1`, o.ID), "0.00")
}

func (o *office) findings(t testing.TB) (all []ledger.Finding) {
	t.Helper()
	all = append(all, get2(ledger.Check(ctx, o.App, o.Community, nil))(t)...)
	all = append(all, get2(receipt.Check(ctx, o.App, o.ID))(t)...)
	return append(all, get2(campaigns.Check(ctx, o.App, o.ID))(t)...)
}
