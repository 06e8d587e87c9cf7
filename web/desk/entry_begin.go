package desk

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
)

// begun is a form that nobody has sent: blank, or with what ?copy= or ?template= names.
func (p *Pages) begun(c *fiber.Ctx, b books) (f *page.Form, lines int, err error) {
	f = page.BlankForm(c).Set("date", p.today(c))
	switch {
	case c.Query("copy") != "":
		lines, err = p.beginCopy(c, f, b, c.Query("copy"))
	case c.Query("template") != "":
		lines, err = p.beginTemplate(c, f, b, c.Query("template"))
	}
	return f, max(lines, linesAtFirst), err
}

// beginCopy fills a form in with another entry: all but its day.
func (p *Pages) beginCopy(c *fiber.Ctx, f *page.Form, b books, voucher string) (lines int, err error) {
	e, err := p.entryAt(c, voucher)
	if err != nil {
		return 0, err
	}
	postings, err := ledger.Lines(c.UserContext(), p.DB, page.Of(c).Community.ID, e.Seq)
	if err != nil {
		return 0, err
	}
	f.Set("from", "copy:"+e.Voucher()).Set("memo", e.Memo).Set("detail", e.Detail)
	for _, l := range postings {
		lines++
		b.fillLine(c, f, lines, l.AccountID, l.FundID, l.Amount)
	}
	return min(lines, linesMax), nil
}

// beginTemplate fills a form in with a template. A line whose amount is another every time says on which side it goes.
func (p *Pages) beginTemplate(c *fiber.Ctx, f *page.Form, b books, id string) (lines int, err error) {
	t, err := ledger.FindTemplate(c.UserContext(), p.DB, page.Of(c).Community.ID, page.ParseNumber(id))
	if err != nil {
		return 0, err
	}
	f.Set("from", "template:"+id).Set("template", t.Name).Set("memo", t.Memo).Set("detail", t.Detail)
	for _, l := range t.Lines {
		lines++
		amount := l.Amount
		if !l.Debit {
			amount = amount.Neg()
		}
		b.fillLine(c, f, lines, l.Account, l.Fund, amount)
		if amount.IsZero() {
			f.Set(fmt.Sprintf("side-%d", lines), map[bool]string{true: "debit", false: "credit"}[l.Debit])
		}
	}
	return lines, nil
}

func (b books) fillLine(c *fiber.Ctx, f *page.Form, n, account, fund int, amount money.Amount) {
	if a, ok := b.Chart.ID(account); ok {
		f.Set(fmt.Sprintf("account-%d", n), a.Code+" "+a.Name(string(page.Of(c).Lang)))
	}
	f.Set(fmt.Sprintf("fund-%d", n), b.fundAt(fund).Code)
	switch amount.Sign() {
	case 1:
		f.Set(fmt.Sprintf("debit-%d", n), amount.String())
	case -1:
		f.Set(fmt.Sprintf("credit-%d", n), amount.Neg().String())
	}
}

// entryAt finds the entry of a voucher number as an address has it: 2017-2186.
func (p *Pages) entryAt(c *fiber.Ctx, voucher string) (e ledger.JournalEntry, err error) {
	year, number, ok := ledger.ParseSerial(voucher)
	if !ok {
		return e, page.ErrNotFound
	}
	return ledger.FindEntry(c.UserContext(), p.DB, page.Of(c).Community.ID, year, number)
}
