package sample

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/council"
	"fund/campaigns/payment"
	"fund/campaigns/project"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
)

// player books events in their order, alike ones together.
type player struct {
	*world
	tx       *sqlx.Tx
	entries  []ledger.Entry
	payments []campaigns.Payment
	waiting  map[int]map[int]money.Amount // what cash and clearing accounts have, by account and fund
	banked   map[string]uuid.UUID         // cash on its way, by the day on which it left
}

func (w *world) play(ctx context.Context, tx *sqlx.Tx, events []event) error {
	order(events)
	p := &player{world: w, tx: tx, banked: map[string]uuid.UUID{}, waiting: map[int]map[int]money.Amount{
		w.purpose(ledger.Cash): {}, w.purpose(ledger.Clearing("sandbox")): {}, w.purpose(ledger.Clearing("wechat")): {},
	}}
	for _, e := range events {
		if err := p.book(ctx, e); err != nil {
			return fmt.Errorf("%s: %w", e.at.Format(time.DateTime), err)
		}
	}
	return p.flush(ctx)
}

// batchMax is how many payments are booked at once, as many as a server does.
const batchMax = 256

func (p *player) book(ctx context.Context, e event) error {
	if e.entry != nil || e.settle != nil && !e.settle.cash {
		if len(p.payments) > 0 {
			if err := p.flush(ctx); err != nil {
				return err
			}
		}
		if e.settle != nil {
			p.payOut(e.at, e.settle.keep)
		} else {
			p.post(*e.entry)
		}
		return nil
	}
	if len(p.entries) > 0 || e.gift == nil || len(p.payments) == batchMax || p.newDay(e) {
		if err := p.flush(ctx); err != nil {
			return err
		}
	}
	switch {
	case e.allot != nil:
		return p.allot(ctx, *e.allot, e.at)
	case e.undo != nil:
		return p.undo(ctx, e.at, *e.undo)
	case e.settle != nil:
		return p.bank(ctx, e.at, e.settle.keep)
	case e.do != nil:
		return e.do(ctx, p)
	}
	p.receive(*e.gift)
	return nil
}

// allot moves voted money: by the council's motion, where that is kept.
func (p *player) allot(ctx context.Context, a allotment, at time.Time) error {
	post := func() (ledger.Posted, error) {
		return project.Allot(ctx, p.tx, p.c.ID, p.projects[a.project], a.amount, zone.Day(at), newDice("allotment "+a.project).id(at), "treasurer")
	}
	motion, kept := p.motions[a.project]
	if !kept {
		_, err := post()
		return err
	}
	_, err := council.Use(ctx, p.tx, p.c.ID, motion, post)
	return err
}

// newDay tells whether a gift that a pool may match comes on another day than those waiting: matches are booked behind
// their batch.
func (p *player) newDay(e event) bool {
	n := len(p.payments)
	return n > 0 && !e.at.Before(p.poolOpens()) && !zone.Day(e.at).Equal(zone.Day(p.payments[n-1].PaidAt))
}

// receive is the company's notification of a gift, or the cashier's entry of it, waiting to be booked with others.
func (p *player) receive(g campaigns.Start) {
	paid := campaigns.Payment{
		Donation: g.ID, Provider: g.Method, Reference: fmt.Sprintf("P%X", g.ID[6:]), Amount: g.Amount,
		Currency: p.c.Currency, Payee: payment.SandboxPayee, PaidAt: g.At,
	}
	account := ledger.Clearing("sandbox")
	if g.Method == "cash" {
		account, paid.Reference, paid.Payee, paid.EnteredBy = ledger.Cash, "desk:"+g.ID.String(), campaigns.CashPayee, g.EnteredBy
	}
	p.count(p.purpose(account), p.fundOf(g.Campaign), g.Amount)
	p.payments = append(p.payments, paid)
}

// fundOf is the fund that a campaign raises for: its own, or the general one.
func (w *world) fundOf(campaign string) int {
	if id, ok := w.funds[campaign]; ok {
		return id
	}
	return ledger.GeneralFundID
}

func (p *player) post(e ledger.Entry) {
	for _, l := range e.Postings {
		p.count(l.Account, l.Fund, l.Amount)
	}
	p.entries = append(p.entries, e)
}

func (p *player) count(account, fund int, a money.Amount) {
	if of, ok := p.waiting[account]; ok {
		of[fund] = of[fund].Add(a)
	}
}

// took counts what came in for a fund by a verb that books it.
func (p *player) took(fund int, paid ...sale.Payment) {
	for _, in := range paid {
		p.count(p.purpose(in.Way.Account()), fund, in.Amount)
	}
}

// waits is what waits in an account, fund by fund, but what is kept, of the first funds first.
func (p *player) waits(account int, keep *money.Amount) (parts []ledger.FundCash) {
	for fund := 1; fund <= len(p.funds); fund++ { // in order, so that the same clock gives the same postings
		amount := p.waiting[account][fund]
		if amount.Sign() <= 0 {
			continue
		}
		kept := money.Min(*keep, amount)
		*keep = keep.Sub(kept)
		if amount = amount.Sub(kept); amount.Sign() > 0 {
			parts = append(parts, ledger.FundCash{Fund: fund, Amount: amount})
		}
	}
	return parts
}

// payOut is what the payment companies pay out to the bank.
func (p *player) payOut(at time.Time, keep money.Amount) {
	day, bank := zone.Day(at), p.purpose(ledger.Bank)
	e := ledger.Entry{Date: day, Kind: "payout", Source: "payout:" + day.Format(time.DateOnly), Memo: "网上和扫码收款到账", PostedBy: "treasurer"}
	for _, company := range []string{"wechat", "sandbox"} {
		from := p.purpose(ledger.Clearing(company))
		for _, part := range p.waits(from, &keep) {
			e.Postings = append(e.Postings, ledger.Debit(bank, part.Fund, part.Amount), ledger.Credit(from, part.Fund, part.Amount))
		}
	}
	if len(e.Postings) > 0 {
		p.post(e)
	}
}

// bank hands the cash in at the bank's counter, with a slip.
func (p *player) bank(ctx context.Context, at time.Time, keep money.Amount) error {
	cash, day := p.purpose(ledger.Cash), zone.Day(at)
	parts := p.waits(cash, &keep)
	if len(parts) == 0 {
		return nil
	}
	d := ledger.CashDeposit{ID: newDice("slip " + day.Format(time.DateOnly)).id(at), Slip: day.Format("00060102"), DepositedOn: day, EnteredBy: "cashier", EnteredAt: at}
	for _, part := range parts {
		d.Amount = d.Amount.Add(part.Amount)
		p.count(cash, part.Fund, part.Amount.Neg())
	}
	p.banked[day.Format(time.DateOnly)] = d.ID
	_, err := ledger.DepositCash(ctx, p.tx, p.c, d, parts)
	return err
}

// arrive finds the cash of a day on the bank's statement.
func (p *player) arrive(ctx context.Context, day, at time.Time) error {
	id, ok := p.banked[day.Format(time.DateOnly)]
	if !ok {
		return nil
	}
	return ledger.CashArrived(ctx, p.tx, p.c, id, "treasurer", at)
}

func (p *player) undo(ctx context.Context, at time.Time, u undoing) error {
	wrong, err := ledger.EntryOf(ctx, p.tx, p.c.ID, u.source)
	if err != nil {
		return err
	}
	lines, err := ledger.Lines(ctx, p.tx, p.c.ID, wrong.Seq)
	if err != nil {
		return err
	}
	for _, l := range lines {
		p.count(l.AccountID, l.FundID, l.Amount.Neg())
	}
	_, err = ledger.Reverse(ctx, p.tx, p.c.ID, wrong.Seq, zone.Day(at), u.why, "treasurer")
	return err
}

// flush books what was gathered.
func (p *player) flush(ctx context.Context) error {
	entries, payments := p.entries, p.payments
	p.entries, p.payments = nil, nil
	if _, err := ledger.Post(ctx, p.tx, p.c.ID, entries...); err != nil || len(payments) == 0 {
		return err
	}
	outcomes, err := campaigns.ReceivePayments(ctx, p.tx, p.c.ID, payments)
	for i, out := range outcomes {
		if out.Err != nil {
			return fmt.Errorf("gift %s: %w", payments[i].Donation, out.Err)
		}
	}
	return err
}
