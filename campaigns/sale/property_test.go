package sale_test

import (
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns/sale"
	"fund/ledger/money"
)

// Whatever is sold and given back, the books, the drawer and the report agree.
func TestWhateverIsSoldAgrees(t *testing.T) {
	h := open(t)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		if n++; n > 25 {
			return
		}
		session := h.Session
		if n > 1 {
			session = h.till(t, "A", rapid.SampledFrom([]string{"0", "200", "37.50"}).Draw(r, "float"))
		}
		drawer := session.Float
		for range rapid.IntRange(0, 6).Draw(r, "sales") {
			s := h.anySale(r)
			h.sell(t, session.ID, s)
			for _, p := range s.Payments {
				if p.Way == sale.Cash {
					drawer = drawer.Add(p.Amount)
				}
			}
			if rapid.IntRange(0, 2).Draw(r, "comes back") > 0 {
				continue
			}
			back := sale.Refund{Sale: s.ID, Session: &session.ID, ApprovedBy: lead}
			var lines []sale.Returned
			if rapid.Bool().Draw(r, "in part") {
				lines = []sale.Returned{{Line: 1, Quantity: rapid.IntRange(1, s.Lines[0].Quantity).Draw(r, "pieces")}}
			}
			if back, err := h.giveBack(back, lines...); err != nil {
				r.Fatal(err)
			} else {
				drawer = drawer.Sub(get[money.Amount](t, h, `SELECT coalesce(sum(amount), 0.00) FROM sale.refund_payment WHERE refund_id = $1 AND way = 'cash'`, back.ID))
			}
		}
		counted := drawer
		if off := money.FromFen(int64(rapid.IntRange(-3, 3).Draw(r, "off")) * 100); !drawer.Add(off).Less(money.Zero) {
			counted = drawer.Add(off)
		}
		z := h.close(t, session.ID, inPieces(counted))
		if !z.Expected.Equal(drawer) || !z.Difference().Equal(counted.Sub(drawer)) {
			r.Errorf("the drawer should hold %s, the report expects %s and counted %s", drawer, z.Expected, z.Counted)
		}
		h.sound(t)
	})
}

// anySale is one to three lines, paid by up to two ways, perhaps with a tip.
func (h *house) anySale(r *rapid.T) sale.Rung {
	var lines []sale.Line
	for range rapid.IntRange(1, 3).Draw(r, "lines") {
		item := rapid.SampledFrom([]sale.Item{h.Scarf, h.Tea, h.Jar}).Draw(r, "item")
		price := money.FromFen(int64(rapid.IntRange(1, 200).Draw(r, "jiao")) * 10)
		if item.Price != nil {
			price = *item.Price
		}
		lines = append(lines, line(item, rapid.IntRange(1, 4).Draw(r, "quantity"), price.String()))
	}
	s := rung(lines)
	s.At = morning.Add(time.Duration(rapid.IntRange(0, 400).Draw(r, "minute")) * time.Minute)
	first, second := rapid.SampledFrom(sale.Ways).Draw(r, "way"), rapid.SampledFrom(sale.Ways).Draw(r, "other way")
	total := s.Total()
	part := money.FromFen(rapid.Int64Range(0, total.Fen()).Draw(r, "part") / 10 * 10)
	if part.IsZero() || part.Equal(total) || first == second {
		s.Payments = []sale.Payment{{Way: first, Amount: total}}
	} else {
		s.Payments = []sale.Payment{{Way: first, Amount: part}, {Way: second, Amount: total.Sub(part)}}
	}
	if rapid.Bool().Draw(r, "tips") {
		s.Tip = money.FromFen(int64(rapid.IntRange(1, 50).Draw(r, "tip")) * 10)
		s.Payments[0].Amount = s.Payments[0].Amount.Add(s.Tip)
	}
	return s
}

// inPieces is an amount in as few notes and coins as can be.
func inPieces(amount money.Amount) (p money.Pieces) {
	rest := amount.Fen()
	for i, of := range money.Denominations {
		p[i], rest = int(rest/of.Fen()), rest%of.Fen()
	}
	return p
}

// An item may name the income that selling it is.
func TestAnItemNamesItsIncome(t *testing.T) {
	t.Parallel()
	h := open(t)
	other := get[int](t, h, `SELECT id FROM ledger.account WHERE code = '4901'`)
	h.Scarf.AccountID = &other
	h.Do(t, func(tx *sqlx.Tx) error { return sale.EditItem(t.Context(), tx, h.ID, h.Scarf) })
	r := rung([]sale.Line{line(h.Scarf, 1), line(h.Tea, 1)}, pay(sale.Cash, "43"))
	h.sell(t, h.Session.ID, r)
	before := yuan(h.balance(t, "4901"))
	if _, err := h.giveBack(sale.Refund{Sale: r.ID, Session: &h.Session.ID}, sale.Returned{Line: 1, Quantity: 1}); err != nil {
		t.Fatal(err)
	}
	if after := yuan(h.balance(t, "4901")); after.Sub(before).String() != "35.00" || h.balance(t, "4301") != "-8.00" {
		t.Errorf("from %s to %s; services %s", before, after, h.balance(t, "4301"))
	}
	h.sound(t)
}
