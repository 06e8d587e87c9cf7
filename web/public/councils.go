package public

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
	"fund/web/pdf"
)

// councilsView is the councils, and what they decide and decided lately.
type councilsView struct {
	Councils []councilRow
	councilMotions
}

// councilRow is a council in the list.
type councilRow struct {
	council.Council
	Sit, Open int // members, and motions that are being voted on
}

// councilView is a council as everybody sees it.
type councilView struct {
	council.Council
	councilMotions
	Rule    council.Rule
	Members []council.Member
	Minutes []council.Minutes
	Papers  []council.Minutes // older ones, behind a fold
}

// councilMotions are motions: those being voted on, then the latest.
type councilMotions struct {
	Motions []councilMotion
	Older   []councilMotion // behind a fold
}

// councilMotion is a motion in a list, with its result once there is one.
type councilMotion struct {
	council.Motion
	By     council.Council
	Result *council.Result
}

// councilRows is how many motions and minutes stand on a page at once.
const councilRows = 6

// opened tells that a motion was put to the vote: before, it is its council's draft alone.
func opened(m council.Motion) bool { return m.OpenedOn != nil }

// Councils shows which there are, and what they decide and decided.
func (p *Pages) Councils(c *fiber.Ctx) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	list, err := council.ListCouncils(ctx, p.Read, here)
	if err != nil {
		return err
	}
	sit, err := council.Members(ctx, p.Read, here, 0, page.Of(c).Local(p.Now()))
	if err != nil {
		return err
	}
	motions, err := p.councilMotions(c, list, 0)
	if err != nil {
		return err
	}
	v := councilsView{councilMotions: motions}
	for _, k := range list {
		row := councilRow{Council: k}
		for _, m := range sit {
			if m.CouncilID == k.ID {
				row.Sit++
			}
		}
		for _, m := range slices.Concat(motions.Motions, motions.Older) {
			if m.CouncilID == k.ID && m.State == council.IsOpen {
				row.Open++
			}
		}
		v.Councils = append(v.Councils, row)
	}
	return page.Render(c, "public/councils", v)
}

// Council shows who sits in one, what was moved, how it was voted.
func (p *Pages) Council(c *fiber.Ctx) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	k, err := council.FindCouncil(ctx, p.Read, here, c.Params("council"))
	if err != nil {
		return err
	}
	v := councilView{Council: k}
	if v.Rule, err = council.RuleOf(ctx, p.Read, here, k.ID, 0); err != nil {
		return err
	}
	if v.Members, err = council.Members(ctx, p.Read, here, k.ID, page.Of(c).Local(p.Now())); err != nil {
		return err
	}
	if v.councilMotions, err = p.councilMotions(c, []council.Council{k}, k.ID); err != nil {
		return err
	}
	minutes, err := council.ListMinutes(ctx, p.Read, here, k.ID)
	if err != nil {
		return err
	}
	n := min(len(minutes), councilRows)
	v.Minutes, v.Papers = minutes[:n], minutes[n:]
	return page.Render(c, "public/council", v)
}

// councilMotions reads the motions of one of the councils, or for 0 of all.
func (p *Pages) councilMotions(c *fiber.Ctx, of []council.Council, id int) (v councilMotions, err error) {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	motions, err := council.ListMotions(ctx, p.Read, here, id)
	if err != nil {
		return v, err
	}
	results, err := council.Results(ctx, p.Read, here, id)
	if err != nil {
		return v, err
	}
	for _, m := range motions {
		if !opened(m) {
			continue
		}
		row := councilMotion{Motion: m, By: of[slices.IndexFunc(of, func(k council.Council) bool { return k.ID == m.CouncilID })]}
		if r, ok := results[m.ID]; ok {
			row.Result = &r
		}
		v.Motions = append(v.Motions, row)
	}
	decided := func(m councilMotion) int {
		if m.State == council.IsOpen {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(v.Motions, func(a, b councilMotion) int {
		return cmp.Or(decided(a)-decided(b), b.OpenedOn.Compare(*a.OpenedOn))
	})
	n := min(len(v.Motions), councilRows)
	v.Motions, v.Older = v.Motions[:n], v.Motions[n:]
	return v, nil
}

// motionView is a motion with the names of the funds that its money moves between.
type motionView struct {
	council.Story
	From, To ledger.Fund
	Project  *project.Project // that it is about
}

// Motion shows one motion and how it was voted.
func (p *Pages) Motion(c *fiber.Ctx) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	s, err := council.Tell(ctx, p.Read, here, c.Params("council"), c.Params("motion"))
	if err != nil {
		return err
	}
	if !opened(s.Motion) {
		return page.ErrNotFound
	}
	v := motionView{Story: s}
	if s.Amount != nil {
		if v.From, err = ledger.FundAt(ctx, p.Read, here, *s.FromFund); err != nil {
			return err
		}
		if v.To, err = ledger.FundAt(ctx, p.Read, here, *s.ToFund); err != nil {
			return err
		}
	}
	if v.Project, err = projectOf(ctx, p.Read, here, s.ProjectID); err != nil {
		return err
	}
	return page.Render(c, "public/motion", v)
}

// projectOf reads a project by its id, nil for none.
func projectOf(ctx context.Context, q sqlx.QueryerContext, community int, id *int) (*project.Project, error) {
	if id == nil {
		return nil, nil
	}
	p, err := project.ProjectAt(ctx, q, community, *id)
	return &p, err
}

// MotionPaper is a file that belongs to a motion.
func (p *Pages) MotionPaper(c *fiber.Ctx) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	n, err := page.Number(c, "paper")
	if err != nil {
		return err
	}
	k, err := council.FindCouncil(ctx, p.Read, here, c.Params("council"))
	if err != nil {
		return err
	}
	m, err := council.FindMotion(ctx, p.Read, here, k.ID, c.Params("motion"))
	if err != nil {
		return err
	}
	if !opened(m) {
		return page.ErrNotFound
	}
	paper, err := council.PaperAt(ctx, p.Read, here, m.ID, n)
	if err != nil {
		return err
	}
	return page.SendPDF(c, fmt.Sprintf("motion-%s-%d", m.Serial(), n), paper.Content)
}

// CouncilMinutes are the minutes of a meeting as PDF.
func (p *Pages) CouncilMinutes(c *fiber.Ctx) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	k, err := council.FindCouncil(ctx, p.Read, here, c.Params("council"))
	if err != nil {
		return err
	}
	m, err := council.FindMinutes(ctx, p.Read, here, k.ID, c.Params("minutes"))
	if err != nil {
		return err
	}
	doc := minutesDoc(page.Of(c), m)
	signed, err := council.Signatures(ctx, p.Read, here, k.ID)
	if err != nil {
		return err
	}
	for _, s := range signed {
		if s.Of(m) {
			doc.Signed = append(doc.Signed, pdf.MinutesSigner{Name: s.Name, Line: cmp.Or(string(s.Office), "witness"), On: page.Of(c).Local(s.SignedAt)})
		}
	}
	doc.URL = page.SiteOf(c).URL(page.Of(c).URL("/councils/" + k.Slug + "/minutes/" + m.Serial()))
	return page.DrawPDF(c, "minutes-"+k.Slug+"-"+m.Serial(), func(w io.Writer) error { return pdf.Minutes(w, doc) })
}

// minutesDoc puts minutes into the reader's language.
func minutesDoc(r *page.Reader, m council.Minutes) pdf.MinutesDoc {
	lang := string(r.Lang)
	doc := pdf.MinutesDoc{
		Lang: lang, Community: r.Community.Name.In(r.Lang), Council: m.Body.Council.In(lang), Serial: m.Serial(), HeldOn: m.HeldOn, Place: m.Body.Place, Notes: m.Body.Notes,
		Present: sat(r, m.Body.Present), Absent: sat(r, m.Body.Absent), Digest: m.Digest(), Made: m.MadeAt,
	}
	for _, n := range m.Body.Motions {
		row := pdf.MinutesMotion{
			Serial: n.Serial, Title: n.Title.In(lang), Text: n.Text.In(lang), Outcome: r.T("council.outcome." + string(n.Result.Outcome)), Passed: n.Result.Outcome == council.Passed,
			Figures: [4]int{n.Result.For, n.Result.Against, n.Result.Abstained, n.Result.Spoilt},
			Lines:   []string{r.T("council.result_says", "present", n.Result.Present, "of", n.Result.CountedOf, "needed", n.Result.Needed, "to_pass", n.Result.ToPass, "paper", n.Result.Paper)},
		}
		if amount, err := money.Parse(n.Amount); err == nil {
			row.Amount = amount.Yuan()
		}
		for _, s := range n.Conflict {
			row.Lines = append(row.Lines, r.T("council.did_not_vote", "name", s.Name, "why", s.Word))
		}
		for _, choice := range council.Choices {
			var names []string
			for _, s := range n.Open {
				if s.Word == string(choice) {
					names = append(names, s.Name)
				}
			}
			if len(names) > 0 {
				row.Lines = append(row.Lines, r.T("council.choice."+string(choice))+" · "+strings.Join(names, r.T("council.between_names")))
			}
		}
		doc.Motions = append(doc.Motions, row)
	}
	return doc
}

// sat lists names, with offices behind them.
func sat(r *page.Reader, people []council.Sat) string {
	var names []string
	for _, s := range people {
		if s.Office != council.NoOffice {
			s.Name += r.T("council.in_office", "office", r.T("council.office."+string(s.Office)))
		}
		names = append(names, s.Name)
	}
	return strings.Join(names, r.T("council.between_names"))
}
