package public

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/picture"
)

// leafView is the leaf of veins: a vein a project, and the sums by theme.
type leafView struct {
	Projects, Served int
	Wide, Narrow     template.HTML
	Themes           []themeSum
}

type themeSum struct {
	Theme            project.Theme
	Name             string
	Projects, Served int
	Spent            money.Amount
}

// homeProjects reads the projects for the leaf, of this year or of the last one that had any, and the streams of money,
// which end in their themes.
func (b books) homeProjects(v *homeView) error {
	for _, y := range append([]ledger.BookYear{{Year: v.Year.Year}}, v.Year.Others...) {
		if v.Leaf.Projects > 0 || y.Year > v.Year.Year {
			continue
		}
		ran, err := project.ListProjects(b, b.q, b.ID, project.Filter{From: ledger.Day(y.Year, 1, 1), To: ledger.Day(y.Year, 12, 31)})
		if err != nil {
			return err
		}
		v.Leaf, v.Ran = b.leaf(ran), y.Year
	}
	themes, err := issue.Themes(b, b.q, b.ID)
	if err != nil {
		return err
	}
	flow, err := report.Flow(b, b.q, b.Community, v.Year.From(), v.Year.To(), func(fund int) string { return themes[fund] })
	v.Flow = b.flow(flow, v.Year)
	return err
}

func (b books) theme(t project.Theme) string { return themeName(b.r.Lang, string(t)) }

func (b books) leaf(projects []project.Project) (v leafView) {
	leaf := picture.Leaf{}
	for _, t := range project.Themes {
		sum, veins := themeSum{Theme: t, Name: b.theme(t)}, []picture.Vein(nil)
		for _, p := range projects {
			if p.Theme != t {
				continue
			}
			sum.Projects++
			sum.Served += p.PersonTimes
			sum.Spent = sum.Spent.Add(p.Spent)
			title := b.r.T("project.vein", "title", p.Title(string(b.r.Lang)), "spent", p.Spent.Yuan(), "served", i18n.Count(p.PersonTimes))
			veins = append(veins, picture.Vein{Title: title, Spent: p.Spent, Served: p.PersonTimes})
		}
		if sum.Projects == 0 {
			continue
		}
		slices.SortFunc(veins, func(a, b picture.Vein) int { return cmp.Compare(a.Spent.Fen(), b.Spent.Fen()) })
		v.Themes = append(v.Themes, sum)
		v.Projects, v.Served = v.Projects+sum.Projects, v.Served+sum.Served
		note := b.r.T("project.note", "count", sum.Projects, "served", i18n.Count(sum.Served))
		leaf.Themes = append(leaf.Themes, picture.Theme{Name: sum.Name, Note: note, Veins: veins})
	}
	leaf.Title = b.r.T("home.leaf", "count", v.Projects)
	v.Wide = leaf.Picture().SVG()
	leaf.Bare = true
	v.Narrow = leaf.Picture().SVG()
	return v
}

// flowView is money from its sources to its uses: one drawing, and the same as rows.
type flowView struct {
	Wide          template.HTML
	Sources, Uses []flowRow
	In, Out       money.Amount
}

type flowRow struct {
	Name, Link string
	Amount     money.Amount
	Bar        template.HTML
}

func (b books) flow(f report.Streams, y year) (v flowView) {
	drawing := picture.Flow{Title: b.r.T("home.flow", "year", y.Year), Free: b.r.T("home.free"), Held: b.r.T("home.held")}
	most := money.Zero
	for _, s := range append(slices.Clone(f.Sources), f.Uses...) {
		if s.Total().Cmp(most) > 0 {
			most = s.Total()
		}
	}
	for _, s := range f.Sources {
		name, link := b.stream(s, y, "in")
		drawing.Sources = append(drawing.Sources, picture.FlowEnd{Name: name, Free: s.Free, Held: s.Held})
		v.Sources, v.In = append(v.Sources, flowRow{name, link, s.Total(), thinBar(s.Columns, most)}), v.In.Add(s.Total())
	}
	for _, s := range f.Uses {
		name, link := b.stream(s, y, "out")
		drawing.Uses = append(drawing.Uses, picture.FlowEnd{Name: name, Free: s.Free, Held: s.Held, Kept: s.Key == report.StreamSurplus})
		v.Uses, v.Out = append(v.Uses, flowRow{name, link, s.Total(), thinBar(s.Columns, most)}), v.Out.Add(s.Total())
	}
	v.Wide = drawing.Picture().SVG()
	return v
}

// stream is the name of a source or a use, and the page that shows what it is made of.
func (b books) stream(s report.Stream, y year, side string) (name, link string) {
	number := fmt.Sprint(y.Year)
	switch {
	case s.AccountID != 0:
		code := strings.TrimPrefix(s.Key, "account:")
		if b.r.Lang == i18n.English && s.NameEN != "" {
			s.NameZH = s.NameEN
		}
		return s.NameZH, b.below("/ledger", "account", code, "month", number)
	case slices.Contains(project.Themes, project.Theme(s.Key)):
		return b.theme(project.Theme(s.Key)), b.below("/projects", "year", number) + "#" + s.Key
	}
	return b.r.T("home." + side + "_" + s.Key), b.below("/reports/statements", "from", number+"-01", "to", number+"-12")
}

// thinBar is a row's bar as a share of the largest: the restricted part ruled, the rest solid.
func thinBar(c report.Columns, most money.Amount) template.HTML {
	held, free := float64(c.Held.PerMille(most))/10, float64(c.Free.PerMille(most))/10
	return picture.Picture{Class: "bar thin", W: 100, H: 10, Stretch: true, Shapes: []picture.Shape{
		picture.Rect{Class: "ruled", W: held, H: 10},
		picture.Rect{Class: "fill", X: held, W: max(free, 0.1), H: 10},
	}}.SVG()
}
