package schedule

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// How an item leaves before its months are over, or an asset after them.
const (
	Sold     = "sold"
	Given    = "given"    // to others, for the purpose
	Lost     = "lost"     // stolen, burnt, gone at a count
	Scrapped = "scrapped" // worn out
	Ended    = "ended"    // a prepaid item that is no longer used
)

// Disposal is how an item leaves.
type Disposal struct {
	Item     uuid.UUID
	How      string
	On       time.Time
	Proceeds money.Amount // what it brought
	Into     int          // the account in which that stands
	Why      string
	By       string
}

// Dispose takes an item out of the books: its months up to then are posted, and
// what is left of it, less what it brought, becomes an expense (or income). Of
// an asset the cost leaves its account and what was written off its contra
// account. ErrGone, ErrProceeds, ledger.ErrPeriodClosed.
func Dispose(ctx context.Context, tx *sqlx.Tx, c ledger.Community, d Disposal) (_ ledger.Posted, err error) {
	defer wrap(&err, "schedule.Dispose(%d, %s)", c.ID, d.Item)
	if err = lockPlans(ctx, tx, c.ID); err != nil {
		return ledger.Posted{}, err
	}
	i, err := ItemAt(ctx, tx, c.ID, d.Item)
	if err != nil {
		return ledger.Posted{}, err
	}
	switch {
	case i.GoneOn != nil || i.Void:
		return ledger.Posted{}, ErrGone
	case d.Proceeds.Sign() < 0 || d.Proceeds.Sign() > 0 && d.Into == 0:
		return ledger.Posted{}, ErrProceeds
	case d.On.Before(i.BoughtOn):
		return ledger.Posted{}, ErrTerms
	}
	// Its months up to then are posted, that one too (当月减少的固定资产，当月照提折旧).
	due, err := DueOf(ctx, tx, c.ID, i, d.On)
	if err != nil {
		return ledger.Posted{}, err
	}
	if _, err = post(ctx, tx, c.ID, due, d.On, d.By); err != nil {
		return ledger.Posted{}, err
	}
	if i, err = ItemAt(ctx, tx, c.ID, d.Item); err != nil {
		return ledger.Posted{}, err
	}
	postings, err := i.leaving(ctx, tx, c.ID, d)
	if err != nil {
		return ledger.Posted{}, err
	}
	var before int // disposals that were undone
	if err = tx.GetContext(ctx, &before, `SELECT count(*) FROM schedule.disposal WHERE community_id = $1 AND item_id = $2`, c.ID, i.ID); err != nil {
		return ledger.Posted{}, err
	}
	posted, err := ledger.Post(ctx, tx, c.ID, ledger.Entry{
		Date: d.On, Kind: "disposal", Source: fmt.Sprintf("disposal:%s:%d", i.ID, before+1), Memo: leavingMemo(i, d.How), Detail: d.Why,
		PostedBy: d.By, Postings: postings,
	})
	if err != nil {
		return ledger.Posted{}, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO schedule.disposal (community_id, item_id, entry_seq, how, gone_on, proceeds, why, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.ID, i.ID, posted[0].Seq, d.How, day(d.On), d.Proceeds, d.Why, d.By)
	return posted[0], err
}

// leaving are the postings by which an item leaves. Postings of 0.00 are left out.
func (i Item) leaving(ctx context.Context, tx *sqlx.Tx, community int, d Disposal) (postings []ledger.Posting, err error) {
	put := func(account int, amount money.Amount) {
		if !amount.IsZero() {
			postings = append(postings, ledger.Posting{Account: account, Fund: i.Fund, Amount: amount})
		}
	}
	left := i.Cost.Sub(i.Written())
	if i.Kind == Asset {
		put(i.Contra, i.Written())
		put(i.Account, i.Cost.Neg())
	} else {
		put(i.Account, left.Neg())
	}
	put(d.Into, d.Proceeds)
	rest := left.Sub(d.Proceeds)
	if rest.IsZero() {
		return postings, nil
	}
	account, err := i.restTo(ctx, tx, community, d.How, rest.Sign() > 0)
	put(account, rest)
	return postings, err
}

// restTo is the account that takes what is lost or won on an item that leaves.
func (i Item) restTo(ctx context.Context, tx *sqlx.Tx, community int, how string, lost bool) (int, error) {
	if i.Kind == Prepaid {
		return i.Expense, nil
	}
	purpose := ledger.OtherExpense
	switch {
	case !lost:
		purpose = ledger.OtherIncome
	case how == Given:
		purpose = ledger.ProgrammeExpense
	}
	book, err := ledger.OpenBook(ctx, tx, community)
	if err != nil {
		return 0, err
	}
	return book.Account(purpose)
}

func leavingMemo(i Item, how string) string {
	words := map[string]string{Sold: "出售", Given: "赠出", Lost: "盘亏", Scrapped: "报废", Ended: "提前结束"}
	if i.Kind == Asset {
		return "固定资产" + words[how] + "：" + i.Name
	}
	return "待摊项目" + words[how] + "：" + i.Name
}
