package desk

import (
	"errors"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/campaigns/project"
	"fund/web/page"
)

// groupForm is the form of a profile.
type groupForm struct {
	*page.Form
	Kinds  []page.Option
	Themes []page.Option
	Path   string // where it goes
	Slug   string // of the one that is changed; empty for a new one
	Name   string
}

func (p *Pages) groupForm(c *fiber.Ctx, f *page.Form) groupForm {
	labelled(f, "organisation.field", "kind", "name_zh", "name_en", "slug", "theme", "about_zh", "about_en", "meets_zh", "meets_en", "founded_on", "ended_on")
	return groupForm{
		Form: f, Path: groupsPath + "/new",
		Kinds: choices(c, "organisation.kind", organisation.Group, organisation.Social), Themes: choices(c, "theme", project.Themes...),
	}
}

// NewGroup asks for a new organisation's profile.
func (p *Pages) NewGroup(c *fiber.Ctx) error {
	return page.Render(c, "desk/group_form", p.groupForm(c, page.BlankForm(c).Set("kind", string(organisation.Group))))
}

// AddGroup writes a new organisation down.
func (p *Pages) AddGroup(c *fiber.Ctx) error {
	v := p.groupForm(c, page.ReadForm(c))
	o := organisation.Organisation{Kind: organisation.Kind(v.Choice("kind", page.Values(v.Kinds))), EnteredAt: p.Now()}
	if v.read(&o); v.AnyWrong() {
		return page.Again(c, "desk/group_form", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.add", "organisation:"+o.Slug, nil, func(tx *sqlx.Tx, who string) (err error) {
		o.EnteredBy = who
		_, err = organisation.Add(c.UserContext(), tx, community, o)
		return err
	})
	if errors.Is(err, organisation.ErrExists) {
		v.Wrong("slug", "organisation.wrong.exists")
		return page.Again(c, "desk/group_form", v)
	}
	return p.posted(c, err, groupsPath+"/"+o.Slug, "organisation.added", "name", o.NameZH)
}

// ChangeGroupForm shows a profile to be changed.
func (p *Pages) ChangeGroupForm(c *fiber.Ctx) error {
	v, o, err := p.changing(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.Set("name_zh", o.NameZH).Set("name_en", o.NameEN).Set("slug", o.Slug).Set("theme", string(o.Theme)).Set("about_zh", o.AboutZH).Set("about_en", o.AboutEN)
	v.Set("meets_zh", o.MeetsZH).Set("meets_en", o.MeetsEN).Set("founded_on", dayTyped(o.FoundedOn)).Set("ended_on", dayTyped(o.EndedOn))
	return page.Render(c, "desk/group_form", v)
}

// ChangeGroup writes a profile anew.
func (p *Pages) ChangeGroup(c *fiber.Ctx) error {
	v, o, err := p.changing(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if v.read(&o); v.AnyWrong() {
		return page.Again(c, "desk/group_form", v)
	}
	err = p.act(c, "organisation.change", "organisation:"+o.Slug, nil, func(tx *sqlx.Tx, _ string) error {
		return organisation.Change(c.UserContext(), tx, page.Of(c).Community.ID, o)
	})
	if errors.Is(err, organisation.ErrExists) {
		v.Wrong("slug", "organisation.wrong.exists")
		return page.Again(c, "desk/group_form", v)
	}
	return p.posted(c, err, groupsPath+"/"+o.Slug, "organisation.changed")
}

func (p *Pages) changing(c *fiber.Ctx, f *page.Form) (v groupForm, o organisation.Organisation, err error) {
	if o, err = organisation.Find(c.UserContext(), p.DB, page.Of(c).Community.ID, c.Params("slug")); err != nil {
		return v, o, err
	}
	v = p.groupForm(c, f)
	v.Path, v.Slug, v.Name = groupsPath+"/"+o.Slug+"/edit", o.Slug, o.NameZH
	return v, o, nil
}

// read takes a profile from the form.
func (v groupForm) read(o *organisation.Organisation) {
	o.NameZH, o.NameEN = line(v.Text("name_zh", 40)), line(v.Text("name_en", 80, page.Optional))
	o.Slug = v.Text("slug", 60)
	if o.Slug != "" && (!slugForm.MatchString(o.Slug) || o.Slug == "new" || o.Slug == "rule") {
		v.Wrong("slug", "organisation.wrong.slug")
	}
	o.Theme = project.Theme(v.Choice("theme", page.Values(v.Themes)))
	o.AboutZH, o.AboutEN = v.Text("about_zh", 1000, page.Optional), v.Text("about_en", 2000, page.Optional)
	o.MeetsZH, o.MeetsEN = line(v.Text("meets_zh", 80, page.Optional)), line(v.Text("meets_en", 120, page.Optional))
	o.FoundedOn, o.EndedOn = dayOrNone(v.Date("founded_on", page.Optional)), dayOrNone(v.Date("ended_on", page.Optional))
	if o.FoundedOn != nil && o.EndedOn != nil && o.EndedOn.Before(*o.FoundedOn) {
		v.Wrong("ended_on", "organisation.wrong.ended")
	}
}

func dayOrNone(day time.Time) *time.Time {
	if day.IsZero() {
		return nil
	}
	return &day
}

func dayTyped(day *time.Time) string {
	if day == nil {
		return ""
	}
	return day.Format(time.DateOnly)
}

// SetGroupContact writes down whom to call.
func (p *Pages) SetGroupContact(c *fiber.Ctx) error {
	v, err := p.groupHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	k := organisation.Contact{Name: line(v.Text("contact_name", 40)), Phone: line(v.Text("contact_phone", 30))}
	if n := utf8.RuneCountInString(k.Phone); n > 0 && n < 3 {
		v.Wrong("contact_phone", "form.wrong.phone")
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/group", v)
	}
	err = p.act(c, "organisation.contact", "organisation:"+v.Slug, nil, func(tx *sqlx.Tx, _ string) error {
		return organisation.SetContact(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, k)
	})
	if err != nil {
		return err
	}
	return page.Done(c, v.Path(), "organisation.contact_set")
}

// EraseGroupContact forgets whom to call.
func (p *Pages) EraseGroupContact(c *fiber.Ctx) error {
	v, err := p.groupHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	err = p.act(c, "organisation.erase_contact", "organisation:"+v.Slug, nil, func(tx *sqlx.Tx, _ string) error {
		return organisation.EraseContact(c.UserContext(), tx, page.Of(c).Community.ID, v.ID)
	})
	if err != nil {
		return err
	}
	return page.Done(c, v.Path(), "organisation.contact_erased")
}
