package campaigns

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Result is what became of an all-or-nothing campaign; empty while nothing is
// decided.
type Result string

// The two results.
const (
	GoalMet   Result = "met"   // the money is income, for the campaign's purpose
	GoalUnmet Result = "unmet" // every gift goes back
)

// Conclusion is the decision on an all-or-nothing campaign (不成则退). It is
// made once and never changes, whatever is refunded or arrives afterwards.
type Conclusion struct {
	CampaignID  int          `db:"campaign_id"`
	Result      Result       `db:"result"`
	Raised      money.Amount `db:"raised"` // when it was decided: what became income, or what goes back to the donors
	Gifts       int          `db:"gifts"`
	EntrySeq    *int64       `db:"entry_seq"` // of the entry that made the money income
	ConcludedBy string       `db:"concluded_by"`
	ConcludedAt time.Time    `db:"concluded_at"`
}

// Conclude decides an all-or-nothing campaign. Where it has reached its goal,
// one entry moves what it holds from the liability to income, in the shares in
// which it came online and by hand: the condition is fulfilled, so the gift is
// income from then on (ASU 2018-08 says the same), and the work can begin
// before the campaign's last day. Where it has ended, or was closed, without,
// the decision is that every gift goes back; ConcludeDue sends them.
//
// Decided before, it returns the decision. ErrState while the goal is ahead and
// the end too, and for campaigns that keep what they raise.
func Conclude(ctx context.Context, tx *sqlx.Tx, c ledger.Community, campaign int, at time.Time, who string) (z Conclusion, err error) {
	defer wrap(&err, "campaigns.Conclude(%d, %d)", c.ID, campaign)
	decided, err := holdConditional(ctx, tx, c.ID, campaign)
	if err != nil {
		return z, err
	}
	if decided[campaign] != "" {
		return FindConclusion(ctx, tx, c.ID, campaign)
	}
	of, err := CampaignAt(ctx, tx, c.ID, campaign)
	if err != nil {
		return z, err
	}
	z = Conclusion{CampaignID: campaign, Result: GoalUnmet, Raised: of.Raised.Sub(of.Matched), Gifts: of.Gifts, ConcludedBy: who, ConcludedAt: at}
	met := !of.Raised.Less(of.Goal)
	over := of.State == Closed || c.Day(at).After(of.EndsOn)
	switch {
	case of.Kind != AllOrNothing, of.State == Draft, !met && !over:
		return Conclusion{}, ErrState
	case met:
		z.Result, z.Raised = GoalMet, of.Raised
		if z.EntrySeq, err = release(ctx, tx, c.ID, of, z); err != nil {
			return Conclusion{}, err
		}
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO campaigns.conclusion (community_id, campaign_id, result, raised, gifts, entry_seq, concluded_by, concluded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.ID, z.CampaignID, z.Result, z.Raised, z.Gifts, z.EntrySeq, z.ConcludedBy, z.ConcludedAt)
	return z, err
}

// release posts the entry that makes a campaign's conditional gifts income.
func release(ctx context.Context, tx *sqlx.Tx, community int, of Campaign, z Conclusion) (*int64, error) {
	var byHand money.Amount
	err := tx.GetContext(ctx, &byHand, `
		SELECT coalesce(sum(amount - refunded), 0.00) FROM campaigns.donation
		 WHERE community_id = $1 AND campaign_id = $2 AND state = 'paid' AND method IN ($3, $4)`, community, of.ID, byCash, byTransfer)
	if err != nil {
		return nil, err
	}
	byHand = byHand.Add(of.Matched)
	book, err := ledger.OpenBook(ctx, tx, community)
	if err != nil {
		return nil, err
	}
	entry := ledger.Entry{
		Date: book.EntryDate(z.ConcludedAt, time.Now()), Kind: "conclusion", Source: fmt.Sprintf("conclusion:%d", of.ID),
		Memo: "筹到目标，代管的捐赠转为收入", Detail: fmt.Sprintf("%d 份捐赠", z.Gifts), PostedBy: z.ConcludedBy,
	}
	for _, side := range []struct {
		account ledger.Purpose
		debit   money.Amount
	}{
		{ledger.ConditionalDonations, z.Raised},
		{ledger.OnlineDonations, byHand.Sub(z.Raised)},
		{ledger.OfflineDonations, byHand.Neg()},
	} {
		if side.debit.IsZero() {
			continue
		}
		account, err := book.Account(side.account)
		if err != nil {
			return nil, err
		}
		entry.Postings = append(entry.Postings, ledger.Debit(account, of.FundID, side.debit))
	}
	posted, err := ledger.Post(ctx, tx, community, entry)
	if err != nil {
		return nil, err
	}
	return &posted[0].Seq, nil
}

// holdConditional keeps what is decided of all-or-nothing campaigns from
// changing until the transaction ends, and says what that is. Everybody who
// moves such a campaign's money comes through here, after the donations and
// before the books, so that nobody waits in a circle. Other campaigns are not
// held.
func holdConditional(ctx context.Context, tx *sqlx.Tx, community int, ids ...int) (map[int]Result, error) {
	decided := map[int]Result{}
	held, err := tx.ExecContext(ctx, `
		SELECT FROM campaigns.tally t JOIN campaigns.campaign c ON c.community_id = t.community_id AND c.id = t.campaign_id
		 WHERE t.community_id = $1 AND t.campaign_id = ANY ($2) AND c.kind = 'all_or_nothing' ORDER BY t.campaign_id FOR UPDATE OF t`,
		community, pq.Array(ids))
	if err != nil {
		return nil, err
	}
	if n, err := held.RowsAffected(); err != nil || n == 0 {
		return decided, err
	}
	var rows []Conclusion // a statement of its own: it sees what the one before has waited for
	err = tx.SelectContext(ctx, &rows, `SELECT campaign_id, result FROM campaigns.conclusion WHERE community_id = $1 AND campaign_id = ANY ($2)`,
		community, pq.Array(ids))
	for _, z := range rows {
		decided[z.CampaignID] = z.Result
	}
	return decided, err
}

// heed learns what is decided of the all-or-nothing campaigns that gifts about
// to be booked are for.
func heed(ctx context.Context, tx *sqlx.Tx, community int, gifts []*waiting) error {
	var ids []int
	for _, d := range gifts {
		if d.Kind == AllOrNothing && !slices.Contains(ids, d.CampaignID) {
			ids = append(ids, d.CampaignID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	decided, err := holdConditional(ctx, tx, community, ids...)
	for _, d := range gifts {
		d.Result = decided[d.CampaignID]
	}
	return err
}

// keepPromise does what gifts that were just booked call for: it sends back
// those that came after their campaign failed, and concludes the campaigns that
// they brought to their goal.
func keepPromise(ctx context.Context, tx *sqlx.Tx, community int, gifts []*waiting) error {
	var late []*waiting
	var undecided []int
	for _, d := range gifts {
		switch {
		case d.Result == GoalUnmet:
			late = append(late, d)
		case d.conditional() && !slices.Contains(undecided, d.CampaignID):
			undecided = append(undecided, d.CampaignID)
		}
	}
	if len(late)+len(undecided) == 0 {
		return nil
	}
	c, err := ledger.CommunityAt(ctx, tx, community)
	if err != nil {
		return err
	}
	for _, d := range late {
		if err := giveBack(ctx, tx, c, d.ID, d.Amount, time.Now(), "system"); err != nil {
			return err
		}
	}
	var reached []struct {
		Campaign int       `db:"campaign_id"`
		At       time.Time `db:"at"`
	}
	err = tx.SelectContext(ctx, &reached, `
		SELECT t.campaign_id, (SELECT max(d.paid_at) FROM campaigns.donation d
		                        WHERE d.community_id = t.community_id AND d.campaign_id = t.campaign_id AND d.state = 'paid') AS at
		  FROM campaigns.tally t JOIN campaigns.campaign c ON c.community_id = t.community_id AND c.id = t.campaign_id
		 WHERE t.community_id = $1 AND t.campaign_id = ANY ($2) AND t.raised + t.matched >= c.goal ORDER BY t.campaign_id`, community, pq.Array(undecided))
	for _, r := range reached {
		if err == nil {
			_, err = Conclude(ctx, tx, c, r.Campaign, r.At, "system")
		}
	}
	return err
}

// FindConclusion reads what was decided of a campaign; ErrNotFound while
// nothing is.
func FindConclusion(ctx context.Context, q sqlx.QueryerContext, community, campaign int) (z Conclusion, err error) {
	defer wrap(&err, "campaigns.FindConclusion(%d, %d)", community, campaign)
	err = sqlx.GetContext(ctx, q, &z, `
		SELECT campaign_id, result, raised, gifts, entry_seq, concluded_by, concluded_at
		  FROM campaigns.conclusion WHERE community_id = $1 AND campaign_id = $2`, community, campaign)
	return z, err
}
