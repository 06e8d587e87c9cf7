package desk_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/campaigns/round"
	"fund/web/auth"
)

// The desk counts a round whose days are over, and makes a project of what won by one press.
func TestARoundBecomesProjects(t *testing.T) {
	t.Parallel()
	h := open(t)
	long := h.Day(time.Now()).AddDate(0, -3, 0)
	h.Do(t, func(tx *sqlx.Tx) error {
		ctx, at := t.Context(), h.Clock(long, 12)
		r, err := round.Open(ctx, tx, h.ID, round.Round{
			Slug: "past", Year: long.Year(), TitleZH: "邻里金点子", Pot: yuan("1000"), Method: round.Approval, ChoicesMax: 1,
			ProposeFrom: long, ProposeUntil: long, VoteFrom: long.AddDate(0, 0, 1), VoteUntil: long.AddDate(0, 0, 2),
		}, "user:1", at)
		if err != nil {
			return err
		}
		i, err := round.Put(ctx, tx, h.Community, r, round.Idea{
			Form: uuid.New(), Title: "长椅", What: "树下放两把", Place: "3 号院", Cost: yuan("600"), Category: "elders", MadeAt: at,
		}, round.Proposer{Name: "王婆婆", Phone: "13800000000"})
		if err == nil {
			err = round.PutOnBallot(ctx, tx, h.ID, r.ID, i, "user:1", at)
		}
		if err != nil {
			return err
		}
		codes, err := round.MakeCodes(ctx, tx, h.ID, r, "3 号院", 1, "user:1", at)
		if err != nil {
			return err
		}
		return round.Cast(ctx, tx, h.Community, r, round.Vote{Code: codes[0], Ideas: []int{1}, Way: round.Paper, At: h.Clock(r.VoteFrom, 12)})
	})
	v, at := h.as(t, auth.ProjectLead), "/c/angong/desk/rounds/past"
	wantIn(t, "counted", v.post(at+"/count", v.form(at)).Body, "数好了", "选上的都立项")
	wantIn(t, "projects", v.post(at+"/projects", v.form(at)).Body, "立了 1 个项目", "看这个项目")
	p, err := project.FindProject(t.Context(), h.App, h.ID, "past-idea-1")
	if err != nil || p.State != project.Agreed || p.CouncilZH != "居民投票" || p.VotesFor != 1 || p.Budget.String() != "600.00" {
		t.Errorf("%+v, %v", p, err)
	}
}
