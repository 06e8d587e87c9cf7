package desk

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/spending"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

// requestView is one payment request with its history and what its reader may do.
type requestView struct {
	spending.PaymentRequest
	Form      *page.Form
	Fund      ledger.Fund
	Account   ledger.Account
	Who, To   string
	Room      spending.Room
	Papers    []campaigns.Original
	Events    []requestEvent
	Entry     *ledger.JournalEntry
	From      []page.Option
	Conflicts []page.Option

	Own, Decided                    bool // it is the reader's own, or for them; they have decided
	MayRead, MayDecide, MayWithdraw bool
	MayPay, MayConfirm, MayUndo     bool
	MaySeeAccount, MayErase         bool
	MayShow                         bool // cover and publish its papers
}

// requestEvent is a line of its history.
type requestEvent struct {
	spending.Event
	Who, Voucher string
}

var requestFields = []string{"conflict", "reason", "from", "date", "why", "picture"}

// PaymentRequest shows one request.
func (p *Pages) PaymentRequest(c *fiber.Ctx) error {
	v, err := p.requestView(c, page.BlankForm(c).Set("date", p.today(c)))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/spending_request", v)
}

func (p *Pages) requestView(c *fiber.Ctx, f *page.Form) (v requestView, err error) {
	id, err := uuid.Parse(c.Params("request"))
	if err != nil {
		return v, page.ErrNotFound
	}
	here, ctx := page.Of(c).Community.ID, c.UserContext()
	v.Form = labelled(f, "spend.field", requestFields...)
	if v.PaymentRequest, err = spending.Find(ctx, p.DB, here, id); err != nil {
		return v, err
	}
	if v.Room, err = spending.RoomFor(ctx, p.DB, here, v.FundID, v.AccountID, v.Year); err != nil {
		return v, err
	}
	if v.Papers, err = spending.Papers(ctx, p.DB, here, id); err != nil {
		return v, err
	}
	b, err := p.readBooks(c)
	if err != nil {
		return v, err
	}
	v.Fund = b.fundAt(v.FundID)
	v.Account, _ = b.Chart.ID(v.AccountID)
	if v.EntrySeq != nil {
		if v.Entry, err = p.other(c, *v.EntrySeq); err != nil {
			return v, err
		}
	}
	if v.Method == spending.ByCash {
		v.From = codeOptions(c, b.moneyAccounts(ledger.Cash, ledger.Bank))
	} else {
		v.From = codeOptions(c, b.moneyAccounts(ledger.Bank, ledger.Cash))
	}
	if err = v.tell(c, p); err != nil {
		return v, err
	}
	return v, v.may(c)
}

// tell fills in names and history.
func (v *requestView) tell(c *fiber.Ctx, p *Pages) error {
	name, err := p.named(c)
	if err != nil {
		return err
	}
	v.Who, v.To = name(v.AskedBy), v.Payee.Name
	events, err := spending.History(c.UserContext(), p.DB, page.Of(c).Community.ID, v.ID)
	if err != nil {
		return err
	}
	s, _ := auth.Current(c)
	me := auth.UserSubject(s.UserID)
	for _, e := range events {
		row := requestEvent{Event: e, Who: name(e.By)}
		if e.Entry != nil {
			entry, err := p.other(c, *e.Entry)
			if err != nil {
				return err
			}
			row.Voucher = entry.Voucher()
		}
		v.Events = append(v.Events, row)
		v.Decided = v.Decided || e.By == me && (e.What == "approved" || e.What == "declined" || e.What == "recused")
	}
	v.Conflicts = choices(c, "spend.conflict", "no", "yes")
	return nil
}

// may says what the reader may do now.
func (v *requestView) may(c *fiber.Ctx) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	me := auth.UserSubject(s.UserID)
	asked, approves, pays := v.AskedBy == me, can(c, auth.ApprovePayment), can(c, auth.PayRequest)
	v.Own = asked || v.PayeeUser == me
	v.MayRead = asked || approves || pays || can(c, auth.ReadBooks)
	v.MayDecide = approves && !v.Own && !v.Decided && v.State == spending.Asked
	v.MayWithdraw = asked && (v.State == spending.Asked || v.State == spending.Approved)
	v.MayPay = pays && v.State == spending.Approved
	v.MayConfirm = pays && v.Stage() == spending.Sent
	v.MayUndo = can(c, auth.PostEntry) && v.State == spending.Paid && !v.Matched
	v.MayShow = can(c, auth.PostEntry) && v.State == spending.Paid
	v.MaySeeAccount = (asked || pays) && v.Payee.ErasedAt == nil
	v.MayErase = pays && v.Payee.ErasedAt == nil && v.Payee.Name != "" && v.State != spending.Asked && v.State != spending.Approved && v.Stage() != spending.Sent
	return nil
}

// deciding runs a verb of a request with its line in the audit log.
func (p *Pages) deciding(c *fiber.Ctx, v requestView, name string, verb func(tx *sqlx.Tx, community ledger.Community, who string) error) error {
	return p.paying(c, name, requestSubject(v.ID), verb)
}

// DecideRequest approves or declines, with what its reader declares about a conflict of interest.
func (p *Pages) DecideRequest(c *fiber.Ctx) error {
	v, err := p.requestView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	approve, w := v.word()
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/spending_request", v)
	}
	verb, name, said := spending.Decline, "spending.decline", "spend.declined"
	if approve {
		verb, name, said = spending.Approve, "spending.approve", "spend.approved"
	}
	if w.Conflict {
		name, said = "spending.recuse", "spend.recused"
	}
	var r spending.PaymentRequest
	err = p.deciding(c, v, name, func(tx *sqlx.Tx, community ledger.Community, who string) (err error) {
		r, err = verb(c.UserContext(), tx, community, v.ID, w, who, p.Now())
		return err
	})
	if v.short(err) {
		return page.Again(c, "desk/spending_request", v)
	}
	if said == "spend.approved" && r.State == spending.Asked {
		said = "spend.approved_half"
	}
	return done(c, err, requestPath(v.ID), said)
}

// word reads what the reader says.
func (v requestView) word() (approve bool, w spending.Word) {
	approve = v.Form.Typed("press") == "approve"
	w = spending.Word{Conflict: v.Form.Choice("conflict", page.Values(v.Conflicts)) == "yes", Reason: line(v.Form.Text("reason", reasonMax, page.Optional))}
	if !approve && !w.Conflict && w.Reason == "" {
		v.Form.Wrong("reason", "spend.wrong.no_reason")
	}
	return approve, w
}

// short says that the money does not suffice, if that is why.
func (v requestView) short(err error) bool {
	switch {
	case errors.Is(err, spending.ErrFundShort):
		v.Form.Wrong("reason", "spend.wrong.fund_short", "left", v.Room.Money.Yuan())
	case errors.Is(err, spending.ErrBudgetShort):
		v.Form.Wrong("reason", "spend.wrong.budget_short", "left", v.Room.Budget.Left().Yuan())
	}
	return v.Form.AnyWrong()
}

// WithdrawRequest takes one's own request back.
func (p *Pages) WithdrawRequest(c *fiber.Ctx) error {
	v, err := p.requestView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	err = p.deciding(c, v, "spending.withdraw", func(tx *sqlx.Tx, community ledger.Community, who string) error {
		_, err := spending.Withdraw(c.UserContext(), tx, community, v.ID, line(v.Form.Text("why", reasonMax, page.Optional)), who, p.Now())
		return err
	})
	return done(c, err, requestPath(v.ID), "spend.withdrawn")
}

// AddRequestPaper puts one more paper to a request.
func (p *Pages) AddRequestPaper(c *fiber.Ctx) error {
	v, err := p.requestView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if !v.MayWithdraw {
		return spending.ErrState
	}
	kept, err := p.keepPaper(c, v.Form)
	if err != nil {
		return err
	}
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/spending_request", v)
	}
	err = p.act(c, "paper.add", requestSubject(v.ID), nil, func(tx *sqlx.Tx, _ string) error {
		return spending.AddPaper(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, uuid.MustParse(kept))
	})
	return done(c, err, requestPath(v.ID), "spend.paper_added")
}

// ToRequest sends whoever reloads the address of a form back to its request.
func (p *Pages) ToRequest(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(spendingPath+"/"+c.Params("request")), fiber.StatusSeeOther)
}
