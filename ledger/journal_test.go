package ledger_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"fund/ledger"
	"fund/ledger/money"
)

// Entries 1 to 3 are a gift of 120, 80 spent of it, and 30 moved from the bank to cash, on 2, 3 and 4 November.
func TestAFilterFindsEntries(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	moved := b.spent(3, b.general, "30.00")
	moved.Kind, moved.PostedBy, moved.Memo = "manual", "user:9", "取备用金"
	moved.Postings[0].Account = b.account(ledger.Cash)
	b.post(t, b.given(1, b.clinic, "120.00"), b.spent(2, b.clinic, "80.00"), moved)
	for name, c := range map[string]struct {
		filter ledger.JournalFilter
		want   []int64
	}{
		"nothing":            {ledger.JournalFilter{}, []int64{3, 2, 1}},
		"income":             {ledger.JournalFilter{Amount: money.MustParse("120.00")}, []int64{1}},
		"expense":            {ledger.JournalFilter{Amount: money.MustParse("80.00")}, []int64{2}},
		"a posting":          {ledger.JournalFilter{Amount: money.MustParse("30.00")}, []int64{3}},
		"no amount":          {ledger.JournalFilter{Amount: money.MustParse("30.01")}, nil},
		"who":                {ledger.JournalFilter{PostedBy: "user:9"}, []int64{3}},
		"from":               {ledger.JournalFilter{From: nov1.AddDate(0, 0, 2)}, []int64{3, 2}},
		"to":                 {ledger.JournalFilter{To: nov1.AddDate(0, 0, 2)}, []int64{2, 1}},
		"one day":            {ledger.JournalFilter{From: nov1.AddDate(0, 0, 2), To: nov1.AddDate(0, 0, 2)}, []int64{2}},
		"a day without any":  {ledger.JournalFilter{From: nov20, To: nov20}, nil},
		"month":              {ledger.JournalFilter{Month: nov20}, []int64{3, 2, 1}},
		"another month":      {ledger.JournalFilter{Month: nov20.AddDate(0, 1, 0)}, nil},
		"year":               {ledger.JournalFilter{Year: 2026}, []int64{3, 2, 1}},
		"fund and kind":      {ledger.JournalFilter{Fund: b.clinic.ID, Kind: "payment"}, []int64{2}},
		"account and amount": {ledger.JournalFilter{Accounts: []int{b.account(ledger.Cash)}, Amount: money.MustParse("30.00")}, []int64{3}},
		"words":              {ledger.JournalFilter{Words: "备用"}, []int64{3}},
		"before":             {ledger.JournalFilter{From: nov1, Before: 3}, []int64{2, 1}},
		"after":              {ledger.JournalFilter{After: 1}, []int64{3, 2}},
		"between":            {ledger.JournalFilter{After: 1, Before: 3}, []int64{2}},
		"nothing between":    {ledger.JournalFilter{After: 2, Before: 3}, nil},
		"another year":       {ledger.JournalFilter{Year: 2025}, nil},
		"account before":     {ledger.JournalFilter{Accounts: []int{b.account(ledger.Bank)}, Before: 3, Year: 2026}, []int64{2, 1}},
		"fund after":         {ledger.JournalFilter{Fund: b.clinic.ID, After: 1, Month: nov20}, []int64{2}},
	} {
		entries, err := ledger.Journal(ctx, b.App, b.ID, c.filter, 10)
		var got []int64
		for _, e := range entries {
			got = append(got, e.Seq)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v, %v", name, fmt.Sprint(got), c.want, err)
		}
	}
}

// Entries of one posting have one instant; what stands at it or before it is found for every instant.
func TestTheLastEntryBeforeAnInstant(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	if seq, err := ledger.SeqAt(ctx, b.App, b.ID, nov20); seq != 0 || err != nil {
		t.Errorf("an empty book: %d, %v", seq, err)
	}
	want := map[int64]ledger.Posted{}
	for _, days := range [][]int{{1}, {2, 3}, {4}, {5}, {6, 7, 8}} {
		var entries []ledger.Entry
		for _, day := range days {
			entries = append(entries, b.given(day, b.clinic, "1.00"))
		}
		posted := b.post(t, entries...)
		last := posted[len(posted)-1]
		want[last.Seq] = last
	}
	before := int64(0)
	for _, seq := range slices.Sorted(maps.Keys(want)) {
		at := want[seq].PostedAt
		for name, c := range map[string]struct {
			at   time.Time
			want int64
		}{"just before": {at.Add(-time.Microsecond), before}, "at": {at, seq}, "just after": {at.Add(time.Microsecond), seq}} {
			if got, err := ledger.SeqAt(ctx, b.App, b.ID, c.at); got != c.want || err != nil {
				t.Errorf("%s %d: %d, %v", name, c.want, got, err)
			}
		}
		before = seq
	}
	if _, err := ledger.SeqAt(ctx, b.App, 99, nov20); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("no book: %v", err)
	}
}
