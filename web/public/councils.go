package public

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
	"fund/web/pdf"
)

// councilView is a council as everybody sees it.
type councilView struct {
	council.Council
	Rule    council.Rule
	Members []council.Member
	Motions []councilMotion
	Older   []councilMotion // behind a fold
	Minutes []council.Minutes
	Papers  []council.Minutes // older ones
}

// councilRows is how many motions and minutes of a council stand on the page at once.
const councilRows = 5

// Open counts the motions that are being voted on.
func (v councilView) Open() (n int) {
	for _, m := range v.Motions {
		if m.State == council.IsOpen {
			n++
		}
	}
	return n
}

// councilMotion is a motion in a list, with its result once there is one.
type councilMotion struct {
	council.Motion
	Result *council.Result
}

// opened tells that a motion was put to the vote: before, it is its council's draft alone.
func opened(m council.Motion) bool { return m.OpenedOn != nil }

// Councils shows who sits, what was moved, how it was voted.
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
	motions, err := council.ListMotions(ctx, p.Read, here, 0)
	if err != nil {
		return err
	}
	results, err := council.Results(ctx, p.Read, here, 0)
	if err != nil {
		return err
	}
	minutes, err := council.ListMinutes(ctx, p.Read, here, 0)
	if err != nil {
		return err
	}
	views := make([]councilView, len(list))
	for i, k := range list {
		if views[i].Rule, err = council.RuleOf(ctx, p.Read, here, k.ID, 0); err != nil {
			return err
		}
		views[i].gather(k, sit, motions, results, minutes)
	}
	return page.Render(c, "public/councils", views)
}

// gather takes from what was read of all councils what is this one's.
func (v *councilView) gather(k council.Council, sit []council.Member, motions []council.Motion, results map[uuid.UUID]council.Result, minutes []council.Minutes) {
	v.Council = k
	v.Members = slices.DeleteFunc(slices.Clone(sit), func(m council.Member) bool { return m.CouncilID != k.ID })
	v.Minutes = slices.DeleteFunc(slices.Clone(minutes), func(m council.Minutes) bool { return m.CouncilID != k.ID })
	for _, m := range motions {
		if m.CouncilID != k.ID || !opened(m) {
			continue
		}
		row := councilMotion{Motion: m}
		if r, ok := results[m.ID]; ok {
			row.Result = &r
		}
		v.Motions = append(v.Motions, row)
	}
	slices.SortStableFunc(v.Motions, func(a, b councilMotion) int { return b.OpenedOn.Compare(*a.OpenedOn) })
	n := min(len(v.Motions), councilRows)
	v.Motions, v.Older = v.Motions[:n], v.Motions[n:]
	n = min(len(v.Minutes), councilRows)
	v.Minutes, v.Papers = v.Minutes[:n], v.Minutes[n:]
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
	all, err := project.ListProjects(ctx, q, community, project.Filter{})
	if i := slices.IndexFunc(all, func(p project.Project) bool { return p.ID == *id }); i >= 0 {
		return &all[i], err
	}
	return nil, err
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
	return sendPDF(c, fmt.Sprintf("motion-%s-%d", m.Serial(), n), paper.Content)
}

// sendPDF answers with a PDF to be read in the browser.
func sendPDF(c *fiber.Ctx, name string, content []byte) error {
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`inline; filename="%s.pdf"`, name))
	return c.Send(content)
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
	var out bytes.Buffer
	if err := pdf.Minutes(&out, doc); err != nil {
		return err
	}
	return sendPDF(c, "minutes-"+k.Slug+"-"+m.Serial(), out.Bytes())
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
