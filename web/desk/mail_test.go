package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"fund/web/auth"
	"fund/web/i18n"
	"fund/web/mail"
	"fund/web/mail/mailtest"
	"fund/web/webtest"
)

const mailPath = "/c/angong/desk/mail"

// write sends a letter about a receipt: to a catcher, or as the demo does to the desk.
func (h *house) write(t testing.TB, o mail.Options, name string) mail.Letter {
	t.Helper()
	o.DB, o.BaseURL, o.From = h.Database.App, h.Base, "gongzhang@fund.test"
	post, err := mail.New(o)
	if err != nil {
		t.Fatal(err)
	}
	l := mail.Letter{
		Key: uuid.New(), To: mail.Person{Name: name, Address: "zhou.secret@example.org"}, Lang: i18n.Chinese,
		Content: mail.ReceiptReady{Amount: yuan("50"), Campaign: "长者食堂", Number: "2026-000874", Code: "K7M4-92QD", Path: "/c/angong/campaigns"},
	}
	_ = post.Send(t.Context(), h.Community, l) // what became of it the log says
	return l
}

func TestTheLogOfLettersShowsNeitherTextNorAddress(t *testing.T) {
	t.Parallel()
	h, box := open(t), mailtest.Catch(t)
	h.write(t, mail.Options{Server: box.URL()}, "周婆婆")
	box.Do(mailtest.Always(mailtest.Refuse))
	refused := h.write(t, mail.Options{Server: box.URL()}, "周婆婆")
	box.Do(mailtest.Always(mailtest.Defer))
	h.write(t, mail.Options{Server: box.URL()}, "周婆婆")
	auditor := h.as(t, auth.Auditor)
	list := auditor.get(mailPath)
	for _, want := range []string{"z***@example.org", "收据", "寄出了", "寄不到", "还没寄出", "550 5.1.1", "451 4.2.1"} {
		if !strings.Contains(list.Body, want) {
			t.Errorf("the log has no %q", want)
		}
	}
	for _, never := range []string{"secret", "周婆婆", "¥50", "href=\"" + mailPath + "/"} {
		if strings.Contains(list.Body, never) {
			t.Errorf("the log shows %q", never)
		}
	}
	for _, path := range []string{"/" + refused.Key.String(), "/" + refused.Key.String() + "/page", "/nothing"} {
		if a := auditor.get(mailPath + path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

func TestWhereAnswersGo(t *testing.T) {
	t.Parallel()
	h := open(t)
	admin := h.as(t, auth.Administrator)
	if a := admin.post(mailPath, admin.form(mailPath, "reply_to", "office@")); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "写完整的邮箱") {
		t.Errorf("an address of no shape: %d", a.Status)
	}
	for _, address := range []string{"office@angong.example", ""} {
		wantAt(t, admin.post(mailPath, admin.form(mailPath, "reply_to", address)), mailPath)
		if got, err := mail.ReplyTo(t.Context(), h.Database.App, h.ID); err != nil || got != address {
			t.Errorf("answers go to %q, %v", got, err)
		}
	}
	if log := h.audited(t); log != "mail.reply_to community:angong\nmail.reply_to community:angong" {
		t.Errorf("the audit log says %s", log)
	}
}

// In the demo a visitor opens a letter on a phone and follows its link.
func TestADemosLetterIsReadOnAPhone(t *testing.T) {
	t.Parallel()
	h := open(t)
	const canary = `周婆婆<script>parent.document.title='caught'</script><img src=x onerror="parent.document.title='caught'">`
	l := h.write(t, mail.Options{Keep: true}, canary)
	treasurer := h.as(t, auth.Treasurer)
	page := treasurer.get(mailPath + "/" + l.Key.String() + "/page")
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox allow-popups") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the letter's own policy is %s", policy)
	}
	tab := webtest.Open(t)
	enter(t, tab, treasurer)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+mailPath), chromedp.Click(`.lines a`), chromedp.WaitVisible(`iframe.letter`))
	if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("the letter's page is %d px too wide", over)
	}
	if title := webtest.Tell[string](t, tab, `document.title`); !strings.Contains(title, "收到您的 ¥50.00") {
		t.Errorf("the page's title is %q", title)
	}
	if kept := webtest.Tell[bool](t, tab, `document.querySelector('iframe').contentDocument === null`); !kept {
		t.Error("the letter is of the page's own origin: its frame is no sandbox")
	}
	webtest.Run(t, tab, chromedp.Navigate(h.Base+mailPath+"/"+l.Key.String()+"/page"), chromedp.WaitVisible(`h1`))
	if over := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("the letter is %d px too wide", over)
	}
	if to := webtest.Tell[string](t, tab, `document.querySelector('a').href + ' ' + document.querySelector('a').textContent`); to != h.Base+"/c/angong/campaigns 打开收据" {
		t.Errorf("its first link is %s", to)
	}
}
