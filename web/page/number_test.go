package page_test

import (
	"testing"

	"fund/web/page"
)

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]int{
		"1": 1, "007": 7, "2147483647": 2147483647, "2147483648": 0, "9223372036854775808": 0, "0": 0, "-1": 0, "": 0, "1.5": 0, " 1": 0, "１": 0, "2017-1": 0,
	} {
		if got := page.ParseNumber(typed); got != want {
			t.Errorf("%q: %d", typed, got)
		}
	}
}
