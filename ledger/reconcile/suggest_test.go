package reconcile_test

import (
	"fmt"
	"slices"
	"testing"

	"fund/ledger/reconcile"
)

// score holds suggestions against the truth.
type score struct{ known, right, sure, wrongSure int }

func (y *year) score(t testing.TB, found []reconcile.Suggestion) (s score) {
	t.Helper()
	usedLine, usedItem := map[int]bool{}, map[int]bool{}
	for _, one := range found {
		var seqs []int64
		for _, i := range one.Items {
			if usedItem[i] {
				t.Fatalf("item %d is suggested twice", i)
			}
			usedItem[i] = true
			seqs = append(seqs, y.items[i].Seq)
		}
		slices.Sort(seqs)
		if len(one.Because) == 0 {
			t.Fatalf("no reason is given for %+v", one)
		}
		for _, i := range one.Lines {
			if usedLine[i] {
				t.Fatalf("line %d is suggested twice", i)
			}
			usedLine[i] = true
			truth := slices.Sorted(slices.Values(y.truth[y.lines[i].ID]))
			right := slices.Equal(truth, seqs)
			s.known++
			if right {
				s.right++
			}
			if one.Sure {
				s.sure++
				if !right {
					s.wrongSure++
					t.Logf("sure and wrong: %+v is %v, not %v", y.lines[i], truth, one)
				}
			}
		}
	}
	if len(usedLine) != len(y.lines) {
		t.Fatalf("%d of %d lines have a suggestion", len(usedLine), len(y.lines))
	}
	return s
}

// A year of 20,000 lines against as many entries: at least 95 of 100 right,
// and none of those that are accepted without a person wrong.
func TestYearIsSuggestedRight(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2, 3} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			y := newYear(seed, 22_300)
			s := y.score(t, reconcile.Suggest(y.lines, y.items, nil, reconcile.Options{}))
			t.Logf("%d lines, %d items: %.2f %% right, %.1f %% sure", len(y.lines), len(y.items),
				100*float64(s.right)/float64(s.known), 100*float64(s.sure)/float64(s.known))
			if s.right*100 < s.known*95 {
				t.Errorf("%d of %d are right", s.right, s.known)
			}
			if s.wrongSure > 0 {
				t.Errorf("%d that would be accepted by themselves are wrong", s.wrongSure)
			}
			if s.sure*2 < s.known {
				t.Errorf("only %d of %d need no person", s.sure, s.known)
			}
		})
	}
}

func BenchmarkSuggestYear(b *testing.B) {
	y := newYear(1, 22_300)
	b.ReportMetric(float64(len(y.lines)), "lines")
	for b.Loop() {
		reconcile.Suggest(y.lines, y.items, nil, reconcile.Options{})
	}
}
