package ledger_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/migrations"
	"fund/migrations/localpg"
	"fund/migrations/pgtest"
)

func BenchmarkPost32(b *testing.B)  { benchmarkPost(b, 32) }
func BenchmarkPost256(b *testing.B) { benchmarkPost(b, 256) }

// benchmarkPost posts donations into one community of a durable server, a
// transaction a batch.
func benchmarkPost(b *testing.B, batch int) {
	s := pgtest.Server(b)
	db := &pgtest.Database{
		Owner: sqlx.MustOpen("postgres", s.OwnerURL(localpg.Database)),
		App:   sqlx.MustOpen("postgres", s.AppURL(localpg.Database)),
	}
	b.Cleanup(func() { _, _ = db.Owner.Close(), db.App.Close() })
	if _, err := migrations.Apply(context.Background(), db.Owner.DB); err != nil {
		b.Fatal(err)
	}
	books, n := openBooksIn(b, db), 0
	for b.Loop() {
		entries := make([]ledger.Entry, batch)
		for i := range entries {
			n++
			entries[i] = books.given(n, books.clinic, "66")
		}
		books.post(b, entries...)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "us/entry")
	if found, err := ledger.Check(ctx, db.App, books.Community, nil); err != nil || len(found) > 0 {
		b.Error(fmt.Sprint(found), err)
	}
}
