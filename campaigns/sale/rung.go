package sale

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"fund/ledger"
	"fund/ledger/money"
)

// Way is how a buyer pays.
type Way string

// The ways. WeChat and Alipay are paid to the community's own code on the
// table, so the money waits with the company until it pays out.
const (
	Cash     Way = "cash"
	WeChat   Way = "wechat"
	Alipay   Way = "alipay"
	Transfer Way = "transfer"
)

// Ways lists them in the order a till shows them.
var Ways = []Way{Cash, WeChat, Alipay, Transfer}

// Account is the purpose of the account that the money comes into.
func (w Way) Account() ledger.Purpose {
	switch w {
	case Cash:
		return ledger.Cash
	case Transfer:
		return ledger.Bank
	}
	return ledger.Clearing(string(w))
}

// Known tells whether there is such a way.
func (w Way) Known() bool { return w == Cash || w == WeChat || w == Alipay || w == Transfer }

// Rung is a sale as a till rang it up, with or without network.
type Rung struct {
	ID       uuid.UUID // made by the till: the idempotency key
	At       time.Time // by the till's clock
	Slip     string    // the number on its provisional slip: A-0007
	Lines    []Line
	Payments []Payment
	Tip      money.Amount // part of the payments; becomes a donation
	TipName  string       // of who gave it; may be empty
}

// Line is so many of one thing at one price.
type Line struct {
	Item     uuid.UUID    `db:"item_id"` // uuid.Nil: something that is in no list
	Name     string       `db:"name"`    // as it was rung up
	Quantity int          `db:"quantity"`
	Price    money.Amount `db:"price"`
	Account  int          `db:"account_id"` // the income it is; filled in by Sync
}

// Sum is what the line costs.
func (l Line) Sum() money.Amount { return l.Price.Times(int64(l.Quantity)) }

// Payment is one of the ways in which a sale was paid.
type Payment struct {
	Way    Way          `db:"way"`
	Amount money.Amount `db:"amount"`
	Given  money.Amount `db:"given"` // cash handed over; zero: exactly the amount
}

// Change is what the buyer got back.
func (p Payment) Change() money.Amount { return p.Given.Sub(p.Amount) }

// What a sale may have.
const (
	LinesMax    = 60
	PaymentsMax = 4
	QuantityMax = 999
	NameMax     = 80
	SlipMax     = 20
)

// PriceMax is the highest price of one thing.
var PriceMax = money.MustParse("99999.99")

// Total is what was bought for.
func (r Rung) Total() (sum money.Amount) {
	for _, l := range r.Lines {
		sum = sum.Add(l.Sum())
	}
	return sum
}

// Validate says why a sale cannot be booked as it was rung up: a Refusal, or nil.
func (r Rung) Validate() error {
	if utf8.RuneCountInString(r.Slip) > SlipMax || !writable(r.Slip) {
		return WrongSlip
	}
	if len(r.Lines) == 0 || len(r.Lines) > LinesMax {
		return WrongLine
	}
	for _, l := range r.Lines {
		if l.Quantity < 1 || l.Quantity > QuantityMax || l.Price.Sign() < 0 || PriceMax.Less(l.Price) ||
			strings.TrimSpace(l.Name) == "" || utf8.RuneCountInString(l.Name) > NameMax || !writable(l.Name) {
			return WrongLine
		}
	}
	if len(r.Payments) == 0 || len(r.Payments) > PaymentsMax {
		return WrongPayment
	}
	paid := money.Zero
	for _, p := range r.Payments {
		if !p.Way.Known() || p.Amount.Sign() <= 0 || !p.Given.IsZero() && p.Given.Less(p.Amount) || PriceMax.Times(QuantityMax).Less(p.Given) {
			return WrongPayment
		}
		paid = paid.Add(p.Amount)
	}
	if r.Tip.Sign() < 0 || r.Total().Sign() <= 0 || !paid.Equal(r.Total().Add(r.Tip)) {
		return WrongAmounts
	}
	if _, ok := r.tipBy(); !r.Tip.IsZero() && !ok || !writable(r.TipName) || utf8.RuneCountInString(r.TipName) > NameMax {
		return WrongTip
	}
	return nil
}

// tipBy is the payment that carries the tip: the first that is large enough.
func (r Rung) tipBy() (n int, ok bool) {
	for i, p := range r.Payments {
		if !p.Amount.Less(r.Tip) {
			return i, true
		}
	}
	return 0, false
}

// tipID is the donation of a sale's tip: of the sale's time, and always the same.
func (r Rung) tipID() uuid.UUID {
	id := r.ID
	for i := 9; i < len(id); i++ {
		id[i] ^= 0xff
	}
	return id
}

// writable tells whether a text has nothing in it that no text has.
func writable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}
