package pledge

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/ledger/money"
)

func find(ctx context.Context, q sqlx.QueryerContext, community int, which string, key any) (p Pledge, err error) {
	err = sqlx.GetContext(ctx, q, &p, selectPledge+` AND `+which, community, key)
	return p, err
}

// ByToken finds the pledge of an address; campaigns.ErrNotFound.
func ByToken(ctx context.Context, q sqlx.QueryerContext, community int, token string) (p Pledge, err error) {
	defer wrap(&err, "pledge.ByToken(%d)", community)
	return find(ctx, q, community, `p.token = $2`, token)
}

// At reads a pledge by its id; campaigns.ErrNotFound.
func At(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (p Pledge, err error) {
	defer wrap(&err, "pledge.At(%d, %s)", community, id)
	return find(ctx, q, community, `p.id = $2`, id)
}

// listMax is the most that one page of the desk shows.
const listMax = 500

// List reads a community's pledges in a state, the next day first; those that
// are not open any more the latest first.
func List(ctx context.Context, q sqlx.QueryerContext, community int, state State) (ps []Pledge, err error) {
	defer wrap(&err, "pledge.List(%d, %s)", community, state)
	order := ` AND p.state = $2 ORDER BY p.due_on DESC, p.id LIMIT $3`
	if state == Open {
		order = ` AND p.state = $2 ORDER BY p.due_on, p.id LIMIT $3`
	}
	err = sqlx.SelectContext(ctx, q, &ps, selectPledge+order, community, state, listMax)
	return ps, err
}

// Promised is what pledges add up to.
type Promised struct {
	Pledges int          `db:"pledges"`
	Left    money.Amount `db:"left"` // of open ones: still promised
}

// PromisedTo is what a campaign may say that it is promised: open pledges whose
// day is not past and which staff wrote down for somebody they spoke to. What
// anybody may type into a web page is not shown to others as money to come.
func PromisedTo(ctx context.Context, q sqlx.QueryerContext, community, campaign int, today time.Time) (t Promised, err error) {
	defer wrap(&err, "pledge.PromisedTo(%d, %d)", community, campaign)
	err = sqlx.GetContext(ctx, q, &t, `
		SELECT count(*) AS pledges, coalesce(sum(o.amount - o.received), 0.00) AS left FROM (`+selectPledge+`
		   AND p.campaign_id = $2 AND p.state = 'open' AND p.due_on >= $3 AND p.entered_by <> '') o`, community, campaign, iso(today))
	return t, err
}

// Counts says how many pledges stand in each state, and how many open ones are
// due by a day.
func Counts(ctx context.Context, q sqlx.QueryerContext, community int, today time.Time) (of map[State]int, due int, err error) {
	defer wrap(&err, "pledge.Counts(%d)", community)
	var rows []struct {
		State State `db:"state"`
		N     int   `db:"n"`
		Due   int   `db:"due"`
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT o.state, count(*) AS n, count(*) FILTER (WHERE o.state = 'open' AND o.due_on <= $2) AS due FROM (`+selectPledge+`) o GROUP BY o.state`,
		community, iso(today))
	of = map[State]int{}
	for _, r := range rows {
		of[r.State], due = r.N, due+r.Due
	}
	return of, due, err
}

func findPlan(ctx context.Context, q sqlx.QueryerContext, community int, which string, key any) (p Plan, err error) {
	err = sqlx.GetContext(ctx, q, &p, selectPlan+` AND `+which, community, key)
	return p, err
}

// PlanByToken finds the plan of an address; campaigns.ErrNotFound.
func PlanByToken(ctx context.Context, q sqlx.QueryerContext, community int, token string) (p Plan, err error) {
	defer wrap(&err, "pledge.PlanByToken(%d)", community)
	return findPlan(ctx, q, community, `p.token = $2`, token)
}

// PlanAt reads a plan by its id; campaigns.ErrNotFound.
func PlanAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (p Plan, err error) {
	defer wrap(&err, "pledge.PlanAt(%d, %s)", community, id)
	return findPlan(ctx, q, community, `p.id = $2`, id)
}

// ListPlans reads a community's plans that have begun, running ones first.
func ListPlans(ctx context.Context, q sqlx.QueryerContext, community int) (ps []Plan, err error) {
	defer wrap(&err, "pledge.ListPlans(%d)", community)
	err = sqlx.SelectContext(ctx, q, &ps, `SELECT * FROM (`+selectPlan+`) p WHERE p.gifts > 0 ORDER BY p.stopped_as <> '', p.day, p.id LIMIT $2`, community, listMax)
	return ps, err
}

// Expected is what the plans ask for in a month.
type Expected struct {
	Givers int          `db:"givers"`
	Amount money.Amount `db:"amount"`
}

// ExpectedIn adds up the plans that will write a letter in a month.
func ExpectedIn(ctx context.Context, q sqlx.QueryerContext, community int, month time.Time) (e Expected, err error) {
	defer wrap(&err, "pledge.ExpectedIn(%d)", community)
	err = sqlx.GetContext(ctx, q, &e, `
		SELECT count(*) AS givers, coalesce(sum(p.amount), 0.00) AS amount FROM (`+selectPlan+`) p
		 WHERE p.gifts > 0 AND p.stopped_as = '' AND p.made_on < $2::date
		   AND ($2::date + least(p.day, $3) - 1 >= p.paused_until) IS NOT FALSE`, community, iso(month), daysOf(month))
	return e, err
}

// MonthGift is a donation of a plan, with the month it is for.
type MonthGift struct {
	Month      time.Time               `db:"month"` // its first day
	DonationID uuid.UUID               `db:"donation_id"`
	Amount     money.Amount            `db:"amount"`
	State      campaigns.DonationState `db:"state"`
	Method     string                  `db:"method"`
	CreatedAt  time.Time               `db:"created_at"`
	PaidAt     *time.Time              `db:"paid_at"`
}

const selectGift = `
	SELECT g.month, g.donation_id, d.amount, d.state, d.method, d.created_at, d.paid_at
	  FROM pledge.gift g JOIN campaigns.donation d ON d.community_id = g.community_id AND d.id = g.donation_id
	 WHERE g.community_id = $1`

// History reads what was started for the plan, the latest first.
func (p Plan) History(ctx context.Context, q sqlx.QueryerContext) (gs []MonthGift, err error) {
	defer wrap(&err, "pledge.Plan.History(%d, %s)", p.Community, p.ID)
	err = sqlx.SelectContext(ctx, q, &gs, selectGift+` AND g.plan_id = $2 ORDER BY d.created_at DESC, d.id DESC`, p.Community, p.ID)
	return gs, err
}

// Keeps says which promise a donation keeps; uuid.Nil is none.
func Keeps(ctx context.Context, q sqlx.QueryerContext, community int, donation uuid.UUID) (promise uuid.UUID, err error) {
	defer wrap(&err, "pledge.Keeps(%d, %s)", community, donation)
	var ids []uuid.UUID
	err = sqlx.SelectContext(ctx, q, &ids, `SELECT coalesce(plan_id, pledge_id) FROM pledge.gift WHERE community_id = $1 AND donation_id = $2`, community, donation)
	if len(ids) > 0 {
		promise = ids[0]
	}
	return promise, err
}

// Promises are what donors have promised, whatever became of it.
type Promises struct {
	Pledges []Pledge // the latest first
	Plans   []Plan
}

// OfDonors reads the promises of some donors, such as those of one mail address.
func OfDonors(ctx context.Context, q sqlx.QueryerContext, community int, ids []uuid.UUID) (of Promises, err error) {
	defer wrap(&err, "pledge.OfDonors(%d)", community)
	texts := make(pq.StringArray, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	if err = sqlx.SelectContext(ctx, q, &of.Pledges, selectPledge+` AND p.donor_id = ANY ($2::uuid[]) ORDER BY p.made_at DESC, p.id`, community, texts); err != nil {
		return of, err
	}
	err = sqlx.SelectContext(ctx, q, &of.Plans, selectPlan+` AND p.donor_id = ANY ($2::uuid[]) ORDER BY p.made_at DESC, p.id`, community, texts)
	return of, err
}

// DueBy counts the open pledges whose day has come: those that staff may ring about.
func DueBy(ctx context.Context, q sqlx.QueryerContext, community int, today time.Time) (n int, err error) {
	defer wrap(&err, "pledge.DueBy(%d)", community)
	err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM (`+selectPledge+` AND p.state = 'open' AND p.due_on <= $2) o`, community, iso(today))
	return n, err
}
