package reconcile

import (
	"strings"

	"fund/ledger/money"
)

// Rule says what a line is by the words in it, and which entry it calls for.
// Rules are learnt from what was accepted, and staff edit them.
type Rule struct {
	ID      int    `db:"id"`
	Words   string `db:"words"` // all of them must stand in the line, in any order
	In      bool   `db:"money_in"`
	Account int    `db:"to_account_id"` // the other side of the entry
	Fund    int    `db:"fund_id"`
	Memo    string `db:"memo"`
	Used    int    `db:"used"`
}

// fits tells whether a line says what the rule says.
func (r Rule) fits(l side) bool {
	words := strings.Fields(plain(r.Words))
	for _, word := range words {
		if !strings.Contains(l.text, word) {
			return false
		}
	}
	return len(words) > 0 && r.In == (l.fen > 0)
}

// byRule suggests entries for lines that the books do not have. The rule with
// the most words wins, then the one used most.
func (t *table) byRule(rules []Rule) {
	for i, l := range t.lines {
		if l.taken {
			continue
		}
		var best *Rule
		for n := range rules {
			if r := &rules[n]; r.fits(l) && (best == nil || len(r.Words) > len(best.Words) || len(r.Words) == len(best.Words) && r.Used > best.Used) {
				best = r
			}
		}
		if best != nil {
			t.add(Suggestion{
				Lines: []int{i}, Entry: &Draft{Kind: ByRule, Amount: money.FromFen(l.fen), Rule: best},
				Because: []Because{{Code: "rule", Text: best.Words, N: best.Used}},
			})
		}
	}
}

// said are the words by which banks name their own charges and interest.
var said = []struct {
	kind  DraftKind
	in    bool
	words []string
}{
	{Interest, true, []string{"利息", "结息", "INTEREST"}},
	{BankFee, false, []string{"手续费", "短信", "年费", "管理费", "工本费", "账户费", "FEE", "CHARGE"}},
}

// byWords gives every line that is left a suggestion of last resort.
func (t *table) byWords() {
	for i, l := range t.lines {
		if l.taken {
			continue
		}
		s := Suggestion{Lines: []int{i}, Entry: &Draft{Kind: Unknown, Amount: money.FromFen(l.fen)}, Because: []Because{{Code: "nothing"}}}
		for _, kind := range said {
			if kind.in == (l.fen > 0) && names(l.text, kind.words) {
				s.Entry.Kind, s.Because = kind.kind, []Because{{Code: "words"}}
				break
			}
		}
		t.add(s)
	}
}
