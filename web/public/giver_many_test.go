package public_test

import (
	"slices"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/web/public"
)

// BenchmarkPageOfTenThousandGifts is the page of somebody who gave 10,000 times,
// over HTTP, session, promises and drawing included: 50 ms are enough.
func BenchmarkPageOfTenThousandGifts(t *testing.B) {
	h := openGiving(t)
	h.Donors.Plans = func(*fiber.Ctx, giver.Giver) ([]public.Plan, error) {
		return []public.Plan{{Campaign: "四点半课堂", Amount: yuan("30"), Text: "每月一次，下一次12 月 5 日", URL: "/c/angong/monthly/x"}}, nil
	}
	var ids []uuid.UUID
	err := h.Owner.Select(&ids, `
		WITH made AS (SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid AS id, i FROM generate_series(1, 10000) i),
		     donors AS (INSERT INTO campaigns.donor (community_id, id, name, email, salt) SELECT $1, id, '周婆婆', 'zhou@example.cn', '\x00' FROM made)
		INSERT INTO campaigns.donation (community_id, id, campaign_id, donor_id, amount, currency, method, payee, created_at)
		SELECT $1, id, $2, id, 5.01, 'CNY', 'cash', $3, now() FROM made ORDER BY i RETURNING id`, h.ID, h.Campaign.ID, campaigns.CashPayee)
	if err != nil {
		t.Fatal(err)
	}
	for batch := range slices.Chunk(ids, 2000) {
		var paid []campaigns.Payment
		for _, id := range batch {
			paid = append(paid, campaigns.Payment{
				Donation: id, Provider: "cash", Reference: "desk:" + id.String(), Amount: yuan("5.01"), Currency: "CNY", Payee: campaigns.CashPayee,
				PaidAt: time.Now(), EnteredBy: "cashier",
			})
		}
		h.Do(t, func(tx *sqlx.Tx) error {
			_, err := campaigns.ReceivePayments(t.Context(), tx, h.ID, paid)
			return err
		})
	}
	h.Owner.MustExec(`UPDATE outbox.message SET done_at = now()`)
	h.Owner.MustExec(`ANALYZE`)
	v := h.visitor(t)
	wantIn(t, "page", v.enter("zhou@example.cn").Body, "50,100.00", "10,000 份捐赠", "看更早的", "每月捐和认捐", "四点半课堂")
	for t.Loop() {
		v.get(mine)
	}
}
