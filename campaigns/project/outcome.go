package project

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// Outcome is a 服务成效: one activity and how many came.
type Outcome struct {
	Number      int       `db:"number"` // 1, 2, 3 … within the project
	HeldOn      time.Time `db:"held_on"`
	ActivityZH  string    `db:"activity_zh"`
	ActivityEN  string    `db:"activity_en"`
	PersonTimes int       `db:"person_times"`
	Note        string    `db:"note"`
}

// Activity is what was done, in the reader's language.
func (o Outcome) Activity(lang string) string { return inLanguage(lang, o.ActivityZH, o.ActivityEN) }

// RecordOutcome writes down what came of a project, one or several activities.
func RecordOutcome(ctx context.Context, tx *sqlx.Tx, community, project int, outcomes ...Outcome) (err error) {
	defer wrap(&err, "project.RecordOutcome(%d, %d)", community, project)
	if _, err = tx.ExecContext(ctx, `SELECT FROM project.project WHERE community_id = $1 AND id = $2 FOR UPDATE`, community, project); err != nil {
		return err
	}
	for _, o := range outcomes {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO project.outcome (community_id, project_id, number, held_on, activity_zh, activity_en, person_times, note)
			SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7 FROM project.outcome WHERE community_id = $1 AND project_id = $2`,
			community, project, o.HeldOn, o.ActivityZH, o.ActivityEN, o.PersonTimes, o.Note)
		if err != nil {
			return err
		}
	}
	return nil
}

// ListOutcomes reads what came of a project, the oldest first.
func ListOutcomes(ctx context.Context, q sqlx.QueryerContext, community, project int) (outcomes []Outcome, err error) {
	defer wrap(&err, "project.ListOutcomes(%d, %d)", community, project)
	err = sqlx.SelectContext(ctx, q, &outcomes, `
		SELECT number, held_on, activity_zh, activity_en, person_times, note
		  FROM project.outcome WHERE community_id = $1 AND project_id = $2 ORDER BY held_on, number`, community, project)
	return outcomes, err
}
