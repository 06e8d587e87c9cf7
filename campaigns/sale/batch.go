package sale

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
)

// batch is what Sync books in one transaction.
type batch struct {
	community int
	tills     map[uuid.UUID]*till
	known     map[uuid.UUID]receipt.Receipt
	items     map[uuid.UUID]sold
	first     map[uuid.UUID]*booking // by the sale, so that one in two deliveries is booked once
	booked    []*booking
}

// booking is a sale about to be booked.
type booking struct {
	rung    Rung
	session *uuid.UUID // nil: written on paper
	till    *till
	cashier string
	at      time.Time // the till's clock, put right
	entry   ledger.Posted
	receipt receipt.Receipt
}

// take decides what becomes of a sale: known, refused, or to be booked.
func (b *batch) take(d Delivery, r Rung, out *Synced) {
	out.ID = r.ID
	if issued, ok := b.known[r.ID]; ok {
		out.Receipt, out.Again = issued, true
		return
	}
	if b.first[r.ID] != nil { // handed in twice at once
		out.Again = true
		return
	}
	t := b.tills[d.Session]
	if out.Refused = b.refusal(t, r); out.Refused != "" {
		return
	}
	k := &booking{rung: r, session: &d.Session, till: t, cashier: d.Cashier, at: within(r.At, t.OpenedAt, d.At)}
	b.add(k)
}

// add puts a sale into the batch.
func (b *batch) add(k *booking) {
	for i, p := range k.rung.Payments {
		if p.Given.IsZero() {
			k.rung.Payments[i].Given = p.Amount
		}
	}
	b.first[k.rung.ID] = k
	b.booked = append(b.booked, k)
}

func (b *batch) refusal(t *till, r Rung) Refusal {
	switch {
	case t == nil:
		return SessionUnknown
	case t.Closed:
		return SessionClosed
	}
	if r.ID == uuid.Nil {
		return WrongLine
	}
	var why Refusal
	if errors.As(r.Validate(), &why) {
		return why
	}
	for _, l := range r.Lines {
		if l.Item == uuid.Nil {
			continue
		}
		switch of := b.items[l.Item]; {
		case of.PlaceID != t.PlaceID:
			return WrongItem
		case of.Lot && (of.Award == nil || *of.Award != r.ID):
			return ForAuction
		}
	}
	if !r.Tip.IsZero() && !t.Tips.Valid {
		return WrongTip
	}
	return ""
}

// book writes the batch: tips first, for they wait for pools and campaigns, and
// whoever waits for those must not hold the book.
func (b *batch) book(ctx context.Context, tx *sqlx.Tx) error {
	if len(b.booked) == 0 {
		return nil
	}
	if tips := b.campaignTips(); len(tips) > 0 {
		outcomes, err := campaigns.EnterTips(ctx, tx, b.community, tips)
		if err != nil {
			return err
		}
		for _, out := range outcomes { // put aside for the treasurer, who sees to it; the sale stands
			if out.Err != nil && !errors.Is(out.Err, campaigns.ErrQuarantined) {
				return out.Err
			}
		}
	}
	book, err := ledger.OpenBook(ctx, tx, b.community)
	if err != nil {
		return err
	}
	entries, now := make([]ledger.Entry, len(b.booked)), time.Now()
	for i, k := range b.booked {
		if err = b.earns(book, k); err != nil {
			return err
		}
		if entries[i], err = k.posts(book, book.EntryDate(k.at, now)); err != nil {
			return err
		}
	}
	ledger.Handover(ctx)
	posted, err := ledger.Post(ctx, tx, b.community, entries...)
	if err != nil {
		return err
	}
	items := make([]receipt.Item, len(posted))
	for i, k := range b.booked {
		k.entry = posted[i]
		items[i] = receipt.Item{Subject: k.rung.ID, Entry: posted[i].Seq, Amount: k.rung.Total(), Day: entries[i].Date}
	}
	issued, err := receipt.Issue(ctx, tx, b.community, receipt.Sale, items...)
	if err != nil {
		return err
	}
	for i, k := range b.booked {
		k.receipt = issued[i]
	}
	return b.write(ctx, tx, now)
}

// earns tells which income each line is: its item's own, its place's, or that of
// its kind.
func (b *batch) earns(book ledger.Book, k *booking) (err error) {
	at, lines := Place{Income: k.till.Income}, k.rung.Lines
	for i, l := range lines {
		of := b.items[l.Item] // what is in no list is goods
		if of.Account != nil {
			lines[i].Account = *of.Account
		} else if lines[i].Account, err = at.earns(book, of.Kind.Income()); err != nil {
			return err
		}
	}
	return nil
}

// posts is the journal entry of a sale: where the money came in, against income
// of the place's fund. The tip, which has an entry of its own, is left out.
func (k *booking) posts(book ledger.Book, day time.Time) (e ledger.Entry, err error) {
	e = ledger.Entry{
		Date: day, Kind: "sale", Source: Source(k.rung.ID), Memo: "销售 · " + k.till.Place, Detail: k.rung.Slip, PostedBy: k.cashier,
	}
	carries, _ := k.rung.tipBy()
	for i, p := range k.rung.Payments {
		if i == carries {
			p.Amount = p.Amount.Sub(k.rung.Tip)
		}
		into, err := book.Account(p.Way.Account())
		if err != nil {
			return e, err
		}
		e.Postings = post(e.Postings, into, k.till.FundID, p.Amount)
	}
	for _, l := range k.rung.Lines {
		e.Postings = post(e.Postings, l.Account, k.till.FundID, l.Sum().Neg())
	}
	return e, nil
}

// post adds an amount to what an entry posts, once an account; nothing is not posted.
func post(postings []ledger.Posting, account, fund int, amount money.Amount) []ledger.Posting {
	for i, p := range postings {
		if p.Account == account {
			postings[i].Amount = p.Amount.Add(amount)
			return postings
		}
	}
	if amount.IsZero() {
		return postings
	}
	return append(postings, ledger.Posting{Account: account, Fund: fund, Amount: amount})
}

// Source is the idempotency key of a sale in the books.
func Source(id uuid.UUID) string { return "sale:" + id.String() }

// write keeps the sales in one call, turned on their side.
func (b *batch) write(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	var (
		ids, slips, rung, totals, tips, cashiers, names, prices, ways, amounts, givens pq.StringArray
		sessions, tipIDs, items                                                        []*string
		entries                                                                        pq.Int64Array
		places, lineOf, lineNth, quantities, accounts, paidOf, paidNth                 pq.Int32Array
	)
	for i, k := range b.booked {
		r := k.rung
		ids, slips, rung = append(ids, r.ID.String()), append(slips, r.Slip), append(rung, k.at.UTC().Format(time.RFC3339Nano))
		totals, tips, cashiers = append(totals, r.Total().String()), append(tips, r.Tip.String()), append(cashiers, k.cashier)
		entries, places = append(entries, k.entry.Seq), append(places, int32(k.till.PlaceID))
		sessions = append(sessions, text(k.session))
		var tip *uuid.UUID
		if id := r.tipID(); !r.Tip.IsZero() {
			tip = &id
		}
		tipIDs = append(tipIDs, text(tip))
		for n, l := range r.Lines {
			var item *uuid.UUID
			if l.Item != uuid.Nil {
				item = &l.Item
			}
			lineOf, lineNth, items = append(lineOf, int32(i+1)), append(lineNth, int32(n+1)), append(items, text(item))
			names, quantities = append(names, l.Name), append(quantities, int32(l.Quantity))
			prices, accounts = append(prices, l.Price.String()), append(accounts, int32(l.Account))
		}
		for n, p := range r.Payments {
			paidOf, paidNth, ways = append(paidOf, int32(i+1)), append(paidNth, int32(n+1)), append(ways, string(p.Way))
			amounts, givens = append(amounts, p.Amount.String()), append(givens, p.Given.String())
		}
	}
	_, err := tx.ExecContext(ctx, `
		SELECT sale.write_sales($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		b.community, now, ids, places, pq.Array(sessions), slips, rung, totals, tips, pq.Array(tipIDs), cashiers, entries,
		lineOf, lineNth, pq.Array(items), names, quantities, prices, accounts, paidOf, paidNth, ways, amounts, givens)
	if err != nil {
		return err
	}
	return b.issueTickets(ctx, tx, now)
}

func text(id *uuid.UUID) *string {
	if id == nil {
		return nil
	}
	s := id.String()
	return &s
}

// answer fills in the receipts of what was booked, also where it was handed in
// twice at once, and which campaigns had tips.
func (b *batch) answer(deliveries []Delivery, outcomes []ledger.Outcome[Delivered]) {
	for i := range deliveries {
		out := &outcomes[i].Value
		for n, s := range out.Sales {
			k := b.first[s.ID]
			if k == nil || s.Refused != "" {
				continue
			}
			out.Sales[n].Receipt = k.receipt
			if !k.rung.Tip.IsZero() && !s.Again {
				out.Tips = append(out.Tips, int(k.till.Tips.Int64))
			}
		}
	}
}
