package report

import (
	"slices"

	"fund/ledger/money"
)

// Mix is an amount divided by where the money first came from.
type Mix struct {
	Given   money.Amount `json:"given"`   // gifts, in money and in kind
	Earned  money.Amount `json:"earned"`  // by ventures and charity sales
	Served  money.Amount `json:"served"`  // for services that somebody paid for, tickets and takings of sales not among them
	Other   money.Amount `json:"rest"`    // membership fees, interest and the like
	Granted money.Amount `json:"granted"` // government subsidies
	Before  money.Amount `json:"before"`  // stood there when the books began, or was adjusted: they do not say whose it was
	Ahead   money.Amount `json:"ahead"`   // spent before it came in; below zero in what a fund holds
}

// parts are the amounts in the order of the struct: money that a book knows, then what it does not.
func (m *Mix) parts() [7]*money.Amount {
	return [7]*money.Amount{&m.Given, &m.Earned, &m.Served, &m.Other, &m.Granted, &m.Before, &m.Ahead}
}

// Part is the part of one origin, by its name in JSON; 0.00 for another name.
func (m Mix) Part(origin string) money.Amount {
	if i := slices.Index(origins, origin); i >= 0 {
		return *m.parts()[i]
	}
	return money.Zero
}

// origins are the names of the parts, in their order.
var origins = []string{"given", "earned", "served", "rest", "granted", "before", "ahead"}

// Total is the whole amount.
func (m Mix) Total() (sum money.Amount) {
	for _, p := range m.parts() {
		sum = sum.Add(*p)
	}
	return sum
}

// Own is what came from no government: gifts, earnings, paid services and the rest, as far as the books know.
func (m Mix) Own() money.Amount { return money.Sum(m.Given, m.Earned, m.Served, m.Other) }

// Add returns m + n.
func (m Mix) Add(n Mix) Mix {
	for i, p := range m.parts() {
		*p = p.Add(*n.parts()[i])
	}
	return m
}

// Sub returns m − n.
func (m Mix) Sub(n Mix) Mix {
	for i, p := range m.parts() {
		*p = p.Sub(*n.parts()[i])
	}
	return m
}

// Equal reports whether all parts agree.
func (m Mix) Equal(n Mix) bool {
	for i, p := range m.parts() {
		if !p.Equal(*n.parts()[i]) {
			return false
		}
	}
	return true
}

// settle covers what is below zero (given back, or spent ahead) with what is there, of each origin in proportion; what is
// not covered stays Ahead.
func (m Mix) settle() (settled Mix) {
	missing := money.Zero
	for i, p := range m.parts() {
		if p.Sign() < 0 {
			missing = missing.Add(p.Neg())
		} else {
			*settled.parts()[i] = *p
		}
	}
	covered := settled.take(money.Min(missing, settled.Total()))
	settled.Ahead = settled.Ahead.Sub(missing.Sub(covered.Total()))
	return settled
}

// take takes an amount out of the mix, of each origin in proportion, to the fen by largest remainder; beyond what is there
// it is taken Ahead.
func (m *Mix) take(a money.Amount) (taken Mix) {
	if a.Sign() == 0 {
		return taken
	}
	var weights [7]int64
	there := money.Zero
	for i, p := range m.parts() {
		if p.Sign() > 0 {
			weights[i], there = p.Fen(), there.Add(*p)
		}
	}
	if from := money.Min(a, there); from.Sign() > 0 {
		for i, share := range from.Split(weights[:]...) {
			*taken.parts()[i] = share
		}
	}
	taken.Ahead = taken.Ahead.Add(a.Sub(taken.Total()))
	*m = m.Sub(taken)
	return taken
}
