package public_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/web/webtest"
)

// poolFor lays money into a pool for the gifts to a campaign.
func (h *house) poolFor(t testing.TB, campaign int, laid string) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.OpenPool(t.Context(), tx, h.Community, campaigns.MatchingPool{
			CampaignID: &campaign, SponsorZH: "王记面馆", SponsorEN: "Wang's Noodles", Laid: yuan(laid), DonorMax: yuan("300"),
			StartsOn: h.Day(time.Now()), EndsOn: h.Day(time.Now()).AddDate(0, 0, 10),
		}, "user:1", time.Now())
		return err
	})
}

func TestAGiftWithAMatchForOneLine(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.poolFor(t, 1, "3250")
	tab := webtest.Open(t)
	webtest.Run(t, tab,
		chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+campaignPath+"?lang=zh"), chromedp.WaitVisible(chromedp.CSS("#give")),
	)
	if offer := webtest.Tell[string](t, tab, `document.querySelector("#pool-1").innerText`); !strings.Contains(offer, "王记面馆再配 ¥") || !strings.Contains(offer, "还剩 ¥3,250") {
		t.Errorf("the page offers %q", offer)
	}
	webtest.Tell[string](t, tab, `document.querySelector("#f-line").value = "2"`)
	webtest.Run(t, tab,
		chromedp.Click(`//label[contains(., "¥50")]`), chromedp.Click(`//button[text()="下一步：去付款"]`),
		chromedp.WaitVisible(`//button[text()="付 ¥50.00"]`), chromedp.Click(`//button[text()="付 ¥50.00"]`), chromedp.WaitVisible(chromedp.CSS(".receipt")),
	)
	trail := webtest.Tell[string](t, tab, `document.querySelector(".trail").innerText`)
	wide := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	if !strings.Contains(trail, "配") || wide > 0 {
		t.Errorf("the trail says %q, %d px too wide", trail, wide)
	}
	if got := get[string](t, h, `SELECT t.raised || ' and ' || t.matched || ', line ' || b.line || ' has ' || b.raised FROM campaigns.tally t, campaigns.budget_line b WHERE b.line = 2`); got != "50.00 and 50.00, line 2 has 50.00" {
		t.Error(got)
	}
	webtest.Run(t, tab, chromedp.Navigate(h.Base+campaignPath), chromedp.WaitVisible(chromedp.CSS("#pool-1")))
	if page := webtest.Tell[string](t, tab, `document.body.innerText`); !strings.Contains(page, "还剩 ¥3,200") || !strings.Contains(page, "¥100") {
		t.Errorf("afterwards the page says %q", page)
	}
}

// What a campaign raises for, its further goals, gifts that are no money, and a
// goal that was missed: each says so in both languages.
func TestACampaignSaysHowItRaises(t *testing.T) {
	t.Parallel()
	h := open(t)
	event := dinner()
	event.Slug, event.Target, event.Goal = "fair", campaigns.EventTarget, yuan("100")
	event.Stretch = campaigns.StretchGoals{{Amount: yuan("150"), TitleZH: "再添一盏灯", TitleEN: "One more lamp"}}
	event = h.publish(t, event)
	general := dinner()
	general.Slug, general.FundID = "lamps", ledger.GeneralFundID
	h.publish(t, general)
	roof := dinner()
	roof.Slug, roof.Kind = "roof", campaigns.AllOrNothing
	roof = h.publish(t, roof)
	h.cash(t, "fair", "120")
	h.cash(t, "roof", "30")
	h.Do(t, func(tx *sqlx.Tx) error {
		for _, g := range []campaigns.InKind{{WhatZH: "大米 20 袋", WhatEN: "20 bags of rice", Value: yuan("760"), ValuedBy: "按超市标价"}, {WhatZH: "搭灯架", Hours: 65}} {
			g.ID, g.CampaignID, g.ReceivedOn, g.EnteredBy, g.EnteredAt = uuid.New(), &event.ID, h.Day(time.Now()), "user:1", time.Now()
			if _, err := campaigns.TakeInKind(t.Context(), tx, h.Community, g, "李建国"); err != nil {
				return err
			}
		}
		return campaigns.Close(t.Context(), tx, h.ID, roof.ID, time.Now())
	})
	if _, err := campaigns.ConcludeDue(t.Context(), h.Database.App, h.Community, time.Now(), "system"); err != nil {
		t.Fatal(err)
	}
	v := h.visitor(t)
	for at, wants := range map[string][]string{
		"fair?lang=zh":  {"为这一次活动筹钱", "下一个目标", "¥150", "第一个目标 ¥100 已经筹满", "再添一盏灯", "大米 20 袋", "¥760", "6.5 小时", "不是钱"},
		"fair?lang=en":  {"Raised for this one event", "Next goal", "One more lamp", "20 bags of rice", "6.5 hours"},
		"lamps?lang=zh": {"筹到的钱进", "/c/angong/funds/general"},
		"roof?lang=zh":  {"1 份里 1 份已经从账上退出", "0 份已经到了捐赠人手里"},
		"roof?lang=en":  {"1 of 1 gifts are out of the books"},
	} {
		page := v.get("/c/angong/campaigns/" + at).Body
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s does not say %q", at, want)
			}
		}
	}
	token := get[string](t, h, `SELECT token FROM receipt.receipt WHERE series = 'in_kind'`)
	for _, want := range []string{"实物捐赠收据", "大米 20 袋", "不是收到的钱", "李建国", "760.00"} {
		if page := v.get("/r/" + token + "?lang=zh").Body; !strings.Contains(page, want) {
			t.Errorf("the receipt for goods does not say %q", want)
		}
	}
	if pdf := v.get("/r/" + token + "/receipt.pdf").Body; !strings.HasPrefix(pdf, "%PDF-") {
		t.Errorf("%.40q", pdf)
	}
}

func TestAPendingGiftKnowsItsMatch(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.poolFor(t, 1, "3250")
	v := h.visitor(t)
	v.order("amount", "50", "pay", "sandbox")
	id := get[string](t, h, `SELECT id::text FROM campaigns.donation`)
	if page := v.get("/c/angong/donations/" + id + "?lang=zh").Body; !strings.Contains(page, "王记面馆就再配 ¥50.00") {
		t.Errorf("the pending gift's page does not tell: %s", page)
	}
}

// cash takes a gift at the desk.
func (h *house) cash(t testing.TB, slug, amount string) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.EnterCash(t.Context(), tx, h.Community, campaigns.Start{
			ID: uuid.Must(uuid.NewV7()), Campaign: slug, Amount: yuan(amount), EnteredBy: "user:1", At: time.Now(),
		})
		return err
	})
}
