package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/web/auth"
	"fund/web/page"
)

// People lists who has a role here, former members last.
func (p *Pages) People(c *fiber.Ctx) error {
	users, err := p.Door.Gate.Users(c.UserContext(), p.DB, page.Of(c).Community.ID)
	if err != nil {
		return err
	}
	people := make([]personView, len(users))
	for i, u := range users {
		people[i] = p.personView(c, u, nil)
	}
	return page.Render(c, "desk/people", people)
}

// personView is somebody with what an administrator can do about them.
type personView struct {
	auth.User
	Roles   string // here, in the reader's language
	Oneself bool   // somebody else must do it for them
	Form    *page.Form
	Choices []page.Option
}

func (p *Pages) personView(c *fiber.Ctx, u auth.User, f *page.Form) personView {
	s, _ := auth.Current(c)
	here := u.Roles[page.Of(c).Community.ID]
	v := personView{User: u, Roles: rolesIn(page.Of(c), here), Oneself: s.UserID == u.ID, Choices: choices(c, "role", auth.Roles...)}
	if f != nil && f.All("roles") == nil && !f.AnyWrong() {
		all := make([]string, len(here))
		for i, role := range here {
			all[i] = string(role)
		}
		f.Set("roles", all...)
	}
	if f != nil {
		v.Form = labelled(f, "people.field", "roles")
	}
	return v
}

// personHere is the member whom the address names; people of other communities are not to be found here.
func (p *Pages) personHere(c *fiber.Ctx) (auth.User, error) {
	id, err := uuid.Parse(c.Params("user"))
	if err != nil {
		return auth.User{}, page.ErrNotFound
	}
	users, err := p.Door.Gate.Users(c.UserContext(), p.DB, page.Of(c).Community.ID)
	if err != nil {
		return auth.User{}, err
	}
	i := slices.IndexFunc(users, func(u auth.User) bool { return u.ID == id })
	if i < 0 {
		return auth.User{}, page.ErrNotFound
	}
	return users[i], nil
}

// Person shows somebody's roles and what can be done about them.
func (p *Pages) Person(c *fiber.Ctx) error {
	u, err := p.personHere(c)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/person", p.personView(c, u, page.BlankForm(c)))
}

// newPersonView is the form for somebody new.
type newPersonView struct {
	Form  *page.Form
	Roles []page.Option
}

func newNewPersonView(c *fiber.Ctx, f *page.Form) newPersonView {
	return newPersonView{labelled(f, "people.field", "name", "login", "role"), choices(c, "role", auth.Roles...)}
}

// NewPerson is the form for somebody new.
func (p *Pages) NewPerson(c *fiber.Ctx) error {
	return page.Render(c, "desk/person_new", newNewPersonView(c, page.BlankForm(c)))
}

// passwordOnce is the page that shows a temporary password, once.
type passwordOnce struct {
	User     auth.User
	Password string
}

// madeUp is a password of 80 random bits, in groups that read aloud.
func madeUp() string {
	text := strings.ToLower(rand.Text())
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16]
}

// AddPerson adds somebody with a first role and shows the temporary password: in the answer itself, for a redirect would
// have to keep it somewhere.
func (p *Pages) AddPerson(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v := newNewPersonView(c, f)
	added := auth.NewUser{Name: line(f.Text("name", 40)), Login: f.Text("login", 254), Password: madeUp()}
	role := auth.Role(f.Choice("role", page.Values(v.Roles)))
	by, err := auth.Acting(c, page.Of(c).Community.ID)
	if err != nil {
		return err
	}
	var u auth.User
	if !f.AnyWrong() {
		u, err = p.Door.Gate.AddUser(c.UserContext(), p.DB, by, added)
	}
	switch {
	case errors.Is(err, auth.ErrLoginTaken):
		f.Wrong("login", "people.wrong.taken")
	case errors.Is(err, auth.ErrLoginUnusable):
		f.Wrong("login", "people.wrong.login")
	case err != nil:
		return err
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/person_new", v)
	}
	err = p.inTx(c.UserContext(), func(tx *sqlx.Tx) error { return p.Door.Gate.Grant(c.UserContext(), tx, by, u.ID, role) })
	if err != nil {
		return err
	}
	return page.Render(c, "desk/person_password", passwordOnce{u, added.Password})
}

// SetRoles gives and takes somebody's roles until they have those ticked.
func (p *Pages) SetRoles(c *fiber.Ctx) error {
	u, err := p.personHere(c)
	if err != nil {
		return err
	}
	f := labelled(page.ReadForm(c), "people.field", "roles")
	want, has := f.All("roles"), u.Roles[page.Of(c).Community.ID]
	err = p.manage(c, func(tx *sqlx.Tx, by auth.By) error {
		for _, role := range has {
			if !slices.Contains(want, string(role)) {
				if err := p.Door.Gate.RevokeRole(c.UserContext(), tx, by, u.ID, role); err != nil {
					return err
				}
			}
		}
		for _, role := range want {
			if !slices.Contains(has, auth.Role(role)) {
				if err := p.Door.Gate.Grant(c.UserContext(), tx, by, u.ID, auth.Role(role)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if errors.Is(err, auth.ErrDutiesApart) {
		f.Wrong("roles", "people.wrong.duties")
		return page.Again(c, "desk/person", p.personView(c, u, f))
	}
	return done(c, err, "/desk/people/"+u.ID.String(), "people.roles_set", "name", u.Name)
}

// manage runs verbs on people, which write their lines in the audit log themselves, as whoever is logged in.
func (p *Pages) manage(c *fiber.Ctx, verb func(tx *sqlx.Tx, by auth.By) error) error {
	by, err := auth.Acting(c, page.Of(c).Community.ID)
	if err != nil {
		return err
	}
	return p.inTx(c.UserContext(), func(tx *sqlx.Tx) error { return verb(tx, by) })
}

// DisablePerson keeps somebody out from now on.
func (p *Pages) DisablePerson(c *fiber.Ctx) error {
	return p.changePerson(c, p.Door.Gate.Disable, "people.disabled")
}

// EnablePerson lets somebody in again.
func (p *Pages) EnablePerson(c *fiber.Ctx) error {
	return p.changePerson(c, p.Door.Gate.Enable, "people.enabled")
}

// ForgetDevice lets somebody who lost the code device enrol another one.
func (p *Pages) ForgetDevice(c *fiber.Ctx) error {
	return p.changePerson(c, p.Door.Gate.ResetTOTP, "people.device_forgotten")
}

// personVerb is what an administrator does to somebody in one transaction.
type personVerb = func(ctx context.Context, tx *sqlx.Tx, by auth.By, id uuid.UUID) error

func (p *Pages) changePerson(c *fiber.Ctx, verb personVerb, key string) error {
	u, err := p.personHere(c)
	if err != nil {
		return err
	}
	err = p.manage(c, func(tx *sqlx.Tx, by auth.By) error { return verb(c.UserContext(), tx, by, u.ID) })
	return done(c, err, "/desk/people/"+u.ID.String(), key, "name", u.Name)
}

// GivePassword gives somebody who is locked out a temporary password, and shows it once.
func (p *Pages) GivePassword(c *fiber.Ctx) error {
	u, err := p.personHere(c)
	if err != nil {
		return err
	}
	by, err := auth.Acting(c, page.Of(c).Community.ID)
	if err != nil {
		return err
	}
	password := madeUp()
	if err := p.Door.Gate.SetPassword(c.UserContext(), p.DB, by, u.ID, password); err != nil {
		return err
	}
	return page.Render(c, "desk/person_password", passwordOnce{u, password})
}

// ToPerson sends whoever reloads the address of one of somebody's forms back to them.
func (p *Pages) ToPerson(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/people/"+c.Params("user")), fiber.StatusSeeOther)
}
