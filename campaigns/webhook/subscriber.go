package webhook

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
)

// State is how a subscriber stands.
type State string

// A subscriber is active, paused by hand or after failures, and removed in the end.
const (
	Active  State = "active"
	Paused  State = "paused"
	Removed State = "removed"
)

// SubscribersMax is how many a community may have.
const SubscribersMax = 20

// What registering refuses.
var (
	ErrNotFound = errors.New("webhook: no such subscriber")
	ErrAddress  = errors.New("webhook: an address begins with https:// and names a public host")
	ErrEvents   = errors.New("webhook: no event is chosen, or one that is unknown")
	ErrTooMany  = errors.New("webhook: there are as many subscribers as there may be")
)

// Subscriber is a program that wants to be told.
type Subscriber struct {
	ID         uuid.UUID      `db:"id"`
	URL        string         `db:"url"`
	Events     pq.StringArray `db:"events"` // of Kinds
	State      State          `db:"state"`
	Why        string         `db:"why"` // it is paused: hand, failures, gone
	Turn       int            `db:"turn"`
	TurnedAt   time.Time      `db:"turned_at"`
	Failures   int            `db:"failures"` // in a row
	RestsUntil *time.Time     `db:"rests_until"`
	ReachedAt  *time.Time     `db:"reached_at"`
	MadeBy     string         `db:"made_by"`
	MadeAt     time.Time      `db:"made_at"`
}

const selectSubscriber = `
	SELECT id, url, events, state, why, turn, turned_at, failures, rests_until, reached_at, made_by, made_at
	  FROM webhook.subscriber WHERE community_id = $1 AND state <> 'removed'`

// List reads a community's subscribers, the newest first.
func List(ctx context.Context, q sqlx.QueryerContext, community int) (all []Subscriber, err error) {
	defer wrap(&err, "webhook.List(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, selectSubscriber+` ORDER BY id DESC`, community)
	return all, err
}

// Find reads one; ErrNotFound.
func Find(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (s Subscriber, err error) {
	defer wrap(&err, "webhook.Find(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &s, selectSubscriber+` AND id = $2`, community, id)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return s, err
}

// Add registers a subscriber. What there is already is not news to it: the crier looks once more before. ErrAddress, ErrEvents,
// ErrTooMany.
func Add(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s Subscriber, crier Crier, who string, at time.Time) (_ Subscriber, err error) {
	defer wrap(&err, "webhook.Add(%d)", c.ID)
	if err = checkAddress(s.URL); err != nil {
		return s, err
	}
	if err = checkEvents(s.Events); err != nil {
		return s, err
	}
	if _, err = tx.ExecContext(ctx, `INSERT INTO webhook.heard (community_id) VALUES ($1) ON CONFLICT DO NOTHING`, c.ID); err != nil {
		return s, err
	}
	if err = crier.look(ctx, tx, c); err != nil {
		return s, err
	}
	var n int
	if err = tx.GetContext(ctx, &n, `SELECT count(*) FROM webhook.subscriber WHERE community_id = $1 AND state <> 'removed'`, c.ID); err != nil {
		return s, err
	}
	if n >= SubscribersMax {
		return s, ErrTooMany
	}
	s.ID, s.State, s.Turn, s.TurnedAt, s.MadeBy, s.MadeAt = uuid.Must(uuid.NewV7()), Active, 1, at, who, at
	_, err = tx.ExecContext(ctx, `
		INSERT INTO webhook.subscriber (community_id, id, url, events, turned_at, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $5)`,
		c.ID, s.ID, s.URL, s.Events, at, who)
	return s, err
}

// checkAddress looks at an address as it is written; where it leads is looked at each time it is called.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Scheme != "https", u.Hostname() == "", u.User != nil, u.Fragment != "", len(address) > 400:
		return ErrAddress
	case !strings.Contains(u.Hostname(), ".") && !strings.Contains(u.Hostname(), ":"): // localhost and the like
		return ErrAddress
	case strings.ContainsAny(address, " \t\r\n\\"):
		return ErrAddress
	}
	return nil
}

func checkEvents(events []string) error {
	for _, e := range events {
		if !slices.Contains(Kinds, e) {
			return ErrEvents
		}
	}
	if len(events) == 0 {
		return ErrEvents
	}
	return nil
}

// Choose changes what a subscriber is told of. ErrEvents, ErrNotFound.
func Choose(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, events []string) (err error) {
	defer wrap(&err, "webhook.Choose(%d, %s)", community, id)
	if err = checkEvents(events); err != nil {
		return err
	}
	return change(tx.ExecContext(ctx, `UPDATE webhook.subscriber SET events = $3 WHERE community_id = $1 AND id = $2 AND state <> 'removed'`,
		community, id, pq.StringArray(events)))
}

// Overlap is how long after a rotation messages are signed with the secret before as well.
const Overlap = 24 * time.Hour

// Rotate gives a subscriber a new secret; for Overlap the old one still holds. ErrNotFound.
func Rotate(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, at time.Time) (err error) {
	defer wrap(&err, "webhook.Rotate(%d, %s)", community, id)
	return change(tx.ExecContext(ctx, `UPDATE webhook.subscriber SET turn = turn + 1, turned_at = $3 WHERE community_id = $1 AND id = $2 AND state <> 'removed'`,
		community, id, at))
}

// Pause stops telling a subscriber; what waits for it is dropped. ErrNotFound where it is not active.
func Pause(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (err error) {
	defer wrap(&err, "webhook.Pause(%d, %s)", community, id)
	return pause(ctx, tx, community, id, "hand")
}

func pause(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, why string) error {
	err := change(tx.ExecContext(ctx, `UPDATE webhook.subscriber SET state = 'paused', why = $3 WHERE community_id = $1 AND id = $2 AND state = 'active'`, community, id, why))
	if err == nil {
		err = drop(ctx, tx, community, id)
	}
	return err
}

func drop(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) error {
	_, err := tx.ExecContext(ctx, `UPDATE webhook.delivery SET state = 'dropped' WHERE community_id = $1 AND subscriber_id = $2 AND state = 'waiting'`, community, id)
	return err
}

// Resume tells a paused subscriber again of what comes from now on. ErrNotFound where it is not paused.
func Resume(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (err error) {
	defer wrap(&err, "webhook.Resume(%d, %s)", community, id)
	return change(tx.ExecContext(ctx, `
		UPDATE webhook.subscriber SET state = 'active', why = '', failures = 0, rests_until = NULL WHERE community_id = $1 AND id = $2 AND state = 'paused'`, community, id))
}

// Remove takes a subscriber away for good; its log stays until it is forgotten. ErrNotFound.
func Remove(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (err error) {
	defer wrap(&err, "webhook.Remove(%d, %s)", community, id)
	err = change(tx.ExecContext(ctx, `UPDATE webhook.subscriber SET state = 'removed', why = '' WHERE community_id = $1 AND id = $2 AND state <> 'removed'`, community, id))
	if err == nil {
		err = drop(ctx, tx, community, id)
	}
	return err
}

// change is the end of an UPDATE of one row; ErrNotFound where there is none.
func change(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNotFound)
	}
	return nil
}

func wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}
