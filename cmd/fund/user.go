package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web/auth"
)

type userCmd struct {
	Add   userAddCmd   `cmd:"" help:"Add somebody who may log in."`
	Grant userGrantCmd `cmd:"" help:"Give somebody a role in a community."`

	Password     userPasswordCmd     `cmd:"" help:"Give somebody who is locked out a new password."`
	ForgetDevice userForgetDeviceCmd `cmd:"" help:"Let somebody who lost the code device enrol another one."`
}

// roleFlags name a role in a community: both or neither.
type roleFlags struct {
	Community string    `placeholder:"SLUG" help:"The community in which the role is."`
	Role      auth.Role `placeholder:"ROLE" help:"One of ${roles}."`
}

func (r roleFlags) sensible() error {
	switch {
	case (r.Role == "") != (r.Community == ""):
		return usage("A role is in a community: say both, --role and --community.", "角色属于社区：--role 和 --community 要一起写。")
	case r.Role != "" && !slices.Contains(auth.Roles, r.Role):
		return usage(fmt.Sprintf("There is no role %q. The roles are %s.", r.Role, joinRoles(auth.Roles)),
			fmt.Sprintf("没有 %q 这个角色。可选的有 %s。", r.Role, joinRoles(auth.Roles)))
	}
	return nil
}

type userAddCmd struct {
	databaseFlags `embed:""`
	roleFlags     `embed:""`
	Login         string `required:"" help:"An email address or a name to log in with."`
	Name          string `required:"" help:"The person's name, as staff see it."`
	PasswordFile  string `type:"path" placeholder:"FILE" help:"Read the password from a file; else it is asked for, or made up and shown once where nobody can be asked."`
	Own           bool   `help:"The password is this person's own; else they choose another one at the first log-in."`
}

// Run adds the person, and the role if one is named.
func (a *userAddCmd) Run(ctx context.Context, out io.Writer) error {
	if err := a.sensible(); err != nil {
		return err
	}
	e, err := a.open(ctx, quiet(), opening{})
	if err != nil {
		return err
	}
	defer e.Close()
	var c ledger.Community
	if a.Community != "" {
		if c, err = ledger.FindCommunity(ctx, e.app, a.Community); err != nil {
			return err
		}
	}
	password, madeUp, err := choosePassword(ctx, a.PasswordFile)
	if err != nil {
		return err
	}
	gate := auth.NewGate(auth.DefaultPolicy)
	by := auth.By{Operator: true, Community: c.ID}
	user, err := gate.AddUser(ctx, e.app, by, auth.NewUser{Login: a.Login, Name: a.Name, Password: password, OwnPassword: a.Own})
	if err != nil {
		return err
	}
	if a.Role != "" {
		if err := e.inTx(ctx, func(tx *sqlx.Tx) error { return gate.Grant(ctx, tx, by, user.ID, a.Role) }); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%s may log in as %s. %s可以用 %s 登录了。\n", user.Name, user.Login, user.Name, user.Login)
	tellMadeUp(out, password, madeUp)
	return nil
}

type userGrantCmd struct {
	databaseFlags `embed:""`
	roleFlags     `embed:""`
	Login         string `required:"" help:"Who gets the role."`
}

// Run grants the role.
func (g *userGrantCmd) Run(ctx context.Context, out io.Writer) error {
	if err := g.sensible(); err != nil {
		return err
	}
	e, gate, user, err := g.openUser(ctx, g.Login)
	if err != nil {
		return err
	}
	defer e.Close()
	c, err := ledger.FindCommunity(ctx, e.app, g.Community)
	if err != nil {
		return err
	}
	by := auth.By{Operator: true, Community: c.ID}
	if err := e.inTx(ctx, func(tx *sqlx.Tx) error { return gate.Grant(ctx, tx, by, user.ID, g.Role) }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s is %s of %s. %s已有这个角色。\n", user.Name, g.Role, c.NameEN, user.Name)
	return err
}

type userPasswordCmd struct {
	databaseFlags `embed:""`
	Login         string `required:"" help:"Who is locked out."`
	PasswordFile  string `type:"path" placeholder:"FILE" help:"Read the password from a file; else as for fund user add."`
}

// Run sets a temporary password and ends the person's sessions.
func (p *userPasswordCmd) Run(ctx context.Context, out io.Writer) error {
	e, gate, user, err := p.openUser(ctx, p.Login)
	if err != nil {
		return err
	}
	defer e.Close()
	password, madeUp, err := choosePassword(ctx, p.PasswordFile)
	if err != nil {
		return err
	}
	if err := gate.SetPassword(ctx, e.app, auth.By{Operator: true}, user.ID, password); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s has a new password, to be changed at the next log-in. %s的密码已换，下次登录时要改。\n", user.Name, user.Name)
	tellMadeUp(out, password, madeUp)
	return nil
}

type userForgetDeviceCmd struct {
	databaseFlags `embed:""`
	Login         string `required:"" help:"Who lost it."`
}

// Run forgets the device and ends the person's sessions.
func (f *userForgetDeviceCmd) Run(ctx context.Context, out io.Writer) error {
	e, gate, user, err := f.openUser(ctx, f.Login)
	if err != nil {
		return err
	}
	defer e.Close()
	if err := e.inTx(ctx, func(tx *sqlx.Tx) error { return gate.ResetTOTP(ctx, tx, auth.By{Operator: true}, user.ID) }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s enrols a device at the next log-in. %s下次登录时重新绑定验证码设备。\n", user.Name, user.Name)
	return err
}

// openUser opens the database and finds who a command is about.
func (f databaseFlags) openUser(ctx context.Context, login string) (*env, *auth.Gate, auth.User, error) {
	e, err := f.open(ctx, quiet(), opening{})
	if err != nil {
		return nil, nil, auth.User{}, err
	}
	gate := auth.NewGate(auth.DefaultPolicy)
	user, err := gate.FindLogin(ctx, e.app, login)
	if err != nil {
		return nil, nil, user, errors.Join(err, e.Close())
	}
	return e, gate, user, nil
}

func tellMadeUp(out io.Writer, password string, madeUp bool) {
	if madeUp {
		fmt.Fprintf(out, "Password, shown this once 密码只显示这一次：%s\n", password)
	}
}

func joinRoles(roles []auth.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}
