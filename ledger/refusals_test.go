package ledger_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
)

// entrySQL is an entry as somebody at psql would write it. postings are
// `account/fund/amount`, by id.
type entrySQL struct {
	date, source, postings string
	entryOf                string // default: all belong to entry 1
	reverses               string // default NULL
}

// postSQL calls the door to the books.
func postSQL(e entrySQL) string {
	accounts, funds, amounts, of := columnsSQL(e)
	return fmt.Sprintf(`ledger.post_entries(1, array['%s'::date], array['manual'], array['%s'], array['记账'], array[''], array['user:1'],
		array[%s]::bigint[], array[NULL]::bytea[], array[%s]::int[], array[%s]::int[], array[%s]::int[], array[%s]::numeric[])`,
		e.date, e.source, orNull(e.reverses), of, accounts, funds, amounts)
}

func columnsSQL(e entrySQL) (accounts, funds, amounts, of string) {
	var a, f, m, o []string
	for _, p := range strings.Fields(e.postings) {
		cells := strings.Split(p, "/")
		a, f, m, o = append(a, cells[0]), append(f, cells[1]), append(m, cells[2]), append(o, "1")
	}
	if e.entryOf != "" {
		o = []string{e.entryOf}
	}
	return strings.Join(a, ","), strings.Join(f, ","), strings.Join(m, ","), strings.Join(o, ",")
}

func orNull(s string) string {
	if s == "" {
		return "NULL"
	}
	return s
}

// insertSQL writes into the tables past the door, as only the owner could.
func insertSQL(seq, number int, e entrySQL) string {
	year := e.date[:4]
	lines := strings.Fields(e.postings)
	var rows []string
	for i, p := range lines {
		rows = append(rows, fmt.Sprintf("(1, %d, %d, %d, '%s', %s)", seq, i+1, len(lines), e.date, strings.ReplaceAll(p, "/", ", ")))
	}
	return fmt.Sprintf(`WITH entry AS (
		INSERT INTO ledger.journal_entry VALUES (1, %d, %s, %d, '%s', now(), 'manual', '%s', '记账', '', 'user:1', %s, NULL, greatest(%d, 2), 0, 0, 0))
		INSERT INTO ledger.posting VALUES %s`, seq, year, number, e.date, e.source, orNull(e.reverses), len(lines), strings.Join(rows, ", "))
}

// refusalBooks have one entry (2026-1, bank and donation income in the clinic's
// fund, 100.00), one closed account (1001), one closed fund (4) and a closed October.
func refusalBooks(t *testing.T) *books {
	b := openBooks(t)
	b.post(t, b.given(1, b.clinic, "100"))
	b.Do(t, func(tx *sqlx.Tx) error {
		f, err := ledger.AddFund(ctx, tx, b.ID, ledger.Fund{Code: "old", NameZH: "旧", NameEN: "old", Kind: ledger.ProjectFund})
		return errors.Join(err, ledger.CloseFund(ctx, tx, b.ID, f.ID), ledger.CloseAccount(ctx, tx, b.ID, b.account(ledger.Cash)),
			ledger.ClosePeriod(ctx, tx, b.ID, ledger.Day(2026, 10, 9), "user:1"))
	})
	b.seal(t)
	return b
}

// TestTheDoorRefuses tries what the server's role may call; the owner meets the same.
func TestTheDoorRefuses(t *testing.T) {
	t.Parallel()
	b := refusalBooks(t)
	for _, c := range []struct {
		name  string
		entry entrySQL
		state string
		want  error
	}{
		{"unbalanced", entrySQL{postings: "2/1/5 31/1/-4"}, "FU001", ledger.ErrUnbalanced},
		{"unbalanced in a fund", entrySQL{postings: "2/1/5 31/2/-5"}, "FU001", ledger.ErrUnbalanced},
		{"one posting", entrySQL{postings: "2/1/5"}, "FU012", ledger.ErrFewPostings},
		{"no posting", entrySQL{postings: ""}, "FU012", ledger.ErrFewPostings},
		{"a posting to no entry", entrySQL{postings: "2/1/5 31/1/-5 31/1/-5", entryOf: "1,1,2"}, "FU012", ledger.ErrFewPostings},
		{"a posting to entry 0", entrySQL{postings: "2/1/5 31/1/-5 31/1/-5", entryOf: "1,1,0"}, "FU012", ledger.ErrFewPostings},
		{"closed month", entrySQL{date: "2026-10-31", postings: "2/1/5 31/1/-5"}, "FU003", ledger.ErrPeriodClosed},
		{"source posted", entrySQL{source: "donation:1", postings: "2/1/5 31/1/-5"}, "23505", ledger.ErrDuplicateSource},
		{"fund overspent", entrySQL{postings: "38/2/100.01 2/2/-100.01"}, "FU005", ledger.ErrFundOverspent},
		{"unknown account", entrySQL{postings: "2/1/5 999/1/-5"}, "FU006", ledger.ErrUnknownAccount},
		{"closed account", entrySQL{postings: "1/1/5 31/1/-5"}, "FU007", ledger.ErrAccountClosed},
		{"unknown fund", entrySQL{postings: "2/9/5 31/9/-5"}, "FU008", ledger.ErrUnknownFund},
		{"closed fund", entrySQL{postings: "2/4/5 31/4/-5"}, "FU009", ledger.ErrFundClosed},
		{"zero posting", entrySQL{postings: "2/1/0 31/1/0"}, "23514", ledger.ErrUnbalanced},
		{"reverses nothing", entrySQL{postings: "2/1/5 31/1/-5", reverses: "77"}, "23503", ledger.ErrNotFound},
		{"year 12026", entrySQL{date: "12026-11-03", postings: "2/1/5 31/1/-5"}, "23514", ledger.ErrForm},
	} {
		if c.entry.date == "" {
			c.entry.date = "2026-11-03"
		}
		if c.entry.source == "" {
			c.entry.source = "manual:x"
		}
		refused(t, b.App, c.name+" as fund_app", `SELECT * FROM `+postSQL(c.entry), c.state, c.want)
		refused(t, b.Owner, c.name+" as owner", `SELECT * FROM `+postSQL(c.entry), c.state, c.want)
	}
	refused(t, b.App, "no book", strings.Replace(`SELECT * FROM `+postSQL(entrySQL{date: "2026-11-03", source: "manual:x", postings: "2/1/5 31/1/-5"}), "(1,", "(9,", 1), "FU010", ledger.ErrNoBook)
	b.sound(t)
}

func TestReversedOnceOnly(t *testing.T) {
	t.Parallel()
	b := refusalBooks(t)
	b.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, b.ID, 1, nov20, "", "user:1")
		return err
	})
	var twice *ledger.Refusal
	if err := b.Try(func(tx *sqlx.Tx) error {
		_, err := tx.Exec(`SELECT * FROM ` + postSQL(entrySQL{date: "2026-11-20", source: "donation:1", postings: "2/1/5 31/1/-5"}))
		return ledger.Explain(err)
	}); !errors.As(err, &twice) || twice.Detail != "donation:1" {
		t.Errorf("the refusal does not name the source: %v", err)
	}
	again := entrySQL{date: "2026-11-20", source: "manual:again", postings: "2/1/5 31/1/-5", reverses: "1"}
	refused(t, b.App, "door", `SELECT * FROM `+postSQL(again), "23505", ledger.ErrReversedTwice)
	refused(t, b.Owner, "tables", insertSQL(3, 3, again), "23505", ledger.ErrReversedTwice)
	if err := b.Try(func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, b.ID, 1, nov20, "", "user:1")
		return err
	}); !errors.Is(err, ledger.ErrReversedTwice) {
		t.Error(err)
	}
}

// TestTheTablesRefuse tries to write past the door: the server's role lacks the
// right, the owner meets the guards.
func TestTheTablesRefuse(t *testing.T) {
	t.Parallel()
	b := refusalBooks(t)
	entry := func(date, source, postings string) entrySQL {
		return entrySQL{date: date, source: source, postings: postings}
	}
	good := entry("2026-11-03", "manual:x", "2/1/5 31/1/-5")
	with := func(postings string) entrySQL { e := good; e.postings = postings; return e }
	for _, c := range []struct {
		name, sql, state string
		want             error
	}{
		{"unbalanced", insertSQL(2, 2, with("2/1/5 31/1/-4")), "FU001", ledger.ErrUnbalanced},
		{"unbalanced in a fund", insertSQL(2, 2, with("2/1/5 31/2/-5")), "FU001", ledger.ErrUnbalanced},
		{"one posting", strings.Replace(insertSQL(2, 2, with("2/1/5")), "greatest(1, 2)", "1", 1), "23514", ledger.ErrFewPostings},
		{"two postings of three", strings.Replace(insertSQL(2, 2, good), "greatest(2, 2)", "3", 1), "FU012", ledger.ErrFewPostings},
		{"no posting", strings.Replace(insertSQL(2, 2, good), "INSERT INTO ledger.posting", "SELECT FROM (", 1) + ") x", "FU012", ledger.ErrFewPostings},
		{"no entry", `INSERT INTO ledger.posting VALUES (1, 2, 1, 2, '2026-11-03', 2, 1, 5), (1, 2, 2, 2, '2026-11-03', 31, 1, -5)`, "FU012", ledger.ErrFewPostings},
		{"more postings to an old entry", `INSERT INTO ledger.posting VALUES (1, 1, 3, 4, '2026-11-02', 2, 1, 5), (1, 1, 4, 4, '2026-11-02', 31, 1, -5)`, "FU012", ledger.ErrFewPostings},
		{"other postings to an old entry", `INSERT INTO ledger.posting VALUES (1, 1, 1, 2, '2026-11-02', 2, 1, 5), (1, 1, 2, 2, '2026-11-02', 31, 1, -5)`, "23505", ledger.ErrImmutable},
		{"a posting beyond the count", `INSERT INTO ledger.posting VALUES (1, 1, 3, 2, '2026-11-02', 2, 1, 5)`, "23514", ledger.ErrFewPostings},
		{"another date", strings.Replace(insertSQL(2, 2, good), "2, '2026-11-03', 2, 1", "2, '2026-11-04', 2, 1", 1), "FU012", ledger.ErrFewPostings},
		{"number of another year", strings.Replace(insertSQL(2, 2, good), "2, 2026, 2", "2, 2025, 1", 1), "23514", ledger.ErrForm},
		{"unknown account", insertSQL(2, 2, with("2/1/5 999/1/-5")), "FU006", ledger.ErrUnknownAccount},
		{"closed account", insertSQL(2, 2, with("1/1/5 31/1/-5")), "FU007", ledger.ErrAccountClosed},
		{"unknown fund", insertSQL(2, 2, with("2/9/5 31/9/-5")), "FU008", ledger.ErrUnknownFund},
		{"closed fund", insertSQL(2, 2, with("2/4/5 31/4/-5")), "FU009", ledger.ErrFundClosed},
		{"closed month", insertSQL(2, 2, entry("2026-10-31", "manual:x", "2/1/5 31/1/-5")), "FU003", ledger.ErrPeriodClosed},
		{"source posted", insertSQL(2, 2, entry("2026-11-03", "donation:1", "2/1/5 31/1/-5")), "23505", ledger.ErrDuplicateSource},
		{"fund overspent", insertSQL(2, 2, with("38/2/100.01 2/2/-100.01")), "FU005", ledger.ErrFundOverspent},
		{"gap in seq", insertSQL(3, 2, good), "FU013", ledger.ErrGap},
		{"gap in number", insertSQL(2, 3, good), "FU013", ledger.ErrGap},
		{"first number of a year", strings.ReplaceAll(insertSQL(2, 2, good), "2026", "2027"), "FU013", ledger.ErrGap},
		{"seq twice", insertSQL(1, 2, good), "23505", ledger.ErrImmutable},
		{"number twice", insertSQL(2, 1, good), "23505", ledger.ErrGap},
		{"memo with a line break", strings.Replace(insertSQL(2, 2, good), "'记账'", `E'a\nb'`, 1), "23514", ledger.ErrForm},
	} {
		refused(t, b.App, c.name+" as fund_app", c.sql, "42501", ledger.ErrNotAllowed)
		refused(t, b.Owner, c.name+" as owner", c.sql, c.state, c.want)
	}
	b.sound(t)
}

func TestWhatIsPostedStays(t *testing.T) {
	t.Parallel()
	b := refusalBooks(t)
	for table, column := range map[string]string{
		"ledger.journal_entry": "memo", "ledger.posting": "amount", "transparency.leaf": "hash", "transparency.hash": "hash", "transparency.checkpoint": "note",
	} {
		for _, sql := range []string{
			fmt.Sprintf(`UPDATE %s SET %s = %s`, table, column, column),
			fmt.Sprintf(`UPDATE %s SET %s = %s WHERE false`, table, column, column),
			`DELETE FROM ` + table,
			`TRUNCATE ` + table + ` CASCADE`,
		} {
			refused(t, b.App, sql+" as fund_app", sql, "42501", ledger.ErrNotAllowed)
			refused(t, b.Owner, sql+" as owner", sql, "FU002", ledger.ErrImmutable)
		}
	}
	for _, sql := range []string{
		`UPDATE ledger.account SET code = '9' WHERE id = 2`, `UPDATE ledger.account SET type = 'income' WHERE id = 2`,
		`UPDATE ledger.fund SET restricted = false WHERE id = 2`, `UPDATE ledger.fund SET code = 'x' WHERE id = 2`,
		`UPDATE ledger.community SET slug = 'other'`,
	} {
		refused(t, b.App, sql+" as fund_app", sql, "42501", ledger.ErrNotAllowed)
		refused(t, b.Owner, sql+" as owner", sql, "FU002", ledger.ErrImmutable)
	}
	for _, table := range []string{"balance", "fund_balance", "month_tally", "book_year", "period"} {
		refused(t, b.App, table, `DELETE FROM ledger.`+table, "42501", ledger.ErrNotAllowed)
	}
	refused(t, b.App, "book", `UPDATE ledger.book SET last_seq = 0`, "42501", ledger.ErrNotAllowed)
	refused(t, b.App, "leaf", `INSERT INTO transparency.leaf VALUES (1, 9, sha256('x'))`, "42501", ledger.ErrNotAllowed)
	b.sound(t)
}

func refused(t *testing.T, db *sqlx.DB, name, sql, state string, want error) {
	t.Helper()
	_, err := db.Exec(sql)
	var dberr *pq.Error
	if !errors.As(err, &dberr) {
		t.Errorf("%s: not refused: %v", name, err)
		return
	}
	if string(dberr.Code) != state {
		t.Errorf("%s: SQLSTATE %s (%v), want %s", name, dberr.Code, dberr, state)
	}
	if got := ledger.Explain(err); !errors.Is(got, want) {
		t.Errorf("%s: Explain gives %v, want %v", name, got, want)
	}
}
