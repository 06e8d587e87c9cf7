package desk

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/box"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

func init() {
	page.Meaning(ledger.ErrArrived, fiber.StatusConflict, "error.moved_on")
}

// unbankedRow is money of a box that lies in the safe.
type unbankedRow struct {
	box.Round
	Number, Where string
}

// fundCashRow is other cash in the safe, of one fund.
type fundCashRow struct {
	ledger.FundCash
	Name  string
	Field string // of the form: how much of it goes to the bank
}

type depositsView struct {
	*page.Form
	Held      []holdingRow // where all the cash is
	Lost      bool         // the safe has less than nothing: some cash is nobody's
	Boxes     []unbankedRow
	BoxTotal  money.Amount
	Funds     []fundCashRow
	Total     money.Amount // what may go to the bank
	Short     money.Amount // what some funds paid out beyond their own cash: it was other funds'
	Deposits  []depositRow
	MayBank   bool
	MayArrive bool
}

// holdingRow is cash with its keeper's name.
type holdingRow struct {
	sale.Holding
	Name string
}

type depositRow struct {
	ledger.CashDeposit
	Who string
}

const depositsMax = 50

// Deposits shows where all the cash is, and what is on its way to the bank.
func (p *Pages) Deposits(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	v, err := p.depositsView(c, f)
	if err != nil {
		return err
	}
	if v.Total.Sign() > 0 {
		f.Set("day", page.Of(c).Local(p.Now()).Format(time.DateOnly)).Set("boxes", "yes")
		lent, total := v.Short, v.BoxTotal
		for _, row := range v.Funds {
			kept := row.Amount
			if lent.Less(kept) {
				kept = lent
			}
			lent, total = lent.Sub(kept), total.Add(row.Amount.Sub(kept))
			f.Set(row.Field, row.Amount.Sub(kept).String())
		}
		f.Set("amount", total.String())
	}
	return page.Render(c, "desk/deposits", v)
}

func (p *Pages) depositsView(c *fiber.Ctx, f *page.Form) (v depositsView, err error) {
	v = depositsView{Form: labelled(f, "deposit.field", "slip", "amount", "day", "reason", "boxes"), MayBank: can(c, auth.EnterCash), MayArrive: can(c, auth.Reconcile)}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	name, err := p.named(c)
	if err != nil {
		return v, err
	}
	held, err := sale.CashByKeeper(ctx, p.DB, here)
	if err != nil {
		return v, err
	}
	for _, h := range held {
		row := holdingRow{Holding: h}
		if h.Who != "" {
			row.Name = name(h.Who)
		}
		v.Held, v.Lost = append(v.Held, row), v.Lost || h.Amount.Sign() < 0
	}
	if err := p.safe(c, &v); err != nil {
		return v, err
	}
	banked, err := ledger.CashDeposits(ctx, p.DB, here, depositsMax)
	for _, d := range banked {
		v.Deposits = append(v.Deposits, depositRow{d, name(d.EnteredBy)})
	}
	return v, err
}

// safe says what lies in the safe: box by box, and the rest by fund, drawers apart.
func (p *Pages) safe(c *fiber.Ctx, v *depositsView) error {
	ctx, here, lang := c.UserContext(), page.Of(c).Community.ID, string(page.Of(c).Lang)
	if err := p.boxesInSafe(ctx, v, here, lang); err != nil {
		return err
	}
	rest, err := p.restOfSafe(ctx, here)
	if err != nil {
		return err
	}
	funds, err := ledger.ListFunds(ctx, p.DB, here)
	if err != nil {
		return err
	}
	v.Total = v.BoxTotal
	for _, f := range funds {
		if amount := rest[f.ID]; amount.Sign() > 0 {
			row := fundCashRow{ledger.FundCash{Fund: f.ID, Amount: amount}, f.Name(lang), "fund" + strconv.Itoa(f.ID)}
			v.Label(row.Field, "deposit.field.part")
			v.Funds, v.Total = append(v.Funds, row), v.Total.Add(amount)
		} else {
			v.Short = v.Short.Sub(amount)
		}
	}
	return nil
}

// boxesInSafe says what boxes' money lies in the safe.
func (p *Pages) boxesInSafe(ctx context.Context, v *depositsView, here int, lang string) error {
	rounds, err := box.Unbanked(ctx, p.DB, here)
	if err != nil {
		return err
	}
	boxes, err := box.List(ctx, p.DB, here)
	if err != nil {
		return err
	}
	of := map[int]box.Box{}
	for _, b := range boxes {
		of[b.ID] = b
	}
	for _, r := range rounds {
		b := of[r.BoxID]
		v.Boxes, v.BoxTotal = append(v.Boxes, unbankedRow{r, b.Number, b.Place(lang)}), v.BoxTotal.Add(*r.Amount)
	}
	return nil
}

// restOfSafe is the cash of each fund that is neither of a box nor in an open drawer.
func (p *Pages) restOfSafe(ctx context.Context, here int) (rest map[int]money.Amount, err error) {
	all, err := ledger.CashByFund(ctx, p.DB, here)
	if err != nil {
		return nil, err
	}
	boxes, err := box.InSafe(ctx, p.DB, here)
	if err != nil {
		return nil, err
	}
	drawers, err := sale.DrawersByFund(ctx, p.DB, here)
	rest = map[int]money.Amount{}
	for _, part := range all {
		rest[part.Fund] = part.Amount
	}
	for _, part := range append(boxes, drawers...) {
		rest[part.Fund] = rest[part.Fund].Sub(part.Amount)
	}
	return rest, err
}

// BankCash takes the bank's slip for cash of the safe.
func (p *Pages) BankCash(c *fiber.Ctx) error {
	v, err := p.depositsView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	d, parts := p.readDeposit(v)
	if v.AnyWrong() {
		return page.Again(c, "desk/deposits", v)
	}
	err = p.bank(c, d, parts, v.Bool("boxes") && len(v.Boxes) > 0)
	switch {
	case mended(v.Form, err):
		return page.Again(c, "desk/deposits", v)
	case errors.Is(err, box.ErrState), errors.Is(err, ledger.ErrNoMoney):
		return page.Done(c, "/desk/deposits", "deposit.nothing")
	case err != nil:
		return err
	}
	return page.Done(c, "/desk/deposits", "deposit.banked", "amount", d.Amount.Yuan(), "slip", d.Slip)
}

// readDeposit reads the slip, and how much of each fund's cash went with it.
func (p *Pages) readDeposit(v depositsView) (d ledger.CashDeposit, parts []ledger.FundCash) {
	d = ledger.CashDeposit{
		ID: v.Once("", "slip", "amount", "day"), Slip: v.Text("slip", 40), Amount: v.Amount("amount"), DepositedOn: v.Date("day"),
		Reason: v.Text("reason", reasonMax, page.Optional), EnteredAt: p.Now(),
	}
	total := money.Zero
	if v.Bool("boxes") {
		total = v.BoxTotal
	}
	for _, row := range v.Funds {
		part := ledger.FundCash{Fund: row.Fund, Amount: v.Amount(row.Field, page.Optional, page.Zero)}
		if row.Amount.Less(part.Amount) {
			v.Wrong(row.Field, "deposit.wrong.part", "amount", row.Amount.Yuan())
		}
		parts, total = append(parts, part), total.Add(part.Amount)
	}
	if !v.AnyWrong() && !d.Amount.Equal(total) && d.Reason == "" {
		v.Wrong("reason", "deposit.wrong.reason", "amount", d.Amount.Yuan(), "total", total.Yuan())
	}
	return d, parts
}

// bank runs the verb with its line in the audit log.
func (p *Pages) bank(c *fiber.Ctx, d ledger.CashDeposit, parts []ledger.FundCash, boxes bool) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	return p.act(c, "cash.bank", "deposit:"+d.ID.String(), nil, func(tx *sqlx.Tx, who string) (err error) {
		if d.EnteredBy = who; boxes {
			_, err = box.Bank(c.UserContext(), tx, community, d, parts...)
		} else {
			_, err = ledger.DepositCash(c.UserContext(), tx, community, d, parts)
		}
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
	err = p.act(c, "cash.arrive", "deposit:"+id.String(), nil, func(tx *sqlx.Tx, who string) error {
		return ledger.CashArrived(c.UserContext(), tx, community, id, who, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/deposits", "deposit.arrived")
}
