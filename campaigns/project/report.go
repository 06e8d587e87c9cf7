package project

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Words are what people write into an end report.
type Words struct {
	DoneZH    string     `db:"done_zh"`
	DoneEN    string     `db:"done_en"`
	LearnedZH string     `db:"learned_zh"`
	LearnedEN string     `db:"learned_en"`
	WrittenBy string     `db:"written_by"`
	WrittenAt time.Time  `db:"written_at"`
	AdoptedBy *string    `db:"adopted_by"`
	AdoptedAt *time.Time `db:"adopted_at"`
	Body      *string    `db:"body"`
}

// Adopted tells whether the report stands and nothing in it changes any more.
func (w Words) Adopted() bool { return w.AdoptedAt != nil }

// ReportLine is a line of the budget in an end report.
type ReportLine struct {
	Line    int          `json:"line"` // 0: on no line
	ZH      string       `json:"zh"`
	EN      string       `json:"en,omitempty"`
	Planned money.Amount `json:"planned"`
	Spent   money.Amount `json:"spent"`
}

// Name is the line's name in the reader's language.
func (l ReportLine) Name(lang string) string { return inLanguage(lang, l.ZH, l.EN) }

// ReportStone is a milestone in an end report.
type ReportStone struct {
	Number   int        `json:"number"`
	ZH       string     `json:"zh"`
	EN       string     `json:"en,omitempty"`
	DueOn    time.Time  `json:"due_on"`
	DoneOn   *time.Time `json:"done_on,omitempty"`
	Pictures []Picture  `json:"pictures,omitempty"`
}

// Title is the milestone in the reader's language.
func (s ReportStone) Title(lang string) string { return inLanguage(lang, s.ZH, s.EN) }

// EndReport is a project's end report: all that it says and all its figures as of one entry. It survives a round trip
// through JSON. What people told is not in it: it is read from where they can take it back (ListTold).
type EndReport struct {
	ID             int           `json:"id"`
	Slug           string        `json:"slug"`
	Theme          Theme         `json:"theme"`
	Year           int           `json:"year"`
	TitleZH        string        `json:"title_zh"`
	TitleEN        string        `json:"title_en,omitempty"`
	PlaceZH        string        `json:"place_zh,omitempty"`
	PlaceEN        string        `json:"place_en,omitempty"`
	NeedZH         string        `json:"need_zh,omitempty"`
	NeedEN         string        `json:"need_en,omitempty"`
	PeopleZH       string        `json:"people_zh,omitempty"`
	PeopleEN       string        `json:"people_en,omitempty"`
	OwnZH          string        `json:"own_zh,omitempty"`
	OwnEN          string        `json:"own_en,omitempty"`
	OrganisationZH string        `json:"organisation_zh,omitempty"`
	OrganisationEN string        `json:"organisation_en,omitempty"`
	Restricted     bool          `json:"restricted"`
	FundCode       string        `json:"fund_code"`
	CouncilZH      string        `json:"council_zh"`
	CouncilEN      string        `json:"council_en,omitempty"`
	Motion         string        `json:"motion,omitempty"`       // its number, where it is kept here
	CouncilSlug    string        `json:"council_slug,omitempty"` // of the motion
	AgreedOn       time.Time     `json:"agreed_on"`
	VotesFor       int           `json:"votes_for"`
	VotesAgainst   int           `json:"votes_against"`
	StartedOn      time.Time     `json:"started_on"`
	EndedOn        time.Time     `json:"ended_on"`
	AsOf           int64         `json:"as_of"` // the last entry it counts
	Budget         money.Amount  `json:"budget"`
	Lines          []ReportLine  `json:"lines"` // the last one, where there is one, is of no line
	Sources        []Source      `json:"sources"`
	Received       money.Amount  `json:"received"` // over all sources, less what went back
	Spent          money.Amount  `json:"spent"`
	Left           money.Amount  `json:"left"` // received less spent: what there is to decide about
	Served         Sum           `json:"served"`
	Activities     []Activities  `json:"activities"`
	GoodsZH        []string      `json:"goods_zh,omitempty"`
	GoodsEN        []string      `json:"goods_en,omitempty"`
	Milestones     []ReportStone `json:"milestones,omitempty"`
	DoneZH         string        `json:"done_zh"`
	DoneEN         string        `json:"done_en,omitempty"`
	LearnedZH      string        `json:"learned_zh,omitempty"`
	LearnedEN      string        `json:"learned_en,omitempty"`
	AdoptedBy      string        `json:"adopted_by,omitempty"` // `user:…`; empty while it is drawn up
	AdoptedAt      *time.Time    `json:"adopted_at,omitempty"`
}

// Title is the project's title in the reader's language.
func (r EndReport) Title(lang string) string { return inLanguage(lang, r.TitleZH, r.TitleEN) }

// Done is what was done, in the reader's language.
func (r EndReport) Done(lang string) string { return inLanguage(lang, r.DoneZH, r.DoneEN) }

// Learned is what was learned, in the reader's language.
func (r EndReport) Learned(lang string) string { return inLanguage(lang, r.LearnedZH, r.LearnedEN) }

// WriteReport keeps the words of an end report until it is adopted. ErrAdopted.
func WriteReport(ctx context.Context, tx *sqlx.Tx, community, project int, w Words, who string, at time.Time) (err error) {
	defer wrap(&err, "project.WriteReport(%d, %d)", community, project)
	if err = hold(ctx, tx, community, project); err != nil {
		return err
	}
	had, err := WordsOf(ctx, tx, community, project)
	if err == nil && had.Adopted() {
		err = ErrAdopted
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO project.report (community_id, project_id, done_zh, done_en, learned_zh, learned_en, written_by, written_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (community_id, project_id) DO UPDATE SET done_zh = $3, done_en = $4, learned_zh = $5, learned_en = $6, written_by = $7, written_at = $8`,
		community, project, w.DoneZH, w.DoneEN, w.LearnedZH, w.LearnedEN, who, at)
	return err
}

// WordsOf reads what is written of an end report; nothing where nobody has begun.
func WordsOf(ctx context.Context, q sqlx.QueryerContext, community, project int) (w Words, err error) {
	defer wrap(&err, "project.WordsOf(%d, %d)", community, project)
	err = sqlx.GetContext(ctx, q, &w, `
		SELECT done_zh, done_en, learned_zh, learned_en, written_by, written_at, adopted_by, adopted_at, body FROM project.report WHERE community_id = $1 AND project_id = $2`,
		community, project)
	if errors.Is(err, sql.ErrNoRows) {
		return Words{}, nil
	}
	return w, err
}

// AdoptReport freezes an end report: its words and its figures as of the newest entry. ErrIncomplete without words,
// ErrNotDone before the project is done, ErrAdopted.
func AdoptReport(ctx context.Context, tx *sqlx.Tx, community, project int, who string, at time.Time) (r EndReport, err error) {
	defer wrap(&err, "project.AdoptReport(%d, %d)", community, project)
	if err = hold(ctx, tx, community, project); err != nil {
		return r, err
	}
	words, err := WordsOf(ctx, tx, community, project)
	switch {
	case err != nil:
		return r, err
	case words.Adopted():
		return r, ErrAdopted
	case words.DoneZH == "":
		return r, ErrIncomplete
	}
	if r, err = drawUp(ctx, tx, community, project, words); err != nil {
		return r, err
	}
	at = at.UTC().Truncate(time.Microsecond)
	r.AdoptedBy, r.AdoptedAt = who, &at
	body, err := json.Marshal(r)
	if err != nil {
		return r, err
	}
	digest := sha256.Sum256(body)
	_, err = tx.ExecContext(ctx, `UPDATE project.report SET as_of = $3, body = $4, hash = $5, adopted_by = $6, adopted_at = $7 WHERE community_id = $1 AND project_id = $2`,
		community, project, r.AsOf, string(body), digest[:], who, at)
	return r, err
}

// ReportOf reads a project's end report: as it was adopted, or, until then, as it would stand now.
func ReportOf(ctx context.Context, q sqlx.QueryerContext, community, project int) (r EndReport, err error) {
	defer wrap(&err, "project.ReportOf(%d, %d)", community, project)
	words, err := WordsOf(ctx, q, community, project)
	if err != nil {
		return r, err
	}
	if words.Adopted() {
		return r, json.Unmarshal([]byte(*words.Body), &r)
	}
	return drawUp(ctx, q, community, project, words)
}

// triesMax is how often a report is drawn up anew because an entry was posted meanwhile.
const triesMax = 5

// drawUp reads all figures of a project as of one entry.
func drawUp(ctx context.Context, q sqlx.QueryerContext, community, project int, w Words) (r EndReport, err error) {
	for range triesMax {
		before, err := ledger.Stand(ctx, q, community)
		if err != nil {
			return r, err
		}
		if r, err = figures(ctx, q, community, project, w, before.LastSeq); err != nil {
			return r, err
		}
		after, err := ledger.Stand(ctx, q, community)
		if err != nil || after.LastSeq == before.LastSeq {
			return r, err
		}
	}
	return r, ErrState
}

func figures(ctx context.Context, q sqlx.QueryerContext, community, project int, w Words, last int64) (r EndReport, err error) {
	p, err := ProjectAt(ctx, q, community, project)
	if err != nil {
		return r, err
	}
	r = EndReport{
		ID: p.ID, Slug: p.Slug, Theme: p.Theme, Year: p.Year, TitleZH: p.TitleZH, TitleEN: p.TitleEN, PlaceZH: p.PlaceZH, PlaceEN: p.PlaceEN, NeedZH: p.NeedZH, NeedEN: p.NeedEN,
		PeopleZH: p.PeopleZH, PeopleEN: p.PeopleEN, OwnZH: p.OwnZH, OwnEN: p.OwnEN, OrganisationZH: p.OrganisationZH, OrganisationEN: p.OrganisationEN, Restricted: p.Restricted,
		CouncilZH: p.CouncilZH, CouncilEN: p.CouncilEN, AgreedOn: orZero(p.AgreedOn), VotesFor: p.VotesFor, VotesAgainst: p.VotesAgainst,
		StartedOn: orZero(p.StartedOn), EndedOn: orZero(p.EndedOn), AsOf: last, Budget: p.Budget,
		DoneZH: w.DoneZH, DoneEN: w.DoneEN, LearnedZH: w.LearnedZH, LearnedEN: w.LearnedEN,
	}
	for _, fill := range []func(context.Context, sqlx.QueryerContext, int, Project) error{r.fillMoney, r.fillConsent, r.fillOutcomes} {
		if err = fill(ctx, q, community, p); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (r *EndReport) fillMoney(ctx context.Context, q sqlx.QueryerContext, community int, p Project) error {
	fund, err := ledger.FundAt(ctx, q, community, p.FundID)
	if err != nil {
		return err
	}
	r.FundCode = fund.Code
	lines, err := LinesOf(ctx, q, community, p)
	if err != nil {
		return err
	}
	for _, l := range lines.Lines {
		r.Lines = append(r.Lines, ReportLine{Line: l.Line, ZH: l.NameZH, EN: l.NameEN, Planned: l.Planned, Spent: l.Spent})
	}
	if !lines.Off.Spent.IsZero() {
		r.Lines = append(r.Lines, ReportLine{Spent: lines.Off.Spent})
	}
	r.Spent = lines.Total().Spent
	r.Sources, err = Sources(ctx, q, community, p, time.Time{}, time.Time{})
	r.Received = Received(r.Sources)
	r.Left = r.Received.Sub(r.Spent)
	return err
}

func (r *EndReport) fillConsent(ctx context.Context, q sqlx.QueryerContext, community int, p Project) error {
	m, err := MotionOf(ctx, q, community, p)
	if err == nil && m != nil {
		r.Motion, r.CouncilSlug = m.Serial, m.CouncilSlug
	}
	return err
}

func (r *EndReport) fillOutcomes(ctx context.Context, q sqlx.QueryerContext, community int, p Project) error {
	outcomes, err := ListOutcomes(ctx, q, community, p.ID)
	if err != nil {
		return err
	}
	r.Activities, r.Served = ByActivity(outcomes)
	for _, o := range outcomes {
		if o.Counts() && o.GoodsZH != "" {
			r.GoodsZH, r.GoodsEN = append(r.GoodsZH, o.GoodsZH), append(r.GoodsEN, o.Goods("en"))
		}
	}
	stones, err := Milestones(ctx, q, community, p.ID)
	for _, m := range stones {
		r.Milestones = append(r.Milestones, ReportStone{Number: m.Number, ZH: m.TitleZH, EN: m.TitleEN, DueOn: m.DueOn, DoneOn: m.DoneOn, Pictures: m.Pictures})
	}
	return err
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
