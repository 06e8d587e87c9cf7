package till_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
)

// body is any JSON object.
type body = map[string]any

// wire is a visitor who talks to the till's addresses as the page does.
type wire struct {
	*visitor
	token string
}

func (h *house) wire(t testing.TB, role auth.Role) *wire {
	w := &wire{visitor: h.as(t, role)}
	w.token, _ = w.ask(http.MethodGet, "/state.json", nil, 200)["form_token"].(string)
	return w
}

// ask sends a request below /till and reads the answer, which must have the status.
func (w *wire) ask(method, path string, sent any, status int) (got body) {
	w.Helper()
	text, err := json.Marshal(sent)
	if err != nil {
		w.Fatal(err)
	}
	if raw, ok := sent.(string); ok {
		text = []byte(raw)
	}
	r, err := http.NewRequest(method, w.Base+tillPath+path, bytes.NewReader(text))
	if err != nil {
		w.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("X-Csrf-Token", w.token)
	answer, err := w.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		w.Fatal(err)
	}
	if answer.StatusCode != status {
		w.Fatalf("%s answered %d, want %d: %v", path, answer.StatusCode, status, got)
	}
	return got
}

// wrong is ask for what is refused: the code that the page is told.
func (w *wire) wrong(path string, sent any, status int) string {
	w.Helper()
	said, _ := w.ask(http.MethodPost, path, sent, status)["error"].(body)
	if text, _ := said["text"].(string); strings.TrimSpace(text) == "" || strings.Contains(text, "till.") {
		w.Errorf("%s says %q", path, text)
	}
	code, _ := said["code"].(string)
	return code
}

func (w *wire) open(till string) (session string) {
	w.Helper()
	got := w.ask(http.MethodPost, "/sessions", body{"place": body{"kind": "event", "id": w.Fair.ID}, "till": till, "float": "0"}, 201)
	return got["id"].(string)
}

func book(amount string) body {
	return body{
		"id": uuid.Must(uuid.NewV7()).String(), "at": time.Now(), "slip": "A-0001", "tip": "0",
		"lines": []any{body{"item": nil, "name": "旧书", "quantity": 1, "price": amount}}, "payments": []any{body{"way": "cash", "amount": amount}},
	}
}

func TestWhatATillIsTold(t *testing.T) {
	t.Parallel()
	h := open(t)
	w := h.wire(t, auth.Cashier)
	got := w.ask(http.MethodGet, "/state.json", nil, 200)
	if got["session"] != nil || len(got["items"].([]any)) != 0 || len(got["places"].([]any)) != 1 || got["refund_limit"] != "50.00" {
		t.Errorf("before the session: %v", got)
	}
	if got := w.ask(http.MethodGet, "/state.json?place=1", nil, 200); len(got["items"].([]any)) != 8 {
		t.Errorf("the items of a place: %v", got)
	}
	id := w.open("a")
	for _, query := range []string{"", "?session=" + id, "?till=A"} {
		got := w.ask(http.MethodGet, "/state.json"+query, nil, 200)
		session, _ := got["session"].(body)
		if session["id"] != id || session["till"] != "A" || session["sale_event"] != 1.0 || session["venture"] != nil || len(got["items"].([]any)) != 8 {
			t.Errorf("%s: %v", query, session)
		}
	}
	for _, query := range []string{"?session=nonsense", "?session=" + uuid.NewString(), "?till=Z"} {
		if got := w.ask(http.MethodGet, "/state.json"+query, nil, 200); got["session"] != nil {
			t.Errorf("%s: %v", query, got["session"])
		}
	}
	item := w.ask(http.MethodGet, "/state.json", nil, 200)["items"].([]any)
	last := item[len(item)-1].(body)
	if last["price"] != nil && last["stock"] == nil {
		t.Errorf("%v", last)
	}
}

func TestWhatOpeningRefuses(t *testing.T) {
	t.Parallel()
	h := open(t)
	w := h.wire(t, auth.Cashier)
	w.open("A")
	for _, c := range []struct {
		sent   any
		status int
		code   string
	}{
		{body{"place": body{"id": 1}, "till": "A", "float": "0"}, 409, "till_open"},
		{body{"place": body{"id": 9}, "till": "B", "float": "0"}, 404, "missing"},
		{body{"place": body{"id": 1}, "till": "B", "float": "-1"}, 400, "unreadable"},
		{body{"place": body{"id": 1}, "till": "B", "float": "1e3"}, 400, "unreadable"},
		{body{"place": body{"id": 1}, "till": "收银", "float": "0"}, 400, "unreadable"},
		{`{"place":`, 400, "unreadable"},
	} {
		if code := w.wrong("/sessions", c.sent, c.status); code != c.code {
			t.Errorf("%v: %q, want %q", c.sent, code, c.code)
		}
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		p, err := sale.AddPlace(t.Context(), tx, h.ID, sale.Place{Kind: sale.Venture, Slug: "tea", NameZH: "茶坊", FundID: 1, CreatedBy: "x"})
		if err == nil && p.ID != 2 {
			t.Errorf("place %d", p.ID)
		}
		return err
	})
	if code := w.wrong("/sessions", body{"place": body{"id": 2}, "till": "B", "float": "0"}, 409); code != "state" {
		t.Errorf("at a draft: %q", code)
	}
}

// Each sale answers for itself, also one that is no sale at all.
func TestEachSaleAnswersForItself(t *testing.T) {
	t.Parallel()
	h := open(t)
	w := h.wire(t, auth.Cashier)
	id := w.open("A")
	good, wrong, odd := book("5"), book("5"), book("5")
	wrong["tip"], odd["lines"] = "1", "none"
	wild := book("5")
	wild["lines"].([]any)[0].(body)["price"] = "1e9"
	got := w.ask(http.MethodPost, "/sync", body{
		"session": id, "sales": []any{odd, good, wrong, "text", wild},
		"voids": []any{body{"id": uuid.NewString(), "at": time.Now(), "amount": "3"}, body{"id": 7}},
	}, 200)
	done, refused := got["done"].([]any), got["refused"].([]any)
	if len(done) != 1 || done[0].(body)["id"] != good["id"] || !strings.HasSuffix(done[0].(body)["number"].(string), "-S000001") || got["voids"] != 1.0 {
		t.Errorf("%v", got)
	}
	codes := map[any]any{}
	for _, r := range refused {
		codes[r.(body)["id"]] = r.(body)["code"]
	}
	if len(refused) != 4 || codes[odd["id"]] != "line" || codes[wrong["id"]] != "amounts" || codes[""] != "line" || codes[wild["id"]] != "line" {
		t.Errorf("%v", refused)
	}
	if again := w.ask(http.MethodPost, "/sync", body{"session": id, "sales": []any{good}}, 200)["done"].([]any)[0].(body); again["again"] != true || again["number"] != done[0].(body)["number"] {
		t.Errorf("%v", again)
	}
	many := make([]any, 101)
	for i := range many {
		many[i] = book("5")
	}
	if code := w.wrong("/sync", body{"session": id, "sales": many}, 400); code != "unreadable" {
		t.Errorf("101 sales: %q", code)
	}
	if n := get[int](t, h, `SELECT count(*) FROM sale.sale`); n != 1 {
		t.Errorf("%d sales", n)
	}
}

func TestRefundsAtTheTill(t *testing.T) {
	t.Parallel()
	h := open(t)
	w := h.wire(t, auth.Cashier)
	id := w.open("A")
	h.as(t, auth.ShiftLead)
	h.as(t, auth.Auditor)
	small, large := book("20"), book("80")
	w.ask(http.MethodPost, "/sync", body{"session": id, "sales": []any{small, large}}, 200)
	refund := func(of body) string { return "/sales/" + of["id"].(string) + "/refund" }
	once := body{"id": uuid.NewString(), "reason": "买错了", "lines": []any{body{"line": 1, "quantity": 1}}}
	for range 2 {
		if got := w.ask(http.MethodPost, refund(small), once, 200); got["amount"] != "20.00" {
			t.Errorf("%v", got)
		}
	}
	lead := func(login, password string) body {
		return body{"reason": "坏了", "approver": body{"login": login, "password": password}}
	}
	for _, c := range []struct {
		sent   any
		status int
		code   string
	}{
		{body{"reason": " "}, 422, "reason"},
		{body{"reason": "坏了"}, 403, "approver_needed"},
		{lead("shift_lead@example.cn", "wrong"), 403, "approver_wrong"},
		{lead("cashier@example.cn", password), 403, "approver_wrong"},
		{lead("auditor@example.cn", password), 403, "approver_wrong"},
		{`[]`, 400, "unreadable"},
	} {
		if code := w.wrong(refund(large), c.sent, c.status); code != c.code {
			t.Errorf("%v: %q, want %q", c.sent, code, c.code)
		}
	}
	if got := w.ask(http.MethodPost, refund(large), lead("shift_lead@example.cn", password), 200); got["amount"] != "80.00" {
		t.Errorf("%v", got)
	}
	if code := w.wrong(refund(large), lead("shift_lead@example.cn", password), 409); code != "too_much" {
		t.Errorf("once more: %q", code)
	}
	if code := w.wrong("/sales/"+uuid.NewString()+"/refund", body{"reason": "x"}, 404); code != "missing" {
		t.Errorf("no sale: %q", code)
	}
	if n := get[int](t, h, `SELECT count(*) FROM auth.audit_log WHERE verb = 'sale.refund'`); n != 3 { // the same again is told again
		t.Errorf("%d refunds in the audit log", n)
	}
}

// Without a drawer money comes from the safe, which only who leads a shift opens.
func TestRefundsFromTheSafe(t *testing.T) {
	t.Parallel()
	h := open(t)
	w := h.wire(t, auth.Cashier)
	sold := book("20")
	session := uuid.MustParse(w.open("A"))
	w.ask(http.MethodPost, "/sync", body{"session": session, "sales": []any{sold}}, 200)
	var community ledger.Community
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		community, err = ledger.CommunityAt(t.Context(), tx, h.ID)
		for i, who := range []string{"user:1", "user:2"} {
			if _, err = sale.Count(t.Context(), tx, community, session, sale.Tally{Pieces: money.Pieces{0, 0, 1}, Counter: who, Lead: i == 1, At: time.Now()}); err != nil {
				return err
			}
		}
		return err
	})
	path := "/sales/" + sold["id"].(string) + "/refund"
	if code := w.wrong(path, body{"reason": "买错了"}, 409); code != "session_closed" {
		t.Errorf("by the cashier: %q", code)
	}
	if got := h.wire(t, auth.ShiftLead).ask(http.MethodPost, path, body{"reason": "买错了"}, 200); got["amount"] != "20.00" {
		t.Errorf("by the shift lead: %v", got)
	}
	status, header, paper := w.get(tillPath + "/sessions/" + session.String() + "/z.pdf")
	if status != 200 || header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(paper, "%PDF") {
		t.Errorf("the Z report: %d %s", status, header)
	}
}
