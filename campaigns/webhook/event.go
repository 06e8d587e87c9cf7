package webhook

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns/outbox"
	"fund/ledger"
	"fund/ledger/transparency"
)

// The kinds of event, as subscribers choose them.
const (
	EntriesPosted     = "entries.posted"
	ReportIssued      = "report.issued"
	CampaignPublished = "campaign.published"
	CampaignEnded     = "campaign.ended"
	CheckpointSealed  = "checkpoint.sealed"
	test              = "test" // nobody chooses it: it is asked for
)

// Kinds are those that can be chosen, in the order in which a page shows them.
var Kinds = []string{EntriesPosted, ReportIssued, CampaignPublished, CampaignEnded, CheckpointSealed}

// Happened is something that happens once, such as the second version of a report.
type Happened struct {
	Key  string // tells it from everything else of its community
	Kind string
	Data any // what is sent of it: where to read it, and nothing of a person
}

// ReportKey is the key of one version of a published report.
func ReportKey(serial string, version int) string {
	return fmt.Sprintf("%s:%s/%d", ReportIssued, serial, version)
}

// Crier looks for what is new and writes down whom to tell.
type Crier struct {
	DB      *sqlx.DB
	BaseURL string
	// Reports reads which reports are published, and nothing where they are no more than those known; nil: none are.
	Reports func(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, known int) ([]Happened, error)
	Now     func() time.Time
	Log     *slog.Logger
}

// cryEvery is how often the crier looks.
const cryEvery = 5 * time.Second

// Run looks until ctx ends. Any number of processes may run it.
func (k Crier) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := k.Cry(ctx); err != nil && ctx.Err() == nil {
			k.Log.WarnContext(ctx, "webhook: look for what is new", "err", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(cryEvery):
		}
	}
}

// Cry looks once at every community that has subscribers. Where nothing is new it only reads.
func (k Crier) Cry(ctx context.Context) error {
	var ids []int
	err := k.DB.SelectContext(ctx, &ids, `SELECT DISTINCT community_id FROM webhook.subscriber WHERE state <> 'removed'`)
	for _, id := range ids {
		err = errors.Join(err, k.cry(ctx, id))
	}
	return err
}

func (k Crier) cry(ctx context.Context, id int) error {
	c, err := ledger.CommunityAt(ctx, k.DB, id)
	if err != nil {
		return err
	}
	if fresh, _, err := k.news(ctx, k.DB, c, ``); err != nil || len(fresh) == 0 {
		return err
	}
	return ledger.InTx(ctx, k.DB, func(tx *sqlx.Tx) error { return k.look(ctx, tx, c) })
}

// look writes down what is new in one community since it last looked, and a delivery for everybody who wants to be told.
func (k Crier) look(ctx context.Context, tx *sqlx.Tx, c ledger.Community) (err error) {
	defer wrap(&err, "webhook: look at %s", c.Slug)
	fresh, now, err := k.news(ctx, tx, c, ` FOR UPDATE`)
	if err != nil || len(fresh) == 0 {
		return err
	}
	if fresh, err = once(ctx, tx, c.ID, fresh); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE webhook.heard SET seq = $2, checkpoint = $3 WHERE community_id = $1`, c.ID, now.Seq, now.Checkpoint); err != nil {
		return err
	}
	for _, one := range fresh {
		if err = tell(ctx, tx, c.ID, one, k.Now()); err != nil {
			return err
		}
	}
	return nil
}

// heard is how far the books and the log were told.
type heard struct {
	Seq        int64 `db:"seq"`
	Checkpoint int   `db:"checkpoint"`
}

// news are what was not told yet, and how far the books and the log are with them. Whoever tells it holds the row: lock.
func (k Crier) news(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, lock string) (fresh []Happened, now heard, err error) {
	if err = sqlx.GetContext(ctx, q, &now, `SELECT seq, checkpoint FROM webhook.heard WHERE community_id = $1`+lock, c.ID); err != nil {
		return nil, now, err
	}
	if fresh, err = k.campaigns(ctx, q, c); err != nil {
		return nil, now, err
	}
	reports, err := k.reports(ctx, q, c)
	if err != nil {
		return nil, now, err
	}
	fresh = append(fresh, reports...)
	stand, err := ledger.Stand(ctx, q, c.ID)
	if err != nil {
		return nil, now, err
	}
	if stand.LastSeq > now.Seq {
		fresh = append(fresh, Happened{Kind: EntriesPosted, Data: map[string]any{
			"first": now.Seq + 1, "last": stand.LastSeq, "count": stand.LastSeq - now.Seq, "entries": k.api(c, fmt.Sprintf("/entries?above=%d", now.Seq)),
		}})
		now.Seq = stand.LastSeq
	}
	sealed, err := transparency.Latest(ctx, q, c.ID)
	if err != nil && !errors.Is(err, transparency.ErrNoneSealed) {
		return nil, now, err
	}
	if sealed.Number > now.Checkpoint {
		fresh = append(fresh, Happened{Kind: CheckpointSealed, Data: map[string]any{
			"number": sealed.Number, "size": sealed.Size, "root": base64.StdEncoding.EncodeToString(sealed.Root[:]), "note": sealed.Note,
			"checkpoint": k.api(c, fmt.Sprintf("/checkpoints/%d", sealed.Number)),
		}})
		now.Checkpoint = sealed.Number
	}
	return fresh, now, nil
}

// api is an address of the open data of a community.
func (k Crier) api(c ledger.Community, path string) string {
	return k.BaseURL + "/api/v1/c/" + url.PathEscape(c.Slug) + path
}

// once leaves out what was told before, and remembers the rest.
func once(ctx context.Context, tx *sqlx.Tx, community int, all []Happened) ([]Happened, error) {
	var keys, unheard pq.StringArray
	for _, one := range all {
		if one.Key != "" {
			keys = append(keys, one.Key)
		}
	}
	err := tx.SelectContext(ctx, &unheard, `
		INSERT INTO webhook.told (community_id, key) SELECT $1, k FROM unnest($2::text[]) k ON CONFLICT DO NOTHING RETURNING key`, community, keys)
	return slices.DeleteFunc(all, func(one Happened) bool { return one.Key != "" && !slices.Contains(unheard, one.Key) }), err
}

// reports are those that were not told, among others: none where they are as many as were told.
func (k Crier) reports(ctx context.Context, q sqlx.QueryerContext, c ledger.Community) ([]Happened, error) {
	if k.Reports == nil {
		return nil, nil
	}
	var known int
	err := sqlx.GetContext(ctx, q, &known, `SELECT count(*) FROM webhook.told WHERE community_id = $1 AND starts_with(key, $2)`, c.ID, ReportIssued+":")
	if err != nil {
		return nil, err
	}
	return k.Reports(ctx, q, c, known)
}

// campaigns are those that were published, and those whose last day is over, of which the last of both was not told.
func (k Crier) campaigns(ctx context.Context, q sqlx.QueryerContext, c ledger.Community) (all []Happened, err error) {
	var list []struct {
		ID      int    `db:"id"`
		Slug    string `db:"slug"`
		TitleZH string `db:"title_zh"`
		TitleEN string `db:"title_en"`
		Ended   bool   `db:"ended"`
	}
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT c.id, c.slug, c.title_zh, c.title_en, e.ended
		  FROM campaigns.campaign c
		 CROSS JOIN LATERAL (SELECT c.state = 'closed' OR c.ends_on < $2 AS ended) e
		 WHERE c.community_id = $1 AND c.state <> 'draft'
		   AND NOT EXISTS (SELECT FROM webhook.told t WHERE t.community_id = $1 AND t.key = CASE WHEN e.ended THEN $4 ELSE $3 END || ':' || c.id)
		 ORDER BY c.id`, c.ID, c.Day(k.Now()).Format(time.DateOnly), CampaignPublished, CampaignEnded)
	for _, one := range list {
		data := map[string]any{"slug": one.Slug, "title": map[string]string{"zh": one.TitleZH, "en": one.TitleEN}, "campaign": k.api(c, "/campaigns/"+url.PathEscape(one.Slug))}
		all = append(all, Happened{fmt.Sprintf("%s:%d", CampaignPublished, one.ID), CampaignPublished, data})
		if one.Ended {
			all = append(all, Happened{fmt.Sprintf("%s:%d", CampaignEnded, one.ID), CampaignEnded, data})
		}
	}
	return all, err
}

// tell writes an event down with a delivery for each active subscriber who chose its kind. One that nobody chose is not kept.
func tell(ctx context.Context, tx *sqlx.Tx, community int, one Happened, at time.Time) error {
	var to []uuid.UUID
	err := tx.SelectContext(ctx, &to, `SELECT id FROM webhook.subscriber WHERE community_id = $1 AND state = 'active' AND $2 = ANY (events) ORDER BY id`, community, one.Kind)
	if err != nil || len(to) == 0 {
		return err
	}
	return deliver(ctx, tx, community, one, at, to...)
}

func deliver(ctx context.Context, tx *sqlx.Tx, community int, one Happened, at time.Time, to ...uuid.UUID) error {
	data, err := json.Marshal(one.Data)
	if err != nil {
		return err
	}
	event := uuid.Must(uuid.NewV7())
	if _, err = tx.ExecContext(ctx, `INSERT INTO webhook.event (community_id, id, kind, at, data) VALUES ($1, $2, $3, $4, $5)`, community, event, one.Kind, at, string(data)); err != nil {
		return err
	}
	for _, subscriber := range to {
		m, err := outbox.New(kind, struct{}{}) // its id says all
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO webhook.delivery (community_id, id, subscriber_id, event_id) VALUES ($1, $2, $3, $4)`, community, m.ID, subscriber, event)
		if err == nil {
			err = outbox.Enqueue(ctx, tx, community, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Test sends a subscriber a message of no importance, paused or not. ErrNotFound.
func Test(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, at time.Time) (err error) {
	defer wrap(&err, "webhook.Test(%d, %s)", community, id)
	if _, err = Find(ctx, tx, community, id); err != nil {
		return err
	}
	return deliver(ctx, tx, community, Happened{Kind: test, Data: map[string]string{"zh": "收到就好", "en": "It has arrived"}}, at, id)
}

// Delivery is one message to one subscriber, as the log shows it.
type Delivery struct {
	ID      uuid.UUID       `db:"id"`
	Event   uuid.UUID       `db:"event_id"`
	Kind    string          `db:"kind"`
	At      time.Time       `db:"at"`
	Data    json.RawMessage `db:"data"`
	State   string          `db:"state"` // waiting, done, dropped
	Tries   int             `db:"tries"`
	Status  sql.Null[int]   `db:"status"`
	Problem string          `db:"problem"`
	TookMS  sql.Null[int]   `db:"took_ms"`
	TriedAt *time.Time      `db:"tried_at"`
}

// Deliveries reads what a subscriber was told lately, the latest first.
func Deliveries(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID, limit int) (all []Delivery, err error) {
	defer wrap(&err, "webhook.Deliveries(%d, %s)", community, id)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT d.id, d.event_id, e.kind, e.at, e.data, d.state, d.tries, d.status, d.problem, d.took_ms, d.tried_at
		  FROM webhook.delivery d JOIN webhook.event e ON e.community_id = d.community_id AND e.id = d.event_id
		 WHERE d.community_id = $1 AND d.subscriber_id = $2 ORDER BY d.id DESC LIMIT $3`, community, id, limit)
	return all, err
}

// Keep is how long events and their log are kept.
const Keep = 30 * 24 * time.Hour

// Sweep forgets what is older.
func Sweep(ctx context.Context, db *sqlx.DB, now time.Time) error {
	if _, err := db.ExecContext(ctx, `DELETE FROM webhook.event WHERE at < $1`, now.Add(-Keep)); err != nil {
		return fmt.Errorf("webhook: sweep: %w", err)
	}
	return nil
}
