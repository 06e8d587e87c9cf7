package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/transparency"
	"fund/migrations/pgtest"
)

// books is a community's books in a database of the test's own.
type books struct {
	*pgtest.Database
	ledger.Community
	accounts ledger.Accounts
	general  ledger.Fund
	clinic   ledger.Fund // restricted
	school   ledger.Fund // restricted
	key      transparency.Key
}

var (
	nov1  = ledger.Day(2026, time.November, 1)
	nov20 = ledger.Day(2026, time.November, 20)
)

func openBooks(t testing.TB) *books {
	t.Helper()
	return openBooksIn(t, pgtest.DB(t))
}

func openBooksIn(t testing.TB, db *pgtest.Database) *books {
	t.Helper()
	b := &books{Database: db}
	key, _, err := transparency.NewKey("fund.example.org")
	if err != nil {
		t.Fatal(err)
	}
	b.key = key
	b.Do(t, func(tx *sqlx.Tx) (err error) {
		b.Community, err = ledger.AddCommunity(ctx, tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		if err != nil {
			return err
		}
		for _, f := range []struct {
			fund *ledger.Fund
			code string
			zh   string
		}{{&b.clinic, "clinic", "义诊"}, {&b.school, "school", "助学"}} {
			*f.fund, err = ledger.AddFund(ctx, tx, b.ID, ledger.Fund{Code: f.code, NameZH: f.zh, NameEN: f.code, Kind: ledger.CampaignFund, Restricted: true})
			if err != nil {
				return err
			}
		}
		b.general, err = ledger.FindFund(ctx, tx, b.ID, "general")
		if err != nil {
			return err
		}
		b.accounts, err = ledger.ListAccounts(ctx, tx, b.ID)
		return err
	})
	return b
}

var ctx = context.Background()

func (b *books) post(t testing.TB, entries ...ledger.Entry) (posted []ledger.Posted) {
	t.Helper()
	b.Do(t, func(tx *sqlx.Tx) (err error) {
		posted, err = ledger.Post(ctx, tx, b.ID, entries...)
		return err
	})
	return posted
}

func (b *books) account(p ledger.Purpose) int {
	a, ok := b.accounts.By(p)
	if !ok {
		panic("no account for " + p)
	}
	return a.ID
}

// given is a donation to a fund; spent is paid out of it.
func (b *books) given(n int, fund ledger.Fund, amount string) ledger.Entry {
	a := money.MustParse(amount)
	return ledger.Entry{
		Date: nov1.AddDate(0, 0, n%28), Kind: "donation", Source: fmt.Sprintf("donation:%d", n), Memo: fmt.Sprintf("捐赠 %d", n), Detail: "微信 · 匿名", PostedBy: "system",
		Postings: []ledger.Posting{ledger.Debit(b.account(ledger.Bank), fund.ID, a), ledger.Credit(b.account(ledger.DonationIncome), fund.ID, a)},
	}
}

func (b *books) spent(n int, fund ledger.Fund, amount string) ledger.Entry {
	a := money.MustParse(amount)
	return ledger.Entry{
		Date: nov1.AddDate(0, 0, n%28), Kind: "payment", Source: fmt.Sprintf("payment:%d", n), Memo: "购药", PostedBy: "user:7",
		Postings: []ledger.Posting{ledger.Debit(b.account(ledger.ProgrammeExpense), fund.ID, a), ledger.Credit(b.account(ledger.Bank), fund.ID, a)},
	}
}

func (b *books) seal(t testing.TB) (c transparency.Checkpoint) {
	t.Helper()
	b.Do(t, func(tx *sqlx.Tx) (err error) {
		c, err = transparency.Seal(ctx, tx, b.ID, b.Slug, b.key, time.Now())
		return err
	})
	return c
}

func (b *books) check(t testing.TB) []ledger.Finding {
	t.Helper()
	found, err := ledger.Check(ctx, b.App, b.Community, b.key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (b *books) sound(t testing.TB) {
	t.Helper()
	for _, f := range b.check(t) {
		t.Errorf("unexpected finding: %v", f)
	}
}
