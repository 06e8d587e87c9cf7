package main

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/campaigns/payment"
	"fund/ledger/money"
	"fund/migrations/pgtest"
	"fund/web/mail"
	"fund/web/mail/mailtest"
)

const testSender = "gongzhang@fund.test"

func TestAGiftsReceiptArrivesByMail(t *testing.T) {
	t.Parallel()
	box := mailtest.Catch(t)
	w := openTownWith(t, siteOptions{logName: "fund.test", sandbox: true, smtp: box.URL(), mailFrom: testSender})
	box.Wait(t, 2) // those of the gifts at both desks
	b := w.browser()
	path := w.east.at("/campaigns/" + w.east.campaign.Slug)
	if !strings.Contains(b.get(path).text, `name="email"`) {
		t.Fatal("the page asks for no address")
	}
	started := b.post(path+"/donations", b.form(path, "own", "50", "pay", "sandbox", "name", "周婆婆", "email", "zhou@example.org"))
	_, after, _ := strings.Cut(started.Header.Get("Location"), "/sandbox/pay/")
	id, _, _ := strings.Cut(after, "~")
	gift := uuid.MustParse(id)
	for _, told := range append(w.notices(w.east, gift, payment.Normal), w.notices(w.east, gift, payment.Normal)...) {
		w.notify(w.east, told)
	}
	letter := box.Wait(t, 3)[2]
	token := get1(t, w, `SELECT token FROM receipt.receipt WHERE subject_id = $1`, gift)
	if letter.To != "zhou@example.org" || !strings.Contains(letter.Subject, "¥50.00") || !strings.Contains(letter.Text, "打开收据："+w.base+"/r/"+token+"\n") {
		t.Errorf("to %s: %s\n%s", letter.To, letter.Subject, letter.Text)
	}
	if len(letter.Files) != 1 || !strings.HasPrefix(string(letter.Files[0].Data), "%PDF-") || letter.Files[0].Name != "receipt-"+get1(t, w, `
		SELECT year || '-' || lpad(number::text, 6, '0') FROM receipt.receipt WHERE subject_id = $1`, gift)+".pdf" {
		t.Errorf("attached: %d files", len(letter.Files))
	}
	if page := b.get("/r/" + token); page.StatusCode != 200 {
		t.Errorf("the letter's link: %d", page.StatusCode)
	}
	w.do(func(tx *sqlx.Tx) error {
		_, err := campaigns.RefundDonation(t.Context(), tx, w.east.Community, gift, uuid.New(), money.MustParse("20"), "付重了", "user:1", time.Now())
		return err
	})
	refund := box.Wait(t, 4)[3]
	for _, want := range []string{"¥20.00", "原因：付重了", "您付款用的那个账户", "/r/" + token} {
		if !strings.Contains(refund.Text, want) {
			t.Errorf("the refund's letter has no %q:\n%s", want, refund.Text)
		}
	}
	if refund.Header.Get("Message-ID") == letter.Header.Get("Message-ID") {
		t.Error("two letters with one Message-ID")
	}
	if box.Tries() != 4 {
		t.Errorf("%d letters for 4 events", box.Tries())
	}
}

// get1 reads one text as the owner.
func get1(t *testing.T, w *town, query string, args ...any) (v string) {
	t.Helper()
	w.must(w.Owner.Get(&v, query, args...))
	return v
}

// postOffice is a town without its site: what the outbox holds is done when the test says so.
func postOffice(t *testing.T) (*town, *mailtest.Catcher, campaigns.Following) {
	t.Helper()
	w, box := &town{T: t, Database: pgtest.DB(t)}, mailtest.Catch(t)
	e := &env{app: w.App, read: w.App, log: slog.New(slog.DiscardHandler)}
	o := siteOptions{baseURL: "https://fund.test", smtp: box.URL(), mailFrom: testSender}
	post, err := newPost(e, o)
	w.must(err)
	keys, err := payment.LoadSandboxKeys(t.TempDir())
	w.must(err)
	providers, err := payment.NewProviders(payment.Cash{}, payment.NewSandbox(payment.NewCounterpart(w.App, keys), func(payment.Order) string { return "" }))
	w.must(err)
	return w, box, letters{e, o.baseURL, post}.follow(campaigns.Following{DB: w.App, Providers: providers})
}

// work runs the outbox until nothing of it is open.
func (w *town) work(handlers map[string]outbox.Handler) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	done := make(chan error)
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	go func() {
		done <- outbox.Run(ctx, w.App, outbox.Lane{Handlers: handlers, Options: outbox.Options{
			Poll: time.Millisecond, Timeout: 5 * time.Second, Backoff: func(int) time.Duration { return 0 }, Log: quiet,
		}})
	}()
	for w.count(`SELECT count(*) FROM outbox.message WHERE done_at IS NULL AND dead_at IS NULL`) > 0 && ctx.Err() == nil {
	}
	cancel()
	w.must(<-done)
}

func TestALetterIsTriedUntilItIsThere(t *testing.T) {
	t.Parallel()
	w, box, follow := postOffice(t)
	deeds := []mailtest.Deed{mailtest.Defer, mailtest.HangUp, mailtest.Lose}
	box.Do(func(string) (next mailtest.Deed) {
		if len(deeds) > 0 {
			next, deeds = deeds[0], deeds[1:]
		}
		return next
	})
	w.settle("east")
	w.work(campaigns.Handlers(follow))
	came := box.Letters()
	if box.Tries() != 4 || len(came) != 2 || came[0].Header.Get("Message-ID") != came[1].Header.Get("Message-ID") {
		t.Errorf("%d tries, %d letters", box.Tries(), len(came))
	}
	if state := get1(t, w, `SELECT state || ' ' || attempts FROM mail.delivery`); state != "sent 4" {
		t.Errorf("the log says %s", state)
	}
}

// A worker that dies after the letter is gone and before that is written down makes the outbox do the work again.
func TestACrashSendsNoSecondLetter(t *testing.T) {
	t.Parallel()
	for what, forgetful := range map[string]bool{"the log was written": false, "the log was not written": true} {
		w, box, follow := postOffice(t)
		handlers, died := campaigns.Handlers(follow), false
		write := handlers["donation_received"]
		handlers["donation_received"] = func(ctx context.Context, m outbox.Message) error {
			if err := write(ctx, m); err != nil || died {
				return err
			}
			died = true
			if forgetful {
				w.Owner.MustExec(`DELETE FROM mail.delivery`)
			}
			panic("the process is killed")
		}
		w.settle("east")
		w.work(handlers)
		came := box.Letters()
		switch {
		case !forgetful && len(came) != 1:
			t.Errorf("%s: %d letters came", what, len(came))
		case forgetful && (len(came) != 2 || came[0].Header.Get("Message-ID") != came[1].Header.Get("Message-ID")):
			t.Errorf("%s: %d letters came", what, len(came))
		}
	}
}

func TestALetterThatIsRefusedStopsWithTheReason(t *testing.T) {
	t.Parallel()
	w, box, follow := postOffice(t)
	box.Do(mailtest.Always(mailtest.Refuse))
	east := w.settle("east")
	w.work(campaigns.Handlers(follow))
	dead, err := outbox.Dead(t.Context(), w.App, east.ID, 10)
	w.must(err)
	if len(dead) != 1 || dead[0].Attempts != 1 || !strings.Contains(dead[0].LastError, "550 5.1.1") || strings.Contains(dead[0].LastError, "example.cn") {
		t.Errorf("given up: %+v", dead)
	}
	log, err := mail.Deliveries(t.Context(), w.App, east.ID, 10)
	w.must(err)
	if len(log) != 1 || log[0].State != mail.Refused || log[0].Recipient != "o***@example.cn" || !strings.Contains(log[0].Reason, "no such user") {
		t.Errorf("the log says %+v", log)
	}
}

func TestAGoalThatWasMissedIsTold(t *testing.T) {
	t.Parallel()
	w, box, follow := postOffice(t)
	east := w.settle("east")
	today := east.Day(time.Now())
	var lamp campaigns.Campaign
	w.do(func(tx *sqlx.Tx) (err error) {
		lamp, err = campaigns.DraftCampaign(t.Context(), tx, east.ID, campaigns.Campaign{
			Slug: "lamp", TitleZH: "小广场的灯", TitleEN: "A lamp", PurposeZH: "灯", Kind: campaigns.AllOrNothing, Goal: money.MustParse("8000"), Minimum: money.MustParse("1"),
			StartsOn: today.AddDate(0, 0, -3), EndsOn: today.AddDate(0, 0, 3), Basis: campaigns.TargetedBasis, CreatedBy: "user:1",
			ContactName: "王会计", ContactPhone: "028-1", StoryZH: "灯",
		})
		if err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, east.ID, lamp.ID, time.Now())
	})
	w.do(func(tx *sqlx.Tx) error {
		_, err := campaigns.EnterCash(t.Context(), tx, east.Community, campaigns.Start{
			ID: uuid.Must(uuid.NewV7()), Campaign: "lamp", Amount: money.MustParse("50"), Email: "li@example.org", Lang: "en", At: time.Now(),
		})
		return err
	})
	_, err := campaigns.ConcludeDue(t.Context(), w.App, east.Community, time.Now().AddDate(0, 0, 5), "system")
	w.must(err)
	w.work(campaigns.Handlers(follow))
	var told mailtest.Caught
	for _, each := range box.Letters() {
		if strings.Contains(each.Subject, "goal") {
			told = each
		}
	}
	for _, want := range []string{"¥8,000.00", "¥50.00", "in cash; bring the receipt"} {
		if told.To != "li@example.org" || !strings.Contains(told.Text, want) {
			t.Errorf("no %q in the letter to %s:\n%s", want, told.To, told.Text)
		}
	}
}

func TestWithoutAServerNobodyIsPromisedALetter(t *testing.T) {
	t.Parallel()
	w := openTownWith(t, siteOptions{logName: "fund.test", sandbox: true})
	page := w.browser().get(w.east.at("/campaigns/" + w.east.campaign.Slug))
	if strings.Contains(page.text, `name="email"`) || !strings.Contains(page.text, `name="message"`) {
		t.Error("the page asks for an address though no letters are sent")
	}
	w.work(campaigns.Handlers(campaigns.Following{DB: w.App}))
	if n := w.count(`SELECT count(*) FROM mail.delivery`); n != 0 {
		t.Errorf("%d letters in the log", n)
	}
}
