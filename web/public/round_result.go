package public

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/project"
	"fund/campaigns/round"
)

// roundResult reads the count, and which projects came of it.
func (p *Pages) roundResult(c *fiber.Ctx, v *roundView) (err error) {
	ctx := c.UserContext()
	if v.Tally, err = round.TallyOf(ctx, p.Read, here(c), v.ID); err != nil {
		return err
	}
	v.Spent, v.Projects = v.Tally.Spent(), map[int]string{}
	projects, err := project.ListProjects(ctx, p.Read, here(c), project.Filter{})
	for _, one := range projects {
		v.Projects[one.ID] = one.Slug
	}
	return err
}

// refused says beside the code that it does not hold, or has voted already.
func (v *ballotView) refused(err error) (bool, error) {
	for reason, key := range map[error]string{round.ErrCode: "round.wrong.code", round.ErrVoted: "round.wrong.voted"} {
		if errors.Is(err, reason) {
			v.Step = "code"
			v.Wrong("code", key)
			return true, nil
		}
	}
	return false, err
}
