package till

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

// problem is what went wrong, in a word for the page and a sentence for its reader.
type problem struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// problems are what a verb's refusal means to the page.
var problems = []struct {
	err    error
	status int
	code   string
}{
	{sale.ErrNotFound, fiber.StatusNotFound, "missing"},
	{sale.SessionClosed, fiber.StatusConflict, "session_closed"},
	{sale.ErrTillOpen, fiber.StatusConflict, "till_open"},
	{sale.ErrState, fiber.StatusConflict, "state"},
	{sale.ErrTooMuch, fiber.StatusConflict, "too_much"},
	{sale.ErrNoReason, fiber.StatusUnprocessableEntity, "reason"},
	{sale.ErrNeedsSecond, fiber.StatusForbidden, "approver_needed"},
	{ledger.ErrFundOverspent, fiber.StatusConflict, "spent"},
	{ledger.ErrReversedTwice, fiber.StatusConflict, "too_much"},
	{ledger.ErrPeriodClosed, fiber.StatusConflict, "month_closed"},
	{auth.ErrTOTPNeeded, fiber.StatusForbidden, "totp"},
	{auth.ErrTOTPWrong, fiber.StatusForbidden, "totp"},
	{auth.ErrWrongPassword, fiber.StatusForbidden, "approver_wrong"},
	{auth.ErrForbidden, fiber.StatusForbidden, "approver_wrong"},
	{auth.ErrLocked, fiber.StatusForbidden, "approver_locked"},
	{page.ErrUnreadable, fiber.StatusBadRequest, "unreadable"},
}

// answer tells the page what went wrong; what is nobody's fault here goes on to page.Fail.
func answer(c *fiber.Ctx, err error) error {
	for _, p := range problems {
		if errors.Is(err, p.err) {
			return c.Status(p.status).JSON(fiber.Map{"error": problem{p.code, page.Of(c).T("till.problem." + p.code)}})
		}
	}
	return err
}

// who is the cashier, as the books write it down.
func who(c *fiber.Ctx) (string, error) {
	s, err := auth.Current(c)
	return auth.UserSubject(s.UserID), err
}

// act runs a verb and its line in the audit log in one database transaction.
func (p *Pages) act(c *fiber.Ctx, name, subject string, verb func(tx *sqlx.Tx, who string) error) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	return p.actAs(c, s.UserID, name, subject, verb)
}

// actAs is act of somebody who proved who they are beside the one who is logged in.
func (p *Pages) actAs(c *fiber.Ctx, user uuid.UUID, name, subject string, verb func(tx *sqlx.Tx, who string) error) error {
	return ledger.InTx(c.UserContext(), p.DB, func(tx *sqlx.Tx) error {
		if err := verb(tx, auth.UserSubject(user)); err != nil {
			return err
		}
		return auth.Record(c.UserContext(), tx, auth.Event{
			Community: page.Of(c).Community.ID, User: user, Verb: name, Subject: subject, From: auth.FromRequest(c),
		})
	})
}

// community is the books' view of the community that the address names.
func (p *Pages) community(c *fiber.Ctx) (ledger.Community, error) {
	return ledger.FindCommunity(c.UserContext(), p.DB, page.Of(c).Community.Slug)
}

// moved tells the open and the kept pages that figures moved; campaign 0 is the community as a whole.
func (p *Pages) moved(c *fiber.Ctx, campaign int) {
	if p.Changed != nil {
		p.Changed(page.Of(c).Community.ID, campaign)
	}
}

// part reads an id from the address; what is none is not found.
func part(c *fiber.Ctx, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Params(name))
	if err != nil {
		return id, page.ErrNotFound
	}
	return id, nil
}
