package spending

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/money"
)

// Batch is a file of transfers for the bank.
type Batch struct {
	Number   int          `db:"number"`
	Account  int          `db:"account_id"`
	MadeBy   string       `db:"made_by"`
	MadeAt   time.Time    `db:"made_at"`
	Requests int          `db:"requests"` // that are still in it
	Amount   money.Amount `db:"amount"`   // of them
	Open     int          `db:"open"`     // that the bank has not shown yet
}

// MakeBatch pays several approved transfers at once: it posts their entries,
// dated day, and puts them into one file for the bank. What Pay refuses of any
// refuses all; ErrState without any, or with one that is paid in cash.
func MakeBatch(ctx context.Context, tx *sqlx.Tx, c ledger.Community, ids []uuid.UUID, from int, day time.Time, who string, at time.Time) (b Batch, err error) {
	defer wrap(&err, "spending.MakeBatch(%d)", c.ID)
	rule, err := lock(ctx, tx, c.ID)
	if err != nil {
		return b, err
	}
	if len(ids) == 0 {
		return b, ErrState
	}
	b = Batch{Number: rule.LastBatch + 1, Account: from, MadeBy: who, MadeAt: at}
	if _, err = tx.ExecContext(ctx, `UPDATE spending.rule SET last_batch = $2 WHERE community_id = $1`, c.ID, b.Number); err != nil {
		return b, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO spending.batch (community_id, number, account_id, made_by, made_at) VALUES ($1, $2, $3, $4, $5)`, c.ID, b.Number, from, who, at)
	if err != nil {
		return b, err
	}
	for _, id := range ids {
		r, err := take(ctx, tx, c.ID, id, Approved)
		if err != nil {
			return b, err
		}
		if r.Method != ByTransfer {
			return b, ErrState
		}
		r.Batch = &b.Number
		if err = r.pay(ctx, tx, c, from, day, "sent", who, at); err != nil {
			return b, err
		}
		b.Requests, b.Open, b.Amount = b.Requests+1, b.Open+1, b.Amount.Add(r.Amount)
	}
	return b, nil
}

// Batches reads a community's files, the newest first.
func Batches(ctx context.Context, q sqlx.QueryerContext, community, limit int) (bs []Batch, err error) {
	defer wrap(&err, "spending.Batches(%d)", community)
	err = sqlx.SelectContext(ctx, q, &bs, `
		SELECT b.number, b.account_id, b.made_by, b.made_at, count(r.id) AS requests, coalesce(sum(r.amount), 0.00) AS amount,
		       count(r.id) FILTER (WHERE r.confirmed_at IS NULL AND NOT `+matched+`) AS open
		  FROM spending.batch b LEFT JOIN spending.request r ON r.community_id = b.community_id AND r.batch = b.number
		 WHERE b.community_id = $1 GROUP BY b.number, b.account_id, b.made_by, b.made_at ORDER BY b.number DESC LIMIT $2`, community, limit)
	return bs, err
}

// batchHeader are the columns that Chinese banks' batch transfers ask for.
var batchHeader = []string{"收款人", "账号", "开户行", "金额", "用途"}

// BatchFile writes a batch as CSV in UTF-8, marked so that a spreadsheet knows. A
// text that a spreadsheet would take for a formula has a ' before it. ErrNotFound.
func BatchFile(ctx context.Context, q sqlx.QueryerContext, community, number int) (file []byte, err error) {
	defer wrap(&err, "spending.BatchFile(%d, %d)", community, number)
	rs, err := List(ctx, q, community, Filter{Batch: number}, 1000)
	if err != nil {
		return nil, err
	}
	if len(rs) == 0 {
		return nil, ErrNotFound
	}
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	if err = w.Write(batchHeader); err != nil {
		return nil, err
	}
	for _, r := range rs {
		row := []string{export.Inert(r.Payee.Name), r.Payee.Number, export.Inert(r.Payee.Bank), r.Amount.String(), export.Inert(fmt.Sprintf("付款申请%d %s", r.Number, r.Purpose))}
		if err = w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}
