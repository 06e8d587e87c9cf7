package public

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/giver"
	"fund/web/auth"
	"fund/web/page"
)

// dataView is what is kept of a giver.
type dataView struct {
	kept
	Giver giver.Giver
	Name  string // the latest one
	Form  *page.Form
}

// kept is the same for programs.
type kept struct {
	giver.Held
	Plans []Plan `json:"promises"`
}

// Heard tells whether a donor row is there whose name or address can be changed.
func (v dataView) Heard() bool { return !v.Giver.Holds() || len(v.Names) > 0 }

func (p *Pages) dataView(c *fiber.Ctx, f *page.Form) (v dataView, err error) {
	v.Form = f.Label("name", "mine.field.name").Label("email", "mine.field.new_email").Label("sure", "mine.field.sure")
	if v.Giver, err = p.in(c); err != nil {
		return v, err
	}
	if v.Held, err = giver.Export(c.UserContext(), p.DB, v.Giver); err != nil {
		return v, err
	}
	v.Plans, err = p.plans(c, v.Giver)
	if n := len(v.Names); n > 0 {
		v.Name = v.Names[n-1]
	}
	return v, err
}

// MyData shows everything that is kept of a giver, and lets them mend it.
func (p *Pages) MyData(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	v, err := p.dataView(c, f)
	if err != nil {
		return err
	}
	f.Set("name", v.Name)
	return keepOut(c, page.Render(c, "public/mine_data", v))
}

// MyDataFile gives the same as a file.
func (p *Pages) MyDataFile(c *fiber.Ctx) error {
	v, err := p.dataView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(v.kept, "", "  ")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="my-gifts.json"`)
	return keepOut(c, c.Send(append(text, '\n')))
}

// Rename corrects the giver's name.
func (p *Pages) Rename(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.dataView(c, f)
	if err != nil {
		return err
	}
	name := oneLine(f.Text("name", 40, page.Optional))
	if f.AnyWrong() {
		return keepOut(c, page.Again(c, "public/mine_data", v))
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error { return giver.Rename(c.UserContext(), tx, v.Giver, v.Name, name) })
	if err != nil {
		return err
	}
	page.SiteOf(c).Cache.Bump(here(c))
	return page.Done(c, minePath+"/data", "mine.renamed")
}

// ChangeAddress sends a link to a new address; only its reader can make it the giver's.
func (p *Pages) ChangeAddress(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.dataView(c, f)
	if err != nil {
		return err
	}
	address := f.Email("email")
	if f.AnyWrong() {
		return keepOut(c, page.Again(c, "public/mine_data", v))
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		return p.Links.AskAddress(c.UserContext(), tx, v.Giver, address, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, minePath+"/data", "mine.address_asked", "minutes", int(giver.LinkLife.Minutes()))
}

// ToData sends whoever reloads the address of a form's POST back to its page.
func (p *Pages) ToData(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(minePath+"/data"), fiber.StatusSeeOther)
}

// Erasure says what will be forgotten and what stays.
func (p *Pages) Erasure(c *fiber.Ctx) error {
	v, err := p.dataView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return keepOut(c, page.Render(c, "public/mine_erasure", v))
}

// Erase forgets the giver. The audit log says that somebody was, not who.
func (p *Pages) Erase(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.dataView(c, f)
	if err != nil {
		return err
	}
	if !f.Bool("sure") {
		f.Wrong("sure", "mine.wrong.sure")
		return keepOut(c, page.Again(c, "public/mine_erasure", v))
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		done, err := giver.Erase(c.UserContext(), tx, v.Giver, p.Now(), p.Forget...)
		if err != nil {
			return err
		}
		return auth.Record(c.UserContext(), tx, auth.Event{
			Community: here(c), Verb: "donor.erase", Subject: "erasure:" + done.ID.String(), Detail: map[string]any{"gifts": done.Gifts},
		})
	})
	if err != nil {
		return err
	}
	page.SiteOf(c).Cache.Bump(here(c))
	keepGiver(c, "")
	return c.Redirect(page.Of(c).URL(minePath+"/erased"), fiber.StatusSeeOther)
}

// Erased says that it is done.
func (p *Pages) Erased(c *fiber.Ctx) error {
	return keepOut(c, page.Render(c, "public/mine_erased", nil))
}
