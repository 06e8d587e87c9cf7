package sale_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"fund/campaigns"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
)

func TestASaleIsBooked(t *testing.T) {
	t.Parallel()
	h := open(t)
	r := rung([]sale.Line{line(h.Scarf, 2), line(h.Tea, 3), line(h.Jar, 1, "12.50"), {Name: "旧书一本", Quantity: 1, Price: yuan("3.50")}},
		pay(sale.WeChat, "40"), sale.Payment{Way: sale.Cash, Amount: yuan("80"), Given: yuan("100")})
	r.Tip, r.TipName, r.Slip = yuan("10"), "周婆婆", "A-0001"
	got := h.sell(t, h.Session.ID, r)[0]
	if got.Receipt.Serial() != "2026-S000001" || got.Again || !got.Receipt.Amount.Equal(yuan("110")) {
		t.Errorf("%+v", got)
	}
	for code, want := range map[string]string{"100901": "40.00", "1001": "280.00", "4501": "-86.00", "4301": "-24.00", "410101": "-10.00"} {
		if balance := h.balance(t, code); balance != want {
			t.Errorf("%s has %s, want %s", code, balance, want)
		}
	}
	again := h.sell(t, h.Session.ID, r)[0]
	if !again.Again || again.Receipt.Number != got.Receipt.Number || again.Receipt.Token != got.Receipt.Token {
		t.Errorf("the same again: %+v", again)
	}
	payments, err := sale.Payments(t.Context(), h.App, h.ID, r.ID)
	if err != nil || len(payments) != 2 || payments[0].Change().Sign() != 0 || payments[1].Change().String() != "20.00" {
		t.Errorf("%+v, %v", payments, err)
	}
	lines, err := sale.Lines(t.Context(), h.App, h.ID, r.ID)
	if err != nil || len(lines) != 4 || lines[1].Account == lines[0].Account || lines[3].Account != lines[0].Account || lines[3].Item != uuid.Nil {
		t.Errorf("%+v, %v", lines, err)
	}
	kept, err := sale.FindSale(t.Context(), h.App, h.ID, r.ID)
	if err != nil || kept.TipID == nil || kept.Slip != "A-0001" || kept.Entry != got.Receipt.Entry {
		t.Errorf("%+v, %v", kept, err)
	}
	tip, err := campaigns.FindDonation(t.Context(), h.App, h.ID, *kept.TipID)
	if err != nil || tip.CampaignID != h.Campaign.ID || tip.Method != "wechat" || tip.PublicName() != "" || tip.DonorName.String != "周婆婆" {
		t.Errorf("%+v, %v", tip, err)
	}
	if n := get[int](t, h, `SELECT count(*) FROM receipt.receipt WHERE series = 'donation' AND subject_id = $1`, kept.TipID); n != 1 {
		t.Errorf("%d receipts for the tip", n)
	}
	h.sound(t)
}

func TestABadSaleFailsAlone(t *testing.T) {
	t.Parallel()
	h := open(t)
	elsewhere := h.place(t, "other", nil)
	with := func(change func(r *sale.Rung)) sale.Rung {
		r := h.scarf()
		change(&r)
		return r
	}
	other := line(h.Scarf, 1)
	other.Item = uuid.New()
	bad := map[sale.Refusal][]sale.Rung{
		sale.WrongAmounts: {
			with(func(r *sale.Rung) { r.Payments[0].Amount = yuan("34.99") }),
			with(func(r *sale.Rung) { r.Lines[0].Price, r.Payments[0].Amount = yuan("0"), yuan("1") }),
			with(func(r *sale.Rung) { r.Tip = yuan("-1"); r.Payments[0].Amount = yuan("34") }),
		},
		sale.WrongLine: {
			with(func(r *sale.Rung) { r.Lines = nil }),
			with(func(r *sale.Rung) { r.Lines[0].Quantity = 0 }),
			with(func(r *sale.Rung) { r.Lines[0].Quantity = 1000 }),
			with(func(r *sale.Rung) { r.Lines[0].Price = yuan("-1") }),
			with(func(r *sale.Rung) { r.Lines[0].Price = yuan("100000") }),
			with(func(r *sale.Rung) { r.Lines[0].Name = " " }),
			with(func(r *sale.Rung) { r.Lines[0].Name = strings.Repeat("巾", 81) }),
			with(func(r *sale.Rung) { r.Lines[0].Name = "围\x00巾" }),
			with(func(r *sale.Rung) { r.ID = uuid.Nil }),
		},
		sale.WrongItem: {with(func(r *sale.Rung) { r.Lines[0] = other })},
		sale.WrongPayment: {
			with(func(r *sale.Rung) { r.Payments = nil }),
			with(func(r *sale.Rung) { r.Payments[0].Way = "gold" }),
			with(func(r *sale.Rung) { r.Payments[0].Given = yuan("30") }),
			with(func(r *sale.Rung) { r.Payments[0].Amount = money.Zero }),
		},
		sale.WrongTip: {
			with(func(r *sale.Rung) {
				r.Tip, r.Payments = yuan("40"), []sale.Payment{pay(sale.Cash, "38"), pay(sale.WeChat, "37")}
			}),
			with(func(r *sale.Rung) { r.Tip, r.Payments[0].Amount, r.TipName = yuan("1"), yuan("36"), "a\nb" }),
		},
		sale.WrongSlip: {with(func(r *sale.Rung) { r.Slip = strings.Repeat("A", 21) })},
	}
	var rungs []sale.Rung
	var want []sale.Refusal
	for refusal, some := range bad {
		for _, r := range some {
			rungs, want = append(rungs, h.scarf(), r), append(want, "", refusal)
		}
	}
	d, err := h.sync(t.Context(), h.Session.ID, rungs...)
	if err != nil {
		t.Fatal(err)
	}
	booked := 0
	for i, s := range d.Sales {
		if s.Refused != want[i] {
			t.Errorf("sale %d: %q, want %q: %+v", i, s.Refused, want[i], rungs[i])
		}
		if s.Refused == "" {
			booked++
		}
	}
	if n := get[int](t, h, `SELECT max(number) FROM receipt.receipt WHERE series = 'sale'`); n != booked {
		t.Errorf("numbered up to %d of %d", n, booked)
	}
	d, err = h.sync(t.Context(), uuid.New(), h.scarf())
	if err != nil || d.Sales[0].Refused != sale.SessionUnknown {
		t.Errorf("in no session: %+v, %v", d, err)
	}
	h.Fair = elsewhere
	noTips := h.till(t, "B", "0")
	tip := rung([]sale.Line{{Name: "书", Quantity: 1, Price: yuan("1")}}, pay(sale.Cash, "3"))
	tip.Tip = yuan("2")
	d, err = h.sync(t.Context(), noTips.ID, tip, h.scarf())
	if err != nil || d.Sales[0].Refused != sale.WrongTip || d.Sales[1].Refused != sale.WrongItem {
		t.Errorf("where no tips are taken: %+v, %v", d, err)
	}
	h.sound(t)
}

// The till's clock is put right: nothing is sold before its session, or tomorrow.
func TestTheTillsClockIsPutRight(t *testing.T) {
	t.Parallel()
	h := open(t)
	early, late := h.scarf(), h.scarf()
	early.At, late.At = morning.AddDate(-3, 0, 0), morning.AddDate(0, 1, 0)
	h.sell(t, h.Session.ID, early, late)
	for id, want := range map[uuid.UUID]time.Time{early.ID: morning, late.ID: morning.Add(8 * time.Hour)} {
		s, err := sale.FindSale(t.Context(), h.App, h.ID, id)
		if err != nil || !s.RungAt.Equal(want) {
			t.Errorf("rung at %v, want %v (%v)", s.RungAt, want, err)
		}
	}
	h.sound(t)
}

// Without network a till sells what is no longer there: it is booked and shown.
func TestStockMayFallBelowZero(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.sell(t, h.Session.ID, rung([]sale.Line{line(h.Scarf, 9), line(h.Scarf, 2)}, pay(sale.Cash, "385")))
	i, err := sale.ItemAt(t.Context(), h.App, h.ID, h.Scarf.ID)
	if left, _ := i.Left(); err != nil || left != -1 || !i.Oversold() {
		t.Errorf("%+v, %v", i, err)
	}
	h.sound(t)
}

// Many tills deliver at once, some of them the same sales twice: each sale is
// booked once, and the numbers have no gap.
func TestTillsDeliverAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	other := h.till(t, "B", "0")
	by := ledger.NewCommitter(h.App, 8, sale.Sync)
	defer by.Close()
	const tills, sales = 12, 10
	var mu sync.Mutex
	numbers := map[uuid.UUID]map[int]bool{}
	var all sync.WaitGroup
	for n := range tills {
		var rungs []sale.Rung
		for i := range sales {
			r := h.scarf()
			if i == 3 {
				r.Tip, r.Payments[0].Amount = yuan("5"), yuan("40")
			}
			rungs = append(rungs, r)
		}
		session := h.Session.ID
		if n%2 == 1 {
			session = other.ID
		}
		for range 3 {
			all.Go(func() {
				mine := make([]sale.Rung, len(rungs))
				for i, r := range rungs {
					r.Lines, r.Payments = append([]sale.Line{}, r.Lines...), append([]sale.Payment{}, r.Payments...)
					mine[i] = r
				}
				out, err := sale.Deliver(t.Context(), by, h.ID, sale.Delivery{Session: session, Cashier: cashier, Sales: mine, At: morning.Add(8 * time.Hour)})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				for _, s := range out.Sales {
					if s.Refused != "" {
						t.Errorf("refused: %s", s.Refused)
					}
					if numbers[s.ID] == nil {
						numbers[s.ID] = map[int]bool{}
					}
					numbers[s.ID][s.Receipt.Number] = true
				}
			})
		}
	}
	all.Wait()
	seen := map[int]bool{}
	for id, of := range numbers {
		if len(of) != 1 {
			t.Errorf("sale %s has %d numbers", id, len(of))
		}
		for n := range of {
			seen[n] = true
		}
	}
	for n := 1; n <= tills*sales; n++ {
		if !seen[n] {
			t.Errorf("number %d is missing", n)
		}
	}
	if n := get[int](t, h, `SELECT count(*) FROM sale.sale`); n != tills*sales {
		t.Errorf("%d sales", n)
	}
	h.sound(t)
}

// What the database alone can refuse fails one sale, not its delivery: here an
// entry that is posted already.
func TestTheDatabaseRefusesOneSaleOfADelivery(t *testing.T) {
	t.Parallel()
	h := open(t)
	by := ledger.NewCommitter(h.App, 8, sale.Sync)
	defer by.Close()
	good, bad := h.scarf(), h.scarf()
	h.Owner.MustExec(`SELECT ledger.post_entries($1, '{2026-05-20}', '{manual}', ARRAY[$2], '{x}', '{""}', '{user:9}', ARRAY[NULL]::bigint[], ARRAY['']::bytea[], '{1,1}', '{1,2}', '{1,1}', '{1,-1}')`,
		h.ID, sale.Source(bad.ID))
	out, err := sale.Deliver(t.Context(), by, h.ID, sale.Delivery{
		Session: h.Session.ID, Cashier: cashier, Sales: []sale.Rung{good, bad}, At: morning.Add(8 * time.Hour),
		Voids: []sale.Void{{ID: uuid.New(), Amount: yuan("3"), At: morning}},
	})
	if err != nil || out.Sales[0].Refused != "" || out.Sales[1].Refused != sale.Failed || out.Voids != 1 {
		t.Errorf("%+v, %v", out, err)
	}
}
