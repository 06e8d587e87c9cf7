package auth_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/web/auth"
)

func TestAddUserRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("taken")
	cashier := h.add("cashier", auth.Cashier)
	for _, c := range []struct {
		name string
		by   auth.By
		n    auth.NewUser
		want error
	}{
		{"the same login in another case", operator, auth.NewUser{Login: "TaKeN", Name: "王", Password: rightPassword}, auth.ErrLoginTaken},
		{"a login with a space", operator, auth.NewUser{Login: "li si", Name: "李", Password: rightPassword}, auth.ErrLoginUnusable},
		{"no login", operator, auth.NewUser{Name: "李", Password: rightPassword}, auth.ErrLoginUnusable},
		{"no name", operator, auth.NewUser{Login: "li", Name: " ", Password: rightPassword}, auth.ErrNameMissing},
		{"a weak password", operator, auth.NewUser{Login: "li", Name: "李", Password: "short"}, auth.ErrPasswordWeak},
		{"nobody", auth.By{Community: home}, auth.NewUser{Login: "li", Name: "李", Password: rightPassword}, auth.ErrForbidden},
		{"a cashier", auth.By{User: cashier.ID, Community: home}, auth.NewUser{Login: "li", Name: "李", Password: rightPassword}, auth.ErrForbidden},
	} {
		_, err := h.AddUser(context.Background(), h.App, c.by, c.n)
		h.Log(c.name)
		h.want(err, c.want)
	}
	if n := h.count(`SELECT count(*) FROM auth.user`); n != 2 {
		t.Errorf("%d users, want 2", n)
	}
}

func TestDatabaseRefusesALoginInUpperCase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, db := range []*sqlx.DB{h.App, h.Owner} {
		_, err := db.Exec(`INSERT INTO auth.user (id, login, name, password_hash, password_temporary)
			VALUES (gen_random_uuid(), 'Wang', 'Wang', '', true)`)
		wantCode(t, err, "23514")
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for _, weak := range []string{
		"", "九个字不够长的密码", "aaaaaaaaaaaaaaaa", "ababababababab", "1234567890", "Password123!",
		"wang.2024.wang.li", strings.Repeat("long enough ", 11), "seven \xff teapots",
	} {
		if err := auth.CheckPassword("wang.2024@example.org", weak); err == nil {
			t.Errorf("%q is taken for strong", weak)
		}
	}
	for _, strong := range []string{rightPassword, "门前大桥下游过一群鸭", strings.Repeat("abcdefgh", 16), "password hygiene matters"} {
		if err := auth.CheckPassword("wang.2024@example.org", strong); err != nil {
			t.Errorf("%q: %v", strong, err)
		}
	}
}

// An administrator of one community must not take over the treasurer of another.
func TestAdministratorReachesOnlyTheirOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	admin := h.add("admin", auth.Administrator)
	local := h.add("local", auth.Treasurer)
	shared := h.add("shared", auth.Cashier)
	h.ok(h.grant(auth.By{Operator: true, Community: elsewhere}, shared.ID, auth.Treasurer))
	by := auth.By{User: admin.ID, Community: home, From: from}
	abroad := auth.By{User: admin.ID, Community: elsewhere, From: from}

	verbs := map[string]func(by auth.By, id uuid.UUID) error{
		"SetPassword": func(by auth.By, id uuid.UUID) error {
			return h.SetPassword(ctx, h.App, by, id, "nine blue lanterns")
		},
		"Disable": func(by auth.By, id uuid.UUID) error {
			return h.tx(func(tx *sqlx.Tx) error { return h.Disable(ctx, tx, by, id) })
		},
		"Enable": func(by auth.By, id uuid.UUID) error {
			return h.tx(func(tx *sqlx.Tx) error { return h.Enable(ctx, tx, by, id) })
		},
		"ResetTOTP": func(by auth.By, id uuid.UUID) error {
			return h.tx(func(tx *sqlx.Tx) error { return h.ResetTOTP(ctx, tx, by, id) })
		},
	}
	for name, verb := range verbs {
		h.Log(name)
		h.ok(verb(by, local.ID))
		h.want(verb(by, shared.ID), auth.ErrForbidden)
		h.want(verb(abroad, local.ID), auth.ErrForbidden)
		h.want(verb(by, admin.ID), auth.ErrOneself)
		h.want(verb(auth.By{User: local.ID, Community: home}, shared.ID), auth.ErrForbidden)
		h.want(verb(by, uuid.New()), auth.ErrUserUnknown)
	}
	h.ok(h.grant(by, shared.ID, auth.ProjectLead)) // at home, that is the administrator's to give
	h.want(h.grant(abroad, shared.ID, auth.ProjectLead), auth.ErrForbidden)
	h.want(h.grant(by, admin.ID, auth.CouncilMember), auth.ErrOneself)
	h.want(h.grant(by, local.ID, "king"), auth.ErrRoleUnknown)
	h.want(h.grant(by, uuid.New(), auth.Cashier), auth.ErrUserUnknown)
}

func TestDutiesStayApart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	apart := [][2]auth.Role{
		{auth.Administrator, auth.Treasurer},
		{auth.Administrator, auth.Cashier},
		{auth.Auditor, auth.Treasurer},
		{auth.Auditor, auth.Cashier},
		{auth.Auditor, auth.ProjectLead},
		{auth.Auditor, auth.CouncilMember},
		{auth.Auditor, auth.Administrator},
	}
	for i, pair := range apart {
		for j := range pair {
			u := h.add("user"+string(rune('a'+2*i+j)), pair[j])
			h.want(h.grant(operator, u.ID, pair[1-j]), auth.ErrDutiesApart)
			for _, db := range []*sqlx.DB{h.App, h.Owner} {
				_, err := db.Exec(`UPDATE auth.membership SET roles = $2 WHERE user_id = $1`,
					u.ID, "{"+string(pair[0])+","+string(pair[1])+"}")
				wantCode(t, err, "23514")
			}
		}
	}
	h.add("treasurer", auth.Treasurer, auth.Cashier, auth.CouncilMember, auth.ProjectLead)
}

func TestRolesComeAndGo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	u := h.add("wang", auth.Cashier, auth.CouncilMember, auth.Cashier)
	if got := len(u.Roles[home]); got != 2 {
		t.Errorf("%d roles, want 2", got)
	}
	for _, r := range []auth.Role{auth.Cashier, auth.CouncilMember, auth.CouncilMember} {
		h.ok(h.tx(func(tx *sqlx.Tx) error { return h.RevokeRole(ctx, tx, operator, u.ID, r) }))
	}
	h.add("zhao", auth.Auditor)
	users, err := h.Users(ctx, h.App, home)
	h.ok(err)
	if len(users) != 2 || users[0].Login != "zhao" || users[1].Login != "wang" || len(users[1].Roles) != 0 {
		t.Errorf("members %+v", users)
	}
	if users, err := h.Users(ctx, h.App, elsewhere); err != nil || len(users) != 0 {
		t.Errorf("elsewhere: %v, %v", users, err)
	}
}

func TestDisableEndsSessionsAndKeepsOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	u := h.add("wang")
	_, s := h.enrol(h.in("wang"))
	h.ok(h.tx(func(tx *sqlx.Tx) error { return h.Disable(ctx, tx, operator, u.ID) }))
	h.want(h.find(s), auth.ErrNotLoggedIn)
	_, err := h.logIn("wang", rightPassword, "") // not ErrTOTPNeeded, which would confirm the password
	h.want(err, auth.ErrWrongPassword)
	h.ok(h.tx(func(tx *sqlx.Tx) error { return h.Enable(ctx, tx, operator, u.ID) }))
	_, err = h.logIn("wang", rightPassword, "")
	h.want(err, auth.ErrTOTPNeeded)
}

func TestTemporaryPasswordMustBeReplaced(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	admin := h.add("admin", auth.Administrator)
	by := auth.By{User: admin.ID, Community: home}
	u, err := h.AddUser(ctx, h.App, by, auth.NewUser{Login: "li", Name: "李", Password: rightPassword, OwnPassword: true})
	h.ok(err)
	s := h.in("li")
	if !s.User.PasswordTemporary {
		t.Fatal("the administrator's choice is taken for the user's own")
	}
	err = h.tx(func(tx *sqlx.Tx) error { _, err := h.EnrolTOTP(ctx, tx, s, "翠湖社区"); return err })
	h.want(err, auth.ErrPasswordTemporary)
	s, err = h.ChangePassword(ctx, h.App, s, rightPassword, "nine blue lanterns", from)
	h.ok(err)
	if s.User.PasswordTemporary {
		t.Error("one's own password is temporary")
	}
	h.ok(h.SetPassword(ctx, h.App, by, u.ID, rightPassword))
	h.want(h.find(s), auth.ErrNotLoggedIn)
	if !h.in("li").User.PasswordTemporary {
		t.Error("a password set by somebody else is not temporary")
	}
}

func TestEnrolment(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	u := h.add("wang", auth.Treasurer)
	s := h.in("wang")
	if !s.User.MustEnrol || h.add("li", auth.Cashier).MustEnrol {
		t.Error("treasurers must enrol, cashiers need not")
	}
	enrol := func() (e auth.Enrolment, err error) {
		err = h.tx(func(tx *sqlx.Tx) error { e, err = h.EnrolTOTP(ctx, tx, s, "翠湖社区"); return err })
		return e, err
	}
	confirm := func(code string) (err error) {
		return h.tx(func(tx *sqlx.Tx) error { _, err := h.ConfirmTOTP(ctx, tx, s, code, from); return err })
	}
	h.want(confirm("123456"), auth.ErrTOTPNotStarted)
	one, err := enrol()
	h.ok(err)
	two, err := enrol()
	h.ok(err)
	if one != two || !strings.HasPrefix(one.URL, "otpauth://totp/") || !strings.Contains(one.URL, one.Secret) {
		t.Errorf("enrolments %+v and %+v", one, two)
	}
	h.want(confirm("12345"), auth.ErrTOTPWrong)
	s, err = h.ChangePassword(ctx, h.App, s, rightPassword, "nine blue lanterns", from)
	h.ok(err)
	h.want(confirm(h.code(one.Secret)), auth.ErrTOTPNotStarted) // the old password's owner may have seen it
	one, err = enrol()
	h.ok(err)
	h.ok(confirm(h.code(one.Secret)))
	h.want(confirm(h.code(one.Secret)), auth.ErrTOTPEnrolled)
	_, err = enrol()
	h.want(err, auth.ErrTOTPEnrolled)
	u, err = h.FindUser(ctx, h.App, u.ID)
	h.ok(err)
	if !u.HasTOTP || u.MustEnrol {
		t.Errorf("enrolled: %+v", u)
	}
	h.ok(h.tx(func(tx *sqlx.Tx) error { return h.ResetTOTP(ctx, tx, operator, u.ID) }))
	if s, err := h.logIn("wang", "nine blue lanterns", ""); err != nil || !s.User.MustEnrol {
		t.Errorf("after a reset: %+v, %v", s.User, err)
	}
}

func TestADemoAsksForNoCode(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Policy.TOTPRoles = nil
	if h.add("wang", auth.Treasurer).MustEnrol {
		t.Error("a demo asks for a code device")
	}
}
