package desk

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/spending"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

func init() {
	page.Meaning(spending.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(spending.ErrState, fiber.StatusConflict, "error.spend_state")
	page.Meaning(spending.ErrDecided, fiber.StatusConflict, "error.spend_decided")
	page.Meaning(spending.ErrOwnRequest, fiber.StatusForbidden, "error.spend_own")
	page.Meaning(spending.ErrApprovals, fiber.StatusConflict, "error.spend_state")
	page.Meaning(spending.ErrNotYours, fiber.StatusForbidden, "error.spend_yours")
	page.Meaning(spending.ErrMatched, fiber.StatusConflict, "error.spend_matched")
	page.Meaning(spending.ErrFundShort, fiber.StatusConflict, "error.spend_short")
	page.Meaning(spending.ErrBudgetShort, fiber.StatusConflict, "error.spend_short")
}

const (
	spendingPath = "/desk/spending"
	spendingMax  = 200
)

func requestPath(id uuid.UUID) string    { return spendingPath + "/" + id.String() }
func requestSubject(id uuid.UUID) string { return "payment_request:" + id.String() }

// spendingTab is a list of requests by how far they have come.
type spendingTab struct {
	Name   string
	Count  int
	states []spending.State
}

var spendingTabs = []spendingTab{
	{"asked", 0, []spending.State{spending.Asked}},
	{"approved", 0, []spending.State{spending.Approved}},
	{"paid", 0, []spending.State{spending.Paid}},
	{"over", 0, []spending.State{spending.Declined, spending.Withdrawn}},
}

// requestRow is a payment request as the list shows it.
type spendingRow struct {
	spending.PaymentRequest
	Fund, Who string
}

// spendingView is the list of payment requests, with what can be done with several at once.
type spendingView struct {
	Form     *page.Form
	Tabs     []spendingTab
	Tab      string
	Rows     []spendingRow
	Transfer bool // some of the rows can go into a file for the bank
	Batches  []batchRow
	From     []page.Option // accounts of money
	Rule     spending.Rule

	MayAsk, MayPay, MaySet bool
}

type batchRow struct {
	spending.Batch
	Who string
}

// Spending lists the payment requests.
func (p *Pages) Spending(c *fiber.Ctx) error {
	v, err := p.spendingView(c, page.BlankForm(c).Set("date", p.today(c)))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/spending", v)
}

func (p *Pages) spendingView(c *fiber.Ctx, f *page.Form) (v spendingView, err error) {
	id, ctx := page.Of(c).Community.ID, c.UserContext()
	v = spendingView{
		Form: labelled(f, "spend.field", "from", "date", "request", "above"), MayAsk: can(c, auth.RequestPayment), MayPay: can(c, auth.PayRequest), MaySet: can(c, auth.VoteMotion),
	}
	if v.Rule, err = spending.RuleOf(ctx, p.DB, id); err != nil {
		return v, err
	}
	if f.Typed("above") == "" {
		f.Set("above", strings.TrimSuffix(v.Rule.SecondAbove.String(), ".00"))
	}
	counts, err := spending.Counts(ctx, p.DB, id)
	if err != nil {
		return v, err
	}
	states := v.tabs(counts, c.Query("state"))
	name, err := p.named(c)
	if err != nil {
		return v, err
	}
	found, err := spending.List(ctx, p.DB, id, spending.Filter{States: states}, spendingMax)
	if err != nil {
		return v, err
	}
	b, err := p.readBooks(c)
	if err != nil {
		return v, err
	}
	for _, r := range found {
		v.Rows = append(v.Rows, spendingRow{r, b.fundAt(r.FundID).Name(string(page.Of(c).Lang)), name(r.AskedBy)})
		v.Transfer = v.Transfer || v.MayPay && r.State == spending.Approved && r.Method == spending.ByTransfer
	}
	if !v.MayPay {
		return v, nil
	}
	v.From = codeOptions(c, b.moneyAccounts(ledger.Bank))
	made, err := spending.Batches(ctx, p.DB, id, 12)
	for _, batch := range made {
		v.Batches = append(v.Batches, batchRow{batch, name(batch.MadeBy)})
	}
	return v, err
}

// requestsWaiting counts what the reader may decide or pay.
func (p *Pages) requestsWaiting(c *fiber.Ctx) (int, error) {
	approves, pays := can(c, auth.ApprovePayment), can(c, auth.PayRequest)
	if !approves && !pays {
		return 0, nil
	}
	s, err := auth.Current(c)
	if err != nil {
		return 0, err
	}
	return spending.Waiting(c.UserContext(), p.DB, page.Of(c).Community.ID, auth.UserSubject(s.UserID), approves, pays)
}

// tabs counts and chooses: the one that is asked for, else the first that has something in it.
func (v *spendingView) tabs(counts map[spending.State]spending.Count, asked string) (states []spending.State) {
	for _, tab := range spendingTabs {
		for _, s := range tab.states {
			tab.Count += counts[s].Requests
		}
		v.Tabs = append(v.Tabs, tab)
		if tab.Name == asked || asked == "" && states == nil && tab.Count > 0 {
			v.Tab, states = tab.Name, tab.states
			asked = tab.Name
		}
	}
	if states == nil {
		v.Tab, states = spendingTabs[0].Name, spendingTabs[0].states
	}
	return states
}

// codeOptions are accounts to choose from, each with its code before its name.
func codeOptions(c *fiber.Ctx, accounts []ledger.Account) (options []page.Option) {
	for _, a := range accounts {
		options = append(options, page.Option{Value: a.Code, Label: a.Code + " " + a.Name(string(page.Of(c).Lang))})
	}
	return options
}

// MakeBatch pays the ticked transfers and makes one file of them for the bank.
func (p *Pages) MakeBatch(c *fiber.Ctx) error {
	v, err := p.spendingView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	from, day, ids := v.Form.Choice("from", page.Values(v.From)), v.Form.Date("date"), v.ticked()
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/spending", v)
	}
	account, _ := b.Chart.Code(from)
	var made spending.Batch
	err = p.paying(c, "spending.batch", "batch", func(tx *sqlx.Tx, community ledger.Community, who string) (err error) {
		made, err = spending.MakeBatch(c.UserContext(), tx, community, ids, account.ID, day, who, p.Now())
		return err
	})
	if p.spendRefused(c, v.Form, err, b) {
		return page.Again(c, "desk/spending", v)
	}
	return done(c, err, spendingPath+"?state=paid", "spend.batched", "number", made.Number, "count", made.Requests, "amount", made.Amount.Yuan())
}

// ticked are the requests that the form names.
func (v spendingView) ticked() (ids []uuid.UUID) {
	for _, typed := range v.Form.All("request") {
		if id, err := uuid.Parse(typed); err == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		v.Form.Wrong("request", "spend.wrong.none_ticked")
	}
	return ids
}

// paying runs a verb that moves money, with its line in the audit log.
func (p *Pages) paying(c *fiber.Ctx, name, subject string, verb func(tx *sqlx.Tx, community ledger.Community, who string) error) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, name, subject, nil, func(tx *sqlx.Tx, who string) error { return verb(tx, community, who) })
	p.moved(c, 0)
	return err
}

// BatchFile hands out a file for the bank.
func (p *Pages) BatchFile(c *fiber.Ctx) error {
	number := page.ParseNumber(strings.TrimSuffix(c.Params("batch"), ".csv"))
	if number == 0 {
		return page.ErrNotFound
	}
	file, err := spending.BatchFile(c.UserContext(), p.DB, page.Of(c).Community.ID, number)
	if err != nil {
		return err
	}
	err = p.act(c, "spending.download", "batch:"+strconv.Itoa(number), nil, func(*sqlx.Tx, string) error { return nil })
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Attachment(page.Of(c).Community.Slug + "-transfers-" + strconv.Itoa(number) + ".csv")
	return c.Send(file)
}

// SetSpendingRule says from which amount on two people approve.
func (p *Pages) SetSpendingRule(c *fiber.Ctx) error {
	v, err := p.spendingView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	above := v.Form.Amount("above", page.Zero)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/spending", v)
	}
	err = p.act(c, "spending.rule", "community", map[string]any{"above": above.String()}, func(tx *sqlx.Tx, who string) error {
		return spending.SetRule(c.UserContext(), tx, page.Of(c).Community.ID, above, who, p.Now())
	})
	return done(c, err, spendingPath, "spend.rule_set", "amount", above.Yuan())
}

// ToSpending sends whoever reloads the address of a form back to the list.
func (p *Pages) ToSpending(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(spendingPath), fiber.StatusSeeOther)
}
