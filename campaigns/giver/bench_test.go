package giver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/giver"
)

// generous is a house where somebody gave n gifts with one address, among as
// many of others, and the campaign has paid for some things.
func generous(t testing.TB, n int) (*house, giver.Giver) {
	t.Helper()
	h := open(t)
	var ids []uuid.UUID
	err := h.Owner.Select(&ids, `
		WITH made AS (
		       SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid AS id, i FROM generate_series(1, 2 * $2::int) i),
		     donors AS (
		       INSERT INTO campaigns.donor (community_id, id, name, email, salt)
		       SELECT $1, id, '周婆婆', CASE WHEN i % 2 = 0 THEN 'Zhou@example.cn' ELSE 'n' || i || '@example.cn' END, '\x00' FROM made)
		INSERT INTO campaigns.donation (community_id, id, campaign_id, donor_id, amount, currency, method, payee, created_at)
		SELECT $1, id, $3, id, 5.01, 'CNY', 'cash', $4, $5 FROM made ORDER BY i RETURNING id`,
		h.ID, n, h.Campaign.ID, campaigns.CashPayee, noon)
	if err != nil {
		t.Fatal(err)
	}
	for batch := range slices.Chunk(ids, 2000) {
		var paid []campaigns.Payment
		for i, id := range batch {
			paid = append(paid, campaigns.Payment{
				Donation: id, Provider: "cash", Reference: "desk:" + id.String(), Amount: yuan("5.01"), Currency: "CNY", Payee: campaigns.CashPayee,
				PaidAt: noon.AddDate(0, 0, -i%900), EnteredBy: "cashier",
			})
		}
		h.Do(t, func(tx *sqlx.Tx) error {
			_, err := campaigns.ReceivePayments(t.Context(), tx, h.ID, paid)
			return err
		})
	}
	for range 20 {
		h.spend(t, h.Campaign.FundID, "1.23")
	}
	if _, err := h.Owner.Exec(`ANALYZE`); err != nil {
		t.Fatal(err)
	}
	g, err := giver.ByMail(t.Context(), h.App, h.ID, " zhou@EXAMPLE.cn")
	if err != nil {
		t.Fatal(err)
	}
	return h, g
}

// look does what the giver's page does.
func (h *house) look(t testing.TB, g giver.Giver, before uuid.UUID) []giver.Gift {
	t.Helper()
	gifts, _, _, err := giver.ListGifts(t.Context(), h.App, h.Community, g, giver.Page{Before: before, Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range gifts {
		if _, err := h.Streams.Used(t.Context(), h.App, h.ID, one); err != nil {
			t.Fatal(err)
		}
	}
	return gifts
}

// BenchmarkGifts is what the page of a giver of 10 and of 10,000 gifts reads, the
// page after it, and where one gift went. 50 ms are enough for any of them.
func BenchmarkGifts(b *testing.B) {
	for _, n := range []int{10, 10_000} {
		h, g := generous(b, n)
		gifts := h.look(b, g, uuid.Nil)
		last := gifts[len(gifts)-1].ID
		for name, look := range map[string]func(){
			"page": func() { h.look(b, g, uuid.Nil) }, "next": func() { h.look(b, g, last) }, "trace": func() { h.trace(b, gifts[7]) },
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					look()
				}
			})
		}
	}
}

// The page finds its giver and the gifts by indexes, however many others there are.
func TestGiftsAreFoundByIndex(t *testing.T) {
	t.Parallel()
	h, g := generous(t, 200)
	if n := len(h.look(t, g, uuid.Nil)); n != 20 {
		t.Errorf("%d gifts on the page", n)
	}
	plan := h.explain(t, g)
	for _, index := range []string{"donor_by_mail", "donation_of_donor"} {
		if !strings.Contains(plan, index) {
			t.Errorf("the page does not use the index %s:\n%s", index, plan)
		}
	}
}

func (h *house) explain(t testing.TB, g giver.Giver) string {
	t.Helper()
	var lines []string
	tx := h.App.MustBegin()
	defer tx.Rollback()
	tx.MustExec(`SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off`)
	err := tx.Select(&lines, `
		EXPLAIN SELECT d.id FROM campaigns.donor n JOIN campaigns.donation d ON d.community_id = n.community_id AND d.donor_id = n.id
		 WHERE n.community_id = $1 AND lower(n.email) = $2 AND n.email <> ''`, h.ID, g.Email)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// Pages follow each other without a gap and without a repetition, and the sums are of all.
func TestPagesOfGifts(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i := range 45 {
		h.give(t, campaigns.Start{Amount: yuan("10"), Email: "zhou@example.cn", At: time.Date(2024+i%3, 5, 1, 9, i, 0, 0, shanghai)})
	}
	h.give(t, campaigns.Start{Amount: yuan("999"), Email: "other@example.cn"})
	g, err := giver.ByMail(t.Context(), h.App, h.ID, "zhou@example.cn")
	if err != nil {
		t.Fatal(err)
	}
	seen, before := map[uuid.UUID]bool{}, uuid.Nil
	for {
		gifts, years, more, err := giver.ListGifts(t.Context(), h.App, h.Community, g, giver.Page{Before: before, Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		if sum := giver.Sum(years); sum.Gifts != 45 || sum.Amount.String() != "450.00" || len(years) != 3 || years[0].Year != 2026 || years[0].Gifts != 15 {
			t.Fatalf("years: %+v", years)
		}
		for _, one := range gifts {
			if seen[one.ID] {
				t.Fatalf("gift %s is on two pages", one.ID)
			}
			seen[one.ID], before = true, one.ID
		}
		if !more {
			break
		}
	}
	if len(seen) != 45 {
		t.Errorf("%d gifts on the pages", len(seen))
	}
	of2025, err := giver.GiftsOf(t.Context(), h.App, h.Community, g, 2025, 1000)
	if err != nil || len(of2025) != 15 {
		t.Errorf("%d gifts of 2025, %v", len(of2025), err)
	}
}
