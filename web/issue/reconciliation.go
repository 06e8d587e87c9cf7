package issue

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/reconcile"
	"fund/web/i18n"
	"fund/web/pdf"
)

// Reconciled is a completed bank reconciliation as web/pdf draws it, with the figures of its moment. name says what somebody
// of the staff is called.
func Reconciled(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, account ledger.Account, r reconcile.Reconciliation, lang i18n.Lang, name func(who string) string) (doc pdf.ReconciliationDoc, err error) {
	l := string(lang)
	doc = pdf.ReconciliationDoc{
		Lang: l, Community: c.Name(l), Account: account.Code + " " + account.Name(l), Through: r.Through,
		State: lang.T("paper.completed"), Good: true, Preparer: name(r.CompletedBy), Made: c.Local(r.CompletedAt),
		Books: pdf.ReconciliationSide{Balance: r.Booked}, Bank: pdf.ReconciliationSide{Balance: r.Closing},
	}
	if r.UndoneAt != nil {
		doc.State, doc.Good = lang.T("paper.reopened"), false
		doc.Said = lang.T("paper.reopened_by", "who", name(*r.UndoneBy), "at", lang.Moment(c.Local(*r.UndoneAt)), "why", r.UndoneWhy)
	}
	transits, err := r.Transits()
	if err != nil {
		return doc, err
	}
	items, notes := make([]reconcile.Item, len(transits)), map[reconcile.Spot]string{}
	for i, t := range transits {
		items[i] = reconcile.Item{Seq: t.Seq, Posting: t.Posting, Amount: t.Amount, Memo: t.Memo}
		if items[i].Day, err = time.Parse(time.DateOnly, t.Day); err != nil {
			return doc, err
		}
		if seen, err := time.Parse(time.DateOnly, t.Note); err == nil {
			items[i].Seen = seen
		} else {
			notes[items[i].Spot()] = t.Note
		}
	}
	return doc, Unseen(ctx, q, c, &doc, items, notes, lang)
}

// Unseen puts what the bank has not seen into the form, each entry once.
func Unseen(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, doc *pdf.ReconciliationDoc, items []reconcile.Item, notes map[reconcile.Spot]string, lang i18n.Lang) error {
	items = reconcile.ByEntry(items)
	seqs := make([]int64, len(items))
	for i, item := range items {
		seqs[i] = item.Seq
	}
	vouchers, err := reconcile.Vouchers(ctx, q, c.ID, seqs)
	for _, i := range items {
		note := notes[i.Spot()]
		if note == "" && !i.Seen.IsZero() {
			note = lang.T("paper.seen", "date", lang.Date(i.Seen))
		}
		doc.Bank.Put(pdf.ReconciliationItem{Day: i.Day, Number: vouchers[i.Seq], Text: strings.Join(strings.Fields(i.Memo+" "+i.Detail), " "), Note: note, Amount: i.Amount})
	}
	return err
}
