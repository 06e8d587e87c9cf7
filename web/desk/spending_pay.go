package desk

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/spending"
	"fund/ledger"
	"fund/web/page"
)

// PayRequest posts the payment of an approved request.
func (p *Pages) PayRequest(c *fiber.Ctx) error {
	v, err := p.requestView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	from, day := v.Form.Choice("from", page.Values(v.From)), v.Form.Date("date")
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/spending_request", v)
	}
	account, _ := b.Chart.Code(from)
	err = p.deciding(c, v, "spending.pay", func(tx *sqlx.Tx, community ledger.Community, who string) error {
		_, err := spending.Pay(c.UserContext(), tx, community, v.ID, account.ID, day, who, p.Now())
		return err
	})
	if p.spendRefused(c, v.Form, err, b) {
		return page.Again(c, "desk/spending_request", v)
	}
	return done(c, err, requestPath(v.ID), "spend.is_paid", "amount", v.Amount.Yuan())
}

// spendRefused marks the field with why a payment cannot be posted, if that is why.
func (p *Pages) spendRefused(c *fiber.Ctx, f *page.Form, err error, b books) bool {
	closedMonth(c, f, err, "date")
	if _, ok := isRefusal(err, ledger.ErrFundOverspent); ok || errors.Is(err, spending.ErrFundShort) {
		f.Wrong("from", "spend.wrong.fund_now_short")
	}
	if code, ok := isRefusal(err, ledger.ErrFundClosed); ok {
		f.Wrong("from", "journal.wrong.fund_closed", "fund", fundName(c, b, code))
	}
	return f.AnyWrong()
}

// ConfirmTransfer says that the bank made a transfer.
func (p *Pages) ConfirmTransfer(c *fiber.Ctx) error {
	v, err := p.requestView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	err = p.deciding(c, v, "spending.confirm", func(tx *sqlx.Tx, community ledger.Community, who string) error {
		_, err := spending.Confirm(c.UserContext(), tx, community, v.ID, who, p.Now())
		return err
	})
	return done(c, err, requestPath(v.ID), "spend.confirmed")
}

// UndoPayment reverses a payment and makes the request approved again.
func (p *Pages) UndoPayment(c *fiber.Ctx) error {
	v, err := p.requestView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	why := line(v.Form.Text("why", reasonMax))
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/spending_request", v)
	}
	err = p.deciding(c, v, "spending.undo", func(tx *sqlx.Tx, community ledger.Community, who string) error {
		_, err := spending.Undo(c.UserContext(), tx, community, v.ID, why, who, p.Now())
		return err
	})
	return done(c, err, requestPath(v.ID), "spend.undone")
}

// ErasePayee empties who got the money.
func (p *Pages) ErasePayee(c *fiber.Ctx) error {
	v, err := p.requestView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	err = p.deciding(c, v, "spending.erase", func(tx *sqlx.Tx, community ledger.Community, who string) error {
		return spending.ErasePayee(c.UserContext(), tx, community, v.ID, who, p.Now())
	})
	return done(c, err, requestPath(v.ID), "spend.erased")
}
