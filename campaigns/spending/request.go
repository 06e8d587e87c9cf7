package spending

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
)

// State is how far a request has come. Sent and Evidenced are read off what
// stands beside it: see Stage.
type State string

// The states.
const (
	Asked     State = "asked"
	Approved  State = "approved"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
	Sent      State = "sent" // in a file for the bank, which has not shown the transfer yet
	Paid      State = "paid"
	Evidenced State = "evidenced" // paid, and its paper is public
)

// Method is how a request is paid.
type Method string

// The methods.
const (
	ByCash     Method = "cash"
	ByTransfer Method = "transfer"
)

// PaymentRequest is a 付款申请: so much out of a fund, on an account of expenses,
// to somebody.
type PaymentRequest struct {
	ID        uuid.UUID    `db:"id"`     // made by the form, so that sending it twice is no harm
	Number    int          `db:"number"` // from 1 within the community
	FundID    int          `db:"fund_id"`
	AccountID int          `db:"account_id"`
	Year      int          `db:"year"` // of the budget it counts in
	Amount    money.Amount `db:"amount"`
	Purpose   string       `db:"purpose"` // public, 1 to 120 characters: never a name
	Method    Method       `db:"method"`
	AskedBy   string       `db:"asked_by"` // `user:…`
	AskedAt   time.Time    `db:"asked_at"`
	PayeeUser string       `db:"payee_user"` // `user:…` where one of the staff gets it, else empty
	Needed    int          `db:"approvals_needed"`
	ProjectID *int         `db:"project_id"` // whose budget's Line it will fall on; both or neither
	Line      *int         `db:"line"`

	State       State      `db:"state"`
	Payments    int        `db:"payments"`
	EntrySeq    *int64     `db:"entry_seq"` // of the payment that stands
	Batch       *int       `db:"batch"`
	ConfirmedBy *string    `db:"confirmed_by"`
	ConfirmedAt *time.Time `db:"confirmed_at"`

	Approvals int   `db:"approvals"`
	Matched   bool  `db:"matched"` // the bank shows it
	Shown     bool  `db:"shown"`   // a paper of it is public
	Payee     Payee `db:"payee"`
}

// Payee is who gets the money.
type Payee struct {
	Name     string     `db:"name"`
	Bank     string     `db:"bank"`
	Number   string     `db:"number"` // of their account, digits alone
	ErasedAt *time.Time `db:"erased_at"`
}

// Stage is the state as a person sees it.
func (r PaymentRequest) Stage() State {
	switch {
	case r.State == Paid && r.Batch != nil && r.ConfirmedAt == nil && !r.Matched:
		return Sent
	case r.State == Paid && r.Shown:
		return Evidenced
	}
	return r.State
}

// source is the journal's key of the request's nth payment: one that was undone
// keeps its own.
func (r PaymentRequest) source(nth int) string {
	if nth > 1 {
		return fmt.Sprintf("payment_request:%s.%d", r.ID, nth)
	}
	return "payment_request:" + r.ID.String()
}

// commitment is what an approval holds of the fund's budget.
func (r PaymentRequest) commitment() budget.Commitment {
	return budget.Commitment{Source: r.source(1), Fund: r.FundID, Account: r.AccountID, Year: r.Year, Amount: r.Amount}
}

// Ask writes a request down, with the papers it comes with (campaigns.Original.ID).
// An ID that is known already gives the request that has it. ErrNotExpense,
// ErrNoPayee; project.ErrOtherFund for a line of another fund's project.
func Ask(ctx context.Context, tx *sqlx.Tx, c ledger.Community, r PaymentRequest, papers ...uuid.UUID) (_ PaymentRequest, err error) {
	defer wrap(&err, "spending.Ask(%d, %s)", c.ID, r.ID)
	if err = r.validate(ctx, tx, c.ID); err != nil {
		return r, err
	}
	rule, err := lock(ctx, tx, c.ID)
	if err != nil {
		return r, err
	}
	r.Number, r.Year, r.Needed = rule.LastNumber+1, c.Day(r.AskedAt).Year(), rule.approvals(r.Amount)
	asked, err := tx.ExecContext(ctx, `
		INSERT INTO spending.request (community_id, id, number, fund_id, account_id, year, amount, purpose, method, asked_by, asked_at, payee_user, approvals_needed, project_id, line)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (community_id, id) DO NOTHING`,
		c.ID, r.ID, r.Number, r.FundID, r.AccountID, r.Year, r.Amount, r.Purpose, r.Method, r.AskedBy, r.AskedAt, r.PayeeUser, r.Needed, r.ProjectID, r.Line)
	if err != nil {
		return r, err
	}
	if n, err := asked.RowsAffected(); err != nil || n == 0 {
		if err != nil {
			return r, err
		}
		return Find(ctx, tx, c.ID, r.ID)
	}
	if _, err = tx.ExecContext(ctx, `UPDATE spending.rule SET last_number = $2 WHERE community_id = $1`, c.ID, r.Number); err != nil {
		return r, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO spending.payee (community_id, request_id, name, bank, number) VALUES ($1, $2, $3, $4, $5)`,
		c.ID, r.ID, r.Payee.Name, r.Payee.Bank, r.Payee.Number)
	for _, paper := range papers {
		if err == nil {
			err = AddPaper(ctx, tx, c.ID, r.ID, paper)
		}
	}
	if err != nil {
		return r, err
	}
	return Find(ctx, tx, c.ID, r.ID)
}

func (r *PaymentRequest) validate(ctx context.Context, q sqlx.QueryerContext, community int) error {
	r.Purpose = strings.TrimSpace(r.Purpose)
	if r.Method == ByTransfer && (r.Payee.Name == "" || r.Payee.Bank == "" || r.Payee.Number == "") {
		return ErrNoPayee
	}
	chart, err := ledger.ListAccounts(ctx, q, community)
	if err != nil {
		return err
	}
	if a, ok := chart.ID(r.AccountID); !ok || a.Type != ledger.Expense || a.ClosedAt != nil {
		return ErrNotExpense
	}
	return nil
}

// AddPaper puts one more paper (campaigns.Original.ID) to a request.
func AddPaper(ctx context.Context, tx *sqlx.Tx, community int, request, paper uuid.UUID) (err error) {
	defer wrap(&err, "spending.AddPaper(%d, %s)", community, request)
	_, err = tx.ExecContext(ctx, `INSERT INTO spending.paper (community_id, request_id, original_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, community, request, paper)
	return err
}

// Withdraw takes a request back, and frees what its approval held. ErrNotYours,
// ErrState once it is paid or declined.
func Withdraw(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, why, who string, at time.Time) (r PaymentRequest, err error) {
	defer wrap(&err, "spending.Withdraw(%d, %s)", c.ID, id)
	if r, err = take(ctx, tx, c.ID, id, Asked, Approved); err != nil {
		return r, err
	}
	if r.AskedBy != who {
		return r, ErrNotYours
	}
	if r.State == Approved {
		if err = budget.Release(ctx, tx, c.ID, r.source(1)); err != nil {
			return r, err
		}
	}
	if err = r.become(ctx, tx, c.ID, Withdrawn); err != nil {
		return r, err
	}
	return r, note(ctx, tx, c.ID, r, "withdrawn", why, who, at)
}

// take reads a request that is in one of some states, after whoever came before
// has finished: approvals and payments of a community are put into one order.
func take(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, states ...State) (r PaymentRequest, err error) {
	if _, err = lock(ctx, tx, community); err != nil {
		return r, err
	}
	if r, err = Find(ctx, tx, community, id); err != nil {
		return r, err
	}
	for _, s := range states {
		if r.State == s {
			return r, nil
		}
	}
	return r, ErrState
}

func (r *PaymentRequest) become(ctx context.Context, tx *sqlx.Tx, community int, s State) error {
	r.State = s
	_, err := tx.ExecContext(ctx, `
		UPDATE spending.request SET state = $3, payments = $4, entry_seq = $5, batch = $6, confirmed_by = $7, confirmed_at = $8 WHERE community_id = $1 AND id = $2`,
		community, r.ID, s, r.Payments, r.EntrySeq, r.Batch, r.ConfirmedBy, r.ConfirmedAt)
	return err
}

// note writes a step of a request's history.
func note(ctx context.Context, tx *sqlx.Tx, community int, r PaymentRequest, what, why, who string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO spending.step (community_id, request_id, number, what, done_by, done_at, why, entry_seq)
		SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7 FROM spending.step WHERE community_id = $1 AND request_id = $2`,
		community, r.ID, what, who, at, strings.TrimSpace(why), r.EntrySeq)
	return err
}
