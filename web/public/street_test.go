package public_test

import (
	"bytes"
	"encoding/xml"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
)

// A campaign's poster leads to its page: the code is read as a phone would, from the printed sheet.
func TestAPosterLeadsToItsCampaign(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	v.give("amount", "50.00")
	for query, words := range map[string][]string{
		"?lang=zh":                {"除夕暖心饭", "¥50", "目标 ¥15,000", "1 份年夜饭食材", "/g/angong/1"},
		"?lang=en&size=a3":        {"New Year", "Goal ¥15,000", "1 of 120 meals", "/g/angong/1"},
		"?lang=zh&slips=yes&x=..": {"除夕暖心饭"},
	} {
		sheet := v.get(campaignPath + "/poster.pdf" + query)
		if sheet.Status != 200 || sheet.Header.Get("Content-Type") != "application/pdf" {
			t.Fatalf("%s: %d %s", query, sheet.Status, sheet.Header)
		}
		wantIn(t, query, words1(tool(t, []byte(sheet.Body), "pdftotext", "-layout", "FILE", "-")), words...)
		png := filepath.Join(t.TempDir(), "sheet")
		tool(t, []byte(sheet.Body), "pdftoppm", "-r", "100", "-png", "-singlefile", "FILE", png)
		if read := tool(t, nil, "zbarimg", "--quiet", "--raw", png+".png"); !strings.Contains(read, h.Base+campaignPath+"\n") {
			t.Errorf("%s leads to %q", query, read)
		}
	}
	if at := v.get("/g/angong/1"); at.Status != 200 || at.Path != campaignPath {
		t.Errorf("the short address leads to %s (%d)", at.Path, at.Status)
	}
	draft := dinner()
	draft.Slug = "draft"
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.DraftCampaign(t.Context(), tx, h.ID, draft)
		return err
	})
	for _, path := range []string{"/g/angong/2", "/g/angong/99", "/g/angong/x", "/g/nowhere/1", "/c/angong/campaigns/draft/poster.pdf", "/c/angong/campaigns/draft/widget.html", "/c/angong/campaigns/draft/share", "/c/angong/campaigns/draft/feed.atom", "/c/angong/campaigns/draft/card/zh.wide.x.png"} {
		if a := v.get(path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

// words1 folds white space, as a layout spreads words.
func words1(s string) string { return strings.Join(strings.Fields(s), " ") }

// tool runs a program on a file; where it is not installed the test is skipped, but not on the build machine.
func tool(t testing.TB, file []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, arg := range args {
		if arg == "FILE" {
			args[i] = path
		}
	}
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

var meta = regexp.MustCompile(`<(?:meta|link) [^>]*?(?:property|name|itemprop|rel)="([a-z:_]+)"[^>]*?(?:content|href)="([^"]*)"`)

// heads reads what a page tells a chat.
func heads(body string) map[string]string {
	told := map[string]string{}
	for _, m := range meta.FindAllStringSubmatch(body, -1) {
		told[m[1]] = strings.ReplaceAll(m[2], "&amp;", "&")
	}
	return told
}

func TestAChatIsToldOfEachPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	v.give("amount", "own", "own", "9300") // 62 %
	for path, title := range map[string]string{
		"/c/angong": "安公社区", "/c/angong/campaigns": "募捐", "/c/angong/reports": "报告", "/c/angong/projects": "钱做成了什么", campaignPath: "除夕暖心饭", campaignPath + "/share": "除夕暖心饭",
	} {
		told := heads(v.get(path + "?from=chat").Body)
		where := strings.TrimSuffix(path, "/share")
		if told["canonical"] != h.Base+where || told["og:url"] != h.Base+where || !strings.Contains(told["og:title"], title) || told["og:description"] == "" || told["twitter:card"] != "summary_large_image" {
			t.Errorf("%s tells %v", path, told)
		}
		for name, size := range map[string]image.Point{"og:image": {X: 1200, Y: 630}, "image": {X: 600, Y: 600}} {
			at := strings.TrimPrefix(told[name], h.Base)
			card := v.get(at)
			m, _, err := image.DecodeConfig(strings.NewReader(card.Body))
			if card.Status != 200 || err != nil || m.Width != size.X || m.Height != size.Y || !strings.Contains(card.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %s is %d, %dx%d, %v, %q", path, at, card.Status, m.Width, m.Height, err, card.Header.Get("Cache-Control"))
			}
			if again := v.get(at); again.Body != card.Body {
				t.Errorf("%s: another drawing at the same address", at)
			}
		}
	}
}

// The address of a card changes with what it shows; an old one, or one that somebody made up, gets today's card.
func TestACardsAddressFollowsTheMoney(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	card := func() string { return strings.TrimPrefix(heads(v.get(campaignPath).Body)["og:image"], h.Base) }
	before := card()
	v.give("amount", "20.00") // a tenth of a percent
	if card() != before {
		t.Error("a small gift changes the address: every gift would cost a drawing")
	}
	v.give("amount", "own", "own", "1500")
	after := card()
	if after == before {
		t.Fatal("a tenth of the goal does not change the address")
	}
	today, old := v.get(after), v.get(before)
	if old.Status != 200 || old.Body != today.Body || old.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("the old address: %d, kept %q", old.Status, old.Header.Get("Cache-Control"))
	}
	if h.tried["picture"] == 0 {
		t.Error("cards are drawn without a limit for whoever asks")
	}
	for _, made := range []string{"zh.wide.x", "zh-CN.wide", "fr.wide.a.png", "x"} {
		if a := v.get(campaignPath + "/card/" + made); made != "zh.wide.x" && a.Status != 404 {
			t.Errorf("%s: %d", made, a.Status)
		}
	}
}

// Only the widget may be framed.
func TestOnlyTheWidgetMayBeFramed(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	v.give("amount", "50.00")
	for _, query := range []string{"", "?theme=dark&lang=en", "?theme=contrast", "?size=tall", "?theme=%22%3E%3Cscript%3E"} {
		a := v.get(campaignPath + "/widget.html" + query)
		policy := a.Header.Get("Content-Security-Policy")
		if a.Status != 200 || !strings.Contains(policy, "frame-ancestors *") || strings.Contains(policy, "unsafe") || a.Header.Get("X-Frame-Options") != "" {
			t.Errorf("%s: %d, %q, %q", query, a.Status, policy, a.Header.Get("X-Frame-Options"))
		}
		wantIn(t, query, a.Body, `target="_blank" rel="noopener"`, "¥50", h.Base+campaignPath)
		wantNot(t, query, a.Body, "<form", "csrf", "<script>")
	}
	wantIn(t, "the English widget", v.get(campaignPath+"/widget.html?lang=en").Body, `lang="en"`, "Give a little")
	wantIn(t, "the dark widget", v.get(campaignPath+"/widget.html?theme=dark").Body, `data-scene="night"`)
	for _, path := range []string{
		"/", "/c/angong", "/c/angong/campaigns", campaignPath, campaignPath + "/share", campaignPath + "/poster.pdf", campaignPath + "/feed.atom",
		"/c/angong/screen", "/c/angong/feed.atom", "/c/angong/ledger", "/c/angong/campaigns/none/widget.html", "/c/angong/card/home/zh.wide.x",
	} {
		a := v.get(path)
		if !strings.Contains(a.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") || a.Header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s (%d) may be framed: %q, %q", path, a.Status, a.Header.Get("Content-Security-Policy"), a.Header.Get("X-Frame-Options"))
		}
	}
}

// readFeed is a feed as a reader of feeds takes it in, strictly.
type readFeed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string   `xml:"lang,attr"`
	ID      string   `xml:"http://www.w3.org/2005/Atom id"`
	Title   string   `xml:"http://www.w3.org/2005/Atom title"`
	Updated string   `xml:"http://www.w3.org/2005/Atom updated"`
	Author  string   `xml:"http://www.w3.org/2005/Atom author>name"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"http://www.w3.org/2005/Atom link"`
	Entries []struct {
		ID        string `xml:"http://www.w3.org/2005/Atom id"`
		Title     string `xml:"http://www.w3.org/2005/Atom title"`
		Published string `xml:"http://www.w3.org/2005/Atom published"`
		Updated   string `xml:"http://www.w3.org/2005/Atom updated"`
		Summary   string `xml:"http://www.w3.org/2005/Atom summary"`
		Link      struct {
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/2005/Atom link"`
	} `xml:"http://www.w3.org/2005/Atom entry"`
}

func (v *visitor) feed(path string) (f readFeed, a answer) {
	v.Helper()
	a = v.get(path)
	d := xml.NewDecoder(strings.NewReader(a.Body))
	if err := d.Decode(&f); err != nil || a.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" {
		v.Fatalf("%s: %d %s %v", path, a.Status, a.Header.Get("Content-Type"), err)
	}
	// RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have, each id once, the newest first.
	seen, last := map[string]bool{f.ID: true}, ""
	for _, must := range []string{f.ID, f.Title, f.Author} {
		if must == "" {
			v.Errorf("%s lacks an id, a title or an author", path)
		}
	}
	if len(f.Links) != 2 || f.Links[0].Rel != "self" || !strings.HasPrefix(f.Links[0].Href, v.Base+strings.SplitN(path, "?", 2)[0]) {
		v.Errorf("%s links to %v", path, f.Links)
	}
	for _, e := range f.Entries {
		if e.ID == "" || seen[e.ID] || e.Title == "" || e.Summary == "" || !strings.HasPrefix(e.Link.Href, v.Base) {
			v.Errorf("%s: entry %+v", path, e)
		}
		at, err := time.Parse(time.RFC3339, e.Updated)
		if err != nil || at.After(time.Now()) || last != "" && e.Updated > last {
			v.Errorf("%s: entry of %s after %s, %v", path, e.Updated, last, err)
		}
		if page := v.get(strings.TrimPrefix(e.Link.Href, v.Base)); page.Status != 200 {
			v.Errorf("%s leads to %s: %d", e.ID, e.Link.Href, page.Status)
		}
		seen[e.ID], last = true, e.Updated
	}
	if len(f.Entries) > 0 && f.Updated != f.Entries[0].Updated {
		v.Errorf("%s was updated at %s, its newest entry at %s", path, f.Updated, f.Entries[0].Updated)
	}
	return f, a
}

func TestFeedsTellWhatIsNew(t *testing.T) {
	t.Parallel()
	h := open(t)
	over := dinner()
	over.Slug, over.TitleZH, over.TitleEN, over.EndsOn = "over", "冬至 <饺子> & 汤圆", "Dumplings <&>", over.StartsOn
	h.publish(t, over)
	v := h.visitor(t)
	v.give("amount", "own", "own", "500")
	h.spend(t, "面粉、肉和菜", "370.00")
	h.Do(t, func(tx *sqlx.Tx) error {
		p, err := voice.WritePost(t.Context(), tx, h.ID, voice.Post{CampaignID: h.Campaign.ID, Kind: voice.Update, TitleZH: "菜买好了", BodyZH: "**三百斤**菜，\n\n明天开始洗。", By: "user:1"})
		if err == nil {
			_, err = voice.PublishPost(t.Context(), tx, h.ID, p.ID, "user:1", time.Now())
		}
		return err
	})
	all, a := v.feed("/c/angong/feed.atom?lang=zh")
	titles := ""
	for _, e := range all.Entries {
		titles += e.Title + "|" + e.Summary + "\n"
	}
	wantIn(t, "the community's feed", titles, "新募捐：除夕暖心饭", "募捐结束：冬至 <饺子> & 汤圆", "菜买好了|三百斤菜， 明天开始洗。")
	if all.Lang != "zh-CN" {
		t.Errorf("in %q", all.Lang)
	}
	one, _ := v.feed(campaignPath + "/feed.atom?lang=zh")
	titles = ""
	for _, e := range one.Entries {
		titles += e.Title + "\n"
	}
	wantIn(t, "the campaign's feed", titles, "菜买好了", "用了 ¥370.00：面粉、肉和菜")
	wantNot(t, "the campaign's feed", titles, "冬至")
	english, _ := v.feed("/c/angong/feed.atom?lang=en")
	if len(english.Entries) != len(all.Entries) || english.Entries[0].ID != all.Entries[0].ID || english.ID == all.ID {
		t.Error("the English feed has other entries, or the same id")
	}
	wantIn(t, "the campaign's page", v.get(campaignPath).Body, `rel="alternate" type="application/atom+xml"`, campaignPath+"/feed.atom?lang=zh-CN")

	r, err := http.NewRequest(http.MethodGet, h.Base+"/c/angong/feed.atom?lang=zh", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("If-None-Match", a.Header.Get("ETag"))
	if again := v.send(r); again.Status != 304 || again.Body != "" {
		t.Errorf("an unchanged feed: %d, %d bytes", again.Status, len(again.Body))
	}
	v.give("amount", "50.00")
	if again := v.send(r); again.Status != 304 {
		t.Errorf("a gift is no news: %d", again.Status)
	}
}

func TestSlidesFollowEachOtherWithoutJavaScript(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	for _, slide := range []string{"1", "2", "3", "-7", "99999999999999999999", "x"} { // nobody has given, nothing is booked
		wantIn(t, "an empty community's screen", v.get("/c/angong/screen?slide="+slide+"&hold="+slide).Body, "还没有人捐", "data-next")
	}
	v.give("amount", "86.00", "name", "周婆婆", "show_name", "yes", "message", "新年快乐", "show_message", "yes")
	v.give("amount", "50.00", "name", "吴会计")
	next := regexp.MustCompile(`<noscript><meta http-equiv="refresh" content="20;url=([^"]+)"></noscript>`)
	at, seen := "/c/angong/screen?hold=20", map[string]bool{}
	all := ""
	for range 8 {
		a := v.get(at)
		m := next.FindStringSubmatch(a.Body)
		if a.Status != 200 || m == nil {
			t.Fatalf("%s: %d, no next slide", at, a.Status)
		}
		all += a.Body
		seen[regexp.MustCompile(`class="screen on-(\w+)"`).FindStringSubmatch(a.Body)[1]] = true
		wantNot(t, at, a.Body, "吴", "周婆婆", "<button", "<input")
		at = strings.ReplaceAll(m[1], "&amp;", "&")
	}
	if len(seen) != 4 {
		t.Errorf("saw %v", seen)
	}
	wantIn(t, "the screen", all, "除夕暖心饭", "¥136", "周**", "新年快乐", "匿名", "¥50")
	wantIn(t, "the English screen", v.get("/c/angong/screen?lang=en").Body, "Campaign 1 of 1", "Just given")
}

func TestWhatCanBeTakenAway(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	a := v.get(campaignPath + "/share")
	wantIn(t, "the share page", a.Body, h.Base+campaignPath, "/g/angong/1", "poster.pdf?size=a3", "&lt;iframe src=&#34;"+h.Base+campaignPath+"/widget.html", "A4 海报", `class="qr"`)
	wantIn(t, "the campaign's page", v.get(campaignPath).Body, campaignPath+"/share", campaignPath+"/poster.pdf", "告诉邻居")
	if b := []byte(a.Body); bytes.Contains(b, []byte("<iframe")) {
		t.Error("the code to paste is not escaped")
	}
}
