package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"text/tabwriter"
	"time"

	"fund/migrations/localpg"
)

// ExportOptions say how large the books are that are handed on.
type ExportOptions struct {
	Postings int
	Formats  []string // as `fund export` calls them
}

// Exports measures `fund export` as a process of its own, first on books of 1,000 postings, whose time is what starting
// costs, then on many: how many postings a second each format writes, and the most memory it held.
func Exports(ctx context.Context, out io.Writer, o ExportOptions) (err error) {
	r, err := build(ctx, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	f, err := r.newFiller(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "format\tpostings\tseconds\tpostings/s\tMB written\tMB of memory\t\n")
	for _, postings := range []int{few, o.Postings} {
		if err := f.fill(ctx, postings); err != nil {
			return err
		}
		for _, format := range o.Formats {
			took, size, peak, err := r.export(ctx, format)
			if err != nil {
				return err
			}
			fmt.Fprintf(table, "%s\t%d\t%.2f\t%.0f\t%.1f\t%d\t\n", format, postings, took.Seconds(), float64(postings)/took.Seconds(), float64(size)/1e6, peak)
		}
	}
	return table.Flush()
}

// export runs the command once and tells its time, the size of its file in bytes and its peak of memory in MB.
func (r *rig) export(ctx context.Context, format string) (took time.Duration, size int64, peak int, err error) {
	file := filepath.Join(r.dir, "export")
	defer os.Remove(file)
	var said bytes.Buffer
	run := exec.CommandContext(ctx, r.program, "export", format, "--out", file)
	run.Env = append(os.Environ(), "DATABASE_URL="+r.pg.AppURL(localpg.Database), "DATABASE_OWNER_URL="+r.pg.OwnerURL(localpg.Database),
		"DATABASE_READ_URL=", "FUND_KEYS="+filepath.Join(r.dir, "keys"))
	run.Stderr = &said
	began := time.Now()
	if err := run.Start(); err != nil {
		return 0, 0, 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- run.Wait() }()
	// The kernel's own figure of a child's peak begins with the parent's, so it is looked at while the child runs.
	pulse := time.NewTicker(10 * time.Millisecond)
	defer pulse.Stop()
	for {
		select {
		case <-pulse.C:
			peak = max(peak, peakOf(run.Process.Pid))
			continue
		case err = <-ended:
		}
		break
	}
	if err != nil {
		return 0, 0, 0, fmt.Errorf("bench: export %s: %w: %s", format, err, said.Bytes())
	}
	took = time.Since(began)
	written, err := os.Stat(file)
	if err != nil {
		return 0, 0, 0, err
	}
	return took, written.Size(), peak, nil
}
