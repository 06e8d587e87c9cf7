package public_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/round"
	"fund/web/webtest"
)

// A resident writes an idea on a phone; the centre puts it on the ballot; two households vote by their codes, one of them
// tries again; after the last day the count is public, and its file.
func TestHouseholdsDecide(t *testing.T) {
	t.Parallel()
	h := open(t)
	today := h.Day(time.Now())
	var r round.Round
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		r, err = round.Open(t.Context(), tx, h.ID, round.Round{
			Slug: "next", Year: today.Year(), TitleZH: "邻里金点子", Pot: yuan("1000"), Method: round.Knapsack,
			ProposeFrom: today, ProposeUntil: today, VoteFrom: today.AddDate(0, 0, 1), VoteUntil: today.AddDate(0, 0, 2),
		}, "user:1", time.Now())
		return err
	})
	tab := webtest.Open(t)
	webtest.Run(t, tab,
		chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+"/c/angong/rounds"), chromedp.Click(`//a[text()="邻里金点子"]`),
		chromedp.Click(`//a[text()="我有个点子"]`), chromedp.WaitVisible(chromedp.CSS("#f-title")),
		chromedp.Click(`//button[text()="写好了，交给服务中心"]`), chromedp.WaitVisible(chromedp.CSS(".wrong-sum")),
	)
	h.writeIdea(t, tab, "大树下放长椅", "600")
	webtest.Run(t, tab, chromedp.Navigate(h.Base+"/c/angong/rounds/next/ideas/new"))
	h.writeIdea(t, tab, "楼道装声控灯", "500")
	if text := webtest.Tell[string](t, tab, "document.body.innerText"); !strings.Contains(text, "第 2 号") || strings.Contains(text, "王婆婆") || strings.Contains(text, "大树下") {
		t.Errorf("before the centre looked: %.400s", text)
	}
	codes := h.toBallot(t, r)
	voting := today.AddDate(0, 0, 1)
	h.Donors.Now = func() time.Time { return h.Clock(voting, 12) }
	h.vote(t, tab, codes[0], "大树下放长椅")
	h.vote(t, tab, codes[1], "大树下放长椅")
	webtest.Run(t, tab,
		chromedp.Navigate(h.Base+"/c/angong/rounds/next/ballot?code="+codes[0]),
		chromedp.Click(`//button[text()="下一步：选点子"]`), chromedp.WaitVisible(`//*[contains(text(), "这个投票码已经投过票了")]`),
	)
	h.Donors.Now = func() time.Time { return h.Clock(today.AddDate(0, 0, 3), 12) }
	h.Do(t, func(tx *sqlx.Tx) error {
		return round.Count(t.Context(), tx, h.Community, r, "user:1", h.Donors.Now())
	})
	webtest.Run(t, tab, chromedp.Navigate(h.Base+"/c/angong/rounds/next"), chromedp.WaitVisible(chromedp.CSS(".round-result")))
	if text := webtest.Tell[string](t, tab, "document.querySelector('.round-result').innerText"); !strings.Contains(text, "选上了") || !strings.Contains(text, "600.00") {
		t.Errorf("the result: %s", text)
	}
	if wide := webtest.Tell[int](t, tab, "document.documentElement.scrollWidth"); wide > 360 {
		t.Errorf("the page is %d wide", wide)
	}
	h.checkFile(t)
}

// checkFile fetches what is published.
func (h *house) checkFile(t testing.TB) {
	t.Helper()
	answer, err := http.Get(h.Base + "/c/angong/rounds/next/ballots.pb")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	file, err := io.ReadAll(answer.Body)
	if err != nil || !strings.Contains(string(file), "\n1;600;2;大树下放长椅;1\n2;500;0;楼道装声控灯;0\n") || !strings.HasSuffix(string(file), "1;internet;1\n2;internet;1\n") {
		t.Errorf("%v:\n%s", err, file)
	}
}

func (h *house) writeIdea(t testing.TB, tab context.Context, title, cost string) {
	t.Helper()
	webtest.Run(t, tab,
		chromedp.SendKeys(chromedp.CSS("#f-title"), title), chromedp.SendKeys(chromedp.CSS("#f-what"), "给老人歇脚"), chromedp.SendKeys(chromedp.CSS("#f-place"), "3 号院"),
		chromedp.SendKeys(chromedp.CSS("#f-cost"), cost), chromedp.Click(`//label[contains(., "老人")]`),
		chromedp.SendKeys(chromedp.CSS("#f-name"), "王婆婆"), chromedp.SendKeys(chromedp.CSS("#f-phone"), "138-0000-7777"), chromedp.Click(chromedp.CSS("#f-consent")),
		chromedp.Click(`//button[text()="写好了，交给服务中心"]`), chromedp.WaitVisible(`//*[contains(text(), "您的点子是第")]`),
	)
}

// toBallot is the centre's part: both ideas on the ballot, and codes for two households.
func (h *house) toBallot(t testing.TB, r round.Round) (codes []string) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		ideas, err := round.Ideas(t.Context(), tx, h.ID, r.ID, round.Waiting)
		if err != nil || len(ideas) != 2 {
			t.Fatalf("%d ideas wait, %v", len(ideas), err)
		}
		for _, i := range ideas {
			if err := round.PutOnBallot(t.Context(), tx, h.ID, r.ID, i, "user:1", time.Now()); err != nil {
				return err
			}
		}
		codes, err = round.MakeCodes(t.Context(), tx, h.ID, r, "3 号院", 2, "user:1", time.Now())
		return err
	})
	return codes
}

// vote votes on the phone as a household does: too much first, which the sum and the page both say.
func (h *house) vote(t testing.TB, tab context.Context, code, idea string) {
	t.Helper()
	typed := strings.ToLower(code[:5] + " " + code[5:])
	webtest.Run(t, tab,
		chromedp.Navigate(h.Base+"/c/angong/rounds/next/ballot"), chromedp.SendKeys(chromedp.CSS("#f-code"), typed),
		chromedp.Click(`//button[text()="下一步：选点子"]`), chromedp.WaitVisible(chromedp.CSS(".ballot-sum")),
	)
	tick(t, tab, 0)
	tick(t, tab, 1)
	webtest.Run(t, tab, chromedp.WaitVisible(chromedp.CSS("[data-over]")))
	if sum := webtest.Tell[string](t, tab, "document.querySelector('[data-sum]').textContent"); sum != "¥1,100" {
		t.Errorf("the live sum is %s", sum)
	}
	webtest.Run(t, tab,
		chromedp.Click(`//button[text()="选好了，再看一遍"]`), chromedp.WaitVisible(chromedp.CSS(".wrong-sum")))
	tick(t, tab, 1)
	webtest.Run(t, tab, chromedp.Click(`//button[text()="选好了，再看一遍"]`), chromedp.WaitVisible(`//*[contains(text(), "您选的是")]`))
	if text := webtest.Tell[string](t, tab, "document.querySelector('main').innerText"); !strings.Contains(text, idea) || strings.Contains(text, "楼道") {
		t.Errorf("the last look: %s", text)
	}
	webtest.Run(t, tab, chromedp.Click(`//button[text()="就投这些"]`), chromedp.WaitVisible(`//*[contains(text(), "投好了")]`))
}

// tick ticks an idea, wherever the line with the sum stands on a small screen.
func tick(t testing.TB, tab context.Context, n int) {
	t.Helper()
	webtest.Tell[bool](t, tab, fmt.Sprintf(`document.querySelectorAll(".ideas-in input")[%d].click(); true`, n))
}
