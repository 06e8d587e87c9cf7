package desk

import (
	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/i18n"
	"fund/web/page"
)

// What the refusals of raising money mean at the desk.
func init() {
	page.Meaning(campaigns.ErrNotPublic, fiber.StatusConflict, "error.not_public")
	page.Meaning(campaigns.ErrPromised, fiber.StatusConflict, "error.promised")
	page.Meaning(campaigns.ErrState, fiber.StatusConflict, "error.moved_on")
	page.Meaning(campaigns.ErrNotPaid, fiber.StatusConflict, "error.not_paid")
	page.Meaning(campaigns.ErrRefundTooLarge, fiber.StatusConflict, "error.refund_large")
	page.Meaning(campaigns.ErrQuarantined, fiber.StatusConflict, "error.quarantined")
	page.Meaning(ledger.ErrReversedTwice, fiber.StatusConflict, "error.reversed")
	page.Meaning(outbox.ErrNotDead, fiber.StatusConflict, "error.not_dead")
}

// act runs a verb as whoever is logged in, with its line in the audit log; the
// verb is told who that is, as the books write it down.
func (p *Pages) act(c *fiber.Ctx, name, subject string, detail map[string]any, verb func(tx *sqlx.Tx, who string) error) error {
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	event := auth.Event{
		Community: page.Of(c).Community.ID, User: s.UserID, Verb: name, Subject: subject, From: auth.FromRequest(c), Detail: detail,
	}
	return p.do(c.UserContext(), event, func(tx *sqlx.Tx) error { return verb(tx, auth.UserSubject(s.UserID)) })
}

// moved tells the open and the kept pages that figures moved; campaign 0 is the community as a whole.
func (p *Pages) moved(c *fiber.Ctx, campaign int) {
	if p.Changed != nil {
		p.Changed(page.Of(c).Community.ID, campaign)
	}
}

// can tells whether whoever reads may do something, for a button that others do not see.
func can(c *fiber.Ctx, permission auth.Permission) bool {
	s, err := auth.Current(c)
	return err == nil && s.User.Can(permission, page.Of(c).Community.ID)
}

// named turns what the books write down about who did something into a name.
func (p *Pages) named(c *fiber.Ctx) (func(who string) string, error) {
	names, err := auth.Names(c.UserContext(), p.Read, page.Of(c).Community.ID)
	return func(who string) string {
		if name := names[who]; name != "" {
			return name
		}
		return word(c, "role", who) // the sample's people are called by their roles
	}, err
}

// labelled names a form's fields: prefix and the field's own name make the message key.
func labelled(f *page.Form, prefix string, names ...string) *page.Form {
	for _, name := range names {
		f.Label(name, prefix+"."+name)
	}
	return f
}

// choices are options whose labels are messages below a prefix; a value without a message is its own label.
func choices[V ~string](c *fiber.Ctx, prefix string, values ...V) (options []page.Option) {
	for _, value := range values {
		option := page.Option{Value: string(value), Label: word(c, prefix, string(value))}
		if hint := prefix + "." + string(value) + "_hint"; i18n.Has(hint) {
			option.Hint = page.Of(c).T(hint)
		}
		options = append(options, option)
	}
	return options
}

// word is the message of a value below a prefix, or the value where nobody has written one.
func word(c *fiber.Ctx, prefix, value string) string { return page.Word(c, prefix, value) }
