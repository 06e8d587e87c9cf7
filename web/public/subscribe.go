package public

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/publication"
	"fund/web/page"
)

// Subscribe writes down an address that wants new reports, and sends it a letter to confirm. The answer is the same whether the
// address is known or not.
func (p *Pages) Subscribe(c *fiber.Ctx) error {
	f := page.ReadForm(c).Label("email", "shelf.mail.email")
	address := f.Email("email")
	if f.AnyWrong() {
		return p.reportsAgain(c, f)
	}
	err := p.inTx(c, func(tx *sqlx.Tx) error {
		return publication.Subscribe(c.UserContext(), tx, here(c), address, lang(c), p.Now())
	})
	if errors.Is(err, publication.ErrAddress) {
		f.Wrong("email", "shelf.mail.wrong")
		return p.reportsAgain(c, f)
	}
	if err != nil {
		return err
	}
	return page.Done(c, "/reports", "shelf.mail.asked")
}

// ToReports sends whoever reloads the address of the subscription's form back to the shelf.
func (p *Pages) ToReports(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/reports"), fiber.StatusSeeOther)
}

// lettersView is a reader's letters: to be confirmed, coming, or ended.
type lettersView struct {
	publication.Subscriber
	Ended bool
}

// ReportLetters asks whether letters shall begin, or end; opening the page does neither, since programs that look at mail do it too.
// What has ended, or is another community's, is gone.
func (p *Pages) ReportLetters(c *fiber.Ctx) error {
	s, err := publication.FindSubscriber(c.UserContext(), p.DB, here(c), c.Params("token"))
	if errors.Is(err, publication.ErrNotFound) {
		return keepOut(c, page.RenderStatus(c, fiber.StatusGone, "public/letters", lettersView{Ended: true}))
	}
	if err != nil {
		return err
	}
	return keepOut(c, page.Render(c, "public/letters", lettersView{Subscriber: s}))
}

// SetReportLetters begins or ends the letters: from the page's buttons, or from the mail program's own (RFC 8058), which carries
// no cookie and always ends them.
func (p *Pages) SetReportLetters(c *fiber.Ctx) error {
	confirms := page.ReadForm(c).Typed("press") == "confirm"
	err := p.inTx(c, func(tx *sqlx.Tx) error {
		if confirms {
			return publication.Confirm(c.UserContext(), tx, here(c), c.Params("token"), p.Now())
		}
		return publication.End(c.UserContext(), tx, here(c), c.Params("token"))
	})
	if err != nil && !errors.Is(err, publication.ErrNotFound) {
		return err
	}
	return c.Redirect(page.Of(c).URL("/reports/letters/"+c.Params("token")), fiber.StatusSeeOther)
}
