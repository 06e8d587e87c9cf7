package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// asks says the same of every month.
func asks(items ...ledger.CloseItem) []ledger.CloseAsk {
	return []ledger.CloseAsk{func(context.Context, sqlx.QueryerContext, ledger.Community, time.Time) ([]ledger.CloseItem, error) {
		return items, nil
	}}
}

func TestAMonthClosesWhenItsListIsDone(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.post(t, b.given(1, b.clinic, "100"))
	must := ledger.CloseItem{Code: "lines", Of: "1002", Must: true, Left: 2, Seen: 9}
	should := ledger.CloseItem{Code: "evidence", Left: 1, Seen: 40, Amount: money.MustParse("380")}
	done := ledger.CloseItem{Code: "trial", Must: true, Amount: money.MustParse("100")}
	closing := func(why map[string]string, items ...ledger.CloseItem) error {
		return b.Try(func(tx *sqlx.Tx) error {
			_, err := ledger.CloseAsked(ctx, tx, b.Community, nov20, "user:1", asks(items...), why)
			return err
		})
	}
	var unready *ledger.Unready
	for _, c := range []struct {
		why  map[string]string
		item ledger.CloseItem
	}{{nil, must}, {map[string]string{"lines:1002": "以后再对"}, must}, {nil, should}, {map[string]string{"evidence": "  "}, should}} {
		if err := closing(c.why, done, c.item); !errors.Is(err, ledger.ErrUnready) || !errors.As(err, &unready) || len(unready.Items) != 1 || unready.Items[0].Code != c.item.Code {
			t.Errorf("%s with %v: %v", c.item.Code, c.why, err)
		}
	}
	if err := closing(map[string]string{"evidence": "发票在邮寄路上"}, done, should); err != nil {
		t.Fatal(err)
	}
	refused(t, b.App, "an entry", `SELECT * FROM `+postSQL(entrySQL{date: "2026-11-30", source: "manual:late", postings: "2/1/5 31/1/-5"}), "FU003", ledger.ErrPeriodClosed)
	if err := closing(nil, must); !errors.Is(err, ledger.ErrUnready) {
		t.Error(err)
	}
	if err := closing(nil, done); err != nil { // once more changes nothing
		t.Error(err)
	}
	all, err := ledger.ListClosings(ctx, b.App, b.ID, nov1, nov1)
	if err != nil || len(all) != 1 || all[0].ClosedBy != "user:1" || len(all[0].Items) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	if w := all[0].Waived(); len(w) != 1 || w[0].Why != "发票在邮寄路上" || w[0].Amount.String() != "380.00" {
		t.Errorf("%+v", w)
	}
	for _, sql := range []string{`UPDATE ledger.closing SET items = '[]'`, `DELETE FROM ledger.closing`, `TRUNCATE ledger.closing`} {
		refused(t, b.Owner, sql, sql, "FU002", ledger.ErrImmutable)
		refused(t, b.App, sql, sql, "42501", ledger.ErrNotAllowed)
	}
}

func TestWhatTheBooksSayOfAMonth(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	cash, bank, suspense := b.account(ledger.Cash), b.account(ledger.Bank), b.account(ledger.Suspense)
	b.post(
		t, b.given(1, b.clinic, "100"),
		ledger.Entry{
			Date: nov1, Kind: "manual", Source: "manual:1", Memo: "不明来款，现金多付", PostedBy: "user:1",
			Postings: []ledger.Posting{
				ledger.Debit(bank, b.general.ID, money.MustParse("30")), ledger.Credit(suspense, b.general.ID, money.MustParse("30")),
				ledger.Debit(b.account(ledger.AdminExpense), b.general.ID, money.MustParse("5")), ledger.Credit(cash, b.general.ID, money.MustParse("5")),
			},
		},
	)
	said := func() (left []string) {
		items, err := ledger.CloseItems(ctx, b.App, b.Community, nov1)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range items {
			if !i.Done() {
				left = append(left, i.Key()+" "+i.Amount.String())
			}
		}
		return left
	}
	if got := strings.Join(said(), ", "); got != "cash:1001 -5.00, suspense 30.00" {
		t.Error(got)
	}
	b.post(t, ledger.Entry{
		Date: nov20, Kind: "manual", Source: "manual:2", Memo: "认出来了", PostedBy: "user:1",
		Postings: []ledger.Posting{
			ledger.Debit(suspense, b.general.ID, money.MustParse("30")), ledger.Credit(b.account(ledger.DonationIncome), b.general.ID, money.MustParse("30")),
			ledger.Debit(cash, b.general.ID, money.MustParse("5")), ledger.Credit(bank, b.general.ID, money.MustParse("5")),
		},
	})
	if got := said(); got != nil {
		t.Error(got)
	}
}

func TestTwoPeopleReopenAMonth(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.post(t, b.given(1, b.clinic, "100"))
	b.Do(t, func(tx *sqlx.Tx) error { return ledger.ClosePeriod(ctx, tx, b.ID, nov1, "user:1") })
	ask := func(day time.Time, note string) (id int, err error) {
		err = b.Try(func(tx *sqlx.Tx) (err error) {
			id, err = ledger.AskReopening(ctx, tx, b.ID, day, "user:1", "treasurer", note)
			return err
		})
		return id, err
	}
	agree := func(id int, who string) error {
		return b.Try(func(tx *sqlx.Tx) error {
			_, err := ledger.AgreeReopening(ctx, tx, b.ID, id, who, "council_member")
			return err
		})
	}
	if _, err := ask(nov1.AddDate(0, -1, 0), "补记"); !errors.Is(err, ledger.ErrPeriodOpen) {
		t.Error(err)
	}
	if _, err := ask(nov1, " "); err == nil {
		t.Error("asked without a note")
	}
	id, err := ask(nov20, "补记 11 月 28 日的电费")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ask(nov1, "再来一次"); !errors.Is(err, ledger.ErrAskedAlready) {
		t.Error(err)
	}
	if err := agree(id, "user:1"); !errors.Is(err, ledger.ErrTwoPeople) {
		t.Error("one person alone:", err)
	}
	if err := agree(77, "user:2"); !errors.Is(err, ledger.ErrNotFound) {
		t.Error(err)
	}
	b.onePersonAtPsql(t)
	if err := agree(id, "user:2"); err != nil {
		t.Fatal(err)
	}
	if err := agree(id, "user:3"); !errors.Is(err, ledger.ErrImmutable) {
		t.Error("agreed to twice:", err)
	}
	b.post(t, b.given(2, b.clinic, "5"))
	periods, err := ledger.ListPeriods(ctx, b.App, b.ID)
	if err != nil || periods[0].ClosedAt != nil || periods[0].Note != "补记 11 月 28 日的电费" {
		t.Errorf("%+v, %v", periods, err)
	}
	all, err := ledger.ListReopenings(ctx, b.App, b.ID)
	if err != nil || len(all) != 1 || all[0].AskedRole != "treasurer" || all[0].AgreedRole != "council_member" || all[0].AgreedAt == nil {
		t.Errorf("%+v, %v", all, err)
	}
	b.seal(t)
	b.sound(t)
}

// onePersonAtPsql tries what the verbs do not offer, with a request by user:1 that waits.
func (b *books) onePersonAtPsql(t *testing.T) {
	t.Helper()
	for _, c := range []struct {
		sql, state string
		want       error
	}{
		{`UPDATE ledger.reopening SET agreed_by = asked_by, agreed_role = 'treasurer', agreed_at = now()`, "23514", ledger.ErrTwoPeople},
		{`INSERT INTO ledger.reopening SELECT community_id, 9, month, note, asked_by, asked_role, asked_at, asked_by, asked_role, now() FROM ledger.reopening`, "23514", ledger.ErrTwoPeople},
		{`UPDATE ledger.reopening SET agreed_by = 'user:2', agreed_role = 'x', agreed_at = asked_at + interval '7 days 1 second'`, "23514", ledger.ErrLapsed},
		{`UPDATE ledger.reopening SET note = 'x'`, "FU002", ledger.ErrImmutable},
		{`DELETE FROM ledger.reopening`, "FU002", ledger.ErrImmutable},
		{`TRUNCATE ledger.reopening CASCADE`, "FU002", ledger.ErrImmutable},
		{`UPDATE ledger.period SET closed_at = NULL`, "FU014", ledger.ErrTwoPeople},
		{`UPDATE ledger.period SET closed_at = NULL, reopening_id = 1`, "FU014", ledger.ErrTwoPeople}, // nobody has agreed
		{`UPDATE ledger.period SET closed_at = now() + interval '1 day'`, "FU014", ledger.ErrTwoPeople},
		{`UPDATE ledger.period SET month = '2026-10-01'`, "FU014", ledger.ErrTwoPeople},
		{`DELETE FROM ledger.period`, "FU014", ledger.ErrTwoPeople},
		{`TRUNCATE ledger.period`, "FU002", ledger.ErrImmutable},
	} {
		refused(t, b.Owner, c.sql+" as owner", c.sql, c.state, c.want)
		refused(t, b.App, c.sql+" as fund_app", c.sql, "42501", ledger.ErrNotAllowed)
	}
	refused(t, b.App, "agree", `SELECT ledger.agree_reopening(1, 1, 'user:1', 'treasurer')`, "23514", ledger.ErrTwoPeople)
}

func TestARequestLapsesAfterSevenDays(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.Do(t, func(tx *sqlx.Tx) error { return ledger.ClosePeriod(ctx, tx, b.ID, nov1, "user:1") })
	b.Owner.MustExec(`INSERT INTO ledger.reopening (community_id, id, month, note, asked_by, asked_role, asked_at)
		VALUES (1, 1, '2026-11-01', '补记', 'user:1', 'treasurer', now() - interval '7 days 1 minute')`)
	err := b.Try(func(tx *sqlx.Tx) error {
		_, err := ledger.AgreeReopening(ctx, tx, b.ID, 1, "user:2", "treasurer")
		return err
	})
	if !errors.Is(err, ledger.ErrLapsed) {
		t.Error(err)
	}
	all, err := ledger.ListReopenings(ctx, b.App, b.ID)
	if err != nil || len(all) != 1 || all[0].Waits(all[0].Lapses()) || !all[0].Waits(all[0].AskedAt) {
		t.Errorf("%+v, %v", all, err)
	}
	b.Do(t, func(tx *sqlx.Tx) error { // one may ask again
		_, err := ledger.AskReopening(ctx, tx, b.ID, nov1, "user:2", "treasurer", "补记")
		return err
	})
}
