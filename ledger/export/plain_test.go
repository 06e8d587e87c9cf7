package export_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// oddTexts are memos that a journal of plain text could take for something else.
var oddTexts = []string{
	"买米", "; comment", "two  spaces", `"quoted" \ backslash`, "a | b", "key:value, other:1", "2017-01-01 * x", "=1+1", "'", "date:2017-13-99", "[2017-1-1]", " leading", "tail ", "，：；",
}

// What hledger and beancount are given holds every entry whole: it is read back here and is what JSONLines says.
func TestPlainJournalsAreLossless(t *testing.T) {
	t.Parallel()
	db, c := oddBook(t)
	var lines, journal, bean strings.Builder
	for _, write := range []error{
		export.JSONLines(t.Context(), &lines, db.App, c), export.HLedger(t.Context(), &journal, db.App, c), export.Beancount(t.Context(), &bean, db.App, c),
	} {
		if write != nil {
			t.Fatal(write)
		}
	}
	var want []export.Entry
	for i, line := range strings.Split(strings.TrimSpace(lines.String()), "\n") {
		var e export.Entry
		if i == 0 {
			continue
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		want = append(want, e)
	}
	if len(want) != len(oddTexts)*2+1 {
		t.Fatalf("%d entries", len(want))
	}
	same := cmp.Comparer(func(a, b money.Amount) bool { return a.Equal(b) })
	if diff := cmp.Diff(want, fromHLedger(t, journal.String()), same); diff != "" {
		t.Errorf("hledger: %s", diff)
	}
	if diff := cmp.Diff(want, fromBeancount(t, bean.String()), same); diff != "" {
		t.Errorf("beancount: %s", diff)
	}
}

func oddBook(t *testing.T) (*pgtest.Database, ledger.Community) {
	t.Helper()
	db, c := aBook(t, 0)
	var entries []ledger.Entry
	db.Do(t, func(tx *sqlx.Tx) error {
		book, err := ledger.OpenBook(t.Context(), tx, c.ID)
		if err != nil {
			return err
		}
		bank, _ := book.Account(ledger.Bank)
		income, _ := book.Account(ledger.OtherIncome)
		for i, text := range oddTexts {
			amount := money.FromFen(int64(100 + i))
			postings := []ledger.Posting{ledger.Debit(bank, ledger.GeneralFundID, amount), ledger.Credit(income, ledger.GeneralFundID, amount)}
			entries = append(entries,
				ledger.Entry{Date: ledger.Day(2026, 1, 1), Kind: "manual", Source: fmt.Sprintf("test:a,%d", i), Memo: text, PostedBy: "user:1", Commitment: make([]byte, 32), Postings: postings},
				ledger.Entry{Date: ledger.Day(2026, 1, 2), Kind: "manual", Source: fmt.Sprintf("test:b;%d", i), Memo: "买面", Detail: text, PostedBy: "system", Postings: postings})
		}
		if _, err := ledger.Post(t.Context(), tx, c.ID, entries...); err != nil {
			return err
		}
		_, err = ledger.Reverse(t.Context(), tx, c.ID, 3, ledger.Day(2026, 2, 1), "记错了", "system")
		return err
	})
	return db, c
}

var (
	hledgerHead    = regexp.MustCompile(`^(\S+) \* \((\S+)\) (.*)  ; kind:(\w+), source:(\S+), seq:(\d+)(?:, reverses:(\d+))?$`)
	hledgerPosting = regexp.MustCompile(`^    \w+:(\S+) .*?  CNY (-?[\d.]+)  ; fund:(\S+)$`)
	hledgerMore    = regexp.MustCompile(`^    ; ([a-z-]+): (.*)$`)
)

func fromHLedger(t *testing.T, text string) (all []export.Entry) {
	var e *export.Entry
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if m := hledgerHead.FindStringSubmatch(line); m != nil {
			all = append(all, export.Entry{Date: m[1], Voucher: m[2], Memo: m[3], Kind: m[4], Source: m[5], Seq: integer(t, m[6]), Reverses: integer(t, m[7])})
			e = &all[len(all)-1]
		} else if m := hledgerPosting.FindStringSubmatch(line); m != nil {
			e.Postings = append(e.Postings, export.Posting{Account: m[1], Amount: money.MustParse(m[2]), Fund: m[3]})
		} else if m := hledgerMore.FindStringSubmatch(line); m != nil {
			more(t, e, m[1], m[2])
		} else if e != nil && line != "" {
			t.Fatalf("hledger: %q is not read", line)
		}
	}
	return all
}

var (
	beanHead    = regexp.MustCompile(`^(\d{4}-\d\d-\d\d) \* ("(?:[^"\\]|\\.)*")(?: ("(?:[^"\\]|\\.)*"))?$`)
	beanPosting = regexp.MustCompile(`^  [A-Z]\w+:(\S+)  (-?[\d.]+) CNY$`)
	beanMore    = regexp.MustCompile(`^  ([a-z-]+): (.*)$`)
)

func fromBeancount(t *testing.T, text string) (all []export.Entry) {
	var e *export.Entry
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if m := beanHead.FindStringSubmatch(line); m != nil {
			all = append(all, export.Entry{Date: m[1], Memo: unquoted(m[2])})
			e = &all[len(all)-1]
			if m[3] != "" {
				e.Detail, e.Memo = e.Memo, unquoted(m[3])
			}
		} else if e == nil {
			continue // accounts
		} else if m := beanPosting.FindStringSubmatch(line); m != nil {
			e.Postings = append(e.Postings, export.Posting{Account: m[1], Amount: money.MustParse(m[2])})
		} else if fund, ok := strings.CutPrefix(line, "    fund: "); ok {
			e.Postings[len(e.Postings)-1].Fund = unquoted(fund)
		} else if m := beanMore.FindStringSubmatch(line); m != nil {
			more(t, e, m[1], unquoted(m[2]))
		} else if line != "" {
			t.Fatalf("beancount: %q is not read", line)
		}
	}
	return all
}

// more is what stands beside an entry under a name.
func more(t *testing.T, e *export.Entry, name, value string) {
	switch name {
	case "memo":
		e.Memo = value
	case "detail":
		e.Detail = value
	case "source", "whole-source":
		e.Source = value
	case "posted-by":
		e.PostedBy = value
	case "posted-at":
		at, err := time.Parse(time.RFC3339Nano, value)
		if err != nil {
			t.Fatal(err)
		}
		e.PostedAt = at
	case "commitment":
		e.Commitment = value
	case "voucher":
		e.Voucher = value
	case "kind":
		e.Kind = value
	case "seq":
		e.Seq = integer(t, value)
	case "reverses":
		e.Reverses = integer(t, value)
	default:
		t.Fatalf("nobody knows %q", name)
	}
}

func unquoted(s string) string {
	s, quoted := strings.CutPrefix(s, `"`)
	if !quoted {
		return s
	}
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(strings.TrimSuffix(s, `"`))
}

func integer(t *testing.T, s string) int64 {
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
