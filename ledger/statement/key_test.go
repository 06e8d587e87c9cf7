package statement_test

import (
	"strings"
	"testing"

	"fund/ledger/statement"
)

func keys(t *testing.T, text string) map[statement.Key]int {
	t.Helper()
	seen := map[statement.Key]int{}
	for _, s := range parse(t, []byte(text), statement.Options{}) {
		for _, l := range s.Lines {
			seen[l.Key]++
		}
	}
	return seen
}

// Two files that overlap share the keys of the lines that they share, whatever
// the encoding, the line ends and the order.
func TestKeysOfOverlappingFiles(t *testing.T) {
	t.Parallel()
	head := "交易日期,交易时间,收入,支出,余额,摘要,对方户名\n"
	a := "2026-03-01,09:00:00,66.00,,166.00,捐款,李四\n"
	b := "2026-03-01,09:00:00,66.00,,232.00,捐款,李四\n"
	c := "2026-03-02,10:00:00,,32.00,200.00,茶叶,王五\n"
	d := "2026-03-03,10:00:00,5.00,,205.00,捐款,张三\n"
	march, late := keys(t, head+a+b+c), keys(t, gbk(strings.ReplaceAll(head+d+c+b, "\n", "\r\n")))
	if len(march) != 3 || len(late) != 3 {
		t.Fatalf("%d and %d keys for 3 lines", len(march), len(late))
	}
	shared := 0
	for k := range late {
		shared += march[k]
	}
	if shared != 2 {
		t.Errorf("%d lines are shared, want 2", shared)
	}
}

// Two identical gifts on one day are two gifts, and importing both again adds
// none.
func TestEqualLinesAreBothReal(t *testing.T) {
	t.Parallel()
	text := "date,amount,memo\n2026-03-01,5.00,gift\n2026-03-01,5.00,gift\n2026-03-01,5.00,gift\n"
	first, again := keys(t, text), keys(t, text)
	if len(first) != 3 {
		t.Fatalf("%d keys for 3 equal lines", len(first))
	}
	for k := range first {
		if again[k] != 1 {
			t.Error("the same file has other keys the second time")
		}
	}
	if two := keys(t, strings.Replace(text, "2026-03-01,5.00,gift\n", "", 1)); len(two) != 2 {
		t.Errorf("%d keys for 2 equal lines", len(two))
	} else {
		for k := range two {
			if first[k] != 1 {
				t.Error("two of three equal lines are new")
			}
		}
	}
}

// The wallet's number repeats on different payments; it alone is no key.
func TestOneIDOnSeveralPayments(t *testing.T) {
	t.Parallel()
	text := fixture(t, "wechat_personal.csv")
	text = strings.ReplaceAll(text, "10000450012026030700000001", "10000450012026030100000001")
	if n := len(keys(t, text)); n != 8 {
		t.Errorf("%d keys for 8 lines", n)
	}
}
