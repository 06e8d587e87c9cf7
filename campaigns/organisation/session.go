package organisation

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger/money"
)

// Session is a service delivered: so many units of an item, on a day, to so many people.
type Session struct {
	ID          uuid.UUID    `db:"id"` // the form's own, so that it may be sent twice
	AgreementID int          `db:"agreement_id"`
	Item        int          `db:"item_n"`
	HeldOn      time.Time    `db:"held_on"`
	Quantity    int          `db:"quantity"`
	People      int          `db:"people"` // person-times
	Note        string       `db:"note"`
	Amount      money.Amount `db:"amount"`  // by the item's price, when read
	Subsidy     money.Amount `db:"subsidy"` // by the item, when read
	InvoiceID   *uuid.UUID   `db:"invoice_id"`
	ReleaseID   *uuid.UUID   `db:"release_id"`
	EnteredBy   string       `db:"entered_by"`
	EnteredAt   time.Time    `db:"entered_at"`
	VoidAt      *time.Time   `db:"void_at"`
	VoidWhy     string       `db:"void_why"`

	NameZH  string `db:"name_zh"` // of the item, when read
	NameEN  string `db:"name_en"`
	UnitZH  string `db:"unit_zh"`
	UnitEN  string `db:"unit_en"`
	Invoice string `db:"invoice"` // its number, when read
}

// Name is the service's name in the reader's language.
func (s Session) Name(lang string) string { return inLanguage(lang, s.NameZH, s.NameEN) }

// Unit is what was counted, in the reader's language.
func (s Session) Unit(lang string) string { return inLanguage(lang, s.UnitZH, s.UnitEN) }

// Price is what one unit was billed with.
func (s Session) Price() money.Amount { return money.FromFen(s.Amount.Fen() / int64(s.Quantity)) }

// Free tells whether the session may still be taken back.
func (s Session) Free() bool { return s.VoidAt == nil && s.InvoiceID == nil && s.ReleaseID == nil }

// RecordSessions writes down what was delivered, in one statement. What is
// billed and released for it is the item's word. The same IDs again change
// nothing. ErrDay outside the agreement's days, ErrNotFound.
func RecordSessions(ctx context.Context, tx *sqlx.Tx, community int, all ...Session) (err error) {
	defer wrap(&err, "organisation.RecordSessions(%d, %d of them)", community, len(all))
	n := len(all)
	ids, of, item, days, quantity, people := make([]string, n), make([]int64, n), make([]int64, n), make([]string, n), make([]int64, n), make([]int64, n)
	note, who, at := make([]string, n), make([]string, n), make([]time.Time, n)
	for i, s := range all {
		ids[i], of[i], item[i], days[i], quantity[i], people[i] = s.ID.String(), int64(s.AgreementID), int64(s.Item), iso(s.HeldOn), int64(s.Quantity), int64(s.People)
		note[i], who[i], at[i] = s.Note, s.EnteredBy, s.EnteredAt
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO organisation.session (community_id, id, agreement_id, item_n, held_on, quantity, people, note, entered_by, entered_at)
		SELECT $1, u.* FROM unnest($2::uuid[], $3::int[], $4::int[], $5::date[], $6::int[], $7::int[], $8::text[], $9::text[], $10::timestamptz[]) u
		ON CONFLICT (community_id, id) DO NOTHING`,
		community, pq.Array(ids), pq.Array(of), pq.Array(item), pq.Array(days), pq.Array(quantity), pq.Array(people), pq.Array(note), pq.Array(who), pq.Array(at))
	return err
}

// VoidSession takes one back that was entered wrongly. ErrNoReason; ErrState
// once it is billed, released or void; ErrOverReleased where the subsidy that is
// released already rests on it.
func VoidSession(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, why, who string, at time.Time) (err error) {
	defer wrap(&err, "organisation.VoidSession(%d, %s)", community, id)
	if strings.TrimSpace(why) == "" {
		return ErrNoReason
	}
	return moved(tx.ExecContext(ctx, `
		UPDATE organisation.session SET void_at = $3, void_by = $4, void_why = $5
		 WHERE community_id = $1 AND id = $2 AND void_at IS NULL AND invoice_id IS NULL AND release_id IS NULL`, community, id, at, who, why))
}

const selectSession = `
	SELECT s.id, s.agreement_id, s.item_n, s.held_on, s.quantity, s.people, s.note, s.amount, s.subsidy, s.invoice_id, s.release_id, s.entered_by, s.entered_at, s.void_at, s.void_why,
	       i.name_zh, i.name_en, i.unit_zh, i.unit_en, coalesce(v.year || '-' || lpad(v.number::text, 4, '0'), '') AS invoice
	  FROM organisation.session s
	  JOIN organisation.item i ON i.community_id = s.community_id AND i.agreement_id = s.agreement_id AND i.n = s.item_n
	  LEFT JOIN organisation.invoice v ON v.community_id = s.community_id AND v.id = s.invoice_id
	 WHERE s.community_id = $1`

// ListSessions reads the sessions of an agreement that stand, the latest first.
func ListSessions(ctx context.Context, q sqlx.QueryerContext, community, agreement, limit int) (all []Session, err error) {
	defer wrap(&err, "organisation.ListSessions(%d, %d)", community, agreement)
	err = sqlx.SelectContext(ctx, q, &all, selectSession+` AND s.agreement_id = $2 AND s.void_at IS NULL ORDER BY s.held_on DESC, s.entered_at DESC, s.id LIMIT $3`, community, agreement, limit)
	return all, err
}

// Unbilled reads the sessions of an agreement that cost something and that no
// invoice asks for yet, the oldest first.
func Unbilled(ctx context.Context, q sqlx.QueryerContext, community, agreement int) (all []Session, err error) {
	defer wrap(&err, "organisation.Unbilled(%d, %d)", community, agreement)
	err = sqlx.SelectContext(ctx, q, &all, selectSession+`
		AND s.agreement_id = $2 AND s.void_at IS NULL AND s.invoice_id IS NULL AND s.amount > 0 ORDER BY s.held_on, s.entered_at, s.id`, community, agreement)
	return all, err
}

// SessionsOf reads the sessions that an invoice asks for, the oldest first.
func SessionsOf(ctx context.Context, q sqlx.QueryerContext, community int, invoice uuid.UUID) (all []Session, err error) {
	defer wrap(&err, "organisation.SessionsOf(%d, %s)", community, invoice)
	err = sqlx.SelectContext(ctx, q, &all, selectSession+` AND s.invoice_id = $2 ORDER BY s.held_on, s.item_n, s.id`, community, invoice)
	return all, err
}

// DeliveredMonth is what a social organisation delivered in a month.
type DeliveredMonth struct {
	Month    time.Time `db:"month"` // its first day
	Sessions int       `db:"sessions"`
	People   int       `db:"people"`
}

// DeliveredMonths reads what an organisation, or all with 0, delivered in the days from..to.
func DeliveredMonths(ctx context.Context, q sqlx.QueryerContext, community, of int, from, to time.Time) (months []DeliveredMonth, err error) {
	defer wrap(&err, "organisation.DeliveredMonths(%d, %d)", community, of)
	err = sqlx.SelectContext(ctx, q, &months, `
		SELECT date_trunc('month', s.held_on)::date AS month, count(*) AS sessions, sum(s.people) AS people
		  FROM organisation.session s JOIN organisation.agreement a ON a.community_id = s.community_id AND a.id = s.agreement_id
		 WHERE s.community_id = $1 AND ($2 = 0 OR a.organisation_id = $2) AND s.held_on BETWEEN $3 AND $4 AND s.void_at IS NULL GROUP BY 1 ORDER BY 1`, community, of, iso(from), iso(to))
	return months, err
}
