package spending_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/spending"
	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

var ctx = context.Background()

func yuan(s string) money.Amount { return money.MustParse(s) }

// The people of the tests.
const (
	asker     = "user:asker"
	council   = "user:council"
	second    = "user:second"
	treasurer = "user:treasurer"
)

// office is a community with money in two funds, and a budget in one.
type office struct {
	*pgtest.Database
	ledger.Community
	Chart  ledger.Accounts
	Dinner int // a restricted fund with 1000.00, of which its budget lets 600.00 be spent on programmes
	Now    time.Time
}

func open(t testing.TB) *office {
	return furnish(t, pgtest.DB(t), "angong")
}

func furnish(t testing.TB, db *pgtest.Database, slug string) *office {
	t.Helper()
	o := &office{Database: db, Now: time.Now()}
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		o.Community, err = ledger.AddCommunity(ctx, tx, ledger.Community{
			Slug: slug, NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		if err != nil {
			return err
		}
		fund, err := ledger.AddFund(ctx, tx, o.ID, ledger.Fund{Code: "dinner", NameZH: "年夜饭", NameEN: "Dinner", Kind: ledger.ProjectFund, Restricted: true})
		if err != nil {
			return err
		}
		o.Dinner = fund.ID
		if o.Chart, err = ledger.ListAccounts(ctx, tx, o.ID); err != nil {
			return err
		}
		for i, f := range []int{ledger.GeneralFundID, o.Dinner} {
			_, err = ledger.Post(ctx, tx, o.ID, ledger.Entry{
				Date: o.Day(o.Now), Kind: "manual", Source: "manual:" + string(rune('a'+i)), Memo: "旧账", PostedBy: treasurer,
				Postings: []ledger.Posting{ledger.Debit(o.account(ledger.Bank), f, yuan("1000")), ledger.Credit(o.account(ledger.OtherIncome), f, yuan("1000"))},
			})
			if err != nil {
				return err
			}
		}
		_, err = budget.Save(ctx, tx, o.ID, budget.Version{
			Fund: o.Dinner, Year: o.Day(o.Now).Year(), Why: "议事会通过", By: council, Lines: []budget.Line{{Account: o.account(ledger.ProgrammeExpense), Amount: yuan("600")}},
		})
		return err
	})
	return o
}

func (o *office) account(p ledger.Purpose) int {
	a, _ := o.Chart.By(p)
	return a.ID
}

// ask asks for money from the dinner's fund.
func (o *office) ask(t testing.TB, amount string, change ...func(*spending.PaymentRequest)) (r spending.PaymentRequest) {
	t.Helper()
	r = spending.PaymentRequest{
		ID: uuid.Must(uuid.NewV7()), FundID: o.Dinner, AccountID: o.account(ledger.ProgrammeExpense), Amount: yuan(amount), Purpose: "买米面油", Method: spending.ByCash,
		AskedBy: asker, AskedAt: o.Now, Payee: spending.Payee{Name: "粮油店"},
	}
	for _, c := range change {
		c(&r)
	}
	o.Do(t, func(tx *sqlx.Tx) error {
		kept, err := campaigns.KeepOriginal(ctx, tx, o.ID, bytes.NewReader(photograph(t)), "发票", asker)
		if err == nil {
			r, err = spending.Ask(ctx, tx, o.Community, r, kept.ID)
		}
		return err
	})
	return r
}

func byTransfer(r *spending.PaymentRequest) {
	r.Method, r.Payee = spending.ByTransfer, spending.Payee{Name: "=粮油店", Bank: "成都银行", Number: "6222000011112222333"}
}

func photograph(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 80)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type verb func(tx *sqlx.Tx) (spending.PaymentRequest, error)

func (o *office) approve(id uuid.UUID, who string) verb {
	return func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
		return spending.Approve(ctx, tx, o.Community, id, spending.Word{}, who, o.Now)
	}
}

func (o *office) pay(id uuid.UUID) verb {
	return func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
		return spending.Pay(ctx, tx, o.Community, id, o.account(ledger.Bank), o.Day(o.Now), treasurer, o.Now)
	}
}

func (o *office) undo(id uuid.UUID, why string) verb {
	return func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
		return spending.Undo(ctx, tx, o.Community, id, why, treasurer, o.Now)
	}
}

// done runs a verb that must succeed.
func (o *office) done(t testing.TB, v verb) (r spending.PaymentRequest) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		r, err = v(tx)
		return err
	})
	return r
}

// refused runs a verb that must fail.
func (o *office) refused(t testing.TB, what string, v verb, want error) {
	t.Helper()
	err := o.Try(func(tx *sqlx.Tx) error {
		_, err := v(tx)
		return err
	})
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func (o *office) sound(t testing.TB) {
	t.Helper()
	found, err := spending.Check(ctx, o.App, o.ID)
	if err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
}

func (o *office) room(t testing.TB) spending.Room {
	t.Helper()
	room, err := spending.RoomFor(ctx, o.App, o.ID, o.Dinner, o.account(ledger.ProgrammeExpense), o.Day(o.Now).Year())
	if err != nil {
		t.Fatal(err)
	}
	return room
}
