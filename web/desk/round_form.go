package desk

import (
	"errors"
	"regexp"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/round"
	"fund/web/page"
)

var roundFields = []string{
	"slug", "year", "title_zh", "title_en", "text_zh", "text_en", "pot", "method", "choices_max", "support_min", "propose_from", "propose_until", "vote_from", "vote_until",
}

// roundForm is the form of a round; its ID is 0 for a new one.
type roundForm struct {
	*page.Form
	Round   round.Round
	Methods []page.Option
}

// New tells whether it is not written down yet.
func (v roundForm) New() bool { return v.Round.ID == 0 }

// Address is the page of the form, to which it is sent too.
func (v roundForm) Address() string {
	if v.New() {
		return "/desk/rounds/new"
	}
	return roundAddress(v.Round) + "/edit"
}

func newRoundForm(c *fiber.Ctx, of round.Round, f *page.Form) roundForm {
	return roundForm{labelled(f, "round.field", roundFields...), of, choices(c, "round.methods", round.Methods...)}
}

// NewRound is an empty form: ideas for a month from today, a look of two weeks, a vote of two.
func (p *Pages) NewRound(c *fiber.Ctx) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	today := community.Day(p.Now())
	f := page.BlankForm(c).Set("year", strconv.Itoa(today.Year())).Set("method", string(round.Approval)).Set("choices_max", "3").Set("support_min", "1").
		Set("propose_from", day(today)).Set("propose_until", day(today.AddDate(0, 0, 30))).
		Set("vote_from", day(today.AddDate(0, 0, 45))).Set("vote_until", day(today.AddDate(0, 0, 59)))
	return page.Render(c, "desk/round_form", newRoundForm(c, round.Round{}, f))
}

// EditRound is the form with what stands.
func (p *Pages) EditRound(c *fiber.Ctx) error {
	of, err := p.roundAt(c)
	if err != nil {
		return err
	}
	f := page.BlankForm(c).Set("title_zh", of.TitleZH).Set("title_en", of.TitleEN).Set("text_zh", of.TextZH).Set("text_en", of.TextEN).
		Set("pot", of.Pot.String()).Set("method", string(of.Method)).Set("support_min", strconv.Itoa(of.SupportMin)).
		Set("propose_from", day(of.ProposeFrom)).Set("propose_until", day(of.ProposeUntil)).Set("vote_from", day(of.VoteFrom)).Set("vote_until", day(of.VoteUntil))
	if of.ChoicesMax > 0 {
		f.Set("choices_max", strconv.Itoa(of.ChoicesMax))
	}
	return page.Render(c, "desk/round_form", newRoundForm(c, of.Round, f))
}

var roundSlug = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,39}$`)

// readRound reads the form into a round; what is wrong stands beside its field.
func readRound(v roundForm) round.Round {
	r, f := v.Round, v.Form
	if v.New() {
		if r.Slug = f.Text("slug", 40); r.Slug != "" && (!roundSlug.MatchString(r.Slug) || r.Slug == "new") {
			f.Wrong("slug", "round.wrong.slug")
		}
		r.Year = f.Int("year", 2000, 2200)
	}
	r.TitleZH, r.TitleEN = f.Text("title_zh", 60), f.Text("title_en", 60, page.Optional)
	r.TextZH, r.TextEN = f.Text("text_zh", 2000, page.Optional), f.Text("text_en", 2000, page.Optional)
	r.Pot, r.Method, r.ChoicesMax = f.Amount("pot"), round.Method(f.Choice("method", page.Values(v.Methods))), 0
	if r.Method == round.Approval {
		if r.ChoicesMax = f.Int("choices_max", 1, 99, page.Optional); r.ChoicesMax == 0 {
			f.Wrong("choices_max", "round.wrong.choices_max")
		}
	}
	r.SupportMin = f.Int("support_min", 0, 9999)
	r.ProposeFrom, r.ProposeUntil = f.Date("propose_from"), f.Date("propose_until")
	r.VoteFrom, r.VoteUntil = f.Date("vote_from"), f.Date("vote_until")
	if !f.AnyWrong() && (r.ProposeUntil.Before(r.ProposeFrom) || !r.VoteFrom.After(r.ProposeUntil) || r.VoteUntil.Before(r.VoteFrom)) {
		f.Wrong("vote_from", "round.wrong.days")
	}
	return r
}

// OpenRound writes a new round down.
func (p *Pages) OpenRound(c *fiber.Ctx) error {
	v := newRoundForm(c, round.Round{}, page.ReadForm(c))
	r := readRound(v)
	return p.saveRound(c, v, r, "round.open", "round.desk.opened", func(tx *sqlx.Tx, who string) error {
		_, err := round.Open(c.UserContext(), tx, page.Of(c).Community.ID, r, who, p.Now())
		return err
	})
}

// ChangeRound changes what stands.
func (p *Pages) ChangeRound(c *fiber.Ctx) error {
	of, err := p.roundAt(c)
	if err != nil {
		return err
	}
	v := newRoundForm(c, of.Round, page.ReadForm(c))
	r := readRound(v)
	return p.saveRound(c, v, r, "round.change", "round.desk.saved", func(tx *sqlx.Tx, _ string) error {
		return round.Change(c.UserContext(), tx, page.Of(c).Community.ID, r)
	})
}

func (p *Pages) saveRound(c *fiber.Ctx, v roundForm, r round.Round, name, said string, verb func(tx *sqlx.Tx, who string) error) error {
	var err error
	if !v.AnyWrong() {
		err = p.act(c, name, "round:"+r.Slug, nil, verb)
	}
	if errors.Is(err, round.ErrExists) {
		v.Wrong("slug", "round.wrong.slug_taken")
		err = nil
	}
	switch {
	case err != nil:
		return err
	case v.AnyWrong():
		return page.Again(c, "desk/round_form", v)
	}
	return page.Done(c, roundAddress(r), said)
}
