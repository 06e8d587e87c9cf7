package project

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
)

// Milestone is a step that a project promises by a day: what shows that it gets on.
type Milestone struct {
	Number  int        `db:"number"` // 1, 2, 3 … within the project
	TitleZH string     `db:"title_zh"`
	TitleEN string     `db:"title_en"`
	DueOn   time.Time  `db:"due_on"`
	DoneOn  *time.Time `db:"done_on"`
	DoneBy  string     `db:"done_by"`
	Note    string     `db:"note"`

	Pictures []Picture `db:"-"`
	Entries  []Paid    `db:"-"`
}

// Picture is a photograph of a milestone, without its bytes: those are campaigns.FindPicture's.
type Picture struct {
	ID     uuid.UUID `db:"picture_id" json:"id"`
	Number int       `db:"number" json:"milestone"`
	Width  int       `db:"width" json:"width"`
	Height int       `db:"height" json:"height"`
	Alt    string    `db:"alt" json:"alt"`
}

// Paid is an entry that paid for a milestone.
type Paid struct {
	Number   int    `db:"number"`
	EntrySeq int64  `db:"entry_seq"`
	Voucher  string `db:"voucher"`
	Memo     string `db:"memo"`
}

// Title is the milestone in the reader's language.
func (m Milestone) Title(lang string) string { return inLanguage(lang, m.TitleZH, m.TitleEN) }

// Late tells whether it was to be done before a day and is not.
func (m Milestone) Late(today time.Time) bool { return m.DoneOn == nil && m.DueOn.Before(today) }

// AddMilestone adds a milestone to a project.
func AddMilestone(ctx context.Context, tx *sqlx.Tx, community, project int, m Milestone) (_ Milestone, err error) {
	defer wrap(&err, "project.AddMilestone(%d, %d)", community, project)
	if err = hold(ctx, tx, community, project); err != nil {
		return m, err
	}
	err = tx.GetContext(ctx, &m.Number, `
		INSERT INTO project.milestone (community_id, project_id, number, title_zh, title_en, due_on)
		SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5 FROM project.milestone WHERE community_id = $1 AND project_id = $2 RETURNING number`,
		community, project, m.TitleZH, m.TitleEN, m.DueOn)
	return m, err
}

// hold puts who writes to a project into one order.
func hold(ctx context.Context, tx *sqlx.Tx, community, project int) error {
	_, err := tx.ExecContext(ctx, `SELECT FROM project.project WHERE community_id = $1 AND id = $2 FOR NO KEY UPDATE`, community, project)
	return err
}

// Reach says that a milestone was done on a day, and which entries paid for it. Again, it is said anew. ErrNotFound.
func Reach(ctx context.Context, tx *sqlx.Tx, community, project, number int, on time.Time, note, who string, entries ...int64) (err error) {
	defer wrap(&err, "project.Reach(%d, %d, %d)", community, project, number)
	result, err := tx.ExecContext(ctx, `
		UPDATE project.milestone SET done_on = $4, done_by = $5, note = $6 WHERE community_id = $1 AND project_id = $2 AND number = $3`,
		community, project, number, on, who, note)
	if err = touched(result, err, ErrNotFound); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `DELETE FROM project.milestone_entry WHERE community_id = $1 AND project_id = $2 AND number = $3`, community, project, number); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO project.milestone_entry (community_id, project_id, number, entry_seq) SELECT $1, $2, $3, unnest($4::bigint[])`,
		community, project, number, pq.Array(entries))
	return err
}

// DropMilestone takes back a milestone that is not done. ErrNotFound.
func DropMilestone(ctx context.Context, tx *sqlx.Tx, community, project, number int) (err error) {
	defer wrap(&err, "project.DropMilestone(%d, %d, %d)", community, project, number)
	result, err := tx.ExecContext(ctx, `
		DELETE FROM project.milestone m WHERE community_id = $1 AND project_id = $2 AND number = $3 AND done_on IS NULL
		   AND NOT EXISTS (SELECT FROM project.milestone_picture i WHERE i.community_id = m.community_id AND i.project_id = m.project_id AND i.number = m.number)`,
		community, project, number)
	return touched(result, err, ErrNotFound)
}

// picturesMax is how many pictures a milestone may have.
const picturesMax = 6

// ErrTooMany: the milestone has as many pictures as it may.
var ErrTooMany = errors.New("project: too many pictures")

// AddPicture stores a picture as campaigns.AddPicture does, for a milestone. ErrTooMany, ErrNotFound,
// campaigns.ErrPictureTooLarge, campaigns.ErrPictureUnreadable.
func AddPicture(ctx context.Context, tx *sqlx.Tx, community, project, number int, r io.Reader, alt string) (id uuid.UUID, err error) {
	defer wrap(&err, "project.AddPicture(%d, %d, %d)", community, project, number)
	if err = hold(ctx, tx, community, project); err != nil {
		return id, err
	}
	var has int
	err = tx.GetContext(ctx, &has, `SELECT count(*) FROM project.milestone_picture WHERE community_id = $1 AND project_id = $2 AND number = $3`, community, project, number)
	if err == nil && has >= picturesMax {
		err = ErrTooMany
	}
	if err != nil {
		return id, err
	}
	if id, err = campaigns.AddPicture(ctx, tx, community, r, alt); err != nil {
		return id, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO project.milestone_picture (community_id, picture_id, project_id, number) VALUES ($1, $2, $3, $4)`, community, id, project, number)
	return id, err
}

// RemovePicture deletes a milestone's picture. ErrNotFound.
func RemovePicture(ctx context.Context, tx *sqlx.Tx, community, project int, id uuid.UUID) (err error) {
	defer wrap(&err, "project.RemovePicture(%d, %d)", community, project)
	result, err := tx.ExecContext(ctx, `DELETE FROM project.milestone_picture WHERE community_id = $1 AND project_id = $2 AND picture_id = $3`, community, project, id)
	if err = touched(result, err, ErrNotFound); err != nil {
		return err
	}
	return campaigns.RemovePicture(ctx, tx, community, id)
}

// Milestones reads a project's milestones with their pictures and entries, in the order of their days.
func Milestones(ctx context.Context, q sqlx.QueryerContext, community, project int) (list []Milestone, err error) {
	defer wrap(&err, "project.Milestones(%d, %d)", community, project)
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT number, title_zh, title_en, due_on, done_on, done_by, note FROM project.milestone
		 WHERE community_id = $1 AND project_id = $2 ORDER BY due_on, number`, community, project)
	if err != nil || len(list) == 0 {
		return list, err
	}
	var pictures []Picture
	err = sqlx.SelectContext(ctx, q, &pictures, `
		SELECT m.picture_id, m.number, i.width, i.height, i.alt
		  FROM project.milestone_picture m JOIN campaigns.picture i ON i.community_id = m.community_id AND i.id = m.picture_id
		 WHERE m.community_id = $1 AND m.project_id = $2 ORDER BY m.picture_id`, community, project)
	if err != nil {
		return list, err
	}
	var entries []Paid
	err = sqlx.SelectContext(ctx, q, &entries, `
		SELECT m.number, m.entry_seq, e.year || '-' || e.number AS voucher, e.memo
		  FROM project.milestone_entry m JOIN ledger.journal_entry e ON e.community_id = m.community_id AND e.seq = m.entry_seq
		 WHERE m.community_id = $1 AND m.project_id = $2 ORDER BY m.entry_seq`, community, project)
	for i := range list {
		m := &list[i]
		for _, p := range pictures {
			if p.Number == m.Number {
				m.Pictures = append(m.Pictures, p)
			}
		}
		for _, e := range entries {
			if e.Number == m.Number {
				m.Entries = append(m.Entries, e)
			}
		}
	}
	return list, err
}
