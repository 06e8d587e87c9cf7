package search

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Part is a piece of a text; Hit tells that it is one of the words looked for.
type Part struct {
	Text string
	Hit  bool
}

// Mark cuts a text where words stand in it, as Find compares them. Without any it is one part.
func Mark(text string, words []string) (parts []Part) {
	letters := []rune(text)
	var folded []rune
	var from []int // the letter that each folded one came of
	for i, r := range letters {
		if unicode.IsSpace(r) {
			r = ' '
		}
		for _, x := range strings.ToLower(norm.NFKC.String(string(r))) {
			folded, from = append(folded, x), append(from, i)
		}
	}
	hit := make([]bool, len(letters))
	for _, word := range words {
		w := []rune(Fold(word))
		for at := 0; len(w) > 0 && at+len(w) <= len(folded); at++ {
			if slices.Equal(folded[at:at+len(w)], w) {
				for i := range w {
					hit[from[at+i]] = true
				}
			}
		}
	}
	for i, r := range letters {
		if i == 0 || hit[i] != hit[i-1] {
			parts = append(parts, Part{Hit: hit[i]})
		}
		parts[len(parts)-1].Text += string(r)
	}
	return parts
}
