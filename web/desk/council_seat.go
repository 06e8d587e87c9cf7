package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/web/page"
)

// seatView is a seat whose term may end, and who takes it over.
type seatView struct {
	Council council.Council
	Member  council.Member
	Form    *page.Form
	Users   []page.Option
}

func (p *Pages) seatView(c *fiber.Ctx, f *page.Form) (v seatView, err error) {
	v.Form = labelled(f, "council.field", "until", "user", "successor", "successor_user", "successor_until")
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	if v.Council, err = council.FindCouncil(ctx, p.DB, here, c.Params("council")); err != nil {
		return v, err
	}
	n, err := page.Number(c, "member")
	if err != nil {
		return v, err
	}
	members, err := council.Members(ctx, p.DB, here, v.Council.ID, page.Of(c).Local(p.Now()))
	if err != nil {
		return v, err
	}
	i := slices.IndexFunc(members, func(m council.Member) bool { return m.Number == n })
	if i < 0 {
		return v, page.ErrNotFound
	}
	v.Member = members[i]
	v.Users, err = p.voters(c)
	return v, err
}

// CouncilSeat is the form that ends a term, lets somebody else vote for the seat, or seats a successor.
func (p *Pages) CouncilSeat(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	v, err := p.seatView(c, f)
	if err != nil {
		return err
	}
	f.Set("until", v.Member.UntilOn.Format(time.DateOnly)).Set("user", v.Member.UserSubject).Set("successor_until", v.Member.UntilOn.Format(time.DateOnly))
	return page.Render(c, "desk/council_seat", v)
}

// read reads when the term ends, who votes until then, and who follows.
func (v seatView) read(today time.Time) (m, next council.Member) {
	f := v.Form
	m = v.Member
	m.UntilOn, m.UserSubject = f.Date("until"), f.Choice("user", page.Values(v.Users), page.Optional)
	if !m.UntilOn.IsZero() && m.UntilOn.Before(today) {
		f.Wrong("until", "council.wrong.last")
	}
	if next.Name = f.Text("successor", 40, page.Optional); next.Name == "" {
		return m, next
	}
	next.UntilOn, next.UserSubject = f.Date("successor_until"), f.Choice("successor_user", page.Values(v.Users), page.Optional)
	if !next.UntilOn.After(m.UntilOn) {
		f.Wrong("successor_until", "council.wrong.term")
	}
	return m, next
}

// ChangeCouncilSeat ends a term on a day, and seats a successor from the next, with the same office.
func (p *Pages) ChangeCouncilSeat(c *fiber.Ctx) error {
	v, err := p.seatView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	m, next := v.read(dateOf(page.Of(c).Local(p.Now())))
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/council_seat", v)
	}
	err = p.act(c, "council.term", "council:"+v.Council.Slug, nil, func(tx *sqlx.Tx, _ string) error {
		return council.HandOver(c.UserContext(), tx, page.Of(c).Community.ID, m, next)
	})
	p.moved(c, 0)
	return done(c, err, councilsPath+"/"+v.Council.Slug, "council.seat_changed", "name", m.Name)
}

// SignedBy names who signed minutes.
func (v councilView) SignedBy(m council.Minutes) string {
	var names []string
	for _, s := range v.Signed {
		if s.Of(m) {
			names = append(names, s.Name)
		}
	}
	return strings.Join(names, "、")
}

// MaySign tells whether whoever reads sat in the council on the day of the minutes, and has not signed them.
func (v councilView) MaySign(m council.Minutes) bool {
	return v.Seat != nil && v.Seat.In(m.HeldOn) && !slices.ContainsFunc(v.Signed, func(s council.Signature) bool { return s.Of(m) && s.Member == v.Seat.Number })
}

// SignMinutes puts the reader's name under minutes.
func (p *Pages) SignMinutes(c *fiber.Ctx) error {
	k, err := council.FindCouncil(c.UserContext(), p.DB, page.Of(c).Community.ID, c.Params("council"))
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	serial := c.Params("minutes")
	err = p.act(c, "council.sign", "council:"+k.Slug, nil, func(tx *sqlx.Tx, who string) error {
		return council.Sign(c.UserContext(), tx, community, k.ID, serial, who, p.Now())
	})
	p.moved(c, 0)
	return done(c, err, councilsPath+"/"+k.Slug, "council.did.sign", "number", serial)
}
