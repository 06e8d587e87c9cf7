package issue

import (
	"fund/ledger"
	"fund/web/i18n"
)

// CloseLine words a line of a month's checklist: what it is about and how far it is.
func CloseLine(lang i18n.Lang, item ledger.CloseItem) (title, text string) {
	key := "close.item." + item.Code + ".done"
	if !item.Done() {
		key = "close.item." + item.Code + ".left"
	}
	pairs := []any{"name", item.Name(string(lang)), "seen", i18n.Count(item.Seen), "amount", item.Amount.Abs().Format()}
	return lang.T(key, append(pairs, "count", item.Left)...), lang.T(key+"_text", pairs...)
}
