package bench

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// latencies is a table of what was asked, one after another, and how long the answers took.
type latencies struct{ *tabwriter.Writer }

func newLatencies(out io.Writer, of string) latencies {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%s\tp50\tp99\tlongest\t\n", of)
	return latencies{table}
}

// ask asks the same thing some times, each time at another address.
func (l latencies) ask(what string, times int, once func(i int) error) error {
	took := make([]time.Duration, times)
	for i := range took {
		began := time.Now()
		if err := once(i); err != nil {
			return err
		}
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	s, unit := stretch{took: took}, 10*time.Microsecond
	_, err := fmt.Fprintf(l, "%s\t%v\t%v\t%v\t\n", what, s.quantile(0.5).Round(unit), s.quantile(0.99).Round(unit), took[times-1].Round(unit))
	return err
}
