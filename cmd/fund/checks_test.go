package main

import (
	"strings"
	"testing"
	"time"

	"fund/ledger/money"
	"fund/ledger/report"
)

func TestEveryUntiedFigureHasWords(t *testing.T) {
	t.Parallel()
	for _, rule := range report.Rules {
		f := untiedFigure{
			Rule: rule, Month: time.Date(2017, 12, 1, 0, 0, 0, 0, time.UTC), Of: "general",
			Got: money.MustParse("1234.50"), Want: money.MustParse("1234.00"),
		}
		if got, want := f.Text("en"), "(general is 1,234.50, expected 1,234.00)"; !strings.HasPrefix(got, "2017-12: ") || !strings.HasSuffix(got, want) {
			t.Errorf("%s: %q", rule, got)
		}
		if ruleNames[rule].zh == "" || ruleNames[rule].en == "" || !strings.Contains(f.Text("zh"), ruleNames[rule].zh) {
			t.Errorf("%s has no words: %q", rule, f.Text("zh"))
		}
	}
}
