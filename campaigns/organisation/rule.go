package organisation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Rule is by what groups earn points, and what points open. It has versions: an
// activity earns by the one of its day.
type Rule struct {
	N           int       `db:"n"` // its version, given by SetRule
	Since       time.Time `db:"since"`
	PerActivity int       `db:"per_activity"` // points
	PerPeople   int       `db:"per_people"`   // so many people are one point
	PeopleMax   int       `db:"people_max"`   // more in one activity earn no more
	PeopleMin   int       `db:"people_min"`   // fewer earn nothing
	SetBy       string    `db:"set_by"`
	SetAt       time.Time `db:"set_at"`

	Tiers []Tier `db:"-"` // the smallest first
}

// Tier is a small grant that points open.
type Tier struct {
	Points int          `db:"points"`
	Amount money.Amount `db:"amount"`
}

// Points is what an activity with so many people earns.
func (r Rule) Points(people int) int {
	if people < r.PeopleMin || r.PerPeople == 0 {
		return 0
	}
	return r.PerActivity + min(people, r.PeopleMax)/r.PerPeople
}

// SetRule writes a new version down, that holds from its day on. ErrRuleDay
// where the last one holds from the same day or a later one.
func SetRule(ctx context.Context, tx *sqlx.Tx, community int, r Rule) (_ Rule, err error) {
	defer wrap(&err, "organisation.SetRule(%d)", community)
	last, err := lastRule(ctx, tx, community)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return r, err
	}
	if err == nil && !r.Since.After(last.Since) {
		return r, ErrRuleDay
	}
	r.N = last.N + 1
	_, err = tx.ExecContext(ctx, `
		INSERT INTO organisation.rule (community_id, n, since, per_activity, per_people, people_max, people_min, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		community, r.N, iso(r.Since), r.PerActivity, r.PerPeople, r.PeopleMax, r.PeopleMin, r.SetBy, r.SetAt)
	if err != nil {
		return r, err
	}
	for _, t := range r.Tiers {
		if _, err = tx.ExecContext(ctx, `
			INSERT INTO organisation.tier (community_id, rule_n, points, amount) VALUES ($1, $2, $3, $4)`, community, r.N, t.Points, t.Amount); err != nil {
			return r, err
		}
	}
	return r, nil
}

const selectRule = `SELECT n, since, per_activity, per_people, people_max, people_min, set_by, set_at FROM organisation.rule WHERE community_id = $1`

func lastRule(ctx context.Context, q sqlx.QueryerContext, community int) (r Rule, err error) {
	err = sqlx.GetContext(ctx, q, &r, selectRule+` ORDER BY n DESC LIMIT 1`, community)
	return r, err
}

// ListRules reads all versions, the latest first.
func ListRules(ctx context.Context, q sqlx.QueryerContext, community int) (rules []Rule, err error) {
	defer wrap(&err, "organisation.ListRules(%d)", community)
	if err = sqlx.SelectContext(ctx, q, &rules, selectRule+` ORDER BY n DESC`, community); err != nil {
		return nil, err
	}
	var tiers []struct {
		Rule int `db:"rule_n"`
		Tier
	}
	if err = sqlx.SelectContext(ctx, q, &tiers, `SELECT rule_n, points, amount FROM organisation.tier WHERE community_id = $1 ORDER BY rule_n, points`, community); err != nil {
		return nil, err
	}
	for i := range rules {
		for _, t := range tiers {
			if t.Rule == rules[i].N {
				rules[i].Tiers = append(rules[i].Tiers, t.Tier)
			}
		}
	}
	return rules, nil
}

// RuleOn reads the version that holds on a day; nil where none does yet.
func RuleOn(ctx context.Context, q sqlx.QueryerContext, community int, day time.Time) (_ *Rule, err error) {
	rules, err := ListRules(ctx, q, community)
	for _, r := range rules {
		if !r.Since.After(day) {
			return &r, err
		}
	}
	return nil, err
}
