package reconcile

import (
	"cmp"
	"slices"
)

// pair is a line and an item of the same amount, near in time.
type pair struct {
	line, item int
	cost       int // days apart, less where the name agrees
	name       int // percent of the counterparty's name that stands in the item
}

// byAmount matches equal amounts within days: those with the same name first,
// then the nearest. It is sure only of a pair that neither side can mistake for
// another, with the same name and hardly a day between them.
func (t *table) byAmount() {
	items := map[int64][]int{}
	for i, it := range t.items {
		if !it.taken && it.clearing == "" {
			items[it.fen] = append(items[it.fen], i)
		}
	}
	for _, same := range items {
		slices.SortFunc(same, func(a, b int) int { return t.items[a].day - t.items[b].day })
	}
	var pairs []pair
	ofLine, ofItem := make([]int, len(t.lines)), make([]int, len(t.items))
	for i, l := range t.lines {
		if l.taken {
			continue
		}
		same := items[l.fen]
		first, _ := slices.BinarySearchFunc(same, l.day-t.Days, func(item, day int) int { return t.items[item].day - day })
		for _, item := range same[first:] {
			if t.items[item].day > l.day+t.Days {
				break
			}
			pairs = append(pairs, t.pair(i, item))
			ofLine[i]++
			ofItem[item]++
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(a.cost-b.cost, a.line-b.line, a.item-b.item)
	})
	for _, p := range pairs {
		if !t.lines[p.line].taken && !t.items[p.item].taken {
			t.addPair(p, max(ofLine[p.line], ofItem[p.item]))
		}
	}
}

// A name that agrees is worth this many days; what the books have only after
// the bank is a little less likely than what the bank has after the books.
const (
	nameIsWorth = 8
	sameName    = 60 // percent
)

func (t *table) pair(line, item int) pair {
	l, it := t.lines[line], t.items[item]
	p := pair{line: line, item: item, name: l.name.in(it.name)}
	p.cost = 100*apart(l, it) - nameIsWorth*p.name
	if it.day > l.day {
		p.cost += 50
	}
	return p
}

func (t *table) addPair(p pair, choices int) {
	s := Suggestion{Lines: []int{p.line}, Items: []int{p.item}, Because: []Because{{Code: "amount"}}}
	if p.name >= sameName {
		s.Because = append(s.Because, Because{Code: "name"})
	}
	s.Because = append(s.Because, t.daysBetween(p.line, p.item))
	if choices > 1 {
		s.Because = append(s.Because, Because{Code: "choices", N: choices})
	}
	s.Sure = choices == 1 && p.name >= sameName && apart(t.lines[p.line], t.items[p.item]) <= t.SureDays
	t.add(s)
}
