package pdf

import (
	"io"
	"strings"
	"time"

	"fund/ledger/money"
	"fund/web/picture"
)

// TransferDoc is what a donor copies into a bank's form, in the document's language.
type TransferDoc struct {
	Lang      string
	Community string
	Phone     string // to ask; may be empty
	Campaign  string
	Holder    string // 户名
	Bank      string // 开户行
	Account   string // 账号
	Amount    money.Amount
	Reference string    // into 附言
	Made      time.Time // stands as the file's date, so that the same paper is always the same bytes
	StatusURL string    // where the donor sees that it came
}

// Transfer draws the paper on an A5 page: figures large enough to copy at a counter.
func Transfer(w io.Writer, t TransferDoc) error {
	c, err := newCanvas()
	if err != nil {
		return err
	}
	qr, err := picture.QR{Text: t.StatusURL}.Picture()
	if err != nil {
		return err
	}
	c.page(148, 210)
	const x1, x2, answer = 16.0, 132.0, 44.0
	small, large := style{size: 10.5, ink: ink2}, style{size: 15, bold: true, ink: inkText}
	c.letterhead(x1, x2, 17.6, t.Community, "", style{size: 11})
	c.text((x1+x2)/2, 31, say(t.Lang, "transfer"), style{size: 20, bold: true, ink: inkText}, middle)
	c.double(x1, x2, 36, inkSerial)
	y := 37.0
	fact := func(key, value string, s style) {
		lines := c.lines(value, x2-answer, s)
		y += 4.2 + s.size*0.36
		c.text(x1, y, say(t.Lang, key), c.shrink(say(t.Lang, key), small, answer-x1-2, 7), left)
		for i, l := range lines {
			c.text(answer, y+float64(i)*s.size*0.5, l, s, left)
		}
		y += float64(len(lines)-1)*s.size*0.5 + 3.6
		c.line(x1, y, x2, y, 0.2, inkRuleRed)
	}
	fact("transfer.holder", t.Holder, large)
	fact("transfer.bank", t.Bank, style{size: 12.5, ink: inkText})
	fact("transfer.account", grouped(t.Account), large)
	fact("transfer.amount", t.Amount.Yuan(), style{size: 22, bold: true, ink: inkText})
	fact("transfer.capital", t.Amount.Capital(), large)
	fact("transfer.reference", t.Reference, style{size: 22, bold: true, ink: inkSerial})
	fact("transfer.campaign", t.Campaign, style{size: 11, ink: inkText})
	y = c.block(x1, y+7.5, x2-x1, 5.4, say(t.Lang, "transfer.how"), style{size: 10.5, ink: inkText})
	c.picture(qr, x1-2, y-1, 26, 0)
	words := say(t.Lang, "transfer.scan")
	if t.Phone != "" {
		words += "\n" + say(t.Lang, "transfer.ask", t.Phone)
	}
	c.block(x1+28, y+6, x2-x1-28, 5.2, words, small)
	return c.write(w, about{lang: t.Lang, title: say(t.Lang, "transfer") + " " + t.Reference, author: t.Community, subject: t.Campaign, made: t.Made})
}

// grouped writes an account number in fours, as cards have it.
func grouped(account string) string {
	var b strings.Builder
	for i, r := range account {
		if i > 0 && i%4 == 0 && !strings.Contains(account, "-") {
			b.WriteRune(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
