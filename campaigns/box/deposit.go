package box

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// inTransit is the account of cash that was handed in at the bank and does not
// stand on its statement yet.
const inTransit ledger.Purpose = "cash_in_transit"

// Deposit is the money of boxes handed in at the bank.
type Deposit struct {
	ID          uuid.UUID    `db:"id"`
	Slip        string       `db:"slip"`     // 存款凭条号
	Amount      money.Amount `db:"amount"`   // as the bank counted
	Expected    money.Amount `db:"expected"` // as the boxes' sheets say
	Reason      string       `db:"reason"`   // of a difference
	DepositedOn time.Time    `db:"deposited_on"`
	EnteredBy   string       `db:"entered_by"`
	EnteredAt   time.Time    `db:"entered_at"`
	EntrySeq    int64        `db:"entry_seq"`
	ArrivedSeq  *int64       `db:"arrived_seq"`
	ArrivedBy   string       `db:"arrived_by"`
	ArrivedAt   *time.Time   `db:"arrived_at"`
}

const selectDeposit = `
	SELECT id, slip, amount, expected, reason, deposited_on, entered_by, entered_at, entry_seq, arrived_seq, arrived_by, arrived_at
	  FROM box.deposit WHERE community_id = $1`

// Deposits reads what was handed in at the bank, what has not arrived first.
func Deposits(ctx context.Context, q sqlx.QueryerContext, community, limit int) (ds []Deposit, err error) {
	defer wrap(&err, "box.Deposits(%d)", community)
	err = sqlx.SelectContext(ctx, q, &ds, selectDeposit+` ORDER BY arrived_at IS NOT NULL, entered_at DESC LIMIT $2`, community, limit)
	return ds, err
}

// FindDeposit reads one; ErrNotFound.
func FindDeposit(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (d Deposit, err error) {
	defer wrap(&err, "box.FindDeposit(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &d, selectDeposit+` AND id = $2`, community, id)
	return d, err
}

// Unbanked reads the opened rounds whose money lies in the safe.
func Unbanked(ctx context.Context, q sqlx.QueryerContext, community int) (rounds []Round, err error) {
	defer wrap(&err, "box.Unbanked(%d)", community)
	err = sqlx.SelectContext(ctx, q, &rounds, `SELECT `+roundColumns+` FROM box.round
		WHERE community_id = $1 AND opened_at IS NOT NULL AND amount > 0 AND deposit_id IS NULL ORDER BY opened_at, box_id`, community)
	return rounds, err
}

// Bank writes down that the money of all Unbanked rounds was handed in, with
// the bank's slip. Where the bank counted another amount, the reason is needed
// and the difference is posted as over or short. Sending the form twice books
// once: id is its own. ErrState where nothing lies in the safe.
func Bank(ctx context.Context, tx *sqlx.Tx, c ledger.Community, d Deposit) (_ Deposit, err error) {
	defer wrap(&err, "box.Bank(%d, %s)", c.ID, d.Slip)
	d.Slip, d.Reason = strings.TrimSpace(d.Slip), strings.TrimSpace(d.Reason)
	if known, err := FindDeposit(ctx, tx, c.ID, d.ID); err == nil {
		return known, nil
	}
	if _, err = tx.ExecContext(ctx, `
		SELECT FROM box.round WHERE community_id = $1 AND opened_at IS NOT NULL AND deposit_id IS NULL ORDER BY box_id, round FOR UPDATE`, c.ID); err != nil {
		return d, err
	}
	rounds, err := Unbanked(ctx, tx, c.ID)
	if err != nil {
		return d, err
	}
	if len(rounds) == 0 {
		return d, ErrState
	}
	for _, r := range rounds {
		d.Expected = d.Expected.Add(*r.Amount)
	}
	if !d.Amount.Equal(d.Expected) && d.Reason == "" {
		return d, ErrNoReason
	}
	if d.EntrySeq, err = postDeposit(ctx, tx, c, d, rounds); err != nil {
		return d, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO box.deposit (community_id, id, slip, amount, expected, reason, deposited_on, entered_by, entered_at, entry_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, d.ID, d.Slip, d.Amount, d.Expected, d.Reason, d.DepositedOn.Format(time.DateOnly), d.EnteredBy, d.EnteredAt, d.EntrySeq)
	if err != nil {
		return d, err
	}
	for _, r := range rounds {
		if _, err = tx.ExecContext(ctx, `UPDATE box.round SET deposit_id = $4 WHERE community_id = $1 AND box_id = $2 AND round = $3`,
			c.ID, r.BoxID, r.Round, d.ID); err != nil {
			return d, err
		}
	}
	return d, nil
}

// postDeposit moves the money from the safe to the way to the bank, fund by
// fund; a difference falls to the fund of the largest part.
func postDeposit(ctx context.Context, tx *sqlx.Tx, c ledger.Community, d Deposit, rounds []Round) (seq int64, err error) {
	of := map[int]money.Amount{}
	for _, r := range rounds {
		b, err := Find(ctx, tx, c.ID, r.BoxID)
		if err != nil {
			return 0, err
		}
		fund, err := fundOf(ctx, tx, c.ID, b.CampaignID)
		if err != nil {
			return 0, err
		}
		of[fund] = of[fund].Add(*r.Amount)
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return 0, err
	}
	accounts := map[ledger.Purpose]int{ledger.Cash: 0, inTransit: 0, otherExpense: 0, ledger.OtherIncome: 0}
	for purpose := range accounts {
		if accounts[purpose], err = book.Account(purpose); err != nil {
			return 0, err
		}
	}
	posted, err := ledger.Post(ctx, tx, c.ID, ledger.Entry{
		Date: d.DepositedOn, Kind: "cash_deposit", Source: "box_deposit:" + d.ID.String(), Memo: "募捐箱现金送存银行", Detail: "凭条 " + d.Slip, PostedBy: d.EnteredBy,
		Postings: depositPostings(d, of, accounts),
	})
	if err != nil {
		return 0, err
	}
	return posted[0].Seq, nil
}

func depositPostings(d Deposit, of map[int]money.Amount, accounts map[ledger.Purpose]int) (postings []ledger.Posting) {
	difference := d.Amount.Sub(d.Expected)
	funds := make([]int, 0, len(of))
	for fund := range of {
		funds = append(funds, fund)
	}
	slices.SortFunc(funds, func(a, b int) int { // the largest first
		if n := of[b].Cmp(of[a]); n != 0 {
			return n
		}
		return a - b
	})
	for _, fund := range funds {
		arrived := of[fund].Add(difference)
		if !difference.IsZero() {
			against := otherExpense
			if difference.Sign() > 0 {
				against = ledger.OtherIncome
			}
			postings = append(postings, ledger.Posting{Account: accounts[against], Fund: fund, Amount: difference.Neg()})
			difference = money.Zero
		}
		if !arrived.IsZero() {
			postings = append(postings, ledger.Posting{Account: accounts[inTransit], Fund: fund, Amount: arrived})
		}
		postings = append(postings, ledger.Credit(accounts[ledger.Cash], fund, of[fund]))
	}
	return postings
}

// Arrive matches a deposit with the bank's statement: the money is in the
// account. ErrState where it is already.
func Arrive(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, who string, at time.Time) (err error) {
	defer wrap(&err, "box.Arrive(%d, %s)", c.ID, id)
	if _, err = tx.ExecContext(ctx, `SELECT FROM box.deposit WHERE community_id = $1 AND id = $2 FOR UPDATE`, c.ID, id); err != nil {
		return err
	}
	d, err := FindDeposit(ctx, tx, c.ID, id)
	if err != nil {
		return err
	}
	if d.ArrivedAt != nil {
		return ErrState
	}
	lines, err := ledger.Lines(ctx, tx, c.ID, d.EntrySeq)
	if err != nil {
		return err
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	way, err := book.Account(inTransit)
	if err != nil {
		return err
	}
	bank, err := book.Account(ledger.Bank)
	if err != nil {
		return err
	}
	entry := ledger.Entry{
		Date: c.Day(at), Kind: "cash_arrived", Source: "box_arrival:" + d.ID.String(), Memo: "送存的现金到账", Detail: "凭条 " + d.Slip, PostedBy: who,
	}
	for _, l := range lines {
		if l.AccountID == way {
			entry.Postings = append(entry.Postings, ledger.Posting{Account: bank, Fund: l.FundID, Amount: l.Amount}, ledger.Posting{Account: way, Fund: l.FundID, Amount: l.Amount.Neg()})
		}
	}
	posted, err := ledger.Post(ctx, tx, c.ID, entry)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE box.deposit SET arrived_seq = $3, arrived_by = $4, arrived_at = $5 WHERE community_id = $1 AND id = $2`,
		c.ID, id, posted[0].Seq, who, at)
	return err
}
