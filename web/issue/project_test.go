package issue_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/ledger/money"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/issue"
)

// An adopted end report names its photographs; one that was taken down since is left out, and the report is drawn all the same.
func TestAPhotographThatWasTakenDownIsLeftOut(t *testing.T) {
	t.Parallel()
	db, c := small(t)
	var id uuid.UUID
	var lamps project.Project
	write := func(do func(ctx context.Context, tx *sqlx.Tx) error) {
		t.Helper()
		if err := inTx(t.Context(), db, do); err != nil {
			t.Fatal(err)
		}
	}
	write(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		first, last := day(2, 1), day(3, 1)
		lamps, err = project.AddProject(ctx, tx, c.ID, project.Project{
			Slug: "lamps", Theme: project.Yard, TitleZH: "路灯", Year: first.Year(), State: project.Done, CouncilZH: "老议事会", AgreedOn: &first,
			Budget: money.MustParse("10"), StartedOn: &first, EndedOn: &last,
		})
		if err != nil {
			return err
		}
		stone, err := project.AddMilestone(ctx, tx, c.ID, lamps.ID, project.Milestone{TitleZH: "亮了", DueOn: last})
		if err != nil {
			return err
		}
		var file bytes.Buffer
		if err = png.Encode(&file, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
			return err
		}
		if id, err = project.AddPicture(ctx, tx, c.ID, lamps.ID, stone.Number, &file, "路灯下的陈大爷"); err != nil {
			return err
		}
		if err = project.WriteReport(ctx, tx, c.ID, lamps.ID, project.Words{DoneZH: "灯都亮了。"}, "user:1", last); err != nil {
			return err
		}
		if _, err = project.AdoptReport(ctx, tx, c.ID, lamps.ID, "user:1", last); err != nil {
			return err
		}
		key, _, err := transparency.NewKey("fund.test")
		if err == nil {
			_, err = transparency.Seal(ctx, tx, c.ID, c.Slug, key, day(12, 31))
		}
		return err
	})
	shown := func() int {
		t.Helper()
		doc, err := issue.ProjectReport(t.Context(), db, c, lamps.ID, day(1, 1), day(12, 31), i18n.Chinese, "https://fund.example.org", day(12, 31))
		if err != nil {
			t.Fatal(err)
		}
		return len(doc.Pictures)
	}
	if n := shown(); n != 1 {
		t.Errorf("%d photographs, expected 1", n)
	}
	write(func(ctx context.Context, tx *sqlx.Tx) error {
		return project.RemovePicture(ctx, tx, c.ID, lamps.ID, id)
	})
	if n := shown(); n != 0 {
		t.Errorf("%d photographs after it was taken down", n)
	}
}
