package campaigns

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// MatchingPool is a 配捐: somebody's money that adds to others' gifts. It lies in
// a fund of its own, as a liability: it becomes the campaign's when a gift draws
// on it, and what nobody draws on goes where the sponsor said.
type MatchingPool struct {
	ID         int          `db:"id"`
	FundID     int          `db:"fund_id"`
	FundCode   string       `db:"fund_code"`
	CampaignID *int         `db:"campaign_id"` // nil: gifts to every campaign are matched
	SponsorZH  string       `db:"sponsor_zh"`  // as the sponsor wants to be named; empty if they do not
	SponsorEN  string       `db:"sponsor_en"`
	Rate       int          `db:"rate"`      // percent of the gift that is added: 100 doubles it
	DonorMax   money.Amount `db:"donor_max"` // for one person; zero is without a limit
	StartsOn   time.Time    `db:"starts_on"` // gifts paid from this day
	EndsOn     time.Time    `db:"ends_on"`   // until this one are matched
	RestFund   *int         `db:"rest_fund"` // where the rest goes; nil: back to the sponsor
	Laid       money.Amount `db:"laid"`      // what the sponsor laid in: the total cap
	Matched    money.Amount `db:"matched"`   // added to gifts, less what refunds brought back
	Settled    money.Amount `db:"settled"`   // of the rest, what has gone where the sponsor said
	Deposit    uuid.UUID    `db:"-"`         // optional: the form's own, so that a doubled click opens one pool
	Entry      int64        `db:"entry_seq"` // of what was laid in
	OpenedAt   time.Time    `db:"opened_at"`
	ClosedAt   *time.Time   `db:"closed_at"`
}

// Sponsor is the sponsor's name in the reader's language; empty for anonymous ones.
func (p MatchingPool) Sponsor(lang string) string { return inLanguage(lang, p.SponsorZH, p.SponsorEN) }

// Rest is what the pool still has.
func (p MatchingPool) Rest() money.Amount { return p.Laid.Sub(p.Matched).Sub(p.Settled) }

// Open tells whether gifts of a day are matched.
func (p MatchingPool) Open(day time.Time) bool {
	return p.ClosedAt == nil && p.Rest().Sign() > 0 && !day.Before(p.StartsOn) && !day.After(p.EndsOn)
}

// Adds is what the pool adds to a gift of somebody who gave nothing before.
func (p MatchingPool) Adds(gift money.Amount) money.Amount {
	adds := money.Min(money.FromFen(gift.Fen()*int64(p.Rate)/100), p.Rest())
	if p.DonorMax.Sign() > 0 {
		adds = money.Min(adds, p.DonorMax)
	}
	return adds
}

// OpenPool opens a pool with money that has come to the bank: all of it, so
// that what its page promises is there. One entry books it into the pool's own
// fund, against the liability. ledger.ErrDuplicateSource for the same deposit
// again; ErrRestFund where the rest could not be used as
// the sponsor wishes: in a pool's fund or an all-or-nothing campaign's.
func OpenPool(ctx context.Context, tx *sqlx.Tx, c ledger.Community, p MatchingPool, who string, at time.Time) (_ MatchingPool, err error) {
	defer wrap(&err, "campaigns.OpenPool(%d)", c.ID)
	if err = restFits(ctx, tx, c.ID, p.RestFund); err != nil {
		return p, err
	}
	if p.Rate == 0 {
		p.Rate = 100
	}
	if p.Deposit == uuid.Nil {
		if p.Deposit, err = uuid.NewV7(); err != nil {
			return p, err
		}
	}
	if err = tx.GetContext(ctx, &p.ID, `SELECT coalesce(max(id), 0) + 1 FROM campaigns.pool WHERE community_id = $1`, c.ID); err != nil {
		return p, err
	}
	fund, err := ledger.AddFund(ctx, tx, c.ID, ledger.Fund{
		Code: fmt.Sprintf("pool-%d", p.ID), NameZH: fmt.Sprintf("配捐池 %d", p.ID), NameEN: fmt.Sprintf("Matching pool %d", p.ID),
		Kind: ledger.PoolFund, Restricted: true,
	})
	if err != nil {
		return p, err
	}
	p.FundID, p.FundCode, p.OpenedAt = fund.ID, fund.Code, at
	bank, held, err := poolAccounts(ctx, tx, c.ID)
	if err != nil {
		return p, err
	}
	posted, err := ledger.Post(ctx, tx, c.ID, ledger.Entry{
		Date: c.Day(at), Kind: "pool", Source: "pool:" + p.Deposit.String(), Memo: "收到配捐款，等捐赠来配", Detail: fund.NameZH, PostedBy: who,
		Postings: []ledger.Posting{ledger.Debit(bank, fund.ID, p.Laid), ledger.Credit(held, fund.ID, p.Laid)},
	})
	if err != nil {
		return p, err
	}
	p.Entry = posted[0].Seq
	_, err = tx.ExecContext(ctx, `
		INSERT INTO campaigns.pool (community_id, id, fund_id, campaign_id, sponsor_zh, sponsor_en, rate, donor_max, starts_on, ends_on,
		                            rest_fund_id, laid, entry_seq, opened_by, opened_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8::numeric, 0), $9, $10, $11, $12, $13, $14, $15)`,
		c.ID, p.ID, p.FundID, p.CampaignID, p.SponsorZH, p.SponsorEN, p.Rate, p.DonorMax, p.StartsOn, p.EndsOn,
		p.RestFund, p.Laid, p.Entry, who, at)
	return p, err
}

// NamePool changes how a pool's sponsor is named; empty names take it back.
// ErrNotFound.
func NamePool(ctx context.Context, tx *sqlx.Tx, community, pool int, zh, en string) (err error) {
	defer wrap(&err, "campaigns.NamePool(%d, %d)", community, pool)
	return notFound(move(tx.ExecContext(ctx, `UPDATE campaigns.pool SET sponsor_zh = $3, sponsor_en = $4 WHERE community_id = $1 AND id = $2`,
		community, pool, zh, en)))
}

// restFits refuses a fund in which a pool's rest would not be simply income.
func restFits(ctx context.Context, tx *sqlx.Tx, community int, fund *int) error {
	if fund == nil {
		return nil
	}
	var fits bool
	err := tx.GetContext(ctx, &fits, `
		SELECT NOT EXISTS (SELECT FROM campaigns.campaign WHERE community_id = $1 AND fund_id = $2 AND kind = 'all_or_nothing')
		   AND NOT EXISTS (SELECT FROM campaigns.pool WHERE community_id = $1 AND fund_id = $2)`, community, *fund)
	if err == nil && !fits {
		err = ErrRestFund
	}
	return err
}

func poolAccounts(ctx context.Context, q sqlx.QueryerContext, community int) (bank, held int, err error) {
	book, err := ledger.OpenBook(ctx, q, community)
	if err != nil {
		return 0, 0, err
	}
	if bank, err = book.Account(ledger.Bank); err != nil {
		return 0, 0, err
	}
	held, err = book.Account(ledger.ConditionalDonations)
	return bank, held, err
}

// ClosePool ends a pool's matching and sends its rest where the sponsor said:
// into a fund, as income, or back to the sponsor, from the bank. Closed before,
// it sends what refunds have brought back since; ErrState where there is nothing.
// It returns what went.
func ClosePool(ctx context.Context, tx *sqlx.Tx, c ledger.Community, pool int, who string, at time.Time) (rest money.Amount, err error) {
	defer wrap(&err, "campaigns.ClosePool(%d, %d)", c.ID, pool)
	p, err := lockPool(ctx, tx, c.ID, pool)
	if err != nil {
		return rest, err
	}
	if rest = p.Rest(); rest.IsZero() && p.ClosedAt != nil {
		return rest, ErrState
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE campaigns.pool SET settled = settled + $3, closed_at = coalesce(closed_at, $4), closed_by = $5 WHERE community_id = $1 AND id = $2`,
		c.ID, pool, rest, at, who)
	if err != nil || rest.IsZero() {
		return rest, err
	}
	bank, held, err := poolAccounts(ctx, tx, c.ID)
	if err != nil {
		return rest, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return rest, err
	}
	entry := ledger.Entry{
		Date: c.Day(at), Kind: "pool_rest", Source: "pool_rest:" + id.String(), Memo: "配捐余款退还出资人", Detail: fmt.Sprintf("配捐池 %d", pool), PostedBy: who,
		Postings: []ledger.Posting{ledger.Debit(held, p.FundID, rest), ledger.Credit(bank, p.FundID, rest)},
	}
	if p.RestFund != nil {
		book, err := ledger.OpenBook(ctx, tx, c.ID)
		if err != nil {
			return rest, err
		}
		income, err := book.Account(ledger.OfflineDonations)
		if err != nil {
			return rest, err
		}
		entry.Memo = "配捐余款按出资人的意思转作捐赠"
		entry.Postings = append([]ledger.Posting{ledger.Debit(bank, *p.RestFund, rest), ledger.Credit(income, *p.RestFund, rest)}, entry.Postings...)
	}
	_, err = ledger.Post(ctx, tx, c.ID, entry)
	return rest, err
}

const selectPool = `
	SELECT p.id, p.fund_id, f.code AS fund_code, p.campaign_id, p.sponsor_zh, p.sponsor_en, p.rate, coalesce(p.donor_max, 0.00) AS donor_max,
	       p.starts_on, p.ends_on, p.rest_fund_id AS rest_fund, p.laid, p.matched, p.settled, p.entry_seq, p.opened_at, p.closed_at
	  FROM campaigns.pool p JOIN ledger.fund f ON f.community_id = p.community_id AND f.id = p.fund_id
	 WHERE p.community_id = $1`

func lockPool(ctx context.Context, tx *sqlx.Tx, community, id int) (p MatchingPool, err error) {
	err = tx.GetContext(ctx, &p, selectPool+` AND p.id = $2 FOR UPDATE OF p`, community, id)
	return p, err
}

// FindPool reads one pool; ErrNotFound.
func FindPool(ctx context.Context, q sqlx.QueryerContext, community, id int) (p MatchingPool, err error) {
	defer wrap(&err, "campaigns.FindPool(%d, %d)", community, id)
	err = sqlx.GetContext(ctx, q, &p, selectPool+` AND p.id = $2`, community, id)
	return p, err
}

// ListPools reads a community's pools, open ones first, the newest of them on top.
func ListPools(ctx context.Context, q sqlx.QueryerContext, community int) (ps []MatchingPool, err error) {
	defer wrap(&err, "campaigns.ListPools(%d)", community)
	err = sqlx.SelectContext(ctx, q, &ps, selectPool+` ORDER BY p.closed_at IS NOT NULL, p.id DESC`, community)
	return ps, err
}

// PoolsFor reads the pools that match or matched gifts to a campaign, the
// first opened first: in this order they match.
func PoolsFor(ctx context.Context, q sqlx.QueryerContext, community, campaign int) (ps []MatchingPool, err error) {
	defer wrap(&err, "campaigns.PoolsFor(%d, %d)", community, campaign)
	err = sqlx.SelectContext(ctx, q, &ps, selectPool+` AND (p.campaign_id IS NULL OR p.campaign_id = $2) ORDER BY p.id`, community, campaign)
	return ps, err
}
