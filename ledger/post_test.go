package ledger_test

import (
	"testing"

	"fund/ledger"
)

func TestParseSerial(t *testing.T) {
	t.Parallel()
	for written, want := range map[string][2]int{"2017-2186": {2017, 2186}, "2026-012": {2026, 12}, "9999-999999999": {9999, 999999999}} {
		if year, number, ok := ledger.ParseSerial(written); !ok || [2]int{year, number} != want {
			t.Errorf("%q: %d, %d, %t", written, year, number, ok)
		}
	}
	for _, written := range []string{"", "2017", "2017-", "-1", "2017-9999999999", "99999-1", "17-1", "2017-1-1", "2017-1 ", "2017--1", "２０１７-1"} {
		if _, _, ok := ledger.ParseSerial(written); ok {
			t.Errorf("%q is none", written)
		}
	}
}
