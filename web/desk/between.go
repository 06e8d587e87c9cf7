package desk

import (
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

const betweenPath = "/desk/between"

// betweenView is what funds owe each other.
type betweenView struct {
	Open, Done []loanRow
	Owed       money.Amount // of all open loans
	MayLend    bool
}

type loanRow struct {
	ledger.FundLoan
	From, To string
	Days     int
	Late     bool
}

// Between lists the loans between funds, the oldest first.
func (p *Pages) Between(c *fiber.Ctx) error {
	loans, err := ledger.ListFundLoans(c.UserContext(), p.DB, page.Of(c).Community.ID)
	if err != nil {
		return err
	}
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	v := betweenView{MayLend: can(c, auth.PostEntry)}
	for _, l := range loans {
		row := p.loanRow(c, b, l)
		if l.Rest().IsZero() {
			v.Done = append(v.Done, row)
		} else {
			v.Open, v.Owed = append(v.Open, row), v.Owed.Add(l.Rest())
		}
	}
	return page.Render(c, "desk/between", v)
}

func (p *Pages) loanRow(c *fiber.Ctx, b books, l ledger.FundLoan) loanRow {
	today := dateOf(page.Of(c).Local(p.Now()))
	return loanRow{FundLoan: l, From: b.fundName(c, l.From), To: b.fundName(c, l.To), Days: l.Age(today), Late: l.Overdue(today)}
}

// dateOf is the day of a clock, as the books have days.
func dateOf(t time.Time) time.Time { return ledger.Day(t.Year(), t.Month(), t.Day()) }

// fundName is the name of a fund by its id.
func (b books) fundName(c *fiber.Ctx, id int) string {
	return b.fundAt(id).Name(string(page.Of(c).Lang))
}

// shiftView is the form for money that passes from one fund to another: a loan, or a transfer.
type shiftView struct {
	*page.Form
	b        books
	Froms    []page.Option
	Tos      []page.Option
	Accounts []page.Option
}

func (p *Pages) shiftView(c *fiber.Ctx, f *page.Form) (v shiftView, err error) {
	v.Form = labelled(f, "between.field", "from", "to", "account", "amount", "date", "due", "why", "motion")
	if v.b, err = p.readBooks(c); err != nil {
		return v, err
	}
	places := v.b.moneyAccounts(ledger.Bank, ledger.Cash)
	for _, a := range places {
		v.Accounts = append(v.Accounts, page.Option{Value: a.Code, Label: a.Name(string(page.Of(c).Lang))})
	}
	held, err := p.heldIn(c, places)
	for _, fund := range v.b.Funds {
		if fund.ClosedAt != nil {
			continue
		}
		option := page.Option{Value: fund.Code, Label: fund.Name(string(page.Of(c).Lang))}
		v.Tos = append(v.Tos, option)
		if amount := held[fund.ID]; amount.Sign() > 0 {
			option.Label += " · " + amount.Yuan()
			v.Froms = append(v.Froms, option)
		}
	}
	return v, err
}

// moneyAccounts are the open accounts of money, where it can be counted out: those with one of the purposes, and those
// below them.
func (b books) moneyAccounts(purposes ...ledger.Purpose) (all []ledger.Account) {
	for _, purpose := range purposes {
		top, ok := b.Chart.By(purpose)
		for _, a := range b.Chart {
			if ok && a.ClosedAt == nil && a.Type == ledger.Asset && strings.HasPrefix(a.Code, top.Code) {
				all = append(all, a)
			}
		}
	}
	return all
}

// heldIn is what each fund has in some accounts together.
func (p *Pages) heldIn(c *fiber.Ctx, accounts []ledger.Account) (map[int]money.Amount, error) {
	now := page.Of(c).Local(p.Now())
	rows, err := ledger.Balances(c.UserContext(), p.DB, page.Of(c).Community.ID, now, now)
	held := map[int]money.Amount{}
	for _, row := range rows {
		for _, a := range accounts {
			if row.AccountID == a.ID {
				held[row.FundID] = held[row.FundID].Add(row.Closing())
			}
		}
	}
	return held, err
}

// NewLoan is the form for a loan between funds.
func (p *Pages) NewLoan(c *fiber.Ctx) error { return p.newShift(c, "desk/between_loan_new") }

// NewTransfer is the form for a transfer between funds.
func (p *Pages) NewTransfer(c *fiber.Ctx) error { return p.newShift(c, "desk/between_transfer_new") }

func (p *Pages) newShift(c *fiber.Ctx, template string) error {
	v, err := p.shiftView(c, page.BlankForm(c).Set("date", p.today(c)))
	if err != nil {
		return err
	}
	if len(v.Accounts) > 0 {
		v.Set("account", v.Accounts[0].Value)
	}
	return page.Render(c, template, v)
}

// read reads what a loan and a transfer have in common.
func (v shiftView) read() (t ledger.Transfer) {
	from, _ := v.b.fund(v.Choice("from", page.Values(v.Froms)))
	to, _ := v.b.fund(v.Choice("to", page.Values(v.Tos)))
	account, _ := v.b.Chart.Code(v.Choice("account", page.Values(v.Accounts)))
	t = ledger.Transfer{From: from.ID, To: to.ID, Account: account.ID, Amount: v.Amount("amount"), On: v.Date("date"), Why: line(v.Text("why", 160))}
	t.ID = v.Once("", "from", "to", "account", "amount", "date", "why")
	return t
}

// Lend posts a loan from one fund to another.
func (p *Pages) Lend(c *fiber.Ctx) error {
	v, err := p.shiftView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	t := v.read()
	l := ledger.FundLoan{ID: t.ID, From: t.From, To: t.To, Account: t.Account, Amount: t.Amount, LentOn: t.On, Why: t.Why}
	if due := v.Date("due", page.Optional); !due.IsZero() {
		if l.DueOn = &due; due.Before(l.LentOn) {
			v.Wrong("due", "between.wrong.due")
		}
	}
	if !v.AnyWrong() {
		err = p.post(c, "fund_loan.post", "fund_loan:"+l.ID.String(), func(tx *sqlx.Tx, community ledger.Community, who string) (ledger.Posted, error) {
			l.By = who
			return ledger.LendBetweenFunds(c.UserContext(), tx, community, l)
		})
	}
	if refusedBetween(c, v.Form, v.b, err) || v.AnyWrong() {
		return page.Again(c, "desk/between_loan_new", v)
	}
	return done(c, err, betweenPath, "between.lent", "amount", l.Amount.Yuan())
}

// Transfer posts a transfer from one fund to another.
func (p *Pages) Transfer(c *fiber.Ctx) error {
	v, err := p.shiftView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	t := v.read()
	t.Motion = line(v.Text("motion", 80, page.Optional))
	if len([]rune(t.Why+t.Motion)) > 190 {
		v.Wrong("motion", "form.wrong.long", "max", 40, "length", len([]rune(t.Motion)))
	}
	if !v.AnyWrong() {
		err = p.post(c, "fund_transfer.post", "transfer:"+t.ID.String(), func(tx *sqlx.Tx, community ledger.Community, who string) (ledger.Posted, error) {
			t.By = who
			return ledger.TransferBetweenFunds(c.UserContext(), tx, community, t)
		})
	}
	if refusedBetween(c, v.Form, v.b, err) || v.AnyWrong() {
		return page.Again(c, "desk/between_transfer_new", v)
	}
	return done(c, err, betweenPath, "between.moved", "amount", t.Amount.Yuan())
}

// post runs a verb that posts one entry; the same form sent twice is done as well.
func (p *Pages) post(c *fiber.Ctx, name, subject string, verb func(tx *sqlx.Tx, community ledger.Community, who string) (ledger.Posted, error)) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	detail := map[string]any{}
	err = p.act(c, name, subject, detail, func(tx *sqlx.Tx, who string) error {
		posted, err := verb(tx, community, who)
		detail["voucher"] = posted.Voucher()
		return err
	})
	if errors.Is(err, ledger.ErrDuplicateSource) {
		return nil
	}
	p.moved(c, 0)
	return err
}

// refusedBetween says in the form why money may not pass; false for any other error, and for none.
func refusedBetween(c *fiber.Ctx, f *page.Form, b books, err error) bool {
	switch {
	case errors.Is(err, ledger.ErrSameFund):
		f.Wrong("to", "between.wrong.same")
	case errors.Is(err, ledger.ErrNoMoney), errors.Is(err, ledger.ErrFundOverspent):
		f.Wrong("amount", "between.wrong.money")
	case errors.Is(err, ledger.ErrNeedsVote):
		f.Wrong("motion", "between.wrong.motion")
	case errors.Is(err, ledger.ErrOverRepaid):
		f.Wrong("amount", "between.wrong.over")
	case errors.Is(err, ledger.ErrRepaid):
		f.Wrong("why", "between.wrong.repaid")
	default:
		return refused(c, f, err, b)
	}
	return true
}

// loanView is one loan with what came back of it.
type loanView struct {
	loanRow
	b       books
	Account string
	Who     func(who string) string
	Back    []ledger.Repaid
	Repay   *page.Form // nil where nothing is owed, or for who may not
	Undo    *page.Form // nil once something is repaid
}

// Loan shows one loan between funds.
func (p *Pages) Loan(c *fiber.Ctx) error {
	v, err := p.loanView(c, page.BlankForm(c), page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/between_loan", v)
}

func (p *Pages) loanView(c *fiber.Ctx, repay, undo *page.Form) (v loanView, err error) {
	id, err := uuid.Parse(c.Params("loan"))
	if err != nil {
		return v, page.ErrNotFound
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	l, err := ledger.FundLoanAt(ctx, p.DB, here, id)
	if err != nil {
		return v, err
	}
	if v.b, err = p.readBooks(c); err != nil {
		return v, err
	}
	if v.Who, err = p.posters(c); err != nil {
		return v, err
	}
	v.loanRow = p.loanRow(c, v.b, l)
	a, _ := v.b.Chart.ID(l.Account)
	v.Account = a.Name(string(page.Of(c).Lang))
	if l.Rest().Sign() > 0 && can(c, auth.PostEntry) {
		v.Repay = labelled(begin(repay, "amount", l.Rest().String(), "date", p.today(c)), "between.repay", "amount", "date")
		if l.Repaid.IsZero() {
			v.Undo = labelled(begin(undo, "undo_date", p.today(c)), "between.undo", "why", "undo_date")
		}
	}
	v.Back, err = ledger.Repayments(ctx, p.DB, here, id)
	return v, err
}

// begin sets what fields start with that nobody has filled in.
func begin(f *page.Form, pairs ...string) *page.Form {
	for i := 0; i+1 < len(pairs); i += 2 {
		if f.Typed(pairs[i]) == "" && !f.AnyWrong() {
			f.Set(pairs[i], pairs[i+1])
		}
	}
	return f
}

// Repay posts a repayment.
func (p *Pages) Repay(c *fiber.Ctx) error {
	f := labelled(page.ReadForm(c), "between.repay", "amount", "date")
	r := ledger.FundRepayment{Amount: f.Amount("amount"), On: f.Date("date"), ID: f.Once(c.Params("loan"), "amount", "date")}
	v, err := p.loanView(c, f, page.BlankForm(c))
	if err != nil {
		return err
	}
	r.Loan = v.ID
	if v.Repay == nil {
		return c.Redirect(page.Of(c).URL(betweenPath+"/loans/"+v.ID.String()), fiber.StatusSeeOther)
	}
	if !f.AnyWrong() {
		err = p.post(c, "fund_loan.repay", "fund_loan:"+v.ID.String(), func(tx *sqlx.Tx, community ledger.Community, who string) (ledger.Posted, error) {
			r.By = who
			return ledger.RepayBetweenFunds(c.UserContext(), tx, community, r)
		})
	}
	if refusedBetween(c, f, v.b, err) || f.AnyWrong() {
		return page.Again(c, "desk/between_loan", v)
	}
	return done(c, err, betweenPath+"/loans/"+v.ID.String(), "between.repaid", "amount", r.Amount.Yuan())
}

// UndoLoan reverses a loan that was entered wrongly.
func (p *Pages) UndoLoan(c *fiber.Ctx) error {
	f := labelled(page.ReadForm(c), "between.undo", "why", "undo_date")
	why, on := line(f.Text("why", 160)), f.Date("undo_date")
	v, err := p.loanView(c, page.BlankForm(c), f)
	if err != nil {
		return err
	}
	if v.Undo == nil {
		return ledger.ErrReversedTwice
	}
	if !f.AnyWrong() {
		err = p.post(c, "fund_loan.undo", "fund_loan:"+v.ID.String(), func(tx *sqlx.Tx, community ledger.Community, who string) (ledger.Posted, error) {
			return ledger.UndoFundLoan(c.UserContext(), tx, community, v.ID, on, why, who)
		})
	}
	if refusedBetween(c, f, v.b, err) || f.AnyWrong() {
		return page.Again(c, "desk/between_loan", v)
	}
	return done(c, err, betweenPath+"/loans/"+v.ID.String(), "between.undone")
}

// ToBetween sends whoever reloads the address of a form back to the loan, or to the list.
func (p *Pages) ToBetween(c *fiber.Ctx) error {
	to := betweenPath
	if id := c.Params("loan"); id != "" {
		to += "/loans/" + id
	}
	return c.Redirect(page.Of(c).URL(to), fiber.StatusSeeOther)
}
