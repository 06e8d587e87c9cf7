package money

import (
	"cmp"
	"math/big"
	"slices"
)

// Split divides the amount in proportion to the weights so that the parts sum
// to the whole: what rounding leaves goes, cent by cent, to the parts with the
// largest remainders (the earlier one first). Weights are not negative and at
// least one is positive, else Split panics: that is a mistake in the caller.
func (a Amount) Split(weights ...int64) []Amount {
	total := new(big.Int)
	for _, w := range weights {
		if w < 0 {
			panic("money: Split with a negative weight")
		}
		total.Add(total, big.NewInt(w))
	}
	if total.Sign() == 0 {
		panic("money: Split without a positive weight")
	}
	fen := a.Abs().Fen()
	left := fen
	parts := make([]int64, len(weights))
	rests := make([]*big.Int, len(weights))
	for i, w := range weights {
		share, rest := new(big.Int).DivMod(new(big.Int).Mul(big.NewInt(fen), big.NewInt(w)), total, new(big.Int))
		parts[i], rests[i] = share.Int64(), rest
		left -= parts[i]
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Or(rests[j].Cmp(rests[i]), i-j) })
	for _, i := range order[:left] {
		parts[i]++
	}
	amounts := make([]Amount, len(parts))
	for i, part := range parts {
		amounts[i] = FromFen(part * int64(a.signOrOne()))
	}
	return amounts
}

func (a Amount) signOrOne() int {
	if a.Sign() < 0 {
		return -1
	}
	return 1
}
