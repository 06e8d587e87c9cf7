package report_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/ledger"
	"fund/ledger/report"
)

// What an address asks for, as days; and the address of an ask asks for the same again.
func TestParseAsk(t *testing.T) {
	t.Parallel()
	today := ledger.Day(2026, time.November, 23)
	for query, want := range map[string]string{
		"":                                 "2026-01-01 2026-11-30",
		"from=nonsense&to=2017-13":         "2026-01-01 2026-11-30",
		"from=2017-03&to=2017-05":          "2017-03-01 2017-05-31",
		"from=2017-05&to=2017-03":          "2017-03-01 2017-05-31",
		"from=2017&to=2017":                "2017-01-01 2017-12-31",
		"from=2017-03-05&to=2017-03-09":    "2017-03-05 2017-03-09",
		"from=2017-03-09&to=2017-03-05":    "2017-03-05 2017-03-09",
		"to=2017-05":                       "2017-01-01 2017-05-31",
		"from=2025-12":                     "2025-12-01 2026-11-30",
		"from=2031-02":                     "2031-02-01 2031-02-28",
		"from=0001-01&to=99999-01":         "2026-01-01 2026-11-30",
		"from=2024-02&to=2024-02&after=x ": "2024-02-01 2024-02-29",
	} {
		values, err := url.ParseQuery(query)
		check(t, err)
		a := report.ParseAsk("ledger-card", values.Get, today)
		if got := a.From.Format(time.DateOnly) + " " + a.To.Format(time.DateOnly); got != want {
			t.Errorf("%q is %s, want %s", query, got, want)
		}
		if diff := cmp.Diff(a, report.ParseAsk("ledger-card", a.Values().Get, today)); diff != "" {
			t.Errorf("%q asked again:\n%s", query, diff)
		}
	}
	values := url.Values{"account": {"1001,1002  1009"}, "nature": {"held"}, "class": {"income"}, "flow": {"sideways"}, "fund": {"elders"}}
	a := report.ParseAsk("trial-balance", values.Get, today)
	if len(a.Accounts) != 3 || a.Nature != report.HeldFunds || a.Class != ledger.Income || a.Flow != "" || a.Fund != "elders" {
		t.Errorf("%+v", a)
	}
	if diff := cmp.Diff(a, report.ParseAsk("trial-balance", a.Values().Get, today)); diff != "" {
		t.Errorf("asked again:\n%s", diff)
	}
}
