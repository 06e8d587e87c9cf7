package issue

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/mutualaid"
	"fund/campaigns/organisation"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
)

// Origin is a part of the money that projects spent, by whose it was.
type Origin struct {
	Key    string // of its words: given, earned, served, rest, granted, before, ahead
	Amount money.Amount
}

// Origins are the parts of such money, in the order in which readers see them.
func Origins(m report.Mix) []Origin {
	return []Origin{
		{"given", m.Given},
		{"earned", m.Earned},
		{"served", m.Served},
		{"rest", m.Other},
		{"granted", m.Granted},
		{"before", m.Before},
		{"ahead", m.Ahead},
	}
}

// Year is what a community did in a calendar year: its projects and whose money paid them, what its councils decided, the
// hours its neighbours gave. It holds no words but names and survives a trip through JSON.
type Year struct {
	Year        int           `json:"year"`
	Projects    []YearProject `json:"projects"` // that ran or spent something, by theme
	PersonTimes int           `json:"person_times"`
	Spent       money.Amount  `json:"spent"` // by the projects
	Paid        report.Mix    `json:"paid"`  // whose money Spent was
	Opening     money.Amount  `json:"opening"`
	In          money.Amount  `json:"in"`
	Out         money.Amount  `json:"out"`
	Other       money.Amount  `json:"other"` // adjusted or brought in
	Closing     money.Amount  `json:"closing"`
	Votes       YearVotes     `json:"votes"`
	Hours       YearHours     `json:"hours"`
	Groups      YearGroups    `json:"groups"`
	Beside      YearBeside    `json:"beside"`
}

// YearBeside is what was spent outside the projects, by whose books it stood in: with Year.Spent it makes Year.Out. What
// social organisations were paid and granted stands in their own funds, so it paid no project.
type YearBeside struct {
	Organisations money.Amount `json:"organisations"`
	Ventures      money.Amount `json:"ventures"`
	Campaigns     money.Amount `json:"campaigns"`
	General       money.Amount `json:"general"`
	Served        money.Amount `json:"served"`  // paid to organisations for services
	Granted       money.Amount `json:"granted"` // to organisations by the government
}

// YearGroups are the residents' groups and the social organisations at the end of the year, and what they did in it.
type YearGroups struct {
	Organisations int `json:"organisations"`
	Groups        int `json:"groups"`
	Members       int `json:"members"`    // of the groups
	Activities    int `json:"activities"` // of both
	People        int `json:"people"`     // person-times of the activities
	Sessions      int `json:"sessions"`   // of the organisations' agreements
	Served        int `json:"served"`     // person-times of the sessions
}

// YearProject is a project in a year.
type YearProject struct {
	Slug        string        `json:"slug"`
	TitleZH     string        `json:"title_zh"`
	TitleEN     string        `json:"title_en"`
	Theme       project.Theme `json:"theme"`
	Fund        string        `json:"fund"` // code
	Restricted  bool          `json:"restricted"`
	PersonTimes int           `json:"person_times"`
	Spent       money.Amount  `json:"spent"` // in the year
	Paid        report.Mix    `json:"paid"`  // whose money Spent was
}

// Title is the project's title in the reader's language.
func (p YearProject) Title(lang string) string { return zhOr(lang, p.TitleZH, p.TitleEN) }

// YearVotes is what the councils decided: the motions whose vote ended in the year.
type YearVotes struct {
	Councils int          `json:"councils"`
	Passed   int          `json:"passed"`
	Failed   int          `json:"failed"` // outvoted, or too few took part
	Amount   money.Amount `json:"amount"` // of the money that they unlocked
	Motions  []YearMotion `json:"motions"`
}

// YearMotion is one of them.
type YearMotion struct {
	Council   string        `json:"council"` // slug
	CouncilZH string        `json:"council_zh"`
	CouncilEN string        `json:"council_en"`
	Serial    string        `json:"serial"`
	TitleZH   string        `json:"title_zh"`
	TitleEN   string        `json:"title_en"`
	Kind      council.Kind  `json:"kind"`
	Amount    *money.Amount `json:"amount,omitempty"`
	Outcome   council.State `json:"outcome"`
	On        time.Time     `json:"on"`
	For       int           `json:"for"`
	Against   int           `json:"against"`
	Abstained int           `json:"abstained"`
}

// Title is the motion's title in the reader's language.
func (m YearMotion) Title(lang string) string { return zhOr(lang, m.TitleZH, m.TitleEN) }

// By is the council's name in the reader's language.
func (m YearMotion) By(lang string) string { return zhOr(lang, m.CouncilZH, m.CouncilEN) }

// YearHours is help between neighbours. Hours are time and never money.
type YearHours struct {
	Minutes  int         `json:"minutes"`
	Times    int         `json:"times"`
	People   int         `json:"people"`
	PassedOn int         `json:"passed_on"` // were helped, and then helped
	Months   []YearMonth `json:"months"`
}

// YearMonth is the help of one month.
type YearMonth struct {
	Month int `json:"month"` // 1 to 12
	Help  int `json:"help"`  // minutes from neighbour to neighbour
	Shift int `json:"shift"` // minutes of volunteers for all
	Times int `json:"times"`
}

// YearOf fills in a year. Hand it one REPEATABLE READ transaction, so that all figures tell of the same books.
func YearOf(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, n int) (y Year, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("issue.YearOf(%s, %d): %w", c.Slug, n, err)
		}
	}()
	y.Year = n
	from, to := ledger.Day(n, time.January, 1), ledger.Day(n, time.December, 31)
	t, err := report.Summary(ctx, q, c, from, to)
	if err != nil {
		return y, err
	}
	y.Opening, y.In, y.Out, y.Other, y.Closing = t.Opening.Total(), t.In.Total(), t.Out.Total(), t.Other.Total(), t.Closing.Total()
	beside, err := y.projects(ctx, q, c, from, to)
	if err != nil {
		return y, err
	}
	if err = y.votes(ctx, q, c, from, to); err != nil {
		return y, err
	}
	organisations, err := y.groups(ctx, q, c, from, to)
	if err != nil {
		return y, err
	}
	y.beside(beside, organisations)
	return y, y.hours(ctx, q, c, from, to)
}

// projects reads what ran in the year, and what only spent something in it; beside are the other funds, by kind.
func (y *Year) projects(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (beside map[ledger.FundKind][]report.FundOrigin, err error) {
	all, err := project.ListProjects(ctx, q, c.ID, project.Filter{})
	if err != nil {
		return nil, err
	}
	ran, err := project.ListProjects(ctx, q, c.ID, project.Filter{From: from, To: to})
	if err != nil {
		return nil, err
	}
	list, err := ledger.ListFunds(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	origins, err := report.Origins(ctx, q, c, y.Year)
	if err != nil {
		return nil, err
	}
	funds, paid := map[int]ledger.Fund{}, map[int]report.Mix{}
	for _, f := range list {
		funds[f.ID] = f
	}
	for _, o := range origins {
		paid[o.FundID] = o.Spent
	}
	for _, p := range all {
		i := slices.IndexFunc(ran, func(r project.Project) bool { return r.ID == p.ID })
		if i < 0 && paid[p.FundID].Total().IsZero() {
			continue
		}
		one := YearProject{
			Slug: p.Slug, TitleZH: p.TitleZH, TitleEN: p.TitleEN, Theme: p.Theme, Fund: funds[p.FundID].Code, Restricted: p.Restricted,
			Spent: paid[p.FundID].Total(), Paid: paid[p.FundID],
		}
		if i >= 0 {
			one.PersonTimes = ran[i].PersonTimes
		}
		y.Projects = append(y.Projects, one)
		y.PersonTimes += one.PersonTimes
		y.Spent, y.Paid = y.Spent.Add(one.Spent), y.Paid.Add(one.Paid)
	}
	beside = map[ledger.FundKind][]report.FundOrigin{}
	for _, o := range origins {
		if !slices.ContainsFunc(all, func(p project.Project) bool { return p.FundID == o.FundID }) {
			kind := funds[o.FundID].Kind
			beside[kind] = append(beside[kind], o)
		}
	}
	return beside, nil
}

// beside adds up what funds spent that are no project's.
func (y *Year) beside(funds map[ledger.FundKind][]report.FundOrigin, organisations map[int]bool) {
	for kind, list := range funds {
		for _, o := range list {
			of := &y.Beside.General
			switch {
			case organisations[o.FundID]:
				of = &y.Beside.Organisations
				y.Beside.Served, y.Beside.Granted = y.Beside.Served.Add(o.In.Served), y.Beside.Granted.Add(o.In.Granted)
			case kind == ledger.VentureFund:
				of = &y.Beside.Ventures
			case kind == ledger.CampaignFund:
				of = &y.Beside.Campaigns
			}
			*of = of.Add(o.Spent.Total())
		}
	}
}

func (y *Year) votes(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) error {
	councils, err := council.ListCouncils(ctx, q, c.ID)
	if err != nil {
		return err
	}
	motions, err := council.ListMotions(ctx, q, c.ID, 0)
	if err != nil {
		return err
	}
	results, err := council.Results(ctx, q, c.ID, 0)
	if err != nil {
		return err
	}
	for _, m := range motions {
		r, voted := results[m.ID]
		if day := c.Day(r.ClosedAt); !voted || day.Before(from) || day.After(to) {
			continue
		}
		k := councils[slices.IndexFunc(councils, func(k council.Council) bool { return k.ID == m.CouncilID })]
		y.Votes.Motions = append(y.Votes.Motions, YearMotion{
			Council: k.Slug, CouncilZH: k.NameZH, CouncilEN: k.NameEN, Serial: m.Serial(), TitleZH: m.TitleZH, TitleEN: m.TitleEN, Kind: m.Kind,
			Amount: m.Amount, Outcome: r.Outcome, On: c.Day(r.ClosedAt), For: r.For, Against: r.Against, Abstained: r.Abstained,
		})
		if r.Outcome != council.Passed {
			y.Votes.Failed++
			continue
		}
		y.Votes.Passed++
		if m.Amount != nil && m.State == council.Passed {
			y.Votes.Amount = y.Votes.Amount.Add(*m.Amount)
		}
	}
	slices.SortStableFunc(y.Votes.Motions, func(a, b YearMotion) int { return a.On.Compare(b.On) })
	for _, k := range councils {
		if slices.ContainsFunc(y.Votes.Motions, func(m YearMotion) bool { return m.Council == k.Slug }) {
			y.Votes.Councils++
		}
	}
	return nil
}

// groups counts those that existed in the year; of a group nobody counted, only one that did something. theirs are the funds
// of all of them.
func (y *Year) groups(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (theirs map[int]bool, err error) {
	rows, _, err := organisation.List(ctx, q, c.ID, organisation.Filter{From: from, To: to})
	theirs = map[int]bool{}
	for _, r := range rows {
		if r.FundID != nil {
			theirs[*r.FundID] = true
		}
		switch {
		case r.Kind == organisation.Group && r.Activities == 0 && r.Members == 0:
			continue
		case r.Kind == organisation.Group:
			y.Groups.Groups, y.Groups.Members = y.Groups.Groups+1, y.Groups.Members+r.Members
		default:
			y.Groups.Organisations++
		}
		y.Groups.Activities, y.Groups.People = y.Groups.Activities+r.Activities, y.Groups.People+r.People
		y.Groups.Sessions, y.Groups.Served = y.Groups.Sessions+r.Sessions, y.Groups.Served+r.Served
	}
	return theirs, err
}

func (y *Year) hours(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) error {
	sum, err := mutualaid.SumOf(ctx, q, c.ID, from, to)
	if err != nil {
		return err
	}
	months, err := mutualaid.Months(ctx, q, c.ID, from, to)
	y.Hours = YearHours{Minutes: sum.Minutes, Times: sum.Times, People: sum.People, PassedOn: sum.PassedOn}
	for _, m := range months {
		y.Hours.Months = append(y.Hours.Months, YearMonth{int(m.Month.Month()), m.Help, m.Shift, m.Times})
	}
	return err
}

func zhOr(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}
