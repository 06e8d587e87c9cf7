package publication

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/outbox"
	"fund/ledger"
)

// Draft is a report that was filled in from the books and waits for its number.
type Draft struct {
	Report
	AsOf       int64  // the seq of the last entry of the books it was filled in from
	Checkpoint int    // the signed one it prints, and that covers its entries
	Signed     string // that checkpoint's note
	TitleZH    string // of what it is about: 安公社区 2017 年 12 月
	TitleEN    string
	Figures    disclosure.Figures // of all funds; zero for a project or venture
	// Draw draws it in each language once it has its number.
	Draw func(d disclosure.Document) ([]disclosure.Drawing, error)
}

// Title is what it is about, in the reader's language.
func (d Draft) Title(lang string) string {
	if lang == "en" {
		return d.TitleEN
	}
	return d.TitleZH
}

// Note says what a correction changed; it is empty for the first version.
type Note struct{ ZH, EN string }

// Issue numbers a filled report, lets it be drawn, and keeps it with its value and its drawings. With a note it corrects what
// was issued, as the next version under the same number. ErrOpen while a month of it is open, ErrEmpty if none has entries;
// disclosure.ErrAlready if it is issued and there is no note, disclosure.ErrNotFound the other way round.
func Issue(ctx context.Context, tx *sqlx.Tx, c ledger.Community, draft Draft, note Note, by string, at time.Time) (d disclosure.Document, err error) {
	defer wrap(&err, "publication.Issue(%d, %s)", c.ID, draft.Key())
	if err = Ready(ctx, tx, c.ID, draft.Report); err != nil {
		return d, err
	}
	done, err := Done(ctx, tx, c.ID, draft.Report)
	if err != nil {
		return d, err
	}
	d = draft.document(c, at)
	d.Note, d.Content.Texts.NoteEN, d.PublishedBy = strings.TrimSpace(note.ZH), strings.TrimSpace(note.EN), by
	if d.DueOn, err = dueOn(ctx, tx, c, draft.Report, at); err != nil {
		return d, err
	}
	if err = disclosure.Enter(ctx, tx, c.ID, &d, done); err != nil {
		return d, err
	}
	drawings, err := draft.Draw(d)
	if err != nil {
		return d, err
	}
	if err = disclosure.KeepDrawings(ctx, tx, c.ID, d, drawings); err != nil {
		return d, err
	}
	return d, tell(ctx, tx, c.ID, d)
}

// document is the draft as it will be kept, without its number.
func (r Draft) document(c ledger.Community, at time.Time) disclosure.Document {
	return disclosure.Document{
		Version: 1, Versions: 1, DutyKey: r.Key(), SubjectKind: r.Subject.Kind, SubjectID: r.Subject.ID, TitleZH: r.TitleZH, TitleEN: r.TitleEN,
		PublishedOn: c.Day(at), PublishedAt: at, FirstOn: c.Day(at), AsOf: r.AsOf,
		Content: disclosure.Content{
			Kind: r.Kind, Issued: true, From: r.From, Until: r.To, Slug: r.Subject.Slug, Checkpoint: r.Checkpoint, Signed: r.Signed, Figures: r.Figures,
		},
	}
}

// Ready tells whether a report may be issued: all of its months that have entries are closed, and one has. ErrOpen, ErrEmpty.
func Ready(ctx context.Context, q sqlx.QueryerContext, community int, r Report) (err error) {
	defer wrap(&err, "publication.Ready(%d, %s)", community, r.Key())
	periods, err := ledger.ListPeriods(ctx, q, community)
	if err == nil {
		_, err = r.ready(periods)
	}
	return err
}

// ready is when the last of a report's months was closed. ErrOpen, ErrEmpty.
func (r Report) ready(periods []ledger.Period) (closedAt time.Time, err error) {
	entries := 0
	for _, p := range periods {
		if p.Month.Before(r.From) || p.Month.After(r.To) {
			continue
		}
		if p.ClosedAt == nil && p.Entries > 0 {
			return closedAt, ErrOpen
		}
		if p.ClosedAt != nil && p.ClosedAt.After(closedAt) {
			closedAt = *p.ClosedAt
		}
		entries += p.Entries
	}
	if entries == 0 {
		err = ErrEmpty
	}
	return closedAt, err
}

// Done says which document a report was issued as, its newest version; nil where it was not.
func Done(ctx context.Context, q sqlx.QueryerContext, community int, r Report) (*disclosure.Done, error) {
	all, err := disclosure.ByKey(ctx, q, community)
	if done, ok := all[r.Key()]; ok {
		return &done, err
	}
	return nil, err
}

// dueOn is until when the law wants it; nil where it does not.
func dueOn(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, r Report, at time.Time) (*time.Time, error) {
	if r.Kind != Annual {
		return nil, nil
	}
	duties, err := disclosure.Calendar(ctx, q, c, at)
	for _, d := range duties {
		if d.Key() == r.Key() {
			return &d.Due, err
		}
	}
	return nil, err
}

// tell leaves in the outbox that the readers of reports are to be told, of the first version and of corrections. The sheet for
// the notice board goes to nobody: it says what the report says.
func tell(ctx context.Context, tx *sqlx.Tx, community int, d disclosure.Document) error {
	if d.Content.Kind == Sheet {
		return nil
	}
	m, err := outbox.New(reportIssued, aboutReport{d.Year, d.Number, d.Version, uuid.Nil})
	if err != nil {
		return err
	}
	return outbox.Enqueue(ctx, tx, community, m)
}
