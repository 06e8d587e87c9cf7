package desk

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/box"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

// unbankedRow is money of a box that lies in the safe.
type unbankedRow struct {
	box.Round
	Number, Where string
}

type depositsView struct {
	*page.Form
	Safe      []unbankedRow
	Total     money.Amount
	Deposits  []depositRow
	MayBank   bool
	MayArrive bool
}

type depositRow struct {
	box.Deposit
	Who     string
	Voucher string
}

const depositsMax = 50

// Deposits shows the boxes' money in the safe and on its way to the bank.
func (p *Pages) Deposits(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	v, err := p.depositsView(c, f)
	if err != nil {
		return err
	}
	if v.Total.Sign() > 0 {
		f.Set("amount", v.Total.String()).Set("day", page.Of(c).Local(p.Now()).Format(time.DateOnly))
	}
	return page.Render(c, "desk/deposits", v)
}

func (p *Pages) depositsView(c *fiber.Ctx, f *page.Form) (v depositsView, err error) {
	v = depositsView{Form: labelled(f, "deposit.field", "slip", "amount", "day", "reason"), MayBank: can(c, auth.EnterCash), MayArrive: can(c, auth.Reconcile)}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	safe, err := box.Unbanked(ctx, p.DB, here)
	if err != nil {
		return v, err
	}
	for _, r := range safe {
		b, err := box.Find(ctx, p.DB, here, r.BoxID)
		if err != nil {
			return v, err
		}
		v.Safe, v.Total = append(v.Safe, unbankedRow{r, b.Number, b.Place(string(page.Of(c).Lang))}), v.Total.Add(*r.Amount)
	}
	name, err := p.named(c)
	if err != nil {
		return v, err
	}
	banked, err := box.Deposits(ctx, p.DB, here, depositsMax)
	for _, d := range banked {
		voucher, err := p.voucher(ctx, here, d.EntrySeq)
		if err != nil {
			return v, err
		}
		v.Deposits = append(v.Deposits, depositRow{d, name(d.EnteredBy), voucher})
	}
	return v, err
}

// voucher is the number of an entry as people write it.
func (p *Pages) voucher(ctx context.Context, community int, seq int64) (string, error) {
	entry, err := ledger.EntryAt(ctx, p.DB, community, seq)
	return entry.Voucher(), err
}

// BankBoxes takes the bank's slip for the money in the safe.
func (p *Pages) BankBoxes(c *fiber.Ctx) error {
	v, err := p.depositsView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	d := box.Deposit{
		ID: v.Once("", "slip", "amount", "day"), Slip: v.Text("slip", 40), Amount: v.Amount("amount"), DepositedOn: v.Date("day"),
		Reason: v.Text("reason", reasonMax, page.Optional), EnteredAt: p.Now(),
	}
	if !v.AnyWrong() && !d.Amount.Equal(v.Total) && d.Reason == "" && len(v.Safe) > 0 {
		v.Wrong("reason", "deposit.wrong.reason", "amount", d.Amount.Yuan(), "total", v.Total.Yuan())
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/deposits", v)
	}
	err = p.bank(c, d)
	switch {
	case mended(v.Form, err):
		return page.Again(c, "desk/deposits", v)
	case errors.Is(err, box.ErrState):
		return page.Done(c, "/desk/deposits", "deposit.nothing")
	case err != nil:
		return err
	}
	return page.Done(c, "/desk/deposits", "deposit.banked", "amount", d.Amount.Yuan(), "slip", d.Slip)
}

// bank runs the verb with its line in the audit log.
func (p *Pages) bank(c *fiber.Ctx, d box.Deposit) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	return p.act(c, "box.bank", "deposit:"+d.ID.String(), nil, func(tx *sqlx.Tx, who string) error {
		d.EnteredBy = who
		_, err := box.Bank(c.UserContext(), tx, community, d)
		return err
	})
}

// DepositArrived matches a deposit with the bank's statement.
func (p *Pages) DepositArrived(c *fiber.Ctx) error {
	id, err := uuid.Parse(c.Params("deposit"))
	if err != nil {
		return page.ErrNotFound
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "box.arrive", "deposit:"+id.String(), nil, func(tx *sqlx.Tx, who string) error {
		return box.Arrive(c.UserContext(), tx, community, id, who, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/deposits", "deposit.arrived")
}
