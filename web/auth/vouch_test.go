package auth_test

import (
	"testing"

	"fund/web/auth"
)

func TestASecondPersonVouches(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("lead", auth.ShiftLead)
	h.add("cashier", auth.Cashier)
	vouch := func(login, password string) (auth.User, error) {
		return h.Vouch(t.Context(), h.App, home, auth.LeadShift, login, password, "", from)
	}
	u, err := vouch("Lead", rightPassword)
	h.ok(err)
	if u.Login != "lead" {
		t.Errorf("vouched by %+v", u)
	}
	_, err = vouch("lead", wrongPassword)
	h.want(err, auth.ErrWrongPassword)
	_, err = vouch("cashier", rightPassword)
	h.want(err, auth.ErrForbidden)
	if n := h.count(`SELECT count(*) FROM auth.session`); n != 0 {
		t.Errorf("%d sessions opened", n)
	}
	if n := h.count(`SELECT count(*) FROM auth.audit_log WHERE verb = 'session.vouch'`); n != 1 {
		t.Errorf("%d lines in the audit log", n)
	}
}
