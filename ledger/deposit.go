package ledger

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// CashInTransit is the purpose of the account of cash that was handed in at the
// bank and does not stand on its statement yet.
const CashInTransit Purpose = "cash_in_transit"

// What a deposit of cash refuses, beside ErrNoReason, ErrNoMoney and ErrNotFound.
var (
	ErrSlipUsed = errors.New("ledger: this deposit slip was entered before")
	ErrArrived  = errors.New("ledger: the deposit is in the account already")
)

// CashDeposit is cash handed in at the bank.
type CashDeposit struct {
	ID          uuid.UUID    `db:"id"`       // the form's own, so that it may be sent twice
	Slip        string       `db:"slip"`     // 存款凭条号
	Amount      money.Amount `db:"amount"`   // as the bank counted
	Expected    money.Amount `db:"expected"` // as we counted
	Reason      string       `db:"reason"`   // of a difference
	DepositedOn time.Time    `db:"deposited_on"`
	EnteredBy   string       `db:"entered_by"`
	EnteredAt   time.Time    `db:"entered_at"`
	EntrySeq    int64        `db:"entry_seq"`
	ArrivedSeq  *int64       `db:"arrived_seq"`
	ArrivedBy   string       `db:"arrived_by"`
	ArrivedAt   *time.Time   `db:"arrived_at"`
	Voucher     string       `db:"voucher"` // of the entry, when read
}

// FundCash is cash of one fund.
type FundCash struct {
	Fund   int          `db:"fund_id"`
	Amount money.Amount `db:"amount"`
}

const selectDeposit = `
	SELECT d.id, d.slip, d.amount, d.expected, d.reason, d.deposited_on, d.entered_by, d.entered_at, d.entry_seq, d.arrived_seq, d.arrived_by, d.arrived_at,
	       e.year || '-' || e.number AS voucher
	  FROM ledger.cash_deposit d JOIN ledger.journal_entry e ON e.community_id = d.community_id AND e.seq = d.entry_seq WHERE d.community_id = $1`

// CashDeposits reads what was handed in at the bank, what has not arrived first.
func CashDeposits(ctx context.Context, q sqlx.QueryerContext, community, limit int) (ds []CashDeposit, err error) {
	defer wrap(&err, "ledger.CashDeposits(%d)", community)
	err = sqlx.SelectContext(ctx, q, &ds, selectDeposit+` ORDER BY d.arrived_at IS NOT NULL, d.entered_at DESC LIMIT $2`, community, limit)
	return ds, err
}

// CashDepositAt reads one; ErrNotFound.
func CashDepositAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (d CashDeposit, err error) {
	defer wrap(&err, "ledger.CashDepositAt(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &d, selectDeposit+` AND d.id = $2`, community, id)
	return d, missing(err)
}

// CashByFund reads what each fund has in cash, wherever it lies.
func CashByFund(ctx context.Context, q sqlx.QueryerContext, community int) (cash []FundCash, err error) {
	defer wrap(&err, "ledger.CashByFund(%d)", community)
	err = sqlx.SelectContext(ctx, q, &cash, `
		SELECT b.fund_id, sum(b.debit - b.credit) AS amount
		  FROM ledger.balance b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		 WHERE b.community_id = $1 AND a.purpose = $2 GROUP BY b.fund_id HAVING sum(b.debit - b.credit) <> 0 ORDER BY b.fund_id`, community, Cash)
	return cash, err
}

// DepositCash moves cash of some funds from the safe to its way to the bank, with
// the bank's slip. Where the bank counted another amount than the parts sum to,
// the reason is needed, and the difference is posted in the fund of the largest
// part. The same ID again changes nothing. ErrNoReason, ErrSlipUsed, ErrNoMoney
// where a fund has not that much in cash.
func DepositCash(ctx context.Context, tx *sqlx.Tx, c Community, d CashDeposit, parts []FundCash) (_ CashDeposit, err error) {
	defer wrap(&err, "ledger.DepositCash(%d, %s)", c.ID, d.Slip)
	if known, err := CashDepositAt(ctx, tx, c.ID, d.ID); err == nil {
		return known, nil
	}
	parts = sumByFund(parts)
	for _, p := range parts {
		d.Expected = d.Expected.Add(p.Amount)
	}
	d.Slip, d.Reason = strings.TrimSpace(d.Slip), strings.TrimSpace(d.Reason)
	switch {
	case len(parts) == 0:
		return d, ErrNoMoney
	case !d.Amount.Equal(d.Expected) && d.Reason == "":
		return d, ErrNoReason
	}
	if d.EntrySeq, err = postDeposit(ctx, tx, c, d, parts); err != nil {
		return d, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO ledger.cash_deposit (community_id, id, slip, amount, expected, reason, deposited_on, entered_by, entered_at, entry_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, d.ID, d.Slip, d.Amount, d.Expected, d.Reason, d.DepositedOn.Format(time.DateOnly), d.EnteredBy, d.EnteredAt, d.EntrySeq)
	return d, err
}

// sumByFund makes one part of a fund's several, the largest first.
func sumByFund(parts []FundCash) (sums []FundCash) {
	for _, p := range parts {
		i := slices.IndexFunc(sums, func(s FundCash) bool { return s.Fund == p.Fund })
		if i < 0 {
			sums = append(sums, p)
		} else {
			sums[i].Amount = sums[i].Amount.Add(p.Amount)
		}
	}
	sums = slices.DeleteFunc(sums, func(s FundCash) bool { return s.Amount.IsZero() })
	slices.SortFunc(sums, func(a, b FundCash) int {
		if n := b.Amount.Cmp(a.Amount); n != 0 {
			return n
		}
		return a.Fund - b.Fund
	})
	return sums
}

func postDeposit(ctx context.Context, tx *sqlx.Tx, c Community, d CashDeposit, parts []FundCash) (seq int64, err error) {
	book, err := OpenBook(ctx, tx, c.ID)
	if err != nil {
		return 0, err
	}
	accounts := map[Purpose]int{Cash: 0, CashInTransit: 0, OtherExpense: 0, OtherIncome: 0}
	for purpose := range accounts {
		if accounts[purpose], err = book.Account(purpose); err != nil {
			return 0, err
		}
	}
	posted, err := Post(ctx, tx, c.ID, Entry{
		Date: d.DepositedOn, Kind: "cash_deposit", Source: "cash_deposit:" + d.ID.String(), Memo: "现金送存银行", Detail: "凭条 " + d.Slip, PostedBy: d.EnteredBy,
		Postings: depositPostings(d, parts, accounts),
	})
	if err != nil {
		return 0, err
	}
	for _, p := range parts {
		left, err := FundHolds(ctx, tx, c.ID, p.Fund, accounts[Cash])
		if err != nil {
			return 0, err
		}
		if left.Sign() < 0 {
			return 0, ErrNoMoney
		}
	}
	return posted[0].Seq, nil
}

func depositPostings(d CashDeposit, parts []FundCash, accounts map[Purpose]int) (postings []Posting) {
	difference := d.Amount.Sub(d.Expected)
	for _, p := range parts {
		arrived := p.Amount.Add(difference)
		if !difference.IsZero() {
			against := OtherExpense
			if difference.Sign() > 0 {
				against = OtherIncome
			}
			postings = append(postings, Posting{Account: accounts[against], Fund: p.Fund, Amount: difference.Neg()})
			difference = money.Zero
		}
		if !arrived.IsZero() {
			postings = append(postings, Posting{Account: accounts[CashInTransit], Fund: p.Fund, Amount: arrived})
		}
		postings = append(postings, Credit(accounts[Cash], p.Fund, p.Amount))
	}
	return postings
}

// ArrivalSource is the source of the entry by which a deposit arrives.
func ArrivalSource(id uuid.UUID) string { return "cash_arrival:" + id.String() }

// CashArrived matches a deposit with the bank's statement: the money is in the
// account, on the day of at. ErrArrived where it is already.
func CashArrived(ctx context.Context, tx *sqlx.Tx, c Community, id uuid.UUID, who string, at time.Time) (err error) {
	defer wrap(&err, "ledger.CashArrived(%d, %s)", c.ID, id)
	if _, err = tx.ExecContext(ctx, `SELECT FROM ledger.cash_deposit WHERE community_id = $1 AND id = $2 FOR UPDATE`, c.ID, id); err != nil {
		return err
	}
	d, err := CashDepositAt(ctx, tx, c.ID, id)
	if err != nil {
		return err
	}
	if d.ArrivedAt != nil {
		return ErrArrived
	}
	lines, err := Lines(ctx, tx, c.ID, d.EntrySeq)
	if err != nil {
		return err
	}
	book, err := OpenBook(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	way, err := book.Account(CashInTransit)
	if err != nil {
		return err
	}
	bank, err := book.Account(Bank)
	if err != nil {
		return err
	}
	entry := Entry{Date: c.Day(at), Kind: "cash_arrived", Source: ArrivalSource(id), Memo: "送存的现金到账", Detail: "凭条 " + d.Slip, PostedBy: who}
	for _, l := range lines {
		if l.AccountID == way {
			entry.Postings = append(entry.Postings, Posting{Account: bank, Fund: l.FundID, Amount: l.Amount}, Posting{Account: way, Fund: l.FundID, Amount: l.Amount.Neg()})
		}
	}
	posted, err := Post(ctx, tx, c.ID, entry)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE ledger.cash_deposit SET arrived_seq = $3, arrived_by = $4, arrived_at = $5 WHERE community_id = $1 AND id = $2`,
		c.ID, id, posted[0].Seq, who, at)
	return err
}
