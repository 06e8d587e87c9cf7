package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/web/auth"
	"fund/web/webtest"
)

// sits gives the log-ins of visitors seats in a council, the first the chair's and the second the secretary's, and two who vote
// on paper alone.
func (h *house) sits(t testing.TB, visitors ...string) (k council.Council) {
	t.Helper()
	today := h.Day(time.Now())
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		k, err = council.AddCouncil(t.Context(), tx, h.ID, council.Council{Slug: "angong-council", Level: council.Community, NameZH: "社区议事会", FoundedOn: today},
			council.Rule{QuorumNum: 1, QuorumDen: 2, MajorityNum: 1, MajorityDen: 2, MajorityOver: true, Secret: true, SetAt: time.Now()}, "user:1")
		for i, who := range append(visitors, "", "") {
			if err != nil {
				return err
			}
			m := council.Member{CouncilID: k.ID, Name: fmt.Sprint("成员", i+1), UserSubject: who, FromOn: today, UntilOn: today.AddDate(1, 0, 0)}
			if i < 2 {
				m.Office = []council.Office{council.Chair, council.Secretary}[i]
			}
			_, err = council.Seat(t.Context(), tx, h.ID, m)
		}
		return err
	})
	return k
}

// TestAVoteWithPaperBallotsOnAPhone goes from a motion to its minutes: one vote online, two on paper counted by two people.
func TestAVoteWithPaperBallotsOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	chair, second, other := h.as(t, auth.CouncilMember), h.member(t, "second", true, auth.CouncilMember), h.visitor(t)
	other.logIn("second", password, "", "")
	k := h.sits(t, auth.UserSubject(get[uuid.UUID](t, h, `SELECT id FROM auth."user" WHERE login LIKE 'council_member%'`)), auth.UserSubject(second.ID))
	axe, tab := webtest.Axe(t), webtest.Open(t)
	enter(t, tab, chair)
	at := h.Base + "/c/angong/desk/councils/" + k.Slug
	open := func(path string) {
		t.Helper()
		webtest.Run(t, tab, chromedp.EmulateViewport(360, 800), chromedp.Navigate(path))
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s: %d px wider than a phone", path, over)
		}
		webtest.Judge(t, tab, axe, path, webtest.EveryRule)
	}
	type step = chromedp.Action[chromedp.Void]
	css := func(s string) chromedp.CSS { return chromedp.CSS(s) }
	said := func(words string) step {
		return chromedp.WaitVisible(`//*[contains(@class, "flash")][contains(., "` + words + `")]`)
	}
	press := func(words string) step { return chromedp.Click(`//button[text()="` + words + `"]`) }

	open(at + "/motions/new")
	webtest.Run(t, tab, chromedp.Click(`//b[text()="不涉及钱的决定"]`), chromedp.SendKeys(css("#f-title_zh"), "3 号院石桌旁边不停车"), press("写好了，存成草稿"), said("存成草稿"))
	open(h.Base + webtest.Tell[string](t, tab, `location.pathname`))
	webtest.Run(t, tab, chromedp.SendKeys(css("#f-text"), "下棋的老人进出不方便"), press("说一句"), said("您的意见"), press("开始表决"), said("开始表决了"))
	open(h.Base + webtest.Tell[string](t, tab, `location.pathname`))
	webtest.Run(t, tab, chromedp.Click(`//b[text()="同意"]`), press("投票"), said("您的票投好了"))
	if text := webtest.Tell[string](t, tab, `document.querySelector(".flash").textContent`); !strings.Contains(text, "改票码") {
		t.Errorf("the voter was told %q", text)
	}
	for _, name := range []string{"成员3", "成员4"} {
		webtest.Run(t, tab, chromedp.Click(css(`button[aria-label="`+name+`领纸票"]`)), said("记下了"), chromedp.WaitNotPresent(css(`button[aria-label="`+name+`领纸票"]`)))
	}
	count := func() {
		t.Helper()
		webtest.Run(t, tab, chromedp.SendKeys(css("#f-for"), "1"), chromedp.SendKeys(css("#f-against"), "1"), chromedp.SendKeys(css("#f-abstained"), "0"), chromedp.SendKeys(css("#f-spoilt"), "0"), press("我数好了"), said("您数的"))
	}
	count()
	motion := webtest.Tell[string](t, tab, `location.pathname`)
	if body := chair.get(motion + "/ballots"); body.Status != 200 || !strings.HasPrefix(body.Body, "%PDF-") {
		t.Errorf("the ballots: %d %.20s", body.Status, body.Body)
	}

	enter(t, tab, other)
	open(h.Base + motion)
	count()
	webtest.Run(t, tab, chromedp.Click(`//summary[text()="我有利害关系，不投"]`), chromedp.SendKeys(css("#f-conflict"), "我在那里停车"), chromedp.Click(`//details//button[text()="我有利害关系，不投"]`), said("您不参加"))

	enter(t, tab, chair)
	open(h.Base + motion)
	webtest.Run(t, tab, press("结束表决"), said("表决结束"))
	open(at)
	webtest.Run(t, tab, chromedp.SendKeys(css("#f-place"), "石桌"), chromedp.Click(css(`input[name=present][value="1"]`)), press("写下来，不再改"), said("会议记录"))

	for _, page := range []string{"/c/angong/councils", "/c/angong/councils/" + k.Slug} {
		open(h.Base + page)
		if text := webtest.Tell[string](t, tab, `document.querySelector("main").innerText`); !strings.Contains(text, "2 票同意，1 票反对，0 票弃权") {
			t.Errorf("everybody reads on %s: %.600s", page, text)
		}
	}
	open(h.Base + strings.Replace(motion, "/desk/", "/", 1))
	if text := webtest.Tell[string](t, tab, `document.querySelector("main").innerText`); !strings.Contains(text, "我在那里停车") || !strings.Contains(text, "3 人里至少要 2 人") {
		t.Errorf("everybody reads of the motion: %.600s", text)
	}
	minutes := chair.get(fmt.Sprintf("/c/angong/councils/%s/minutes/%d-001", k.Slug, h.Day(time.Now()).Year()))
	if minutes.Status != 200 || !strings.HasPrefix(minutes.Body, "%PDF-") {
		t.Errorf("the minutes: %d %.20s", minutes.Status, minutes.Body)
	}
	if log := h.audited(t); strings.Contains(log, "against") || !strings.Contains(log, "motion.vote") {
		t.Errorf("the audit log: %s", log)
	}
}
