package project

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Allot moves voted money from the general fund into the project's own fund, at
// the bank; a negative amount gives back what was not needed. It is a transfer
// between two unrestricted funds: nothing is earned or spent. id makes it safe
// to send the form twice (ledger.ErrDuplicateSource). ErrRestricted for a
// project that a campaign pays for, ErrNothing for 0.00.
func Allot(ctx context.Context, tx *sqlx.Tx, community int, p Project, amount money.Amount, day time.Time, id uuid.UUID, who string) (_ ledger.Posted, err error) {
	defer wrap(&err, "project.Allot(%d, %s)", community, p.Slug)
	switch {
	case p.Restricted:
		return ledger.Posted{}, ErrRestricted
	case amount.IsZero():
		return ledger.Posted{}, ErrNothing
	}
	accounts, err := ledger.ListAccounts(ctx, tx, community)
	if err != nil {
		return ledger.Posted{}, err
	}
	bank, ok1 := accounts.By(ledger.Bank)
	net, ok2 := accounts.By(ledger.UnrestrictedNetAssets)
	if !ok1 || !ok2 {
		return ledger.Posted{}, fmt.Errorf("%w: the chart has no bank or no unrestricted net assets", ledger.ErrUnknownAccount)
	}
	memo, from, to := "拨付项目款："+p.TitleZH, ledger.GeneralFundID, p.FundID
	if amount.Sign() < 0 {
		memo, from, to = "退回项目结余："+p.TitleZH, to, from
	}
	moved := amount.Abs()
	posted, err := ledger.Post(ctx, tx, community, ledger.Entry{
		Date: day, Kind: "transfer", Source: "allotment:" + id.String(), Memo: memo, Detail: p.CouncilZH, PostedBy: who,
		Postings: []ledger.Posting{
			ledger.Debit(bank.ID, to, moved), ledger.Credit(net.ID, to, moved),
			ledger.Debit(net.ID, from, moved), ledger.Credit(bank.ID, from, moved),
		},
	})
	if err != nil {
		return ledger.Posted{}, err
	}
	return posted[0], nil
}
