package public_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/disclosure"
	"fund/ledger"
)

// over is a campaign that ended some days ago.
func (h *house) over(t testing.TB, slug string, daysAgo int) campaigns.Campaign {
	t.Helper()
	c, end := dinner(), h.Day(time.Now().AddDate(0, 0, -daysAgo))
	c.Slug, c.StartsOn, c.EndsOn = slug, end.AddDate(0, 0, -30), end
	return h.publish(t, c)
}

func (h *house) report(t testing.TB, slug, note string, texts disclosure.Texts, at time.Time) (d disclosure.Document) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		duties, err := disclosure.Calendar(t.Context(), tx, h.Community, at)
		if err != nil {
			return err
		}
		for _, duty := range duties {
			if duty.Kind == disclosure.Result && duty.Subject.Slug == slug {
				d, err = disclosure.Publish(t.Context(), tx, h.Community, duty, texts, note, "user:1", at)
			}
		}
		return err
	})
	return d
}

func TestACampaignThatIsOverSaysWhenItsResultIsDue(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.over(t, "soon", 20)
	h.over(t, "late", 200)
	h.over(t, "told", 40)
	v := h.visitor(t)
	running := v.get(campaignPath).Body
	wantIn(t, "a running campaign", running, "定向募捐，只面向本社区的居民和成员 · ")
	wantNot(t, "a running campaign", running, "结果报告最迟", "结果报告应当")
	wantIn(t, "over for 20 days", v.get("/c/angong/campaigns/soon").Body, "募捐已经结束。结果报告最迟", "民政部令第81号")
	late := v.get("/c/angong/campaigns/late").Body
	wantIn(t, "over for 200 days", late, `class="note bad"`, "结果报告应当在", "已经晚了")
	first := h.report(t, "told", "", disclosure.Texts{DoneZH: "六张桌子。", DoneEN: "Six tables.", Served: 96}, time.Now())
	told := v.get("/c/angong/campaigns/told").Body
	wantIn(t, "told", told, `class="note good"`, "在法定期限内", "/c/angong/documents/"+first.Serial())
	wantNot(t, "told", told, "有更正")
}

func TestAReportAndItsVersions(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.over(t, "told", 200)
	d := h.report(t, "told", "", disclosure.Texts{DoneZH: "六张桌子。<b>粗</b>", DoneEN: "Six tables.", Served: 96}, time.Now())
	v := h.visitor(t)
	at := "/c/angong/documents/" + d.Serial()
	wantIn(t, "the report", v.get(at).Body, "№ "+d.Serial(), "比法定期限晚了", "六张桌子。&lt;b&gt;粗", "服务 96 人次。", "募捐结果报告")
	wantIn(t, "in English", v.get(at+"?lang=en").Body, "Result of the campaign", "Six tables.", "96 person-times served.", "days after the legal time")
	before := v.get(at + "/1/document.pdf?lang=zh")
	if before.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(before.Body, "%PDF-") {
		t.Fatalf("%s %.20q", before.Header.Get("Content-Type"), before.Body)
	}

	// Whatever happens to its campaign, a report stays as it was published.
	h.Do(t, func(tx *sqlx.Tx) error {
		c, err := campaigns.FindCampaign(t.Context(), tx, h.ID, "told")
		if err != nil {
			return err
		}
		c.TitleZH, c.ContactPhone = "改了名字", "000"
		return campaigns.EditCampaign(t.Context(), tx, h.ID, c)
	})
	h.post(t, ledger.Day(time.Now().Year(), time.Now().Month(), 1))
	if after := v.get(at + "/1/document.pdf?lang=zh"); after.Body != before.Body {
		t.Error("the PDF changed with its campaign")
	}

	h.report(t, "told", "人次是 97", disclosure.Texts{DoneZH: "六张桌子。", Served: 97, NoteEN: "97 person-times"}, time.Now())
	wantIn(t, "the correction", v.get(at+"?lang=zh").Body, "第 2 版", "更正（", "人次是 97", "服务 97 人次。")
	wantIn(t, "the correction in English", v.get(at+"?lang=en").Body, "97 person-times")
	old := v.get(at + "/1?lang=zh").Body
	wantIn(t, "the old version", old, "这是旧版，公布后作过更正", "服务 96 人次。", `href="`+at+`"`)
	wantIn(t, "the list", v.get("/c/angong/reports").Body, "法定公开的报告", "№ "+d.Serial(), "有更正", "比法定期限晚了")
	for _, nowhere := range []string{"/3", "/0", "/x", "/1/2", "/99999999999999999999"} {
		if a := v.get(at + nowhere); a.Status != 404 {
			t.Errorf("%s%s: %d", at, nowhere, a.Status)
		}
	}
	for _, nothing := range []string{"2026", "2026-", "-1", "2026-999", "x-y", "2026-1e9"} {
		if a := v.get("/c/angong/documents/" + nothing); a.Status != 404 {
			t.Errorf("%s: %d", nothing, a.Status)
		}
	}
}

// post books something that has nothing to do with a report.
func (h *house) post(t testing.TB, day time.Time) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		accounts, err := ledger.ListAccounts(t.Context(), tx, h.ID)
		if err != nil {
			return err
		}
		bank, _ := accounts.By(ledger.Bank)
		income, _ := accounts.By(ledger.OtherIncome)
		_, err = ledger.Post(t.Context(), tx, h.ID, ledger.Entry{
			Date: day, Kind: "income", Source: "income:1", Memo: "利息", PostedBy: "user:1",
			Postings: []ledger.Posting{ledger.Debit(bank.ID, 1, yuan("1")), ledger.Credit(income.ID, 1, yuan("1"))},
		})
		return err
	})
}
