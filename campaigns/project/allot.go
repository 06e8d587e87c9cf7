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
// the bank; a negative amount gives back what was not needed. It is a transfer:
// nothing is earned or spent. id makes it safe to send the form twice
// (ledger.ErrDuplicateSource). ErrRestricted for taking back from a project whose
// money is for its purpose alone, ErrNothing for 0.00.
func Allot(ctx context.Context, tx *sqlx.Tx, community int, p Project, amount money.Amount, day time.Time, id uuid.UUID, who string) (_ ledger.Posted, err error) {
	defer wrap(&err, "project.Allot(%d, %s)", community, p.Slug)
	switch {
	case p.Restricted && amount.Sign() < 0:
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
	its, ok3 := accounts.By(ledger.Fund{Restricted: p.Restricted}.NetAssetsPurpose())
	if !ok1 || !ok2 || !ok3 {
		return ledger.Posted{}, fmt.Errorf("%w: the chart has no bank or no unrestricted net assets", ledger.ErrUnknownAccount)
	}
	memo, from, to, out, in := "拨付项目款："+p.TitleZH, ledger.GeneralFundID, p.FundID, net, its
	if amount.Sign() < 0 {
		memo, from, to, out, in = "退回项目结余："+p.TitleZH, to, from, in, out
	}
	moved := amount.Abs()
	posted, err := ledger.Post(ctx, tx, community, ledger.Entry{
		Date: day, Kind: "transfer", Source: "allotment:" + id.String(), Memo: memo, Detail: p.CouncilZH, PostedBy: who,
		Postings: []ledger.Posting{
			ledger.Debit(bank.ID, to, moved), ledger.Credit(in.ID, to, moved),
			ledger.Debit(out.ID, from, moved), ledger.Credit(bank.ID, from, moved),
		},
	})
	if err != nil {
		return ledger.Posted{}, err
	}
	return posted[0], nil
}
