package issue

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"fund/campaigns/publication"
	"fund/ledger"
	"fund/ledger/report"
)

func (b *books) chart() (err error) {
	b.accounts, err = ledger.ListAccounts(b, b.q, b.c.ID)
	return err
}

// ref is the address of the report's entries, narrowed by pairs of the ledger's questions.
func (b *books) ref(pairs ...string) string { return EntriesRef(b.from, b.to, pairs...) }

// EntriesRef is the address below the community of the entries of the months from..to, narrowed by pairs of the ledger's
// questions: account, kind, fund.
func EntriesRef(from, to time.Time, pairs ...string) string {
	q := url.Values{"month": {publication.Of(publication.Fund, from, to).Months()}}
	for pair := range slices.Chunk(pairs, 2) {
		q.Set(pair[0], pair[1])
	}
	return "/ledger?" + q.Encode()
}

// Behind is the address below the community of the entries of the months from..to behind a row of a statement: of its accounts, or
// of all income and all expense. It is empty for a row without accounts.
func Behind(chart ledger.Accounts, r report.Row, from, to time.Time) string {
	switch r.Key {
	case "total_income":
		return EntriesRef(from, to, "kind", "in")
	case "total_expense":
		return EntriesRef(from, to, "kind", "out")
	}
	codes := Codes(chart, r.Accounts)
	if codes == "" {
		return ""
	}
	return EntriesRef(from, to, "account", codes)
}

// Codes are accounts as the ledger's questions name them.
func Codes(chart ledger.Accounts, ids []int) string {
	var codes []string
	for _, id := range ids {
		if a, ok := chart.ID(id); ok {
			codes = append(codes, a.Code)
		}
	}
	return strings.Join(codes, " ")
}
