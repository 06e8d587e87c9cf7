package reconcile

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// plain makes texts comparable: narrow, upper case, without what masks a name.
func plain(s string) string {
	return strings.ToUpper(width.Narrow.String(strings.ReplaceAll(s, "*", "")))
}

// numbers finds the codes in a text by which two sides may name the same thing:
// runs of letters, digits and hyphens of at least six, with a digit among them.
// Numbers that are given apart count whatever their form.
func numbers(text string, given ...string) []string {
	var found []string
	add := func(word string) {
		word = strings.ReplaceAll(word, "-", "")
		if len(word) >= 6 && strings.ContainsAny(word, "0123456789") {
			found = append(found, word)
		}
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return r != '-' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	}) {
		add(word)
	}
	for _, number := range given {
		add(plain(number))
	}
	return found
}

// grams are the pairs of neighbouring letters in a text: enough to see whether
// a name stands in it, in Chinese as in English.
type grams map[[2]rune]struct{}

func gramsOf(text string) grams {
	set := grams{}
	var before rune
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			before = 0
			continue
		}
		if before != 0 {
			set[[2]rune{before, r}] = struct{}{}
		}
		before = r
	}
	return set
}

// in is how much of the name stands in the text, in percent.
func (name grams) in(text grams) int {
	if len(name) == 0 {
		return 0
	}
	n := 0
	for pair := range name {
		if _, ok := text[pair]; ok {
			n++
		}
	}
	return 100 * n / len(name)
}
