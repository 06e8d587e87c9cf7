package pdf

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// standIn is drawn for a character the font does not have: an emoji, a rare name character. The data keeps the original.
const standIn = '□'

// clean makes a text drawable: composed, without characters that cannot be seen or that reorder others, and with a box
// for what the font lacks. Line breaks stay; other white space becomes a space.
func clean(s string, has func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r) && r != '\u3000' && r != '\u00A0': // a wide or a binding space is what the writer meant
			return ' '
		case unseen(r):
			return -1
		case !has(r):
			return standIn
		}
		return r
	}, latinQuotes(norm.NFC.String(s)))
}

// latinQuotes straightens the quotes of Latin words. The font draws curly quotes as wide as a Chinese character: right
// in Chinese, but it would print Don’ t.
func latinQuotes(s string) string {
	if !strings.ContainsAny(s, "‘’“”") {
		return s
	}
	rs := []rune(s)
	for i, r := range rs {
		before, after := i > 0 && latin(rs[i-1]), i+1 < len(rs) && latin(rs[i+1])
		switch {
		case r == '’' && before || r == '‘' && after:
			rs[i] = '\''
		case r == '”' && before || r == '“' && after:
			rs[i] = '"'
		}
	}
	return string(rs)
}

func latin(r rune) bool {
	return r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsPunct(r))
}

// unseen says whether a character only steers others: controls, joiners, direction marks, variation selectors,
// and the skin tones that follow an emoji.
func unseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector) || r >= 0x1F3FB && r <= 0x1F3FF ||
		r == 0x2028 || r == 0x2029
}

// Line-end rules (行首行尾禁则, after GB/T 15834 and the W3C's clreq): what may not begin a line, and what may not end one.
const (
	notFirst = `，。、；：？！）〕］｝》〉」』】〗”’…—～·％‰℃,.;:?!)]}%°»›`
	notLast  = `（〔［｛《〈「『【〖“‘([{«‹¥￥$№#`
)

// wrap cuts a text into lines no wider than the room. Chinese breaks between characters, Latin words and numbers stay
// whole, and a word wider than a line (an address, a hash) breaks where it must. Nothing is lost but the spaces at the
// breaks. Only a single atom wider than the room may break the line-end rules.
func wrap(s string, room float64, advance func(rune) float64) []string {
	var lines []string
	for _, para := range strings.Split(s, "\n") {
		lines = append(lines, wrapPara(para, room, advance)...)
	}
	return lines
}

func wrapPara(s string, room float64, advance func(rune) float64) []string {
	var lines []string
	var line strings.Builder
	used := 0.0
	flush := func() {
		lines = append(lines, strings.TrimRight(line.String(), " "))
		line.Reset()
		used = 0
	}
	for _, a := range atoms(s) {
		body := strings.TrimRight(a, " ")
		w := span(body, advance)
		if line.Len() > 0 && used+w > room {
			flush()
		}
		for w > room { // wider than a whole line: cut it
			n := fitting(body, room, advance)
			lines = append(lines, body[:n])
			body, a = body[n:], a[n:]
			w = span(body, advance)
		}
		line.WriteString(a)
		used += span(a, advance)
	}
	flush()
	return lines
}

// atoms are the pieces between which a line may break, each with the spaces that follow it.
func atoms(s string) []string {
	var out []string
	rs := []rune(s)
	from := 0
	for i := 1; i < len(rs); i++ {
		if mayBreak(rs, i) {
			out = append(out, string(rs[from:i]))
			from = i
		}
	}
	return append(out, string(rs[from:]))
}

// mayBreak says whether a line may end before rs[i].
func mayBreak(rs []rune, i int) bool {
	prev, next := rs[i-1], rs[i]
	switch {
	case next == ' ':
		return false
	case strings.ContainsRune(notFirst, next) || afterSpaces(rs, i, notLast):
		return false
	case prev == ' ':
		return true
	case strings.ContainsRune(`/?&=`, prev) && !ideograph(next):
		return true // inside an address
	}
	return ideograph(prev) || ideograph(next)
}

// afterSpaces says whether the last visible character before i is one of set.
func afterSpaces(rs []rune, i int, set string) bool {
	for i--; i > 0 && rs[i] == ' '; i-- {
	}
	return strings.ContainsRune(set, rs[i])
}

// ideograph says whether a character stands by itself in a line: Chinese and its punctuation, kana, the box.
func ideograph(r rune) bool {
	return r >= 0x2E80 && r <= 0xFFEF || r == standIn || r == '—' || r == '…' || r == '“' || r == '”' || r == '‘' || r == '·'
}

// fitting is how many bytes of s fit the room; at least one character.
func fitting(s string, room float64, advance func(rune) float64) int {
	w := 0.0
	for i, r := range s {
		if w += advance(r); w > room && i > 0 {
			return i
		}
	}
	return len(s)
}

func span(s string, advance func(rune) float64) float64 {
	w := 0.0
	for _, r := range s {
		w += advance(r)
	}
	return w
}

// Wrap cuts a text as the documents do, for a drawing that measures by itself; has says what its font can draw.
func Wrap(s string, room float64, has func(rune) bool, advance func(rune) float64) []string {
	return wrap(clean(s, has), room, advance)
}

// Balance cuts a headline into lines of about one length, so that the last is no orphan; lines cuts it for a room.
func Balance(room float64, lines func(room float64) []string) []string {
	best := lines(room)
	for narrow := room * 0.98; narrow > room/3; narrow -= room / 50 {
		closer := lines(narrow)
		if len(closer) > len(best) {
			break
		}
		best = closer
	}
	return best
}
