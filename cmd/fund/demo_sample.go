package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	angong "fund/cmd/fund/sample"
	"fund/ledger"
	"fund/web/auth"
)

// sample is what the demo shows: pages worth opening, and who may log in.
type sample struct {
	pages  []samplePage
	logins []sampleLogin
	giver  demoGiver
}

type samplePage struct{ zh, en, path string }

type sampleLogin struct{ roleZH, roleEN, login, password string }

// loadSample fills an empty database with the sample community, and says what is there.
func loadSample(ctx context.Context, e *env, baseURL string) (s sample, err error) {
	key, err := openLogKey(ctx, e, demoLogName)
	if err != nil {
		return s, err
	}
	_, err = angong.Load(ctx, e.app, key, baseURL, time.Now())
	if errors.Is(err, angong.ErrHalfLoaded) {
		return s, failed("An earlier start was interrupted. Start over: fund demo --fresh", "上一次没有装完。重新开始：fund demo --fresh")
	}
	if err != nil {
		return s, err
	}
	c, err := ledger.FindCommunity(ctx, e.app, angong.Slug)
	if err != nil {
		return s, err
	}
	home := "/c/" + c.Slug
	s.pages = []samplePage{
		{"首页", "Home", home}, {"募捐", "Give", home + "/campaigns"}, {"公账", "The books", home + "/ledger"}, {"2017 年", "The year 2017", home + "?year=2017"},
	}
	if s.giver, err = findGiver(ctx, e, c); err != nil {
		return s, err
	}
	gate := auth.NewGate(auth.DefaultPolicy)
	for _, p := range angong.People() {
		login, err := admit(ctx, e, gate, c, p)
		if err != nil {
			return s, err
		}
		s.logins = append(s.logins, login)
	}
	return s, nil
}

// roleNames are the sample's roles in words.
var roleNames = map[auth.Role][2]string{
	auth.Treasurer: {"会计", "Treasurer"}, auth.ShiftLead: {"班长", "Shift lead"}, auth.Cashier: {"出纳", "Cashier"}, auth.Auditor: {"监督", "Auditor"},
	auth.ProjectLead: {"社工", "Project lead"}, auth.CouncilMember: {"议事会", "Council member"}, auth.Administrator: {"管理员", "Administrator"},
}

// admit makes sure that somebody of the sample may log in, with a password that the welcome can show each time.
func admit(ctx context.Context, e *env, gate *auth.Gate, c ledger.Community, p angong.Person) (sampleLogin, error) {
	role := auth.Role(p.Role)
	l := sampleLogin{roleNames[role][0], roleNames[role][1], p.Login, "ginkgo-tea-2017"}
	by := auth.By{Operator: true, Community: c.ID}
	user, err := gate.FindLogin(ctx, e.app, p.Login)
	if errors.Is(err, auth.ErrUserUnknown) {
		user, err = gate.AddUser(ctx, e.app, by, auth.NewUser{Login: p.Login, Name: p.Name, Password: l.password, OwnPassword: true})
	}
	if err != nil || slices.Contains(user.Roles[c.ID], role) {
		return l, err
	}
	return l, e.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := gate.Grant(ctx, tx, by, user.ID, role); err != nil || role != auth.CouncilMember {
			return err
		}
		return angong.LetVote(ctx, tx, c, auth.UserSubject(user.ID))
	})
}
