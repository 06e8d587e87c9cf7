package issue

import (
	"slices"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/pdf"
)

func (b *books) statements() error {
	lang := string(b.lang)
	activity, err := report.ActivityStatement(b, b.q, b.c, b.from, b.to)
	if err != nil {
		return err
	}
	for _, l := range activity.Lines {
		if kind, shown := b.row(l.Row, l.Empty()); shown {
			in := l.Figures.Period
			b.doc.Activities = append(b.doc.Activities, pdf.ActivityRow{
				Name: l.Name(lang), Level: l.Level(), Head: kind.Head, Sum: kind.Sum, Last: kind.Last, Free: in.Free, Held: in.Held, Total: in.Total(),
				Ref: Behind(b.accounts, l.Row, b.from, b.to),
			})
		}
	}
	sheet, err := report.BalanceSheet(b, b.q, b.c, b.from, b.to)
	if err != nil {
		return err
	}
	for _, l := range sheet.Lines {
		if kind, shown := b.row(l.Row, l.Empty()); shown {
			kind.Name, kind.Opening, kind.Closing, kind.Ref = l.Name(lang), l.Figures.Opening, l.Figures.Closing, Behind(b.accounts, l.Row, b.from, b.to)
			b.doc.Balance = append(b.doc.Balance, kind)
		}
	}
	cash, err := report.CashFlowStatement(b, b.q, b.c, b.from, b.to)
	for _, l := range cash.Lines {
		if kind, shown := b.row(l.Row, l.Empty()); shown {
			b.doc.CashFlow = append(b.doc.CashFlow, pdf.CashRow{
				Name: l.Name(lang), Level: l.Level(), Head: kind.Head, Sum: kind.Sum, Last: kind.Last, Amount: l.Figures.Period,
				Ref: Behind(b.accounts, l.Row, b.from, b.to),
			})
		}
	}
	return err
}

// row tells how a statement's row stands on paper; rows that say nothing are left out, but for sums.
func (b *books) row(r report.Row, empty bool) (kind pdf.BalanceRow, shown bool) {
	sum := r.Kind == report.Sum || r.Kind == report.Result
	return pdf.BalanceRow{Level: r.Level(), Head: r.Kind == report.Head, Sum: r.Kind == report.Sum, Last: r.Kind == report.Result}, sum || !empty
}

// entriesMax is far more than a month has.
const entriesMax = 1_000_000

// entries lists the whole journal of the period and the corrections in it, in the order of the books.
func (b *books) entries() error {
	vouchers := map[int64]string{}
	var reversals []ledger.JournalEntry
	for month := b.from; !month.After(b.to); month = month.AddDate(0, 1, 0) {
		page, err := ledger.Journal(b, b.q, b.c.ID, ledger.JournalFilter{Month: month}, entriesMax)
		if err != nil {
			return err
		}
		slices.Reverse(page)
		for _, e := range page {
			vouchers[e.Seq] = e.Voucher()
			b.last = max(b.last, e.Seq)
			if e.Reverses != 0 {
				reversals = append(reversals, e)
			}
			b.doc.Entries = append(b.doc.Entries, pdf.EntryRow{
				Date: e.Date, Number: e.Voucher(), Memo: b.memo(e), Fund: e.FundName(string(b.lang)), In: e.Income, Out: e.Expense,
			})
		}
	}
	for _, e := range reversals {
		of, known := vouchers[e.Reverses]
		if !known {
			undone, err := ledger.EntryAt(b, b.q, b.c.ID, e.Reverses)
			if err != nil {
				return err
			}
			of = undone.Voucher()
		}
		b.doc.Reversals = append(b.doc.Reversals, pdf.ReversalRow{
			Date: e.Date, Number: e.Voucher(), Of: of, Why: e.Detail, Amount: either(e.Income, e.Expense),
		})
	}
	return nil
}

// memo is what an entry says. A gift's is translated; the others stand as somebody wrote them.
func (b *books) memo(e ledger.JournalEntry) string {
	if e.Kind == "donation" {
		return b.lang.T("issue.gift")
	}
	return e.Memo
}

func either(a, b money.Amount) money.Amount {
	if a.IsZero() {
		return b
	}
	return a
}
