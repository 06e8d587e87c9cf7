package statement_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"fund/ledger/statement"
)

// long is a bank's table of so many lines, its last amount as given.
func long(lines int, last string) []byte {
	var b strings.Builder
	b.WriteString("交易日期,收入金额,支出金额,余额,对方户名,摘要,流水号\n")
	for i := range lines - 1 {
		fmt.Fprintf(&b, "2025-03-%02d,1.00,,%d.00,成都安公社区服务中心%d,捐款给社区年夜饭活动,SN%012d\n", 1+i*28/lines, i+1, i%97, i)
	}
	fmt.Fprintf(&b, "2025-03-31,%s,,%d.00,王**,捐款,SNX\n", last, lines)
	return []byte(b.String())
}

// A long file is checked whole in less memory than it has bytes, and only then are its lines handed over.
func TestScanKeepsNoLines(t *testing.T) { // alone: it looks at the memory of all
	const lines = 60_000
	data := long(lines, "1.00")
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := held()
	x, err := statement.Scan("f", data, statement.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if after := held(); after > before+uint64(len(data)) {
		t.Errorf("%d bytes of a file of %d are kept", after-before, len(data))
	}
	s := x.Statements[0]
	if s.Count != lines || len(s.Lines) != 0 || s.Opening.String() != "0.00" || s.Closing.String() != "60000.00" || len(s.Warnings) != 0 {
		t.Errorf("%d lines, %d kept, %v to %v, %v", s.Count, len(s.Lines), s.Opening, s.Closing, s.Warnings)
	}
	n, enough := 0, errors.New("enough")
	for range 2 { // as often as one likes
		n = 0
		if err := x.Each(func(of int, l *statement.Line) error {
			if n++; of != 0 || l.Row != n+1 || l.Key == (statement.Key{}) {
				return fmt.Errorf("line %d: %+v", n, l)
			}
			return nil
		}); err != nil || n != lines {
			t.Error(n, err)
		}
	}
	n = 0
	if err := x.Each(func(int, *statement.Line) error { n++; return enough }); !errors.Is(err, enough) || n != 1 {
		t.Errorf("%d lines after the first was refused: %v", n, err)
	}
	runtime.KeepAlive(data)
}

func TestScanGivesNoLinesOfABrokenFile(t *testing.T) {
	t.Parallel()
	x, err := statement.Scan("f", long(5000, "1..00"), statement.Options{})
	var broken *statement.Error
	if x != nil || !errors.As(err, &broken) || broken.Row != 5001 || broken.Column != "收入金额" {
		t.Errorf("%v, %v", x, err)
	}
}
