package campaigns_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// Whatever befalls an all-or-nothing campaign, in whatever order: until it is
// decided the gifts are owed, afterwards they are all owned or all gone, and
// nobody gets more back than they gave.
func TestWhateverBefallsAPromise(t *testing.T) {
	t.Parallel()
	db, communities := pgtest.DB(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		communities++
		o := furnish(t, db, fmt.Sprintf("p%d", communities))
		amount := rapid.Map(rapid.Int64Range(500, 30000), money.FromFen)
		goal := money.FromFen(rapid.Int64Range(20000, 120000).Draw(rt, "goal"))
		o.roof(t, goal.String())
		now, result := morning, campaigns.Result("")
		var raised money.Amount
		left := map[uuid.UUID]money.Amount{}
		var pending []campaigns.Donation
		var given []uuid.UUID
		take := func(id uuid.UUID, a money.Amount) {
			given, left[id] = append(given, id), money.Amount{}
			if result != campaigns.GoalUnmet {
				left[id], raised = a, raised.Add(a)
			}
		}
		reached := func() {
			if result == "" && !raised.Less(goal) {
				result = campaigns.GoalMet
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"start": func(rt *rapid.T) {
				pending = append(pending, o.start(t, campaigns.Start{Campaign: "roof", Amount: amount.Draw(rt, "amount")}))
			},
			"start the last that is missing": func(rt *rapid.T) {
				missing := goal.Sub(raised)
				if missing.Less(yuan("5")) {
					rt.Skip("little or nothing is missing")
				}
				pending = append(pending, o.start(t, campaigns.Start{Campaign: "roof", Amount: missing}))
			},
			"pay": func(rt *rapid.T) {
				if len(pending) == 0 {
					rt.Skip("nothing to pay")
				}
				n := rapid.IntRange(1, len(pending)).Draw(rt, "how many")
				var payments []campaigns.Payment
				for _, d := range pending[:n] {
					payments = append(payments, paid(d))
					take(d.ID, d.Amount)
				}
				o.Do(t, func(tx *sqlx.Tx) error {
					outcomes, err := campaigns.ReceivePayments(ctx, tx, o.ID, append(payments, payments[0]))
					for _, out := range outcomes {
						err = errors.Join(err, out.Err)
					}
					return err
				})
				pending = pending[n:]
				reached()
			},
			"cash": func(rt *rapid.T) {
				s := campaigns.Start{ID: uuid.Must(uuid.NewV7()), Campaign: "roof", Amount: amount.Draw(rt, "amount"), EnteredBy: "user:7", At: now}
				err := o.Try(func(tx *sqlx.Tx) error { _, err := campaigns.EnterCash(ctx, tx, o.Community, s); return err })
				if now != morning {
					if !errors.Is(err, campaigns.ErrNotOpen) {
						rt.Fatalf("cash after the end: %v", err)
					}
					return
				}
				if err != nil {
					rt.Fatal(err)
				}
				take(s.ID, s.Amount)
				reached()
			},
			"refund": func(rt *rapid.T) {
				if len(given) == 0 {
					rt.Skip("nothing to refund")
				}
				id := rapid.SampledFrom(given).Draw(rt, "donation")
				a := left[id]
				if rapid.Bool().Draw(rt, "a part, or too much") {
					a = amount.Draw(rt, "refund")
				}
				_, err := o.tryRefund(id, uuid.New(), a)
				if fits := a.Sign() > 0 && !left[id].Less(a); fits != (err == nil) || !fits && !errors.Is(err, campaigns.ErrRefundTooLarge) {
					rt.Fatalf("%v of %v: %v", a, left[id], err)
				} else if fits {
					left[id], raised = left[id].Sub(a), raised.Sub(a)
				}
			},
			"the clock": func(rt *rapid.T) {
				if rapid.IntRange(0, 3).Draw(rt, "the year ends") == 0 {
					now = newYear
				}
				if rapid.Bool().Draw(rt, "the server dies first") {
					crash, cancel := context.WithTimeout(ctx, time.Duration(rapid.IntRange(0, 15).Draw(rt, "after ms"))*time.Millisecond)
					_, _ = campaigns.ConcludeDue(crash, o.App, o.Community, now, "system")
					cancel()
				}
				if _, err := campaigns.ConcludeDue(ctx, o.App, o.Community, now, "system"); err != nil {
					rt.Fatal(err)
				}
				if result == "" && now == newYear {
					result, raised = campaigns.GoalUnmet, money.Amount{}
					clear(left)
				}
			},
			"": func(rt *rapid.T) {
				c := o.campaign(t, "roof")
				owned := get2(ledger.FindFund(ctx, o.App, o.ID, "roof"))(t).NetAssets
				wantHeld, wantOwned := raised, money.Amount{}
				if result == campaigns.GoalMet {
					wantHeld, wantOwned = wantOwned, wantHeld
				}
				if held := o.held(t, c.FundID); c.Result != result || !c.Raised.Equal(raised) || !held.Equal(wantHeld) || !owned.Equal(wantOwned) {
					rt.Fatalf("%q raised %v, holds %v, owns %v; want %q, %v, %v, %v", c.Result, c.Raised, held, owned, result, raised, wantHeld, wantOwned)
				}
				gone := 0
				for _, id := range given {
					if d := o.donation(t, id); !d.Left().Equal(left[id]) {
						rt.Fatalf("%v is left of a gift, want %v", d.Left(), left[id])
					} else if d.Left().IsZero() {
						gone++
					}
				}
				if n := get[int](t, o, `SELECT count(*) FROM receipt.void WHERE community_id = $1`, o.ID); n != gone {
					rt.Fatalf("%d receipts are void, %d gifts went back", n, gone)
				}
			},
		})
		o.sound(t)
		if t.Failed() {
			rt.Fatal("the books are not sound")
		}
	})
}
