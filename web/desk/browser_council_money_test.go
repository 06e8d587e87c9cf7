package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/webtest"
)

// TestFromADraftToItsMoneyOnAPhone changes a draft, keeps its papers from the public, votes, moves the money and some of it back,
// signs the minutes, passes a motion up, and ends a term with a successor.
func TestFromADraftToItsMoneyOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	chair, treasurer, admin := h.as(t, auth.CouncilMember), h.as(t, auth.Treasurer), h.as(t, auth.Administrator)
	subject := auth.UserSubject(get[uuid.UUID](t, h, `SELECT id FROM auth."user" WHERE login LIKE 'council_member%'`))
	k := h.sits(t, subject)
	m, roof := h.roof(t, k, subject)
	axe, tab := webtest.Axe(t), webtest.Open(t)
	show := func(path string) {
		t.Helper()
		webtest.Run(t, tab, chromedp.EmulateViewport(360, 800), chromedp.Navigate(h.Base+path))
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s: %d px wider than a phone", path, over)
		}
		webtest.Judge(t, tab, axe, path, webtest.EveryRule)
	}
	said := func(words string) chromedp.Action[chromedp.Void] {
		return chromedp.WaitVisible(`//*[contains(@class, "flash")][contains(., "` + words + `")]`)
	}
	press := func(words string) chromedp.Action[chromedp.Void] {
		return chromedp.Click(`//button[text()="` + words + `"]`)
	}
	at := "/c/angong/desk/councils/" + k.Slug
	motion := at + "/motions/" + m.Serial()

	paper := strings.Replace(motion, "/desk/", "/", 1) + "/papers/1"
	if a := h.visitor(t).get(paper); a.Status != 404 {
		t.Errorf("a draft's paper by its address: %d", a.Status)
	}
	if a := chair.get(motion + "/papers/1"); a.Status != 200 || !strings.HasPrefix(a.Body, "%PDF-") {
		t.Errorf("a draft's paper at the desk: %d", a.Status)
	}
	enter(t, tab, chair)
	show(motion + "/edit")
	webtest.Run(t, tab, chromedp.Clear(chromedp.CSS("#f-amount")), chromedp.SendKeys(chromedp.CSS("#f-amount"), "200"), press("改好了"), said("草稿改好了"))
	webtest.Run(t, tab, press("开始表决"), said("开始表决了"), chromedp.Click(`//b[text()="同意"]`), press("投票"), said("您的票投好了"))
	if a := h.visitor(t).get(paper); a.Status != 200 {
		t.Errorf("the paper of an open motion: %d", a.Status)
	}
	for n := 2; n <= 3; n++ {
		h.Do(t, func(tx *sqlx.Tx) error {
			_, err := council.Vote(t.Context(), tx, h.Community, m.ID, n, council.For, "", time.Now())
			return err
		})
	}
	show(motion)
	webtest.Run(t, tab, press("结束表决"), said("表决结束"))
	if a := chair.get(motion + "/edit"); a.Status != 409 {
		t.Errorf("a motion that was voted is edited: %d", a.Status)
	}

	enter(t, tab, treasurer)
	show(motion)
	webtest.Run(t, tab, press("拨这笔钱"), said("¥200.00 拨好了"), chromedp.Clear(chromedp.CSS("#f-amount")), chromedp.SendKeys(chromedp.CSS("#f-amount"), "50"), press("退回没用完的"), said("¥50.00 退回了"))
	if has, err := ledger.FundAt(t.Context(), h.App, h.ID, roof.FundID); err != nil || has.NetAssets.String() != "150.00" {
		t.Errorf("the project has %v, %v", has.NetAssets, err)
	}
	show(motion)
	webtest.Run(t, tab, chromedp.Clear(chromedp.CSS("#f-amount")), chromedp.SendKeys(chromedp.CSS("#f-amount"), "50.01"), press("拨这笔钱"),
		chromedp.WaitVisible(`//*[contains(text(), "超过了议事会通过的数：最多还能拨 ¥50.00")]`), chromedp.WaitVisible(chromedp.CSS(`#f-amount[value="50.01"]`)))

	enter(t, tab, chair)
	show(at)
	webtest.Run(t, tab, chromedp.SendKeys(chromedp.CSS("#f-place"), "石桌"), chromedp.Click(chromedp.CSS(`input[name=present][value="1"]`)), press("写下来，不再改"), said("会议记录"))
	webtest.Run(t, tab, press("签字"), said("签了字"), chromedp.WaitVisible(`//*[contains(., "已签：成员1")]`))

	low := h.below(t, k, subject)
	show("/c/angong/desk/councils/court-3/motions/" + low.Serial())
	webtest.Run(t, tab, chromedp.Click(`//summary[text()="提交上一级"]`), chromedp.SendKeys(chromedp.CSS("#f-why"), "三个院合用"), chromedp.Click(`//details//button[text()="提交上一级"]`), said("交给上一级"))
	show(at)
	webtest.Run(t, tab, chromedp.Click(`//b[text()="快递角"]`), press("开始表决"), said("开始表决了"))

	enter(t, tab, admin)
	show(at + "/members/2")
	webtest.Run(t, tab, chromedp.SetValue(chromedp.CSS("#f-until"), h.Day(time.Now()).Format(time.DateOnly)), chromedp.SendKeys(chromedp.CSS("#f-successor"), "新成员"), press("记下来"), said("任期改好了"))
	tomorrow, err := council.Members(t.Context(), h.App, h.ID, k.ID, h.Day(time.Now()).AddDate(0, 0, 1))
	if err != nil || len(tomorrow) != 3 || tomorrow[1].Name != "新成员" || tomorrow[1].Office != council.Secretary {
		t.Errorf("tomorrow sit %+v, %v", tomorrow, err)
	}
}

// roof is a project and a draft about its money, with a paper.
func (h *house) roof(t testing.TB, k council.Council, who string) (m council.Motion, p project.Project) {
	t.Helper()
	general, amount := ledger.GeneralFundID, yuan("300")
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		if p, err = project.AddProject(t.Context(), tx, h.ID, project.Project{Slug: "roof", Theme: project.Yard, TitleZH: "雨棚", Year: 2026, State: project.Checked, Budget: amount}); err != nil {
			return err
		}
		m, err = council.Propose(t.Context(), tx, h.Community, council.Motion{
			CouncilID: k.ID, Kind: council.BudgetLine, TitleZH: "给雨棚拨款", Amount: &amount, FromFund: &general, ToFund: &p.FundID, ProjectID: &p.ID,
		}, who, time.Now())
		if err == nil {
			err = council.AddPaper(t.Context(), tx, h.ID, m.ID, council.Paper{Title: "报价单", Content: []byte("%PDF-1.4 quote")}, who, time.Now())
		}
		return err
	})
	return m, p
}

// below is a motion that the council of a courtyard agreed to.
func (h *house) below(t testing.TB, above council.Council, who string) (m council.Motion) {
	t.Helper()
	today := h.Day(time.Now())
	h.Do(t, func(tx *sqlx.Tx) error {
		k, err := council.AddCouncil(t.Context(), tx, h.ID, council.Council{Slug: "court-3", Level: council.Compound, ParentID: &above.ID, NameZH: "3 号院议事会", FoundedOn: today},
			council.Rule{QuorumNum: 1, QuorumDen: 2, MajorityNum: 1, MajorityDen: 2, MajorityOver: true, SetAt: time.Now()}, "user:1")
		if err == nil {
			_, err = council.Seat(t.Context(), tx, h.ID, council.Member{CouncilID: k.ID, Name: "成员1", Office: council.Chair, UserSubject: who, FromOn: today, UntilOn: today})
		}
		if err == nil {
			m, err = council.Propose(t.Context(), tx, h.Community, council.Motion{CouncilID: k.ID, Kind: council.Resolution, TitleZH: "快递角"}, who, time.Now())
		}
		if err == nil {
			_, err = council.Open(t.Context(), tx, h.Community, m.ID, today, who, time.Now())
		}
		if err == nil {
			_, err = council.Vote(t.Context(), tx, h.Community, m.ID, 1, council.For, "", time.Now())
		}
		if err == nil {
			_, err = council.Close(t.Context(), tx, h.Community, m.ID, who, time.Now())
		}
		return err
	})
	return m
}
