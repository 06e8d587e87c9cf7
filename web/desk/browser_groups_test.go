package desk_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/webtest"
)

// phone is a tab of a phone's width in which somebody is logged in.
type phone struct {
	*testing.T
	h   *house
	tab context.Context
}

func (h *house) phone(t *testing.T, v *visitor) phone {
	t.Helper()
	p := phone{t, h, webtest.Open(t)}
	enter(t, p.tab, v)
	webtest.Run(t, p.tab, chromedp.EmulateViewport(360, 740))
	return p
}

func (p phone) open(path string) {
	p.Helper()
	webtest.Run(p.T, p.tab, chromedp.Navigate(p.h.Base+path+"?lang=zh"))
	p.fits()
}

// fits fails where the page is wider than the phone.
func (p phone) fits() {
	p.Helper()
	if over := webtest.Tell[int](p.T, p.tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		p.Errorf("%s is %d px wider than a phone", webtest.Tell[string](p.T, p.tab, `location.pathname`), over)
	}
}

// fill writes into fields by their names.
func (p phone) fill(pairs ...string) {
	p.Helper()
	for i := 0; i < len(pairs); i += 2 {
		field := "#f-" + pairs[i]
		webtest.Run(p.T, p.tab, chromedp.SetValue(chromedp.CSS(field), pairs[i+1]))
	}
}

// press presses the button of the form that goes to an address that ends so, and waits for what is said.
func (p phone) press(action, said string) {
	p.Helper()
	webtest.Tell[bool](p.T, p.tab, `document.querySelector(".flash")?.remove(); true`) // what the page before said
	webtest.Run(p.T, p.tab, chromedp.Click(chromedp.CSS(fmt.Sprintf("form[action$=%q] button", action))), chromedp.WaitVisible(chromedp.CSS(".flash")))
	if got := webtest.Tell[string](p.T, p.tab, `document.querySelector(".flash").innerText`); !strings.Contains(got, said) {
		p.Errorf("after %s the page says %q, want %q", action, got, said)
	}
	p.fits()
}

// A session is recorded, billed, paid in two parts and its subsidy released, all on a phone; the books have each of it.
func TestFromASessionToItsSubsidyOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	var a organisation.Agreement
	today := h.Day(time.Now())
	h.Do(t, func(tx *sqlx.Tx) error {
		o, err := organisation.Add(t.Context(), tx, h.Community, organisation.Organisation{
			Kind: organisation.Social, Slug: "care", NameZH: "安心照护服务社", Theme: project.Elders, EnteredBy: "lead", EnteredAt: time.Now(),
		})
		if err != nil {
			return err
		}
		a, err = organisation.AddAgreement(t.Context(), tx, h.Community, organisation.Agreement{
			OrganisationID: o.ID, TitleZH: "为老服务", Payer: "街道办事处", Subsidy: yuan("45"), BeginsOn: today.AddDate(0, -1, 0), EndsOn: today.AddDate(0, 6, 0), EnteredBy: "lead", EnteredAt: time.Now(),
			Items: []organisation.Item{{NameZH: "上门助浴", UnitZH: "次", Price: yuan("20"), Subsidy: yuan("10")}},
		})
		return err
	})
	p := h.phone(t, h.as(t, auth.Treasurer))
	path := fmt.Sprintf("/c/angong/desk/agreements/%d", a.ID)
	p.open(path)
	p.fill("quantity", "6", "served", "6")
	p.press("/sessions", "服务记下了")
	p.fill("billed_to", "3 号院业委会")
	p.press("/invoices", "收费单")
	invoice := webtest.Tell[string](t, p.tab, `location.pathname`)
	p.fill("amount", "50")
	p.press("/payments", "收到 ¥50.00")
	if got := webtest.Tell[string](t, p.tab, `document.querySelector("#f-amount").value`); got != "70.00" {
		t.Errorf("the form offers %s as what is still owed", got)
	}
	p.press("/payments", "收到 ¥70.00")
	p.open(path)
	p.press("/releases", "拨付 ¥45.00") // 6 × 10, but the agreement says 45
	fund, err := ledger.FundAt(t.Context(), h.Database.App, h.ID, a.FundID)
	if err != nil || !fund.NetAssets.Equal(money.MustParse("165")) {
		t.Errorf("the fund has %s, %v", fund.NetAssets, err)
	}
	for _, at := range []string{"/c/angong/organisations/care", "/c/angong/groups"} {
		p.open(at)
		if got := webtest.Tell[string](t, p.tab, `document.querySelector("main").innerText`); strings.Contains(got, "业委会") {
			t.Errorf("%s tells who was billed", at)
		}
	}
	// What was posted is undone here, not in the journal; then the invoice can be void.
	p.open(invoice)
	for range 2 {
		webtest.Tell[bool](t, p.tab, `document.querySelectorAll("details").forEach((d) => d.open = true); true`)
		webtest.Run(t, p.tab, chromedp.SetValue(chromedp.CSS(`form[action$="/reversal"] [name=why]`), "登错了"))
		p.press("/reversal", "红冲了")
	}
	webtest.Tell[bool](t, p.tab, `document.querySelectorAll("details").forEach((d) => d.open = true); true`)
	webtest.Run(t, p.tab, chromedp.SetValue(chromedp.CSS(`form[action$="/void"] [name=why]`), "抬头写错"))
	p.press("/void", "作废了")
	if found, err := organisation.Check(t.Context(), h.Database.App, h.ID); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
}

// A leader's weekly list is written down in one go, what is wrong in it is told at its line, points open a grant, the contact
// is erased.
func TestAGroupsWeekOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	today := h.Day(time.Now())
	h.enter(t, today, "1001", "410102", ledger.GeneralFundID, "500.00")
	h.Do(t, func(tx *sqlx.Tx) error {
		if _, err := organisation.Add(t.Context(), tx, h.Community, organisation.Organisation{
			Kind: organisation.Group, Slug: "choir", NameZH: "合唱队", Theme: project.Neighbours, EnteredBy: "lead", EnteredAt: time.Now(),
		}); err != nil {
			return err
		}
		_, err := organisation.SetRule(t.Context(), tx, h.ID, organisation.Rule{
			Since: today.AddDate(0, -2, 0), PerActivity: 2, PerPeople: 10, PeopleMax: 50, SetBy: "lead", SetAt: time.Now(),
			Tiers: []organisation.Tier{{Points: 8, Amount: yuan("60")}},
		})
		return err
	})
	p := h.phone(t, h.as(t, auth.Treasurer))
	day := today.Format(time.DateOnly)
	p.open("/c/angong/desk/groups/choir")
	p.fill("day-1", day, "what-1", "练歌", "people-1", "32", "day-2", day, "what-2", "演出", "people-2", "很多")
	webtest.Run(t, p.tab, chromedp.Click(chromedp.CSS(`form[action$="/activities"] button`)), chromedp.WaitVisible(chromedp.CSS(".wrong-sum")))
	if got := webtest.Tell[string](t, p.tab, `document.querySelector("#f-people-2-wrong").innerText + document.querySelector("#f-what-1").value`); !strings.HasSuffix(got, "练歌") {
		t.Errorf("the line says %q", got)
	}
	p.fits()
	p.fill("people-2", "60")
	p.press("/activities", "记下 2 场活动，得 12 分")
	p.fill("members", "34")
	p.press("/members", "34 人")
	p.fill("contact_name", "唐女士", "contact_phone", "13800138000")
	p.press("/contact", "联系人记下了")
	webtest.Run(t, p.tab, chromedp.Click(chromedp.CSS(`[name=tier] + span`)))
	p.fill("for", "买乐谱")
	p.press("/grants", "发放了 ¥60.00")
	for _, at := range []string{"/c/angong/groups/choir", "/c/angong/groups"} {
		p.open(at)
		got := webtest.Tell[string](t, p.tab, `document.querySelector("main").innerText`)
		if strings.Contains(got, "唐女士") || strings.Contains(got, "138") || !strings.Contains(got, "34") {
			t.Errorf("%s says %s", at, got)
		}
	}
	if seen := h.as(t, auth.CouncilMember).get("/c/angong/desk/groups/choir").Body; strings.Contains(seen, "13800138000") {
		t.Error("whoever reads the desk reads the telephone number")
	}
	p.open("/c/angong/desk/groups/choir")
	p.press("/contact/erasure", "删除了")
	if n := get[int](t, h, `SELECT count(*) FROM organisation.contact`); n != 0 {
		t.Errorf("%d contacts are left", n)
	}
}

// A file of the past with mistakes is mended, looked at, and written.
func TestThePastIsMendedAndImportedOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.phone(t, h.as(t, auth.ProjectLead))
	write := func(name, table string) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	hand := func(file, see string) string {
		t.Helper()
		webtest.Run(t, p.tab, chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{file}), chromedp.Click(chromedp.CSS("form[enctype] .btn")), chromedp.WaitVisible(chromedp.CSS(see)))
		p.fits()
		return webtest.Tell[string](t, p.tab, `document.querySelector("main").innerText`)
	}
	const groups = "小组名称,主题,成员数,统计日期\n合唱队,邻里文化,32,2015-12-31\n腰鼓队,邻里文化,,\n"
	p.open("/c/angong/desk/past")
	if got := hand(write("小组.csv", strings.NewReplacer("腰鼓队,邻里文化", "腰鼓队,唱歌", "32", "三十").Replace(groups)), ".note.bad"); !strings.Contains(got, "第 2 行 成员数") ||
		!strings.Contains(got, "第 3 行 主题") || !strings.Contains(got, "老人、孩子、邻里文化、院落改善、互助志愿") {
		t.Errorf("the page says %s", got)
	}
	if n := get[int](t, h, `SELECT count(*) FROM organisation.organisation`); n != 0 {
		t.Errorf("%d groups were written", n)
	}
	if got := hand(write("小组.csv", groups), ".btn.big"); !strings.Contains(got, "写进去（2 行）") || !strings.Contains(got, "合唱队") {
		t.Errorf("the preview says %s", got)
	}
	webtest.Run(t, p.tab, chromedp.Click(chromedp.CSS(".btn.big")), chromedp.WaitVisible(chromedp.CSS(".flash")))
	if got := get[string](t, h, `SELECT string_agg(name_zh, ' ' ORDER BY id) FROM organisation.organisation`); got != "合唱队 腰鼓队" {
		t.Errorf("written: %q", got)
	}
	p.open("/c/angong/desk/past")
	if got := hand(write("小组.csv", groups), ".note.good"); !strings.Contains(got, "都已经有了") {
		t.Errorf("the second time the page says %s", got)
	}
}
