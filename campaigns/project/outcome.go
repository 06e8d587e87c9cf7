package project

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// Outcome is a 服务成效: one activity, how many came, and what it gave.
type Outcome struct {
	Number      int       `db:"number"` // 1, 2, 3 … within the project
	HeldOn      time.Time `db:"held_on"`
	ActivityZH  string    `db:"activity_zh"`
	ActivityEN  string    `db:"activity_en"`
	PersonTimes int       `db:"person_times"`
	SignedIn    *int      `db:"signed_in"` // signatures on the sheet; nil where there was none
	Minutes     int       `db:"minutes"`   // volunteers' time
	GoodsZH     string    `db:"goods_zh"`  // 轮椅 2 台
	GoodsEN     string    `db:"goods_en"`
	Note        string    `db:"note"`
	StruckWhy   string    `db:"struck_why"` // it counts no more
	By          string    `db:"by_whom"`
}

// Activity is what was done, in the reader's language.
func (o Outcome) Activity(lang string) string { return inLanguage(lang, o.ActivityZH, o.ActivityEN) }

// Goods is what was handed out, in the reader's language.
func (o Outcome) Goods(lang string) string { return inLanguage(lang, o.GoodsZH, o.GoodsEN) }

// Signed is how many signed in; 0 without a sheet too.
func (o Outcome) Signed() int {
	if o.SignedIn == nil {
		return 0
	}
	return *o.SignedIn
}

// Counts tells whether it counts: one that was struck out does not.
func (o Outcome) Counts() bool { return o.StruckWhy == "" }

// RecordOutcome writes down what came of a project, one or several activities.
func RecordOutcome(ctx context.Context, tx *sqlx.Tx, community, project int, outcomes ...Outcome) (err error) {
	defer wrap(&err, "project.RecordOutcome(%d, %d)", community, project)
	if err = hold(ctx, tx, community, project); err != nil {
		return err
	}
	for _, o := range outcomes {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO project.outcome (community_id, project_id, number, held_on, activity_zh, activity_en, person_times, signed_in, minutes, goods_zh, goods_en, note, by_whom)
			SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM project.outcome WHERE community_id = $1 AND project_id = $2`,
			community, project, o.HeldOn, o.ActivityZH, o.ActivityEN, o.PersonTimes, o.SignedIn, o.Minutes, o.GoodsZH, o.GoodsEN, o.Note, o.By)
		if err != nil {
			return err
		}
	}
	return nil
}

// StrikeOutcome strikes out an activity that was written down by mistake: it stays to be read, and counts no more.
// ErrNoReason, ErrNotFound.
func StrikeOutcome(ctx context.Context, tx *sqlx.Tx, community, project, number int, why string) (err error) {
	defer wrap(&err, "project.StrikeOutcome(%d, %d, %d)", community, project, number)
	if why == "" {
		return ErrNoReason
	}
	result, err := tx.ExecContext(ctx, `UPDATE project.outcome SET struck_why = $4 WHERE community_id = $1 AND project_id = $2 AND number = $3 AND struck_why = ''`,
		community, project, number, why)
	return touched(result, err, ErrNotFound)
}

// ListOutcomes reads what came of a project, the oldest first, struck ones among them.
func ListOutcomes(ctx context.Context, q sqlx.QueryerContext, community, project int) (outcomes []Outcome, err error) {
	defer wrap(&err, "project.ListOutcomes(%d, %d)", community, project)
	err = sqlx.SelectContext(ctx, q, &outcomes, `
		SELECT number, held_on, activity_zh, activity_en, person_times, signed_in, minutes, goods_zh, goods_en, note, struck_why, by_whom
		  FROM project.outcome WHERE community_id = $1 AND project_id = $2 ORDER BY held_on, number`, community, project)
	return outcomes, err
}

// Sum is what several activities came to.
type Sum struct {
	Sessions    int `json:"sessions"`
	PersonTimes int `json:"person_times"`
	SignedIn    int `json:"signed_in"` // of those with a sheet
	Sheets      int `json:"sheets"`    // activities with one
	Minutes     int `json:"minutes"`
}

// Add counts an activity.
func (s *Sum) Add(o Outcome) {
	s.Sessions, s.PersonTimes, s.Minutes = s.Sessions+1, s.PersonTimes+o.PersonTimes, s.Minutes+o.Minutes
	if o.SignedIn != nil {
		s.Sheets, s.SignedIn = s.Sheets+1, s.SignedIn+*o.SignedIn
	}
}

// Hours are the volunteers' whole hours.
func (s Sum) Hours() int { return (s.Minutes + 30) / 60 }

// Activities is one sort of activity of a project and what it came to.
type Activities struct {
	ZH    string    `json:"zh"`
	EN    string    `json:"en,omitempty"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
	Sum
}

// Name is the activity in the reader's language.
func (a Activities) Name(lang string) string { return inLanguage(lang, a.ZH, a.EN) }

// ByActivity adds up activities of one name, in the order in which they began, without those struck out; and all of them.
func ByActivity(outcomes []Outcome) (list []Activities, all Sum) {
	at := map[string]int{}
	for _, o := range outcomes {
		if !o.Counts() {
			continue
		}
		i, ok := at[o.ActivityZH]
		if !ok {
			i, at[o.ActivityZH] = len(list), len(list)
			list = append(list, Activities{ZH: o.ActivityZH, EN: o.ActivityEN, First: o.HeldOn})
		}
		list[i].Last = o.HeldOn
		list[i].Add(o)
		all.Add(o)
	}
	return list, all
}

// Told is what somebody told about a project, with their consent.
type Told struct {
	Number      int       `db:"number" json:"number"`
	TextZH      string    `db:"text_zh" json:"zh"`
	TextEN      string    `db:"text_en" json:"en,omitempty"`
	Name        string    `db:"name" json:"name,omitempty"` // as they want to be named; empty: they do not
	Consent     string    `db:"consent" json:"consent"`     // signed, spoken
	ConsentedOn time.Time `db:"consented_on" json:"consented_on"`
	ToldTo      string    `db:"told_to" json:"-"`
}

// Text is what they told, in the reader's language.
func (t Told) Text(lang string) string { return inLanguage(lang, t.TextZH, t.TextEN) }

// Consents lists how somebody may consent to their story being shown.
var Consents = []string{"signed", "spoken"}

// Tell writes down what somebody told, once they consented to its being shown.
func Tell(ctx context.Context, tx *sqlx.Tx, community, project int, t Told) (err error) {
	defer wrap(&err, "project.Tell(%d, %d)", community, project)
	if err = hold(ctx, tx, community, project); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO project.story (community_id, project_id, number, text_zh, text_en, name, consent, consented_on, told_to)
		SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8 FROM project.story WHERE community_id = $1 AND project_id = $2`,
		community, project, t.TextZH, t.TextEN, t.Name, t.Consent, t.ConsentedOn, t.ToldTo)
	return err
}

// Unname leaves a story and takes its name away. ErrNotFound.
func Unname(ctx context.Context, tx *sqlx.Tx, community, project, number int) (err error) {
	defer wrap(&err, "project.Unname(%d, %d, %d)", community, project, number)
	result, err := tx.ExecContext(ctx, `UPDATE project.story SET name = '' WHERE community_id = $1 AND project_id = $2 AND number = $3`, community, project, number)
	return touched(result, err, ErrNotFound)
}

// TakeBack erases a story: who told it does not want it shown any more. ErrNotFound.
func TakeBack(ctx context.Context, tx *sqlx.Tx, community, project, number int) (err error) {
	defer wrap(&err, "project.TakeBack(%d, %d, %d)", community, project, number)
	result, err := tx.ExecContext(ctx, `DELETE FROM project.story WHERE community_id = $1 AND project_id = $2 AND number = $3`, community, project, number)
	return touched(result, err, ErrNotFound)
}

// ListTold reads what people told about a project.
func ListTold(ctx context.Context, q sqlx.QueryerContext, community, project int) (list []Told, err error) {
	defer wrap(&err, "project.ListTold(%d, %d)", community, project)
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT number, text_zh, text_en, name, consent, consented_on, told_to FROM project.story WHERE community_id = $1 AND project_id = $2 ORDER BY number`, community, project)
	return list, err
}
