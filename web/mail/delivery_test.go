package mail_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/web/mail"
)

func TestTheDemoKeepsALetterOnceAndForItsCommunity(t *testing.T) {
	t.Parallel()
	o := open(t, demo)
	l := receiptFor("周婆婆", "zhou@example.org")
	for range 2 {
		if err := o.send(t, l); err != nil {
			t.Fatal(err)
		}
	}
	k, err := mail.FindKept(t.Context(), o.App, o.ID, l.Key)
	if err != nil || k.To != "zhou@example.org" || k.Recipient != "z***@example.org" || k.Attempts != 1 {
		t.Errorf("kept %+v, %v", k.Delivery, err)
	}
	for community, id := range map[int]uuid.UUID{o.ID + 1: l.Key, o.ID: uuid.New()} {
		if _, err := mail.FindKept(t.Context(), o.App, community, id); !errors.Is(err, mail.ErrNotFound) {
			t.Errorf("letter %s of community %d: %v", id, community, err)
		}
	}
	if o.box.Tries() != 0 {
		t.Error("the demo sent a letter")
	}
}

func TestTheLogForgets(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	o := open(t, func(options *mail.Options) { demo(options); options.Now = func() time.Time { return now } })
	old, late := receiptFor("", "zhou@example.org"), receiptFor("", "li@example.org")
	for _, l := range []mail.Letter{old, late} {
		if err := o.send(t, l); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
	}
	if err := mail.Forget(t.Context(), o.App, now.Add(-90*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if log := o.log(t); len(log) != 1 || log[0].ID != late.Key {
		t.Errorf("the log says %+v", log)
	}
	if _, err := mail.FindKept(t.Context(), o.App, o.ID, old.Key); !errors.Is(err, mail.ErrNotFound) {
		t.Errorf("the letter outlived its line: %v", err)
	}
}

func TestReplyTo(t *testing.T) {
	t.Parallel()
	o := open(t, demo)
	tx, err := o.App.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	for _, address := range []string{"office@", "office@angong.test\r\nBcc: all@evil.example", "办公室 <office@angong.test>"} {
		if err := mail.SetReplyTo(t.Context(), tx, o.ID, address); !errors.Is(err, mail.ErrAddress) {
			t.Errorf("%q: %v", address, err)
		}
	}
	o.do(t, func(tx *sqlx.Tx) error { return mail.SetReplyTo(t.Context(), tx, o.ID, "office@angong.test") })
	_, read := o.kept(t, receiptFor("", "zhou@example.org"))
	if got := people(t, read, "Reply-To"); got != "安公社区 office@angong.test" {
		t.Errorf("answers go to %s", got)
	}
}
