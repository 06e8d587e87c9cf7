package voice

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/outbox"
)

// Step is one move of a proposal: into which state, by whom, when and why.
type Step struct {
	N     int           `db:"n"`
	State ProposalState `db:"state"`
	By    string        `db:"by_whom"` // Campaigner, or "user:…"
	Why   string        `db:"why"`
	At    time.Time     `db:"at"`
}

// Steps reads a proposal's moves, the first first.
func Steps(ctx context.Context, q sqlx.QueryerContext, community int, proposal uuid.UUID) (steps []Step, err error) {
	defer wrap(&err, "voice.Steps(%d, %s)", community, proposal)
	err = sqlx.SelectContext(ctx, q, &steps, `
		SELECT n, state, by_whom, why, at FROM voice.step WHERE community_id = $1 AND proposal_id = $2 ORDER BY n`, community, proposal)
	return steps, err
}

// Submit hands a proposal to the staff. ErrNotYours; ErrIncomplete: see Proposal.Lacks.
func Submit(ctx context.Context, tx *sqlx.Tx, community int, token string, at time.Time) (err error) {
	defer wrap(&err, "voice.Submit(%d)", community)
	p, err := FindProposal(ctx, tx, community, token)
	switch {
	case err != nil:
		return err
	case !p.Mine():
		return ErrNotYours
	case len(p.Lacks()) > 0:
		return ErrIncomplete
	}
	return move(ctx, tx, community, p.ID, Submitted, Campaigner, "", at, Draft, Changes)
}

// Withdraw takes a proposal back, and forgets who the resident is, what they wrote, and their pictures.
// ErrState once it is decided.
func Withdraw(ctx context.Context, tx *sqlx.Tx, community int, token string, at time.Time) (err error) {
	defer wrap(&err, "voice.Withdraw(%d)", community)
	p, err := FindProposal(ctx, tx, community, token)
	if err != nil {
		return err
	}
	if err = move(ctx, tx, community, p.ID, Withdrawn, Campaigner, "", at, Draft, Changes, Submitted); err != nil {
		return err
	}
	return forget(ctx, tx, community, p)
}

// AskForChanges sends a submitted proposal back to its resident with what to change. ErrNoReason, ErrState.
func AskForChanges(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, who, why string, at time.Time) (err error) {
	defer wrap(&err, "voice.AskForChanges(%d, %s)", community, id)
	if why == "" {
		return ErrNoReason
	}
	return move(ctx, tx, community, id, Changes, who, why, at, Submitted)
}

// Decline ends a submitted proposal, with the reason. ErrNoReason, ErrState.
func Decline(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, who, why string, at time.Time) (err error) {
	defer wrap(&err, "voice.Decline(%d, %s)", community, id)
	if why == "" {
		return ErrNoReason
	}
	return move(ctx, tx, community, id, Declined, who, why, at, Submitted)
}

// Accept makes a submitted proposal the draft of a campaign: its first picture the campaign's, the others the gallery.
// Nobody sees it before campaigns.Publish. The resident's telephone does not become the campaign's: the staff fill in who
// answers in public. ErrState; campaigns.ErrExists if the slug is taken.
func Accept(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, slug, who, why string, at time.Time) (c campaigns.Campaign, err error) {
	defer wrap(&err, "voice.Accept(%d, %s)", community, id)
	var state ProposalState // held, so that two of the staff do not accept it twice
	if err = tx.GetContext(ctx, &state, `SELECT state FROM voice.proposal WHERE community_id = $1 AND id = $2 FOR NO KEY UPDATE`, community, id); err != nil {
		return c, err
	}
	if state != Submitted {
		return c, ErrState
	}
	p, err := ProposalAt(ctx, tx, community, id)
	if err != nil {
		return c, err
	}
	photos, err := Photos(ctx, tx, community, OfProposal(id))
	if err != nil {
		return c, err
	}
	c = p.Campaign(photos)
	c.Slug, c.CreatedBy = slug, who
	if c, err = campaigns.DraftCampaign(ctx, tx, community, c); err != nil {
		return c, err
	}
	_, err = tx.ExecContext(ctx, `
		WITH shown AS (DELETE FROM voice.photo WHERE community_id = $1 AND picture_id = $4)
		UPDATE voice.photo SET campaign_id = $3, proposal_id = NULL WHERE community_id = $1 AND proposal_id = $2 AND picture_id IS DISTINCT FROM $4`,
		community, id, c.ID, c.PictureID)
	if err != nil {
		return c, err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE voice.proposal SET campaign_id = $3, state = 'accepted' WHERE community_id = $1 AND id = $2`, community, id, c.ID); err != nil {
		return c, err
	}
	return c, move(ctx, tx, community, id, Accepted, who, why, at, Accepted)
}

// Campaign is the campaign that a proposal would become.
func (p Proposal) Campaign(photos []Photograph) campaigns.Campaign {
	c := campaigns.Campaign{
		Slug: "draft", State: campaigns.Draft, Kind: campaigns.Flexible, Target: campaigns.OwnTarget, Theme: p.Theme, TitleZH: p.Title, PurposeZH: p.Purpose, StoryZH: p.Story,
		Scene: "tree", Goal: p.Budget.Total(), Basis: campaigns.PublicBasis, Suggested: suggested,
	}
	if p.Lang == "en" {
		c.TitleEN, c.PurposeEN, c.StoryEN = p.Title, p.Purpose, p.Story
	}
	if p.StartsOn != nil && p.EndsOn != nil {
		c.StartsOn, c.EndsOn = *p.StartsOn, *p.EndsOn
	}
	for i, line := range p.Budget {
		made := campaigns.BudgetLine{Line: i + 1, NameZH: line.Name, Amount: line.Amount}
		if p.Lang == "en" {
			made.NameEN = line.Name
		}
		c.Budget = append(c.Budget, made)
	}
	if len(photos) > 0 {
		c.PictureID = &photos[0].ID
	}
	return c
}

// RenewToken gives a proposal another address, for a resident who lost theirs or told it to somebody: the old one opens
// nothing any more, and the new one goes out by letter. ErrNotFound.
func RenewToken(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (token string, err error) {
	defer wrap(&err, "voice.RenewToken(%d, %s)", community, id)
	token = newToken()
	result, err := tx.ExecContext(ctx, `UPDATE voice.proposal SET token = $3 WHERE community_id = $1 AND id = $2`, community, id, token)
	if err = moved(result, err, ErrNotFound); err != nil {
		return "", err
	}
	return token, tellLater(ctx, tx, community, id, 0)
}

// EraseContact forgets who a resident is (PIPL Art. 47). Of a proposal that was declined, what they wrote goes too; a
// campaign that was made of it stays.
func EraseContact(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) (err error) {
	defer wrap(&err, "voice.EraseContact(%d, %s)", community, id)
	p, err := ProposalAt(ctx, tx, community, id)
	switch {
	case err != nil:
		return err
	case p.State == Declined || p.State == Withdrawn:
		return forget(ctx, tx, community, p)
	case p.State != Accepted:
		return ErrState
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM voice.contact WHERE community_id = $1 AND proposal_id = $2`, community, id)
	return err
}

// forget erases everything a resident gave but the state of their proposal.
func forget(ctx context.Context, tx *sqlx.Tx, community int, p Proposal) error {
	photos, err := Photos(ctx, tx, community, OfProposal(p.ID))
	if err != nil {
		return err
	}
	for _, photo := range photos {
		if err := drop(ctx, tx, community, OfProposal(p.ID), photo.ID); err != nil {
			return err
		}
	}
	if _, err = tx.ExecContext(ctx, `DELETE FROM voice.contact WHERE community_id = $1 AND proposal_id = $2`, community, p.ID); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE voice.step SET why = '' WHERE community_id = $1 AND proposal_id = $2`, community, p.ID); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE voice.proposal SET title = '', purpose = '', story = '', budget = '[]', starts_on = NULL, ends_on = NULL
		 WHERE community_id = $1 AND id = $2`, community, p.ID)
	return err
}

// move changes a proposal's state, notes who did it, when and why, and leaves a letter to the resident in the outbox.
func move(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, to ProposalState, who, why string, at time.Time, from ...ProposalState) error {
	result, err := tx.ExecContext(ctx, `UPDATE voice.proposal SET state = $3, moved_at = $4 WHERE community_id = $1 AND id = $2 AND state = ANY ($5)`,
		community, id, to, at, pq.Array(from))
	if err = moved(result, err, ErrState); err != nil {
		return err
	}
	n, err := note(ctx, tx, community, id, to, who, why, at)
	if err != nil || to == Withdrawn {
		return err
	}
	return tellLater(ctx, tx, community, id, n)
}

// tellLater leaves a letter to the resident about a move in the outbox.
func tellLater(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, step int) error {
	m, err := outbox.New(proposalMoved, aboutProposal{id, step})
	if err != nil {
		return err
	}
	return outbox.Enqueue(ctx, tx, community, m)
}

// note writes a move down and returns its number.
func note(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, state ProposalState, who, why string, at time.Time) (n int, err error) {
	err = tx.GetContext(ctx, &n, `
		INSERT INTO voice.step (community_id, proposal_id, n, state, by_whom, why, at)
		SELECT $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6 FROM voice.step WHERE community_id = $1 AND proposal_id = $2 RETURNING n`,
		community, id, state, who, why, at)
	return n, err
}
