package campaigns_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/migrations"
	"fund/migrations/localpg"
	"fund/migrations/pgtest"
)

// durable is an office on a server that waits for the disk.
func durable(b *testing.B) *office {
	b.Helper()
	s := pgtest.Server(b)
	db := &pgtest.Database{OwnerURL: s.OwnerURL(localpg.Database), AppURL: s.AppURL(localpg.Database)}
	db.Owner = sqlx.MustOpen("postgres", db.OwnerURL)
	if _, err := migrations.Apply(b.Context(), db.Owner.DB); err != nil {
		b.Fatal(err)
	}
	db.App = sqlx.MustOpen("postgres", db.AppURL)
	b.Cleanup(func() {
		db.Owner.Close()
		db.App.Close()
	})
	return furnish(b, db, "angong")
}

// pending writes n donations down at once, and makes their payments.
func (o *office) pending(b *testing.B, n int) []campaigns.Payment {
	b.Helper()
	payments := make([]campaigns.Payment, n)
	ids := make(pq.StringArray, n)
	for i := range payments {
		d := campaigns.Donation{ID: uuid.Must(uuid.NewV7()), Amount: yuan("50"), Currency: "CNY", Method: "sandbox", Payee: payment.SandboxPayee}
		payments[i], ids[i] = paid(d), d.ID.String()
	}
	o.Owner.MustExec(`
		INSERT INTO campaigns.donation (community_id, id, campaign_id, amount, currency, method, payee, created_at)
		SELECT $1, id, $2, 50, 'CNY', 'sandbox', $3, now() FROM unnest($4::uuid[]) id`, o.ID, o.Campaign.ID, payment.SandboxPayee, ids)
	o.Owner.MustExec(`VACUUM ANALYZE campaigns.donation`)
	return payments
}

// BenchmarkReceive books payments in batches of several sizes; an operation is
// one donation.
func BenchmarkReceive(b *testing.B) {
	o := durable(b)
	for _, size := range []int{32, 256} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			payments := o.pending(b, b.N)
			b.ResetTimer()
			for len(payments) > 0 {
				n := min(size, len(payments))
				o.Do(b, func(tx *sqlx.Tx) error {
					outcomes, err := campaigns.ReceivePayments(b.Context(), tx, o.ID, payments[:n])
					if err == nil {
						err = outcomes[n-1].Err
					}
					return err
				})
				payments = payments[n:]
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "donations/s")
		})
	}
}

// BenchmarkPost is what of it the books alone take.
func BenchmarkPost(b *testing.B) {
	o := durable(b)
	for _, size := range []int{32, 256} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for done := 0; done < b.N; done += size {
				entries := make([]ledger.Entry, min(size, b.N-done))
				for i := range entries {
					entries[i] = ledger.Entry{
						Date: ledger.Day(2026, 5, 20), Kind: "donation", Source: "donation:" + uuid.NewString(), Memo: "捐赠", Detail: "网上", PostedBy: "system",
						Postings: []ledger.Posting{ledger.Debit(6, o.Campaign.FundID, yuan("50")), ledger.Credit(28, o.Campaign.FundID, yuan("50"))},
					}
				}
				o.Do(b, func(tx *sqlx.Tx) error { _, err := ledger.Post(b.Context(), tx, o.ID, entries...); return err })
			}
		})
	}
}
