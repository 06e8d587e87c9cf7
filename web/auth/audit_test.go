package auth_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/web/auth"
)

const (
	refusedByTrigger = "FU901"
	refusedByRight   = "42501"
)

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var refusal *pq.Error
	if !errors.As(err, &refusal) || string(refusal.Code) != code {
		t.Errorf("got error %v, want SQLSTATE %s", err, code)
	}
}

func TestAuditLogIsAppendOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("wang", auth.Cashier)
	before := h.count(`SELECT count(*) FROM auth.audit_log`)
	for _, change := range []string{
		`UPDATE auth.audit_log SET verb = 'a.b'`,
		`DELETE FROM auth.audit_log`,
		`DELETE FROM auth.audit_log WHERE false`,
		`TRUNCATE auth.audit_log`,
	} {
		_, err := h.App.Exec(change)
		wantCode(t, err, refusedByRight)
		_, err = h.Owner.Exec(change)
		wantCode(t, err, refusedByTrigger)
	}
	_, err := h.Owner.Exec(`TRUNCATE auth.user CASCADE`)
	wantCode(t, err, refusedByTrigger)
	if after := h.count(`SELECT count(*) FROM auth.audit_log`); after != before || before != 2 {
		t.Errorf("%d rows, then %d, want 2", before, after)
	}
}

func TestAppCannotChooseTheTimeOfARecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.App.Exec(`INSERT INTO auth.audit_log (community_id, at, verb, subject, address, agent, detail)
		VALUES (1, '2020-01-01', 'entry.post', '', '', '', '{}')`)
	wantCode(t, err, refusedByRight)
}

func TestAppCannotDeletePeople(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.add("wang", auth.Cashier)
	for _, change := range []string{
		`DELETE FROM auth.user`,
		`DELETE FROM auth.membership`,
		`UPDATE auth.user SET login = 'li'`,
		`UPDATE auth.membership SET community_id = 2`,
		`UPDATE auth.session SET user_id = NULL`,
		`CREATE TABLE auth.own (id int)`,
	} {
		_, err := h.App.Exec(change)
		wantCode(t, err, refusedByRight)
	}
}

func TestRecordAndRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	wang := h.add("wang", auth.Treasurer)
	h.add("stranger")
	h.in("wang")
	h.in("stranger")
	record := func(e auth.Event) error {
		return h.tx(func(tx *sqlx.Tx) error { return auth.Record(ctx, tx, e) })
	}
	h.ok(record(auth.Event{
		Community: home, User: wang.ID, Verb: "period.close", Subject: "period:2026-10",
		From: from, Detail: map[string]any{"entries": 12},
	}))
	h.ok(record(auth.Event{Community: elsewhere, User: wang.ID, Verb: "period.close", Subject: "period:2026-09"}))
	wantCode(t, record(auth.Event{Community: home, Verb: "Closed a period"}), "23514")

	rows, err := auth.AuditLog(ctx, h.App, home, auth.AuditFilter{}, 2)
	h.ok(err)
	if len(rows) != 2 || rows[0].Verb != "period.close" || rows[1].Verb != "session.log_in" {
		t.Fatalf("newest rows %+v", rows)
	}
	top := rows[0]
	if top.Subject != "period:2026-10" || top.UserName != "wang" || top.User.UUID != wang.ID || string(top.Detail) != `{"entries": 12}` ||
		top.Address != "203.0.113.0/24" || top.Agent != "WeChat, Android" || top.At.IsZero() {
		t.Errorf("recorded %+v", top)
	}
	if all, err := auth.AuditLog(ctx, h.App, home, auth.AuditFilter{Before: math.MaxInt64}, 2); err != nil || len(all) != 2 {
		t.Errorf("before the last of all: %d rows, %v", len(all), err)
	}
	older, err := auth.AuditLog(ctx, h.App, home, auth.AuditFilter{Before: rows[1].ID}, 10)
	h.ok(err)
	// Both people were added from home; the stranger's log-in and the other community's closing are not ours.
	if got := verbs(older); got != "user.add role.grant user.add" {
		t.Errorf("older rows: %s", got)
	}
}

func verbs(rows []auth.AuditRow) (all string) {
	for i, r := range rows {
		if i > 0 {
			all += " "
		}
		all += r.Verb
	}
	return all
}

func TestOriginIsShortened(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ address, agent, network, short string }{
		{"203.0.113.7", "curl/8.5.0", "203.0.113.0/24", "curl"},
		{"::ffff:203.0.113.7", "", "203.0.113.0/24", ""},
		{"2001:db8:1:2::3", "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120", "2001:db8:1::/48", "Edge, Windows"},
		{"fe80::1%eth0", "Mozilla/5.0 (iPhone) Version/17 Safari/604.1", "fe80::/48", "Safari, iPhone"},
		{"nonsense", "x", "", ""},
	} {
		f := auth.From{Address: c.address, UserAgent: c.agent}
		if f.Network() != c.network || f.Agent() != c.short {
			t.Errorf("%+v is shortened to %q, %q", f, f.Network(), f.Agent())
		}
	}
}
