package campaigns

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// NotReached is the reason on the refunds of a campaign that missed its goal.
const NotReached = "没有筹到目标，按约定退回"

// returnMax is how many gifts go back in one database transaction: other
// gifts to the community wait that long for the books.
const returnMax = 50

// ConcludeDue concludes the all-or-nothing campaigns that have ended, were
// closed, or stand at their goal, and sends back the gifts of those that
// missed it. It returns the campaigns whose figures moved. Several processes
// may run it at once, and what one leaves half done the next call goes on with:
// a gift goes back once.
//
// A campaign that is short of its goal at its end waits for the payments under
// way, at most PaymentWait, since a gift paid in time may be told late. A gift
// that cannot go back is tried again next time, and its error returned when the
// others are done.
func ConcludeDue(ctx context.Context, db *sqlx.DB, c ledger.Community, now time.Time, who string) (moved []int, err error) {
	defer wrap(&err, "campaigns.ConcludeDue(%d)", c.ID)
	var due []struct {
		ID      int  `db:"id"`
		Decided bool `db:"decided"`
	}
	err = sqlx.SelectContext(ctx, db, &due, `
		SELECT c.id, z.result IS NOT NULL AS decided
		  FROM campaigns.campaign c
		  JOIN campaigns.tally t ON t.community_id = c.community_id AND t.campaign_id = c.id
		  LEFT JOIN campaigns.conclusion z ON z.community_id = c.community_id AND z.campaign_id = c.id
		 WHERE c.community_id = $1 AND c.kind = 'all_or_nothing' AND c.state <> 'draft'
		   AND CASE WHEN z.result IS NOT NULL THEN z.result = 'unmet' AND t.raised > 0
		            WHEN t.raised + t.matched >= c.goal THEN true
		            ELSE (c.state = 'closed' OR c.ends_on < $2) AND NOT EXISTS (
		                 SELECT FROM campaigns.donation d WHERE d.community_id = c.community_id AND d.campaign_id = c.id
		                    AND d.state = 'pending' AND d.created_at > $3) END
		 ORDER BY c.id`, c.ID, c.Day(now).Format(time.DateOnly), now.Add(-PaymentWait))
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, campaign := range due {
		result := GoalUnmet
		if !campaign.Decided {
			err := ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
				z, err := Conclude(ctx, tx, c, campaign.ID, now, who)
				result = z.Result
				return err
			})
			if err != nil {
				errs = append(errs, err)
				continue
			}
		}
		if result == GoalUnmet {
			errs = append(errs, returnGifts(ctx, db, c, campaign.ID, now, who))
		}
		moved = append(moved, campaign.ID)
	}
	return moved, errors.Join(errs...)
}

// returnGifts sends back what is left of a campaign's gifts, a batch at a time;
// where a batch fails, its gifts go one by one.
func returnGifts(ctx context.Context, db *sqlx.DB, c ledger.Community, campaign int, now time.Time, who string) error {
	var errs []error
	for last := uuid.Nil; ; {
		var batch []uuid.UUID
		err := sqlx.SelectContext(ctx, db, &batch, `
			SELECT id FROM campaigns.donation
			 WHERE community_id = $1 AND campaign_id = $2 AND state = 'paid' AND refunded < amount AND id > $3 ORDER BY id LIMIT $4`,
			c.ID, campaign, last, returnMax)
		if err != nil || len(batch) == 0 {
			return errors.Join(append(errs, err)...)
		}
		last = batch[len(batch)-1]
		if returnBatch(ctx, db, c, campaign, batch, now, who) == nil {
			continue
		}
		for i := range batch {
			if err := ctx.Err(); err != nil {
				return errors.Join(append(errs, err)...)
			}
			errs = append(errs, returnBatch(ctx, db, c, campaign, batch[i:i+1], now, who))
		}
	}
}

func returnBatch(ctx context.Context, db *sqlx.DB, c ledger.Community, campaign int, batch []uuid.UUID, now time.Time, who string) error {
	ids := make(pq.StringArray, len(batch))
	for i, id := range batch {
		ids[i] = id.String()
	}
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		var left []struct { // by now, and all locked before the first goes back
			ID   uuid.UUID    `db:"id"`
			Left money.Amount `db:"rest"`
		}
		err := tx.SelectContext(ctx, &left, `
			SELECT id, amount - refunded AS rest FROM campaigns.donation
			 WHERE community_id = $1 AND id = ANY ($2::uuid[]) AND state = 'paid' AND refunded < amount ORDER BY id FOR UPDATE`, c.ID, ids)
		if err == nil {
			err = holdPools(ctx, tx, c.ID, campaign, ids)
		}
		for _, d := range left {
			if err == nil {
				err = giveBack(ctx, tx, c, d.ID, d.Left, now, who)
			}
		}
		return err
	})
}

// giveBack refunds what is left of a gift to a campaign that missed its goal.
// The refund's id comes of the gift's, so there is no second one.
func giveBack(ctx context.Context, tx *sqlx.Tx, c ledger.Community, donation uuid.UUID, left money.Amount, now time.Time, who string) error {
	_, err := RefundDonation(ctx, tx, c, donation, uuid.NewSHA1(donation, []byte("unmet")), left, NotReached, who, now)
	return err
}
