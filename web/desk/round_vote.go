package desk

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/campaigns/round"
	"fund/ledger/money"
	"fund/web/page"
	"fund/web/pdf"
)

// MakeCodes makes the codes of a courtyard and answers with the sheet: nobody can read them again.
func (p *Pages) MakeCodes(c *fiber.Ctx) error {
	v, err := p.roundView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	courtyard, n := v.Form.Text("courtyard", 40), v.Form.Int("households", 1, 500)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/round", v)
	}
	var out bytes.Buffer
	err = p.act(c, "round.codes", "round:"+v.Slug, map[string]any{"courtyard": courtyard, "codes": n}, func(tx *sqlx.Tx, who string) error {
		codes, err := round.MakeCodes(c.UserContext(), tx, page.Of(c).Community.ID, v.Round, courtyard, n, who, p.Now())
		if err != nil {
			return err
		}
		return pdf.Codes(&out, codesDoc(c, v.Round, courtyard, codes)) // not drawn, not made
	})
	if err != nil {
		return err
	}
	c.Attachment("codes-" + v.Slug + ".pdf")
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(out.Bytes())
}

func codesDoc(c *fiber.Ctx, r round.Round, courtyard string, codes []string) pdf.CodesDoc {
	reader := page.Of(c)
	lang := string(reader.Lang)
	address := page.SiteOf(c).URL(reader.URL("/rounds/" + r.Slug + "/ballot"))
	_, typed, _ := strings.Cut(address, "://")
	doc := pdf.CodesDoc{
		Lang: lang, Community: reader.Community.Name.In(reader.Lang), Round: r.Title(lang), Courtyard: courtyard, Typed: typed, Phone: reader.Community.Phone,
		Days: reader.Lang.ShortDate(r.VoteFrom) + " – " + reader.Lang.ShortDate(r.VoteUntil),
	}
	for _, code := range codes {
		doc.Codes = append(doc.Codes, pdf.HouseCode{Shown: round.Shown(code), Scan: address + "?code=" + code})
	}
	return doc
}

// VoidCodes makes the unused codes of a batch worth nothing.
func (p *Pages) VoidCodes(c *fiber.Ctx) error {
	v, err := p.roundAt(c)
	if err != nil {
		return err
	}
	batch := page.ReadForm(c).Number("batch")
	if batch == 0 {
		return page.ErrUnreadable
	}
	err = p.act(c, "round.void", fmt.Sprintf("round:%s/%d", v.Slug, batch), nil, func(tx *sqlx.Tx, who string) error {
		return round.Void(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, batch, who)
	})
	if err != nil {
		return err
	}
	return page.Done(c, roundAddress(v.Round), "round.desk.did.void")
}

// paperBallot is the form of a ballot that the staff enter for a resident.
type paperBallot struct {
	*page.Form
	round.Today
	Ideas  []round.Idea
	Chosen []round.Idea
	Sum    money.Amount
}

// Has tells whether an idea is chosen.
func (v paperBallot) Has(number int) bool {
	return slices.ContainsFunc(v.Chosen, func(i round.Idea) bool { return i.Number == number })
}

// PaperBallot is the empty form.
func (p *Pages) PaperBallot(c *fiber.Ctx) error {
	v, err := p.paperBallot(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/round_paper", v)
}

func (p *Pages) paperBallot(c *fiber.Ctx, f *page.Form) (v paperBallot, err error) {
	v.Form = labelled(f, "round.field", "code", "idea")
	if v.Today, err = p.roundAt(c); err != nil {
		return v, err
	}
	if v.Phase != round.Voting {
		return v, round.ErrNotNow
	}
	v.Ideas, err = round.Ideas(c.UserContext(), p.DB, page.Of(c).Community.ID, v.ID, round.OnBallot)
	for _, i := range v.Ideas {
		if slices.Contains(f.All("idea"), strconv.Itoa(i.Number)) {
			v.Chosen, v.Sum = append(v.Chosen, i), v.Sum.Add(i.Cost)
		}
	}
	return v, err
}

// CastPaper takes a ballot with its code. What is written into the audit log has neither.
func (p *Pages) CastPaper(c *fiber.Ctx) error {
	v, err := p.paperBallot(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	vote := round.Vote{Code: round.Tidy(v.Typed("code")), Way: round.Paper, At: p.Now()}
	for _, i := range v.Chosen {
		vote.Ideas = append(vote.Ideas, i.Number)
	}
	err = p.act(c, "round.paper", "round:"+v.Slug, nil, func(tx *sqlx.Tx, _ string) error {
		return round.Cast(c.UserContext(), tx, community, v.Round, vote)
	})
	if v.refused(err) {
		return page.Again(c, "desk/round_paper", v)
	}
	if err != nil {
		return err
	}
	return page.Done(c, roundAddress(v.Round)+"/paper", "round.desk.cast_done")
}

// refused says beside the field why the ballot was not taken.
func (v paperBallot) refused(err error) bool {
	switch {
	case errors.Is(err, round.ErrCode):
		v.Wrong("code", "round.wrong.code")
	case errors.Is(err, round.ErrVoted):
		v.Wrong("code", "round.wrong.voted")
	case errors.Is(err, round.ErrBallot):
		v.Wrong("idea", "round.wrong."+string(v.Method), "most", v.ChoicesMax, "pot", v.Pot.YuanShort(), "chosen", len(v.Chosen), "sum", v.Sum.YuanShort())
	}
	return v.AnyWrong()
}

// CountRound counts, once and for good.
func (p *Pages) CountRound(c *fiber.Ctx) error {
	v, err := p.roundAt(c)
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "round.count", "round:"+v.Slug, nil, func(tx *sqlx.Tx, who string) error {
		return round.Count(c.UserContext(), tx, community, v.Round, who, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, roundAddress(v.Round), "round.desk.counted")
}

// FoundProjects makes projects of the chosen ideas that are none yet.
func (p *Pages) FoundProjects(c *fiber.Ctx) error {
	v, err := p.roundView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	err = p.act(c, "round.projects", "round:"+v.Slug, nil, func(tx *sqlx.Tx, who string) error { return p.found(c, tx, v, who) })
	if err != nil {
		return err
	}
	page.SiteOf(c).Cache.Bump(page.Of(c).Community.ID)
	return page.Done(c, roundAddress(v.Round), "round.desk.projects_done", "count", v.Unmade)
}

func (p *Pages) found(c *fiber.Ctx, tx *sqlx.Tx, v roundView, who string) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	for _, l := range v.Tally.Lines {
		if !l.Selected || l.ProjectID != 0 {
			continue
		}
		made, err := project.Found(ctx, tx, here, foundedBy(v.Round, l), "", who, p.Now())
		if err != nil {
			return err
		}
		if err := round.Became(ctx, tx, here, v.ID, l.Number, made.ID); err != nil {
			return err
		}
		by := project.Consent{CouncilZH: "居民投票", CouncilEN: "Residents’ vote", On: v.VoteUntil, For: l.Votes}
		if err := project.AgreeBy(ctx, tx, here, made.ID, by, who, p.Now()); err != nil {
			return err
		}
	}
	return nil
}

// foundedBy is the project of a chosen idea.
func foundedBy(r round.Round, l round.Line) project.Project {
	return project.Project{
		Slug: fmt.Sprintf("%s-idea-%d", r.Slug, l.Number), Theme: project.Theme(l.Category), Year: r.Year, TitleZH: l.Title, PlaceZH: l.Place,
		Lines: []project.BudgetLine{{NameZH: l.Title, Planned: l.Cost}},
	}
}
