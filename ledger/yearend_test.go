package ledger_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// yearBooks have gifts and payments of two funds in November 2026, all months
// closed but those with entries.
func yearBooks(t *testing.T) *books {
	b := openBooks(t)
	b.post(t, b.given(1, b.clinic, "100"), b.given(2, b.general, "70"), b.spent(1, b.clinic, "30"), b.spent(2, b.general, "80"))
	return b
}

func (b *books) closeYear() (posted []ledger.Posted, err error) {
	err = b.Try(func(tx *sqlx.Tx) (err error) {
		posted, err = ledger.CloseYear(ctx, tx, b.Community, 2026, "user:1")
		return err
	})
	return posted, err
}

// stands is what the accounts have before January 2027, as `code/fund amount`.
func (b *books) stands(t *testing.T) string {
	t.Helper()
	rows, err := ledger.Balances(ctx, b.App, b.ID, ledger.Day(2027, 1, 1), ledger.Day(2027, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		if a, _ := b.accounts.ID(r.AccountID); !r.Opening.IsZero() {
			out = append(out, fmt.Sprintf("%s/%d %v", a.Code, r.FundID, r.Opening))
		}
	}
	return strings.Join(out, ", ")
}

func TestAYearEnds(t *testing.T) {
	t.Parallel()
	b := yearBooks(t)
	if _, err := b.closeYear(); !errors.Is(err, ledger.ErrPeriodOpen) {
		t.Error("closed with November open:", err)
	}
	b.Do(t, func(tx *sqlx.Tx) error {
		_, clinic := ledger.CloseFund(ctx, tx, b.ID, b.clinic.ID), ledger.CloseAccount(ctx, tx, b.ID, b.account(ledger.ProgrammeExpense))
		return errors.Join(clinic, ledger.ClosePeriod(ctx, tx, b.ID, nov1, "user:1"))
	})
	open := "1002/1 -10.00, 1002/2 70.00, 4101/1 -70.00, 4101/2 -100.00, 5101/1 80.00, 5101/2 30.00"
	if got := b.stands(t); got != open {
		t.Fatal(got)
	}
	posted, err := b.closeYear()
	if err != nil || len(posted) != 2 {
		t.Fatal(posted, err)
	}
	if got := b.stands(t); got != "1002/1 -10.00, 1002/2 70.00, 3101/1 10.00, 3102/2 -70.00" {
		t.Error("the next year opens with", got)
	}
	if again, err := b.closeYear(); err != nil || len(again) != 0 {
		t.Error("once more:", again, err)
	}
	e, err := ledger.EntryAt(ctx, b.App, b.ID, posted[0].Seq)
	if err != nil || !e.Income.IsZero() || !e.Expense.IsZero() || !e.Date.Equal(ledger.Day(2026, 12, 31)) || e.NetAfter.String() != "60.00" {
		t.Errorf("%+v, %v", e, err)
	}
	years, err := ledger.Years(ctx, b.App, b.ID)
	if err != nil || len(years) != 1 || years[0].ClosedAt == nil || years[0].ClosedBy != "user:1" {
		t.Errorf("%+v, %v", years, err)
	}
	rows, err := ledger.Balances(ctx, b.App, b.ID, ledger.Day(2026, 1, 1), ledger.Day(2026, 12, 31))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.AccountType == ledger.NetAssets && !(r.Debit.IsZero() && r.Credit.IsZero()) {
			t.Errorf("the year's own figures have its end: %+v", r)
		}
	}
	b.seal(t)
	b.sound(t)

	// Reopening takes the year back, and closing it again closes it again.
	b.Do(t, func(tx *sqlx.Tx) error {
		id, err := ledger.AskReopening(ctx, tx, b.ID, nov1, "user:1", "treasurer", "补记")
		if err == nil {
			_, err = ledger.AgreeReopening(ctx, tx, b.ID, id, "user:2", "treasurer")
		}
		return err
	})
	if got := b.stands(t); got != open {
		t.Error("taken back:", got)
	}
	if years, err := ledger.Years(ctx, b.App, b.ID); err != nil || years[0].ClosedAt != nil {
		t.Errorf("%+v, %v", years, err)
	}
	b.post(t, b.given(3, b.general, "5"))
	b.Do(t, func(tx *sqlx.Tx) error { return ledger.ClosePeriod(ctx, tx, b.ID, nov1, "user:1") })
	if posted, err := b.closeYear(); err != nil || len(posted) != 2 {
		t.Error(posted, err)
	}
	if got := b.stands(t); got != "1002/1 -5.00, 1002/2 70.00, 3101/1 5.00, 3102/2 -70.00" {
		t.Error(got)
	}
	b.seal(t)
	b.sound(t)
}

func TestNothingElseClosesAYear(t *testing.T) {
	t.Parallel()
	b := yearBooks(t)
	yearEnd := func(seq int, e entrySQL) (door, table string) {
		return strings.Replace(`SELECT * FROM `+postSQL(e), "'manual'", "'year_end'", 1), strings.Replace(insertSQL(seq, seq, e), "'manual'", "'year_end'", 1)
	}
	try := func(name string, seq int, e entrySQL, state string) {
		t.Helper()
		e.source = "manual:" + fmt.Sprint(seq)
		door, table := yearEnd(seq, e)
		refused(t, b.App, name+" as fund_app", door, state, ledger.ErrYearClosed)
		refused(t, b.Owner, name+" as owner", table, state, ledger.ErrYearClosed)
	}
	income, expense, net := b.account(ledger.DonationIncome), b.account(ledger.ProgrammeExpense), b.account(ledger.UnrestrictedNetAssets)
	postings := func(in, out, rest string) string {
		return fmt.Sprintf("%d/1/%s %d/1/%s %d/1/%s", income, in, expense, out, net, rest)
	}
	whole := postings("70", "-80", "10")
	try("with an open month", 5, entrySQL{date: "2026-12-31", postings: whole}, "FU015")
	for month := time.January; month <= time.December; month++ {
		b.Do(t, func(tx *sqlx.Tx) error {
			return ledger.ClosePeriod(ctx, tx, b.ID, ledger.Day(2026, month, 1), "user:1")
		})
	}
	try("on another day", 5, entrySQL{date: "2026-12-30", postings: whole}, "23514")
	try("moving money", 5, entrySQL{date: "2026-12-31", postings: strings.Replace(whole, fmt.Sprintf("%d/1/10", net), "2/1/10", 1)}, "FU015")
	try("leaving some", 5, entrySQL{date: "2026-12-31", postings: postings("69", "-80", "11")}, "FU015")
	try("leaving expense", 5, entrySQL{date: "2026-12-31", postings: strings.Replace(postings("70", "0", "-70"), fmt.Sprintf(" %d/1/0", expense), "", 1)}, "FU015")
	try("taking back what is no year's end", 5, entrySQL{date: "2026-12-31", postings: whole, reverses: "1"}, "FU015")

	posted, err := b.closeYear()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Try(func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, b.ID, posted[0].Seq, ledger.Day(2027, 1, 5), "", "user:1")
		return err
	}); !errors.Is(err, ledger.ErrYearClosed) {
		t.Error("reversed as any entry:", err)
	}
	refused(t, b.Owner, "reopened at psql", `
		WITH r AS (INSERT INTO ledger.reopening VALUES (1, 1, '2026-11-01', 'x', 'a', 'x', now(), 'b', 'x', now() + interval '1 s'))
		UPDATE ledger.period SET closed_at = NULL, reopening_id = 1 WHERE month = '2026-11-01'`, "FU014", ledger.ErrTwoPeople)
	b.Owner.MustExec(`INSERT INTO ledger.reopening VALUES (1, 1, '2026-11-01', 'x', 'a', 'x', now(), 'b', 'x', now() + interval '1 s')`)
	refused(t, b.Owner, "the year's end left standing", `UPDATE ledger.period SET closed_at = NULL, reopening_id = 1 WHERE month = '2026-11-01'`, "FU015", ledger.ErrYearClosed)
	for _, sql := range []string{`UPDATE ledger.year_end SET debit = 0`, `DELETE FROM ledger.year_end`, `SELECT ledger.year_end_guard('{}')`} {
		refused(t, b.App, sql, sql, "42501", ledger.ErrNotAllowed)
	}
	b.Owner.MustExec(`UPDATE ledger.year_end SET debit = debit + 5 WHERE account_id = $1 AND fund_id = 1`, income)
	b.seal(t)
	if found := b.check(t); len(found) != 1 || found[0].Code != ledger.YearEndMoved || !strings.Contains(found[0].Text("zh-CN"), "2026 年末结转：科目 4101（通用款）存的是 75.00，按分录算是 70.00") {
		t.Error(found)
	}
}
