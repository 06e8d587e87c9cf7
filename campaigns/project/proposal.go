package project

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Proposal is a project with the key that its resident has, and who they are.
type Proposal struct {
	Project
	Token     string    `db:"token"`
	Lang      string    `db:"lang"` // in which it is written
	CreatedAt time.Time `db:"created_at"`
	Contact
}

// Contact is who the resident is and how to reach them; all empty once it is erased.
type Contact struct {
	Name  string `db:"name"`
	Phone string `db:"phone"`
	Email string `db:"email"`
}

// Mine tells whether the resident may change the proposal.
func (p Proposal) Mine() bool { return p.State == Draft || p.State == Returned }

// Part is one of the steps in which a proposal is filled in.
type Part string

// The parts, in their order.
const (
	Need  Part = "need"  // what is missing, and where
	Who   Part = "who"   // whom it serves, and what they bring themselves
	Money Part = "money" // what it costs
	You   Part = "you"
)

// Parts lists the steps in their order.
var Parts = []Part{Need, Who, Money, You}

// Has tells whether a part is filled in.
func (p Proposal) Has(part Part) bool {
	switch part {
	case Need:
		return p.TitleZH != "" && p.NeedZH != "" && p.PlaceZH != ""
	case Who:
		return p.PeopleZH != ""
	case Money:
		return len(p.Lines) > 0
	}
	return p.Name != "" && (p.Phone != "" || p.Email != "")
}

// Lacks lists the parts without which a proposal cannot be handed in.
func (p Proposal) Lacks() (parts []Part) {
	for _, part := range Parts {
		if !p.Has(part) {
			parts = append(parts, part)
		}
	}
	return parts
}

// Start begins a proposal under a new token, with what there is of it.
func Start(ctx context.Context, tx *sqlx.Tx, c ledger.Community, p Project, lang string, at time.Time) (_ Proposal, err error) {
	defer wrap(&err, "project.Start(%d)", c.ID)
	p.Slug, p.FundID, p.Year = "", 0, c.Day(at).Year()
	made, err := insert(ctx, tx, c.ID, p)
	if err != nil {
		return Proposal{}, err
	}
	begun := Proposal{Project: made, Token: newToken(), Lang: lang, CreatedAt: at}
	_, err = tx.ExecContext(ctx, `INSERT INTO project.proposal (community_id, project_id, token, lang, created_at) VALUES ($1, $2, $3, $4, $5)`,
		c.ID, made.ID, begun.Token, lang, at)
	return begun, err
}

// newToken is 130 random bits in base32.
func newToken() string {
	return strings.ToLower(rand.Text())
}

// Save keeps what the resident wrote: all but who they are. ErrNotYours.
func Save(ctx context.Context, tx *sqlx.Tx, community int, p Project) (err error) {
	defer wrap(&err, "project.Save(%d, %d)", community, p.ID)
	if err = mine(ctx, tx, community, p.ID); err != nil {
		return err
	}
	if err = describe(ctx, tx, community, p); err != nil {
		return err
	}
	return setLines(ctx, tx, community, p)
}

// describe writes a project's words.
func describe(ctx context.Context, tx *sqlx.Tx, community int, p Project) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE project.project SET theme = $3, title_zh = $4, title_en = $5, place_zh = $6, place_en = $7, need_zh = $8, need_en = $9,
		       people_zh = $10, people_en = $11, own_zh = $12, own_en = $13, organisation_zh = $14, organisation_en = $15
		 WHERE community_id = $1 AND id = $2`,
		community, p.ID, p.Theme, p.TitleZH, p.TitleEN, p.PlaceZH, p.PlaceEN, p.NeedZH, p.NeedEN, p.PeopleZH, p.PeopleEN, p.OwnZH, p.OwnEN, p.OrganisationZH, p.OrganisationEN)
	return err
}

// SaveContact keeps who the resident is. ErrNotYours.
func SaveContact(ctx context.Context, tx *sqlx.Tx, community, project int, c Contact) (err error) {
	defer wrap(&err, "project.SaveContact(%d, %d)", community, project)
	if err = mine(ctx, tx, community, project); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO project.contact (community_id, project_id, name, phone, email) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (community_id, project_id) DO UPDATE SET name = $3, phone = $4, email = $5`, community, project, c.Name, c.Phone, c.Email)
	return err
}

// mine holds a proposal that is its resident's until the transaction ends. ErrNotYours.
func mine(ctx context.Context, tx *sqlx.Tx, community, project int) error {
	var state State
	err := tx.GetContext(ctx, &state, `SELECT state FROM project.project WHERE community_id = $1 AND id = $2 FOR NO KEY UPDATE`, community, project)
	if err == nil && state != Draft && state != Returned {
		err = ErrNotYours
	}
	return err
}

// Submit hands a proposal to the staff. ErrState; ErrIncomplete: see Proposal.Lacks.
func Submit(ctx context.Context, tx *sqlx.Tx, community int, token string, at time.Time) (err error) {
	defer wrap(&err, "project.Submit(%d)", community)
	p, err := FindProposal(ctx, tx, community, token)
	switch {
	case err != nil:
		return err
	case len(p.Lacks()) > 0:
		return ErrIncomplete
	}
	return move(ctx, tx, community, p.ID, Step{State: Proposed, By: Resident, At: at})
}

// Withdraw takes a proposal back, and forgets who the resident is and what they
// wrote, unless a council was asked already. ErrState once it is decided.
func Withdraw(ctx context.Context, tx *sqlx.Tx, community int, token string, at time.Time) (err error) {
	defer wrap(&err, "project.Withdraw(%d)", community)
	p, err := FindProposal(ctx, tx, community, token)
	switch {
	case err != nil:
		return err
	case p.State != Draft && p.State != Returned && p.State != Proposed:
		return ErrState
	}
	if err = move(ctx, tx, community, p.ID, Step{State: Withdrawn, By: Resident, At: at}); err != nil {
		return err
	}
	return forget(ctx, tx, community, p.ID)
}

// forget erases everything a resident gave but that there was a proposal.
func forget(ctx context.Context, tx *sqlx.Tx, community, project int) error {
	for _, query := range []string{
		`DELETE FROM project.contact WHERE community_id = $1 AND project_id = $2`,
		`DELETE FROM project.budget_line WHERE community_id = $1 AND project_id = $2`,
		`UPDATE project.step SET why = '' WHERE community_id = $1 AND project_id = $2 AND why <> '' AND state <> 'declined'`,
		`UPDATE project.project SET title_zh = '', title_en = '', place_zh = '', place_en = '', need_zh = '', need_en = '', people_zh = '', people_en = '',
		        own_zh = '', own_en = '' WHERE community_id = $1 AND id = $2`,
	} {
		if _, err := tx.ExecContext(ctx, query, community, project); err != nil {
			return err
		}
	}
	return nil
}

// Opening is what the staff gives a proposal that it lets through: its address,
// who runs it, and its fund.
type Opening struct {
	Slug           string
	FundID         int  // one that is there, as a campaign's; 0 for one of its own
	Restricted     bool // its own: gifts for this purpose alone may come in
	OrganisationZH string
	OrganisationEN string
}

// Check lets a proposal through to the councils: the staff has looked at it, and
// it gets its address and its fund. ErrExists, ErrState.
func Check(ctx context.Context, tx *sqlx.Tx, community, project int, o Opening, why, who string, at time.Time) (p Project, err error) {
	defer wrap(&err, "project.Check(%d, %d)", community, project)
	if p, err = ProjectAt(ctx, tx, community, project); err != nil {
		return p, err
	}
	if p.State != Proposed {
		return p, ErrState
	}
	p.Slug, p.FundID, p.Restricted, p.OrganisationZH, p.OrganisationEN = o.Slug, o.FundID, o.Restricted, o.OrganisationZH, o.OrganisationEN
	if err = p.takeFund(ctx, tx, community); err != nil {
		return p, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE project.project SET slug = $3, fund_id = $4, organisation_zh = $5, organisation_en = $6 WHERE community_id = $1 AND id = $2`,
		community, p.ID, p.Slug, p.FundID, p.OrganisationZH, p.OrganisationEN)
	if err != nil {
		return p, err
	}
	if err = move(ctx, tx, community, p.ID, Step{State: Checked, By: who, Why: why, At: at}); err != nil {
		return p, err
	}
	p.State = Checked
	return p, nil
}

// Describe mends a project's words: what was voted on and its budget stay.
func Describe(ctx context.Context, tx *sqlx.Tx, community int, p Project) (err error) {
	defer wrap(&err, "project.Describe(%d, %d)", community, p.ID)
	return describe(ctx, tx, community, p)
}

const selectProposal = `
	SELECT k.project_id AS id, k.token, k.lang, k.created_at, coalesce(c.name, '') AS name, coalesce(c.phone, '') AS phone, coalesce(c.email, '') AS email
	  FROM project.proposal k LEFT JOIN project.contact c ON c.community_id = k.community_id AND c.project_id = k.project_id
	 WHERE k.community_id = $1`

// FindProposal reads a proposal by its token; ErrNotFound.
func FindProposal(ctx context.Context, q sqlx.QueryerContext, community int, token string) (p Proposal, err error) {
	defer wrap(&err, "project.FindProposal(%d)", community) // the token is a key: it goes into no log
	if err = sqlx.GetContext(ctx, q, &p, selectProposal+` AND k.token = $2`, community, token); err != nil {
		return p, err
	}
	p.Project, err = ProjectAt(ctx, q, community, p.ID)
	return p, err
}

// ProposalOf reads a project with the key of its resident and who they are; both empty where the staff wrote it down.
func ProposalOf(ctx context.Context, q sqlx.QueryerContext, community, project int) (p Proposal, err error) {
	defer wrap(&err, "project.ProposalOf(%d, %d)", community, project)
	if err = sqlx.GetContext(ctx, q, &p, selectProposal+` AND k.project_id = $2`, community, project); err != nil && !errors.Is(Explain(err), ErrNotFound) {
		return p, err
	}
	p.Project, err = ProjectAt(ctx, q, community, project)
	return p, err
}

// RenewToken gives a proposal another address: the old one opens nothing any more. ErrNotFound.
func RenewToken(ctx context.Context, tx *sqlx.Tx, community, project int) (token string, err error) {
	defer wrap(&err, "project.RenewToken(%d, %d)", community, project)
	token = newToken()
	result, err := tx.ExecContext(ctx, `UPDATE project.proposal SET token = $3 WHERE community_id = $1 AND project_id = $2`, community, project, token)
	return token, touched(result, err, ErrNotFound)
}

// EraseContact forgets who a resident is (PIPL Art. 47), and of a proposal that was declined what they wrote too. ErrState
// while the staff still decides.
func EraseContact(ctx context.Context, tx *sqlx.Tx, community, project int) (err error) {
	defer wrap(&err, "project.EraseContact(%d, %d)", community, project)
	p, err := ProjectAt(ctx, tx, community, project)
	switch {
	case err != nil:
		return err
	case p.State == Declined && p.FundID == 0:
		return forget(ctx, tx, community, project)
	case p.State == Draft || p.State == Returned || p.State == Proposed:
		return ErrState
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM project.contact WHERE community_id = $1 AND project_id = $2`, community, project)
	return err
}

// ForgetAddress erases who proposed something with a mail address; what they proposed stays.
func ForgetAddress(ctx context.Context, tx *sqlx.Tx, community int, email string) (err error) {
	defer wrap(&err, "project.ForgetAddress(%d)", community)
	_, err = tx.ExecContext(ctx, `DELETE FROM project.contact WHERE community_id = $1 AND lower(email) = lower($2) AND email <> ''`, community, email)
	return err
}

// sweepMax is how many drafts one Sweep withdraws.
const sweepMax = 100

// Sweep withdraws drafts that nobody handed in since a moment, and so forgets what strangers left behind.
func Sweep(ctx context.Context, tx *sqlx.Tx, community int, before, at time.Time) (err error) {
	defer wrap(&err, "project.Sweep(%d)", community)
	var idle []string
	err = tx.SelectContext(ctx, &idle, `
		SELECT k.token FROM project.proposal k JOIN project.project p ON p.community_id = k.community_id AND p.id = k.project_id
		 WHERE k.community_id = $1 AND p.state = 'draft' AND k.created_at < $2 ORDER BY k.created_at LIMIT $3 FOR UPDATE OF k SKIP LOCKED`, community, before, sweepMax)
	for _, token := range idle {
		if err == nil {
			err = Withdraw(ctx, tx, community, token, at)
		}
	}
	return err
}
