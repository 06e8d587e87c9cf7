package sale_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns/mutualaid"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
)

// teaHouse is a venture with a fund of its own.
func (h *house) teaHouse(t testing.TB) (p sale.Place) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		p, err = sale.OpenVenture(t.Context(), tx, h.ID, sale.Place{Slug: "tea-house-" + uuid.NewString()[:6], NameZH: "公益茶坊", CreatedBy: "user:9"})
		return err
	})
	return p
}

func (h *house) take(p sale.Place, day time.Time, id uuid.UUID, cash, wechat string) (t sale.Takings, err error) {
	take := sale.Takings{ID: id, PlaceID: p.ID, Day: day, EnteredBy: cashier, EnteredAt: morning}
	for way, amount := range map[sale.Way]string{sale.Cash: cash, sale.WeChat: wechat} {
		if amount != "" {
			take.Paid = append(take.Paid, sale.Payment{Way: way, Amount: yuan(amount)})
		}
	}
	err = h.Try(func(tx *sqlx.Tx) error {
		t, err = sale.Take(ctx(), tx, h.Community, take)
		return err
	})
	return t, err
}

func (h *house) passOn(p sale.Place, month time.Time, amount string, at time.Time) error {
	return h.Try(func(tx *sqlx.Tx) error {
		book, err := ledger.OpenBook(ctx(), tx, h.ID)
		if err != nil {
			return err
		}
		cash, err := book.Account(ledger.Cash)
		if err != nil {
			return err
		}
		_, err = sale.PassOn(ctx(), tx, h.Community, sale.Surplus{ID: uuid.New(), PlaceID: p.ID, Month: month, Amount: yuan(amount), EnteredBy: "user:9", EnteredAt: at}, cash)
		return err
	})
}

func TestAVenturesMonth(t *testing.T) {
	t.Parallel()
	h := open(t)
	tea, april := h.teaHouse(t), ledger.Day(2026, 4, 1)
	first := uuid.New()
	for range 2 { // pressed twice
		if _, err := h.take(tea, april, first, "300", "120.50"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.take(tea, april.AddDate(0, 0, 1), uuid.New(), "200", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := h.take(tea, april, uuid.New(), "", ""); !errors.Is(err, sale.WrongAmounts) {
		t.Errorf("takings of nothing: %v", err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := sale.Spend(t.Context(), tx, h.Community, sale.Cost{ID: uuid.New(), PlaceID: tea.ID, Kind: sale.Stock, What: "茶叶", Amount: yuan("180"), SpentOn: april.AddDate(0, 0, 2), EnteredBy: "user:9", EnteredAt: morning}, sale.Cash)
		return err
	})
	months, err := sale.MonthsOf(t.Context(), h.App, h.ID, tea, april, april)
	if err != nil || len(months) != 1 || months[0].Income.String() != "620.50" || months[0].Expense.String() != "180.00" {
		t.Fatalf("%+v, %v", months, err)
	}
	for _, try := range []struct {
		month, amount string
		want          error
	}{
		{"2026-05", "1", sale.ErrMonthLasts}, {"2026-04", "440.51", sale.ErrNoSurplus}, {"2026-04", "320", nil}, {"2026-04", "120.51", sale.ErrNoSurplus},
	} {
		month, _ := time.Parse("2006-01", try.month)
		if err := h.passOn(tea, month, try.amount, morning); !errors.Is(err, try.want) {
			t.Errorf("%s of %s: %v, want %v", try.amount, try.month, err, try.want)
		}
	}
	if err := h.passOn(tea, april, "1", morning); !errors.Is(err, ledger.ErrNoMoney) { // the rest is with WeChat
		t.Errorf("cash that is not there: %v", err)
	}
	all, err := sale.ListSurplus(t.Context(), h.App, h.ID, tea.ID)
	if err != nil || len(all) != 1 || all[0].Amount.String() != "320.00" {
		t.Errorf("passed on: %+v, %v", all, err)
	}
	if _, err := sale.MonthsOf(t.Context(), h.App, h.ID, h.Fair, april, april); !errors.Is(err, sale.ErrSharedFund) {
		t.Errorf("the result of a place without a fund of its own: %v", err)
	}
}

// Whatever is taken, spent and passed on: a venture never passes on more than a month left over, and no yuan is made or lost.
func TestSurplusIsNeverMoreThanWasEarned(t *testing.T) {
	t.Parallel()
	h := open(t)
	rapid.Check(t, func(r *rapid.T) {
		tea, march := h.teaHouse(t), ledger.Day(2026, 3, 1)
		earned, spent, passed := money.Zero, money.Zero, money.Zero
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			amount := money.FromFen(int64(rapid.IntRange(1, 50_000).Draw(r, "fen")))
			switch rapid.SampledFrom([]string{"take", "spend", "pass"}).Draw(r, "step") {
			case "take":
				if _, err := h.take(tea, march, uuid.New(), amount.String(), ""); err != nil {
					r.Fatal(err)
				}
				earned = earned.Add(amount)
			case "spend":
				err := h.Try(func(tx *sqlx.Tx) error {
					_, err := sale.Spend(t.Context(), tx, h.Community, sale.Cost{ID: uuid.New(), PlaceID: tea.ID, Kind: sale.Running, What: "燃气", Amount: amount, SpentOn: march, EnteredBy: "user:9", EnteredAt: morning}, sale.Cash)
					return err
				})
				if err != nil {
					r.Fatal(err)
				}
				spent = spent.Add(amount)
			case "pass":
				err := h.passOn(tea, march, amount.String(), morning)
				fits := !earned.Sub(spent).Sub(passed).Less(amount)
				if (err == nil) != fits || err != nil && !errors.Is(err, sale.ErrNoSurplus) {
					r.Fatalf("passing %s on of %s − %s − %s: %v", amount, earned, spent, passed, err)
				}
				if err == nil {
					passed = passed.Add(amount)
				}
			}
		}
		months, err := sale.MonthsOf(t.Context(), h.App, h.ID, tea, march, march)
		if err != nil || !months[0].Income.Equal(earned) || !months[0].Expense.Equal(spent) || !months[0].PassedOn.Equal(passed) {
			r.Fatalf("%+v, want %s, %s, %s; %v", months, earned, spent, passed, err)
		}
	})
}

func TestAShiftIsHoursNotMoney(t *testing.T) {
	t.Parallel()
	h := open(t)
	tea := h.teaHouse(t)
	var who mutualaid.Person
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		_, who, err = mutualaid.Put(t.Context(), tx, h.Community, mutualaid.Card{
			Kind: mutualaid.Offer, Category: mutualaid.Various, What: "看茶坊", Place: "3 号院", Weekdays: mutualaid.EveryDay, Parts: mutualaid.AllDay, Until: ledger.Day(2026, 12, 1), MadeAt: morning,
		}, mutualaid.Person{Name: "李阿姨", Phone: "13800000000", EnteredBy: lead})
		return err
	})
	worked, missed := uuid.New(), uuid.New()
	for _, id := range []uuid.UUID{worked, missed, worked} {
		h.Do(t, func(tx *sqlx.Tx) error {
			return sale.PlanShift(t.Context(), tx, h.ID, sale.Shift{ID: id, PlaceID: tea.ID, PersonID: who.ID, Day: ledger.Day(2026, 5, 20), Starts: "09:00", Minutes: 180, EnteredBy: lead, EnteredAt: morning})
		})
	}
	end := func(id uuid.UUID, minutes int) error {
		return h.Try(func(tx *sqlx.Tx) error {
			return sale.EndShift(t.Context(), tx, h.Community, id, minutes, lead, morning)
		})
	}
	if err := errors.Join(end(worked, 150), end(missed, 0)); err != nil {
		t.Fatal(err)
	}
	if err := end(worked, 150); !errors.Is(err, sale.ErrState) {
		t.Errorf("ended twice: %v", err)
	}
	found, err := mutualaid.PersonAt(t.Context(), h.App, h.ID, who.ID)
	if err != nil || found.Given != 150 {
		t.Errorf("%+v, %v", found, err)
	}
	list, err := sale.ListShifts(t.Context(), h.App, h.ID, tea.ID, ledger.Day(2026, 5, 1), ledger.Day(2026, 5, 31))
	if err != nil || len(list) != 2 || list[0].State == list[1].State {
		t.Errorf("the roster: %+v, %v", list, err)
	}
}

// A place earns and spends in the accounts that it names; a venture's fund is its own.
func TestAPlaceNamesItsAccounts(t *testing.T) {
	t.Parallel()
	h := open(t)
	accounts, err := ledger.ListAccounts(t.Context(), h.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	income, _ := accounts.By(ledger.OtherIncome)
	spending, _ := accounts.By("admin_expense")
	bank, _ := accounts.By(ledger.Bank)
	found := func(p sale.Place) (_ sale.Place, err error) {
		p.NameZH, p.CreatedBy = "报刊亭", "user:9"
		err = h.Try(func(tx *sqlx.Tx) error { p, err = sale.OpenVenture(ctx(), tx, h.ID, p); return err })
		return p, err
	}
	_, err = found(sale.Place{Slug: "wrong", Income: &bank.ID})
	wantErr(t, "income in the bank", err, sale.ErrAccount)
	_, err = found(sale.Place{Slug: "wrong", Spending: &income.ID})
	wantErr(t, "costs in income", err, sale.ErrAccount)
	stand, err := found(sale.Place{Slug: "stand", Income: &income.ID, Spending: &spending.ID, FundID: ledger.GeneralFundID})
	if err != nil || stand.FundID == ledger.GeneralFundID {
		t.Fatalf("fund %d, %v", stand.FundID, err)
	}
	if _, err := h.Owner.Exec(`UPDATE sale.place SET kind = 'venture', starts_on = NULL, ends_on = NULL, fund_id = $1 WHERE id = $2`, stand.FundID, h.Fair.ID); err == nil {
		t.Error("two ventures share a fund")
	}
	day := ledger.Day(2026, 4, 1)
	if _, err = h.take(stand, day, uuid.New(), "90", ""); err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		if _, err := sale.Spend(ctx(), tx, h.Community, sale.Cost{ID: uuid.New(), PlaceID: stand.ID, Kind: sale.Stock, What: "晨报", Amount: yuan("30"), SpentOn: day, EnteredBy: "user:9", EnteredAt: morning}, sale.Cash); err != nil {
			return err
		}
		_, err := sale.EnterPaper(ctx(), tx, h.Community, stand, []sale.Rung{{ID: uuid.New(), At: h.Clock(day, 12), Lines: []sale.Line{{Name: "晚报", Quantity: 2, Price: yuan("1.5")}}, Payments: []sale.Payment{{Way: sale.Cash, Amount: yuan("3")}}}}, cashier, morning)
		return err
	})
	moved, err := sale.AccountsOf(t.Context(), h.App, h.ID, stand, day, day)
	if err != nil || len(moved) != 2 || moved[0].Account.ID != income.ID || moved[0].Amount.String() != "93.00" || moved[1].Account.ID != spending.ID {
		t.Errorf("%+v, %v", moved, err)
	}
	r, err := sale.ResultOf(t.Context(), h.App, h.ID, stand.ID)
	if err != nil || r.Takings.Count != 1 || r.Proceeds().String() != "93.00" || r.Surplus().String() != "63.00" {
		t.Errorf("%+v, %v", r, err)
	}
}

// Takings and surpluses that the books do not have are found.
func TestCheckFindsTakingsThatAreNotBooked(t *testing.T) {
	t.Parallel()
	h := open(t)
	tea, april := h.teaHouse(t), ledger.Day(2026, 4, 1)
	if _, err := h.take(tea, april, uuid.New(), "300", ""); err != nil {
		t.Fatal(err)
	}
	if err := h.passOn(tea, april, "100", morning); err != nil {
		t.Fatal(err)
	}
	if found, err := sale.Check(t.Context(), h.App, h.ID); err != nil || len(found) > 0 {
		t.Fatalf("before: %v, %v", found, err)
	}
	for _, broken := range []struct {
		sql  string
		want ledger.FindingCode
	}{
		{`UPDATE sale.takings SET amount = amount + 1`, sale.TakingsNotBooked},
		{`UPDATE sale.takings SET amount = amount - 1`, ""},
		{`UPDATE sale.surplus SET amount = amount + 1`, sale.PassNotBooked},
		{`UPDATE sale.surplus SET amount = amount - 1`, ""},
		{`DELETE FROM sale.takings`, sale.NotTaken},
	} {
		if _, err := h.Owner.Exec(`SET session_replication_role = replica; ` + broken.sql + `; SET session_replication_role = origin`); err != nil {
			t.Fatal(err)
		}
		found, err := sale.Check(t.Context(), h.App, h.ID)
		if err != nil || (len(found) > 0) != (broken.want != "") || len(found) > 0 && found[0].Code != broken.want {
			t.Errorf("%s: %v, %v", broken.sql, found, err)
		}
	}
}

func ctx() context.Context { return context.Background() }
