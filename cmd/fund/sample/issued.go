package sample

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/publication"
	"fund/web/issue"
)

// issuing is a report that somebody issues, or with a note corrects.
type issuing struct {
	kind   disclosure.Kind
	of     string // of a project or venture: its slug
	period string
	note   publication.Note
}

// issued are the reports of the paper books' closed months: one of them was corrected.
var issued = []issuing{
	{publication.Fund, "", "2017q1", publication.Note{}},
	{publication.Fund, "", "2017q2", publication.Note{}},
	{publication.Fund, "", "2017q3", publication.Note{}},
	{publication.Fund, "", "2017q3", publication.Note{
		ZH: "“暑期绿豆汤”的英文名写错了，改成现在这样。钱数没有变。", EN: "The English name of the summer soup was wrong and is put right. No amount has changed.",
	}},
	{publication.Fund, "", "2017-10", publication.Note{}},
	{publication.Fund, "", "2017-11", publication.Note{}},
	{publication.Sheet, "", "2017-11", publication.Note{}},
	{publication.Project, "class-430", "2017-01_2017-11", publication.Note{}},
	{publication.Venture, "tea-house", "2017q3", publication.Note{}},
}

// issueReports issues what is issued by hand, and lets December, the quarter and the year issue themselves once December is closed.
func (w *world) issueReports(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	for i, one := range issued {
		from, to, err := publication.ParsePeriod(one.period)
		if err != nil {
			return err
		}
		at := now.Add(time.Duration(i-len(issued)) * time.Minute)
		r := publication.Of(one.kind, from, to)
		if one.of != "" {
			if r.Subject, err = issue.SubjectOf(ctx, tx, w.c.ID, one.kind, one.of); err != nil {
				return err
			}
		}
		draft, err := issue.Fill(ctx, tx, w.c, r, w.baseURL, at)
		if err != nil {
			return err
		}
		if _, err := publication.Issue(ctx, tx, w.c, draft, one.note, "treasurer", at); err != nil {
			return err
		}
	}
	for _, s := range publication.Schedulable { // as of the clock by which the months were closed
		if s.SetBy, s.SetAt = "treasurer", time.Now(); !issue.Issuable(s.Kind) {
			continue
		}
		if err := publication.SetSchedule(ctx, tx, w.c.ID, s); err != nil {
			return err
		}
	}
	return nil
}
