package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/round"
	"fund/web/auth"
	"fund/web/webtest"
)

// TestPaperBallotsOfARoundOnAPhone enters ballots for residents who bring their code, one of them twice, and counts: an idea
// without the least support is not chosen though the pot would pay it.
func TestPaperBallotsOfARoundOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	codes := h.voting(t)
	lead := h.as(t, auth.ProjectLead)
	axe, tab := webtest.Axe(t), webtest.Open(t)
	enter(t, tab, lead)
	show := func(path string) {
		t.Helper()
		webtest.Run(t, tab, chromedp.EmulateViewport(360, 800), chromedp.Navigate(h.Base+"/c/angong/desk/rounds"+path))
		if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%s: %d px wider than a phone", path, over)
		}
		webtest.Judge(t, tab, axe, path, webtest.EveryRule)
	}
	cast := func(code string, idea int, then chromedp.Action[chromedp.Void]) {
		t.Helper()
		show("/autumn/paper")
		webtest.Run(t, tab, chromedp.SendKeys(chromedp.CSS("#f-code"), code), chromedp.Click(chromedp.CSS(fmt.Sprintf(`label:has([name=idea][value="%d"])`, idea))),
			chromedp.Click(`//button[text()="投票"]`), then)
	}
	done := chromedp.WaitVisible(chromedp.CSS(".flash"))
	show("")
	show("/new")
	show("/autumn")
	show("/autumn/ideas/1")
	cast(codes[0], 1, done)
	cast(codes[1], 1, done)
	cast(codes[1], 2, chromedp.WaitVisible(`//*[contains(text(), "已经投过票")]`))
	cast(codes[2], 2, done)
	h.ahead.Store(2)
	show("/autumn")
	webtest.Run(t, tab, chromedp.Click(`//button[contains(text(), "数票")]`), done)
	show("/autumn")
	tally := get[string](t, h, `SELECT string_agg(number || ':' || votes || ':' || selected, ' ' ORDER BY number) FROM round.result`)
	if tally != "1:2:true 2:1:false" {
		t.Errorf("the count: %s", tally)
	}
	if n := get[int](t, h, `SELECT count(*) FROM round.ballot WHERE method = 'paper'`); n != 3 {
		t.Errorf("%d ballots on paper", n)
	}
}

// voting is a round in its last days with two ideas on the ballot, and three codes.
func (h *house) voting(t testing.TB) (codes []string) {
	t.Helper()
	today, at := h.Day(time.Now()), time.Now()
	h.Do(t, func(tx *sqlx.Tx) error {
		r, err := round.Open(t.Context(), tx, h.ID, round.Round{
			Slug: "autumn", Year: today.Year(), TitleZH: "邻里金点子", Pot: yuan("2000"), Method: round.Approval, ChoicesMax: 1, SupportMin: 2,
			ProposeFrom: today.AddDate(0, 0, -9), ProposeUntil: today.AddDate(0, 0, -2), VoteFrom: today.AddDate(0, 0, -1), VoteUntil: today.AddDate(0, 0, 1),
		}, "user:1", at)
		for i, title := range []string{"长椅", "声控灯"} {
			if err != nil {
				return err
			}
			var put round.Idea
			put, err = round.Put(t.Context(), tx, h.Community, r, round.Idea{
				Form: uuid.New(), Title: title, What: "给大家用", Place: "3 号院", Cost: yuan(fmt.Sprint(500 + i)), Category: "elders", MadeAt: at.AddDate(0, 0, -5),
			}, round.Proposer{Name: "王婆婆", Phone: "13800000000"})
			if err == nil {
				err = round.PutOnBallot(t.Context(), tx, h.ID, r.ID, put, "user:1", at)
			}
		}
		if err == nil {
			codes, err = round.MakeCodes(t.Context(), tx, h.ID, r, "3 号院", 3, "user:1", at)
		}
		return err
	})
	return codes
}
