package issue_test

import (
	"strings"
	"testing"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/issue"
)

// Every line of a checklist has its words, for nothing, one and several left.
func TestEveryLineOfAChecklistHasWords(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"lines", "reconciled", "quarantine", "evidence", "boxes", "till_sessions", "payment_requests", "schedule", "budget", "cash", "suspense", "funds", "trial",
	} {
		for _, lang := range i18n.Langs {
			for left := range 3 {
				title, text := issue.CloseLine(lang, ledger.CloseItem{
					Code: code, NameZH: "银行存款", NameEN: "Bank", Left: left, Seen: 1200, Amount: money.MustParse("1739.50"),
				}) // a missing word panics in a test
				if title == "" || text == "" || strings.Contains(title+text, "{{") || strings.Contains(title+text, "no value") {
					t.Errorf("%s in %s with %d left: %q, %q", code, lang, left, title, text)
				}
			}
		}
	}
}
