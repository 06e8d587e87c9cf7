package project

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Theme is what a project is about.
type Theme string

// The themes.
const (
	Elders     Theme = "elders"
	Children   Theme = "children"
	Neighbours Theme = "neighbours" // 邻里文化
	Yard       Theme = "yard"       // 院落改善
	MutualAid  Theme = "mutual_aid"
)

// Themes lists the themes in the order reports show them.
var Themes = []Theme{Elders, Children, Neighbours, Yard, MutualAid}

// Project is a 服务项目. Texts in English may be empty: the Chinese ones stand in.
type Project struct {
	ID             int          `db:"id"`
	Slug           string       `db:"slug"`       // empty until the staff has checked the proposal
	FundID         int          `db:"fund_id"`    // 0 until then
	Restricted     bool         `db:"restricted"` // of its fund: paid by gifts for this purpose
	Theme          Theme        `db:"theme"`
	Year           int          `db:"year"` // whose budget it stands in
	State          State        `db:"state"`
	TitleZH        string       `db:"title_zh"`
	TitleEN        string       `db:"title_en"`
	PlaceZH        string       `db:"place_zh"`
	PlaceEN        string       `db:"place_en"`
	NeedZH         string       `db:"need_zh"` // what is missing, in the words of who proposes
	NeedEN         string       `db:"need_en"`
	PeopleZH       string       `db:"people_zh"` // whom it serves: 3 号院 40 位老人
	PeopleEN       string       `db:"people_en"`
	OwnZH          string       `db:"own_zh"` // what they bring along themselves
	OwnEN          string       `db:"own_en"`
	OrganisationZH string       `db:"organisation_zh"` // who runs it
	OrganisationEN string       `db:"organisation_en"`
	CouncilZH      string       `db:"council_zh"` // who agreed: 3 号院议事会
	CouncilEN      string       `db:"council_en"`
	AgreedOn       *time.Time   `db:"agreed_on"`
	VotesFor       int          `db:"votes_for"`
	VotesAgainst   int          `db:"votes_against"`
	Budget         money.Amount `db:"budget"`
	StartedOn      *time.Time   `db:"started_on"`
	EndedOn        *time.Time   `db:"ended_on"`
	History        bool         `db:"history"` // written down afterwards, from older papers

	Lines []BudgetLine `db:"-"` // by FindProject and ProjectAt only

	// In the filter's months, or ever:
	Spent       money.Amount `db:"spent"`        // expense in its fund, by the ledger
	PersonTimes int          `db:"person_times"` // 人次
	Sessions    int          `db:"sessions"`     // outcomes recorded
}

// Title is the project's title in the reader's language.
func (p Project) Title(lang string) string { return inLanguage(lang, p.TitleZH, p.TitleEN) }

// Place is where the project happens, in the reader's language.
func (p Project) Place(lang string) string { return inLanguage(lang, p.PlaceZH, p.PlaceEN) }

// Need is what is missing, in the reader's language.
func (p Project) Need(lang string) string { return inLanguage(lang, p.NeedZH, p.NeedEN) }

// People is whom the project serves, in the reader's language.
func (p Project) People(lang string) string { return inLanguage(lang, p.PeopleZH, p.PeopleEN) }

// Own is what those who propose bring along, in the reader's language.
func (p Project) Own(lang string) string { return inLanguage(lang, p.OwnZH, p.OwnEN) }

// Organisation is who runs the project, in the reader's language.
func (p Project) Organisation(lang string) string {
	return inLanguage(lang, p.OrganisationZH, p.OrganisationEN)
}

// Council is who agreed to the project, in the reader's language.
func (p Project) Council(lang string) string { return inLanguage(lang, p.CouncilZH, p.CouncilEN) }

// BudgetLine is what a project means to spend on one thing.
type BudgetLine struct {
	Line    int          `db:"line"`
	NameZH  string       `db:"name_zh"`
	NameEN  string       `db:"name_en"`
	Planned money.Amount `db:"planned"`
}

// Planned is the sum of a project's budget lines.
func (p Project) Planned() (sum money.Amount) {
	for _, l := range p.Lines {
		sum = sum.Add(l.Planned)
	}
	return sum
}

// Name is the line's name in the reader's language.
func (b BudgetLine) Name(lang string) string { return inLanguage(lang, b.NameZH, b.NameEN) }

// AddProject writes a project down with its budget as history: as far as older papers or another program's tables tell,
// up to its State, and returns it with its id. Without a FundID it gets an unrestricted fund of its own; with one, that
// fund is the project's alone from then on. ErrExists if the slug or fund is taken, ErrNoConsent if it is further than
// proposed without a council's consent, or if the council is one that is kept here: such a one agrees by a motion.
func AddProject(ctx context.Context, tx *sqlx.Tx, community int, p Project) (_ Project, err error) {
	defer wrap(&err, "project.AddProject(%d, %s)", community, p.Slug)
	p.History = true
	if err = p.takeFund(ctx, tx, community); err != nil {
		return p, err
	}
	to := p.State
	if p, err = insert(ctx, tx, community, p); err != nil {
		return p, err
	}
	for _, s := range p.past(to) {
		if err = move(ctx, tx, community, p.ID, s); err != nil {
			return p, err
		}
	}
	p.State = to
	return p, nil
}

// Found writes down a project that the staff vouches for, as one that a round's voters chose: proposed and checked at once,
// with its address and its fund; a council or a round agrees. ErrExists, ErrIncomplete without a line.
func Found(ctx context.Context, tx *sqlx.Tx, community int, p Project, why, who string, at time.Time) (_ Project, err error) {
	defer wrap(&err, "project.Found(%d, %s)", community, p.Slug)
	o := Opening{Slug: p.Slug, FundID: p.FundID, Restricted: p.Restricted, OrganisationZH: p.OrganisationZH, OrganisationEN: p.OrganisationEN}
	p.Slug, p.FundID = "", 0
	if p, err = insert(ctx, tx, community, p); err != nil {
		return p, err
	}
	if err = move(ctx, tx, community, p.ID, Step{State: Proposed, By: who, At: at}); err != nil {
		return p, err
	}
	return Check(ctx, tx, community, p.ID, o, why, who, at)
}

// past are the steps that older papers tell of a project, up to a state.
func (p Project) past(to State) (steps []Step) {
	first := ledger.Day(p.Year, time.January, 1)
	add := func(s State, day *time.Time) {
		step := Step{State: s, By: byHistory, At: first, Day: day}
		if day != nil {
			step.At = *day
		}
		steps = append(steps, step)
	}
	if to == Proposed || to == Checked {
		add(Proposed, nil)
		if to == Checked {
			add(Checked, nil)
		}
		return steps
	}
	add(Agreed, p.AgreedOn)
	if to == Running || to == Done || to == Settled {
		add(Running, p.StartedOn)
	}
	if to == Done || to == Settled {
		add(Done, p.EndedOn)
	}
	if to == Settled {
		add(Settled, p.EndedOn)
	}
	return steps
}

// takeFund gives a project the fund it names, or one of its own.
func (p *Project) takeFund(ctx context.Context, tx *sqlx.Tx, community int) error {
	if p.FundID == 0 {
		fund, err := ledger.AddFund(ctx, tx, community, ledger.Fund{Code: p.Slug, NameZH: p.TitleZH, NameEN: p.TitleEN, Kind: ledger.ProjectFund, Restricted: p.Restricted})
		if errors.Is(err, ledger.ErrExists) {
			err = errors.Join(ErrExists, err)
		}
		p.FundID = fund.ID
		return err
	}
	fund, err := ledger.FundAt(ctx, tx, community, p.FundID)
	p.Restricted = fund.Restricted
	return err
}

// insert writes a draft with its lines. What a past project says of its end comes with its steps.
func insert(ctx context.Context, tx *sqlx.Tx, community int, p Project) (Project, error) {
	p.State = Draft
	err := tx.GetContext(ctx, &p.ID, `
		INSERT INTO project.project (community_id, id, slug, fund_id, theme, year, title_zh, title_en, place_zh, place_en, need_zh, need_en, people_zh, people_en, own_zh, own_en,
		       organisation_zh, organisation_en, council_zh, council_en, agreed_on, votes_for, votes_against, budget, started_on, history)
		SELECT $1, coalesce(max(id), 0) + 1, nullif($2, ''), nullif($3, 0), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25
		  FROM project.project WHERE community_id = $1 RETURNING id`,
		community, p.Slug, p.FundID, p.Theme, p.Year, p.TitleZH, p.TitleEN, p.PlaceZH, p.PlaceEN, p.NeedZH, p.NeedEN, p.PeopleZH, p.PeopleEN, p.OwnZH, p.OwnEN,
		p.OrganisationZH, p.OrganisationEN, p.CouncilZH, p.CouncilEN, p.AgreedOn, p.VotesFor, p.VotesAgainst, p.Budget, p.StartedOn, p.History)
	if err != nil {
		return p, err
	}
	return p, setLines(ctx, tx, community, p)
}

// setLines writes a project's budget, in place of the one it had.
func setLines(ctx context.Context, tx *sqlx.Tx, community int, p Project) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM project.budget_line WHERE community_id = $1 AND project_id = $2`, community, p.ID); err != nil {
		return err
	}
	for i, b := range p.Lines {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO project.budget_line (community_id, project_id, line, name_zh, name_en, planned) VALUES ($1, $2, $3, $4, $5, $6)`,
			community, p.ID, i+1, b.NameZH, b.NameEN, b.Planned)
		if err != nil {
			return err
		}
	}
	return nil
}

func inLanguage(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}
