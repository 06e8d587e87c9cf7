package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger/money"
)

// FundKind says what a fund was set up for.
type FundKind string

// The kinds of fund.
const (
	GeneralFund  FundKind = "general"
	CampaignFund FundKind = "campaign"
	ProjectFund  FundKind = "project"
	VentureFund  FundKind = "venture"
	PoolFund     FundKind = "pool" // holds a sponsor's money that matches gifts
)

// GeneralFundID is the id of the fund without restriction that every community has.
const GeneralFundID = 1

// Fund is a 基金 (资金用途): a pot with or without a restriction.
type Fund struct {
	ID         int        `db:"id"` // unique in its community
	Code       string     `db:"code"`
	NameZH     string     `db:"name_zh"`
	NameEN     string     `db:"name_en"`
	Kind       FundKind   `db:"kind"`
	Restricted bool       `db:"restricted"` // 专款: given for one purpose
	ClosedAt   *time.Time `db:"closed_at"`
	// NetAssets is what the fund holds now: its assets less its liabilities.
	NetAssets money.Amount `db:"net_assets"`
}

// Name is the fund's name in the reader's language ("en", else Chinese).
func (f Fund) Name(lang string) string { return inLanguage(lang, f.NameZH, f.NameEN) }

// AddFund adds a fund and returns it with its new id; ErrExists if the code is taken.
func AddFund(ctx context.Context, tx *sqlx.Tx, community int, f Fund) (_ Fund, err error) {
	defer wrap(&err, "ledger.AddFund(%d, %s)", community, f.Code)
	err = tx.GetContext(ctx, &f.ID, `
		INSERT INTO ledger.fund (community_id, id, code, name_zh, name_en, kind, restricted)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6
		  FROM ledger.fund WHERE community_id = $1 RETURNING id`,
		community, f.Code, f.NameZH, f.NameEN, f.Kind, f.Restricted)
	return f, exists(err)
}

const selectFunds = `
	SELECT f.id, f.code, f.name_zh, f.name_en, f.kind, f.restricted, f.closed_at, coalesce(b.net_assets, 0.00) AS net_assets
	  FROM ledger.fund f LEFT JOIN ledger.fund_balance b ON b.community_id = f.community_id AND b.fund_id = f.id
	 WHERE f.community_id = $1`

// ListFunds reads a community's funds with what each holds, the general fund first.
func ListFunds(ctx context.Context, q sqlx.QueryerContext, community int) (funds []Fund, err error) {
	defer wrap(&err, "ledger.ListFunds(%d)", community)
	err = sqlx.SelectContext(ctx, q, &funds, selectFunds+` ORDER BY f.id`, community)
	return funds, err
}

// FindFund reads one fund by its code; ErrNotFound if there is none.
func FindFund(ctx context.Context, q sqlx.QueryerContext, community int, code string) (f Fund, err error) {
	defer wrap(&err, "ledger.FindFund(%d, %s)", community, code)
	err = sqlx.GetContext(ctx, q, &f, selectFunds+` AND f.code = $2`, community, code)
	return f, missing(err)
}

// FundAt reads one fund by its id; ErrNotFound if there is none.
func FundAt(ctx context.Context, q sqlx.QueryerContext, community, id int) (f Fund, err error) {
	defer wrap(&err, "ledger.FundAt(%d, %d)", community, id)
	err = sqlx.GetContext(ctx, q, &f, selectFunds+` AND f.id = $2`, community, id)
	return f, missing(err)
}

// RenameFund changes a fund's names; its code, kind and restriction never change.
func RenameFund(ctx context.Context, tx *sqlx.Tx, community, fund int, nameZH, nameEN string) (err error) {
	defer wrap(&err, "ledger.RenameFund(%d, %d)", community, fund)
	return one(tx.ExecContext(ctx, `UPDATE ledger.fund SET name_zh = $3, name_en = $4 WHERE community_id = $1 AND id = $2`,
		community, fund, nameZH, nameEN))
}

// CloseFund refuses further postings to the fund (ErrFundClosed).
func CloseFund(ctx context.Context, tx *sqlx.Tx, community, fund int) (err error) {
	defer wrap(&err, "ledger.CloseFund(%d, %d)", community, fund)
	return one(tx.ExecContext(ctx, `UPDATE ledger.fund SET closed_at = coalesce(closed_at, now()) WHERE community_id = $1 AND id = $2`, community, fund))
}

// ReopenFund lets postings in again.
func ReopenFund(ctx context.Context, tx *sqlx.Tx, community, fund int) (err error) {
	defer wrap(&err, "ledger.ReopenFund(%d, %d)", community, fund)
	return one(tx.ExecContext(ctx, `UPDATE ledger.fund SET closed_at = NULL WHERE community_id = $1 AND id = $2`, community, fund))
}

// exists turns a unique key's refusal into ErrExists.
func exists(err error) error {
	var dberr *pq.Error
	if errors.As(err, &dberr) && dberr.Code == "23505" {
		return errors.Join(ErrExists, err)
	}
	return err
}
