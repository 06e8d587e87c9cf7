package public_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/outbox"
	"fund/campaigns/voice"
	"fund/web/mail"
	"fund/web/mail/mailtest"
	"fund/web/public"
	"fund/web/webtest"
)

// deliver runs the outbox until nothing of a campaign's voice waits, and sends through a post office.
func (h *house) deliver(t testing.TB, box *mailtest.Catcher) {
	t.Helper()
	post, err := mail.New(mail.Options{DB: h.Database.App, BaseURL: h.Base, Server: box.URL(), From: "fund@fund.test"})
	if err != nil {
		t.Fatal(err)
	}
	work := voice.Handlers(voice.Following{DB: h.Database.App, Send: func(ctx context.Context, l voice.Letter) error {
		return post.Send(ctx, l.Community, public.VoiceLetter(l))
	}})
	waiting, err := outbox.Pending(t.Context(), h.Database.App, h.ID, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range waiting {
		if handle := work[m.Kind]; handle != nil {
			if err := handle(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// tell publishes an update, or thanks, of the campaign.
func (h *house) tell(t testing.TB, kind voice.Kind, title string) (p voice.Post) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		p, err = voice.WritePost(t.Context(), tx, h.ID, voice.Post{CampaignID: h.Campaign.ID, Kind: kind, TitleZH: title, BodyZH: "三口大锅到了。", By: "user:1", CreatedAt: time.Now()})
		if err == nil {
			_, err = voice.PublishPost(t.Context(), tx, h.ID, p.ID, "user:1", time.Now())
		}
		return err
	})
	return p
}

// A giver ticks “write to me”, gets the update by mail, reads it, and ends the letters with one press.
func TestAnUpdateByMailOnAPhone(t *testing.T) {
	t.Parallel()
	h, box := open(t), mailtest.Catch(t)
	tab := webtest.Open(t)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(h.Base+campaignPath),
		chromedp.Click(`//label[contains(., "¥50")]`), chromedp.Click(`//form[@id="give"]//summary`),
		chromedp.SetValue(chromedp.CSS("#f-email"), "zhou@example.cn"))
	if webtest.Tell[bool](t, tab, `document.querySelector("#f-follow").checked`) {
		t.Error("letters are ticked beforehand")
	}
	webtest.Run(t, tab, chromedp.Click(chromedp.CSS("#f-follow")), chromedp.Click(`//button[text()="下一步：去付款"]`),
		chromedp.WaitVisible(`//button[text()="付 ¥50.00"]`), chromedp.Click(`//button[text()="付 ¥50.00"]`), chromedp.WaitVisible(chromedp.CSS(".receipt")))
	receipt := webtest.Tell[string](t, tab, `location.href`)
	h.tell(t, voice.Update, "灶台搭好了")
	h.deliver(t, box)
	letter := box.Wait(t, 1)[0]
	wantIn(t, "letter", letter.Text, "灶台搭好了", "三口大锅到了。", h.Base+campaignPath+"/updates/1")
	stop := strings.Trim(letter.Header.Get("List-Unsubscribe"), "<>")
	if !strings.HasPrefix(stop, h.Base+"/c/angong/letters/") || letter.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.Contains(letter.Text, stop) {
		t.Fatalf("the way out of the list: %q, %q", stop, letter.Header.Get("List-Unsubscribe-Post"))
	}
	webtest.Run(t, tab, chromedp.Navigate(h.Base+campaignPath+"/updates/1"), chromedp.WaitVisible(`//h1[text()="灶台搭好了"]`), chromedp.Navigate(stop))
	if n := get[int](t, h, `SELECT count(*) FROM voice.follow WHERE ended_at IS NULL`); n != 1 {
		t.Error("opening the page ended the letters: programs that look at mail open it too")
	}
	webtest.Run(t, tab, chromedp.Click(`//button[text()="不再收信"]`), chromedp.WaitVisible(`//h1[text()="不再寄了"]`))
	h.tell(t, voice.Thanks, "谢谢大家")
	h.deliver(t, box)
	if n := len(box.Letters()); n != 1 {
		t.Errorf("%d letters, one more after the end", n)
	}
	webtest.Run(t, tab, chromedp.Navigate(receipt), chromedp.WaitVisible(`//h2[text()="谢谢大家"]`))
}

// The mail program's own button: one POST without a cookie, from nowhere.
func TestOneClickEndsTheLetters(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	if a := v.order("amount", "50", "follow", "yes"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("letters without an address: %d", a.Status)
	}
	v.give("amount", "50", "email", "zhou@example.cn", "follow", "yes")
	v.give("amount", "20", "email", "wang@example.cn")
	token := get[string](t, h, `SELECT token FROM voice.follow`) // one alone
	answer, err := http.Post(h.Base+"/c/angong/letters/"+token, "application/x-www-form-urlencoded", strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if n := get[int](t, h, `SELECT count(*) FROM voice.follow WHERE ended_at IS NULL`); answer.StatusCode != http.StatusOK || n != 0 {
		t.Errorf("%d, %d still follow", answer.StatusCode, n)
	}
	if a := v.get("/c/angong/letters/" + strings.Repeat("a", 26)); a.Status != http.StatusNotFound {
		t.Errorf("a token nobody has: %d", a.Status)
	}
}

const startAt = "/c/angong/start"

// begin starts a proposal and gives the path of its own page.
func (v *visitor) begin(pairs ...string) string {
	v.Helper()
	a := v.post(startAt, v.form(startAt, append([]string{"title", "给 3 号院装一排扶手", "story", "楼梯陡。"}, pairs...)...))
	own, found := strings.CutSuffix(a.Path, "/money")
	if a.Status != http.StatusOK || !found || len(own) != len(startAt)+1+26 {
		v.Fatalf("%d at %s: %s", a.Status, a.Path, a.Body)
	}
	return own
}

// upload sends a form with a picture in it.
func (v *visitor) upload(path string, form url.Values) answer {
	v.Helper()
	var file, body bytes.Buffer
	if err := png.Encode(&file, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		v.Fatal(err)
	}
	w := multipart.NewWriter(&body)
	for name := range form {
		_ = w.WriteField(name, form.Get(name))
	}
	part, err := w.CreateFormFile("picture", "stairs.png")
	if err != nil {
		v.Fatal(err)
	}
	_, _ = part.Write(file.Bytes())
	_ = w.Close()
	r, err := http.NewRequest(http.MethodPost, v.Base+path, &body)
	if err != nil {
		v.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Origin", v.Base)
	return v.send(r)
}

// The address is the key: whoever has it writes while the proposal is theirs; nobody else sees anything of it.
func TestTheAddressOfAProposalIsItsKey(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, stranger := h.visitor(t), h.visitor(t)
	own := v.begin()
	a := v.get(own)
	wantIn(t, "own page", a.Body, "给 3 号院装一排扶手", "还缺这几步", "要多少钱，买什么")
	if a.Header.Get("Cache-Control") != "private, no-store" || !strings.Contains(a.Header.Get("X-Robots-Tag"), "noindex") {
		t.Errorf("the own page is kept: %v", a.Header)
	}
	if a := v.post(own+"/submission", v.form(own)); a.Status != http.StatusConflict {
		t.Errorf("submitted incomplete: %d", a.Status)
	}
	v.upload(own+"/photos", v.form(own+"/photos", "alt", "没有扶手的楼梯", "caption", "下雨滑"))
	photo := get[uuid.UUID](t, h, `SELECT picture_id FROM voice.photo`)
	if a := v.get(own + "/photos/" + photo.String()); a.Status != http.StatusOK {
		t.Errorf("one's own picture: %d", a.Status)
	}
	other := stranger.begin()
	for _, path := range []string{"/c/angong/pictures/" + photo.String(), other + "/photos/" + photo.String(), startAt + "/" + strings.Repeat("a", 26), own + "x"} {
		if a := stranger.get(path); a.Status != http.StatusNotFound {
			t.Errorf("%s is open to strangers: %d", path, a.Status)
		}
	}
	stranger.post(other+"/photos/"+photo.String(), stranger.form(other+"/photos", "press", "remove"))
	if n := get[int](t, h, `SELECT count(*) FROM voice.photo`); n != 1 {
		t.Error("a stranger removed a picture")
	}
	v.post(own+"/money", v.form(own+"/money", "l1_name", "扶手", "l1_amount", "1200"))
	soon, later := time.Now().AddDate(0, 0, 14).Format(time.DateOnly), time.Now().AddDate(0, 0, 40).Format(time.DateOnly)
	wantIn(t, "dates the wrong way round", v.post(own+"/dates", v.form(own+"/dates", "starts_on", later, "ends_on", soon)).Body, "最后一天不能在开始日期前面")
	v.post(own+"/dates", v.form(own+"/dates", "starts_on", soon, "ends_on", later))
	wantIn(t, "no consent, no way to reach", v.post(own+"/you", v.form(own+"/you", "name", "周婆婆")).Body, "电话和邮箱至少填一个", "打个勾，我们才能联系您")
	v.post(own+"/you", v.form(own+"/you", "name", "周婆婆", "phone", "13800000000", "consent", "yes"))
	wantIn(t, "preview", v.get(own+"/preview").Body, "给 3 号院装一排扶手", "¥1,200", own+"/photos/"+photo.String())
	wantIn(t, "handed in", v.post(own+"/submission", v.form(own)).Body, "交上去了")
	if a := v.post(own+"/money", v.form(own, "l1_name", "别墅", "l1_amount", "9")); a.Status != http.StatusConflict {
		t.Errorf("changed while the staff read it: %d", a.Status)
	}
	if a := v.upload(own+"/photos", v.form(own, "alt", "别的")); a.Status != http.StatusConflict {
		t.Errorf("a picture while the staff read it: %d", a.Status)
	}
	wantNot(t, "the public list", stranger.get("/c/angong/campaigns").Body, "扶手")
	wantIn(t, "taken back", v.post(own+"/withdrawal", v.form(own)).Body, "收回了")
	if n := get[int](t, h, `SELECT (SELECT count(*) FROM voice.contact) + (SELECT count(*) FROM voice.photo)`); n != 0 {
		t.Errorf("%d rows remember who took it back", n)
	}
}

// The campaigner's room: what they write waits for the staff; an answer is public at once.
func TestTheCampaignersRoom(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, reader := h.visitor(t), h.visitor(t)
	own := v.begin()
	if _, err := h.Owner.Exec(`UPDATE voice.proposal SET state = 'accepted', campaign_id = $1`, h.Campaign.ID); err != nil {
		t.Fatal(err)
	}
	wantIn(t, "room", v.get(own).Body, "写进展", "写感谢信", "已经公开")
	a := v.post(own+"/posts/new", v.form(own+"/posts/new", "post_title", "灶台搭好了", "post_body", "三口<script>大锅"))
	if a.Path != own+"/posts/1" {
		t.Fatalf("%d at %s", a.Status, a.Path)
	}
	v.upload(a.Path+"/photos", v.form(a.Path, "alt", "三口大锅"))
	wantIn(t, "handed in", v.post(a.Path, v.form(a.Path, "post_title", "灶台搭好了", "post_body", "三口<script>大锅", "press", "submit")).Body, "交给社区了", "等社区看")
	if b := v.post(a.Path, v.form(startAt, "post_title", "改", "post_body", "改")); b.Status != http.StatusConflict {
		t.Errorf("changed after it was handed in: %d", b.Status)
	}
	wantNot(t, "the campaign", reader.get(campaignPath).Body, "灶台搭好了")
	if b := v.get(h.visitor(t).begin() + "/posts/1"); b.Status != http.StatusNotFound {
		t.Errorf("another resident reads it: %d", b.Status)
	}

	reader.post(campaignPath+"/questions", reader.form(campaignPath, "question", "吃素的怎么办？", "asker", "周婆婆", "asker_email", "zhou@example.cn"))
	id := get[uuid.UUID](t, h, `SELECT id FROM voice.question`)
	at := own + "/questions/" + id.String()
	page := v.get(at).Body
	wantIn(t, "question", page, "吃素的怎么办？")
	wantNot(t, "question", page, "周婆婆", "zhou@example.cn")
	v.post(at, v.form(at, "answer", "另做两桌。"))
	wantIn(t, "the campaign", reader.get(campaignPath).Body, "吃素的怎么办？", "另做两桌。", "发起人")
	h.deliver(t, mailtest.Catch(t))
	if n := get[int](t, h, `SELECT count(*) FROM voice.asker WHERE email <> ''`); n != 0 {
		t.Error("the address is kept after its letter")
	}
}

func TestQuestionsOfMachinesAreNotKept(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	asked := func() int { return get[int](t, h, `SELECT count(*) FROM voice.question`) }
	ask := func(pairs ...string) answer {
		return v.post(campaignPath+"/questions", v.form(campaignPath, pairs...))
	}
	wantIn(t, "blank", ask("question", " ").Body, "您想问什么？：这里要填")
	wantIn(t, "advertising", ask("question", "http://a.cn http://b.cn").Body, "最多写一个网址")
	if a := ask("question", "便宜", "website", "http://spam.cn"); a.Status != http.StatusOK || asked() != 0 {
		t.Errorf("a trapped machine: %d, %d asked", a.Status, asked())
	}
	form := v.form(campaignPath, "question", "几点开饭？")
	for range 2 { // a doubled press
		v.post(campaignPath+"/questions", form)
	}
	if asked() != 1 {
		t.Errorf("%d asked", asked())
	}
	h.mu.Lock()
	h.refuse = "ask"
	h.mu.Unlock()
	if a := ask("question", "又问"); a.Status != http.StatusTooManyRequests || asked() != 1 {
		t.Errorf("over the limit: %d, %d asked", a.Status, asked())
	}
}
