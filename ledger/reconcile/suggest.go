package reconcile

import (
	"slices"
	"time"

	"fund/ledger/money"
)

// Line is a movement that the bank or wallet reports, not matched yet.
type Line struct {
	ID           int64
	Day          time.Time
	Amount       money.Amount // money in is positive
	Number       string       // the bank's own number for it
	Reference    string       // the number that one of the two sides gave it
	Counterparty string
	Memo         string
}

// Item is a posting to the account that is being reconciled, not matched yet;
// or one to a clearing account whose provider pays out into it.
type Item struct {
	Seq        int64
	Posting    int // its line within the entry
	Day        time.Time
	Amount     money.Amount // as the account sees it: money in is positive
	Clearing   string       // the provider that holds the money; empty for the account itself
	Fund       int
	Kind       string
	Source     string
	Memo       string
	Detail     string
	References []string  // numbers by which a bank line may name it
	Seen       time.Time // when the bank saw it after all, if that was later than the day looked at
}

// Suggestion says which lines are which items, and why. Entry is what has to be
// posted first where the books lack something.
type Suggestion struct {
	Lines   []int // indexes, in order
	Items   []int
	Entry   *Draft
	Because []Because
	// Sure is true where nothing else can be meant: a number that only these two
	// have, or the only such amount within days and the same name. Everything
	// else is for a person to accept.
	Sure bool
}

// Draft is an entry that a line calls for.
type Draft struct {
	Kind   DraftKind
	Amount money.Amount // of the line
	Fee    money.Amount // of a payout: what the provider kept
	Rule   *Rule        // of ByRule
}

// DraftKind is what such an entry records.
type DraftKind string

// The kinds.
const (
	Payout   DraftKind = "payout"   // a clearing account's money arrived, less the provider's fee
	BankFee  DraftKind = "fee"      // the bank's own charge
	Interest DraftKind = "interest" // on the deposit
	ByRule   DraftKind = "rule"
	Unknown  DraftKind = "unknown" // into suspense until somebody knows
)

// Because is a reason, for the reader: a code with what belongs to it.
type Because struct {
	Code   string // reference, amount, days, name, sum, fee, rule, words, nothing
	Text   string // the reference, name or words
	N      int    // days between, how many were added up, how often a rule was used
	Amount money.Amount
	Rate   int64 // of a fee, in hundredths of a percent
}

// Options are how far to look. The zero value is DefaultOptions.
type Options struct {
	Days       int // between a line and its item
	SureDays   int // and between those that may be matched without a person
	SumDays    int // around a line, for several items that add up to it
	SumOf      int // of how many at most
	FeeMax     int // of a payout, in hundredths of a percent
	PayoutDays int // of gifts in one payout, and between them and it
}

// DefaultOptions suit a community's bank and wallets.
var DefaultOptions = Options{Days: 12, SureDays: 3, SumDays: 7, SumOf: 6, FeeMax: 100, PayoutDays: 7}

// Suggest finds what belongs together, from the most to the least certain: the
// same number, the same amount near the same day, a provider's payout, several
// that add up, a rule, a word that says what a line is. Nothing is used twice;
// every line gets one suggestion, the last resort being that nobody knows.
// Suggestions come in the order of their first line. An entry that has several
// postings to the account, one for each fund, counts as one item.
func Suggest(lines []Line, items []Item, rules []Rule, o Options) []Suggestion {
	if o == (Options{}) {
		o = DefaultOptions
	}
	entries, of := byEntry(items)
	t := newTable(lines, entries, o)
	t.byReference()
	t.byAmount()
	t.byPayout()
	t.bySum()
	t.byRule(rules)
	t.byWords()
	slices.SortStableFunc(t.found, func(a, b Suggestion) int { return a.Lines[0] - b.Lines[0] })
	for i, s := range t.found {
		t.found[i].Items = nil
		for _, entry := range s.Items {
			t.found[i].Items = append(t.found[i].Items, of[entry]...)
		}
		slices.Sort(t.found[i].Items)
	}
	return t.found
}

// ByEntry adds up the postings of each entry: the bank sees one movement where
// the books have a posting for each fund.
func ByEntry(items []Item) []Item {
	entries, _ := byEntry(items)
	return entries
}

// byEntry adds up the postings of each entry, and says which items they are.
// What waits in a clearing account is paid out gift by gift.
func byEntry(items []Item) (entries []Item, of [][]int) {
	at := map[int64]int{}
	for i, item := range items {
		n, known := at[item.Seq]
		if known && item.Clearing == "" {
			entries[n].Amount = entries[n].Amount.Add(item.Amount)
			of[n] = append(of[n], i)
			continue
		}
		if item.Clearing == "" {
			at[item.Seq] = len(entries)
		}
		entries, of = append(entries, item), append(of, []int{i})
	}
	return entries, of
}

// table is what lies before somebody who reconciles.
type table struct {
	Options
	lines []side
	items []side
	found []Suggestion
}

// side is a line or an item, made ready for comparing.
type side struct {
	day      int // since 1970
	fen      int64
	words    []string // numbers and codes in it
	name     grams    // of a line's counterparty; of all texts of an item
	text     string   // all it says, plain
	clearing string
	taken    bool
}

func newTable(lines []Line, items []Item, o Options) *table {
	t := &table{Options: o, lines: make([]side, len(lines)), items: make([]side, len(items))}
	for i, l := range lines {
		text := plain(l.Counterparty + " " + l.Memo + " " + l.Reference)
		t.lines[i] = side{
			day: dayNumber(l.Day), fen: l.Amount.Fen(), words: numbers(text, l.Number), name: gramsOf(plain(l.Counterparty)), text: text,
			taken: l.Amount.IsZero(),
		}
	}
	for i, it := range items {
		text := plain(it.Memo + " " + it.Detail)
		t.items[i] = side{
			day: dayNumber(it.Day), fen: it.Amount.Fen(), words: numbers(text, it.References...), name: gramsOf(text), clearing: it.Clearing,
		}
	}
	return t
}

func dayNumber(d time.Time) int { return int(d.Unix() / (24 * 60 * 60)) }

// add keeps a suggestion and takes what it uses off the table.
func (t *table) add(s Suggestion) {
	slices.Sort(s.Lines)
	slices.Sort(s.Items)
	for _, i := range s.Lines {
		t.lines[i].taken = true
	}
	for _, i := range s.Items {
		t.items[i].taken = true
	}
	t.found = append(t.found, s)
}

func apart(a, b side) int { return max(a.day-b.day, b.day-a.day) }
