package upload_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/upload"
	"fund/migrations/pgtest"
)

// A file waits an hour for its import, and no longer.
func TestAFileIsKeptForAnHour(t *testing.T) {
	t.Parallel()
	d := pgtest.DB(t)
	now := time.Now()
	var c ledger.Community
	d.Do(t, func(tx *sqlx.Tx) (err error) {
		c, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "gongzhang", NameZH: "弓长社区", NameEN: "Gongzhang", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	keep := func(name string, at time.Time) (f upload.Waiting) {
		d.Do(t, func(tx *sqlx.Tx) (err error) {
			f, err = upload.Keep(t.Context(), tx, c.ID, upload.Waiting{Purpose: upload.Statement, About: 7, Name: name, Data: bytes.Repeat([]byte(name), 1000), By: "liu", At: at})
			return err
		})
		return f
	}
	first := keep("first.csv", now)
	found, err := upload.Find(t.Context(), d.App, c.ID, upload.Statement, first.ID, now.Add(59*time.Minute))
	if err != nil || !bytes.Equal(found.Data, first.Data) || found.Digest() != first.Digest() || found.About != 7 {
		t.Errorf("%v", err)
	}
	if _, err := upload.Find(t.Context(), d.App, c.ID, upload.Statement, first.ID, now.Add(61*time.Minute)); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("after an hour: %v", err)
	}
	if _, err := upload.Find(t.Context(), d.App, c.ID, upload.Journal, first.ID, now); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("for another purpose: %v", err)
	}
	second := keep("second.csv", now.Add(61*time.Minute))
	var left string
	if err := d.Owner.Get(&left, `SELECT string_agg(name, ',') FROM upload.file`); err != nil || left != "second.csv" {
		t.Errorf("%q is left, %v", left, err)
	}
	d.Do(t, func(tx *sqlx.Tx) error { return upload.Drop(t.Context(), tx, c.ID, second.ID) })
	if _, err := upload.Find(t.Context(), d.App, c.ID, upload.Statement, second.ID, now.Add(62*time.Minute)); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("after its import: %v", err)
	}
}
