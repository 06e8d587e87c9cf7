package public_test

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/campaigns/outbox"
	"fund/campaigns/project"
	"fund/ledger"
)

// openGiving is a house whose givers can come in; serving the campaign is a
// project that has reached somebody.
func openGiving(t testing.TB) *house {
	t.Helper()
	h := open(t)
	h.Donors.Links = giver.Links{Secret: []byte("a secret of some thirty-two bytes")}
	h.Do(t, func(tx *sqlx.Tx) error {
		began := h.Day(time.Now())
		p, err := project.AddProject(t.Context(), tx, h.ID, project.Project{
			Slug: "dinner", FundID: h.Campaign.FundID, Theme: project.Elders, Year: began.Year(), State: project.Running, TitleZH: "除夕暖心饭", TitleEN: "The dinner",
			CouncilZH: "社区议事会", AgreedOn: &began, StartedOn: &began, Budget: yuan("15000"),
		})
		if err != nil {
			return err
		}
		return project.RecordOutcome(t.Context(), tx, h.ID, p.ID, project.Outcome{HeldOn: began, ActivityZH: "送餐", PersonTimes: 96})
	})
	return h
}

// caught is a letter to a giver as the outbox hands it on.
type caught struct {
	To, Path string
	Purpose  giver.Purpose
	Request  giver.Request
}

// letters does what the outbox has to do for givers, and catches the letters.
func (h *house) letters(t testing.TB) (got []caught) {
	t.Helper()
	handlers := giver.Handlers(giver.Posting{
		DB: h.Database.App, Links: h.Donors.Links, Now: h.Donors.Now,
		Letter: func(_ context.Context, c ledger.Community, to campaigns.Donor, p giver.Purpose, token string, _ uuid.UUID) error {
			got = append(got, caught{To: to.Email, Path: "/c/" + c.Slug + "/mine/link/" + token, Purpose: p})
			return nil
		},
		Answer: func(_ context.Context, _ ledger.Community, to campaigns.Donor, r giver.Request, _ uuid.UUID) error {
			got = append(got, caught{To: to.Email, Request: r})
			return nil
		},
	})
	due, err := outbox.Pending(t.Context(), h.Database.App, h.ID, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range due {
		if handle := handlers[m.Kind]; handle != nil {
			if err := handle(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			h.Owner.MustExec(`UPDATE outbox.message SET done_at = now() WHERE id = $1`, m.ID)
		}
	}
	return got
}

const mine = "/c/angong/mine"

// askLink asks for a link by mail.
func (v *visitor) askLink(address string) answer {
	v.Helper()
	return v.post(mine+"/link", v.form(mine, "email", address))
}

// enter comes in by a link.
func (v *visitor) enter(address string) answer {
	v.Helper()
	v.askLink(address)
	got := v.letters(v)
	if len(got) != 1 {
		v.Fatalf("%d letters", len(got))
	}
	return v.post(got[0].Path, v.form(got[0].Path))
}

// byReceipt comes in by what stands on a receipt.
func (v *visitor) byReceipt(receipt answer) answer {
	v.Helper()
	token := path.Base(receipt.Path)
	serial := get[string](v, v.house, `SELECT year || '-' || lpad(number::text, 6, '0') FROM receipt.receipt WHERE token = $1`, token)
	code := get[string](v, v.house, `SELECT check_code FROM receipt.receipt WHERE token = $1`, token)
	return v.post(mine+"/receipt", v.form(mine, "receipt_number", serial, "check_code", code))
}

// giftAt is the page of a gift in an answer's body.
func giftsIn(body string) []string {
	found := regexp.MustCompile(`/c/angong/mine/gifts/[0-9a-f-]{36}`).FindAllString(body, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestAReceiptOpensItsOwnGiftAlone(t *testing.T) {
	t.Parallel()
	h := openGiving(t)
	v := h.visitor(t)
	anonymous := v.give("amount", "50.00")
	v.give("amount", "20.00", "email", "zhou@example.cn", "name", "周婆婆")
	known := v.give("amount", "86.00", "email", "zhou@example.cn", "name", "周婆婆", "show_name", "yes")
	h.spend(t, "面粉、肉和菜", "60.00")

	at := v.byReceipt(anonymous)
	wantIn(t, "anonymous gift", at.Body, "我的 ¥50 到哪里去了", "面粉、肉和菜", "50.00", "服务了 96 人次", "按先来后到", "申请退款", "全部用上了")
	wantNot(t, "anonymous gift", at.Body, "周婆婆", "¥86", "要从寄到那个邮箱的链接进来")
	if found := giftsIn(at.Body); len(found) != 1 {
		t.Errorf("the holder of a receipt sees %d gifts", len(found))
	}

	found := h.visitor(t) // somebody who found the paper
	at = found.byReceipt(known)
	wantIn(t, "known gift", at.Body, "我的 ¥86 到哪里去了", "给留下的邮箱寄链接")
	wantNot(t, "known gift", at.Body, "zhou", "申请退款", "¥20.00</b>", `name="show_name"`)
	for _, post := range []string{at.Path + "/consent", at.Path + "/refund", mine + "/data/name", mine + "/data/address", mine + "/erasure"} {
		if got := found.post(post, fields(at.Body, "name", "坏人", "email", "bad@example.cn", "sure", "yes")); got.Status != http.StatusForbidden {
			t.Errorf("%s with a found receipt: %d", post, got.Status)
		}
	}
	for _, get := range []string{mine + "/data", mine + "/data.json", mine + "/erasure"} {
		if got := found.get(get); got.Status != http.StatusForbidden {
			t.Errorf("%s with a found receipt: %d", get, got.Status)
		}
	}
	others := strings.Replace(at.Path, path.Base(at.Path), h.donation(t, "20.00").String(), 1)
	if got := found.get(others); got.Status != http.StatusNotFound {
		t.Errorf("another gift of the same donor: %d", got.Status)
	}
	found.post(mine+"/letter", fields(at.Body)) // it goes to whoever gave, not to who asks
	if got := h.letters(t); len(got) != 1 || got[0].To != "zhou@example.cn" {
		t.Errorf("letters %+v", got)
	}
}

func (h *house) donation(t testing.TB, amount string) uuid.UUID {
	t.Helper()
	return get[uuid.UUID](t, h, `SELECT id FROM campaigns.donation WHERE amount = $1::numeric ORDER BY id DESC LIMIT 1`, amount)
}

// Nothing that can be asked from outside tells who gives here.
func TestTheWaysInTellNobodyAnything(t *testing.T) {
	t.Parallel()
	h := openGiving(t)
	v := h.visitor(t)
	receipt := v.give("amount", "50.00", "email", "zhou@example.cn")
	serial := get[string](t, h, `SELECT year || '-' || lpad(number::text, 6, '0') FROM receipt.receipt WHERE token = $1`, path.Base(receipt.Path))
	var bodies []string
	for _, pair := range [][2]string{{serial, "AAAA-AAAA"}, {"2026-999999", "AAAA-AAAA"}, {"nonsense", "AAAA"}} {
		at := v.post(mine+"/receipt", v.form(mine, "receipt_number", pair[0], "check_code", pair[1]))
		bodies = append(bodies, at.said(pair[0], pair[1]))
		if at.Status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", pair, at.Status)
		}
	}
	known, unknown := h.visitor(t).askLink("zhou@example.cn"), h.visitor(t).askLink("nobody@example.cn")
	if known.Status != unknown.Status || known.Path != unknown.Path || known.said() != unknown.said() {
		t.Errorf("an address that gave: %d at %s, one that did not: %d at %s", known.Status, known.Path, unknown.Status, unknown.Path)
	}
	for _, body := range bodies[1:] {
		if body != bodies[0] {
			t.Errorf("one wrong receipt is answered otherwise than another:\n%s\n%s", bodies[0], body)
		}
	}
	if n := get[int](t, h, `SELECT count(*) FROM giver.link`); n != 2 {
		t.Errorf("%d rows for two askings", n)
	}
	if got := h.letters(t); len(got) != 1 || got[0].To != "zhou@example.cn" {
		t.Errorf("letters %+v", got)
	}
	for range 5 {
		v.askLink("Zhou@Example.cn ")
	}
	if got := h.letters(t); len(got) != 2 { // three in half an hour are enough for any box
		t.Errorf("%d more letters into one box", len(got))
	}
	if h.tried["verify"] < 10 {
		t.Errorf("%d tries were counted", h.tried["verify"])
	}
}

// said is an answer's page without what differs from showing to showing, and without what was typed.
func (a answer) said(typed ...string) string {
	body := regexp.MustCompile(`value="[^"]*"`).ReplaceAllString(a.Body, "")
	for _, one := range typed {
		body = strings.ReplaceAll(body, one, "")
	}
	return body
}

func TestALinkWorksOnce(t *testing.T) {
	t.Parallel()
	h := openGiving(t)
	v := h.visitor(t)
	v.give("amount", "50.00", "email", "Zhou@example.cn", "name", "周婆婆")
	v.give("amount", "20.00", "email", "zhou@example.cn", "name", "周婆婆")
	v.give("amount", "33.00", "email", "wang@example.cn", "name", "王大爷")
	v.askLink("ZHOU@example.cn")
	link := h.letters(t)[0].Path
	if stored := get[int](t, h, `SELECT count(*) FROM giver.link l WHERE strpos($1, id::text) > 0`, link); stored != 0 {
		t.Error("the letter's token stands in the table")
	}
	for range 2 { // a mail program looks at it first
		wantIn(t, "link", h.visitor(t).get(link).Body, "打开我的捐赠")
	}
	at := v.post(link, v.form(link))
	wantIn(t, "page", at.Body, "周婆婆，谢谢您", "¥20.00", "¥50.00", "70.00", "2 份捐赠")
	wantNot(t, "page", at.Body, "¥33.00", "王大爷")
	for what, got := range map[string]answer{
		"a used link": v.get(link), "a used link, posted": v.post(link, fields(at.Body)), "a changed link": v.get(link[:len(link)-2] + "xx"), "no link": v.get(mine + "/link/x"),
	} {
		if got.Status != http.StatusGone {
			t.Errorf("%s: %d", what, got.Status)
		}
	}
	theirs := giftsIn(at.Body)
	other := h.visitor(t)
	other.enter("wang@example.cn")
	if got := other.get(theirs[0]); got.Status != http.StatusNotFound {
		t.Errorf("somebody else's gift: %d", got.Status)
	}

	v.askLink("zhou@example.cn")
	late := h.letters(t)[0].Path
	now := h.Donors.Now
	defer func() { h.Donors.Now = now }()
	h.Donors.Now = func() time.Time { return time.Now().Add(31 * time.Minute) }
	if got := v.get(late); got.Status != http.StatusGone {
		t.Errorf("a link after half an hour: %d", got.Status)
	}
	wantIn(t, "half an hour later", v.get(mine).Body, "周婆婆，谢谢您")
	h.Donors.Now = func() time.Time { return time.Now().Add(92 * time.Minute) }
	wantIn(t, "an idle hour later", v.get(mine).Body, "用收据进来")

	h.Donors.Now = now
	wantIn(t, "in again", other.get(mine).Body, "王大爷，谢谢您")
	other.post(mine+"/leaving", other.form(mine))
	wantIn(t, "left", other.get(mine).Body, "用收据进来")
	if n := get[int](t, h, `SELECT count(*) FROM giver.session`); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

func TestConsentIsTakenBackAtOnce(t *testing.T) {
	t.Parallel()
	h := openGiving(t)
	v := h.visitor(t)
	v.give("amount", "50.00", "email", "zhou@example.cn", "name", "欧阳婆婆", "show_name", "yes", "message", "多放点醋", "show_message", "yes")
	wantIn(t, "campaign", v.get(campaignPath).Body, "欧**", "多放点醋")
	gift := giftsIn(v.enter("zhou@example.cn").Body)[0]
	at := v.post(gift+"/consent", v.form(gift, "show_message", "yes"))
	wantIn(t, "gift", at.Body, "收回了名字")
	body := h.visitor(t).get(campaignPath).Body
	wantNot(t, "campaign", body, "欧**")
	wantIn(t, "campaign", body, "多放点醋")
	at = v.post(gift+"/consent", v.form(gift, "show_name", "yes"))
	wantIn(t, "gift", at.Body, "收回了名字", "同意公开名字", "收回了留言")
	body = h.visitor(t).get(campaignPath).Body
	wantIn(t, "campaign", body, "欧**")
	wantNot(t, "campaign", body, "多放点醋")
	if _, err := h.Database.App.Exec(`DELETE FROM giver.consent`); err == nil {
		t.Error("the record of consents can be deleted")
	}
}

func TestNameAndAddressAreCorrected(t *testing.T) {
	t.Parallel()
	h := openGiving(t)
	v := h.visitor(t)
	receipt := v.give("amount", "50.00", "email", "zhou@example.cn", "name", "周婆波")
	v.enter("zhou@example.cn")
	data := mine + "/data"
	wantIn(t, "data", v.get(data).Body, "周婆波", "zhou@example.cn")
	wantIn(t, "data.json", v.get(data+".json").Body, `"zhou@example.cn"`, `"周婆波"`, `"50.00"`)
	v.post(data+"/name", v.form(data, "name", "周婆婆"))
	wantIn(t, "receipt", v.get(receipt.Path).Body, "周婆婆")

	v.post(data+"/address", v.form(data, "email", "new@example.cn"))
	got := h.letters(t)
	if len(got) != 1 || got[0].To != "new@example.cn" || got[0].Purpose != giver.Address {
		t.Fatalf("letters %+v", got)
	}
	wantIn(t, "before the press", v.get(data).Body, "zhou@example.cn")
	phone := h.visitor(t) // the letter is read elsewhere
	wantIn(t, "after the press", phone.post(got[0].Path, phone.form(got[0].Path)).Body, "邮箱换好了")
	wantIn(t, "the first browser", v.get(data).Body, "new@example.cn")
	v.askLink("zhou@example.cn")
	if got := h.letters(t); len(got) != 0 {
		t.Errorf("the old address still opens: %+v", got)
	}
}

func TestAnonymousGiftsBelongToTheirReceipt(t *testing.T) {
	t.Parallel()
	h := openGiving(t)
	v := h.visitor(t)
	named := v.byReceipt(v.give("amount", "50.00", "name", "周婆婆", "show_name", "yes"))
	at := v.post(named.Path+"/consent", fields(named.Body))
	wantIn(t, "gift", at.Body, "收回了名字")
	at = v.post(named.Path+"/refund", v.form(named.Path, "reason", "手滑了"))
	wantIn(t, "gift", at.Body, "您申请退回 ¥50.00，会计还没答复")
	if got := v.post(named.Path+"/refund", fields(at.Body, "form", uuid.NewString())); got.Status != http.StatusConflict {
		t.Errorf("asked twice: %d", got.Status)
	}
	wantIn(t, "PDF", v.get(mine+"/receipts.pdf?year="+time.Now().Format("2006")).Body, "%PDF-")
	wantIn(t, "erasure", v.get(mine+"/erasure").Body, "名字：周婆婆", "这些会留下")
	wantIn(t, "erased", v.post(mine+"/erasure", v.form(mine+"/erasure", "sure", "yes")).Body, "我们已经忘了您")
	wantIn(t, "receipt", v.get("/r/"+get[string](t, h, `SELECT token FROM receipt.receipt`)).Body, "匿名")
}

// A form from elsewhere, or of nobody, changes nothing.
func TestGiversFormsAreTheirOwn(t *testing.T) {
	t.Parallel()
	h := openGiving(t)
	v := h.visitor(t)
	v.give("amount", "50.00", "email", "zhou@example.cn", "name", "周婆婆")
	gift := giftsIn(v.enter("zhou@example.cn").Body)[0]
	if got := v.post(gift+"/consent", url.Values{}); got.Status != http.StatusForbidden {
		t.Errorf("without a token: %d", got.Status)
	}
	stranger := h.visitor(t)
	for _, at := range []string{gift, mine + "/data", mine + "/erasure", mine + "/receipts.pdf?year=2026"} {
		if got := stranger.get(at); got.Path != mine || !strings.Contains(got.Body, "用收据进来") {
			t.Errorf("%s for a stranger: %d at %s", at, got.Status, got.Path)
		}
	}
	if header := v.get(gift).Header; header.Get("Cache-Control") != "private, no-store" || header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("the giver's page may be kept: %v", header)
	}
}
