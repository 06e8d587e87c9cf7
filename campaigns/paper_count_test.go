package campaigns_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
)

// A paper counts once, whether it was kept, shown, or both; taken away, it counts no more.
func TestPapersAreCounted(t *testing.T) {
	t.Parallel()
	o := open(t)
	both, shown, none := o.bought(t, "manual:1"), o.bought(t, "manual:2"), o.bought(t, "manual:3")
	first := o.keep(t, both, plainPDF())
	o.keep(t, both, asJPEG(t, halves(90, 90)))
	o.show(t, both)
	o.show(t, shown)
	count := func(want map[int64]int) {
		t.Helper()
		of, err := campaigns.CountPapers(t.Context(), o.App, o.ID, both, shown, none)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range []int64{both, shown, none} {
			if of[entry] != want[entry] {
				t.Errorf("entry %d has %d papers, want %d", entry, of[entry], want[entry])
			}
		}
	}
	count(map[int64]int{both: 2, shown: 1})
	o.Do(t, func(tx *sqlx.Tx) error { return campaigns.WithdrawOriginal(t.Context(), tx, o.ID, first.ID, "user:1") })
	count(map[int64]int{both: 1, shown: 1})
}
