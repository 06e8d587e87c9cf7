package desk_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/web/auth"
)

// A photograph that shows somebody who does not want it is taken down, and is nowhere any more; then a milestone that will not be
// reached can be dropped.
func TestAPhotographOfAMilestoneIsTakenDown(t *testing.T) {
	t.Parallel()
	h := open(t)
	today := h.Day(time.Now())
	var p project.Project
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		p, err = project.AddProject(t.Context(), tx, h.ID, project.Project{
			Slug: "stair-lights", Theme: project.Yard, TitleZH: "楼道灯", Year: today.Year(), State: project.Running, CouncilZH: "老议事会",
			AgreedOn: &today, VotesFor: 5, Budget: yuan("800"), StartedOn: &today,
		})
		if err == nil {
			_, err = project.AddMilestone(t.Context(), tx, h.ID, p.ID, project.Milestone{TitleZH: "六个单元都亮了", DueOn: today})
		}
		return err
	})
	lead, at := h.as(t, auth.ProjectLead), "/c/angong/desk/projects/"+strconv.Itoa(p.ID)
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	wantIn(t, "put up", lead.upload(at+"/pictures", "picture", file.Bytes(), lead.form(at, "number", "1", "alt", "陈大爷在装灯")).Body, "照片放上了")
	id := get[uuid.UUID](t, h, `SELECT picture_id FROM project.milestone_picture`).String()
	wantIn(t, "the project", lead.get(at).Body, "拿下照片", "陈大爷在装灯", id)
	if seen := h.visitor(t).get("/c/angong/pictures/" + id); seen.Status != http.StatusOK {
		t.Errorf("the photograph: %d", seen.Status)
	}
	wantIn(t, "taken down", lead.post(at, lead.form(at, "do", "unpicture", "picture", id)).Body, "照片拿下了")
	wantNot(t, "the project", lead.get(at).Body, "陈大爷在装灯", id)
	if seen := h.visitor(t).get("/c/angong/pictures/" + id); seen.Status != http.StatusNotFound {
		t.Errorf("the photograph that was taken down: %d", seen.Status)
	}
	if again := lead.post(at, lead.form(at, "do", "unpicture", "picture", id)); again.Status != http.StatusNotFound {
		t.Errorf("taken down twice: %d", again.Status)
	}
	wantIn(t, "dropped", lead.post(at, lead.form(at, "do", "drop", "number", "1")).Body, "节点取消了")
}
