package desk

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/web/auth"
	"fund/web/mail"
	"fund/web/page"
)

func init() { page.Meaning(mail.ErrNotFound, fiber.StatusNotFound, "error.missing") }

const mailPage = 100

type mailView struct {
	Rows    []mailRow
	Kept    bool // the demo: letters can be read
	Form    *page.Form
	ReplyTo string
	MaySet  bool
}

type mailRow struct {
	mail.Delivery
	What    string // kind of letter
	MayOpen bool
}

// Mail lists what became of the letters that were sent.
func (p *Pages) Mail(c *fiber.Ctx) error {
	v, err := p.mailView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.Form.Set("reply_to", v.ReplyTo)
	return page.Render(c, "desk/mail", v)
}

func (p *Pages) mailView(c *fiber.Ctx, f *page.Form) (v mailView, err error) {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	v = mailView{Form: labelled(f, "mail.field", "reply_to"), Kept: p.KeepsMail && can(c, auth.ReadDonors), MaySet: can(c, auth.ManageCommunity)}
	if v.ReplyTo, err = mail.ReplyTo(ctx, p.DB, here); err != nil {
		return v, err
	}
	all, err := mail.Deliveries(ctx, p.DB, here, mailPage)
	for _, d := range all {
		v.Rows = append(v.Rows, mailRow{d, word(c, "mail.kind", d.Kind), d.Subject != "" && can(c, auth.ReadDonors)})
	}
	return v, err
}

// SetReplyTo changes where answers to the community's letters go.
func (p *Pages) SetReplyTo(c *fiber.Ctx) error {
	v, err := p.mailView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	to := v.Form.Email("reply_to", page.Optional)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/mail", v)
	}
	err = p.act(c, "mail.reply_to", "community:"+page.Of(c).Community.Slug, nil, func(tx *sqlx.Tx, _ string) error {
		return mail.SetReplyTo(c.UserContext(), tx, page.Of(c).Community.ID, to)
	})
	if errors.Is(err, mail.ErrAddress) {
		v.Form.Wrong("reply_to", "form.wrong.email")
		return page.Again(c, "desk/mail", v)
	}
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/mail", "mail.reply_to_set")
}

type letterView struct {
	mail.Kept
	What string
}

// letterHere is the demo's letter that the address names.
func (p *Pages) letterHere(c *fiber.Ctx) (mail.Kept, error) {
	id, err := uuid.Parse(c.Params("letter"))
	if err != nil {
		return mail.Kept{}, page.ErrNotFound
	}
	return mail.FindKept(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
}

// Letter shows one of the demo's letters, as it was written and as a mail reader shows it.
func (p *Pages) Letter(c *fiber.Ctx) error {
	letter, err := p.letterHere(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentSecurityPolicy, c.GetRespHeader(fiber.HeaderContentSecurityPolicy)+"; frame-src 'self'")
	return page.Render(c, "desk/letter", letterView{letter, word(c, "mail.kind", letter.Kind)})
}

// letterPolicy lets a letter's own page show itself and do nothing else: it loads nothing, runs nothing, and its links open
// beside it. Only our own page may frame it.
const letterPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox; " +
	"frame-ancestors 'self'; base-uri 'self'; form-action 'none'"

// LetterPage is the letter's HTML part alone, for the frame of Letter.
func (p *Pages) LetterPage(c *fiber.Ctx) error {
	letter, err := p.letterHere(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentSecurityPolicy, letterPolicy)
	c.Set(fiber.HeaderXFrameOptions, "SAMEORIGIN")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.SendString(strings.Replace(letter.HTML, "<head>", `<head><base target="_blank">`, 1))
}
