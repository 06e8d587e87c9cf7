package sale

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// paperNames are what the columns of a list of sales on paper are called.
var paperNames = struct{ day, slip, item, quantity, price, way []string }{
	day:      []string{"日期", "销售日期", "date", "day"},
	slip:     []string{"单号", "小票号", "序号", "号", "slip", "no", "no.", "number"},
	item:     []string{"商品", "编号", "名称", "品名", "商品名称", "商品编号", "item", "code", "name"},
	quantity: []string{"数量", "件数", "quantity", "qty"},
	price:    []string{"单价", "价格", "price", "unitprice"},
	way:      []string{"付款", "付款方式", "收款方式", "方式", "paid", "way", "payment"},
}

// ways are the words for how a sale on paper was paid; cash where nothing stands.
var ways = map[string]Way{
	"": Cash, "现金": Cash, "cash": Cash, "微信": WeChat, "微信支付": WeChat, "wechat": WeChat, "支付宝": Alipay, "alipay": Alipay,
	"转账": Transfer, "银行": Transfer, "银行转账": Transfer, "transfer": Transfer, "bank": Transfer,
}

// ReadPaper reads sales that were written on paper from CSV or XLSX: a row a
// line, rows with the same day and number one sale. Items are told by code or by
// name; a price that is left out is the item's. The same file gives the same
// ids, so that it may be taken twice. With a problem nothing of it is to be
// taken.
func ReadPaper(name string, data []byte, c ledger.Community, p Place, items []Item) (sales []Rung, problems []*Problem) {
	grid, problem := openTable(name, data, "日期、单号、商品、数量、单价、付款方式", "date, slip, item, quantity, price, paid", paperNames.day, paperNames.item, paperNames.quantity)
	if problem != nil {
		return nil, []*Problem{problem}
	}
	day, slip, item := grid.Column(paperNames.day...), grid.Column(paperNames.slip...), grid.Column(paperNames.item...)
	quantity, price, way := grid.Column(paperNames.quantity...), grid.Column(paperNames.price...), grid.Column(paperNames.way...)
	of := map[string]int{}
	for _, row := range grid.Rows {
		r := tableRow{row, &problems}
		before := len(problems)
		on, err := row.Day(day)
		if err != nil {
			r.fail(day, "日期写成 2026-11-23 这样", "write the day like 2026-11-23")
		}
		line, ok := r.sold(item, items)
		if n := r.count(quantity); n != nil && *n >= 1 && *n <= QuantityMax {
			line.Quantity = *n
		} else if len(problems) == before {
			r.fail(quantity, "数量写成 1 到 999", "write a quantity from 1 to 999")
		}
		if at := r.price(price); at != nil {
			line.Price = *at
		} else if ok && line.Price.IsZero() && len(problems) == before {
			r.fail(price, "这样东西没有定价，写上卖了多少钱", "this has no price of its own: write what it was sold for")
		}
		paid, known := ways[strings.ToLower(row.Text(way))]
		if !known {
			r.fail(way, "写成 现金、微信、支付宝 或 转账", "write cash, WeChat, Alipay or transfer")
		}
		number := r.optional(slip, SlipMax)
		if len(problems) > before {
			continue
		}
		key := on.Format(time.DateOnly) + " " + number
		if number == "" {
			key = fmt.Sprintf("%s row %d", on.Format(time.DateOnly), row.N())
		}
		n, open := of[key]
		if !open {
			n, of[key] = len(sales), len(sales)
			sales = append(sales, Rung{ID: paperID(c.ID, p.ID, key, c.Clock(on, 12)), At: c.Clock(on, 12), Slip: number})
		}
		s := &sales[n]
		s.Lines = append(s.Lines, line)
		s.pays(paid, line.Sum())
		if len(s.Lines) > LinesMax || len(s.Payments) > PaymentsMax {
			r.fail(slip, "一张单子最多 %d 行", "a slip has %d lines at most", LinesMax)
		}
	}
	return sales, finish(name, problems, len(sales))
}

// pays adds an amount to what was paid by a way.
func (r *Rung) pays(way Way, amount money.Amount) {
	for i, p := range r.Payments {
		if p.Way == way {
			r.Payments[i].Amount = p.Amount.Add(amount)
			return
		}
	}
	r.Payments = append(r.Payments, Payment{Way: way, Amount: amount})
}

// sold finds the item of a row by its code or name; what is in no list is sold all the same.
func (r tableRow) sold(col int, items []Item) (l Line, ok bool) {
	name := r.text(col, NameMax)
	for _, i := range items {
		if i.Code == name || i.NameZH == name || i.NameEN == name {
			l = Line{Item: i.ID, Name: i.NameZH}
			if i.Price != nil {
				l.Price = *i.Price
			}
			return l, true
		}
	}
	return Line{Name: name}, name != ""
}

// paperID is of the sale's time, and always the same.
func paperID(community, place int, key string, at time.Time) (id uuid.UUID) {
	hash := sha256.Sum256(fmt.Appendf(nil, "paper %d %d %s", community, place, key))
	copy(id[:], hash[:])
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|0x7000|uint64(hash[6])<<4)
	id[8] = id[8]&0x3f | 0x80
	return id
}

// Entered is what became of sales on paper.
type Entered struct {
	Booked int
	Again  int // they were booked before
	Sum    money.Amount
	First  string // receipts
	Last   string
}

// EnterPaper books sales that were written on paper, whole list or nothing: with
// receipts of their own and no session, their cash in the safe. The same again
// adds nothing. A Refusal where one does not add up.
func EnterPaper(ctx context.Context, tx *sqlx.Tx, c ledger.Community, p Place, sales []Rung, who string, at time.Time) (e Entered, err error) {
	defer wrap(&err, "sale.EnterPaper(%d, %d)", c.ID, p.ID)
	if p.State == Draft {
		return e, ErrState
	}
	deliveries := []Delivery{{Cashier: who, Sales: sales, At: at}}
	b := batch{community: c.ID, first: map[uuid.UUID]*booking{}}
	if b.known, err = receiptsOf(ctx, tx, c.ID, deliveries); err != nil {
		return e, err
	}
	if b.items, err = itemsOf(ctx, tx, c.ID, deliveries); err != nil {
		return e, err
	}
	desk := &till{PlaceID: p.ID, Place: p.NameZH, FundID: p.FundID, Income: p.Income}
	for _, r := range sales {
		if why := b.refusal(desk, r); why != "" {
			return e, why
		}
		if _, known := b.known[r.ID]; known || b.first[r.ID] != nil {
			e.Again++
			continue
		}
		b.add(&booking{rung: r, till: desk, cashier: who, at: r.At})
		e.Sum = e.Sum.Add(r.Total())
	}
	if err = b.book(ctx, tx); err != nil || len(b.booked) == 0 {
		return e, err
	}
	e.Booked = len(b.booked)
	e.First, e.Last = b.booked[0].receipt.Serial(), b.booked[e.Booked-1].receipt.Serial()
	return e, nil
}
