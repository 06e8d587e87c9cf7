package desk_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/webtest"
)

const reportsPath = "/c/angong/desk/reports"

// march sells paper in March 2020, and closes and seals the month.
func (h *house) march(t testing.TB, treasurer *visitor) {
	t.Helper()
	h.enter(t, ledger.Day(2020, 3, 5), "1001", "410102", ledger.GeneralFundID, "900.00")
	treasurer.post(periodsPath+"/2020-03/closure", treasurer.form(periodsPath))
	h.seal(t)
}

func TestAReportIsLookedAtIssuedAndCorrected(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, auth.Treasurer)
	h.enter(t, ledger.Day(2020, 4, 5), "1001", "410102", ledger.GeneralFundID, "8.00")
	h.march(t, v)

	at := reportsPath + "/fund/2020-03"
	wantIn(t, "what could be issued", v.get(reportsPath).Body, at)
	wantIn(t, "no such months", v.post(reportsPath, v.form(reportsPath, "kind", "fund", "period", "三月")).Body, "写成 2017、2017q4")
	wantAt(t, v.post(reportsPath, v.form(reportsPath, "kind", "fund", "period", "2020-03")), at)
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := project.AddProject(t.Context(), tx, h.ID, project.Project{Slug: "roof", Theme: project.Yard, TitleZH: "雨棚", Year: 2020, State: project.Checked, Budget: yuan("300")})
		return err
	})
	wantIn(t, "a project's name for a venture's report", v.post(reportsPath, v.form(reportsPath, "kind", "venture", "period", "2020-03", "of", "roof")).Body, "换一种报告")
	wantAt(t, v.post(reportsPath, v.form(reportsPath, "kind", "project", "period", "2020-03", "of", "roof")), reportsPath+"/project/2020-03")
	wantIn(t, "an open month", v.get(reportsPath+"/fund/2020-04").Body, "还没关账")
	wantIn(t, "a time without entries", v.get(reportsPath+"/fund/2019").Body, "没有账")
	if a := v.get(at + "/draft.pdf"); a.Status != 200 || a.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the draft's PDF: %d", a.Status)
	}
	for _, missing := range []string{"/fund/2020-13", "/nothing/2020-03", "/project/2020-03?of=nothing"} {
		if a := v.get(reportsPath + missing); a.Status != 404 {
			t.Errorf("%s: %d", missing, a.Status)
		}
	}

	wantIn(t, "without looking", v.post(at, v.form(at)).Body, "看过了再打勾")
	seen := v.form(at, "sure", "yes")
	h.enter(t, ledger.Day(2020, 2, 20), "1001", "410102", ledger.GeneralFundID, "5.00") // before March: its opening balance moves
	h.seal(t)
	wantIn(t, "looked at before", v.post(at, seen).Body, "又记了 1 笔账")
	issued := v.post(at, v.form(at, "sure", "yes"))
	wantIn(t, "issued", issued.Body, "发布了：№ ")
	wantIn(t, "issued twice", v.post(at, v.form(at, "sure", "yes")).Body, "更正了什么")
	wantAt(t, v.post(at, v.form(at, "sure", "yes", "note", "期初少写了一笔")), issued.Path)
	page := v.get(issued.Path + "/1").Body
	wantIn(t, "the first version", page, "这是旧版，公布后作过更正。")
	wantIn(t, "the second version", v.get(issued.Path).Body, "期初少写了一笔")

	if a := h.visitor(t).get(issued.Path + "/1/document.pdf"); a.Status != 200 || !strings.HasPrefix(a.Body, "%PDF-") {
		t.Errorf("the first version's PDF: %d", a.Status)
	}
	if a := h.as(t, auth.Auditor).post(at, v.form(at, "sure", "yes")); a.Status != 403 {
		t.Errorf("an auditor issues: %d", a.Status)
	}
}

// The pages of reports have no fault that axe calls serious, in both languages, and fit a phone.
func TestReportsAreForEverybody(t *testing.T) {
	t.Parallel()
	axe, h := webtest.Axe(t), open(t)
	v := h.as(t, auth.Treasurer)
	h.march(t, v)
	at := reportsPath + "/fund/2020-03"
	issued := v.post(at, v.form(at, "sure", "yes")).Path
	tab := webtest.Open(t)
	enter(t, tab, v)
	for _, lang := range []string{"zh", "en"} {
		for _, path := range []string{reportsPath, at, issued, "/c/angong/reports", "/c/angong/reports/letters/aaaaaaaaaaaaaaaaaaaaaaaaaa"} {
			webtest.Run(t, tab, chromedp.EmulateViewport(360, 740), chromedp.Navigate(h.Base+path+"?lang="+lang), chromedp.WaitVisible(chromedp.CSS("main")))
			webtest.Judge(t, tab, axe, path+" "+lang, webtest.EveryRule)
			if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s in %s: %d px wider than a phone", path, lang, over)
			}
		}
	}
}
