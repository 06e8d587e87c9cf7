package desk_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"fund/web/auth"
	"fund/web/webtest"
)

// paper is a white sheet.
func paper(t testing.TB) []byte {
	t.Helper()
	sheet := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for i := range sheet.Pix {
		sheet.Pix[i] = 0xff
	}
	var file bytes.Buffer
	if err := png.Encode(&file, sheet); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

var pictureOf = regexp.MustCompile(`src="(/c/angong/pictures/[^"]+)"`)

func TestPapersAreShownAndTakenAway(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer, stranger := h.as(t, auth.Treasurer), h.visitor(t)
	treasurer.take("amount", "150")
	voucher := get[string](t, h, `SELECT year || '-' || number FROM ledger.journal_entry ORDER BY seq DESC LIMIT 1`)
	at := "/c/angong/desk/journal/" + voucher

	a := treasurer.upload(at+"/evidence", "picture", paper(t), treasurer.form(at, "caption", "收条"))
	wantIn(t, "not covered", a.Body, "先确认人名、电话、账号都涂掉了", `value="收条"`)
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.evidence`); n != 0 {
		t.Fatalf("%d papers are shown that nobody says are covered", n)
	}
	a = treasurer.upload(at+"/evidence", "picture", paper(t), treasurer.form(at, "caption", "收条", "covered", "yes"))
	wantAt(t, a, at)
	wantIn(t, "shown", a.Body, "票据已经公开", "收条")
	public := stranger.get("/c/angong/ledger/" + voucher).Body
	wantIn(t, "the public entry", public, "票据", `alt="收条"`, "已经涂掉")
	picture := pictureOf.FindStringSubmatch(public)[1]
	if served := stranger.get(picture); served.Status != 200 {
		t.Errorf("the paper: %d", served.Status)
	}
	if a := h.as(t, auth.Auditor).upload(at+"/evidence", "picture", paper(t), treasurer.form(at, "caption", "x", "covered", "yes")); a.Status != 403 {
		t.Errorf("an auditor published a paper: %d", a.Status)
	}
	id := picture[strings.LastIndexByte(picture, '/')+1:]
	wantIn(t, "taken away", treasurer.post(at+"/evidence/"+id, treasurer.form(at)).Body, "已经撤下来")
	if served := stranger.get(picture); served.Status != 404 {
		t.Errorf("a withdrawn paper is still served: %d", served.Status)
	}
	if n := get[int](t, h, `SELECT count(*) FROM campaigns.evidence WHERE withdrawn_by IS NOT NULL`); n != 1 {
		t.Error("its trace is gone")
	}
	if a := treasurer.post(at+"/evidence/"+id, treasurer.form(at)); a.Status != 404 {
		t.Errorf("taken away twice: %d", a.Status)
	}
}

// A name is covered on a phone: what arrives is black there, and white elsewhere.
func TestAPaperIsCoveredBeforeItLeavesThePhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.publish(t, "dinner")
	treasurer := h.as(t, auth.Treasurer)
	treasurer.take("amount", "150")
	voucher := get[string](t, h, `SELECT year || '-' || number FROM ledger.journal_entry ORDER BY seq DESC LIMIT 1`)
	file := filepath.Join(t.TempDir(), "receipt.png")
	if err := os.WriteFile(file, paper(t), 0o644); err != nil {
		t.Fatal(err)
	}
	tab := webtest.Open(t)
	enter(t, tab, treasurer)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+"/c/angong/desk/journal/"+voucher), chromedp.Click(`//summary[text()="公开一张票据"]`),
		chromedp.SetUploadFiles(`input[type=file]`, []string{file}), chromedp.WaitVisible(`[data-cover] canvas`))
	if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("%d px too wide", over)
	}
	drag(t, tab)
	webtest.Run(t, tab, chromedp.SendKeys(`#f-caption`, "小票"), chromedp.Click(`#f-covered`), chromedp.Click(`//button[text()="公开这张票据"]`),
		chromedp.WaitVisible(`img[alt="小票"]`))
	picture := webtest.Tell[string](t, tab, `document.querySelector("img[alt=小票]").getAttribute("src")`)
	covered(t, h.visitor(t).get(picture).Body)
}

// drag covers the upper left of a paper.
func drag(t testing.TB, tab context.Context) {
	t.Helper()
	webtest.Tell[bool](t, tab, `(() => { const c = document.querySelector("[data-cover] canvas"), r = c.getBoundingClientRect();
		c.setPointerCapture = () => {};
		const go = (kind, x, y) => c.dispatchEvent(new PointerEvent(kind, {clientX: r.left + x * r.width, clientY: r.top + y * r.height, pointerId: 1}));
		go("pointerdown", 0.1, 0.1); go("pointermove", 0.3, 0.3); go("pointerup", 0.5, 0.5); return true })()`)
}

// covered tells whether a paper is black where it was dragged over, and white elsewhere.
func covered(t testing.TB, file string) {
	t.Helper()
	drawn, err := jpeg.Decode(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	size := drawn.Bounds()
	for _, spot := range []struct {
		x, y  float64
		black bool
	}{{0.3, 0.3, true}, {0.8, 0.8, false}} {
		light := color.GrayModel.Convert(drawn.At(int(spot.x*float64(size.Dx())), int(spot.y*float64(size.Dy())))).(color.Gray).Y
		if (light < 60) != spot.black {
			t.Errorf("at %v the paper is %d", spot, light)
		}
	}
}

// scan is a white page as a scanner makes it.
func scan(t testing.TB) []byte {
	t.Helper()
	page := image.NewGray(image.Rect(0, 0, 620, 877))
	for i := range page.Pix {
		page.Pix[i] = 0xff
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, page, nil); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}
