package desk

import (
	"errors"
	"io"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
	"fund/web/pdf"
)

const invoicesPath = "/desk/invoices"

// invoicesView is what is owed, by how long it is overdue, and the invoices.
type invoicesView struct {
	State  string // what is asked for: open, or every one
	States []page.Option
	Ages   []organisation.Ageing
	Owed   money.Amount
	Rows   []invoiceRow
}

type invoiceRow struct {
	organisation.Invoice
	Late int // days
}

// Invoices lists invoices: first who owes, the longest overdue above.
func (p *Pages) Invoices(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	all, err := organisation.ListInvoices(c.UserContext(), p.DB, community.ID, 0)
	if err != nil {
		return err
	}
	today := community.Day(p.Now())
	v := invoicesView{State: c.Query("state", "open"), States: choices(c, "organisation.invoices", "open", "all"), Ages: organisation.AgeingOf(all, today)}
	for _, i := range hidePayers(c, all...) {
		if v.Owed = v.Owed.Add(i.Owed()); v.State != "open" || i.Owed().Sign() > 0 {
			v.Rows = append(v.Rows, invoiceRow{i, i.Late(today)})
		}
	}
	return page.Render(c, "desk/invoices", v)
}

// invoiceView is one invoice, with what came for it.
type invoiceView struct {
	organisation.Invoice
	*page.Form
	Lines    []organisation.Session
	Payments []organisation.Payment
	Ways     []page.Option
	Late     int
	MayEdit  bool
	MayTake  bool
	MayPost  bool
}

// Path is the page's address.
func (v invoiceView) Path() string { return invoicesPath + "/" + v.ID.String() }

// Invoice shows one.
func (p *Pages) Invoice(c *fiber.Ctx) error {
	v, err := p.invoiceHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.Set("amount", v.Owed().String()).Set("paid_on", p.today(c)).Set("way", string(organisation.Cash))
	return page.Render(c, "desk/invoice", v)
}

// invoiceHere is the view of the invoice that the address names.
func (p *Pages) invoiceHere(c *fiber.Ctx, f *page.Form) (v invoiceView, err error) {
	id, err := uuid.Parse(c.Params("invoice"))
	if err != nil {
		return v, page.ErrNotFound
	}
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	ctx := c.UserContext()
	v = invoiceView{
		Form: labelled(f, "organisation.pay", "amount", "paid_on", "way"), Ways: choices(c, "organisation.way", organisation.Cash, organisation.Bank),
		MayEdit: can(c, auth.ManageOrganisation), MayTake: can(c, auth.EnterCash), MayPost: can(c, auth.PostEntry),
	}
	if v.Invoice, err = organisation.InvoiceAt(ctx, p.DB, community.ID, id); err != nil {
		return v, err
	}
	v.Invoice = hidePayers(c, v.Invoice)[0]
	v.Late = v.Invoice.Late(community.Day(p.Now()))
	if v.Lines, err = organisation.SessionsOf(ctx, p.DB, community.ID, id); err != nil {
		return v, err
	}
	v.Payments, err = organisation.ListPayments(ctx, p.DB, community.ID, id)
	return v, err
}

// hidePayers leaves out whom invoices bill where the reader has nothing to do with it.
func hidePayers(c *fiber.Ctx, all ...organisation.Invoice) []organisation.Invoice {
	if can(c, auth.ManageOrganisation) || can(c, auth.EnterCash) || can(c, auth.ReadDonors) {
		return all
	}
	for i := range all {
		all[i].BilledTo = ""
	}
	return all
}

// ReceiveInvoice books money that came for an invoice.
func (p *Pages) ReceiveInvoice(c *fiber.Ctx) error {
	v, err := p.invoiceHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	pay := organisation.Payment{
		ID: v.Once("service_payment:"+v.Path(), "amount", "paid_on", "way"), InvoiceID: v.ID, Amount: v.Form.Amount("amount"), PaidOn: v.Date("paid_on"),
		Way: organisation.Way(v.Choice("way", page.Values(v.Ways))), EnteredAt: p.Now(),
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/invoice", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.receive", "invoice:"+v.Serial(), nil, func(tx *sqlx.Tx, who string) (err error) {
		pay.EnteredBy = who
		pay, err = organisation.Receive(c.UserContext(), tx, community, pay)
		return err
	})
	if errors.Is(err, organisation.ErrOverPaid) {
		v.Wrong("amount", "organisation.wrong.overpaid", "owed", v.Owed().Yuan())
	}
	if refusedDay(v.Form, "paid_on", err) || v.AnyWrong() {
		return page.Again(c, "desk/invoice", v)
	}
	return p.posted(c, err, v.Path(), "organisation.received", "amount", pay.Amount.Yuan())
}

// UndoReceived reverses a payment.
func (p *Pages) UndoReceived(c *fiber.Ctx) error {
	v, err := p.invoiceHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	id, err := uuid.Parse(c.Params("payment"))
	if err != nil {
		return page.ErrNotFound
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.undo_payment", "invoice:"+v.Serial(), nil, func(tx *sqlx.Tx, who string) error {
		return organisation.UndoPayment(c.UserContext(), tx, community, id, whyTyped(v.Form), who, p.Now())
	})
	return p.posted(c, err, v.Path(), "organisation.undone")
}

// VoidInvoice makes an unpaid invoice void.
func (p *Pages) VoidInvoice(c *fiber.Ctx) error {
	v, err := p.invoiceHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.void_invoice", "invoice:"+v.Serial(), nil, func(tx *sqlx.Tx, who string) error {
		return organisation.VoidInvoice(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, whyTyped(v.Form), who, p.Now())
	})
	return p.posted(c, err, v.Path(), "organisation.invoice_void")
}

// EraseBilled forgets whom a settled invoice billed.
func (p *Pages) EraseBilled(c *fiber.Ctx) error {
	v, err := p.invoiceHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.erase_billed", "invoice:"+v.Serial(), nil, func(tx *sqlx.Tx, _ string) error {
		return organisation.EraseBilled(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, v.Path(), "organisation.billed_erased")
}

// InvoicePDF is an invoice on paper.
func (p *Pages) InvoicePDF(c *fiber.Ctx) error {
	v, err := p.invoiceHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	lang := string(page.Of(c).Lang)
	doc := pdf.InvoiceDoc{
		Lang: lang, Community: community.Name(lang), Address: community.Address(lang), Phone: community.Phone, Number: v.Serial(), By: v.Organisation(lang), BilledTo: v.BilledTo,
		IssuedOn: v.IssuedOn, DueOn: v.DueOn, Amount: v.Invoice.Amount, Paid: v.Paid, Void: v.VoidAt != nil, Made: v.IssuedAt,
	}
	for _, s := range v.Lines {
		doc.Lines = append(doc.Lines, pdf.InvoiceLine{On: s.HeldOn, What: s.Name(lang), Note: s.Note, Quantity: s.Quantity, Unit: s.Unit(lang), Price: s.Price(), Amount: s.Amount})
	}
	return page.DrawPDF(c, "invoice-"+v.Serial(), func(w io.Writer) error { return pdf.Invoice(w, doc) })
}
