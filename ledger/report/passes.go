package report

import (
	"maps"
	"slices"

	"fund/ledger/money"
)

// passes are what funds passed on to each other, by the two: positive from the first, negative to it.
type passes map[[2]int]money.Amount

// outside stands for no fund: it gives what came into a fund's net assets from no other, and gets what went to none.
const outside = 0

// add notes that one fund passed money to another; both ways it is netted.
func (p passes) add(from, to int, a money.Amount) {
	if from > to {
		from, to, a = to, from, a.Neg()
	}
	p[[2]int{from, to}] = p[[2]int{from, to}].Add(a)
}

// divide notes what an entry moved, by fund: what several gave is divided among those that received, in proportion, to the fen.
// The rest of it is outside's.
func (p passes) divide(moved map[int]money.Amount) {
	rest := money.Zero
	for _, a := range moved {
		rest = rest.Sub(a)
	}
	moved[outside] = rest
	var givers []int
	var has []int64
	for _, fund := range slices.Sorted(maps.Keys(moved)) {
		if moved[fund].Sign() < 0 {
			givers, has = append(givers, fund), append(has, moved[fund].Neg().Fen())
		}
	}
	for _, fund := range slices.Sorted(maps.Keys(moved)) {
		if moved[fund].Sign() <= 0 {
			continue
		}
		for i, part := range moved[fund].Split(has...) {
			has[i] -= part.Fen()
			p.add(givers[i], fund, part)
		}
	}
}
