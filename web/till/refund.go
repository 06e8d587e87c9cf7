package till

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/web/auth"
	"fund/web/page"
)

// asked is the body of a refund.
type asked struct {
	ID      uuid.UUID `json:"id"` // the page's own, so that it may be sent twice; may be missing
	Reason  string    `json:"reason"`
	Session uuid.UUID `json:"session"` // whose drawer gives it back; missing: the cashier's own
	Lines   []struct {
		Line     int `json:"line"`
		Quantity int `json:"quantity"`
	} `json:"lines"` // missing: all that is left
	Approver *struct {
		Login    string `json:"login"`
		Password string `json:"password"`
		Code     string `json:"code"`
	} `json:"approver"`
}

const reasonMax = 200

func readRefund(c *fiber.Ctx) (in asked, lines []sale.Returned, err error) {
	if json.Unmarshal(c.Body(), &in) != nil {
		return in, nil, page.ErrUnreadable
	}
	if in.Reason = page.Clean(in.Reason); utf8.RuneCountInString(in.Reason) > reasonMax {
		return in, nil, sale.ErrNoReason
	}
	if in.ID == uuid.Nil {
		in.ID = uuid.Must(uuid.NewV7())
	}
	for _, l := range in.Lines {
		lines = append(lines, sale.Returned{Line: l.Line, Quantity: l.Quantity})
	}
	return in, lines, nil
}

// Refund gives back a sale, or some of it; above the limit a second person signs on the same device.
func (p *Pages) Refund(c *fiber.Ctx) error {
	id, err := part(c, "sale")
	if err != nil {
		return err
	}
	in, lines, err := readRefund(c)
	if err != nil {
		return answer(c, err)
	}
	r := sale.Refund{ID: in.ID, Sale: id, Reason: in.Reason, RefundedAt: p.Now()}
	if r.Session, err = p.drawer(c, in.Session); err != nil {
		return answer(c, err)
	}
	if r.ApprovedBy, err = p.approver(c, in); err != nil {
		return answer(c, err)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "sale.refund", "sale:"+id.String(), func(tx *sqlx.Tx, who string) (err error) {
		r.RefundedBy = who
		r, err = sale.GiveBack(c.UserContext(), tx, community, r, lines)
		return err
	})
	if err != nil {
		return answer(c, err)
	}
	p.moved(c, 0)
	return c.JSON(fiber.Map{"id": r.ID, "amount": r.Amount.String()})
}

// drawer is the open session that gives money back: the one named, or the cashier's own. Without one it comes from the
// safe, which only who leads a shift opens.
func (p *Pages) drawer(c *fiber.Ctx, named uuid.UUID) (*uuid.UUID, error) {
	me, err := who(c)
	if err != nil {
		return nil, err
	}
	remembered := ""
	if named != uuid.Nil {
		remembered = named.String()
	}
	open, err := p.session(c.UserContext(), page.Of(c).Community.ID, remembered, "", me)
	if err != nil {
		return nil, err
	}
	if open != nil {
		return &open.ID, nil
	}
	if s, err := auth.Current(c); err != nil || !s.User.Can(auth.LeadShift, page.Of(c).Community.ID) {
		return nil, sale.SessionClosed
	}
	return nil, nil
}

// approver proves who the second person is, if one is named.
func (p *Pages) approver(c *fiber.Ctx, in asked) (string, error) {
	if in.Approver == nil || in.Approver.Login == "" {
		return "", nil
	}
	u, err := p.Door.Gate.Vouch(c.UserContext(), p.DB, page.Of(c).Community.ID, auth.LeadShift, in.Approver.Login, in.Approver.Password, in.Approver.Code, auth.FromRequest(c))
	if err != nil {
		return "", err
	}
	return auth.UserSubject(u.ID), nil
}
