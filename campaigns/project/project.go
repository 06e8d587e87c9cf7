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

// State is where a project stands in its life.
type State string

// A project is proposed, agreed, run and done.
const (
	Proposed State = "proposed"
	Agreed   State = "agreed"
	Running  State = "running"
	Done     State = "done"
)

// Project is a 服务项目. Texts in English may be empty: the Chinese ones stand in.
type Project struct {
	ID             int          `db:"id"`
	Slug           string       `db:"slug"`
	FundID         int          `db:"fund_id"`
	Restricted     bool         `db:"restricted"` // of its fund: paid by gifts for this purpose
	Theme          Theme        `db:"theme"`
	Year           int          `db:"year"` // whose budget it stands in
	State          State        `db:"state"`
	TitleZH        string       `db:"title_zh"`
	TitleEN        string       `db:"title_en"`
	PlaceZH        string       `db:"place_zh"`
	PlaceEN        string       `db:"place_en"`
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

	Lines []BudgetLine `db:"-"` // by FindProject only

	// In the filter's months, or ever:
	Spent       money.Amount `db:"spent"`        // expense in its fund, by the ledger
	PersonTimes int          `db:"person_times"` // 人次
	Sessions    int          `db:"sessions"`     // outcomes recorded
}

// Title is the project's title in the reader's language.
func (p Project) Title(lang string) string { return inLanguage(lang, p.TitleZH, p.TitleEN) }

// Place is where the project happens, in the reader's language.
func (p Project) Place(lang string) string { return inLanguage(lang, p.PlaceZH, p.PlaceEN) }

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

// Name is the line's name in the reader's language.
func (b BudgetLine) Name(lang string) string { return inLanguage(lang, b.NameZH, b.NameEN) }

// AddProject writes a project down with its budget and returns it with its id.
// Without a FundID it gets an unrestricted fund of its own; with one, that fund
// is the project's alone from then on. ErrExists if the slug or fund is taken,
// ErrNoConsent if it is further than proposed without a council's consent.
func AddProject(ctx context.Context, tx *sqlx.Tx, community int, p Project) (_ Project, err error) {
	defer wrap(&err, "project.AddProject(%d, %s)", community, p.Slug)
	if p.FundID == 0 {
		fund, err := ledger.AddFund(ctx, tx, community, ledger.Fund{Code: p.Slug, NameZH: p.TitleZH, NameEN: p.TitleEN, Kind: ledger.ProjectFund})
		if errors.Is(err, ledger.ErrExists) {
			err = errors.Join(ErrExists, err)
		}
		if err != nil {
			return p, err
		}
		p.FundID = fund.ID
	}
	err = tx.GetContext(ctx, &p.ID, `
		INSERT INTO project.project (community_id, id, slug, fund_id, theme, year, state, title_zh, title_en, place_zh, place_en,
		       organisation_zh, organisation_en, council_zh, council_en, agreed_on, votes_for, votes_against, budget, started_on, ended_on)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20
		  FROM project.project WHERE community_id = $1 RETURNING id`,
		community, p.Slug, p.FundID, p.Theme, p.Year, p.State, p.TitleZH, p.TitleEN, p.PlaceZH, p.PlaceEN,
		p.OrganisationZH, p.OrganisationEN, p.CouncilZH, p.CouncilEN, p.AgreedOn, p.VotesFor, p.VotesAgainst, p.Budget, p.StartedOn, p.EndedOn)
	if err != nil {
		return p, err
	}
	if err = tx.GetContext(ctx, &p.Restricted, `SELECT restricted FROM ledger.fund WHERE community_id = $1 AND id = $2`, community, p.FundID); err != nil {
		return p, err
	}
	for i, b := range p.Lines {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO project.budget_line (community_id, project_id, line, name_zh, name_en, planned) VALUES ($1, $2, $3, $4, $5, $6)`,
			community, p.ID, i+1, b.NameZH, b.NameEN, b.Planned)
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// Begin says that an agreed project runs from a day on. ErrState if it is not agreed.
func Begin(ctx context.Context, tx *sqlx.Tx, community, project int, day time.Time) (err error) {
	defer wrap(&err, "project.Begin(%d, %d)", community, project)
	return move(tx.ExecContext(ctx, `
		UPDATE project.project SET state = 'running', started_on = $3 WHERE community_id = $1 AND id = $2 AND state = 'agreed'`,
		community, project, day))
}

// Finish says that a running project ended on a day. ErrState if it does not run.
func Finish(ctx context.Context, tx *sqlx.Tx, community, project int, day time.Time) (err error) {
	defer wrap(&err, "project.Finish(%d, %d)", community, project)
	return move(tx.ExecContext(ctx, `
		UPDATE project.project SET state = 'done', ended_on = $3 WHERE community_id = $1 AND id = $2 AND state = 'running'`,
		community, project, day))
}

func inLanguage(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}
