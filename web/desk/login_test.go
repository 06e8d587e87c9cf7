package desk_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pquerna/otp/totp"

	"fund/ledger"
	"fund/web/auth"
)

// member adds somebody with roles in the community of the house, who is not logged in yet.
func (h *house) member(t testing.TB, login string, own bool, roles ...auth.Role) auth.User {
	t.Helper()
	by := auth.By{Operator: true, Community: h.ID}
	user, err := h.Gate.AddUser(t.Context(), h.Database.App, by, auth.NewUser{Login: login, Name: "刘" + login, Password: password, OwnPassword: own})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range roles {
		h.Do(t, func(tx *sqlx.Tx) error { return h.Gate.Grant(t.Context(), tx, by, user.ID, role) })
	}
	return user
}

// logIn sends the log-in form.
func (v *visitor) logIn(login, secret, code, next string) answer {
	v.Helper()
	return v.post("/login", v.form("/login", "login", login, "password", secret, "code", code, "next", next))
}

func TestLogInLeadsToTheDesk(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.member(t, "liufang", true, auth.Auditor)
	v := h.visitor(t)
	wantAt(t, v.get("/c/angong/desk/journal?month=2026-01"), "/login")
	a := v.logIn("LiuFang", password, "", "")
	wantAt(t, a, "/c/angong/desk")
	wantIn(t, "dashboard", a.Body, "工作台", "刘liufang", "监事", "没有等着的事")
	wantNot(t, "an auditor's menu", a.Body, "人员与权限", "现金与柜台")
	if !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("the desk may be stored: %q", a.Header.Get("Cache-Control"))
	}

	a = v.post("/logout", v.form("/account"))
	wantAt(t, a, "/login")
	wantIn(t, "log-in", a.Body, "已经退出")
	wantAt(t, v.get("/c/angong/desk"), "/login")

	wantAt(t, v.logIn("liufang", password, "", "/c/angong/desk/audit"), "/c/angong/desk/audit")
	for _, foreign := range []string{"https://evil.example/", "//evil.example", `/\evil.example`} {
		wantAt(t, h.visitor(t).logIn("liufang", password, "", foreign), "/c/angong/desk")
	}
	v.lang = "en"
	wantIn(t, "english desk", v.get("/c/angong/desk").Body, "Waiting for you", "Auditor")
}

func TestLogInOfSeveralCommunitiesOffersThem(t *testing.T) {
	t.Parallel()
	h := open(t)
	user := h.member(t, "liufang", true, auth.Treasurer)
	other := h.another(t)
	h.Do(t, func(tx *sqlx.Tx) error {
		return h.Gate.Grant(t.Context(), tx, auth.By{Operator: true, Community: other.ID}, user.ID, auth.Auditor)
	})
	a := h.visitor(t).logIn("liufang", password, "", "")
	wantAt(t, a, "/account")
	wantIn(t, "own account", a.Body, `href="/c/angong/desk"`, `href="/c/yulin/desk"`, "司库", "监事")
}

// another is a second community on the same installation.
func (h *house) another(t testing.TB) (c ledger.Community) {
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		c, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "yulin", NameZH: "玉林社区", NameEN: "Yulin", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	return c
}

var csrfField = regexp.MustCompile(`name="csrf" value="[^"]*"`)

func TestAnUnknownLoginAndAWrongPasswordAreTheSameAnswer(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.member(t, "liufang", true, auth.Treasurer)
	known := h.visitor(t).logIn("liufang", "wrong wrong wrong", "", "")
	unknown := h.visitor(t).logIn("nobody0", "wrong wrong wrong", "", "")
	if known.Status != 422 || unknown.Status != 422 {
		t.Errorf("answers %d and %d, want 422", known.Status, unknown.Status)
	}
	same := func(a answer, login string) string {
		return strings.ReplaceAll(csrfField.ReplaceAllString(a.Body, ""), login, "")
	}
	if same(known, "liufang") != same(unknown, "nobody0") {
		t.Error("the two answers differ")
	}
	wantIn(t, "log-in", known.Body, "密码：登录名或密码不对", `value="liufang"`)
	wantNot(t, "log-in", known.Body, "wrong wrong wrong")
	if a := h.visitor(t).logIn("", "", "", ""); a.Status != 422 || !strings.Contains(a.Body, "这里要填") {
		t.Errorf("a blank form: %d", a.Status)
	}
}

func TestTooManyTriesLockTheLogIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.member(t, "liufang", true, auth.Treasurer)
	v := h.visitor(t)
	for range 5 {
		wantIn(t, "log-in", v.logIn("liufang", "wrong wrong wrong", "", "").Body, "登录名或密码不对")
	}
	a := v.logIn("liufang", password, "", "")
	if a.Status != 422 {
		t.Errorf("the right password while it is locked: %d", a.Status)
	}
	wantIn(t, "log-in", a.Body, "先锁住了。1 分钟后再试")
	h.member(t, "wangli", true, auth.Cashier)
	wantAt(t, v.logIn("wangli", password, "", ""), "/c/angong/desk")
}

func TestATemporaryPasswordIsReplacedFirst(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.member(t, "liufang", false, auth.Cashier)
	v := h.visitor(t)
	a := v.logIn("liufang", password, "", "")
	wantAt(t, a, "/account/password")
	wantIn(t, "password", a.Body, "现在的密码是别人给的")
	wantAt(t, v.get("/c/angong/desk"), "/account/password")

	change := func(old, chosen, again string) answer {
		return v.post("/account/password", v.form("/account/password", "old", old, "chosen", chosen, "again", again))
	}
	for _, c := range []struct{ old, chosen, again, says string }{
		{"not the old one", "pomegranate and tea", "pomegranate and tea", "现在的密码不对"},
		{password, "short", "short", "太容易猜"},
		{password, password, password, "太容易猜"},
		{password, "pomegranate and tea", "pomegranate and tee", "两次输的不一样"},
	} {
		a := change(c.old, c.chosen, c.again)
		if a.Status != 422 {
			t.Errorf("%q: %d", c.says, a.Status)
		}
		wantIn(t, "password", a.Body, c.says)
	}
	a = change(password, "pomegranate and tea", "pomegranate and tea")
	wantAt(t, a, "/c/angong/desk")
	wantIn(t, "desk", a.Body, "密码改好了")
	if a := h.visitor(t).logIn("liufang", password, "", ""); a.Status != 422 {
		t.Errorf("the temporary password still opens: %d", a.Status)
	}
}

var secretText = regexp.MustCompile(`<code class="secret">([A-Z2-7 ]+)</code>`)

func TestATreasurerEnrolsACodeDeviceAndUsesIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Gate.Policy.TOTPRoles = []auth.Role{auth.Treasurer}
	h.member(t, "liufang", true, auth.Treasurer)
	v := h.visitor(t)
	a := v.logIn("liufang", password, "", "")
	wantAt(t, a, "/account/device")
	wantIn(t, "device", a.Body, "绑定验证器", `<svg class="qr`)
	found := secretText.FindStringSubmatch(a.Body)
	if found == nil {
		t.Fatal("the secret is not shown")
	}
	key := strings.ReplaceAll(found[1], " ", "")
	if again := secretText.FindStringSubmatch(v.get("/account/device").Body); again == nil || again[1] != found[1] {
		t.Error("looking again began another enrolment")
	}
	wantAt(t, v.get("/c/angong/desk"), "/account/device")

	if a := v.post("/account/device", v.form("/account/device", "code", "000000")); a.Status != 422 || !strings.Contains(a.Body, "这 6 位数字不对") {
		t.Errorf("a wrong code: %d", a.Status)
	}
	a = v.post("/account/device", v.form("/account/device", "code", code(t, key, 0)))
	wantAt(t, a, "/c/angong/desk")
	wantIn(t, "desk", a.Body, "验证器绑好了")
	wantIn(t, "device", v.get("/account/device").Body, "验证器已经绑好")

	v = h.visitor(t)
	a = v.logIn("liufang", password, "", "")
	if a.Status != 422 {
		t.Errorf("without the code: %d", a.Status)
	}
	wantIn(t, "log-in", a.Body, "密码对了。再填验证器上的 6 位数字")
	wantIn(t, "log-in", v.logIn("liufang", password, "123", "").Body, "这 6 位数字不对")
	wantAt(t, v.logIn("liufang", password, code(t, key, 30*time.Second), ""), "/c/angong/desk")
}

// code is what a device shows; a later one, since a code works once.
func code(t testing.TB, key string, later time.Duration) string {
	t.Helper()
	digits, err := totp.GenerateCode(key, time.Now().Add(later))
	if err != nil {
		t.Fatal(err)
	}
	return digits
}

func TestWhatMattersAsksAgainWhoItIs(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Administrator)
	wantAt(t, v.get("/c/angong/desk/people/new"), "/c/angong/desk/people/new")
	h.Owner.MustExec(`UPDATE auth.session SET stepped_up_at = stepped_up_at - interval '11 minutes'`)
	wantAt(t, v.get("/c/angong/desk/people"), "/c/angong/desk/people")
	a := v.get("/c/angong/desk/people/new")
	wantAt(t, a, "/account/confirmation")
	wantNot(t, "confirmation", a.Body, "6 位数字")

	refused := v.post("/account/confirmation", fields(a.Body, "password", "wrong wrong wrong"))
	if refused.Status != 422 || !strings.Contains(refused.Body, "登录名或密码不对") {
		t.Errorf("a wrong password: %d", refused.Status)
	}
	wantAt(t, v.post("/account/confirmation", fields(a.Body, "password", password)), "/c/angong/desk/people/new")
	if rows := h.audited(t); rows != "" {
		t.Errorf("looking wrote %q", rows)
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.member(t, "liufang", true, auth.Auditor)
	here, there, third := h.visitor(t), h.visitor(t), h.visitor(t)
	for _, v := range []*visitor{here, there, third} {
		v.logIn("liufang", password, "", "")
	}
	list := here.get("/account/sessions").Body
	if n := strings.Count(list, "让它退出</button>"); n != 2 {
		t.Fatalf("%d other sessions can be ended: %s", n, mains(list))
	}
	other := get[string](t, h, `SELECT id::text FROM auth.session ORDER BY created_at, id OFFSET 1 LIMIT 1`)
	wantIn(t, "sessions", here.post("/account/sessions/"+other, fields(list)).Body, "那一处已经退出")
	wantAt(t, there.get("/c/angong/desk"), "/login")
	wantAt(t, third.get("/c/angong/desk"), "/c/angong/desk")
	wantIn(t, "sessions", here.post("/account/sessions", fields(list)).Body, "别处都退出了")
	wantAt(t, third.get("/c/angong/desk"), "/login")

	h.member(t, "wangli", true, auth.Auditor)
	stranger := h.visitor(t)
	stranger.logIn("wangli", password, "", "")
	mine := get[string](t, h, `SELECT s.id::text FROM auth.session s JOIN auth.user u ON u.id = s.user_id WHERE u.login = 'liufang'`)
	stranger.post("/account/sessions/"+mine, stranger.form("/account/sessions"))
	wantAt(t, here.get("/c/angong/desk"), "/c/angong/desk")
}

func TestAFormFromElsewhereChangesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	form := v.form("/c/angong/desk/journal/new")
	form.Set("csrf", "made-up")
	for path, form := range map[string]map[string][]string{
		"/c/angong/desk/journal": form, "/c/angong/desk/periods/2020-01/closure": form, "/logout": {}, "/login": {},
	} {
		if a := v.post(path, form); a.Status != http.StatusForbidden || !strings.Contains(a.Body, "这一页开得太久了") {
			t.Errorf("%s took a form without a token of ours: %d", path, a.Status)
		}
	}
	if rows := h.audited(t); rows != "" {
		t.Errorf("a forged form wrote %q", rows)
	}
}
