package search

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"fund/ledger"
	"fund/ledger/money"
)

// Fold is a text as it is compared: 全角 as 半角, large letters as small ones, any white space as one space.
func Fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}

// Terms are told apart by their first letter.
func accountTerm(id int) string { return fmt.Sprintf("a%d", id) }
func fundTerm(id int) string    { return fmt.Sprintf("f%d", id) }
func dayTerm(day time.Time) string {
	return "d" + day.Format("20060102")
}

func monthTerm(day time.Time) string { return "m" + day.Format("200601") }

// The ways that money can go.
const (
	inTerm  = "k+"
	outTerm = "k-"
)

// letterTerms are the letters of a folded text, each by itself and each two neighbours. None spans two words.
func letterTerms(folded string) (terms []string) {
	var before rune
	for _, r := range folded {
		if unicode.IsSpace(r) {
			before = 0
			continue
		}
		terms = append(terms, "t"+string(r))
		if before != 0 {
			terms = append(terms, "t"+string(before)+string(r))
		}
		before = r
	}
	return terms
}

// wordTerms are the terms that an entry has if the folded word is in it; exact tells that having them is being in it.
func wordTerms(word string) (terms []string, exact bool) {
	letters := []rune(word)
	if len(letters) == 1 {
		return []string{"t" + word}, true
	}
	for i := range len(letters) - 1 {
		terms = append(terms, "t"+string(letters[i:i+2]))
	}
	slices.Sort(terms)
	return slices.Compact(terms), len(letters) == 2
}

// An amount has three terms: itself, its first two figures, and how many figures it has.
func exactTerm(fen int64) string { return fmt.Sprintf("e%d", fen) }

func figuresTerm(figures int) string {
	return fmt.Sprintf("n%02d", figures)
}
func headTerm(figures, head int) string { return fmt.Sprintf("h%02d%02d", figures, head) }

// figures are how many there are in fen, and the first two of them.
func figures(fen int64) (n, head int) {
	n = 1
	for x := fen; x >= 10; x /= 10 {
		n++
	}
	for head = int(fen); head > 99; head = int(fen) {
		fen /= 10
	}
	return n, head
}

// exactMost is how long a span of amounts may be, in fen, to be asked for one by one.
const exactMost = 200

// amountTerms are the terms of amounts from least to most (fen): whoever has one of sure lies between, whoever has one of
// maybe may.
func amountTerms(least, most int64) (sure, maybe []string) {
	if most-least < exactMost {
		for fen := least; fen <= most; fen++ {
			sure = append(sure, exactTerm(fen))
		}
		return sure, nil
	}
	first, _ := figures(least)
	last, _ := figures(most)
	for n := first; n <= last; n++ {
		low, high := power(n-1), power(n)-1
		if n == 1 {
			low = 1
		}
		if least <= low && high <= most {
			sure = append(sure, figuresTerm(n))
			continue
		}
		unit := max(power(n-2), 1)
		for from := low - low%unit; from <= high; from += unit {
			_, head := figures(max(from, 1))
			switch to := from + unit - 1; {
			case to < least || from > most:
			case least <= from && to <= most:
				sure = append(sure, headTerm(n, head))
			default:
				maybe = append(maybe, headTerm(n, head))
			}
		}
	}
	return sure, maybe
}

func power(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// noted is an entry as it is noted: all that its terms are made of.
type noted struct {
	Seq     int64        `db:"seq"`
	Date    time.Time    `db:"entry_date"`
	Memo    string       `db:"memo"`
	Detail  string       `db:"detail"`
	Income  money.Amount `db:"income"`
	Expense money.Amount `db:"expense"`
	lines   []notedLine
}

type notedLine struct {
	Seq     int64        `db:"seq"`
	Account int          `db:"account_id"`
	Fund    int          `db:"fund_id"`
	Amount  money.Amount `db:"amount"`
}

// texts are what the entry says, folded.
func (e noted) texts() [2]string { return [2]string{Fold(e.Memo), Fold(e.Detail)} }

// amounts are its amounts in fen, without sign or zero.
func (e noted) amounts() []int64 {
	all := make([]int64, 0, len(e.lines)+2)
	take := func(a money.Amount) {
		if fen := max(a.Fen(), -a.Fen()); fen > 0 && !slices.Contains(all, fen) {
			all = append(all, fen)
		}
	}
	take(e.Income)
	take(e.Expense)
	for _, l := range e.lines {
		take(l.Amount)
	}
	return all
}

// terms are what the entry can be found by; some may come twice.
func (e noted) terms() []string {
	terms := []string{dayTerm(e.Date), monthTerm(e.Date)}
	for _, text := range e.texts() {
		terms = append(terms, letterTerms(text)...)
	}
	for _, l := range e.lines {
		terms = append(terms, accountTerm(l.Account), fundTerm(l.Fund))
	}
	for _, fen := range e.amounts() {
		n, head := figures(fen)
		terms = append(terms, exactTerm(fen), headTerm(n, head), figuresTerm(n))
	}
	if !e.Income.IsZero() {
		terms = append(terms, inTerm)
	}
	if !e.Expense.IsZero() {
		terms = append(terms, outTerm)
	}
	return terms
}

// daysTerms are the terms of the days from..to, whole months as months.
func daysTerms(from, to time.Time) (terms []string) {
	for day := from; !day.After(to); {
		next := ledger.MonthOf(day).AddDate(0, 1, 0)
		if day.Day() == 1 && !next.AddDate(0, 0, -1).After(to) {
			terms, day = append(terms, monthTerm(day)), next
			continue
		}
		terms, day = append(terms, dayTerm(day)), day.AddDate(0, 0, 1)
	}
	return terms
}
