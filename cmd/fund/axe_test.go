package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	angong "fund/cmd/fund/sample"
	"fund/migrations/pgtest"
	"fund/web/webtest"
)

// handOver gives a file to the page that checks files, and goes where its form leads.
func handOver(text string) string {
	return fmt.Sprintf(`(() => { const held = new DataTransfer(); held.items.add(new File([%q], "held.txt"));
		const form = document.querySelector("[data-check-file]"); form.querySelector("[type=file]").files = held.files; form.submit(); })()`, text)
}

// publicPage is a page of the sample, and how a reader comes to it.
type publicPage struct {
	name string // "" is only on the way
	path string // below the site; "" stays on the page before
	do   string // what is pressed there, in JavaScript; the answer is the page
	see  string // a selector of what only this page has
}

var publicPages = []publicPage{
	{name: "the only community", path: "/", see: "main .entries"},
	{name: "home", path: "/c/angong", see: ".amount-big"},
	{name: "home of 2017", path: "/c/angong?year=2017", see: ".leaf"},
	{name: "campaigns", path: "/c/angong/campaigns", see: ".cards"},
	{name: "no campaign found", path: "/c/angong/campaigns?q=zzzz", see: ".empty"},
	{name: "a closed campaign", path: "/c/angong/campaigns/bath-at-home", see: "#give"},
	{name: "a running campaign", path: "/c/angong/campaigns/new-year-dinner", see: "#give"},
	{name: "an event with further goals and goods", path: "/c/angong/campaigns/lantern-evening", see: "#goods"},
	{name: "a campaign with a pool", path: "/c/angong/campaigns/after-school-spring", see: "#pool-1"},
	{name: "a goal that was missed", path: "/c/angong/campaigns/ramp-building-5", see: ".returns"},
	{name: "a pool's fund", path: "/c/angong/funds/pool-1", see: ".amount-big"},
	{name: "passing a campaign on", path: "/c/angong/campaigns/new-year-dinner/share", see: ".code-big"},
	{name: "a campaign in another site's window", path: "/c/angong/campaigns/new-year-dinner/widget.html?size=tall", see: ".window-main"},
	{name: "the same in the dark", path: "/c/angong/campaigns/new-year-dinner/widget.html?theme=dark", see: ".window-main"},
	{name: "the corridor screen", path: "/c/angong/screen?hold=600", see: ".screen"},
	{name: "the corridor screen's figures", path: "/c/angong/screen?hold=600&slide=7", see: ".on-figures"},
	{path: "/c/angong/campaigns/new-year-dinner", see: "#give"},
	{name: "field errors", do: `document.querySelector("#give button").click()`, see: ".wrong-sum"},
	{name: "an amount of one's own", do: `document.querySelector("[value=own]").click(); document.querySelector("#f-own").value = "x"; document.querySelector("#give summary").click(); document.querySelector("#give").submit()`, see: "#f-own-wrong"},
	{name: "the sandbox", path: "/c/angong/campaigns/new-year-dinner", do: `document.querySelector("[name=amount]").click(); document.querySelector("#give button").click()`, see: "[name=scenario]"},
	{name: "a payment awaited", do: `document.querySelector("[value=late]").click()`, see: ".note.wait[role=status]"},
	{path: "/c/angong/campaigns/new-year-dinner", do: `document.querySelectorAll("[name=amount]")[1].click(); document.querySelector("#give button").click()`, see: "[name=scenario]"},
	{name: "a receipt", do: `document.querySelector("[value=normal]").click()`, see: ".receipt"},
	{name: "every month, from a receipt", do: `document.querySelector("a[href$='/monthly']").click()`, see: "form[action$='/monthly']"},
	{name: "a monthly plan", do: `document.querySelectorAll("details").forEach(d => d.open = true); document.querySelector("#f-email").value = "zhou@example.org"; document.querySelector("form[action$='/monthly']").submit()`, see: ".folds"},
	{name: "a promise", path: "/c/angong/campaigns/new-year-dinner/pledge", see: "#f-by"},
	{name: "a promise to be kept", do: `document.querySelector("#f-amount").value = "86"; document.querySelector("[name=by]").click(); document.querySelector("#f-email").value = "zhou@example.org"; document.querySelector("form[action$='/pledge']").submit()`, see: "form[action$='/cancellation']"},
	{name: "a campaign's updates", path: "/c/angong/campaigns/new-year-dinner/updates", see: ".post"},
	{name: "an update", path: "/c/angong/campaigns/new-year-dinner/updates/2", see: ".gallery"},
	{name: "starting a campaign", path: "/c/angong/start", see: "#f-title"},
	{name: "what the money buys", do: `document.querySelector("#f-title").value = document.querySelector("#f-story").value = "扶手"; document.querySelector("form.sheet .main").click()`, see: "#f-l1_name"},
	{name: "pictures of a proposal", do: `location.href = location.pathname.replace("money", "photos")`, see: "#f-picture"},
	{name: "who proposes it", do: `location.href = location.pathname.replace("photos", "you")`, see: "#f-consent"},
	{name: "a proposal as it stands", do: `location.href = location.pathname.replace("/you", "")`, see: ".wrote"},
	{name: "a transfer to make", path: "/c/angong/campaigns/new-year-dinner", do: `document.querySelector("[name=amount]").click(); document.querySelector("[name=pay][value=transfer]").click(); document.querySelector("#give .btn.main").click()`, see: ".pay-facts"},
	{name: "cash for the desk", path: "/c/angong/campaigns/new-year-dinner", do: `document.querySelector("[name=amount]").click(); document.querySelector("[name=pay][value=cash]").click(); document.querySelector("#give .btn.main").click()`, see: ".big-code"},
	{name: "the charity sales", path: "/c/angong/sales", see: ".cards"},
	{name: "a charity sale", path: "/c/angong/sales/old-things", see: ".sum"},
	{name: "the ventures", path: "/c/angong/ventures", see: ".cards"},
	{name: "a venture", path: "/c/angong/ventures/tea-house", see: ".sum"},
	{name: "the collection boxes", path: "/c/angong/boxes", see: ".cards"},
	{name: "the board of mutual help", path: "/c/angong/help", see: ".help-card"},
	{name: "a need", path: "/c/angong/help/needs/new", see: "#f-what"},
	{name: "a need to be mended", do: `document.querySelector("main form").submit()`, see: ".wrong-sum"},
	{name: "organisations and groups", path: "/c/angong/groups", see: ".entries"},
	{name: "groups in a word", path: "/c/angong/groups?year=2017&theme=elders&q=队", see: ".entries"},
	{name: "a residents' group", path: "/c/angong/groups/choir", see: ".hours"},
	{name: "a social organisation", path: "/c/angong/organisations/care-centre", see: ".hours"},
	{name: "the rounds", path: "/c/angong/rounds", see: ".cards"},
	{name: "a round's result", path: "/c/angong/rounds/last-autumn", see: ".round-result"},
	{name: "a round's vote", path: "/c/angong/rounds/this-autumn", see: ".idea"},
	{name: "a code to be mended", path: "/c/angong/rounds/this-autumn/ballot", do: `document.querySelector("main form").submit()`, see: ".wrong-sum"},
	{path: "/c/angong/verify", see: "#f-check_code"},
	{name: "a file that is none of ours", do: handOver("买菜 12.50"), see: "[data-result]"},
	{path: "/c/angong/verify", see: "#f-check_code"},
	{name: "an altered proof", do: handOver("fund entry v1\nc2sp.org/tlog-proof@v1\nindex 0\n\nx\n1\nx\n\n— x AAAA\n"), see: "[data-result]"},
	{name: "a voucher with its proof", path: "/c/angong/ledger/2017-3", see: "[data-own][data-done]"},
	{name: "verify", path: "/c/angong/verify", see: "#f-check_code"},
	{name: "verify refused", do: `document.querySelector("#f-receipt_number").value = "2017-000001"; document.querySelector("#f-check_code").value = "AAAA-AAAA"; document.querySelector("form button").click()`, see: ".wrong-sum"},
	{name: "the books", path: "/c/angong/ledger", see: ".book"},
	{name: "an entry opened", path: "/c/angong/ledger?month=2017-12&open=2017-2900", see: ".open-body"},
	{name: "the books of an account", path: "/c/angong/ledger?account=1001&month=2017-12", see: ".note"},
	{name: "an entry", path: "/c/angong/ledger/2017-2186", see: ".voucher"},
	{name: "reports", path: "/c/angong/reports", see: ".links"},
	{name: "an issued report, corrected", path: "/c/angong/documents/2026-005", see: "#check"},
	{name: "letters that have ended", path: "/c/angong/reports/letters/aaaaaaaaaaaaaaaaaaaaaaaaaa", see: ".note.good"},
	{name: "a result and its correction", path: "/c/angong/documents/2018-001", see: ".disclosed"},
	{name: "a campaign whose result is late", path: "/c/angong/campaigns/cool-rooms", see: ".note.bad"},
	{name: "statements", path: "/c/angong/reports/statements?from=2017-01&to=2017-12", see: ".statement"},
	{name: "a year", path: "/c/angong/years/2017", do: `document.querySelectorAll("details").forEach(d => d.open = true)`, see: ".feats"},
	{name: "the councils", path: "/c/angong/councils", see: ".entries"},
	{name: "a council", path: "/c/angong/councils/angong", do: `document.querySelectorAll("details").forEach(d => d.open = true)`, see: ".entries"},
	{name: "a motion", path: "/c/angong/councils/court-5/motions/2017-001", see: ".sum"},
	{name: "projects", path: "/c/angong/projects?year=2017", see: ".leaf"},
	{name: "a project", path: "/c/angong/projects/solstice-dumplings", see: ".timeline"},
	{name: "a running project with milestones", path: fmt.Sprintf("/c/angong/projects/phone-class-%d", time.Now().Year()), see: ".photos"},
	{name: "proposing a project", path: "/c/angong/projects/propose", see: "#f-need"},
	{path: "/c/angong/projects/propose", do: `document.querySelector("#f-title").value = "灯"; document.querySelector("[name=theme]").click(); document.querySelector("#f-need").value = "暗"; document.querySelector("#f-place").value = "3 号院"; document.querySelector("form.sheet .btn.main").click()`, see: "#f-people"},
	{name: "the general fund", path: "/c/angong/funds/general?year=2017", see: ".amount-big"},
	{name: "searching the books", path: "/c/angong/search", see: ".filters.search"},
	{name: "what was found", path: "/c/angong/search?q=灯&least=10&from=2017-01-01", see: ".found .hit"},
	{name: "open data", path: "/c/angong/data", see: ".entries"},
	{name: "the interface's reference", path: "/c/angong/data/api", do: `document.querySelectorAll("details").forEach(d => d.open = true)`, see: ".api-op[open]"},
	{name: "questions about the books", path: "/c/angong/questions", see: ".asked"},
	{name: "the way of the money", path: "/c/angong/flow?period=2017", do: `document.querySelectorAll("details").forEach(d => d.open = true)`, see: ".hbars, .channels"},
	{name: "months over the years", path: "/c/angong/months", see: ".months"},
	{name: "log-in", path: "/login", see: "[name=password]"},
	{name: "nothing there", path: "/c/angong/nothing", see: "main.bare"},
}

// No public page has a fault that axe-core calls serious or critical, in either language, on a wide screen, on a
// phone in large letters, in high contrast; and none is wider than a phone.
func TestPublicPagesAreAccessible(t *testing.T) {
	t.Parallel()
	axe := webtest.Axe(t)
	browser := webtest.Open(t)
	base, e := serveSample(t)
	for _, lang := range []string{"zh", "en"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			tab, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
			t.Cleanup(cancel)
			if err := chromedp.Do(tab); err != nil { // the first run of a tab has no end of its own
				t.Fatal(err)
			}
			webtest.Run(t, tab, chromedp.Navigate(base+"/?lang="+lang))
			for _, p := range slices.Concat(publicPages, giverPages(t, e)) {
				webtest.Run(t, tab, chromedp.EmulateViewport(1280, 900))
				if p.path != "" {
					webtest.Run(t, tab, chromedp.Navigate(base+p.path))
				}
				if p.do != "" {
					webtest.Tell[bool](t, tab, p.do+`; true`)
				}
				await(t, tab, p.see)
				if p.name != "" {
					examine(t, tab, axe, p.name)
				}
			}
		})
	}
}

// examine runs axe on the page that is open, wide and narrow and as each reading aid shows it.
func examine(t *testing.T, tab context.Context, axe, name string) {
	t.Helper()
	webtest.Judge(t, tab, axe, name, webtest.EveryRule)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
	fits(t, tab, name)
	webtest.Tell[bool](t, tab, `document.documentElement.dataset.text = "large"; true`)
	webtest.Judge(t, tab, axe, name+", on a phone in large letters", webtest.EveryRule)
	fits(t, tab, name+", in large letters")
	webtest.Tell[bool](t, tab, `document.documentElement.dataset.contrast = "high"; true`)
	webtest.Judge(t, tab, axe, name+", in high contrast", `{resultTypes: ["violations"], runOnly: ["color-contrast", "link-in-text-block"]}`)
}

// fits looks for what a phone would have to be pushed aside for, and for what is cut off.
func fits(t *testing.T, tab context.Context, name string) {
	t.Helper()
	for _, wide := range webtest.Tell[[]string](t, tab, `[document.documentElement, ...document.querySelectorAll("main *")].filter(e =>
		e.scrollWidth > e.clientWidth && !e.closest(".hide") && (e === document.documentElement || getComputedStyle(e).overflowX === "hidden")
	).map(e => e.tagName + " " + e.className + ": " + (e.scrollWidth - e.clientWidth) + " px")`) {
		t.Errorf("%s: wider than its room on a phone: %s", name, wide)
	}
}

// serveSample serves the sample community until the test ends.
func serveSample(t *testing.T) (base string, e *env) {
	t.Helper()
	base, e, _ = serveSampleWith(t, sampled(t), siteOptions{}, func() {})
	return base, e
}

// sampleKeys are the keys under which the tests' sample is sealed, by file: one sample is copied for them all.
var sampleKeys = map[string]string{}

// sampled is a database with the sample in it.
func sampled(t *testing.T) *pgtest.Database {
	t.Helper()
	return pgtest.From(t, "sample", func(db *pgtest.Database) error {
		dir, err := os.MkdirTemp("", "fund-keys-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		key, err := openLogKey(context.Background(), &env{app: db.App, keys: dir}, demoLogName)
		if err != nil {
			return err
		}
		files, err := os.ReadDir(dir)
		for _, file := range files {
			text, readErr := os.ReadFile(filepath.Join(dir, file.Name()))
			sampleKeys[file.Name()], err = string(text), errors.Join(err, readErr)
		}
		if err != nil {
			return err
		}
		_, err = angong.Load(context.Background(), db.App, key, "http://fund.test", time.Now())
		return err
	})
}

// serveSampleWith is serveSample on a database of sampled, with options of the test's own; change changes the sample before
// anybody reads it.
func serveSampleWith(t *testing.T, db *pgtest.Database, o siteOptions, change func()) (base string, e *env, a *app) {
	t.Helper()
	e = &env{app: db.App, read: db.App, appURL: db.AppURL, keys: t.TempDir(), log: quiet()}
	for name, text := range sampleKeys {
		if err := os.WriteFile(filepath.Join(e.keys, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	change()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base = "http://" + listener.Addr().String()
	o.baseURL, o.logName, o.sandbox, o.demo = base, demoLogName, true, true
	if a, err = newApp(t.Context(), e, o); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- a.serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return base, e, a
}

// await waits until a tab shows what a selector names. It asks again and again: a question put while one page gives way to
// the next may never be answered.
func await(t *testing.T, tab context.Context, selector string) {
	t.Helper()
	there := fmt.Sprintf(`document.readyState === "complete" && document.querySelector(%q) !== null`, selector)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		ctx, cancel := context.WithTimeout(tab, 2*time.Second)
		found, err := chromedp.Run(ctx, chromedp.Evaluate[bool](there))
		cancel()
		if err == nil && found {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s did not come; the page says: %.400s", selector, webtest.Tell[string](t, tab, `location.pathname + " " + document.body.innerText`))
}
