package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Turn is a month of a plan that is to be posted.
type Turn struct {
	Plan      uuid.UUID
	Kind      Kind
	Name      string // of the item, or the entry's memo
	Month     time.Time
	Date      time.Time // of its entry: an item's month ends, a recurring entry has its day
	Amount    money.Amount
	Automatic bool

	try   int
	entry ledger.Entry
}

// Due reads what is still to be posted for a month, by kind and name: what a
// month's checklist asks.
func Due(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, month time.Time) (due []Turn, err error) {
	all, err := DueThrough(ctx, q, c, month)
	for _, t := range all {
		if t.Month.Equal(ledger.MonthOf(month)) {
			due = append(due, t)
		}
	}
	return due, err
}

// DueThrough reads what is still to be posted for a month and all months
// before it, the oldest first.
func DueThrough(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, month time.Time) (due []Turn, err error) {
	defer wrap(&err, "schedule.DueThrough(%d)", c.ID)
	month = ledger.MonthOf(month)
	done, err := doneOf(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	for _, kind := range []Kind{Asset, Prepaid} {
		items, err := ListItems(ctx, q, c.ID, kind)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			due = append(due, i.due(month, done)...)
		}
	}
	repeats, err := ListRepeats(ctx, q, c.ID)
	for _, r := range repeats {
		due = append(due, r.due(month, done)...)
	}
	slices.SortStableFunc(due, func(a, b Turn) int { return a.Month.Compare(b.Month) })
	return due, err
}

// DueOf reads what is still to be posted of one item, up to a month.
func DueOf(ctx context.Context, q sqlx.QueryerContext, community int, i Item, through time.Time) (due []Turn, err error) {
	defer wrap(&err, "schedule.DueOf(%d, %s)", community, i.ID)
	done, err := doneOf(ctx, q, community)
	if err != nil {
		return nil, err
	}
	return i.due(ledger.MonthOf(through), done), nil
}

// Run posts what is due for a month: items with the month's last day, or today
// while it lasts; entries that come again once their day is there. It returns
// what it posted. Twice posts nothing more, and of two at once the second waits
// and finds nothing. The errors are ledger's: ErrPeriodClosed,
// ErrFundOverspent, ErrAccountClosed.
func Run(ctx context.Context, tx *sqlx.Tx, c ledger.Community, month, today time.Time, who string) (_ []ledger.Posted, err error) {
	defer wrap(&err, "schedule.Run(%d, %s)", c.ID, month.Format("2006-01"))
	if err = lockPlans(ctx, tx, c.ID); err != nil {
		return nil, err
	}
	due, err := Due(ctx, tx, c, month)
	if err != nil {
		return nil, err
	}
	return post(ctx, tx, c.ID, due, today, who)
}

// RunOne posts one turn. ErrNotDue where it is not, or its day is to come.
func RunOne(ctx context.Context, tx *sqlx.Tx, c ledger.Community, plan uuid.UUID, month, today time.Time, who string) (_ ledger.Posted, err error) {
	defer wrap(&err, "schedule.RunOne(%d, %s, %s)", c.ID, plan, month.Format("2006-01"))
	t, err := one(ctx, tx, c, plan, month)
	if err != nil {
		return ledger.Posted{}, err
	}
	posted, err := post(ctx, tx, c.ID, []Turn{t}, today, who)
	if err == nil && len(posted) == 0 {
		err = ErrNotDue
	}
	if err != nil {
		return ledger.Posted{}, err
	}
	return posted[0], nil
}

// Skip lets an entry that comes again leave out a month. ErrNotDue.
func Skip(ctx context.Context, tx *sqlx.Tx, c ledger.Community, plan uuid.UUID, month time.Time, who string) (err error) {
	defer wrap(&err, "schedule.Skip(%d, %s, %s)", c.ID, plan, month.Format("2006-01"))
	t, err := one(ctx, tx, c, plan, month)
	if err != nil {
		return err
	}
	if t.Kind != Recurring {
		return ErrNotDue
	}
	return skip(ctx, tx, c.ID, t, who)
}

// RunAutomatic posts the recurring entries that post themselves and whose day
// has come, each in a database transaction of its own: one that is refused (its
// month is closed, its fund has not that much) keeps none of the others.
func RunAutomatic(ctx context.Context, db *sqlx.DB, c ledger.Community, today time.Time) (posted int, err error) {
	due, err := DueThrough(ctx, db, c, today)
	for _, t := range due {
		if !t.Automatic || t.Date.After(today) {
			continue
		}
		failed := ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
			_, err := RunOne(ctx, tx, c, t.Plan, t.Month, today, "system")
			return err
		})
		switch {
		case failed == nil:
			posted++
		case !errors.Is(failed, ErrNotDue): // somebody else was quicker
			err = errors.Join(err, failed)
		}
	}
	return posted, err
}

func one(ctx context.Context, tx *sqlx.Tx, c ledger.Community, plan uuid.UUID, month time.Time) (Turn, error) {
	if err := lockPlans(ctx, tx, c.ID); err != nil {
		return Turn{}, err
	}
	due, err := Due(ctx, tx, c, month)
	for _, t := range due {
		if t.Plan == plan {
			return t, nil
		}
	}
	return Turn{}, errors.Join(err, ErrNotDue)
}

// lockPlans puts those who post a community's turns into one order.
func lockPlans(ctx context.Context, tx *sqlx.Tx, community int) error {
	_, err := tx.ExecContext(ctx, `
		SELECT FROM (SELECT id FROM schedule.item WHERE community_id = $1 ORDER BY id FOR UPDATE) i`, community)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		SELECT FROM (SELECT id FROM schedule.recurring WHERE community_id = $1 ORDER BY id FOR UPDATE) r`, community)
	return err
}

// done are the turns that were seen to: how often, and whether that stands.
type done map[string]struct {
	tries  int
	stands bool
}

func turnKey(plan uuid.UUID, month time.Time) string { return plan.String() + month.Format(" 2006-01") }

func doneOf(ctx context.Context, q sqlx.QueryerContext, community int) (done, error) {
	var rows []struct {
		Plan   uuid.UUID `db:"plan_id"`
		Month  time.Time `db:"month"`
		Tries  int       `db:"tries"`
		Stands bool      `db:"stands"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT x.plan_id, x.month, max(x.try) AS tries, bool_or(NOT `+reversed+`) AS stands
		  FROM schedule.turn x WHERE x.community_id = $1 GROUP BY x.plan_id, x.month`, community)
	all := make(done, len(rows))
	for _, r := range rows {
		at := all[turnKey(r.Plan, r.Month)]
		at.tries, at.stands = r.Tries, r.Stands
		all[turnKey(r.Plan, r.Month)] = at
	}
	return all, err
}

// due are an item's months up to one that nobody posted.
func (i Item) due(through time.Time, d done) (due []Turn) {
	if i.Void {
		return nil
	}
	if i.GoneOn != nil && i.GoneOn.Before(through) {
		through = ledger.MonthOf(*i.GoneOn)
	}
	kind, memo := "depreciation", "计提折旧："
	if i.Kind == Prepaid {
		kind, memo = "amortisation", "摊销："
	}
	for _, s := range i.Shares() {
		at := d[turnKey(i.ID, s.Month)]
		if s.Month.After(through) || s.Month.Before(i.Since) || at.stands {
			continue
		}
		t := Turn{Plan: i.ID, Kind: i.Kind, Name: i.Name, Month: s.Month, Date: s.Month.AddDate(0, 1, -1), Amount: s.Amount, try: at.tries + 1}
		t.entry = ledger.Entry{
			Kind: kind, Memo: memo + i.Name, Detail: i.Code() + " " + s.Month.Format("2006-01"),
			Postings: []ledger.Posting{ledger.Debit(i.Expense, i.Fund, s.Amount), ledger.Credit(i.Contra, i.Fund, s.Amount)},
		}
		due = append(due, t)
	}
	return due
}

// due are the months of an entry that comes again, up to one, that nobody
// posted or skipped.
func (r Repeat) due(through time.Time, d done) (due []Turn) {
	if r.PausedAt != nil {
		return nil
	}
	for month := r.First; !month.After(through); month = month.AddDate(0, 1, 0) {
		at := d[turnKey(r.ID, month)]
		if !r.falls(month) || at.stands {
			continue
		}
		due = append(due, Turn{
			Plan: r.ID, Kind: Recurring, Name: r.Memo, Month: month, Date: r.On(month), Amount: r.Amount(), Automatic: r.Automatic, try: at.tries + 1,
			entry: ledger.Entry{Kind: "recurring", Memo: r.Memo, Detail: r.Detail, Postings: r.Postings},
		})
	}
	return due
}

// post posts turns whose day has come, and writes down that it did.
func post(ctx context.Context, tx *sqlx.Tx, community int, turns []Turn, today time.Time, who string) (posted []ledger.Posted, err error) {
	var ready []Turn
	var entries []ledger.Entry
	for _, t := range turns {
		if t.Kind != Recurring && !t.Month.After(today) && t.Date.After(today) {
			t.Date = today // an item's month may be posted while it lasts
		}
		if t.Date.After(today) {
			continue
		}
		t.entry.Date, t.entry.Source, t.entry.PostedBy = t.Date, t.source(), who
		ready, entries = append(ready, t), append(entries, t.entry)
	}
	if posted, err = ledger.Post(ctx, tx, community, entries...); err != nil {
		return nil, err
	}
	for n, t := range ready {
		if err = t.mark(ctx, tx, community, &posted[n].Seq, who); err != nil {
			return nil, err
		}
	}
	return posted, nil
}

// source is the turn's idempotency key; a try after a reversal has one of its own.
func (t Turn) source() string {
	source := "schedule:" + t.Plan.String() + ":" + t.Month.Format("2006-01")
	if t.try > 1 {
		source += fmt.Sprintf(":%d", t.try)
	}
	return source
}

func skip(ctx context.Context, tx *sqlx.Tx, community int, t Turn, who string) error {
	return t.mark(ctx, tx, community, nil, who)
}

func (t Turn) mark(ctx context.Context, tx *sqlx.Tx, community int, entry *int64, who string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO schedule.turn (community_id, plan_id, month, try, entry_seq, made_by) VALUES ($1, $2, $3, $4, $5, $6)`,
		community, t.Plan, day(t.Month), t.try, entry, who)
	return err
}
