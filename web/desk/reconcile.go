package desk

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/reconcile"
	"fund/web/auth"
	"fund/web/page"
)

// What the refusals of reconciling mean where no page says it beside the thing itself.
func init() {
	page.Meaning(reconcile.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(reconcile.ErrTaken, fiber.StatusConflict, "error.reconcile_taken")
	page.Meaning(reconcile.ErrCompleted, fiber.StatusConflict, "error.reconcile_completed")
	page.Meaning(reconcile.ErrUnequal, fiber.StatusConflict, "error.reconcile_unequal")
	for _, lacking := range []error{reconcile.ErrDifference, reconcile.ErrUnbooked, reconcile.ErrNoClosing, reconcile.ErrUnnoted} {
		page.Meaning(lacking, fiber.StatusConflict, "error.reconcile_lacking")
	}
}

const reconcileHome = "/desk/reconcile"

// patient gives work on a large file longer than a page has.
func patient(c *fiber.Ctx) (ctx context.Context, cancel context.CancelFunc) {
	ctx, cancel = context.WithTimeout(context.WithoutCancel(c.UserContext()), 2*time.Minute)
	c.SetUserContext(ctx)
	return ctx, cancel
}

type reconcileHomeView struct {
	*page.Form
	Accounts  []reconcile.Standing
	Options   []page.Option
	MayImport bool
	Megabytes int
}

// Reconcile lists the accounts that are to be agreed with a bank or a payment company, and takes statements.
func (p *Pages) Reconcile(c *fiber.Ctx) error {
	v, err := p.reconcileHome(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	if at := c.Query("account"); at != "" {
		v.Set("account", at)
	}
	return page.Render(c, "desk/reconcile", v)
}

func (p *Pages) reconcileHome(c *fiber.Ctx, f *page.Form) (v reconcileHomeView, err error) {
	v = reconcileHomeView{Form: labelled(f, "statement.field", "account", "file"), MayImport: can(c, auth.Reconcile), Megabytes: statementMax >> 20}
	v.Accounts, err = reconcile.ListStandings(c.UserContext(), p.DB, page.Of(c).Community.ID)
	for _, a := range v.Accounts {
		if a.ClosedAt == nil {
			v.Options = append(v.Options, page.Option{Value: a.Code, Label: a.Code + " " + a.Name(string(page.Of(c).Lang))})
		}
		if a.Purpose == ledger.Bank && f.Typed("account") == "" {
			f.Set("account", a.Code)
		}
	}
	return v, err
}

// ToReconcile sends whoever reloads the address of the upload form back to it.
func (p *Pages) ToReconcile(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(reconcileHome), fiber.StatusSeeOther)
}

// ToReconcileAccount does the same for the forms of an account.
func (p *Pages) ToReconcileAccount(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(reconcileHome+"/"+c.Params("account")), fiber.StatusSeeOther)
}

// reconciled is the account of an address and the day up to which it is looked at.
type reconciled struct {
	Community ledger.Community
	Account   ledger.Account
	Months    []reconcile.Month
	Through   time.Time
	Done      []reconcile.Reconciliation
}

// Path is an address below the account's.
func (r reconciled) Path(rest string) string { return reconcileHome + "/" + r.Account.Code + rest }

// Query carries the day on to the next page.
func (r reconciled) Query() string { return "?through=" + r.Through.Format(time.DateOnly) }

// Day is the day as a form carries it.
func (r reconciled) Day() string { return r.Through.Format(time.DateOnly) }

// WholeMonth tells whether the day ends a month.
func (r reconciled) WholeMonth() bool { return r.Through.AddDate(0, 0, 1).Day() == 1 }

// reconciledHere reads the account, and the day that the reader asks for: without one, the end of the first month with lines that is not
// completed.
func (p *Pages) reconciledHere(c *fiber.Ctx) (r reconciled, err error) {
	if r.Community, err = p.community(c); err != nil {
		return r, err
	}
	ctx, here := c.UserContext(), r.Community.ID
	chart, err := ledger.ListAccounts(ctx, p.DB, here)
	if err != nil {
		return r, err
	}
	found, ok := chart.Code(c.Params("account"))
	if !ok || found.Type != ledger.Asset {
		return r, page.ErrNotFound
	}
	r.Account = found
	if r.Months, err = reconcile.ListMonths(ctx, p.DB, here, found.ID); err != nil {
		return r, err
	}
	if r.Done, err = reconcile.ListReconciliations(ctx, p.DB, here, found.ID); err != nil {
		return r, err
	}
	asked := c.Query("through")
	if asked == "" && c.Method() == fiber.MethodPost {
		asked = page.ReadForm(c).Typed("through")
	}
	if day, err := time.Parse(time.DateOnly, asked); err == nil {
		r.Through = day
		return r, nil
	}
	r.Through = r.firstOpen(r.Community.Day(p.Now()))
	return r, nil
}

// firstOpen is the end of the first month with lines that is not completed; the last day with lines where that month is not over.
func (r reconciled) firstOpen(today time.Time) (day time.Time) {
	day = today
	for _, m := range r.Months {
		if day = m.End(); day.After(today) {
			day = m.LastDay
		}
		if last := r.completed(); last == nil || last.Through.Before(day) {
			return day
		}
	}
	return day
}

// completed is the last reconciliation that stands; nil where there is none.
func (r reconciled) completed() *reconcile.Reconciliation {
	for i := range r.Done {
		if r.Done[i].UndoneAt == nil {
			return &r.Done[i]
		}
	}
	return nil
}

// Completed is the reconciliation of that very day, if it stands.
func (r reconciled) Completed() *reconcile.Reconciliation {
	for i := range r.Done {
		if r.Done[i].UndoneAt == nil && r.Done[i].Through.Equal(r.Through) {
			return &r.Done[i]
		}
	}
	return nil
}

// lineID reads the id of a statement's line from an address or a form.
func lineID(s string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, errors.Join(page.ErrNotFound, err)
	}
	return id, nil
}
