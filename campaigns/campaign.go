package campaigns

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger/money"
)

// State is where a campaign stands in its life.
type State string

// A campaign is drafted, published and closed, in this order.
const (
	Draft     State = "draft"
	Published State = "published"
	Closed    State = "closed"
)

// Kind says what becomes of the money when the goal is not met.
type Kind string

// The two kinds of campaign.
const (
	Flexible     Kind = "flexible"       // keep what is raised
	AllOrNothing Kind = "all_or_nothing" // 不成则退: held as a liability until the goal is met
)

// Basis is the legal ground on which a campaign asks.
type Basis string

// The grounds. A public appeal needs a qualified host and a filed plan.
const (
	PublicBasis   Basis = "public"   // 公开募捐（合作募捐）
	TargetedBasis Basis = "targeted" // 定向募捐: members only
	SaleBasis     Basis = "sale"     // a sale without an appeal
)

// Themes are those a campaign can have and a reader can choose.
var Themes = []string{"elders", "children", "neighbours", "yard", "mutual_aid"}

// Campaign is a 募捐活动. Texts in English may be empty: the Chinese one stands in.
type Campaign struct {
	ID           int          `db:"id"`
	Slug         string       `db:"slug"`
	State        State        `db:"state"`
	FundID       int          `db:"fund_id"`
	Target       Target       `db:"target"` // what the fund is of
	Kind         Kind         `db:"kind"`
	Theme        string       `db:"theme"` // one of Themes, or none
	TitleZH      string       `db:"title_zh"`
	TitleEN      string       `db:"title_en"`
	PurposeZH    string       `db:"purpose_zh"` // one line: 只用于这顿年夜饭
	PurposeEN    string       `db:"purpose_en"`
	StoryZH      string       `db:"story_zh"` // Markdown
	StoryEN      string       `db:"story_en"`
	Scene        string       `db:"scene"` // a drawing of web/picture, where there is no photograph
	PictureID    *uuid.UUID   `db:"picture_id"`
	Goal         money.Amount `db:"goal"`
	Stretch      StretchGoals `db:"stretch"`
	Minimum      money.Amount `db:"minimum"`
	StartsOn     time.Time    `db:"starts_on"`
	EndsOn       time.Time    `db:"ends_on"` // the last day on which it takes gifts
	Basis        Basis        `db:"basis"`
	HostID       *int         `db:"host_id"`
	Certificate  string       `db:"certificate"`
	FilingNumber string       `db:"filing_number"`
	FiledOn      *time.Time   `db:"filed_on"`
	FiledFrom    *time.Time   `db:"filed_from"` // the days that the filed plan names
	FiledUntil   *time.Time   `db:"filed_until"`
	ContactName  string       `db:"contact_name"`
	ContactPhone string       `db:"contact_phone"`
	CreatedBy    string       `db:"created_by"`
	PublishedAt  *time.Time   `db:"published_at"`
	ClosedAt     *time.Time   `db:"closed_at"`
	Raised       money.Amount `db:"raised"`  // less refunds, with what pools added
	Matched      money.Amount `db:"matched"` // of Raised, what pools added
	Gifts        int          `db:"gifts"`
	Result       Result       `db:"result"`    // of an all-or-nothing campaign that is concluded
	Suggested    Amounts      `db:"suggested"` // the buttons
	Budget       []BudgetLine `db:"-"`         // by Find only
}

// Amounts is a list of amounts as PostgreSQL keeps it in a numeric[].
type Amounts []money.Amount

// Scan reads a numeric[].
func (as *Amounts) Scan(src any) error {
	var texts pq.StringArray
	if err := texts.Scan(src); err != nil {
		return err
	}
	*as = make(Amounts, len(texts))
	for i, text := range texts {
		if err := (*as)[i].Scan(text); err != nil {
			return err
		}
	}
	return nil
}

func (as Amounts) array() pq.StringArray {
	texts := make(pq.StringArray, len(as))
	for i, a := range as {
		texts[i] = a.String()
	}
	return texts
}

// Title is the campaign's title in the reader's language.
func (c Campaign) Title(lang string) string { return inLanguage(lang, c.TitleZH, c.TitleEN) }

// Purpose is the line that says what the money is for.
func (c Campaign) Purpose(lang string) string { return inLanguage(lang, c.PurposeZH, c.PurposeEN) }

// Story is the campaign's text in Markdown.
func (c Campaign) Story(lang string) string { return inLanguage(lang, c.StoryZH, c.StoryEN) }

// Open reports whether the campaign takes gifts on a day.
func (c Campaign) Open(day time.Time) bool {
	return c.State == Published && !day.Before(c.StartsOn) && !day.After(c.EndsOn)
}

// DaysLeft counts the days on which it still takes gifts, today included.
func (c Campaign) DaysLeft(today time.Time) int {
	return max(0, int(c.EndsOn.Sub(today).Hours()/24)+1)
}

// ResultDue is the last day for publishing the campaign's result: three months
// after its end (Ministry order 81).
func (c Campaign) ResultDue() time.Time { return MonthsAfter(c.EndsOn, 3) }

// DraftCampaign writes a new campaign down, with a restricted fund of its own
// and its budget, and returns it with its id. ErrExists if the slug is taken.
func DraftCampaign(ctx context.Context, tx *sqlx.Tx, community int, c Campaign) (_ Campaign, err error) {
	defer wrap(&err, "campaigns.DraftCampaign(%d, %s)", community, c.Slug)
	if err = findFund(ctx, tx, community, &c); err != nil {
		return c, err
	}
	err = tx.GetContext(ctx, &c.ID, `
		INSERT INTO campaigns.campaign (community_id, id, slug, fund_id, title_zh, goal, starts_on, ends_on, basis, created_by, target)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM campaigns.campaign WHERE community_id = $1 RETURNING id`,
		community, c.Slug, c.FundID, c.TitleZH, c.Goal, c.StartsOn, c.EndsOn, c.Basis, c.CreatedBy, c.Target)
	if err != nil {
		return c, err
	}
	if _, err = tx.ExecContext(ctx, `INSERT INTO campaigns.tally (community_id, campaign_id) VALUES ($1, $2)`, community, c.ID); err != nil {
		return c, err
	}
	c.State = Draft
	return c, EditCampaign(ctx, tx, community, c)
}

// EditCampaign writes the campaign's texts, dates, budget and legal basis; its
// slug, fund and state stay. A published public campaign keeps its legal basis
// complete (ErrNotPublic), and other dates, another goal or purpose need a new
// filing number: ErrRefile. What a published campaign promised its donors stays:
// whether it is all or nothing and, if it is, its goal and its end, and whether
// it is a public appeal: ErrPromised. A line of the budget that somebody gave for
// stays too: ErrLineGiven. ErrStretch, ErrNotFound.
func EditCampaign(ctx context.Context, tx *sqlx.Tx, community int, c Campaign) (err error) {
	defer wrap(&err, "campaigns.EditCampaign(%d, %s)", community, c.Slug)
	if c.Kind == "" {
		c.Kind = Flexible
	}
	if c.Minimum.Sign() <= 0 {
		c.Minimum = money.FromFen(100)
	}
	if !c.Stretch.ascend(c.Goal) {
		return ErrStretch
	}
	var broken bool
	err = tx.GetContext(ctx, &broken, `
		SELECT state <> 'draft' AND (kind <> $3 OR kind = 'all_or_nothing' AND (goal <> $4 OR ends_on <> $5::date))
		  FROM campaigns.campaign WHERE community_id = $1 AND id = $2 FOR NO KEY UPDATE`,
		community, c.ID, c.Kind, c.Goal, c.EndsOn.Format(time.DateOnly))
	if err != nil {
		return err
	}
	if broken {
		return ErrPromised
	}
	err = move(tx.ExecContext(ctx, `
		UPDATE campaigns.campaign SET kind = $3, theme = $4, title_zh = $5, title_en = $6, purpose_zh = $7, purpose_en = $8,
		       story_zh = $9, story_en = $10, scene = $11, picture_id = $12, goal = $13, minimum = $14, suggested = $15,
		       starts_on = $16, ends_on = $17, basis = $18, host_id = $19, certificate = $20, filing_number = $21, filed_on = $22,
		       contact_name = $23, contact_phone = $24, filed_from = $25, filed_until = $26, stretch = $27
		 WHERE community_id = $1 AND id = $2`,
		community, c.ID, c.Kind, c.Theme, c.TitleZH, c.TitleEN, c.PurposeZH, c.PurposeEN, c.StoryZH, c.StoryEN, c.Scene, c.PictureID,
		c.Goal, c.Minimum, c.Suggested.array(), c.StartsOn, c.EndsOn, c.Basis, c.HostID, c.Certificate, c.FilingNumber, c.FiledOn,
		c.ContactName, c.ContactPhone, c.FiledFrom, c.FiledUntil, c.Stretch))
	if err != nil {
		return notFound(err)
	}
	return editLines(ctx, tx, community, c)
}

// Publish shows a draft to the public. ErrNotPublic if a public appeal lacks
// its legal basis, ErrState if it is not a draft.
func Publish(ctx context.Context, tx *sqlx.Tx, community, campaign int, at time.Time) (err error) {
	defer wrap(&err, "campaigns.Publish(%d, %d)", community, campaign)
	return move(tx.ExecContext(ctx, `
		UPDATE campaigns.campaign SET state = 'published', published_at = $3 WHERE community_id = $1 AND id = $2 AND state = 'draft'`,
		community, campaign, at))
}

// Close ends a published campaign: no new gifts are started; payments under
// way still arrive. ErrState if it is not published.
func Close(ctx context.Context, tx *sqlx.Tx, community, campaign int, at time.Time) (err error) {
	defer wrap(&err, "campaigns.Close(%d, %d)", community, campaign)
	return move(tx.ExecContext(ctx, `
		UPDATE campaigns.campaign SET state = 'closed', closed_at = $3 WHERE community_id = $1 AND id = $2 AND state = 'published'`,
		community, campaign, at))
}

const selectCampaign = `
	SELECT c.id, c.slug, c.state, c.fund_id, c.kind, c.theme, c.title_zh, c.title_en, c.purpose_zh, c.purpose_en, c.story_zh, c.story_en,
	       c.scene, c.picture_id, c.goal, c.stretch, c.target, c.minimum, c.suggested, c.starts_on, c.ends_on, c.basis, c.host_id, c.certificate, c.filing_number,
	       c.filed_on, c.filed_from, c.filed_until, c.contact_name, c.contact_phone, c.created_by, c.published_at, c.closed_at, t.raised + t.matched AS raised, t.matched, t.gifts,
	       coalesce(z.result, '') AS result
	  FROM campaigns.campaign c JOIN campaigns.tally t ON t.community_id = c.community_id AND t.campaign_id = c.id
	  LEFT JOIN campaigns.conclusion z ON z.community_id = c.community_id AND z.campaign_id = c.id
	 WHERE c.community_id = $1`

// FindCampaign reads a campaign with its budget by its slug; ErrNotFound.
func FindCampaign(ctx context.Context, q sqlx.QueryerContext, community int, slug string) (c Campaign, err error) {
	defer wrap(&err, "campaigns.FindCampaign(%d, %s)", community, slug)
	return oneCampaign(ctx, q, community, `c.slug = $2`, slug)
}

// CampaignAt reads a campaign with its budget by its id; ErrNotFound.
func CampaignAt(ctx context.Context, q sqlx.QueryerContext, community, id int) (c Campaign, err error) {
	defer wrap(&err, "campaigns.CampaignAt(%d, %d)", community, id)
	return oneCampaign(ctx, q, community, `c.id = $2`, id)
}

func oneCampaign(ctx context.Context, q sqlx.QueryerContext, community int, which string, key any) (c Campaign, err error) {
	if err = sqlx.GetContext(ctx, q, &c, selectCampaign+` AND `+which, community, key); err != nil {
		return c, err
	}
	err = sqlx.SelectContext(ctx, q, &c.Budget, `
		SELECT line, name_zh, name_en, note_zh, note_en, unit_zh, unit_en, quantity, amount, raised
		  FROM campaigns.budget_line WHERE community_id = $1 AND campaign_id = $2 ORDER BY line`, community, c.ID)
	return c, err
}

// CampaignFilter narrows a list of campaigns; zero fields do not narrow.
type CampaignFilter struct {
	States []State // of these states only
	Theme  string
	Words  string // in titles, purpose and story
}

// ListCampaigns reads campaigns without their budgets: published ones first,
// among them the one that ends soonest.
func ListCampaigns(ctx context.Context, q sqlx.QueryerContext, community int, f CampaignFilter) (list []Campaign, err error) {
	defer wrap(&err, "campaigns.ListCampaigns(%d)", community)
	query, args := selectCampaign, []any{community}
	and := func(condition string, value any) {
		args = append(args, value)
		query += " AND " + strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(args)))
	}
	if len(f.States) > 0 {
		and(`c.state = ANY (?)`, pq.Array(f.States))
	}
	if f.Theme != "" {
		and(`c.theme = ?`, f.Theme)
	}
	if f.Words != "" {
		and(`strpos(lower(c.title_zh || ' ' || c.title_en || ' ' || c.purpose_zh || ' ' || c.purpose_en || ' ' || c.story_zh || ' ' || c.story_en), lower(?)) > 0`, f.Words)
	}
	err = sqlx.SelectContext(ctx, q, &list, query+` ORDER BY c.state = 'published' DESC, c.state = 'draft' DESC,
		CASE WHEN c.state = 'published' THEN c.ends_on END, c.ends_on DESC, c.id`, args...)
	return list, err
}
