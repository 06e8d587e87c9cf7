package spending

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
)

// Word is what somebody says with their decision.
type Word struct {
	// Conflict declares that something ties them to who gets the money: a
	// relative, a shop of their own. Whoever declares it is out, whatever else
	// they said.
	Conflict bool
	Reason   string // needed to decline
}

// Room is what a request may take: of the fund's money, less what is approved
// and not yet paid, and of its budget.
type Room struct {
	Money  money.Amount
	Budget budget.Room
}

// Least is what both leave.
func (r Room) Least() money.Amount {
	if r.Budget.Budgeted {
		return money.Min(r.Money, r.Budget.Left())
	}
	return r.Money
}

// RoomFor reads what a fund and its budget leave for an account in a year.
func RoomFor(ctx context.Context, q sqlx.QueryerContext, community, fund, account, year int) (room Room, err error) {
	defer wrap(&err, "spending.RoomFor(%d, %d, %d, %d)", community, fund, account, year)
	of, err := ledger.FundAt(ctx, q, community, fund)
	if err != nil {
		return room, err
	}
	held, err := Held(ctx, q, community)
	if err != nil {
		return room, err
	}
	room.Money = of.NetAssets.Sub(held[fund])
	room.Budget, err = budget.Available(ctx, q, community, fund, account, year)
	return room, err
}

// Held reads, by fund, what is approved and not yet paid.
func Held(ctx context.Context, q sqlx.QueryerContext, community int) (held map[int]money.Amount, err error) {
	defer wrap(&err, "spending.Held(%d)", community)
	var rows []struct {
		Fund   int          `db:"fund_id"`
		Amount money.Amount `db:"amount"`
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT fund_id, sum(amount) AS amount FROM spending.request WHERE community_id = $1 AND state = 'approved' GROUP BY fund_id`, community)
	held = map[int]money.Amount{}
	for _, r := range rows {
		held[r.Fund] = r.Amount
	}
	return held, err
}

// Approve says yes. With the last approval that is needed the money is held: in
// the fund (ErrFundShort) and in its budget (ErrBudgetShort). ErrOwnRequest for
// who asked and who gets it, ErrDecided the second time.
func Approve(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, w Word, who string, at time.Time) (r PaymentRequest, err error) {
	defer wrap(&err, "spending.Approve(%d, %s)", c.ID, id)
	if r, err = take(ctx, tx, c.ID, id, Asked); err != nil {
		return r, err
	}
	if w.Conflict {
		return r, decide(ctx, tx, c.ID, r, "recused", w, who, at)
	}
	if err = decide(ctx, tx, c.ID, r, "approved", w, who, at); err != nil {
		return r, err
	}
	r.Approvals++
	room, err := RoomFor(ctx, tx, c.ID, r.FundID, r.AccountID, r.Year)
	switch {
	case err != nil:
		return r, err
	case room.Money.Less(r.Amount):
		return r, ErrFundShort
	case !room.Budget.Enough(r.Amount):
		return r, ErrBudgetShort
	case r.Approvals < r.Needed:
		return r, nil
	}
	if err = budget.Commit(ctx, tx, c.ID, r.commitment()); err != nil {
		return r, err
	}
	return r, r.become(ctx, tx, c.ID, Approved)
}

// Decline says no, with a reason. ErrNoReason; the others as Approve. Who declares
// a conflict declines nothing either.
func Decline(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, w Word, who string, at time.Time) (r PaymentRequest, err error) {
	defer wrap(&err, "spending.Decline(%d, %s)", c.ID, id)
	if r, err = take(ctx, tx, c.ID, id, Asked); err != nil {
		return r, err
	}
	if w.Conflict {
		return r, decide(ctx, tx, c.ID, r, "recused", w, who, at)
	}
	if strings.TrimSpace(w.Reason) == "" {
		return r, ErrNoReason
	}
	if err = decide(ctx, tx, c.ID, r, "declined", w, who, at); err != nil {
		return r, err
	}
	return r, r.become(ctx, tx, c.ID, Declined)
}

// decide writes a decision down; the database refuses it of the wrong people.
func decide(ctx context.Context, tx *sqlx.Tx, community int, r PaymentRequest, verdict string, w Word, who string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO spending.decision (community_id, request_id, decided_by, asked_by, payee_user, verdict, conflict, reason, decided_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		community, r.ID, who, r.AskedBy, r.PayeeUser, verdict, w.Conflict, strings.TrimSpace(w.Reason), at)
	return err
}
