package desk_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web/auth"
)

const peoplePath = "/c/angong/desk/people"

var shown = regexp.MustCompile(`<code class="secret">([a-z2-7-]{19})</code>`)

func TestAnAdministratorAddsSomebodyWhoThenComesIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Administrator)
	add := func(pairs ...string) answer { return v.post(peoplePath, v.form(peoplePath+"/new", pairs...)) }
	for _, c := range []struct {
		pairs []string
		says  string
	}{
		{[]string{"login", "chen", "role", "cashier"}, "姓名：这里要填"},
		{[]string{"name", "陈芳", "login", "c", "role", "cashier"}, "登录名：用 2 到 254 个"},
		{[]string{"name", "陈芳", "login", "ADMINISTRATOR@example.cn", "role", "cashier"}, "登录名：这个登录名已经有人用"},
		{[]string{"name", "陈芳", "login", "chen", "role", "king"}, "角色：从列出的里面选一个"},
	} {
		if a := add(c.pairs...); a.Status != 422 || !strings.Contains(a.Body, c.says) {
			t.Errorf("%s: %d %s", c.says, a.Status, mains(a.Body))
		}
	}
	a := add("name", "陈芳", "login", "Chen", "role", "cashier")
	found := shown.FindStringSubmatch(a.Body)
	if a.Status != 200 || found == nil {
		t.Fatalf("%d without a password: %s", a.Status, mains(a.Body))
	}
	wantIn(t, "password", a.Body, "只显示这一次", "陈芳")
	if !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
		t.Error("the password may be stored")
	}
	wantIn(t, "people", v.get(peoplePath).Body, "陈芳", "出纳", "还没换临时密码", "您自己")
	wantAt(t, h.visitor(t).logIn("chen", found[1], "", ""), "/account/password")
}

func TestRolesArePutRightAndDutiesKeptApart(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Administrator)
	chen := h.member(t, "chen", true, auth.Cashier)
	at := peoplePath + "/" + chen.ID.String()
	set := func(roles ...string) answer {
		form := v.form(at)
		form["roles"] = roles
		return v.post(at+"/roles", form)
	}
	roles := func() string {
		return get[string](t, h, `SELECT array_to_string(roles, ' ') FROM auth.membership WHERE user_id = $1`, chen.ID)
	}
	wantIn(t, "person", set("project_lead", "council_member").Body, "刘chen 的角色改好了")
	if got := roles(); got != "project_lead council_member" {
		t.Errorf("roles %q", got)
	}
	a := set("administrator", "treasurer")
	if a.Status != 422 || !strings.Contains(a.Body, "角色：管理员不能兼司库、出纳") || roles() != "project_lead council_member" {
		t.Errorf("two duties in one hand: %d, %q", a.Status, roles())
	}
	if a := set("king"); a.Status != 400 || roles() != "project_lead council_member" {
		t.Errorf("a role nobody knows: %d, %q", a.Status, roles())
	}
	set()
	wantIn(t, "people", v.get(peoplePath).Body, "现在没有角色")

	self := get[string](t, h, `SELECT id::text FROM auth.user WHERE login LIKE 'administrator%'`)
	wantIn(t, "oneself", v.get(peoplePath+"/"+self).Body, "请另一位管理员")
	form := v.form(at)
	form["roles"] = []string{"treasurer"}
	if a := v.post(peoplePath+"/"+self+"/roles", form); a.Status != 403 || !strings.Contains(a.Body, "自己的权限要请别人改") {
		t.Errorf("an administrator changed their own roles: %d", a.Status)
	}
}

func TestSomebodyIsShutOutAndLetInAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Administrator)
	chen := h.member(t, "chen", true, auth.Cashier)
	at := peoplePath + "/" + chen.ID.String()
	inside := h.visitor(t)
	inside.logIn("chen", password, "", "")
	do := func(what string) answer { return v.post(at+"/"+what, v.form(at)) }

	wantIn(t, "person", do("exclusion").Body, "刘chen 已停用")
	wantAt(t, inside.get("/c/angong/desk"), "/login")
	if a := inside.logIn("chen", password, "", ""); a.Status != 422 {
		t.Errorf("who is shut out came in: %d", a.Status)
	}
	wantIn(t, "person", do("readmission").Body, "刘chen 又能登录了")
	wantAt(t, inside.logIn("chen", password, "", ""), "/c/angong/desk")

	found := shown.FindStringSubmatch(do("password").Body)
	if found == nil {
		t.Fatal("no temporary password")
	}
	wantAt(t, inside.logIn("chen", found[1], "", ""), "/account/password")

	h.Owner.MustExec(`UPDATE auth.user SET totp_secret = 'JBSWY3DPEHPK3PXP', totp_confirmed_at = now() WHERE id = $1`, chen.ID)
	wantIn(t, "person", do("device").Body, "验证器清掉了")
	if n := get[int](t, h, `SELECT count(*) FROM auth.user WHERE totp_secret IS NOT NULL`); n != 0 {
		t.Error("the code device is still there")
	}
}

func TestPeopleOfAnotherCommunityAreNotToBeFound(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Administrator)
	other := h.another(t)
	away := h.member(t, "away", true)
	both := h.member(t, "both", true, auth.Cashier)
	for _, user := range []auth.User{away, both} {
		h.Do(t, func(tx *sqlx.Tx) error {
			return h.Gate.Grant(t.Context(), tx, auth.By{Operator: true, Community: other.ID}, user.ID, auth.Treasurer)
		})
	}
	if a := v.get(peoplePath + "/" + away.ID.String()); a.Status != 404 {
		t.Errorf("somebody of another community: %d", a.Status)
	}
	form := v.form(peoplePath + "/new")
	for _, what := range []string{"roles", "password", "exclusion"} {
		if a := v.post(peoplePath+"/"+away.ID.String()+"/"+what, form); a.Status != 404 {
			t.Errorf("%s of somebody of another community: %d", what, a.Status)
		}
	}
	if a := v.post(peoplePath+"/"+both.ID.String()+"/password", form); a.Status != 403 {
		t.Errorf("a password for somebody who is also elsewhere: %d", a.Status)
	}
}

func TestTheAuditLogSaysWhoDidWhat(t *testing.T) {
	t.Parallel()
	h := open(t)
	treasurer, v := h.as(t, auth.Treasurer), h.as(t, auth.Auditor)
	h.enter(t, ledger.Day(2020, 3, 5), "5301", "1001", ledger.GeneralFundID, "30.00")
	wantAt(t, treasurer.post(periodsPath+"/2020-03/closure", treasurer.form(periodsPath)), periodsPath+"/2020-03")
	const at = "/c/angong/desk/audit"
	a := v.get(at)
	wantIn(t, "audit log", a.Body, "关账", "月份 2020-03", "王treasurer", "登录", "给了角色", "命令行")
	wantNot(t, "audit log", a.Body, "audit.", "<form method=\"post\" action=\"/c/")

	rows := func(query url.Values) string { return mains(v.get(at + "?" + query.Encode()).Body) }
	wantNot(t, "about months", rows(url.Values{"noun": {"period"}}), "给了角色 ")
	wantIn(t, "about months", rows(url.Values{"noun": {"period"}}), "2020-03")
	auditor := get[string](t, h, `SELECT id::text FROM auth.user WHERE login LIKE 'auditor%'`)
	wantNot(t, "by the auditor", rows(url.Values{"who": {auditor}}), "2020-03")
	wantIn(t, "nobody's", rows(url.Values{"noun": {"host"}}), "没有这样的记录")
	for range 30 { // each ends the session before it: two lines
		treasurer.logIn("treasurer@example.cn", password, "", "")
	}
	first := v.get(at + "?noun=session").Body
	more := regexp.MustCompile(`href="(/c/angong/desk/audit\?[^"]*before=[^"]*)"`).FindStringSubmatch(first)
	if more == nil {
		t.Fatal("no earlier page")
	}
	wantIn(t, "earlier page", v.get(strings.ReplaceAll(more[1], "&amp;", "&")).Body, "到头了", "回到最新的")
}
