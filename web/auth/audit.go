package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// Event is one line of the audit log. The database sets its time and refuses to change it afterwards.
type Event struct {
	Community int            // 0 for the installation itself
	User      uuid.UUID      // who did it; zero for the command line or somebody unknown
	Verb      string         // noun.verb: "campaign.publish", "session.log_in"
	Subject   string         // what it was done to: "campaign:12", "user:0190…"
	From      From           // stored shortened
	Detail    map[string]any // ids and plain facts, never a name, a phone number or a secret
}

// Record appends the event in the transaction of what it tells about: both happen or neither.
func Record(ctx context.Context, tx *sqlx.Tx, e Event) error {
	if e.Detail == nil {
		e.Detail = map[string]any{}
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("auth: record %s: %w", e.Verb, err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO auth.audit_log (community_id, user_id, verb, subject, address, agent, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.Community, uuid.NullUUID{UUID: e.User, Valid: e.User != uuid.Nil},
		e.Verb, e.Subject, e.From.Network(), e.From.Agent(), string(detail))
	if err != nil {
		return fmt.Errorf("auth: record %s: %w", e.Verb, err)
	}
	return nil
}

// AuditRow is a recorded event as the audit page shows it.
type AuditRow struct {
	Community int             `db:"community_id"`
	ID        int64           `db:"id"`
	At        time.Time       `db:"at"`
	User      uuid.NullUUID   `db:"user_id"`
	UserName  string          `db:"user_name"` // today's name of who did it, or ""
	Verb      string          `db:"verb"`
	Subject   string          `db:"subject"`
	Address   string          `db:"address"`
	Agent     string          `db:"agent"`
	Detail    json.RawMessage `db:"detail"`
}

// AuditFilter narrows the audit log; zero fields do not narrow.
type AuditFilter struct {
	User   uuid.UUID // who did it
	Noun   string    // what the verb is about: "session", "entry"
	Before int64     // only rows older than the one with this ID: the page's key
}

// AuditLog returns up to limit rows, newest first: the community's own, and what its members did to the
// installation, such as logging in. In a session.refuse the user is whose login was tried, which need not
// be who tried.
func AuditLog(ctx context.Context, q sqlx.QueryerContext, community int, f AuditFilter, limit int) ([]AuditRow, error) {
	var rows []AuditRow
	const narrowed = `($2::bigint = 0 OR id < $2) AND ($4::uuid IS NULL OR user_id = $4) AND ($5 = '' OR split_part(verb, '.', 1) = $5)`
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT a.community_id, a.id, a.at, a.user_id, coalesce(u.name, '') AS user_name,
		       a.verb, a.subject, a.address, a.agent, a.detail
		  FROM ((SELECT * FROM auth.audit_log
		          WHERE community_id = $1 AND `+narrowed+` ORDER BY id DESC LIMIT $3)
		        UNION ALL
		        (SELECT * FROM auth.audit_log
		          WHERE community_id = 0 AND `+narrowed+`
		            AND user_id IN (SELECT m.user_id FROM auth.membership m WHERE m.community_id = $1)
		          ORDER BY id DESC LIMIT $3)) a
		  LEFT JOIN auth.user u ON u.id = a.user_id
		 ORDER BY a.id DESC LIMIT $3`, community, f.Before, limit, uuid.NullUUID{UUID: f.User, Valid: f.User != uuid.Nil}, f.Noun)
	if err != nil {
		return nil, fmt.Errorf("auth: audit log: %w", err)
	}
	return rows, nil
}
