package reconcile

// sharedByAll is from how many on a number names nothing: an account's own
// number stands in every line.
const sharedByAll = 400

// byReference matches what carries the same number: one to one, one line to
// several items that add up to it, several lines to one item.
func (t *table) byReference() {
	lines, items := carriers(t.lines), carriers(t.items)
	for word, of := range lines {
		if len(of) > sharedByAll {
			delete(lines, word)
		}
	}
	for i := range t.lines {
		for _, word := range t.lines[i].words {
			if t.lines[i].taken {
				break
			}
			if there, here := t.free(t.items, items[word]), t.free(t.lines, lines[word]); len(there) > 0 && len(there) <= sharedByAll && len(here) > 0 {
				t.sameNumber(word, i, here, there)
			}
		}
	}
}

// carriers tells who carries a number.
func carriers(sides []side) map[string][]int {
	of := map[string][]int{}
	for i, s := range sides {
		for _, word := range s.words {
			if same := of[word]; len(same) == 0 || same[len(same)-1] != i {
				of[word] = append(same, i)
			}
		}
	}
	return of
}

// free leaves out what is taken; a clearing account's items wait for their payout.
func (t *table) free(sides []side, of []int) []int {
	var left []int
	for _, i := range of {
		if !sides[i].taken && sides[i].clearing == "" {
			left = append(left, i)
		}
	}
	return left
}

func (t *table) sameNumber(word string, line int, here, there []int) {
	var equal []int
	for _, i := range there {
		if t.items[i].fen == t.lines[line].fen {
			equal = append(equal, i)
		}
	}
	because := []Because{{Code: "reference", Text: word}}
	switch {
	case len(equal) > 0:
		item := t.nearest(line, equal)
		t.add(Suggestion{
			Lines: []int{line}, Items: []int{item}, Because: append(because, Because{Code: "amount"}, t.daysBetween(line, item)),
			Sure: len(there) == 1 && len(here) == 1 && apart(t.lines[line], t.items[item]) <= 3*t.Days,
		})
	case sum(t.items, there) == t.lines[line].fen:
		t.add(Suggestion{
			Lines: []int{line}, Items: there, Because: append(because, Because{Code: "sum", N: len(there)}), Sure: len(here) == 1,
		})
	case len(there) == 1 && len(here) > 1 && sum(t.lines, here) == t.items[there[0]].fen:
		t.add(Suggestion{Lines: here, Items: there, Because: append(because, Because{Code: "sum", N: len(here)})})
	}
}

func (t *table) nearest(line int, items []int) int {
	best := items[0]
	for _, i := range items[1:] {
		if apart(t.lines[line], t.items[i]) < apart(t.lines[line], t.items[best]) {
			best = i
		}
	}
	return best
}

func (t *table) daysBetween(line, item int) Because {
	return Because{Code: "days", N: apart(t.lines[line], t.items[item])}
}

func sum(sides []side, of []int) (fen int64) {
	for _, i := range of {
		fen += sides[i].fen
	}
	return fen
}
