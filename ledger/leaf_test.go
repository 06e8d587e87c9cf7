package ledger_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger"
	"fund/ledger/transparency"
)

// variedBooks post what a record can hold, under settings that change how
// PostgreSQL writes dates, numbers, bytes and times.
func variedBooks(t *testing.T) *books {
	b := openBooks(t)
	quoted := b.given(1, b.clinic, "999999999999.99")
	quoted.Memo, quoted.Detail = `他说"谢谢" it's \n 100% — 🌱 é`, `a\b'c"d`
	committed := b.given(2, b.general, "0.01")
	committed.Detail, committed.Commitment = "", bytes.Repeat([]byte{0, 0xff}, 16)
	older := b.given(3, b.general, "12.30")
	older.Date = ledger.Day(2025, time.December, 31)
	across := b.given(4, b.clinic, "100")
	across.Postings = append(across.Postings, b.spent(4, b.clinic, "40").Postings...)
	across.Postings = append(across.Postings, b.given(4, b.school, "7.77").Postings...)
	var posted []ledger.Posted
	for i, settings := range []string{
		`SET LOCAL TimeZone = 'America/St_Johns'; SET LOCAL bytea_output = escape`,
		`SET LOCAL lc_numeric = 'C.UTF-8'; SET LOCAL lc_time = 'C'; SET LOCAL extra_float_digits = -15; SET LOCAL IntervalStyle = sql_standard`,
		``,
	} {
		entries := []ledger.Entry{quoted, committed, older, across}
		for j := range entries {
			entries[j].Source += strings.Repeat("x", i)
		}
		b.Do(t, func(tx *sqlx.Tx) error {
			if _, err := tx.Exec(settings); err != nil {
				return err
			}
			p, err := ledger.Post(ctx, tx, b.ID, entries...)
			posted = append(posted, p...)
			return err
		})
	}
	b.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, b.ID, posted[1].Seq, nov20, "重复入账", "user:7")
		return err
	})
	// The driver reads no such dates back, so this one is posted in plain SQL.
	b.Do(t, func(tx *sqlx.Tx) error {
		_, err := tx.Exec(`SET LOCAL DateStyle = 'German, DMY'; SELECT count(*) FROM ` + postSQL(entrySQL{date: "2026-11-03", source: "manual:german", postings: "1/1/5.5 2/1/-5.5"}))
		return err
	})
	return b
}

func TestRecordIsWhatTheDatabaseHashed(t *testing.T) {
	t.Parallel()
	b := variedBooks(t)
	entries, err := ledger.Journal(ctx, b.App, b.ID, ledger.JournalFilter{}, 100)
	if err != nil || len(entries) != 14 {
		t.Fatal(len(entries), err)
	}
	for _, e := range entries {
		lines, err := ledger.Lines(ctx, b.App, b.ID, e.Seq)
		if err != nil {
			t.Fatal(err)
		}
		var leaf []byte
		if err := b.App.Get(&leaf, `SELECT hash FROM transparency.leaf WHERE community_id = $1 AND leaf_index = $2`, b.ID, e.Seq-1); err != nil {
			t.Fatal(err)
		}
		record := ledger.Record(b.Slug, e, lines)
		if tlog.RecordHash(record) != tlog.Hash(leaf) {
			t.Errorf("entry %d: the record's hash is not the leaf:\n%s", e.Seq, record)
		}
		slug, parsed, parsedLines, err := ledger.ParseRecord(record)
		if err != nil || slug != b.Slug {
			t.Fatalf("ParseRecord: %q, %v", slug, err)
		}
		type told struct {
			Voucher, Memo, Detail, Source string
			Date                          time.Time
			Reverses                      int64
			Lines                         int
		}
		want := told{e.Voucher(), e.Memo, e.Detail, e.Source, e.Date.UTC(), e.Reverses, len(lines)}
		got := told{parsed.Voucher(), parsed.Memo, parsed.Detail, parsed.Source, parsed.Date, parsed.Reverses, len(parsedLines)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	b.sound(t)
}

func TestParseRecordRefusesOtherTexts(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.post(t, b.given(1, b.clinic, "66"))
	b.seal(t)
	ev, err := ledger.Prove(ctx, b.App, b.Community, 1)
	if err != nil {
		t.Fatal(err)
	}
	good := string(ev.Record)
	for name, bad := range map[string]string{
		"empty":          "",
		"another form":   strings.Replace(good, "v1", "v2", 1),
		"cut":            good[:len(good)-1],
		"longer":         good + "\n",
		"no cents":       strings.Replace(good, "66.00", "66", 1),
		"plus":           strings.Replace(good, " 66.00", " +66.00", 1),
		"leading zero":   strings.Replace(good, "2026-1\n", "2026-01\n", 1),
		"another date":   strings.Replace(good, "2026-11-02\n", "2026-11-2\n", 1),
		"reverses zero":  strings.Replace(good, "\n-\n", "\n0\n", 1),
		"bad commitment": strings.Replace(good, "\n-\n-\n", "\n-\nzz\n", 1),
	} {
		if bad == good {
			t.Fatalf("%s: the text was not changed", name)
		}
		if _, _, _, err := ledger.ParseRecord([]byte(bad)); !errors.Is(err, ledger.ErrRecord) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProve(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.post(t, b.given(1, b.clinic, "66"), b.given(2, b.clinic, "88"))
	if _, err := ledger.Prove(ctx, b.App, b.Community, 1); !errors.Is(err, transparency.ErrNotSealed) {
		t.Errorf("before any checkpoint: %v", err)
	}
	sealed := b.seal(t)
	b.post(t, b.given(3, b.clinic, "99"))
	if _, err := ledger.Prove(ctx, b.App, b.Community, 3); !errors.Is(err, transparency.ErrNotSealed) {
		t.Errorf("before the entry's checkpoint: %v", err)
	}
	if _, err := ledger.Prove(ctx, b.App, b.Community, 4); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("no such entry: %v", err)
	}
	ev, err := ledger.Prove(ctx, b.App, b.Community, 2)
	if err != nil {
		t.Fatal(err)
	}
	read, err := transparency.ParseProof(ev.Proof.Text())
	if err != nil {
		t.Fatal(err)
	}
	c, err := read.Verify(ev.Record, b.key.Verifier())
	if err != nil || c.Root != sealed.Root || c.Origin != "fund.example.org/c/angong" {
		t.Errorf("Verify: %+v, %v", c, err)
	}
	forged := bytes.Replace(ev.Record, []byte("88.00"), []byte("89.00"), 2)
	if _, err := read.Verify(forged, b.key.Verifier()); !errors.Is(err, transparency.ErrProof) {
		t.Errorf("a forged record: %v", err)
	}
}
