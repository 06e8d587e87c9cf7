package export

import (
	"context"
	"io"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Entries writes what CSV writes as a workbook: the entries that a filter lets through, the newest first, a row each.
func Entries(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community, f ledger.JournalFilter, lang string) error {
	b := &workbook{sheets: newSheets(w), lang: tableLang(lang)}
	err := b.open(b.word("记账凭证", "Journal"), headings[b.lang], 8, 12, 12, 36, 24, 20, 12, 14, 14, 14, 12, 12, 22)
	if err == nil {
		_, err = eachEntry(ctx, q, c, f, func(e ledger.JournalEntry) error {
			cells := row(c, e, b.lang)
			return b.add(e.Seq, cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], unlessZero(e.Income), unlessZero(e.Expense), e.NetAfter, blank(e.Reverses), e.Kind, e.PostedAt.UTC().Format(time.RFC3339))
		})
	}
	if err != nil {
		_ = b.end()
		return err
	}
	return b.close()
}

// unlessZero is an amount's cell, empty where there is nothing.
func unlessZero(a money.Amount) any {
	if a.IsZero() {
		return nil
	}
	return a
}
