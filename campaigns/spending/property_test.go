package spending_test

import (
	"errors"
	"flag"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns/spending"
	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// The database makes each check dear.
func init() { _ = flag.Set("rapid.checks", "12") }

// TestWhateverPeopleAskApproveAndPay asks, approves, declines, withdraws, pays and
// undoes in any order, by anybody: no fund and no budget line is overspent, what
// is held and spent is what the requests say, and nobody approved their own.
func TestWhateverPeopleAskApproveAndPay(t *testing.T) {
	t.Parallel()
	db, communities := pgtest.DB(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		communities++
		o := furnish(t, db, fmt.Sprintf("c%d", communities))
		o.Do(t, func(tx *sqlx.Tx) error { return spending.SetRule(ctx, tx, o.ID, yuan("600"), council, o.Now) })
		people := []string{asker, council, second, treasurer}
		var ids []uuid.UUID
		any := func(v verb) {
			err := o.Try(func(tx *sqlx.Tx) error { _, err := v(tx); return err })
			for _, known := range []error{
				nil, spending.ErrState, spending.ErrOwnRequest, spending.ErrDecided, spending.ErrNotYours, spending.ErrFundShort, spending.ErrBudgetShort,
			} {
				if errors.Is(err, known) {
					return
				}
			}
			rt.Fatal(err)
		}
		one := func(rt *rapid.T) (uuid.UUID, string) {
			if len(ids) == 0 {
				rt.Skip("nothing was asked")
			}
			return rapid.SampledFrom(ids).Draw(rt, "request"), rapid.SampledFrom(people).Draw(rt, "who")
		}
		ask := func(rt *rapid.T) {
			fund := rapid.SampledFrom([]int{o.Dinner, ledger.GeneralFundID, ledger.GeneralFundID}).Draw(rt, "fund")
			r := o.ask(t, rapid.SampledFrom([]string{"0.01", "333.33", "600", "700", "1000"}).Draw(rt, "amount"), func(r *spending.PaymentRequest) {
				r.FundID, r.AskedBy = fund, rapid.SampledFrom(people).Draw(rt, "asker")
				r.PayeeUser = rapid.SampledFrom(append(people, "")).Draw(rt, "payee")
				if rapid.Bool().Draw(rt, "transfer") {
					byTransfer(r)
				}
			})
			ids = append(ids, r.ID)
		}
		for range 4 {
			ask(rt)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"ask":          ask,
			"approve":      func(rt *rapid.T) { id, who := one(rt); any(o.approve(id, who)) },
			"approve more": func(rt *rapid.T) { id, who := one(rt); any(o.approve(id, who)) },
			"decide": func(rt *rapid.T) {
				id, who := one(rt)
				w := spending.Word{Conflict: rapid.Bool().Draw(rt, "conflict"), Reason: "不买了"}
				any(func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
					return spending.Decline(ctx, tx, o.Community, id, w, who, o.Now)
				})
			},
			"withdraw": func(rt *rapid.T) {
				id, who := one(rt)
				any(func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
					return spending.Withdraw(ctx, tx, o.Community, id, "", who, o.Now)
				})
			},
			"pay":  func(rt *rapid.T) { id, _ := one(rt); any(o.pay(id)) },
			"undo": func(rt *rapid.T) { id, _ := one(rt); any(o.undo(id, "退回")) },
			"batch": func(rt *rapid.T) {
				one(rt)
				some := rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, 3, rapid.ID[uuid.UUID]).Draw(rt, "some")
				any(func(tx *sqlx.Tx) (r spending.PaymentRequest, err error) {
					_, err = spending.MakeBatch(ctx, tx, o.Community, some, o.account(ledger.Bank), o.Day(o.Now), treasurer, o.Now)
					return r, err
				})
			},
			"": func(rt *rapid.T) { o.holds(rt) },
		})
	})
}

// holds compares funds, budget and decisions with the requests.
func (o *office) holds(t *rapid.T) {
	all, err := spending.List(ctx, o.App, o.ID, spending.Filter{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	spent, held := map[int]money.Amount{}, map[int]money.Amount{}
	for _, r := range all {
		switch r.State {
		case spending.Approved:
			held[r.FundID] = held[r.FundID].Add(r.Amount)
		case spending.Paid:
			spent[r.FundID] = spent[r.FundID].Add(r.Amount)
		}
		events, err := spending.History(ctx, o.App, o.ID, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if (e.What == "approved" || e.What == "declined") && (e.By == r.AskedBy || e.By == r.PayeeUser) {
				t.Fatalf("%s %s a request of %s for %s", e.By, e.What, r.AskedBy, r.PayeeUser)
			}
		}
	}
	funds, err := ledger.ListFunds(ctx, o.App, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range funds {
		if left := yuan("1000").Sub(spent[f.ID]); !f.NetAssets.Equal(left) || left.Less(held[f.ID]) {
			t.Fatalf("fund %s has %v, its requests say %v, and %v is held", f.Code, f.NetAssets, left, held[f.ID])
		}
	}
	room, err := budget.Available(ctx, o.App, o.ID, o.Dinner, o.account(ledger.ProgrammeExpense), o.Day(o.Now).Year())
	if want := yuan("600").Sub(spent[o.Dinner]).Sub(held[o.Dinner]); err != nil || !room.Left().Equal(want) || want.Sign() < 0 {
		t.Fatalf("the budget leaves %v, the requests say %v; %v", room.Left(), want, err)
	}
	if found, err := spending.Check(ctx, o.App, o.ID); err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
}
