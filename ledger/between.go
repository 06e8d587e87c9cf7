package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// What verbs between funds refuse.
var (
	ErrSameFund   = errors.New("ledger: money moves between two funds, not within one")
	ErrNoMoney    = errors.New("ledger: the fund has not that much money there")
	ErrNoReason   = errors.New("ledger: a reason is needed")
	ErrNeedsVote  = errors.New("ledger: restricted money leaves its fund only by a motion that was voted")
	ErrOverRepaid = errors.New("ledger: more than is still owed")
	ErrRepaid     = errors.New("ledger: something of the loan is repaid already")
)

// FundLoan is money that one fund lends another. It stays in the same bank
// account or cash box; what changes is whose it is, and that it comes back.
type FundLoan struct {
	ID       uuid.UUID    `db:"id"`
	From     int          `db:"from_fund"`
	To       int          `db:"to_fund"`
	Account  int          `db:"account_id"` // where the money lies: bank, cash
	Amount   money.Amount `db:"amount"`
	LentOn   time.Time    `db:"lent_on"`
	DueOn    *time.Time   `db:"due_on"` // nil: when it can
	Why      string       `db:"why"`    // 1 to 200 characters
	By       string       `db:"made_by"`
	EntrySeq int64        `db:"entry_seq"`
	Voucher  string       `db:"voucher"`
	Repaid   money.Amount `db:"repaid"`
	Undone   bool         `db:"undone"`
}

// Rest is what is still owed.
func (l FundLoan) Rest() money.Amount {
	if l.Undone {
		return money.Zero
	}
	return l.Amount.Sub(l.Repaid)
}

// Age is how many days a loan stands on a day.
func (l FundLoan) Age(on time.Time) int { return int(on.Sub(l.LentOn).Hours() / 24) }

// Overdue reports a loan that should have come back by a day.
func (l FundLoan) Overdue(on time.Time) bool {
	return l.DueOn != nil && on.After(*l.DueOn) && l.Rest().Sign() > 0
}

// LendBetweenFunds posts a loan from one fund to another through the account
// between funds: both keep their net assets. The ID makes it safe to send the
// form twice (ErrDuplicateSource). ErrSameFund, ErrNoReason, ErrNoMoney where
// the lender has not that much in the account.
func LendBetweenFunds(ctx context.Context, tx *sqlx.Tx, c Community, l FundLoan) (_ Posted, err error) {
	defer wrap(&err, "ledger.LendBetweenFunds(%d)", c.ID)
	switch {
	case l.From == l.To:
		return Posted{}, ErrSameFund
	case l.Why == "":
		return Posted{}, ErrNoReason
	}
	book, err := OpenBook(ctx, tx, c.ID)
	if err != nil {
		return Posted{}, err
	}
	between, err := book.Account(BetweenFunds)
	if err != nil {
		return Posted{}, err
	}
	posted, err := shift(ctx, tx, c.ID, shifting{l.From, l.To, l.Account, l.Amount}, between, between, Entry{
		Date: l.LentOn, Kind: "fund_loan", Source: "fund_loan:" + l.ID.String(), Memo: "资金间借款", Detail: l.Why, PostedBy: l.By,
	})
	if err != nil {
		return posted, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO ledger.fund_loan (community_id, id, from_fund, to_fund, account_id, amount, lent_on, due_on, why, entry_seq, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		c.ID, l.ID, l.From, l.To, l.Account, l.Amount, l.LentOn.Format(time.DateOnly), dayOrNull(l.DueOn), l.Why, posted.Seq, l.By)
	return posted, err
}

// FundRepayment is a part of a loan, or all of it, on its way back.
type FundRepayment struct {
	ID     uuid.UUID
	Loan   uuid.UUID
	Amount money.Amount
	On     time.Time
	By     string
}

// RepayBetweenFunds posts a repayment. ErrOverRepaid beyond the loan's rest,
// ErrNoMoney where the borrower has not that much in the account, ErrNotFound,
// ErrDuplicateSource.
func RepayBetweenFunds(ctx context.Context, tx *sqlx.Tx, c Community, r FundRepayment) (_ Posted, err error) {
	defer wrap(&err, "ledger.RepayBetweenFunds(%d)", c.ID)
	l, err := FundLoanAt(ctx, tx, c.ID, r.Loan)
	if err != nil {
		return Posted{}, err
	}
	if r.Amount.Cmp(l.Rest()) > 0 {
		return Posted{}, ErrOverRepaid
	}
	book, err := OpenBook(ctx, tx, c.ID)
	if err != nil {
		return Posted{}, err
	}
	between, err := book.Account(BetweenFunds)
	if err != nil {
		return Posted{}, err
	}
	posted, err := shift(ctx, tx, c.ID, shifting{l.To, l.From, l.Account, r.Amount}, between, between, Entry{
		Date: r.On, Kind: "fund_repayment", Source: "fund_repayment:" + r.ID.String(), Memo: "归还资金间借款", Detail: "借款凭证 " + l.Voucher, PostedBy: r.By,
	})
	if err != nil {
		return posted, err
	}
	// The book is locked now: nobody else repays between this look and the commit.
	if l, err = FundLoanAt(ctx, tx, c.ID, r.Loan); err != nil {
		return posted, err
	}
	if r.Amount.Cmp(l.Rest()) > 0 {
		return posted, ErrOverRepaid
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO ledger.fund_repayment (community_id, id, loan_id, amount, repaid_on, entry_seq, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.ID, r.ID, r.Loan, r.Amount, r.On.Format(time.DateOnly), posted.Seq, r.By)
	return posted, err
}

// UndoFundLoan reverses a loan that was entered wrongly. ErrRepaid once
// something of it came back: reverse that first.
func UndoFundLoan(ctx context.Context, tx *sqlx.Tx, c Community, id uuid.UUID, day time.Time, why, who string) (_ Posted, err error) {
	defer wrap(&err, "ledger.UndoFundLoan(%d, %s)", c.ID, id)
	l, err := FundLoanAt(ctx, tx, c.ID, id)
	if err != nil {
		return Posted{}, err
	}
	posted, err := Reverse(ctx, tx, c.ID, l.EntrySeq, day, why, who)
	if err != nil {
		return posted, err
	}
	if l, err = FundLoanAt(ctx, tx, c.ID, id); err == nil && !l.Repaid.IsZero() {
		err = ErrRepaid
	}
	return posted, err
}

// Transfer moves net assets from one fund to another for good.
type Transfer struct {
	ID      uuid.UUID
	From    int
	To      int
	Account int // where the money lies
	Amount  money.Amount
	On      time.Time
	Why     string // 1 to 160 characters
	Motion  string // the vote that allowed it: needed where From is restricted
	By      string
}

// TransferBetweenFunds posts a transfer. Money of a restricted fund leaves it
// only with a motion (ErrNeedsVote). ErrSameFund, ErrNoReason, ErrNoMoney where
// the fund has not that much in the account, ErrFundOverspent.
func TransferBetweenFunds(ctx context.Context, tx *sqlx.Tx, c Community, t Transfer) (_ Posted, err error) {
	defer wrap(&err, "ledger.TransferBetweenFunds(%d)", c.ID)
	from, err := FundAt(ctx, tx, c.ID, t.From)
	if err != nil {
		return Posted{}, err
	}
	to, err := FundAt(ctx, tx, c.ID, t.To)
	if err != nil {
		return Posted{}, err
	}
	switch {
	case t.From == t.To:
		return Posted{}, ErrSameFund
	case t.Why == "":
		return Posted{}, ErrNoReason
	case from.Restricted && t.Motion == "":
		return Posted{}, ErrNeedsVote
	}
	book, err := OpenBook(ctx, tx, c.ID)
	if err != nil {
		return Posted{}, err
	}
	out, err := book.Account(from.NetAssetsPurpose())
	if err != nil {
		return Posted{}, err
	}
	in, err := book.Account(to.NetAssetsPurpose())
	if err != nil {
		return Posted{}, err
	}
	detail := t.Why
	if t.Motion != "" {
		detail += " · " + t.Motion
	}
	return shift(ctx, tx, c.ID, shifting{t.From, t.To, t.Account, t.Amount}, out, in, Entry{
		Date: t.On, Kind: "transfer", Source: "transfer:" + t.ID.String(), Memo: "资金间调拨：" + from.NameZH + " → " + to.NameZH, Detail: detail, PostedBy: t.By,
	})
}

// NetAssetsPurpose is the purpose of the account that carries the fund's net assets.
func (f Fund) NetAssetsPurpose() Purpose {
	return netAssetsOf(f.Restricted)
}

// shifting is money in one account that passes from one fund to another.
type shifting struct {
	from, to int
	account  int
	amount   money.Amount
}

// shift posts it: what the giving fund has instead stands in the account out,
// what the taking one owes or has more in the account in.
func shift(ctx context.Context, tx *sqlx.Tx, community int, s shifting, out, in int, e Entry) (Posted, error) {
	if s.amount.Sign() <= 0 {
		return Posted{}, fmt.Errorf("%w: an amount above 0.00 is needed", ErrForm)
	}
	e.Postings = []Posting{
		Debit(s.account, s.to, s.amount), Credit(in, s.to, s.amount),
		Debit(out, s.from, s.amount), Credit(s.account, s.from, s.amount),
	}
	posted, err := Post(ctx, tx, community, e)
	if err != nil {
		return Posted{}, err
	}
	left, err := FundHolds(ctx, tx, community, s.from, s.account)
	if err == nil && left.Sign() < 0 {
		err = ErrNoMoney
	}
	return posted[0], err
}

// FundHolds is what a fund has in one account now: debit positive.
func FundHolds(ctx context.Context, q sqlx.QueryerContext, community, fund, account int) (held money.Amount, err error) {
	defer wrap(&err, "ledger.FundHolds(%d, %d, %d)", community, fund, account)
	err = sqlx.GetContext(ctx, q, &held, `
		SELECT coalesce(sum(debit - credit), 0.00) FROM ledger.balance WHERE community_id = $1 AND fund_id = $2 AND account_id = $3`,
		community, fund, account)
	return held, err
}

// A repayment that was reversed counts no more, nor does such a loan.
const selectFundLoan = `
	SELECT l.id, l.from_fund, l.to_fund, l.account_id, l.amount, l.lent_on, l.due_on, l.why, l.made_by, l.entry_seq, e.year || '-' || e.number AS voucher,
	       EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = l.community_id AND r.reverses_seq = l.entry_seq) AS undone,
	       coalesce((SELECT sum(p.amount) FROM ledger.fund_repayment p WHERE p.community_id = l.community_id AND p.loan_id = l.id
	                    AND NOT EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = p.community_id AND r.reverses_seq = p.entry_seq)), 0.00) AS repaid
	  FROM ledger.fund_loan l JOIN ledger.journal_entry e ON e.community_id = l.community_id AND e.seq = l.entry_seq
	 WHERE l.community_id = $1`

// FundLoanAt reads one loan; ErrNotFound.
func FundLoanAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (l FundLoan, err error) {
	defer wrap(&err, "ledger.FundLoanAt(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &l, selectFundLoan+` AND l.id = $2`, community, id)
	return l, missing(err)
}

// ListFundLoans reads the loans between funds, the oldest first, repaid and
// undone ones too.
func ListFundLoans(ctx context.Context, q sqlx.QueryerContext, community int) (ls []FundLoan, err error) {
	defer wrap(&err, "ledger.ListFundLoans(%d)", community)
	err = sqlx.SelectContext(ctx, q, &ls, selectFundLoan+` ORDER BY l.lent_on, l.entry_seq`, community)
	return ls, err
}

func dayOrNull(day *time.Time) any {
	if day == nil {
		return nil
	}
	return day.Format(time.DateOnly)
}

// Repaid is a repayment as a loan's page shows it.
type Repaid struct {
	Amount  money.Amount `db:"amount"`
	On      time.Time    `db:"repaid_on"`
	By      string       `db:"made_by"`
	Voucher string       `db:"voucher"`
	Undone  bool         `db:"undone"` // its entry is reversed
}

// Repayments reads what came back of a loan, the oldest first.
func Repayments(ctx context.Context, q sqlx.QueryerContext, community int, loan uuid.UUID) (all []Repaid, err error) {
	defer wrap(&err, "ledger.Repayments(%d, %s)", community, loan)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT p.amount, p.repaid_on, p.made_by, e.year || '-' || e.number AS voucher,
		       EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = p.community_id AND r.reverses_seq = p.entry_seq) AS undone
		  FROM ledger.fund_repayment p JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.entry_seq
		 WHERE p.community_id = $1 AND p.loan_id = $2 ORDER BY p.entry_seq`, community, loan)
	return all, err
}
