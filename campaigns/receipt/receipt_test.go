package receipt_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

func open(t *testing.T) (*pgtest.Database, int) {
	t.Helper()
	db := pgtest.DB(t)
	var c ledger.Community
	do(t, db.App, func(tx *sqlx.Tx) (err error) {
		c, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{Slug: "angong", NameZH: "安公", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"})
		return err
	})
	return db, c.ID
}

func do(t *testing.T, db *sqlx.DB, verb func(tx *sqlx.Tx) error) {
	t.Helper()
	tx := db.MustBegin()
	defer tx.Rollback()
	if err := verb(tx); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// post is an entry that a receipt may be issued for.
func post(t *testing.T, db *pgtest.Database, community int, day time.Time) receipt.Item {
	t.Helper()
	item := receipt.Item{Subject: uuid.New(), Amount: money.MustParse("12.50"), Day: day}
	do(t, db.App, func(tx *sqlx.Tx) error {
		posted, err := ledger.Post(t.Context(), tx, community, ledger.Entry{
			Date: day, Kind: "donation", Source: "donation:" + item.Subject.String(), Memo: "捐赠", PostedBy: "system",
			Postings: []ledger.Posting{ledger.Debit(1, 1, item.Amount), ledger.Credit(2, 1, item.Amount)},
		})
		if err == nil {
			item.Entry = posted[0].Seq
		}
		return err
	})
	return item
}

func issue(t *testing.T, db *pgtest.Database, community int, series receipt.Series, items ...receipt.Item) (issued []receipt.Receipt) {
	t.Helper()
	do(t, db.App, func(tx *sqlx.Tx) (err error) {
		issued, err = receipt.Issue(t.Context(), tx, community, series, items...)
		return err
	})
	return issued
}

func TestNumbersRunInEachSeriesAndYear(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	last, this := ledger.Day(2025, 12, 31), ledger.Day(2026, 1, 1)
	var got []string
	add := func(series receipt.Series, days ...time.Time) {
		var items []receipt.Item
		for _, day := range days {
			items = append(items, post(t, db, c, day))
		}
		for i, r := range issue(t, db, c, series, items...) {
			if r.Subject != items[i].Subject || r.Entry != items[i].Entry {
				t.Errorf("receipt %d is for somebody else", i)
			}
			got = append(got, string(series[0])+r.Serial())
		}
	}
	add(receipt.Donation, last, this, last, this)
	add(receipt.Sale, this)
	add(receipt.Donation, this, last)
	add(receipt.Donation)
	want := []string{"d2025-000001", "d2026-000001", "d2025-000002", "d2026-000002", "s2026-S000001", "d2026-000003", "d2025-000003"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestAbandonedNumbersAreUsedAgain(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	item := post(t, db, c, ledger.Day(2026, 1, 1))
	tx := db.App.MustBegin()
	if _, err := receipt.Issue(t.Context(), tx, c, receipt.Donation, item); err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if r := issue(t, db, c, receipt.Donation, item); r[0].Number != 1 {
		t.Errorf("the next number is %d", r[0].Number)
	}
}

func TestReceiptIsFound(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	want := issue(t, db, c, receipt.Donation, post(t, db, c, ledger.Day(2026, 5, 20)))[0]
	if !regexp.MustCompile(`^1-[0-9a-hjkmnp-tv-z]{26}$`).MatchString(want.Token) || !regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`).MatchString(want.CheckCode) {
		t.Errorf("token %s, check code %s", want.Token, want.CheckCode)
	}
	same := func(how string, got receipt.Receipt, err error) {
		t.Helper()
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", how, err, diff)
		}
	}
	community, got, err := receipt.ByToken(t.Context(), db.App, want.Token)
	same("by its address", got, err)
	if community != c {
		t.Errorf("of community %d", community)
	}
	got, err = receipt.Of(t.Context(), db.App, c, want.Subject)
	same("of its donation", got, err)
	all, err := receipt.OfAll(t.Context(), db.App, c, []uuid.UUID{uuid.New(), want.Subject})
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	same("among many", all[0], nil)

	wide := strings.NewReplacer("0", "０", "2", "２", "6", "６", "-", "－")
	misread := strings.NewReplacer("0", "O", "1", "l")
	for _, typed := range [][2]string{
		{"2026-000001", want.CheckCode},
		{" 2026-1 ", strings.ToLower(want.CheckCode)},
		{"2026 - 000001", strings.ReplaceAll(want.CheckCode, "-", " ")},
		{"2026—000001", strings.ReplaceAll(want.CheckCode, "-", "")},
		{wide.Replace("2026-000001"), wide.Replace(want.CheckCode)},
		{"2026-000001", misread.Replace(want.CheckCode)},
	} {
		got, err = receipt.ByNumber(t.Context(), db.App, c, receipt.Donation, typed[0], typed[1])
		same(fmt.Sprintf("typed as %q", typed), got, err)
	}
}

// Nothing that is refused tells why.
func TestNotFoundIsUniform(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	r := issue(t, db, c, receipt.Donation, post(t, db, c, ledger.Day(2026, 5, 20)))[0]
	other := "0000-0000"
	if r.CheckCode == other {
		other = "1111-1111"
	}
	text := ""
	uniform := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, receipt.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
			return
		}
		if text == "" {
			text = err.Error()
		}
		if err.Error() != text {
			t.Errorf("%s: %q is not %q", what, err, text)
		}
	}
	for what, token := range map[string]string{
		"unknown": "1-" + strings.Repeat("0", 26), "another community": "2" + r.Token[1:], "no community": r.Token[2:], "empty": "", "short": r.Token[:20],
		"long": r.Token + "0", "community 0": "0" + r.Token[1:], "community -1": "-1" + r.Token[1:], "huge community": "zzzzzzzzzz" + r.Token[1:],
		"not base32": r.Token[:27] + "'", "NUL": r.Token[:27] + "\x00", "no UTF-8": r.Token[:27] + "\xff",
	} {
		_, _, err := receipt.ByToken(t.Context(), db.App, token)
		uniform(what, err)
	}
	for what, typed := range map[string][2]string{
		"wrong code": {"2026-1", other}, "wrong number": {"2026-2", r.CheckCode}, "wrong year": {"2025-1", r.CheckCode}, "no code": {"2026-1", ""},
		"no number": {"2026", r.CheckCode}, "nothing": {"", ""}, "words": {"收据-1", r.CheckCode}, "huge": {"2026-99999999999999999999", r.CheckCode},
		"below zero": {"2026--1", r.CheckCode}, "NUL": {"2026-1", "\x00"}, "no UTF-8": {"2026-1", "\xff\xff\xff\xff"}, "long": {"2026-1", strings.Repeat("0", 1<<16)},
	} {
		_, err := receipt.ByNumber(t.Context(), db.App, c, receipt.Donation, typed[0], typed[1])
		uniform(what, err)
	}
	_, err := receipt.ByNumber(t.Context(), db.App, c, receipt.Sale, "2026-1", r.CheckCode)
	uniform("another series", err)
	_, err = receipt.Of(t.Context(), db.App, c, uuid.New())
	uniform("another donation", err)
}

func TestTokenCommunity(t *testing.T) {
	t.Parallel()
	tail := "-" + strings.Repeat("7", 26)
	for head, want := range map[string]int{"1": 1, "z": 35, "10": 36, "zik0zj": 1<<31 - 1} {
		if got, err := receipt.TokenCommunity(head + tail); err != nil || got != want {
			t.Errorf("%s: %d, %v", head, got, err)
		}
	}
	for _, head := range []string{"", "0", "-1", "+1", "zik0zk", "_"} {
		if got, err := receipt.TokenCommunity(head + tail); !errors.Is(err, receipt.ErrNotFound) {
			t.Errorf("%q is community %d", head, got)
		}
	}
}

func TestVoid(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	item := post(t, db, c, ledger.Day(2026, 5, 20))
	r := issue(t, db, c, receipt.Donation, item)[0]
	void := func(entry int64) error {
		tx := db.App.MustBegin()
		defer tx.Rollback()
		if err := receipt.Void(t.Context(), tx, c, r, entry, "退款", time.Now()); err != nil {
			return err
		}
		return tx.Commit()
	}
	if err := void(99); err == nil {
		t.Error("voided by an entry that nobody posted")
	}
	var reversal ledger.Posted
	do(t, db.App, func(tx *sqlx.Tx) (err error) {
		reversal, err = ledger.Reverse(t.Context(), tx, c, item.Entry, ledger.Day(2026, 5, 21), "退款", "user:1")
		return err
	})
	if err := void(reversal.Seq); err != nil {
		t.Fatal(err)
	}
	if err := void(reversal.Seq); err == nil {
		t.Error("voided twice")
	}
	got, err := receipt.Of(t.Context(), db.App, c, item.Subject)
	if err != nil || got.VoidEntry != reversal.Seq || got.VoidReason != "退款" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDatabaseRefuses(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	item := post(t, db, c, ledger.Day(2026, 5, 20))
	r := issue(t, db, c, receipt.Donation, item)[0]
	do(t, db.App, func(tx *sqlx.Tx) error { return receipt.Void(t.Context(), tx, c, r, item.Entry, "退款", time.Now()) })
	const insert = `INSERT INTO receipt.receipt (community_id, series, year, number, subject_id, entry_seq, amount, issued_on, issued_at, token, check_code) VALUES `
	row := func(number int) string {
		return fmt.Sprintf(`(1, 'donation', 2026, %d, '%s', 1, 1, '2026-01-01', now(), '1-%s', '0000-0000')`, number, uuid.New(), strings.ReplaceAll(uuid.NewString(), "-", "")[:26])
	}
	for sql, want := range map[string]error{
		insert + row(3):                                         ledger.ErrGap,
		insert + row(2) + `, ` + row(4):                         ledger.ErrGap,
		insert + strings.Replace(row(2), "2026, ", "2025, ", 1): nil, // the year of its date is another
		`UPDATE receipt.receipt SET amount = 2`:                 ledger.ErrImmutable,
		`DELETE FROM receipt.receipt`:                           ledger.ErrImmutable,
		`TRUNCATE receipt.receipt CASCADE`:                      ledger.ErrImmutable,
		`UPDATE receipt.void SET reason = ''`:                   ledger.ErrImmutable,
		`DELETE FROM receipt.void`:                              ledger.ErrImmutable,
		`TRUNCATE receipt.void`:                                 ledger.ErrImmutable,
	} {
		_, err := db.Owner.Exec(sql)
		if err == nil || want != nil && !errors.Is(ledger.Explain(err), want) {
			t.Errorf("owner: %s: %v, want %v", sql, err, want)
		}
	}
	for _, sql := range []string{
		insert + row(2), `UPDATE receipt.receipt SET amount = 2`, `DELETE FROM receipt.receipt`, `TRUNCATE receipt.receipt`,
		`UPDATE receipt.void SET reason = ''`, `DELETE FROM receipt.void`, `UPDATE receipt.counter SET last_number = 7`, `INSERT INTO receipt.counter VALUES (1, 'sale', 2026, 7)`,
	} {
		if _, err := db.App.Exec(sql); !errors.Is(ledger.Explain(err), ledger.ErrNotAllowed) {
			t.Errorf("fund_app: %s: %v", sql, err)
		}
	}
	db.Owner.MustExec(insert + row(2) + `, ` + row(3)) // the guard lets the next ones in
}
