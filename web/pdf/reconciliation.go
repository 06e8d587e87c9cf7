package pdf

import (
	"io"
	"slices"
	"time"

	"fund/ledger/money"
)

// ReconciliationDoc is a bank reconciliation statement (银行存款余额调节表): what the books have and what the bank says, each put
// right by what only the other one knows. Names and lines of text are already in the document's language.
type ReconciliationDoc struct {
	Lang      string // "zh-CN" or "en"
	Community string
	Account   string // 1002 银行存款
	Label     string // the account as the bank names it, often masked; may be empty
	Through   time.Time
	Books     ReconciliationSide
	Bank      ReconciliationSide
	State     string // 已完成, 草稿
	Good      bool   // it is completed
	Said      string // what else is to be known: why it was reopened, what is missing; may be empty
	Preparer  string
	Made      time.Time // on the community's clock; stands as the file's date
}

// ReconciliationSide is one of the two: its balance and what the other side knows beyond it.
type ReconciliationSide struct {
	Balance money.Amount
	In, Out []ReconciliationItem
}

// ReconciliationItem is one movement that only one side knows. Its amount is positive.
type ReconciliationItem struct {
	Day    time.Time
	Number string // of the voucher, or of the bank
	Text   string
	Note   string // why that is all right
	Amount money.Amount
}

// Sum adds movements up.
func Sum(items []ReconciliationItem) (sum money.Amount) {
	for _, i := range items {
		sum = sum.Add(i.Amount)
	}
	return sum
}

// Put puts a movement, signed, to where the form has it.
func (s *ReconciliationSide) Put(i ReconciliationItem) {
	if i.Amount.Sign() < 0 {
		i.Amount = i.Amount.Neg()
		s.Out = append(s.Out, i)
		return
	}
	s.In = append(s.In, i)
}

// Adjusted is the balance put right.
func (s ReconciliationSide) Adjusted() money.Amount {
	return s.Balance.Add(Sum(s.In)).Sub(Sum(s.Out))
}

// Difference is what neither side explains: zero in a completed statement.
func (d ReconciliationDoc) Difference() money.Amount {
	return d.Bank.Adjusted().Sub(d.Books.Adjusted())
}

// Reconciliation draws the statement on A4: the two columns, what is in them one by one, and the lines for signatures.
func Reconciliation(w io.Writer, doc ReconciliationDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	d := &agreed{&report{canvas: c, doc: ReportDoc{Head: Head{Lang: doc.Lang, Community: doc.Community}}, bottom: foot, grid: roomy}, doc}
	d.section = d.say("agreed.title")
	d.page(pageW, pageH)
	d.bookmark(d.section, 0, 0)
	d.head()
	d.form()
	d.items("agreed.books_in", "agreed.number_bank", doc.Books.In)
	d.items("agreed.books_out", "agreed.number_bank", doc.Books.Out)
	d.items("agreed.bank_in", "agreed.number_books", doc.Bank.In)
	d.items("agreed.bank_out", "agreed.number_books", doc.Bank.Out)
	d.sign()
	title := doc.Community + " · " + d.section + " · " + doc.Through.Format(time.DateOnly)
	d.feet(doc.Lang, title)
	return c.write(w, about{lang: doc.Lang, title: title, author: doc.Community, subject: doc.Account, made: doc.Made})
}

// agreed is a statement being drawn with the tables of the transparency report.
type agreed struct {
	*report
	said ReconciliationDoc
}

func (d *agreed) head() {
	state := style{size: 12, bold: true, ink: inkSerial}
	if d.said.Good {
		state.ink = inkText
	}
	d.letterhead(margin, pageW-margin, 20.5, d.said.Community, d.said.State, state)
	d.double(margin, pageW-margin, 25.5, inkRuleRed)
	d.text(pageW/2, 39, d.section, d.shrink(d.section, style{size: 22, bold: true, ink: inkText}, textWidth, 14), middle)
	d.text(pageW/2, 47, day(d.said.Lang, d.said.Through), style{size: 11.5, ink: ink2}, middle)
	account := d.said.Account
	if d.said.Label != "" {
		account += " · " + d.said.Label
	}
	d.text(margin, 56, d.say("agreed.account", account), style{size: 10.5, ink: inkText}, left)
	d.text(pageW-margin, 56, d.say("agreed.unit"), style{size: 10.5, ink: ink2}, right)
	d.y = 60
}

// form draws the two columns.
func (d *agreed) form() {
	books, bank := d.said.Books, d.said.Bank
	rows := []struct {
		left, right string
		a, b        money.Amount
		bold        bool
	}{
		{d.say("agreed.books"), d.say("agreed.bank"), books.Balance, bank.Balance, true},
		{d.say("agreed.plus", d.say("agreed.books_in")), d.say("agreed.plus", d.say("agreed.bank_in")), Sum(books.In), Sum(bank.In), false},
		{d.say("agreed.minus", d.say("agreed.books_out")), d.say("agreed.minus", d.say("agreed.bank_out")), Sum(books.Out), Sum(bank.Out), false},
		{d.say("agreed.adjusted"), d.say("agreed.adjusted"), books.Adjusted(), bank.Adjusted(), true},
	}
	const half = textWidth / 2
	top := d.y
	for i, r := range rows {
		s := style{size: 10, bold: r.bold, ink: inkText}
		const amountRoom = 31.0
		leftWords, rightWords := d.lines(r.left, half-amountRoom-4, s), d.lines(r.right, half-amountRoom-4, s)
		high := float64(max(len(leftWords), len(rightWords)))*5 + 5
		if i == len(rows)-1 {
			d.fill(margin, d.y, textWidth, high, inkSunk)
		}
		for n, words := range [][]string{leftWords, rightWords} {
			x := margin + half*float64(n)
			for k, l := range words {
				d.text(x+2.5, d.y+6.2+5*float64(k), l, s, left)
			}
		}
		for n, a := range []money.Amount{r.a, r.b} {
			figure := style{size: 11, bold: true, ink: inkText}
			d.text(margin+half*float64(n+1)-2.5, d.y+6.2, a.Format(), d.shrink(a.Format(), figure, amountRoom, 7), right)
		}
		d.y += high
		d.line(margin, d.y, margin+textWidth, d.y, 0.2, inkRule)
	}
	d.frame(margin, top, textWidth, d.y-top, 0.4, inkText)
	d.line(margin+half-0.45, top, margin+half-0.45, d.y, 0.25, inkRuleRed)
	d.line(margin+half+0.45, top, margin+half+0.45, d.y, 0.25, inkRuleRed)
	d.y += 8
	words, s := d.say("agreed.equal"), style{size: 11, bold: true, ink: inkText}
	if off := d.said.Difference(); !off.IsZero() {
		words, s.ink = d.say("agreed.off", off.Format()), inkSerial
	}
	d.y = d.block(margin, d.y, textWidth, 6, words, s)
	if d.said.Said != "" {
		d.y = d.block(margin, d.y, textWidth, 6, d.said.Said, style{size: 10.5, ink: ink2})
	}
	d.y += 4
}

// items lists what only one side knows; notes have a column where there are any.
func (d *agreed) items(title, number string, items []ReconciliationItem) {
	if len(items) == 0 {
		return
	}
	d.need(44)
	d.y += 9
	d.report.head(d.say(title), Sum(items).Format())
	const days, numbers, amounts = 24.0, 28.0, 28.0
	words := textWidth - days - numbers - amounts
	cols := []column{
		{head: d.say("agreed.day"), width: days, soft: true}, {head: d.say(number), width: numbers, soft: true}, {head: d.say("agreed.what"), width: words},
	}
	noted := slices.ContainsFunc(items, func(i ReconciliationItem) bool { return i.Note != "" })
	if noted {
		cols[2].width = words * 0.55
		cols = append(cols, column{head: d.say("agreed.note"), width: words * 0.45, soft: true})
	}
	shown := items[:min(len(items), itemsMax)]
	rows := make([]line, len(shown))
	for i, it := range shown {
		rows[i] = line{cells: []string{it.Day.Format(time.DateOnly), it.Number, it.Text}}
		if noted {
			rows[i].cells = append(rows[i].cells, it.Note)
		}
		rows[i].cells = append(rows[i].cells, it.Amount.Format())
	}
	d.table(append(cols, column{head: d.say("agreed.amount"), width: amounts, amount: true}), rows)
	if left := len(items) - len(shown); left > 0 {
		d.y = d.block(margin, d.y+4, textWidth, 6, d.say("agreed.left_out", count(left), Sum(items[itemsMax:]).Format()), style{size: 10.5, ink: ink2})
	}
}

// itemsMax keeps the draft of a year that nobody has matched yet from being a thousand pages.
const itemsMax = 2000

// sign draws who made it and when, and the lines on which people sign.
func (d *agreed) sign() {
	d.need(40)
	d.y += 10
	d.block(margin, d.y, textWidth, 6, d.say("agreed.made", d.said.Preparer, clock(d.said.Lang, d.said.Made)), style{size: 10.5, ink: ink2})
	d.y += 16
	d.signatures("agreed.preparer", "agreed.reviewer", "agreed.head")
	d.y += 10
}
