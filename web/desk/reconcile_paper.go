package desk

import (
	"errors"
	"fmt"
	"io"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger/reconcile"
	"fund/web/auth"
	"fund/web/issue"
	"fund/web/page"
	"fund/web/pdf"
)

// paperView is a bank reconciliation statement, from live figures or as it was completed.
type paperView struct {
	reconciled
	Doc     pdf.ReconciliationDoc
	PDF     string
	Lacking []string                  // what keeps it from being completed
	Stored  *reconcile.Reconciliation // the completed one
	Past    []pastRow
	May     bool
	Form    *page.Form
}

type pastRow struct {
	reconcile.Reconciliation
	Who, Undone string
}

// ReconcilePaper shows the statement as the figures are now, and what is lacking.
func (p *Pages) ReconcilePaper(c *fiber.Ctx) error {
	v, err := p.livePaper(c)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/reconcile_paper", v)
}

// ReconcilePDF is the same on paper.
func (p *Pages) ReconcilePDF(c *fiber.Ctx) error {
	v, err := p.livePaper(c)
	if err != nil {
		return err
	}
	return sendPaper(c, v)
}

func sendPaper(c *fiber.Ctx, v paperView) error {
	return page.DrawPDF(c, fmt.Sprintf("reconciliation-%s-%s", v.Account.Code, v.Day()), func(w io.Writer) error { return pdf.Reconciliation(w, v.Doc) })
}

func (p *Pages) livePaper(c *fiber.Ctx) (v paperView, err error) {
	if v, err = p.paper(c); err != nil {
		return v, err
	}
	sheet, err := reconcile.Open(c.UserContext(), p.DB, v.Community.ID, v.Account.ID, v.Through)
	if err != nil {
		return v, err
	}
	r := page.Of(c)
	v.PDF = v.Path("/paper.pdf" + v.Query())
	v.Doc.State = r.T("paper.draft")
	if v.Completed() != nil {
		v.Doc.State, v.Doc.Good = r.T("paper.completed"), true
	}
	v.Doc.Made, v.Doc.Preparer = r.Local(p.Now()), r.User.Name
	v.Doc.Books.Balance = sheet.Booked
	if sheet.Closing != nil {
		v.Doc.Bank.Balance = *sheet.Closing
	}
	for _, l := range sheet.Lines {
		v.Doc.Books.Put(pdf.ReconciliationItem{Day: l.Day, Number: l.Number, Text: line(l.Counterparty + " " + l.Memo), Amount: l.Amount})
	}
	v.Lacking = lacking(r, sheet)
	return v, issue.Unseen(c.UserContext(), p.DB, v.Community, &v.Doc, sheet.Items, sheet.Notes, r.Lang)
}

// lacking says what has to be done before an account can be completed.
func lacking(r *page.Reader, s reconcile.Sheet) (all []string) {
	if s.Closing == nil {
		return []string{r.T("paper.lacks_closing")}
	}
	if n := len(s.Lines); n > 0 {
		all = append(all, r.T("paper.lacks_lines", "count", n))
	}
	unnoted := 0
	for _, i := range reconcile.ByEntry(s.Items) {
		if i.Seen.IsZero() && s.Notes[i.Spot()] == "" {
			unnoted++
		}
	}
	if unnoted > 0 {
		all = append(all, r.T("paper.lacks_notes", "count", unnoted))
	}
	if off := s.Difference(); !off.IsZero() {
		all = append(all, r.T("paper.lacks_difference", "amount", off.Format()))
	}
	return all
}

// paper is what live and completed statements have in common.
func (p *Pages) paper(c *fiber.Ctx) (v paperView, err error) {
	if v.reconciled, err = p.reconciledHere(c); err != nil {
		return v, err
	}
	r := page.Of(c)
	lang := string(r.Lang)
	v.May, v.Form = can(c, auth.Reconcile), labelled(page.BlankForm(c), "paper.field", "why")
	v.Doc = pdf.ReconciliationDoc{
		Lang: lang, Community: v.Community.Name(lang), Account: v.Account.Code + " " + v.Account.Name(lang), Through: v.Through,
	}
	files, err := reconcile.ListImported(c.UserContext(), p.DB, v.Community.ID, v.Account.ID)
	for _, file := range files {
		if v.Doc.Label == "" {
			v.Doc.Label = file.Label
		}
	}
	if err != nil {
		return v, err
	}
	name, err := p.named(c)
	for _, done := range v.Done {
		row := pastRow{Reconciliation: done, Who: name(done.CompletedBy)}
		if done.UndoneBy != nil {
			row.Undone = name(*done.UndoneBy)
		}
		v.Past = append(v.Past, row)
	}
	return v, err
}

// CompleteReconciliation closes the account's reconciliation at the end of a day.
func (p *Pages) CompleteReconciliation(c *fiber.Ctx) error {
	r, err := p.reconciledHere(c)
	if err != nil {
		return err
	}
	var made reconcile.Reconciliation
	err = p.act(c, "reconcile.complete", "account:"+r.Account.Code, map[string]any{"through": r.Day()}, func(tx *sqlx.Tx, who string) (err error) {
		made, err = reconcile.Complete(c.UserContext(), tx, r.Community, r.Account.ID, r.Through, who)
		return err
	})
	for _, lacks := range []error{reconcile.ErrUnbooked, reconcile.ErrUnnoted, reconcile.ErrDifference, reconcile.ErrNoClosing} {
		if errors.Is(err, lacks) {
			v, err := p.livePaper(c)
			if err != nil {
				return err
			}
			return page.RenderStatus(c, fiber.StatusConflict, "desk/reconcile_paper", v)
		}
	}
	return done(c, err, r.Path(fmt.Sprintf("/completed/%d", made.ID)), "paper.done", "date", page.Of(c).Lang.Date(r.Through))
}

// completedHere is the completed reconciliation of an address, with the figures of its moment.
func (p *Pages) completedHere(c *fiber.Ctx) (v paperView, err error) {
	if v, err = p.paper(c); err != nil {
		return v, err
	}
	id := page.ParseNumber(c.Params("completed"))
	for i, one := range v.Past {
		if one.ID == id {
			v.Stored = &v.Past[i].Reconciliation
		}
	}
	if v.Stored == nil {
		return v, page.ErrNotFound
	}
	name, err := p.named(c)
	if err != nil {
		return v, err
	}
	v.Through, v.PDF = v.Stored.Through, v.Path(fmt.Sprintf("/completed/%d/paper.pdf", id))
	label := v.Doc.Label
	v.Doc, err = issue.Reconciled(c.UserContext(), p.DB, v.Community, v.Account, *v.Stored, page.Of(c).Lang, name)
	v.Doc.Label = label
	return v, err
}

// CompletedPaper shows a completed reconciliation as it was completed.
func (p *Pages) CompletedPaper(c *fiber.Ctx) error {
	v, err := p.completedHere(c)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/reconcile_paper", v)
}

// CompletedPDF is the same on paper.
func (p *Pages) CompletedPDF(c *fiber.Ctx) error {
	v, err := p.completedHere(c)
	if err != nil {
		return err
	}
	return sendPaper(c, v)
}

// ReopenReconciliation takes a completed reconciliation back; the reason stays.
func (p *Pages) ReopenReconciliation(c *fiber.Ctx) error {
	v, err := p.completedHere(c)
	if err != nil {
		return err
	}
	v.Form = labelled(page.ReadForm(c), "paper.field", "why")
	why := line(v.Form.Text("why", reasonMax))
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/reconcile_paper", v)
	}
	err = p.act(c, "reconcile.reopen", "account:"+v.Account.Code, map[string]any{"through": v.Day(), "why": why}, func(tx *sqlx.Tx, who string) error {
		return reconcile.Reopen(c.UserContext(), tx, v.Community.ID, v.Stored.ID, why, who)
	})
	return done(c, err, v.Path(v.Query()), "paper.reopened_done", "date", page.Of(c).Lang.Date(v.Through))
}
