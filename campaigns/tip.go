package campaigns

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Tip is a gift that somebody adds where they pay for something else.
type Tip struct {
	ID       uuid.UUID // the donation's
	Campaign int
	Amount   money.Amount
	Method   string // cash, transfer, or a provider's name
	Name     string // optional; hidden
	Who      string // who took it
	At       time.Time
}

// tillPayee is where a tip without cash goes: the community's own code or account.
const tillPayee = "till"

// EnterTips books tips, each as a donation with a receipt of its own, whatever
// its size and though the campaign may have ended meanwhile: they were given
// while somebody asked. The ids make it safe to call twice. Outcomes as those of ReceivePayments.
func EnterTips(ctx context.Context, tx *sqlx.Tx, community int, tips []Tip) (outcomes []ledger.Outcome[Received], err error) {
	defer wrap(&err, "campaigns.EnterTips(%d)", community)
	c, err := ledger.CommunityAt(ctx, tx, community)
	if err != nil {
		return nil, err
	}
	var ids, amounts, methods, payees, posters, times pq.StringArray
	var givers []*string
	var commitments pq.ByteaArray
	var into pq.Int32Array
	payments := make([]Payment, len(tips))
	for i, t := range tips {
		payments[i] = Payment{
			Donation: t.ID, Provider: t.Method, Reference: "till:" + t.ID.String(), Amount: t.Amount, Currency: c.Currency, Payee: tillPayee,
			PaidAt: t.At, EnteredBy: t.Who,
		}
		if t.Method == byCash {
			payments[i].Payee = CashPayee
		}
		giver, commitment, err := tipper(ctx, tx, community, t)
		if err != nil {
			return nil, err
		}
		givers, commitments = append(givers, giver), append(commitments, commitment)
		ids, into = append(ids, t.ID.String()), append(into, int32(t.Campaign))
		amounts, methods = append(amounts, t.Amount.String()), append(methods, t.Method)
		payees, posters = append(payees, payments[i].Payee), append(posters, t.Who)
		times = append(times, t.At.UTC().Format(time.RFC3339Nano))
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO campaigns.donation (community_id, id, campaign_id, donor_id, amount, currency, method, payee, commitment, entered_by, created_at)
		SELECT $1, u.id, u.campaign, u.donor, u.amount, $2, u.method, u.payee, nullif(u.commitment, ''), u.who, u.at
		  FROM unnest($3::uuid[], $4::int[], $5::uuid[], $6::numeric[], $7::text[], $8::text[], $9::bytea[], $10::text[], $11::timestamptz[])
		       AS u (id, campaign, donor, amount, method, payee, commitment, who, at)
		    ON CONFLICT (community_id, id) DO NOTHING`,
		community, c.Currency, ids, into, pq.Array(givers), amounts, methods, payees, commitments, posters, times)
	if err != nil {
		return nil, err
	}
	return ReceivePayments(ctx, tx, community, payments)
}

// tipper writes down who gave a tip, if they said.
func tipper(ctx context.Context, tx *sqlx.Tx, community int, t Tip) (id *string, commitment []byte, err error) {
	if t.Name == "" {
		return nil, nil, nil
	}
	d, err := AddDonor(ctx, tx, community, t.Name, "", "zh-CN")
	text := d.ID.String()
	return &text, d.Commitment(), err
}
