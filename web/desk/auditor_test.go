package desk_test

import (
	"archive/zip"
	"bytes"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/audit"
	"fund/ledger/transparency"
	"fund/web/auth"
)

const packPath = "/c/angong/desk/pack"

func (h *house) seal(t testing.TB) {
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := transparency.Seal(t.Context(), tx, h.ID, h.Slug, h.Staff.Key, time.Now())
		return err
	})
}

// The auditor takes a year away: it verifies from itself and the key on the page, and the audit log says who took it.
func TestAuditorTakesAPack(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	h.as(t, auth.Treasurer).take("amount", "66", "name", "周婆婆")
	v := h.as(t, auth.Auditor)
	year := h.Day(time.Now()).Format("2006")
	if a := v.get(packPath + "/" + year + ".zip"); a.Status != http.StatusConflict {
		t.Errorf("before a checkpoint: %d", a.Status)
	}
	h.seal(t)
	wantIn(t, "page", html.UnescapeString(v.get(packPath).Body), year+" 年审计包", "/desk/pack/"+year+".zip", "/desk/export/hledger", h.Staff.Key.Public())
	for _, name := range []string{year + ".zip", year + "-originals.zip"} {
		a := v.get(packPath + "/" + name)
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/zip" {
			t.Fatalf("%s: %d %v", name, a.Status, a.Header)
		}
		pack, err := zip.NewReader(strings.NewReader(a.Body), int64(len(a.Body)))
		if err != nil {
			t.Fatal(err)
		}
		told, err := audit.Verify(pack, h.Staff.Key.Verifier())
		if err != nil || told.Community != "angong" || told.Entries != 1 {
			t.Errorf("%s: %+v, %v", name, told, err)
		}
		if strings.Contains(a.Body, "周婆婆") {
			t.Errorf("%s names a donor", name)
		}
		for _, f := range pack.File {
			file, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			var text bytes.Buffer
			if _, err := text.ReadFrom(file); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(text.String(), "周婆婆") {
				t.Errorf("%s of %s names a donor", f.Name, name)
			}
		}
	}
	for format, begins := range map[string]string{"hledger": "; 安公社区", "beancount": "option", "csv": "\ufeff凭证号", "xlsx": "PK", "json": `{"format"`} {
		if a := v.get("/c/angong/desk/export/" + format); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, begins) {
			t.Errorf("%s: %d %.40q", format, a.Status, a.Body)
		}
	}
	if a := v.get("/c/angong/desk/export/gnucash"); a.Status != http.StatusNotFound {
		t.Errorf("gnucash: %d", a.Status)
	}
	wantIn(t, "audit log", h.audited(t), "books.pack", "books.export")
}

// The list of donors has names and receipts, each look at names is written down, and the version for others has none.
func TestDonorIncome(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer := h.as(t, auth.Treasurer)
	treasurer.take("amount", "66", "name", "周婆婆")
	treasurer.take("amount", "34", "name", "周婆婆")
	treasurer.take("amount", "8")
	v, at := h.as(t, auth.Auditor), statementsPath+"/donor-income"
	year := h.Day(time.Now()).Format("2006")
	wantIn(t, "index", v.get(statementsPath).Body, "捐赠收入明细表")
	wantIn(t, "by donor", v.get(at).Body, "周婆婆", "100.00", "108.00", "未留姓名", year+"-000001 … "+year+"-000002", "姓名打码")
	wantIn(t, "gift by gift", v.get(at+"?by=gift").Body, "周婆婆", "除夕暖心饭", "柜台现金", year+"-000002", year+"-1")
	wantIn(t, "by campaign", v.get(at+"?by=campaign").Body, "除夕暖心饭", "108.00")
	wantIn(t, "by way", v.get(at+"?by=way").Body, "柜台现金", "108.00")
	for by, amount := range map[string]string{"donor": "100.00", "gift": "66.00"} {
		for _, format := range []string{"", ".csv", ".json"} {
			hidden := v.get(at + format + "?names=hidden&by=" + by).Body
			wantIn(t, "hidden "+by+format, hidden, "周**", amount)
			if strings.Contains(hidden, "周婆婆") {
				t.Errorf("by %s%s: names hidden, and one is there", by, format)
			}
		}
	}
	looks := strings.Count(h.audited(t), "donor.list")
	if looks != 2 {
		t.Errorf("%d looks at names are written down, not 2", looks)
	}
	if pdf := v.get(at + ".pdf?by=gift"); !strings.HasPrefix(pdf.Body, "%PDF") {
		t.Errorf("%.20q", pdf.Body)
	}
	if got := strings.Count(h.audited(t), "donor.list"); got != looks+1 {
		t.Errorf("a file with names: %d looks", got)
	}
	v.lang = "en"
	wantIn(t, "english", html.UnescapeString(v.get(at).Body), "Donor income", "No name left", "Hide names")
}

var (
	deskLink = regexp.MustCompile(`href="(/c/angong/desk[^"#]*)`)
	postForm = regexp.MustCompile(`(?s)<form method="post" action="([^"]*)".*?</form>`)
	number   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|\d+`)
)

// An auditor can read whatever a link of the desk leads to, and is offered nothing to change but what is their own.
func TestAuditorReadsEverythingAndWritesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	h.as(t, auth.Treasurer).take("amount", "66", "name", "周婆婆")
	h.spring(t)
	h.seal(t)
	v := h.as(t, auth.Auditor)
	own := []string{"/logout", "/c/angong/desk/disclosure/feed", "/language", "/c/angong/language"} // their log-in, their calendar, how they read
	queue, kinds := []string{"/c/angong/desk"}, map[string]int{}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		path, _, _ := strings.Cut(at, "?")
		kind := number.ReplaceAllString(path, "N")
		if kinds[kind]++; kinds[kind] > 2 || strings.Contains(path, "/export/") || strings.HasSuffix(path, ".zip") {
			continue
		}
		a := v.get(at)
		if a.Status != http.StatusOK {
			t.Errorf("%s: %d", at, a.Status)
		}
		for _, form := range postForm.FindAllStringSubmatch(a.Body, -1) {
			if !slices.Contains(own, html.UnescapeString(form[1])) && strings.Contains(form[0], "<button") {
				t.Errorf("%s offers a form to %s", at, form[1])
			}
		}
		for _, link := range deskLink.FindAllStringSubmatch(a.Body, -1) {
			queue = append(queue, html.UnescapeString(link[1]))
		}
	}
	if len(kinds) < 40 {
		t.Errorf("only %d kinds of page were seen", len(kinds))
	}
}
