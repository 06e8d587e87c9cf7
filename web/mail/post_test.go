package mail_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/outbox"
	"fund/ledger"
	"fund/migrations/pgtest"
	"fund/web/i18n"
	"fund/web/mail"
	"fund/web/mail/mailtest"
)

// office is a community that sends letters to a catcher.
type office struct {
	ledger.Community
	*pgtest.Database
	box  *mailtest.Catcher
	post *mail.Post
}

func open(t *testing.T, change func(*mail.Options)) *office {
	t.Helper()
	o := &office{Database: pgtest.DB(t), box: mailtest.Catch(t)}
	o.do(t, func(tx *sqlx.Tx) (err error) {
		o.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong Community", AddressZH: "安公路 1 号", AddressEN: "1 Angong Road", Phone: "028-1234",
			Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	options := mail.Options{DB: o.App, BaseURL: "https://fund.test", Server: o.box.URL(), From: "gongzhang@fund.test"}
	if change != nil {
		change(&options)
	}
	var err error
	if o.post, err = mail.New(options); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) do(t *testing.T, verb func(tx *sqlx.Tx) error) {
	t.Helper()
	tx, err := o.App.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if err := verb(tx); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func receiptFor(name, address string) mail.Letter {
	return mail.Letter{Key: uuid.New(), To: mail.Person{Name: name, Address: address}, Lang: i18n.Chinese, Content: samples["receipt"][0]}
}

func (o *office) send(t *testing.T, l mail.Letter) error {
	t.Helper()
	return o.post.Send(t.Context(), o.Community, l)
}

func (o *office) log(t *testing.T) []mail.Delivery {
	t.Helper()
	all, err := mail.Deliveries(t.Context(), o.App, o.ID, 100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestALetterArrives(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	l := receiptFor("周婆婆", "zhou@example.org")
	l.Unsubscribe = "/c/angong/letters/stop/abc"
	l.Files = []mail.File{{Name: "收据-2026-000874.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7 \x00\xff")}}
	o.do(t, func(tx *sqlx.Tx) error { return mail.SetReplyTo(t.Context(), tx, o.ID, "office@angong.test") })
	if err := o.send(t, l); err != nil {
		t.Fatal(err)
	}
	got := o.box.Wait(t, 1)[0]
	for what, want := range map[string][2]string{
		"recipient":             {got.To, "zhou@example.org"},
		"sender":                {got.From, "gongzhang@fund.test"},
		"subject":               {got.Subject, "收到您的 ¥50.00，这是收据"},
		"Message-ID":            {got.Header.Get("Message-ID"), "<" + l.Key.String() + "@fund.test>"},
		"Auto-Submitted":        {got.Header.Get("Auto-Submitted"), "auto-generated"},
		"List-Unsubscribe":      {got.Header.Get("List-Unsubscribe"), "<https://fund.test/c/angong/letters/stop/abc>"},
		"List-Unsubscribe-Post": {got.Header.Get("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click"},
		"Reply-To":              {people(t, got, "Reply-To"), "安公社区 office@angong.test"},
		"From":                  {people(t, got, "From"), "安公社区 gongzhang@fund.test"},
		"To":                    {people(t, got, "To"), "周婆婆 zhou@example.org"},
	} {
		if want[0] != want[1] {
			t.Errorf("%s is %q, want %q", what, want[0], want[1])
		}
	}
	if _, err := got.Header.Date(); err != nil {
		t.Error(err)
	}
	if !strings.HasPrefix(got.Text, "周婆婆，您好：\n\n您捐给“长者食堂”的 ¥50.00 已经到账") || !strings.Contains(got.Text, "打开收据：https://fund.test/r/1-abc\n") {
		t.Errorf("the text is\n%s", got.Text)
	}
	if !strings.Contains(got.HTML, `href="https://fund.test/r/1-abc">打开收据</a>`) {
		t.Errorf("the HTML is\n%s", got.HTML)
	}
	if len(got.Files) != 1 || got.Files[0].Name != "收据-2026-000874.pdf" || string(got.Files[0].Data) != "%PDF-1.7 \x00\xff" || got.Files[0].Type != "application/pdf" {
		t.Errorf("attached %+v", got.Files)
	}
	if log := o.log(t); len(log) != 1 || log[0].State != mail.Sent || log[0].Recipient != "z***@example.org" || log[0].Kind != "receipt" {
		t.Errorf("the log says %+v", log)
	}
	if err := o.send(t, l); err != nil || o.box.Tries() != 1 {
		t.Errorf("sent again: %d tries, %v", o.box.Tries(), err)
	}
}

func people(t *testing.T, c mailtest.Caught, header string) string {
	t.Helper()
	all, err := c.Header.AddressList(header)
	if err != nil || len(all) != 1 {
		t.Fatalf("%s: %v, %v", header, all, err)
	}
	return all[0].Name + " " + all[0].Address
}

func TestWhatTheServerSaysDecides(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	for what, c := range map[string]struct {
		deed     mailtest.Deed
		state    mail.State
		hopeless bool
		reason   string
		arrived  int
	}{
		"no such user":      {mailtest.Refuse, mail.Refused, true, "550 5.1.1 <…>: no such user", 0},
		"refused text":      {mailtest.RefuseIt, mail.Refused, true, "554 5.7.1 looks like spam", 0},
		"busy":              {mailtest.Defer, mail.Waiting, false, "451 4.2.1 <…>: mailbox busy, try later", 0},
		"hung up":           {mailtest.HangUp, mail.Waiting, false, "", 0},
		"the answer's lost": {mailtest.Lose, mail.Waiting, false, "", 1},
	} {
		before := len(o.box.Letters())
		o.box.Do(mailtest.Always(c.deed))
		l := receiptFor("周婆婆", "zhou.secret@example.org")
		err := o.send(t, l)
		if err == nil || errors.Is(err, outbox.ErrHopeless) != c.hopeless || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: %v", what, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error tells the address: %v", what, err)
		}
		log := o.log(t)[0]
		if log.ID != l.Key || log.State != c.state || strings.Contains(log.Reason, "secret") || log.Reason == "" {
			t.Errorf("%s: the log says %+v", what, log)
		}
		o.box.Do(nil)
		if err := o.send(t, l); err != nil {
			t.Errorf("%s: then %v", what, err)
		}
		if log := o.log(t)[0]; log.State != mail.Sent || log.Reason != "" || log.Attempts != 2 {
			t.Errorf("%s: then the log says %+v", what, log)
		}
		came := o.box.Letters()[before:]
		if len(came) != c.arrived+1 || came[0].Header.Get("Message-ID") != came[len(came)-1].Header.Get("Message-ID") {
			t.Errorf("%s: %d letters came", what, len(came))
		}
	}
}

func TestAServerThatStallsIsLeft(t *testing.T) {
	t.Parallel()
	o := open(t, func(options *mail.Options) { options.Wait = 200 * time.Millisecond })
	o.box.Do(mailtest.Always(mailtest.Stall))
	if err := o.send(t, receiptFor("", "zhou@example.org")); err == nil || errors.Is(err, outbox.ErrHopeless) {
		t.Errorf("got %v", err)
	}
	if log := o.log(t); len(log) != 1 || log[0].State != mail.Waiting {
		t.Errorf("the log says %+v", log)
	}
}
