package giver

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/ledger"
	"fund/ledger/money"
)

// RuleKind says when a campaign's givers may ask for their money back.
type RuleKind string

// The kinds. A gift that is held until an all-or-nothing campaign meets its goal
// may always be asked back, whatever the rule.
const (
	NoRefund RuleKind = "none"
	InDays   RuleKind = "days"    // some days after giving
	Unspent  RuleKind = "unspent" // whatever of it is not spent yet
)

// Rule is a campaign's rule for refunds.
type Rule struct {
	Kind RuleKind `db:"kind"`
	Days int      `db:"days"` // of InDays
}

// DefaultRule is of campaigns without a rule of their own: a slip of the finger
// is noticed within a week.
var DefaultRule = Rule{InDays, 7}

// RuleOf reads a campaign's rule.
func RuleOf(ctx context.Context, q sqlx.QueryerContext, community, campaign int) (r Rule, err error) {
	defer wrap(&err, "giver.RuleOf(%d, %d)", community, campaign)
	var found []Rule
	err = sqlx.SelectContext(ctx, q, &found, `SELECT kind, days FROM giver.refund_rule WHERE community_id = $1 AND campaign_id = $2`, community, campaign)
	if len(found) == 0 {
		return DefaultRule, err
	}
	return found[0], err
}

// SetRule writes a campaign's rule down.
func SetRule(ctx context.Context, tx *sqlx.Tx, community, campaign int, r Rule) (err error) {
	defer wrap(&err, "giver.SetRule(%d, %d)", community, campaign)
	if r.Kind != InDays {
		r.Days = 0
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO giver.refund_rule (community_id, campaign_id, kind, days) VALUES ($1, $2, $3, $4)
		ON CONFLICT (community_id, campaign_id) DO UPDATE SET kind = EXCLUDED.kind, days = EXCLUDED.days`, community, campaign, r.Kind, r.Days)
	return err
}

// Word is why a gift can or cannot be asked back; the page has a sentence for each.
type Word string

// The words.
const (
	Always    Word = "always"    // it is held until the goal is met
	WithinDay Word = "within"    // until a day
	NotSpent  Word = "not_spent" // what is not spent yet
	TooLate   Word = "late"      // the days are over
	AllSpent  Word = "all_spent" // nothing of it is left
	ByRule    Word = "none"      // the campaign gives nothing back
	GoneBack  Word = "gone_back" // all of it went back already
	Undone    Word = "undone"    // it was taken out of the books by hand
)

// Verdict is whether a gift may be asked back, and how much of it.
type Verdict struct {
	Word   Word
	Amount money.Amount // zero: it may not
	Until  time.Time    // the last day, of WithinDay and TooLate
}

// May tells whether something may be asked back.
func (v Verdict) May() bool { return v.Amount.Sign() > 0 }

// Judge says what the rule of a gift's campaign allows at a moment.
func Judge(r Rule, c ledger.Community, g Gift, used money.Amount, at time.Time) Verdict {
	until := c.Day(g.PaidAt).AddDate(0, 0, r.Days)
	unspent := g.Left().Sub(used)
	switch {
	case g.Left().IsZero():
		return Verdict{Word: GoneBack}
	case g.Held():
		return Verdict{Word: Always, Amount: g.Left()}
	case r.Kind == NoRefund:
		return Verdict{Word: ByRule}
	case r.Kind == Unspent && unspent.Sign() > 0:
		return Verdict{Word: NotSpent, Amount: unspent}
	case r.Kind == Unspent:
		return Verdict{Word: AllSpent}
	case c.Day(at).After(until):
		return Verdict{Word: TooLate, Until: until}
	}
	return Verdict{Word: WithinDay, Amount: g.Left(), Until: until}
}

// RequestState is how a request stands.
type RequestState string

// A request is asked, and then approved or declined, once.
const (
	Asked    RequestState = "asked"
	Approved RequestState = "approved"
	Declined RequestState = "declined"
)

// Request is a giver's request for a refund.
type Request struct {
	ID         uuid.UUID    `db:"id"` // the refund's too, once it is approved
	Donation   uuid.UUID    `db:"donation_id"`
	Amount     money.Amount `db:"amount"`
	Reason     string       `db:"reason"` // in the giver's words; may be empty
	State      RequestState `db:"state"`
	AskedAt    time.Time    `db:"asked_at"`
	Answer     string       `db:"answer"` // what the giver is told
	AnsweredBy string       `db:"answered_by"`
	AnsweredAt *time.Time   `db:"answered_at"`
}

// AskRefund writes a request down for the treasurer. id makes it safe to send
// the form twice. ErrNoRefund by the campaign's rule, ErrAsked while one waits,
// ErrHolder.
func AskRefund(ctx context.Context, tx *sqlx.Tx, g Giver, gift Gift, v Verdict, id uuid.UUID, reason string, at time.Time) (err error) {
	defer wrap(&err, "giver.AskRefund(%d, %s)", g.Community, gift.ID)
	if err = g.May(); err != nil {
		return err
	}
	if !v.May() {
		return ErrNoRefund
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO giver.refund_request (community_id, id, donation_id, amount, reason, asked_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (community_id, id) DO NOTHING`, g.Community, id, gift.ID, v.Amount, strings.TrimSpace(reason), at)
	return err
}

const selectRequest = `
	SELECT id, donation_id, amount, reason, state, asked_at, answer, answered_by, answered_at FROM giver.refund_request WHERE community_id = $1`

// RequestsOf reads the requests about a gift, the latest first.
func RequestsOf(ctx context.Context, q sqlx.QueryerContext, community int, donation uuid.UUID) (rs []Request, err error) {
	defer wrap(&err, "giver.RequestsOf(%d, %s)", community, donation)
	return requestsOf(ctx, q, community, []string{donation.String()})
}

func requestsOf(ctx context.Context, q sqlx.QueryerContext, community int, donations []string) (rs []Request, err error) {
	err = sqlx.SelectContext(ctx, q, &rs, selectRequest+` AND donation_id = ANY ($2::uuid[]) ORDER BY asked_at DESC, id DESC`, community, pq.StringArray(donations))
	return rs, err
}

// Requests reads a community's requests, those that wait first and the oldest of them first.
func Requests(ctx context.Context, q sqlx.QueryerContext, community, limit int) (rs []Request, err error) {
	defer wrap(&err, "giver.Requests(%d)", community)
	err = sqlx.SelectContext(ctx, q, &rs, selectRequest+`
		 ORDER BY state <> 'asked', CASE WHEN state = 'asked' THEN asked_at END, answered_at DESC, id LIMIT $2`, community, limit)
	return rs, err
}

// Waiting counts the requests that nobody has answered.
func Waiting(ctx context.Context, q sqlx.QueryerContext, community int) (n int, err error) {
	defer wrap(&err, "giver.Waiting(%d)", community)
	err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM giver.refund_request WHERE community_id = $1 AND state = 'asked'`, community)
	return n, err
}

// FindRequest reads one request; ErrNotFound.
func FindRequest(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (r Request, err error) {
	defer wrap(&err, "giver.FindRequest(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &r, selectRequest+` AND id = $2`, community, id)
	return r, err
}

// RefundReason is what books and receipt say of a refund that was asked for: the
// giver's own words could not be taken out of them again.
const RefundReason = "捐赠人申请退款"

// Approve gives back what was asked for; the refund's own letter tells the giver.
// ErrAnswered; the errors of campaigns.RefundDonation.
func Approve(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, who string, at time.Time) (r Request, refund campaigns.Refund, err error) {
	defer wrap(&err, "giver.Approve(%d, %s)", c.ID, id)
	if r, err = answer(ctx, tx, c.ID, id, Approved, "", who, at); err != nil {
		return r, refund, err
	}
	refund, err = campaigns.RefundDonation(ctx, tx, c, r.Donation, r.ID, r.Amount, RefundReason, who, at)
	return r, refund, err
}

// Decline refuses a request with a reason that the giver sees. ErrAnswered, ErrNoReason.
func Decline(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, why, who string, at time.Time) (r Request, err error) {
	defer wrap(&err, "giver.Decline(%d, %s)", c.ID, id)
	if why = strings.TrimSpace(why); why == "" {
		return r, ErrNoReason
	}
	if r, err = answer(ctx, tx, c.ID, id, Declined, why, who, at); err != nil {
		return r, err
	}
	letter, err := outbox.New("giver_answer", AnswerLetter{Request: id})
	if err != nil {
		return r, err
	}
	return r, outbox.Enqueue(ctx, tx, c.ID, letter)
}

func answer(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, state RequestState, why, who string, at time.Time) (r Request, err error) {
	if err = tx.GetContext(ctx, &r, selectRequest+` AND id = $2 FOR UPDATE`, community, id); err != nil {
		return r, err
	}
	if r.State != Asked {
		return r, ErrAnswered
	}
	r.State, r.Answer, r.AnsweredBy, r.AnsweredAt = state, why, who, &at
	_, err = tx.ExecContext(ctx, `
		UPDATE giver.refund_request SET state = $3, answer = $4, answered_by = $5, answered_at = $6 WHERE community_id = $1 AND id = $2`,
		community, id, state, why, who, at)
	return r, err
}

// AnswerLetter is the outbox's payload of the kind giver_answer: a request was declined.
type AnswerLetter struct {
	Request uuid.UUID `json:"request"`
}

func (p Posting) sendAnswer(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "giver: giver_answer")
	var about AnswerLetter
	if err := m.Read(&about); err != nil {
		return err
	}
	if p.Answer == nil {
		return nil
	}
	c, err := ledger.CommunityAt(ctx, p.DB, m.CommunityID)
	if err != nil {
		return err
	}
	r, err := FindRequest(ctx, p.DB, c.ID, about.Request)
	if err != nil {
		return err
	}
	d, err := campaigns.FindDonation(ctx, p.DB, c.ID, r.Donation)
	if err != nil || d.DonorID == nil {
		return err
	}
	to, err := campaigns.FindDonor(ctx, p.DB, c.ID, *d.DonorID)
	if err != nil || to.Email == "" {
		return err
	}
	return p.Answer(ctx, c, to, r, m.ID)
}
