package publication_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/publication"
)

func (o *office) subscribe(t testing.TB, email string) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) error {
		return publication.Subscribe(t.Context(), tx, o.ID, email, "zh-CN", time.Now())
	})
}

func (o *office) token(t testing.TB, email string) (token string) {
	t.Helper()
	if err := o.Owner.Get(&token, `SELECT token FROM publication.subscriber WHERE lower(email) = lower($1)`, email); err != nil {
		t.Fatal(err)
	}
	return token
}

func (o *office) confirm(t testing.TB, email string) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) error {
		return publication.Confirm(t.Context(), tx, o.ID, o.token(t, email), time.Now())
	})
}

func TestAnAddressIsConfirmedAndForgotten(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := &post{}
	for _, wrong := range []string{"", "zhou", "zhou@", "周婆婆 <zhou@example.org>", "a@b\r\nBcc: c@d"} {
		err := o.Try(func(tx *sqlx.Tx) error {
			return publication.Subscribe(t.Context(), tx, o.ID, wrong, "zh-CN", time.Now())
		})
		if !errors.Is(err, publication.ErrAddress) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	o.subscribe(t, "zhou@example.org")
	o.subscribe(t, "Zhou@Example.org") // the same one, within a day: no second letter
	o.work(t, p, 1, time.Now())
	if len(p.asked) != 1 {
		t.Fatalf("asked %v", p.asked)
	}
	if n := o.subscribers(t); n != 0 {
		t.Errorf("%d confirmed", n)
	}
	token := o.token(t, "zhou@example.org")
	o.confirm(t, "zhou@example.org")
	o.subscribe(t, "zhou@example.org") // who has it asks once more: nothing changes
	o.work(t, p, 1, time.Now())
	if n := o.subscribers(t); n != 1 || len(p.asked) != 1 || o.token(t, "zhou@example.org") != token {
		t.Errorf("%d confirmed, asked %v", n, p.asked)
	}
	s, err := publication.FindSubscriber(t.Context(), o.App, o.ID, token)
	if err != nil || s.ConfirmedAt == nil || s.Lang != "zh-CN" {
		t.Errorf("%+v, %v", s, err)
	}
	for range 2 {
		o.Do(t, func(tx *sqlx.Tx) error { return publication.End(t.Context(), tx, o.ID, token) })
	}
	if _, err := publication.FindSubscriber(t.Context(), o.App, o.ID, token); !errors.Is(err, publication.ErrNotFound) {
		t.Errorf("ended: %v", err)
	}
	o.subscribe(t, "li@example.org")
	o.confirm(t, "li@example.org")
	o.subscribe(t, "wang@example.org")
	o.Do(t, func(tx *sqlx.Tx) error {
		if err := publication.ForgetAddress(t.Context(), tx, o.ID, "LI@example.org"); err != nil {
			return err
		}
		return publication.Sweep(t.Context(), tx, o.ID, time.Now().Add(time.Minute))
	})
	var left int
	if err := o.Owner.Get(&left, `SELECT count(*) FROM publication.subscriber`); err != nil || left != 0 {
		t.Errorf("%d addresses left, %v", left, err)
	}
	var named int
	if err := o.Owner.Get(&named, `SELECT count(*) FROM outbox.message WHERE payload::text LIKE '%example%' OR last_error LIKE '%example%'`); err != nil || named != 0 {
		t.Errorf("%d messages hold an address, %v", named, err)
	}
}

func (o *office) subscribers(t testing.TB) int {
	t.Helper()
	n, err := publication.Subscribers(t.Context(), o.App, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
