package pdf

import (
	"io"
	"time"

	"fund/campaigns/sale"
	"fund/ledger/money"
)

// SaleResultDoc is what a charity sale brought in and cost. Names are already in the document's language.
type SaleResultDoc struct {
	Lang        string // "zh-CN" or "en"
	Community   string
	Name        string
	Where       string // may be empty
	Note        string // what the proceeds are for; may be empty
	Fund        string
	From, Until time.Time
	Running     bool      // it still sells
	Made        time.Time // on the community's clock
	Result      sale.Result
}

// SaleResult draws it on A4 for the notice board: the sum, what was sold, what it cost.
func SaleResult(w io.Writer, doc SaleResultDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	d := &report{canvas: c, doc: ReportDoc{Head: Head{Lang: doc.Lang, Community: doc.Community}}, bottom: foot, grid: roomy}
	d.section = doc.Name
	d.page(pageW, pageH)
	d.saleHead(doc)
	d.saleSum(doc.Result)
	d.saleItems(doc.Result)
	d.saleCosts(doc.Result)
	title := doc.Community + " · " + doc.Name
	d.feet(doc.Lang, title)
	return c.write(w, about{lang: doc.Lang, title: title, author: doc.Community, subject: doc.Note, made: doc.Made})
}

func (d *report) saleHead(doc SaleResultDoc) {
	d.letterhead(margin, pageW-margin, 20.5, doc.Community, d.say("sold.title"), style{size: 12, bold: true, ink: inkSerial})
	d.double(margin, pageW-margin, 25.5, inkRuleRed)
	d.text(margin, 38, doc.Name, d.shrink(doc.Name, style{size: 22, bold: true, ink: inkText}, textWidth, 13), left)
	when := day(doc.Lang, doc.From)
	if !doc.Until.Equal(doc.From) {
		when = d.say("key.range", when, day(doc.Lang, doc.Until))
	}
	if doc.Where != "" {
		when += " · " + doc.Where
	}
	d.y = d.block(margin, 46, textWidth, 6, when, style{size: 11, ink: ink2})
	if doc.Note != "" {
		d.y = d.block(margin, d.y+1, textWidth, 6, doc.Note, style{size: 11.5, ink: inkText})
	}
	state := d.say("sold.made", clock(doc.Lang, doc.Made))
	if doc.Running {
		state += " " + d.say("sold.running")
	}
	d.y = d.block(margin, d.y+1, textWidth, 6, state+" "+d.say("sold.into", doc.Fund), style{size: 10.5, ink: ink2}) + 4
}

func (d *report) saleSum(r sale.Result) {
	rows := []line{{cells: []string{d.say("sold.sales", count(r.Sales.Count)), figure(r.Sales.Amount)}}}
	if r.Refunds.Count > 0 {
		rows = append(rows, line{cells: []string{d.say("sold.refunds", count(r.Refunds.Count)), figure(r.Refunds.Amount.Neg())}})
	}
	rows = append(rows, line{cells: []string{d.say("sold.costs"), figure(r.Costs.Neg())}})
	if !r.OverShort.IsZero() {
		rows = append(rows, line{cells: []string{d.say("sold.over_short"), figure(r.OverShort)}})
	}
	left := line{cells: []string{d.say("sold.surplus"), r.Surplus().Format()}, kind: total}
	if r.Tips.Count > 0 {
		left.note = d.say("sold.tips", count(r.Tips.Count), r.Tips.Amount.Yuan())
	}
	d.table([]column{{head: d.say("z.what"), width: textWidth - 40}, {head: d.say("z.amount"), width: 40, amount: true}}, append(rows, left))
}

func (d *report) saleItems(r sale.Result) {
	if len(r.Items) == 0 {
		return
	}
	d.need(40)
	d.y += 9
	d.head(d.say("sold.items"), "")
	var rows []line
	all := money.Zero
	for _, i := range r.Items {
		all = all.Add(i.Earned())
		rows = append(rows, line{cells: []string{i.Code, i.Called(d.doc.Lang), count(i.Sold()), figure(i.Earned())}})
	}
	rows = append(rows, line{cells: []string{"", d.say("z.together"), "", all.Format()}, kind: total})
	d.table([]column{
		{head: d.say("z.code"), width: 22, soft: true},
		{head: d.say("z.item"), width: textWidth - 86},
		{head: d.say("z.pieces"), width: 24, number: true},
		{head: d.say("z.amount"), width: 40, amount: true},
	}, rows)
}

func (d *report) saleCosts(r sale.Result) {
	if len(r.Spent) == 0 {
		return
	}
	d.need(40)
	d.y += 9
	d.head(d.say("sold.spent"), "")
	var rows []line
	for _, k := range r.Spent {
		rows = append(rows, line{cells: []string{k.SpentOn.Format(time.DateOnly), k.What, figure(k.Amount)}})
	}
	rows = append(rows, line{cells: []string{"", d.say("z.together"), r.Costs.Format()}, kind: total})
	d.table([]column{{head: d.say("agreed.day"), width: 30, soft: true}, {head: d.say("z.what"), width: textWidth - 70}, {head: d.say("z.amount"), width: 40, amount: true}}, rows)
}
