package voice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/ledger"
)

// The kinds of messages that this package leaves in the outbox.
const (
	proposalMoved    = "proposal_moved"
	postPublished    = "post_published"
	questionAnswered = "question_answered"
)

// The payloads: ids alone.
type (
	aboutProposal struct {
		Proposal uuid.UUID `json:"proposal"`
		Step     int       `json:"step"` // 0: of its new address
	}
	aboutPost struct {
		Post  int `json:"post"`
		Batch int `json:"batch"`
	}
	aboutQuestion struct {
		Question uuid.UUID `json:"question"`
	}
)

// Letter is what somebody is to be told by mail; exactly one of Proposal, Post and Question is set.
type Letter struct {
	Community ledger.Community
	Campaign  campaigns.Campaign   // but of a proposal that is not accepted, and of a question about an entry
	Entry     *ledger.JournalEntry // that a question is about
	Name      string               // may be empty
	Email     string
	Lang      string
	Key       uuid.UUID // the same when the letter is tried again

	Proposal *Proposal
	Step     Step // the proposal's move; zero of its new address
	Post     *Post
	Token    string // ends the letters about the post's campaign
	Question *Question
}

// Following is what the handlers of the outbox need.
type Following struct {
	DB *sqlx.DB
	// Send sends a letter; nil where no mailer is configured.
	Send func(ctx context.Context, letter Letter) error
}

// Handlers is the work that this package leaves in the outbox, by kind.
func Handlers(f Following) map[string]outbox.Handler {
	return map[string]outbox.Handler{proposalMoved: f.tellResident, postPublished: f.tellGivers, questionAnswered: f.tellAsker}
}

// tellResident writes to a resident how their proposal stands.
func (f Following) tellResident(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "voice: %s", proposalMoved)
	var about aboutProposal
	if err := m.Read(&about); err != nil || f.Send == nil {
		return err
	}
	p, err := ProposalAt(ctx, f.DB, m.CommunityID, about.Proposal)
	if err != nil || p.Email == "" {
		return err
	}
	letter := Letter{Name: p.Name, Email: p.Email, Lang: p.Lang, Key: m.ID, Proposal: &p}
	if letter.Community, err = ledger.CommunityAt(ctx, f.DB, m.CommunityID); err != nil {
		return err
	}
	if about.Step == 0 {
		return f.Send(ctx, letter)
	}
	err = f.DB.GetContext(ctx, &letter.Step, `SELECT n, state, by_whom, why, at FROM voice.step WHERE community_id = $1 AND proposal_id = $2 AND n = $3`,
		m.CommunityID, p.ID, about.Step)
	if err != nil {
		return err
	}
	return f.Send(ctx, letter)
}

// tellAsker sends the answer to who asked, and forgets the address.
func (f Following) tellAsker(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "voice: %s", questionAnswered)
	var about aboutQuestion
	if err := m.Read(&about); err != nil || f.Send == nil {
		return err
	}
	var q Question
	if err = f.DB.GetContext(ctx, &q, selectQuestion+` AND q.id = $2`, m.CommunityID, about.Question); err != nil || q.Email == "" || q.State != Answered {
		return err
	}
	letter := Letter{Name: q.Name, Email: q.Email, Lang: q.Lang, Key: m.ID, Question: &q}
	if q.EntrySeq != 0 {
		err = f.entry(ctx, m.CommunityID, q.EntrySeq, &letter)
	} else {
		err = f.address(ctx, m.CommunityID, q.CampaignID, &letter)
	}
	if err != nil {
		return err
	}
	if err = f.Send(ctx, letter); err != nil {
		return err
	}
	_, err = f.DB.ExecContext(ctx, `UPDATE voice.asker SET email = '' WHERE community_id = $1 AND question_id = $2`, m.CommunityID, q.ID)
	return err
}

// errUnderWay: another worker has claimed a letter of this batch and not said yet what became of it.
var errUnderWay = errors.New("voice: a letter of the batch is under way elsewhere")

// claimFor is how long a letter that was claimed is left alone; longer than a handler may take.
const claimFor = 10 * time.Minute

// tellGivers sends one batch of a post's letters. A letter is claimed before it is sent, so that two workers never send
// it twice; one that failed is given back for the next try, and does not hold up the others.
func (f Following) tellGivers(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "voice: %s", postPublished)
	var about aboutPost
	if err := m.Read(&about); err != nil || f.Send == nil {
		return err
	}
	p, err := PostAt(ctx, f.DB, m.CommunityID, about.Post)
	if err != nil {
		return err
	}
	letter := Letter{Post: &p}
	if err = f.address(ctx, m.CommunityID, p.CampaignID, &letter); err != nil {
		return err
	}
	var claimed []uuid.UUID
	err = f.DB.SelectContext(ctx, &claimed, `
		UPDATE voice.letter SET claimed_at = now()
		 WHERE community_id = $1 AND post_id = $2 AND batch = $3 AND done_at IS NULL AND (claimed_at IS NULL OR claimed_at < now() - $4 * interval '1 second')
		RETURNING donation_id`, m.CommunityID, p.ID, about.Batch, claimFor.Seconds())
	if err != nil {
		return err
	}
	var failed []error
	for _, donation := range claimed {
		failed = append(failed, f.tellGiver(ctx, m.CommunityID, donation, letter))
	}
	if err = errors.Join(failed...); err != nil {
		return err
	}
	var open int
	err = f.DB.GetContext(ctx, &open, `
		SELECT count(*) FROM voice.letter WHERE community_id = $1 AND post_id = $2 AND batch = $3 AND done_at IS NULL`, m.CommunityID, p.ID, about.Batch)
	if err == nil && open > 0 {
		err = errUnderWay
	}
	return err
}

// tellGiver sends one claimed letter, unless its giver has left since or the post was taken back.
func (f Following) tellGiver(ctx context.Context, community int, donation uuid.UUID, letter Letter) error {
	var to []struct {
		Name, Email, Lang, Token string
	}
	err := f.DB.SelectContext(ctx, &to, `SELECT n.name, n.email, n.lang, f.token`+following+` AND f.donation_id = $2`, community, donation)
	send := err == nil && len(to) > 0 && letter.Post.State == PostPublished
	if send {
		letter.Name, letter.Email, letter.Lang, letter.Token = to[0].Name, to[0].Email, to[0].Lang, to[0].Token
		letter.Key = uuid.NewSHA1(donation, fmt.Append(nil, postPublished, " ", letter.Post.ID))
		err = f.Send(ctx, letter)
	}
	if errors.Is(err, outbox.ErrHopeless) { // an address that is none is no reason to give up its neighbours
		send, err = false, nil
	}
	_, noted := f.DB.ExecContext(context.WithoutCancel(ctx), `
		UPDATE voice.letter SET done_at = CASE WHEN $4 THEN now() END, claimed_at = CASE WHEN $4 THEN claimed_at END, sent = $4 AND $5
		 WHERE community_id = $1 AND post_id = $2 AND donation_id = $3`, community, letter.Post.ID, donation, err == nil, send)
	return errors.Join(err, noted)
}

// address fills in what a letter about a campaign is about.
func (f Following) address(ctx context.Context, community, campaign int, letter *Letter) (err error) {
	if letter.Community, err = ledger.CommunityAt(ctx, f.DB, community); err != nil {
		return err
	}
	letter.Campaign, err = campaigns.CampaignAt(ctx, f.DB, community, campaign)
	return err
}

// entry fills in what a letter about an entry is about.
func (f Following) entry(ctx context.Context, community int, seq int64, letter *Letter) (err error) {
	if letter.Community, err = ledger.CommunityAt(ctx, f.DB, community); err != nil {
		return err
	}
	of, err := ledger.EntryAt(ctx, f.DB, community, seq)
	letter.Entry = &of
	return err
}
