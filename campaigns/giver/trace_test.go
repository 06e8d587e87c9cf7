package giver_test

import (
	"flag"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// A hundred such lives take half a minute; -rapid.checks asks for more.
func init() { _ = flag.Set("rapid.checks", "15") }

// told is a trace in a line: what each entry has, what is left in which fund.
func told(t giver.Trace) (lines []string) {
	for _, p := range t.Paid {
		lines = append(lines, fmt.Sprintf("paid %s of %s", p.Amount, p.Whole))
	}
	for _, p := range t.Passed {
		lines = append(lines, fmt.Sprintf("passed %s", p.Amount))
	}
	for _, p := range t.Left {
		lines = append(lines, fmt.Sprintf("left %s", p.Amount))
	}
	for _, rest := range []struct {
		what string
		money.Amount
	}{{"held", t.Held}, {"back", t.Back}, {"undone", t.Undone}} {
		if !rest.IsZero() {
			lines = append(lines, rest.what+" "+rest.String())
		}
	}
	return lines
}

func (h *house) wantTrace(t *testing.T, g giver.Gift, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, told(h.trace(t, g))); diff != "" {
		t.Errorf("gift of %s: -want +got\n%s", g.Amount, diff)
	}
}

func TestFirstInFirstOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	fund := h.Campaign.FundID
	a, b, c := h.give(t, campaigns.Start{Amount: yuan("50")}), h.give(t, campaigns.Start{Amount: yuan("30")}), h.give(t, campaigns.Start{Amount: yuan("20")})
	h.wantTrace(t, a, "left 50.00")
	h.spend(t, fund, "37.50")
	wrong := h.spend(t, fund, "22.50")
	h.wantTrace(t, a, "paid 37.50 of 37.50", "paid 12.50 of 22.50")
	h.wantTrace(t, b, "paid 10.00 of 22.50", "left 20.00")
	h.wantTrace(t, c, "left 20.00")

	h.Do(t, func(tx *sqlx.Tx) error { // an entry that was undone took nothing
		_, err := ledger.Reverse(t.Context(), tx, h.ID, wrong, ledger.Day(2026, 5, 22), "记错了", "treasurer")
		return err
	})
	h.wantTrace(t, a, "paid 37.50 of 37.50", "left 12.50")
	h.refund(t, a, "20") // what goes back was spent on nothing: the rest stands in front
	h.wantTrace(t, a, "paid 30.00 of 37.50", "back 20.00")
	h.wantTrace(t, b, "paid 7.50 of 37.50", "left 22.50")
	h.refund(t, c, "20")
	h.wantTrace(t, c, "back 20.00")
	if used, err := h.Streams.Used(t.Context(), h.App, h.ID, h.gift(t, b.ID)); err != nil || used.String() != "7.50" {
		t.Errorf("used %s, %v", used, err)
	}
}

func TestMoneyIsFollowedFromFundToFund(t *testing.T) {
	t.Parallel()
	h := open(t)
	repairs, tea := h.fund(t, "repairs", false), h.fund(t, "tea", false)
	general := h.publish(t, campaigns.Campaign{Slug: "everyday", FundID: ledger.GeneralFundID})
	a := h.give(t, campaigns.Start{Amount: yuan("50"), Campaign: general.Slug})
	b := h.give(t, campaigns.Start{Amount: yuan("50"), Campaign: general.Slug})
	h.move(t, ledger.GeneralFundID, repairs, "60")
	h.spend(t, repairs, "55")
	h.wantTrace(t, a, "paid 50.00 of 55.00", "passed 50.00")
	h.wantTrace(t, b, "paid 5.00 of 55.00", "passed 10.00", "left 40.00", "left 5.00")
	h.move(t, repairs, tea, "5")
	h.spend(t, tea, "1.11")
	h.wantTrace(t, b, "paid 5.00 of 55.00", "paid 1.11 of 1.11", "passed 10.00", "passed 5.00", "left 40.00", "left 3.89")
	h.move(t, tea, ledger.GeneralFundID, "3.89") // what was not needed comes back, behind what waits
	h.spend(t, ledger.GeneralFundID, "42")
	h.wantTrace(t, b, "paid 5.00 of 55.00", "paid 1.11 of 1.11", "paid 42.00 of 42.00", "passed 10.00", "passed 5.00", "passed 3.89", "left 1.89")
}

// Several entries of one kind may hand over between several funds at once.
func TestAnEntryOverManyFunds(t *testing.T) {
	t.Parallel()
	h := open(t)
	x, y := h.fund(t, "x", false), h.fund(t, "y", false)
	cash, net := h.purpose(t, ledger.Cash), h.purpose(t, ledger.UnrestrictedNetAssets)
	general := h.publish(t, campaigns.Campaign{Slug: "everyday", FundID: ledger.GeneralFundID})
	a, b := h.give(t, campaigns.Start{Amount: yuan("30"), Campaign: general.Slug}), h.give(t, campaigns.Start{Amount: yuan("30"), Campaign: general.Slug})
	h.post(t, "分给两个项目",
		ledger.Debit(net, 1, yuan("50")), ledger.Credit(cash, 1, yuan("50")),
		ledger.Debit(cash, x, yuan("20")), ledger.Credit(net, x, yuan("20")), ledger.Debit(cash, y, yuan("30")), ledger.Credit(net, y, yuan("30")))
	h.spend(t, x, "20")
	h.spend(t, y, "25")
	h.wantTrace(t, a, "paid 20.00 of 20.00", "paid 10.00 of 25.00", "passed 20.00", "passed 10.00")
	h.wantTrace(t, b, "paid 15.00 of 25.00", "passed 20.00", "left 10.00", "left 5.00")
}

func TestHeldGiftsComeInWhenTheGoalIsMet(t *testing.T) {
	t.Parallel()
	h := open(t)
	roof := h.publish(t, campaigns.Campaign{Slug: "roof", Kind: campaigns.AllOrNothing, Goal: yuan("100")})
	a, b := h.give(t, campaigns.Start{Amount: yuan("40"), Campaign: roof.Slug}), h.give(t, campaigns.Start{Amount: yuan("30"), Campaign: roof.Slug})
	h.wantTrace(t, a, "held 40.00")
	h.refund(t, b, "10")
	h.wantTrace(t, b, "held 20.00", "back 10.00")
	c := h.give(t, campaigns.Start{Amount: yuan("40"), Campaign: roof.Slug}) // 100: met
	d := h.give(t, campaigns.Start{Amount: yuan("7"), Campaign: roof.Slug})
	h.spend(t, roof.FundID, "65")
	h.wantTrace(t, a, "paid 40.00 of 65.00")
	h.wantTrace(t, b, "paid 20.00 of 65.00", "back 10.00")
	h.wantTrace(t, c, "paid 5.00 of 65.00", "left 35.00")
	h.wantTrace(t, d, "left 7.00")
	h.refund(t, a, "15") // after it became income
	h.wantTrace(t, a, "paid 25.00 of 65.00", "back 15.00")
	h.wantTrace(t, c, "paid 20.00 of 65.00", "left 20.00")
}

// Whatever is given, spent, moved, undone and given back, in whatever order: a
// gift's parts sum to the gift, and all gifts together have no more of a payment
// than the payment, nor more in a fund than lies there.
func TestPartsSumToTheGift(t *testing.T) {
	t.Parallel()
	db, communities := pgtest.DB(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		communities++
		h := furnish(t, db, fmt.Sprintf("c%d", communities))
		general := h.publish(t, campaigns.Campaign{Slug: "everyday", FundID: ledger.GeneralFundID})
		roof := h.publish(t, campaigns.Campaign{Slug: "roof", Kind: campaigns.AllOrNothing, Goal: yuan("300")})
		funds := []int{ledger.GeneralFundID, h.Campaign.FundID, roof.FundID, h.fund(t, "x", false), h.fund(t, "y", true)}
		var gifts []giver.Gift
		paid := map[int64]money.Amount{}
		cents := rapid.Map(rapid.Int64Range(100, 15000), money.FromFen)
		net := func(fund int) money.Amount {
			all, err := ledger.ListFunds(t.Context(), h.App, h.ID)
			if err != nil {
				rt.Fatal(err)
			}
			for _, f := range all {
				if f.ID == fund {
					return f.NetAssets
				}
			}
			return money.Zero
		}
		out := func(rt *rapid.T) (int, money.Amount) { // from a fund that has something, no more than it has
			fund := rapid.SampledFrom(funds).Draw(rt, "fund")
			has := net(fund)
			if has.Sign() <= 0 {
				rt.Skip("nothing in the fund")
			}
			return fund, money.FromFen(rapid.Int64Range(1, has.Fen()).Draw(rt, "fen"))
		}
		rt.Repeat(map[string]func(*rapid.T){
			"give": func(rt *rapid.T) {
				slug := rapid.SampledFrom([]string{h.Campaign.Slug, general.Slug, roof.Slug}).Draw(rt, "campaign")
				gifts = append(gifts, h.give(t, campaigns.Start{Campaign: slug, Amount: cents.Draw(rt, "amount")}))
			},
			"spend": func(rt *rapid.T) {
				fund, amount := out(rt)
				paid[h.spend(t, fund, amount.String())] = amount
			},
			"move": func(rt *rapid.T) {
				fund, amount := out(rt)
				to := rapid.SampledFrom(funds).Draw(rt, "to")
				if to == fund {
					rt.Skip("nowhere to go")
				}
				h.move(t, fund, to, amount.String())
			},
			"undo": func(rt *rapid.T) {
				for seq := range paid {
					err := h.Try(func(tx *sqlx.Tx) error {
						_, err := ledger.Reverse(t.Context(), tx, h.ID, seq, ledger.Day(2026, 6, 1), "记错了", "treasurer")
						return err
					})
					if err != nil {
						rt.Fatal(err)
					}
					delete(paid, seq)
					return
				}
				rt.Skip("nothing to undo")
			},
			"refund": func(rt *rapid.T) {
				if len(gifts) == 0 {
					rt.Skip("nobody gave")
				}
				g := h.gift(t, rapid.SampledFrom(gifts).Draw(rt, "gift").ID)
				has := g.Left()
				if !g.Held() && g.FundID != ledger.GeneralFundID {
					has = money.Min(has, net(g.FundID))
				}
				if has.Sign() <= 0 {
					rt.Skip("nothing to give back")
				}
				h.refund(t, g, money.FromFen(rapid.Int64Range(1, has.Fen()).Draw(rt, "fen")).String())
			},
			"": func(rt *rapid.T) {
				of, lying := map[int64]money.Amount{}, map[int]money.Amount{}
				for _, g := range gifts {
					g = h.gift(t, g.ID)
					trace := h.trace(t, g)
					sum := money.Sum(trace.Spent, trace.Waiting, trace.Held, trace.Back, trace.Undone)
					if !sum.Equal(g.Amount) || trace.Undone.Sign() < 0 {
						rt.Fatalf("a gift of %s has parts of %s: %v", g.Amount, sum, told(trace))
					}
					anew, err := new(giver.Streams).Trace(t.Context(), h.App, h.ID, g)
					if diff := cmp.Diff(told(anew), told(trace)); err != nil || diff != "" {
						rt.Fatalf("laid out anew, a gift's parts are others: %v\n%s", err, diff)
					}
					for _, p := range trace.Paid {
						if of[p.Seq] = of[p.Seq].Add(p.Amount); p.Amount.Sign() <= 0 || p.Whole.Less(of[p.Seq]) || !p.Whole.Equal(paid[p.Seq]) {
							rt.Fatalf("payment %d of %s is %s of gifts", p.Seq, paid[p.Seq], of[p.Seq])
						}
					}
					for _, p := range trace.Left {
						lying[p.Fund] = lying[p.Fund].Add(p.Amount)
					}
				}
				for fund, sum := range lying {
					if has := net(fund); has.Less(sum) {
						rt.Fatalf("fund %d has %s, and %s of gifts is said to lie there", fund, has, sum)
					}
				}
			},
		})
	})
}

// What a pool adds stands behind its gift, and goes with it when the gift goes back.
func TestMatchesStandInTheLine(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.OpenPool(t.Context(), tx, h.Community, campaigns.MatchingPool{
			CampaignID: &h.Campaign.ID, Rate: 100, StartsOn: ledger.Day(2020, 1, 1), EndsOn: ledger.Day(2090, 1, 1), Laid: yuan("500"),
		}, "treasurer", noon)
		return err
	})
	a, b := h.give(t, campaigns.Start{Amount: yuan("50")}), h.give(t, campaigns.Start{Amount: yuan("30")})
	h.spend(t, h.Campaign.FundID, "40")
	h.wantTrace(t, a, "paid 40.00 of 40.00", "left 10.00")
	h.wantTrace(t, b, "left 30.00")
	h.spend(t, h.Campaign.FundID, "15")
	h.wantTrace(t, a, "paid 40.00 of 40.00", "paid 10.00 of 15.00")
	h.refund(t, a, "50") // and its match goes back to the pool
	h.wantTrace(t, a, "back 50.00")
	h.wantTrace(t, b, "paid 30.00 of 40.00")
	anew, err := new(giver.Streams).Of(t.Context(), h.App, h.ID, h.Campaign.FundID)
	if err != nil || anew.Gone() != 5500 {
		t.Errorf("%d fen have been spent, %v", anew.Gone(), err)
	}
}
