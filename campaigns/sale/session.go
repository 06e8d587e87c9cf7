package sale

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Session is a 班次: a till from the counted float to the counted drawer.
type Session struct {
	ID            uuid.UUID     `db:"id"`
	PlaceID       int           `db:"place_id"`
	Till          string        `db:"till"`         // A, B, …
	Float         money.Amount  `db:"float_amount"` // what lay in the drawer at the start
	OpenedBy      string        `db:"opened_by"`
	OpenedAt      time.Time     `db:"opened_at"`
	ClosedBy      string        `db:"closed_by"`
	ClosedAt      *time.Time    `db:"closed_at"`
	Expected      *money.Amount `db:"expected"`
	Counted       *money.Amount `db:"counted"`
	Reason        string        `db:"reason"` // why two counts were not alike
	DifferenceSeq *int64        `db:"difference_seq"`
}

// Difference is what lay in the drawer too much, negative for too little; zero
// while the session is open.
func (s Session) Difference() money.Amount {
	if s.Counted == nil {
		return money.Zero
	}
	return s.Counted.Sub(*s.Expected)
}

// Open opens a till's session with what lies in its drawer. A till that was
// never seen before is taken in. ErrTillOpen, ErrState where the place is not
// open, ErrNotFound.
func Open(ctx context.Context, tx *sqlx.Tx, community int, s Session) (_ Session, err error) {
	defer wrap(&err, "sale.Open(%d, %s)", community, s.Till)
	place, err := PlaceAt(ctx, tx, community, s.PlaceID)
	if err != nil {
		return s, err
	}
	if place.State != Opened {
		return s, ErrState
	}
	if s.ID == uuid.Nil {
		if s.ID, err = uuid.NewV7(); err != nil {
			return s, err
		}
	}
	if _, err = tx.ExecContext(ctx, `INSERT INTO sale.till (community_id, code) VALUES ($1, $2) ON CONFLICT DO NOTHING`, community, s.Till); err != nil {
		return s, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.session (community_id, id, place_id, till, float_amount, opened_by, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		community, s.ID, s.PlaceID, s.Till, s.Float, s.OpenedBy, s.OpenedAt)
	return s, err
}

const selectSession = `
	SELECT id, place_id, till, float_amount, opened_by, opened_at, closed_by, closed_at, expected, counted, reason, difference_seq
	  FROM sale.session WHERE community_id = $1`

// SessionAt reads a session; ErrNotFound.
func SessionAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (s Session, err error) {
	defer wrap(&err, "sale.SessionAt(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &s, selectSession+` AND id = $2`, community, id)
	return s, err
}

// SessionOfTill reads the open session of a till; ErrNotFound.
func SessionOfTill(ctx context.Context, q sqlx.QueryerContext, community int, till string) (s Session, err error) {
	defer wrap(&err, "sale.SessionOfTill(%d, %s)", community, till)
	err = sqlx.GetContext(ctx, q, &s, selectSession+` AND till = $2 AND closed_at IS NULL`, community, till)
	return s, err
}

// SessionOfCashier reads the session that somebody opened last and that is open
// still; ErrNotFound.
func SessionOfCashier(ctx context.Context, q sqlx.QueryerContext, community int, who string) (s Session, err error) {
	defer wrap(&err, "sale.SessionOfCashier(%d, %s)", community, who)
	err = sqlx.GetContext(ctx, q, &s, selectSession+` AND opened_by = $2 AND closed_at IS NULL ORDER BY opened_at DESC LIMIT 1`, community, who)
	return s, err
}

// ListSessions reads the sessions of a place (0: of all), open ones first, then
// the latest.
func ListSessions(ctx context.Context, q sqlx.QueryerContext, community, place, limit int) (list []Session, err error) {
	defer wrap(&err, "sale.ListSessions(%d, %d)", community, place)
	err = sqlx.SelectContext(ctx, q, &list, selectSession+` AND ($2 = 0 OR place_id = $2) ORDER BY closed_at IS NOT NULL, opened_at DESC LIMIT $3`, community, place, limit)
	return list, err
}

// lockSession reads a session that nobody sells in or closes until the transaction ends.
func lockSession(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (s Session, err error) {
	err = tx.GetContext(ctx, &s, selectSession+` AND id = $2 FOR UPDATE`, community, id)
	return s, err
}

// inDrawer is what should lie in the drawer of a session s: float, cash taken for
// sales and tips, less cash given back.
const inDrawer = `(s.float_amount
		     + coalesce((SELECT sum(p.amount) FROM sale.sale x JOIN sale.payment p ON p.community_id = x.community_id AND p.sale_id = x.id
		                  WHERE x.community_id = s.community_id AND x.session_id = s.id AND p.way = 'cash'), 0)
		     - coalesce((SELECT sum(p.amount) FROM sale.refund x JOIN sale.refund_payment p ON p.community_id = x.community_id AND p.refund_id = x.id
		                  WHERE x.community_id = s.community_id AND x.session_id = s.id AND p.way = 'cash'), 0))`

// drawer reads it of one session.
func drawer(ctx context.Context, q sqlx.QueryerContext, community int, session uuid.UUID) (sum money.Amount, err error) {
	err = sqlx.GetContext(ctx, q, &sum, `SELECT `+inDrawer+` FROM sale.session s WHERE s.community_id = $1 AND s.id = $2`, community, session)
	return sum, err
}
