package campaigns_test

import (
	"errors"
	"flag"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// A hundred such lives take half a minute; -rapid.checks asks for more.
func init() { _ = flag.Set("rapid.checks", "20") }

// model is what a community's gifts ought to be, kept by plain arithmetic.
type model struct {
	raised   map[string]money.Amount
	gifts    map[string]int
	left     map[uuid.UUID]money.Amount // of paid donations
	of       map[uuid.UUID]string       // campaign
	receipts int
	voided   int
}

// Whatever people do, in whatever order: the books balance, every campaign's
// fund holds what its tally says, and receipts are numbered without a gap.
func TestWhateverPeopleDo(t *testing.T) {
	t.Parallel()
	db, communities := pgtest.DB(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		communities++ // each has its books, and all share the tables
		o := furnish(t, db, fmt.Sprintf("c%d", communities))
		second := dinner()
		second.Slug = "lamps"
		o.publish(t, second)
		m := model{raised: map[string]money.Amount{}, gifts: map[string]int{}, left: map[uuid.UUID]money.Amount{}, of: map[uuid.UUID]string{}}
		var pending, done []campaigns.Donation
		slug := rapid.SampledFrom([]string{"dinner", "lamps"})
		amount := rapid.Map(rapid.Int64Range(500, 50000), money.FromFen)
		book := func(id uuid.UUID, campaign string, a money.Amount) {
			m.left[id], m.of[id] = a, campaign
			m.raised[campaign] = m.raised[campaign].Add(a)
			m.gifts[campaign]++
			m.receipts++
		}
		rt.Repeat(map[string]func(*rapid.T){
			"start": func(rt *rapid.T) {
				pending = append(pending, o.start(t, campaigns.Start{Campaign: slug.Draw(rt, "campaign"), Amount: amount.Draw(rt, "amount"), Name: rapid.SampledFrom([]string{"", "周婆婆"}).Draw(rt, "name")}))
			},
			"pay": func(rt *rapid.T) {
				if len(pending) == 0 {
					rt.Skip("nothing to pay")
				}
				n := rapid.IntRange(1, len(pending)).Draw(rt, "how many")
				var payments []campaigns.Payment
				wrong := map[uuid.UUID]bool{}
				for _, d := range pending[:n] {
					p := paid(d)
					switch rapid.SampledFrom([]string{"right", "right", "twice", "wrong", "failed first"}).Draw(rt, "how") {
					case "twice":
						payments = append(payments, p)
					case "wrong":
						p.Amount, wrong[d.ID] = p.Amount.Add(money.FromFen(1)), true
					case "failed first":
						o.Do(t, func(tx *sqlx.Tx) error { return campaigns.FailDonation(ctx, tx, o.ID, d.ID) })
					}
					payments = append(payments, p)
				}
				o.Do(t, func(tx *sqlx.Tx) error {
					outcomes, err := campaigns.ReceivePayments(ctx, tx, o.ID, payments)
					for i, out := range outcomes {
						if errors.Is(out.Err, campaigns.ErrQuarantined) != wrong[payments[i].Donation] {
							rt.Errorf("payment %+v: %v", payments[i], out.Err)
						}
					}
					return err
				})
				for _, d := range pending[:n] {
					if !wrong[d.ID] {
						book(d.ID, o.slugOf(d), d.Amount)
						done = append(done, d)
					}
				}
				pending = pending[n:]
			},
			"cash": func(rt *rapid.T) {
				s := campaigns.Start{ID: uuid.New(), Campaign: slug.Draw(rt, "campaign"), Amount: amount.Draw(rt, "amount"), EnteredBy: "user:7", At: morning}
				for range rapid.IntRange(1, 2).Draw(rt, "times the form is sent") {
					o.Do(t, func(tx *sqlx.Tx) error { _, err := campaigns.EnterCash(ctx, tx, o.Community, s); return err })
				}
				book(s.ID, s.Campaign, s.Amount)
				done = append(done, o.donation(t, s.ID))
			},
			"refund": func(rt *rapid.T) {
				if len(done) == 0 {
					rt.Skip("nothing to refund")
				}
				d := rapid.SampledFrom(done).Draw(rt, "donation")
				left := m.left[d.ID]
				a := left
				if rapid.Bool().Draw(rt, "a part, or too much") {
					a = amount.Draw(rt, "refund")
				}
				_, err := o.tryRefund(d.ID, uuid.New(), a)
				if a.Sign() <= 0 || left.Less(a) {
					if !errors.Is(err, campaigns.ErrRefundTooLarge) {
						rt.Fatalf("%v of %v: %v", a, left, err)
					}
					return
				}
				if err != nil {
					rt.Fatal(err)
				}
				campaign := m.of[d.ID]
				m.left[d.ID] = left.Sub(a)
				m.raised[campaign] = m.raised[campaign].Sub(a)
				if m.left[d.ID].IsZero() {
					m.gifts[campaign]--
					m.voided++
				}
			},
			"": func(rt *rapid.T) {
				for _, slug := range []string{"dinner", "lamps"} {
					c := o.campaign(t, slug)
					f := get2(ledger.FindFund(ctx, o.App, o.ID, slug))(t)
					if !c.Raised.Equal(m.raised[slug]) || c.Gifts != m.gifts[slug] || !f.NetAssets.Equal(m.raised[slug]) {
						rt.Fatalf("%s raised %v by %d gifts and holds %v, want %v by %d", slug, c.Raised, c.Gifts, f.NetAssets, m.raised[slug], m.gifts[slug])
					}
				}
				if n, last := o.counted(t); n != m.receipts || last != m.receipts {
					rt.Fatalf("%d receipts up to %d, want %d", n, last, m.receipts)
				}
				if n := get[int](t, o, `SELECT count(*) FROM receipt.void WHERE community_id = $1`, o.ID); n != m.voided {
					rt.Fatalf("%d are void, want %d", n, m.voided)
				}
			},
		})
		o.sound(t)
		if t.Failed() {
			rt.Fatal("the books are not sound")
		}
	})
}

func (o *office) slugOf(d campaigns.Donation) string {
	if d.CampaignID == o.Campaign.ID {
		return o.Campaign.Slug
	}
	return "lamps"
}
