package schedule

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Kind is what is to be posted each month.
type Kind string

// The kinds of plan. Asset and Prepaid are items; a Recurring entry is none.
const (
	Asset     Kind = "asset"
	Prepaid   Kind = "prepaid"
	Recurring Kind = "recurring"
)

// Item is a fixed asset (固定资产) or a prepaid item (待摊费用).
type Item struct {
	ID       uuid.UUID    `db:"id"`
	Kind     Kind         `db:"kind"`
	Number   int          `db:"number"` // in the register of its kind, from 1
	Name     string       `db:"name"`
	Place    string       `db:"place"`
	Holder   string       `db:"holder"`
	Fund     int          `db:"fund_id"`
	Account  int          `db:"account_id"` // where the cost stands
	Contra   int          `db:"contra_id"`  // what it is written off against; of a prepaid item, Account
	Expense  int          `db:"expense_id"`
	BoughtOn time.Time    `db:"bought_on"`
	Cost     money.Amount `db:"cost"`
	Residual money.Amount `db:"residual"` // what it is worth after its months
	First    time.Time    `db:"first_month"`
	Months   int          `db:"months"` // 1 to 600
	// Since is the first month that is posted here. What was written off before
	// came in with the opening balance.
	Since    time.Time `db:"since"`
	EntrySeq *int64    `db:"entry_seq"` // by which it came; nil: with the opening balance
	By       string    `db:"made_by"`

	Posted money.Amount `db:"posted"` // written off here so far
	Void   bool         `db:"void"`   // its entry is reversed
	GoneOn *time.Time   `db:"gone_on"`
	How    string       `db:"how"` // it left: sold, given, lost, scrapped, ended
}

// Share is what an item costs in a month.
type Share struct {
	Month  time.Time
	Amount money.Amount
}

// Shares is the whole schedule: equal months to the fen, the last of which
// takes the rest. They sum to cost less residual value.
func (i Item) Shares() []Share {
	shares := make([]Share, 0, i.Months)
	whole := i.Cost.Sub(i.Residual).Fen()
	each := whole / int64(i.Months)
	for n := range i.Months {
		amount := each
		if n == i.Months-1 {
			amount = whole - each*int64(n)
		}
		shares = append(shares, Share{i.First.AddDate(0, n, 0), money.FromFen(amount)})
	}
	return shares
}

// Before is what was written off before Since.
func (i Item) Before() (sum money.Amount) {
	for _, s := range i.Shares() {
		if s.Month.Before(i.Since) {
			sum = sum.Add(s.Amount)
		}
	}
	return sum
}

// Written is what is written off of the cost so far.
func (i Item) Written() money.Amount { return i.Before().Add(i.Posted) }

// Value is what the books still have of it: nothing, once it has left.
func (i Item) Value() money.Amount {
	if i.Void || i.GoneOn != nil {
		return money.Zero
	}
	return i.Cost.Sub(i.Written())
}

// Last is the last month of the schedule.
func (i Item) Last() time.Time { return i.First.AddDate(0, i.Months-1, 0) }

// Code is the item's number in the register: G-0007 (固定资产), T-0002 (待摊).
func (i Item) Code() string {
	if i.Kind == Prepaid {
		return fmt.Sprintf("T-%04d", i.Number)
	}
	return fmt.Sprintf("G-%04d", i.Number)
}

// MonthAfter is when the depreciation of what was bought on a day begins: with
// the next month (当月增加的固定资产，当月不提折旧).
func MonthAfter(day time.Time) time.Time { return ledger.MonthOf(day).AddDate(0, 1, 0) }

func (i Item) validate(chart ledger.Accounts) error {
	account, _ := chart.ID(i.Account)
	contra, _ := chart.ID(i.Contra)
	expense, _ := chart.ID(i.Expense)
	switch {
	case account.Type != ledger.Asset || contra.Type != ledger.Asset || expense.Type != ledger.Expense,
		i.Kind == Prepaid && i.Contra != i.Account, i.Kind == Asset && i.Contra == i.Account:
		return ErrAccounts
	case i.Cost.Sign() <= 0 || i.Residual.Sign() < 0 || i.Residual.Cmp(i.Cost) >= 0 || i.Months < 1 || i.Months > 600 || i.Since.Before(i.First),
		i.Cost.Sub(i.Residual).Fen() < int64(i.Months), i.Since.After(i.Last().AddDate(0, 1, 0)):
		return ErrTerms
	}
	return nil
}

// Register writes an item into its register and returns it with its number. It
// came by the entry i.EntrySeq (ErrEntry where that did not put so much into the
// account), or is bought now out of the account paidFrom (a bank, a payable,
// the stores into which a gift in kind came), or, with neither, stood in the
// opening balance. The ID makes it safe to send the form twice
// (ledger.ErrDuplicateSource). ErrAccounts, ErrTerms.
func Register(ctx context.Context, tx *sqlx.Tx, c ledger.Community, i Item, paidFrom int) (_ Item, err error) {
	defer wrap(&err, "schedule.Register(%d, %s)", c.ID, i.Kind)
	i.First, i.Since, i.Name = ledger.MonthOf(i.First), ledger.MonthOf(i.Since), strings.TrimSpace(i.Name)
	chart, err := ledger.ListAccounts(ctx, tx, c.ID)
	if err != nil {
		return i, err
	}
	if err = i.validate(chart); err != nil {
		return i, err
	}
	switch {
	case paidFrom != 0:
		if err = i.buy(ctx, tx, c.ID, paidFrom); err != nil {
			return i, err
		}
	case i.EntrySeq != nil:
		if err = i.came(ctx, tx, c.ID); err != nil {
			return i, err
		}
	}
	err = tx.GetContext(ctx, &i.Number, `
		INSERT INTO schedule.item (community_id, id, kind, number, name, place, holder, fund_id, account_id, contra_id, expense_id, bought_on,
		                           cost, residual, first_month, months, since, entry_seq, made_by)
		SELECT $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
		  FROM schedule.item WHERE community_id = $1 AND kind = $3 RETURNING number`,
		c.ID, i.ID, i.Kind, i.Name, i.Place, i.Holder, i.Fund, i.Account, i.Contra, i.Expense, day(i.BoughtOn),
		i.Cost, i.Residual, day(i.First), i.Months, day(i.Since), i.EntrySeq, i.By)
	return i, err
}

// buy posts the purchase.
func (i *Item) buy(ctx context.Context, tx *sqlx.Tx, community, paidFrom int) error {
	memo := "购入固定资产：" + i.Name
	if i.Kind == Prepaid {
		memo = "预付：" + i.Name
	}
	posted, err := ledger.Post(ctx, tx, community, ledger.Entry{
		Date: i.BoughtOn, Kind: string(i.Kind), Source: string(i.Kind) + ":" + i.ID.String(), Memo: memo, PostedBy: i.By,
		Postings: []ledger.Posting{ledger.Debit(i.Account, i.Fund, i.Cost), ledger.Credit(paidFrom, i.Fund, i.Cost)},
	})
	if err == nil {
		i.EntrySeq = &posted[0].Seq
	}
	return err
}

// came makes sure that the item's entry put as much as its cost into its
// account, beside what came by the same entry already.
func (i *Item) came(ctx context.Context, tx *sqlx.Tx, community int) error {
	lines, err := ledger.Lines(ctx, tx, community, *i.EntrySeq)
	if err != nil {
		return err
	}
	var rest money.Amount
	err = tx.GetContext(ctx, &rest, `
		SELECT -coalesce(sum(cost), 0.00) FROM schedule.item WHERE community_id = $1 AND entry_seq = $2 AND account_id = $3 AND fund_id = $4`,
		community, *i.EntrySeq, i.Account, i.Fund)
	for _, l := range lines {
		if l.AccountID == i.Account && l.FundID == i.Fund {
			rest = rest.Add(l.Amount)
		}
	}
	if err == nil && rest.Cmp(i.Cost) < 0 {
		err = ErrEntry
	}
	return err
}

// Move changes what an item is called, where it stands, and who has it.
func Move(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, name, place, holder string) (err error) {
	defer wrap(&err, "schedule.Move(%d, %s)", community, id)
	result, err := tx.ExecContext(ctx, `UPDATE schedule.item SET name = $3, place = $4, holder = $5 WHERE community_id = $1 AND id = $2`,
		community, id, name, place, holder)
	return touched(result, err)
}

// reversed tells, of a row x with an entry, that the entry is reversed.
const reversed = `EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = x.community_id AND r.reverses_seq = x.entry_seq)`

const selectItem = `
	SELECT i.id, i.kind, i.number, i.name, i.place, i.holder, i.fund_id, i.account_id, i.contra_id, i.expense_id, i.bought_on, i.cost, i.residual,
	       i.first_month, i.months, i.since, i.entry_seq, i.made_by,
	       (SELECT ` + reversed + ` FROM (SELECT i.community_id, i.entry_seq) x) AS void, d.gone_on, coalesce(d.how, '') AS how,
	       coalesce((SELECT -sum(p.amount) FROM schedule.turn x
	                   JOIN ledger.posting p ON p.community_id = x.community_id AND p.seq = x.entry_seq AND p.account_id = i.contra_id
	                  WHERE x.community_id = i.community_id AND x.plan_id = i.id AND NOT ` + reversed + `), 0.00) AS posted
	  FROM schedule.item i
	  LEFT JOIN LATERAL (SELECT x.gone_on, x.how FROM schedule.disposal x
	                      WHERE x.community_id = i.community_id AND x.item_id = i.id AND NOT ` + reversed + ` LIMIT 1) d ON true
	 WHERE i.community_id = $1`

// ItemAt reads one item; ErrNotFound.
func ItemAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (i Item, err error) {
	defer wrap(&err, "schedule.ItemAt(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &i, selectItem+` AND i.id = $2`, community, id)
	return i, err
}

// ListItems reads a register by number: the items of a kind, those that left
// and those whose entry is reversed too.
func ListItems(ctx context.Context, q sqlx.QueryerContext, community int, kind Kind) (items []Item, err error) {
	defer wrap(&err, "schedule.ListItems(%d, %s)", community, kind)
	err = sqlx.SelectContext(ctx, q, &items, selectItem+` AND i.kind = $2 ORDER BY i.number`, community, kind)
	return items, err
}
