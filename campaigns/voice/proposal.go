package voice

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// ProposalState is where a proposal stands.
type ProposalState string

// A proposal is written, submitted, perhaps sent back and submitted again, and decided.
const (
	Draft     ProposalState = "draft"
	Submitted ProposalState = "submitted"
	Changes   ProposalState = "changes" // sent back to the resident with what to change
	Accepted  ProposalState = "accepted"
	Declined  ProposalState = "declined"
	Withdrawn ProposalState = "withdrawn" // by the resident; its personal data is gone
)

// Proposal is what a resident would like to raise money for.
type Proposal struct {
	ID         uuid.UUID     `db:"id"`
	Token      string        `db:"token"`
	State      ProposalState `db:"state"`
	Lang       string        `db:"lang"` // in which it is written, and the letters to its resident
	Theme      string        `db:"theme"`
	Title      string        `db:"title"`
	Purpose    string        `db:"purpose"`
	Story      string        `db:"story"` // Markdown
	Budget     Budget        `db:"budget"`
	StartsOn   *time.Time    `db:"starts_on"`
	EndsOn     *time.Time    `db:"ends_on"`
	CampaignID *int          `db:"campaign_id"` // once accepted
	CreatedAt  time.Time     `db:"created_at"`
	MovedAt    time.Time     `db:"moved_at"` // into its state
	Contact
}

// Contact is who the resident is and how to reach them; all empty once it is erased.
type Contact struct {
	Name  string `db:"name"`
	Phone string `db:"phone"`
	Email string `db:"email"`
}

// Line is one thing the money buys.
type Line struct {
	Name   string       `json:"name"`
	Amount money.Amount `json:"amount"`
}

// Budget is all the money buys.
type Budget []Line

// Total is what has to be raised.
func (b Budget) Total() (sum money.Amount) {
	for _, line := range b {
		sum = sum.Add(line.Amount)
	}
	return sum
}

// Scan reads jsonb.
func (b *Budget) Scan(src any) error {
	text, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("voice: a budget of type %T", src)
	}
	return json.Unmarshal(text, b)
}

// Value writes jsonb.
func (b Budget) Value() (driver.Value, error) {
	if b == nil {
		return "[]", nil
	}
	text, err := json.Marshal(b)
	return string(text), err
}

// Mine tells whether the resident may change the proposal.
func (p Proposal) Mine() bool { return p.State == Draft || p.State == Changes }

// Part is one of the steps in which a proposal is filled in.
type Part string

// The parts, in their order. Pictures may be left out.
const (
	What  Part = "what"
	Money Part = "money"
	Photo Part = "photos"
	Dates Part = "dates"
	You   Part = "you"
)

// Parts lists the steps in their order.
var Parts = []Part{What, Money, Photo, Dates, You}

// Has tells whether a part is filled in.
func (p Proposal) Has(part Part) bool {
	switch part {
	case What:
		return p.Title != "" && p.Story != ""
	case Money:
		return len(p.Budget) > 0
	case Dates:
		return p.StartsOn != nil && p.EndsOn != nil
	case You:
		return p.Name != "" && (p.Phone != "" || p.Email != "")
	}
	return true
}

// Lacks lists the parts without which a proposal cannot be submitted.
func (p Proposal) Lacks() (parts []Part) {
	for _, part := range Parts {
		if !p.Has(part) {
			parts = append(parts, part)
		}
	}
	return parts
}

// StartProposal begins an empty proposal under a new token.
func StartProposal(ctx context.Context, tx *sqlx.Tx, community int, lang string, at time.Time) (p Proposal, err error) {
	defer wrap(&err, "voice.StartProposal(%d)", community)
	if p.ID, err = uuid.NewV7(); err != nil {
		return p, err
	}
	p.Token, p.State, p.Lang, p.CreatedAt, p.MovedAt = newToken(), Draft, lang, at, at
	_, err = tx.ExecContext(ctx, `INSERT INTO voice.proposal (community_id, id, token, lang, created_at, moved_at) VALUES ($1, $2, $3, $4, $5, $5)`,
		community, p.ID, p.Token, lang, at)
	if err != nil {
		return p, err
	}
	_, err = note(ctx, tx, community, p.ID, Draft, Campaigner, "", at)
	return p, err
}

// SaveProposal keeps what the resident wrote: all but who they are. ErrNotYours.
func SaveProposal(ctx context.Context, tx *sqlx.Tx, community int, p Proposal) (err error) {
	defer wrap(&err, "voice.SaveProposal(%d, %s)", community, p.ID)
	result, err := tx.ExecContext(ctx, `
		UPDATE voice.proposal SET theme = $3, title = $4, purpose = $5, story = $6, budget = $7, starts_on = $8, ends_on = $9
		 WHERE community_id = $1 AND id = $2 AND state IN ('draft', 'changes')`,
		community, p.ID, p.Theme, p.Title, p.Purpose, p.Story, p.Budget, p.StartsOn, p.EndsOn)
	return moved(result, err, ErrNotYours)
}

// SaveContact keeps who the resident is. ErrNotYours.
func SaveContact(ctx context.Context, tx *sqlx.Tx, community int, proposal uuid.UUID, c Contact) (err error) {
	defer wrap(&err, "voice.SaveContact(%d, %s)", community, proposal)
	if err = mine(ctx, tx, community, proposal); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO voice.contact (community_id, proposal_id, name, phone, email) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (community_id, proposal_id) DO UPDATE SET name = $3, phone = $4, email = $5`,
		community, proposal, c.Name, c.Phone, c.Email)
	return err
}

// mine holds a proposal that is its resident's until the transaction ends. ErrNotYours.
func mine(ctx context.Context, tx *sqlx.Tx, community int, proposal uuid.UUID) error {
	var state ProposalState
	err := tx.GetContext(ctx, &state, `SELECT state FROM voice.proposal WHERE community_id = $1 AND id = $2 FOR NO KEY UPDATE`, community, proposal)
	if err == nil && !(Proposal{State: state}).Mine() {
		err = ErrNotYours
	}
	return err
}

const selectProposal = `
	SELECT p.id, p.token, p.state, p.lang, p.theme, p.title, p.purpose, p.story, p.budget, p.starts_on, p.ends_on, p.campaign_id, p.created_at,
	       p.moved_at, coalesce(c.name, '') AS name, coalesce(c.phone, '') AS phone, coalesce(c.email, '') AS email
	  FROM voice.proposal p LEFT JOIN voice.contact c ON c.community_id = p.community_id AND c.proposal_id = p.id
	 WHERE p.community_id = $1`

// FindProposal reads a proposal by its token; ErrNotFound.
func FindProposal(ctx context.Context, q sqlx.QueryerContext, community int, token string) (p Proposal, err error) {
	defer wrap(&err, "voice.FindProposal(%d)", community) // the token is a key: it goes into no log
	err = sqlx.GetContext(ctx, q, &p, selectProposal+` AND p.token = $2`, community, token)
	return p, err
}

// ProposalAt reads a proposal by its id; ErrNotFound.
func ProposalAt(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (p Proposal, err error) {
	defer wrap(&err, "voice.ProposalAt(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &p, selectProposal+` AND p.id = $2`, community, id)
	return p, err
}

// ProposalOf reads the proposal from which a campaign came; nil where the staff began it.
func ProposalOf(ctx context.Context, q sqlx.QueryerContext, community, campaign int) (p *Proposal, err error) {
	defer wrap(&err, "voice.ProposalOf(%d, %d)", community, campaign)
	var found []Proposal
	err = sqlx.SelectContext(ctx, q, &found, selectProposal+` AND p.campaign_id = $2`, community, campaign)
	if len(found) == 0 {
		return nil, err
	}
	return &found[0], err
}

const proposalsMax = 200

// ListProposals reads what residents submitted, those that wait for the staff first and the oldest of them first.
func ListProposals(ctx context.Context, q sqlx.QueryerContext, community int) (list []Proposal, err error) {
	defer wrap(&err, "voice.ListProposals(%d)", community)
	err = sqlx.SelectContext(ctx, q, &list, selectProposal+` AND p.state NOT IN ('draft', 'withdrawn')
		ORDER BY p.state = 'submitted' DESC, CASE WHEN p.state = 'submitted' THEN p.moved_at END, p.moved_at DESC LIMIT $2`, community, proposalsMax)
	return list, err
}
