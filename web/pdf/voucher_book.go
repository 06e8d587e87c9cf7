package pdf

import (
	"cmp"
	"maps"
	"slices"

	"fund/ledger/money"
	"fund/web/picture"
)

// cover draws the first page of a month's book: which vouchers it holds, who keeps it, and what each account moved
// (科目汇总表), so that the book can be agreed with the ledger without turning its pages.
func (d *vouchers) cover() {
	first, last := d.doc.Vouchers[0], d.doc.Vouchers[len(d.doc.Vouchers)-1]
	r := &report{canvas: d.canvas, doc: ReportDoc{Head: Head{Lang: d.doc.Lang, Community: d.doc.Community}}, bottom: foot, grid: tight, section: d.say("voucher.book")}
	d.page(pageW, pageH)
	d.bookmark(d.say("voucher.book"), 0, 0)
	d.picture(picture.Mark(), margin, 17, 8, 0)
	d.text(margin+10.5, 23.2, d.doc.Community, style{size: 13, ink: ink2}, left)
	d.text(pageW/2, 52, d.say("voucher.book"), style{size: 30, bold: true, ink: inkText}, middle)
	d.double(pageW/2-40, pageW/2+40, 58, inkSerial)
	d.text(pageW/2, 70, d.doc.Book, style{size: 16, ink: inkText}, middle)
	papers, sum := 0, money.Zero
	for _, v := range d.doc.Vouchers {
		papers, sum = papers+v.Papers, sum.Add(v.Sum())
	}
	y := 84.0
	for _, fact := range [][2]string{
		{"voucher.numbers", first.Number + " – " + last.Number},
		{"voucher.count", count(len(d.doc.Vouchers))},
		{"voucher.papers_all", count(papers)},
		{"voucher.sum", sum.Yuan()},
	} {
		d.text(pageW/2-46, y, d.say(fact[0]), style{size: 11, ink: ink2}, left)
		d.text(pageW/2+46, y, fact[1], style{size: 12, bold: true, ink: inkText}, right)
		d.line(pageW/2-46, y+2.6, pageW/2+46, y+2.6, 0.2, inkRule)
		y += 9
	}
	y += 8
	room := textWidth / 3
	for i, who := range []string{"voucher.head", "voucher.binder", "voucher.bound_on"} {
		at := margin + room*float64(i)
		w := d.text(at, y, d.say(who), style{size: 10.5, ink: ink2}, left)
		d.line(at+w+2, y+1.2, at+room-5, y+1.2, 0.3, inkRuleStrong)
	}
	r.y = y + 14
	d.text(margin, r.y, d.say("voucher.accounts"), style{size: 13, bold: true, ink: inkText}, left)
	r.y += 4
	r.table([]column{
		{head: d.say("voucher.account"), width: textWidth - 68}, {head: d.say("voucher.debit"), width: 34, amount: true}, {head: d.say("voucher.credit"), width: 34, amount: true},
	}, d.moved(sum))
}

// moved sums what each account moved.
func (d *vouchers) moved(sum money.Amount) (rows []line) {
	type sides struct{ debit, credit money.Amount }
	of := map[string]sides{}
	for _, v := range d.doc.Vouchers {
		for _, r := range v.Rows {
			s := of[r.Account]
			if r.Amount.Sign() > 0 {
				s.debit = s.debit.Add(r.Amount)
			} else {
				s.credit = s.credit.Sub(r.Amount)
			}
			of[r.Account] = s
		}
	}
	blank := func(a money.Amount) string {
		if a.IsZero() {
			return ""
		}
		return a.Format()
	}
	for _, account := range slices.SortedFunc(maps.Keys(of), cmp.Compare) {
		rows = append(rows, line{cells: []string{account, blank(of[account].debit), blank(of[account].credit)}})
	}
	return append(rows, line{kind: total, cells: []string{d.say("voucher.total"), sum.Format(), sum.Format()}})
}
