package desk_test

import (
	_ "embed"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/web"
	"fund/web/auth"
)

// Rows are the staff's routes, columns are readers; x may, . may not. Whoever adds a route says here who may use it. A
// route that is not the staff's is for everybody.
//
//go:embed testdata/rights.txt
var expectedRights string

// readers are the columns of the table.
var readers = []string{"nobody", "resident", "cashier", "shift_lead", "treasurer", "auditor", "administrator", "project_lead", "council_member", "elsewhere"}

// everybody logs in one of each kind of reader.
func (h *house) everybody(t testing.TB) map[string]*visitor {
	all := map[string]*visitor{"nobody": h.visitor(t)}
	for _, role := range auth.Roles {
		all[string(role)] = h.as(t, role)
	}
	other := h.another(t)
	away := h.member(t, "away", true)
	h.Do(t, func(tx *sqlx.Tx) error {
		return h.Gate.Grant(t.Context(), tx, auth.By{Operator: true, Community: other.ID}, away.ID, auth.Treasurer)
	})
	h.member(t, "resident", true)
	for name, login := range map[string]string{"elsewhere": "away", "resident": "resident"} {
		all[name] = h.visitor(t)
		all[name].logIn(login, password, "", "")
	}
	for _, v := range all {
		v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	return all
}

var parameter = regexp.MustCompile(`:[a-z]+`)

// address fills in a route's parameters with what names nothing.
func address(r web.Route) string {
	path := strings.Replace(r.Path, ":community", "angong", 1)
	return parameter.ReplaceAllString(path, "00000000-0000-7000-8000-000000000000")
}

// refuses tells whether an answer keeps a reader out: a redirect to the log-in, or the page that says so.
func refuses(a answer) bool {
	to := a.Header.Get("Location")
	return a.Status == http.StatusForbidden || a.Status == http.StatusSeeOther && (to == "/login" || strings.HasPrefix(to, "/login?next="))
}

func TestEveryRouteLetsInWhomTheTableSays(t *testing.T) {
	t.Parallel()
	h := open(t)
	all := h.everybody(t)
	want := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(expectedRights), "\n")[1:] {
		cells := strings.Fields(line)
		want[cells[0]+" "+cells[1]] = strings.Join(cells[2:], " ")
	}
	var table strings.Builder
	for _, r := range h.Site.Table() {
		if r.Machine || r.Path == "/c/:community/campaigns/:slug/live" || r.Path == "/logout" {
			continue // programs sign; a stream does not end; a log-out would
		}
		var cells []string
		for _, name := range readers {
			v := all[name]
			a := answer{}
			if r.Method == http.MethodPost {
				a = v.post(address(r), url.Values{"csrf": {v.token()}})
			} else {
				a = v.get(address(r))
			}
			cell := "x"
			if refuses(a) {
				cell = "."
			}
			if a.Status >= 500 {
				t.Errorf("%s %s as %s: %d", r.Method, r.Path, name, a.Status)
			}
			cells = append(cells, cell)
		}
		key := r.Method + " " + r.Path
		fmt.Fprintf(&table, "%-5s%-60s %s\n", r.Method, r.Path, strings.Join(cells, " "))
		if r.Right == "" {
			want[key] = strings.TrimSuffix(strings.Repeat("x ", len(readers)), " ")
		}
		if got := strings.Join(cells, " "); got != want[key] {
			t.Errorf("%s: %s, the table says %q", key, got, want[key])
		}
		delete(want, key)
	}
	for key := range want {
		t.Errorf("the table has %s, which is no route", key)
	}
	if t.Failed() {
		t.Logf("who is let in now:\n%s", table.String())
	}
}

// token is the reader's form token.
func (v *visitor) token() string {
	v.Helper()
	return v.form("/login").Get("csrf")
}

// TestEveryPageOfTheDeskNamesARight keeps somebody from adding one that everybody may open.
func TestEveryPageOfTheDeskNamesARight(t *testing.T) {
	t.Parallel()
	h := open(t)
	at := map[string]bool{}
	for _, r := range h.Site.Table() {
		at[r.Method+" "+r.Path] = true
		staff := strings.HasPrefix(r.Path, "/c/:community/desk") || strings.HasPrefix(r.Path, "/account")
		if staff != (r.Right != "") {
			t.Errorf("%s %s has the right %q", r.Method, r.Path, r.Right)
		}
	}
	// Every line of the menu leads to a page.
	for name, v := range h.everybody(t) {
		for _, m := range regexp.MustCompile(`<li><a href="/c/angong(/desk[^"]*)"`).FindAllStringSubmatch(v.get("/c/angong/desk").Body, -1) {
			if !at["GET /c/:community"+m[1]] {
				t.Errorf("the menu of %s leads to %s, which is no page", name, m[1])
			}
			if a := v.get("/c/angong" + m[1]); a.Status != http.StatusOK {
				t.Errorf("the menu of %s leads to %s: %d", name, m[1], a.Status)
			}
		}
	}
}
