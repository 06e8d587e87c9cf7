package pdf

import (
	"fmt"
	"io"
	"time"

	"fund/ledger/money"
)

// GivingDoc is what somebody gave in a year: every receipt in a line, and the
// sum. Names and lines of text are already in the document's language.
type GivingDoc struct {
	Lang      string // "zh-CN" or "en"
	Community string // 安公社区
	Host      string // the charity that received the money; empty where it is the community
	Year      int
	Donor     string // empty prints 匿名
	Rows      []GivingRow
	VerifyURL string // where a number and its check code are tried
}

// GivingRow is one receipt.
type GivingRow struct {
	Number   string // 2017-000874
	Check    string // K7M4-92QD
	Date     time.Time
	Purpose  string
	Method   string
	Amount   money.Amount // as given
	Refunded money.Amount
}

// Sum is what was given less what went back.
func (d GivingDoc) Sum() money.Amount {
	var sum money.Amount
	for _, r := range d.Rows {
		sum = sum.Add(r.Amount).Sub(r.Refunded)
	}
	return sum
}

// Giving draws a year's receipts on A4. The last receipt's day stands as the
// file's date, so that the same year is the same bytes.
func Giving(w io.Writer, doc GivingDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	d := &report{canvas: c, doc: ReportDoc{Head: Head{Lang: doc.Lang, Community: doc.Community}}, bottom: foot, grid: roomy}
	d.section = d.say("giving.title", doc.Year)
	d.page(pageW, pageH)
	d.bookmark(d.section, 0, 0)
	d.givingHead(doc)
	made := d.givingRows(doc)
	d.givingSum(doc)
	title := doc.Community + " · " + d.section
	d.feet(doc.Lang, title)
	return c.write(w, about{lang: doc.Lang, title: title, author: doc.Community, subject: d.section, made: made})
}

func (d *report) givingHead(doc GivingDoc) {
	d.text(margin, 24, d.section, style{size: 24, bold: true, ink: inkText}, left)
	d.double(margin, pageW-margin, 29, inkRuleRed)
	donor := doc.Donor
	if donor == "" {
		donor = d.say("receipt.anonymous")
	}
	d.y = 38
	payee := d.say("receipt.own", doc.Community)
	if doc.Host != "" {
		payee = d.say("receipt.payee", doc.Host, doc.Community)
	}
	for _, line := range []string{d.say("giving.donor", donor), payee, d.say("giving.count", len(doc.Rows))} {
		d.y = d.block(margin, d.y, textWidth, 6, line, style{size: 11.5, ink: inkText})
	}
	d.y += 2
}

// givingRows draws the receipts, a table for each month with its bookmark, and
// tells the last one's day.
func (d *report) givingRows(doc GivingDoc) (last time.Time) {
	cols := []column{
		{head: d.say("giving.number"), width: 30},
		{head: d.say("receipt.date"), width: 27, soft: true},
		{head: d.say("receipt.purpose"), width: 58},
		{head: d.say("receipt.method"), width: 24, soft: true},
		{head: d.say("giving.amount"), width: 31, amount: true},
	}
	var rows []line
	var sum money.Amount
	for i, r := range doc.Rows {
		row := line{cells: []string{r.Number, r.Date.Format(time.DateOnly), r.Purpose, r.Method, r.Amount.Format()}, note: r.Check}
		rows, sum, last = append(rows, row), sum.Add(r.Amount).Sub(r.Refunded), r.Date
		if r.Refunded.Sign() > 0 {
			rows = append(rows, line{cells: []string{"", "", d.say("giving.refunded"), "", "−" + r.Refunded.Format()}, red: true})
		}
		if next := i + 1; next < len(doc.Rows) && givingMonth("", doc.Rows[next].Date) == givingMonth("", r.Date) {
			continue
		}
		d.need(40)
		name := givingMonth(doc.Lang, r.Date)
		d.bookmark(name, 1, d.y)
		d.y += 7
		d.head(name, sum.Yuan())
		d.table(cols, rows)
		rows, sum = nil, money.Zero
	}
	return last
}

func (d *report) givingSum(doc GivingDoc) {
	d.need(44)
	sum := doc.Sum()
	d.y += 6
	d.line(margin, d.y-6, pageW-margin, d.y-6, 0.3, inkText)
	d.text(margin, d.y+3, d.say("giving.sum", doc.Year), style{size: 14, bold: true, ink: inkText}, left)
	d.text(pageW-margin, d.y+3, sum.Yuan(), style{size: 18, bold: true, ink: inkText}, right)
	capital := sum.Capital()
	if doc.Lang == "en" {
		capital = InWords(sum) + " · " + capital
	}
	d.text(pageW-margin, d.y+11, capital, style{size: 12, ink: inkText}, right)
	d.double(margin, pageW-margin, d.y+15, inkText)
	d.y = d.block(margin, d.y+24, textWidth, 5.2, d.say("giving.check", doc.VerifyURL), style{size: 9.5, ink: ink2})
}

func givingMonth(lang string, day time.Time) string {
	if lang == "en" {
		return day.Format("January 2006")
	}
	return fmt.Sprintf("%d 年 %d 月", day.Year(), day.Month())
}
