package desk

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/campaigns/spending"
	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
	"fund/web/photo"
)

var askFields = []string{"picture", "amount", "purpose", "fund", "account", "payee", "name", "method", "bank", "number"}

// Who a request's money may go to, beside somebody of the staff.
const (
	payeeOwn  = "own"
	payeeShop = "shop"
)

// askView is the form that asks for money.
type askView struct {
	*page.Form
	Kept     string // the paper that came with the form before it had to be mended
	Funds    []page.Option
	Accounts []page.Option
	Payees   []page.Option
	Methods  []page.Option
	Budgets  []budgetLeft
}

// budgetLeft is a line of a fund's budget and what it leaves.
type budgetLeft struct {
	Fund, Account string
	Left          money.Amount
	code          string
}

// AskPayment shows the form.
func (p *Pages) AskPayment(c *fiber.Ctx) error {
	v, err := p.askView(c, page.BlankForm(c).Set("payee", payeeOwn).Set("method", string(spending.ByCash)))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/spending_new", v)
}

func (p *Pages) askView(c *fiber.Ctx, f *page.Form) (v askView, err error) {
	id, ctx, lang := page.Of(c).Community.ID, c.UserContext(), string(page.Of(c).Lang)
	v = askView{Form: labelled(f, "spend.field", askFields...), Kept: f.Typed("kept"), Methods: choices(c, "spend.method", spending.ByCash, spending.ByTransfer)}
	b, err := p.readBooks(c)
	if err != nil {
		return v, err
	}
	held, err := spending.Held(ctx, p.DB, id)
	if err != nil {
		return v, err
	}
	for _, fund := range b.Funds {
		if left := fund.NetAssets.Sub(held[fund.ID]); fund.ClosedAt == nil && left.Sign() > 0 {
			v.Funds = append(v.Funds, page.Option{Value: fund.Code, Label: page.Of(c).T("spend.fund_left", "fund", fund.Name(lang), "left", left.Yuan())})
			lines, err := p.lineOptions(c, fund)
			if err != nil {
				return v, err
			}
			v.Funds = append(v.Funds, lines...)
		}
	}
	v.Accounts = b.ofType(page.Of(c), ledger.Expense)
	if v.Budgets, err = p.budgetsLeft(c, b); err != nil {
		return v, err
	}
	if f.Typed("account") == "" {
		f.Set("account", v.usual(b.Chart))
	}
	v.Payees, err = p.payeeOptions(c)
	return v, err
}

// lineOptions are the lines of a project's budget, after the project's fund: `tea-2026/2`.
func (p *Pages) lineOptions(c *fiber.Ctx, fund ledger.Fund) (options []page.Option, err error) {
	of, err := project.ProjectOfFund(c.UserContext(), p.DB, page.Of(c).Community.ID, fund.ID)
	if errors.Is(err, project.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lines, err := project.LinesOf(c.UserContext(), p.DB, page.Of(c).Community.ID, of)
	for _, l := range lines.Lines {
		options = append(options, page.Option{
			Value: fmt.Sprintf("%s/%d", fund.Code, l.Line), Label: page.Of(c).T("life.fund_line", "line", l.Name(string(page.Of(c).Lang)), "left", l.Left().Yuan()),
		})
	}
	return options, err
}

// readLine reads a fund, or a line of a project's budget with its fund.
func (p *Pages) readLine(c *fiber.Ctx, b books, chosen string, r *spending.PaymentRequest) error {
	code, number, named := strings.Cut(chosen, "/")
	fund, _ := b.fund(code)
	if r.FundID = fund.ID; !named {
		return nil
	}
	of, err := project.ProjectOfFund(c.UserContext(), p.DB, page.Of(c).Community.ID, fund.ID)
	n := page.ParseNumber(number)
	r.ProjectID, r.Line = &of.ID, &n
	return err
}

func (p *Pages) budgetsLeft(c *fiber.Ctx, b books) (left []budgetLeft, err error) {
	today, lang := page.Of(c).Local(p.Now()), string(page.Of(c).Lang)
	rows, err := budget.Compare(c.UserContext(), p.DB, page.Of(c).Community.ID, today.Year(), ledger.Day(today.Year(), 12, 31))
	for _, row := range rows {
		if row.HasLine && row.Type == ledger.Expense && row.Planned.Sign() > 0 {
			a, _ := b.Chart.ID(row.Account)
			left = append(left, budgetLeft{b.fundAt(row.Fund).Name(lang), a.Name(lang), row.Left(), a.Code})
		}
	}
	return left, err
}

// usual is the account to begin with: one that a budget plans, else the programmes' own.
func (v askView) usual(chart ledger.Accounts) string {
	a, _ := chart.By(ledger.ProgrammeExpense)
	for _, b := range v.Budgets {
		if strings.HasPrefix(b.code, a.Code) {
			return b.code
		}
	}
	return a.Code
}

// payeeOptions are oneself, a shop, and the others of the staff.
func (p *Pages) payeeOptions(c *fiber.Ctx) (options []page.Option, err error) {
	s, err := auth.Current(c)
	if err != nil {
		return nil, err
	}
	options = choices(c, "spend.payee", payeeOwn, payeeShop)
	users, err := p.Door.Gate.Users(c.UserContext(), p.DB, page.Of(c).Community.ID)
	for _, u := range users {
		if u.ID != s.UserID && u.DisabledAt == nil && len(u.Roles[page.Of(c).Community.ID]) > 0 {
			options = append(options, page.Option{Value: auth.UserSubject(u.ID), Label: u.Name})
		}
	}
	return options, err
}

// SendRequest keeps the paper first, so that it is not lost where the form has to be mended, and asks.
func (p *Pages) SendRequest(c *fiber.Ctx) error {
	v, err := p.askView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	if v.Kept, err = p.keepPaper(c, v.Form); err != nil {
		return err
	}
	r, err := p.readRequest(c, v)
	if err != nil {
		return err
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/spending_new", v)
	}
	err = p.act(c, "spending.ask", requestSubject(r.ID), nil, func(tx *sqlx.Tx, _ string) error {
		_, err := spending.Ask(c.UserContext(), tx, community, r, uuid.MustParse(v.Kept))
		return err
	})
	return done(c, err, requestPath(r.ID), "spend.asked")
}

// keepPaper stores the file of a form, or takes the one that was stored when it was sent before.
func (p *Pages) keepPaper(c *fiber.Ctx, f *page.Form) (kept string, err error) {
	if id, err := uuid.Parse(f.Typed("kept")); err == nil {
		found, err := campaigns.Originals(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
		s, _ := auth.Current(c)
		if err == nil && len(found) == 1 && found[0].AddedBy == auth.UserSubject(s.UserID) {
			kept = id.String()
		}
	}
	file := f.File(c, "picture", page.Optional)
	if file == nil {
		if kept == "" {
			f.Wrong("picture", "spend.wrong.no_paper")
		}
		return kept, nil
	}
	read, err := file.Open()
	if err != nil {
		return "", err
	}
	defer read.Close()
	err = p.act(c, "paper.keep", "community", nil, func(tx *sqlx.Tx, who string) error {
		o, err := campaigns.KeepOriginal(c.UserContext(), tx, page.Of(c).Community.ID, read, page.Of(c).T("spend.invoice"), who)
		kept = o.ID.String()
		return err
	})
	if paperRefused(f, err) {
		return "", nil
	}
	return kept, err
}

// paperRefused marks the field with why a paper was not taken, if that is why.
func paperRefused(f *page.Form, err error) bool {
	for _, known := range []struct {
		err error
		key string
	}{
		{campaigns.ErrPDFActive, "original.wrong.active"},
		{campaigns.ErrPDFLocked, "original.wrong.locked"},
		{campaigns.ErrPDFPages, "original.wrong.pages"},
		{campaigns.ErrPDFBroken, "original.wrong.broken"},
		{campaigns.ErrPaperUnreadable, "original.wrong.kind"},
	} {
		if errors.Is(err, known.err) {
			f.Wrong("picture", known.key)
			return true
		}
	}
	return err != nil && photo.Refused(f, err)
}

var accountForm = regexp.MustCompile(`^[0-9]{6,34}$`)

// readRequest reads the form and holds the amount against what the fund and its budget leave.
func (p *Pages) readRequest(c *fiber.Ctx, v askView) (r spending.PaymentRequest, err error) {
	s, err := auth.Current(c)
	if err != nil {
		return r, err
	}
	b, err := p.readBooks(c)
	if err != nil {
		return r, err
	}
	r = spending.PaymentRequest{
		ID: v.Once("", askFields...), Amount: v.Amount("amount"), Purpose: line(v.Text("purpose", 120)), Method: spending.Method(v.Choice("method", page.Values(v.Methods))),
		AskedBy: auth.UserSubject(s.UserID), AskedAt: p.Now(),
	}
	chosen := v.Choice("fund", page.Values(v.Funds))
	account, _ := b.Chart.Code(v.Choice("account", page.Values(v.Accounts)))
	r.AccountID = account.ID
	r.Payee, r.PayeeUser = v.readPayee(r.Method, s.User.Name, r.AskedBy)
	if v.AnyWrong() {
		return r, nil
	}
	if err = p.readLine(c, b, chosen, &r); err != nil {
		return r, err
	}
	room, err := spending.RoomFor(c.UserContext(), p.DB, page.Of(c).Community.ID, r.FundID, account.ID, page.Of(c).Local(p.Now()).Year())
	switch {
	case err != nil:
		return r, err
	case room.Money.Less(r.Amount):
		v.Wrong("amount", "spend.wrong.fund_short", "left", room.Money.Yuan())
	case !room.Budget.Enough(r.Amount):
		v.Wrong("amount", "spend.wrong.budget_short", "left", room.Budget.Left().Yuan())
	}
	return r, nil
}

// readPayee reads who gets the money.
func (v askView) readPayee(method spending.Method, own, asker string) (to spending.Payee, user string) {
	switch chosen := v.Choice("payee", page.Values(v.Payees)); chosen {
	case payeeOwn:
		to.Name, user = own, asker
	case payeeShop:
		to.Name = line(v.Text("name", 60))
	default:
		user = chosen
		if i := slices.IndexFunc(v.Payees, func(o page.Option) bool { return o.Value == chosen }); i >= 0 {
			to.Name = v.Payees[i].Label
		}
	}
	if method == spending.ByTransfer {
		to.Bank = line(v.Text("bank", 60))
		to.Number = strings.NewReplacer(" ", "", "-", "").Replace(v.Text("number", 50))
		if to.Number != "" && !accountForm.MatchString(to.Number) {
			v.Wrong("number", "spend.wrong.number")
		}
	}
	return to, user
}
