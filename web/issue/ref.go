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

// behind is the address of the entries behind a row of a statement: of its accounts, or of all income and all expense.
func (b *books) behind(r report.Row) string {
	switch r.Key {
	case "total_income":
		return b.ref("kind", "in")
	case "total_expense":
		return b.ref("kind", "out")
	}
	var codes []string
	for _, id := range r.Accounts {
		if a, ok := b.accounts.ID(id); ok {
			codes = append(codes, a.Code)
		}
	}
	if len(codes) == 0 {
		return ""
	}
	return b.ref("account", strings.Join(codes, " "))
}
