package spending

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger/money"
)

// matched tells of a request r whether a line of the bank is matched to its entry.
const matched = `EXISTS (SELECT FROM reconcile.match_posting m WHERE m.community_id = r.community_id AND m.seq = r.entry_seq AND m.live)`

const selectRequest = `
	SELECT r.id, r.number, r.fund_id, r.account_id, r.year, r.amount, r.purpose, r.method, r.asked_by, r.asked_at, r.payee_user, r.approvals_needed, r.project_id, r.line,
	       r.state, r.payments, r.entry_seq, r.batch, r.confirmed_by, r.confirmed_at,
	       (SELECT count(*) FROM spending.decision d WHERE d.community_id = r.community_id AND d.request_id = r.id AND d.verdict = 'approved') AS approvals,
	       ` + matched + ` AS matched, ` + shown + ` AS shown,
	       p.name AS "payee.name", p.bank AS "payee.bank", p.number AS "payee.number", p.erased_at AS "payee.erased_at"
	  FROM spending.request r JOIN spending.payee p ON p.community_id = r.community_id AND p.request_id = r.id
	 WHERE r.community_id = $1`

const shown = `EXISTS (SELECT FROM campaigns.evidence v WHERE v.community_id = r.community_id AND v.entry_seq = r.entry_seq AND v.withdrawn_at IS NULL)`

// Find reads one request; ErrNotFound.
func Find(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (r PaymentRequest, err error) {
	defer wrap(&err, "spending.Find(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &r, selectRequest+` AND r.id = $2`, community, id)
	return r, err
}

// OfEntry reads the request that an entry paid; ErrNotFound for any other entry.
func OfEntry(ctx context.Context, q sqlx.QueryerContext, community int, entry int64) (r PaymentRequest, err error) {
	defer wrap(&err, "spending.OfEntry(%d, %d)", community, entry)
	err = sqlx.GetContext(ctx, q, &r, selectRequest+` AND r.entry_seq = $2`, community, entry)
	return r, err
}

// Filter narrows a list of requests; zero fields do not narrow.
type Filter struct {
	States  []State // stored ones: Sent and Evidenced are Paid
	Fund    int
	AskedBy string
	Batch   int
}

func (f Filter) where(community int) (string, []any) {
	var b strings.Builder
	args := []any{community}
	and := func(condition string, value any) {
		args = append(args, value)
		fmt.Fprintf(&b, " AND "+condition, len(args))
	}
	if len(f.States) > 0 {
		states := make([]string, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		and(`r.state = ANY (string_to_array($%d, ','))`, strings.Join(states, ","))
	}
	if f.Fund != 0 {
		and(`r.fund_id = $%d`, f.Fund)
	}
	if f.AskedBy != "" {
		and(`r.asked_by = $%d`, f.AskedBy)
	}
	if f.Batch != 0 {
		and(`r.batch = $%d`, f.Batch)
	}
	return b.String(), args
}

// List reads requests, the newest first.
func List(ctx context.Context, q sqlx.QueryerContext, community int, f Filter, limit int) (rs []PaymentRequest, err error) {
	defer wrap(&err, "spending.List(%d)", community)
	where, args := f.where(community)
	err = sqlx.SelectContext(ctx, q, &rs, selectRequest+where+fmt.Sprintf(` ORDER BY r.number DESC LIMIT %d`, limit), args...)
	return rs, err
}

// Count is how many requests are in a state, and what they are worth.
type Count struct {
	State    State        `db:"state"`
	Requests int          `db:"requests"`
	Amount   money.Amount `db:"amount"`
}

// Counts counts a community's requests by their stored state.
func Counts(ctx context.Context, q sqlx.QueryerContext, community int) (counts map[State]Count, err error) {
	defer wrap(&err, "spending.Counts(%d)", community)
	var rows []Count
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT state, count(*) AS requests, sum(amount) AS amount FROM spending.request WHERE community_id = $1 GROUP BY state`, community)
	counts = map[State]Count{}
	for _, c := range rows {
		counts[c.State] = c
	}
	return counts, err
}

// Waiting counts what waits for somebody: requests of others that they may
// approve and have not decided, and approved ones that they may pay.
func Waiting(ctx context.Context, q sqlx.QueryerContext, community int, who string, approves, pays bool) (n int, err error) {
	defer wrap(&err, "spending.Waiting(%d)", community)
	err = sqlx.GetContext(ctx, q, &n, `
		SELECT count(*) FROM spending.request r
		 WHERE r.community_id = $1 AND r.state IN ('asked', 'approved') AND (
		       $4 AND r.state = 'approved'
		    OR $3 AND r.state = 'asked' AND $2 NOT IN (r.asked_by, r.payee_user) AND NOT EXISTS (
		       SELECT FROM spending.decision d WHERE d.community_id = r.community_id AND d.request_id = r.id AND d.decided_by = $2))`, community, who, approves, pays)
	return n, err
}

// Event is something that happened to a request.
type Event struct {
	What  string    `db:"what"` // asked, approved, declined, recused, withdrawn, sent, paid, confirmed, undone, erased
	By    string    `db:"by"`
	At    time.Time `db:"at"`
	Why   string    `db:"why"`
	Entry *int64    `db:"entry_seq"`
}

// History reads what happened to a request, in its order.
func History(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (es []Event, err error) {
	defer wrap(&err, "spending.History(%d, %s)", community, id)
	err = sqlx.SelectContext(ctx, q, &es, `
		SELECT what, by, at, why, entry_seq FROM (
		       SELECT 0 AS part, 0 AS number, 'asked' AS what, asked_by AS by, asked_at AS at, '' AS why, NULL::bigint AS entry_seq FROM spending.request WHERE community_id = $1 AND id = $2
		       UNION ALL SELECT 1, 0, verdict, decided_by, decided_at, reason, NULL FROM spending.decision WHERE community_id = $1 AND request_id = $2
		       UNION ALL SELECT 2, number, what, done_by, done_at, why, entry_seq FROM spending.step WHERE community_id = $1 AND request_id = $2) e
		 ORDER BY at, part, number`, community, id)
	return es, err
}

// Papers reads the papers of a request, without their bytes.
func Papers(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (papers []campaigns.Original, err error) {
	defer wrap(&err, "spending.Papers(%d, %s)", community, id)
	var ids []uuid.UUID
	err = sqlx.SelectContext(ctx, q, &ids, `SELECT original_id FROM spending.paper WHERE community_id = $1 AND request_id = $2`, community, id)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return campaigns.Originals(ctx, q, community, ids...)
}
