package sample

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"fund/ledger/money"
)

// dice throw the same numbers for the same name, whatever was thrown before.
type dice struct{ *rand.Rand }

func newDice(name string) dice {
	var seed [32]byte
	copy(seed[:], name)
	return dice{rand.New(rand.NewChaCha8(seed))}
}

func one[T any](d dice, of []T) T { return of[d.IntN(len(of))] }

const yuan = 100 // fen

// gifts makes n amounts that people give, summing to total: common amounts, a few of them bent until the sum is right.
func (d dice) gifts(total money.Amount, n int, common []int64) []money.Amount {
	given, rest := make([]int64, n), total.Fen()
	for i := range given {
		given[i] = one(d, common) * yuan
		rest -= given[i]
	}
	for rest != 0 {
		i := d.IntN(n)
		bend := max(-100*yuan, min(rest, 100*yuan), 10*yuan-given[i])
		if given[i] < 300*yuan || bend < 0 {
			given[i] += bend
			rest -= bend
		}
	}
	amounts := make([]money.Amount, n)
	for i, fen := range given {
		amounts[i] = money.FromFen(fen)
	}
	return amounts
}

// parts cuts total into n unequal amounts, all but the last of them whole steps of so many fen.
func (d dice) parts(total money.Amount, n int, step int64) []money.Amount {
	weights := make([]int64, n)
	for i := range weights {
		weights[i] = 60 + d.Int64N(80)
	}
	parts, last := total.Split(weights...), total
	for i := range n - 1 {
		parts[i] = money.FromFen(max(step, parts[i].Fen()/step*step))
		last = last.Sub(parts[i])
	}
	parts[n-1] = last
	return parts
}

// days throws n days from..to, in order.
func (d dice) days(from, to time.Time, n int) []time.Time {
	days := make([]time.Time, n)
	span := int(to.Sub(from).Hours()/24) + 1
	for i := range days {
		days[i] = from.AddDate(0, 0, d.IntN(span))
	}
	slices.SortFunc(days, time.Time.Compare)
	return days
}

// id makes a version 7 identifier of a moment.
func (d dice) id(at time.Time) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[0:], uint64(at.UnixMilli())<<16)
	binary.BigEndian.PutUint16(id[6:], 0x7000|uint16(d.IntN(1<<12)))
	binary.BigEndian.PutUint64(id[8:], 1<<63|d.Uint64()>>2)
	return id
}

// rows reads a table: tab-separated cells, lines with # are comments.
func rows(text string) (table [][]string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && !strings.HasPrefix(line, "#") {
			table = append(table, strings.Split(line, "\t"))
		}
	}
	return table
}
