package main

import (
	"context"
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
	if madeUp {
		fmt.Fprintf(out, "Password, shown this once 密码只显示这一次：%s\n", password)
	}
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
	e, err := g.open(ctx, quiet(), opening{})
	if err != nil {
		return err
	}
	defer e.Close()
	c, err := ledger.FindCommunity(ctx, e.app, g.Community)
	if err != nil {
		return err
	}
	gate := auth.NewGate(auth.DefaultPolicy)
	user, err := gate.FindLogin(ctx, e.app, g.Login)
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

func joinRoles(roles []auth.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}
