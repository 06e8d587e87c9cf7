package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

const (
	fillMonths    = 36   // how far back the books go
	fillCampaigns = 24   // beside the rig's own; most are closed
	fillOpen      = 3    // of those
	fillAtOnce    = 2000 // entries in one database transaction
)

// filler writes years of books in a minute: gifts, and now and then a purchase
// or a subsidy, spread evenly over fillMonths. Half of the gifts go to the rig's
// own campaign. The gifts have no receipts.
type filler struct {
	*rig
	book      ledger.Book
	campaigns []campaigns.Campaign // the rig's own first
	general   ledger.Fund
	entries   int
}

func (r *rig) newFiller(ctx context.Context) (*filler, error) {
	f := &filler{rig: r, campaigns: []campaigns.Campaign{r.campaign}}
	err := f.inTx(ctx, func(tx *sqlx.Tx) (err error) {
		if f.book, err = ledger.OpenBook(ctx, tx, r.community.ID); err != nil {
			return err
		}
		if f.general, err = ledger.FindFund(ctx, tx, r.community.ID, "general"); err != nil {
			return err
		}
		return f.addCampaigns(ctx, tx)
	})
	return f, err
}

func (f *filler) addCampaigns(ctx context.Context, tx *sqlx.Tx) error {
	today := f.community.Day(time.Now())
	for n := range fillCampaigns {
		ends := today.AddDate(0, 1-n*fillMonths/fillCampaigns, 0)
		if n >= fillOpen {
			ends = ends.AddDate(0, -2, 0)
		}
		c, err := campaigns.DraftCampaign(ctx, tx, f.community.ID, campaigns.Campaign{
			Slug: fmt.Sprintf("campaign-%d", n), TitleZH: fmt.Sprintf("第 %d 次募捐", n+1), TitleEN: fmt.Sprintf("Campaign %d", n+1),
			Theme: "elders", Goal: money.MustParse("20000"), Basis: campaigns.TargetedBasis,
			StartsOn: ends.AddDate(0, -2, 0), EndsOn: ends, CreatedBy: "system",
		})
		if err == nil {
			err = campaigns.Publish(ctx, tx, f.community.ID, c.ID, time.Now())
		}
		if err != nil {
			return err
		}
		f.campaigns = append(f.campaigns, c)
	}
	return nil
}

// fill posts until there are so many postings, two an entry.
func (f *filler) fill(ctx context.Context, postings int) error {
	last := postings / 2
	apart := fillMonths * 30 * 24 * time.Hour / time.Duration(last-f.entries)
	for f.entries < last {
		n := min(fillAtOnce, last-f.entries)
		entries, gifts := make([]ledger.Entry, n), filledGifts{}
		for i := range entries {
			back := apart * time.Duration(last-f.entries-i-1)
			var err error
			if entries[i], err = f.entry(f.entries+i, f.community.Day(time.Now().Add(-back)), &gifts); err != nil {
				return err
			}
		}
		err := f.inTx(ctx, func(tx *sqlx.Tx) error {
			if _, err := ledger.Post(ctx, tx, f.community.ID, entries...); err != nil {
				return err
			}
			return gifts.store(ctx, tx, f.community.ID)
		})
		if err != nil {
			return err
		}
		f.entries += n
	}
	_, err := f.owner.ExecContext(ctx, `VACUUM ANALYZE`)
	return err
}

// entry is the n-th entry of the books.
func (f *filler) entry(n int, day time.Time, gifts *filledGifts) (ledger.Entry, error) {
	campaign := f.campaigns[0]
	if n%2 == 1 {
		campaign = f.campaigns[n/2%len(f.campaigns)]
	}
	amount := money.FromFen(int64(500 + n*3700%20000))
	e := ledger.Entry{Date: day, PostedBy: "system"}
	var from, to ledger.Purpose
	fund := campaign.FundID
	switch {
	case n%50 == 49:
		e.Kind, e.Memo, e.Detail, e.Source = "manual", "街道服务补贴", "银行转账", fmt.Sprintf("manual:%d", n)
		to, from, fund = ledger.Bank, ledger.SubsidyIncome, f.general.ID
	case n%20 >= 18: // one in ten
		e.Kind, e.Memo, e.Detail, e.Source = "expense", "采购食材", "发票齐全", fmt.Sprintf("manual:%d", n)
		to, from, amount = ledger.ProgrammeExpense, ledger.Bank, money.FromFen(500)
	default:
		id := uuid.Must(uuid.NewV7())
		e.Kind, e.Memo, e.Detail, e.Source = "donation", "捐赠", "网上", "donation:"+id.String()
		to, from = ledger.Clearing("sandbox"), ledger.OnlineDonations
		gifts.add(id, campaign.ID, amount, day)
	}
	debit, err := f.book.Account(to)
	if err != nil {
		return e, err
	}
	credit, err := f.book.Account(from)
	e.Postings = []ledger.Posting{ledger.Debit(debit, fund, amount), ledger.Credit(credit, fund, amount)}
	return e, err
}

// filledGifts are the donations behind a batch of entries.
type filledGifts struct {
	ids, amounts, days pq.StringArray
	campaigns          pq.Int64Array
}

func (g *filledGifts) add(id uuid.UUID, campaign int, amount money.Amount, day time.Time) {
	g.ids, g.amounts = append(g.ids, id.String()), append(g.amounts, amount.String())
	g.campaigns, g.days = append(g.campaigns, int64(campaign)), append(g.days, day.Format(time.DateOnly))
}

func (g *filledGifts) store(ctx context.Context, tx *sqlx.Tx, community int) error {
	_, err := tx.ExecContext(ctx, `
		WITH given AS (
		       INSERT INTO campaigns.donation (community_id, id, campaign_id, state, amount, currency, method, created_at, paid_at, entry_seq)
		       SELECT $1, u.id, u.campaign, 'paid', u.amount, 'CNY', 'sandbox', u.day, u.day, e.seq
		         FROM unnest($2::uuid[], $3::int[], $4::numeric[], $5::date[]) AS u (id, campaign, amount, day)
		         JOIN ledger.journal_entry e ON e.community_id = $1 AND e.source = 'donation:' || u.id
		       RETURNING campaign_id, amount)
		UPDATE campaigns.tally t SET raised = t.raised + g.raised, gifts = t.gifts + g.gifts
		  FROM (SELECT campaign_id, sum(amount) AS raised, count(*) AS gifts FROM given GROUP BY campaign_id) g
		 WHERE t.community_id = $1 AND t.campaign_id = g.campaign_id`, community, g.ids, g.campaigns, g.amounts, g.days)
	return err
}
