package disclosure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/ledger"
	"fund/ledger/transparency"
)

// Document is a published report, one version of it: numbered, and the same for ever.
type Document struct {
	Year        int         `db:"year"`
	Number      int         `db:"number"`
	Version     int         `db:"version"`
	Versions    int         `db:"versions"` // there are now
	DutyKey     string      `db:"duty"`
	SubjectKind SubjectKind `db:"subject_kind"`
	SubjectID   int         `db:"subject_id"`
	TitleZH     string      `db:"title_zh"` // of what it is about
	TitleEN     string      `db:"title_en"`
	DueOn       *time.Time  `db:"due_on"`
	PublishedOn time.Time   `db:"published_on"`
	PublishedAt time.Time   `db:"published_at"`
	PublishedBy string      `db:"published_by"`
	FirstOn     time.Time   `db:"first_on"` // when the first version was published
	Note        string      `db:"note"`     // of a correction: what changed
	AsOf        int64       `db:"as_of"`
	Content     Content     `db:"content"`
}

// Content is what a document was drawn from, as it was when it was published.
type Content struct {
	Kind       Kind      `json:"kind"`
	Issued     bool      `json:"issued,omitempty"` // by campaigns/publication: it is drawn from the value kept with its drawings, not from Figures and Texts
	From       time.Time `json:"from"`
	Until      time.Time `json:"until"`
	Slug       string    `json:"slug,omitempty"`
	LawZH      string    `json:"law_zh"`
	LawEN      string    `json:"law_en"`
	Sure       bool      `json:"sure"`
	LegalZH    string    `json:"legal_zh,omitempty"` // campaigns.LegalLine
	LegalEN    string    `json:"legal_en,omitempty"`
	HostZH     string    `json:"host_zh,omitempty"`
	HostEN     string    `json:"host_en,omitempty"`
	Checkpoint int       `json:"checkpoint,omitempty"` // the newest one when it was published; of an issued report the one it prints
	Signed     string    `json:"signed,omitempty"`     // that checkpoint's note, of an issued report
	Figures    Figures   `json:"figures"`
	Texts      Texts     `json:"texts"`
}

// Scan reads the content as the database keeps it.
func (c *Content) Scan(src any) error {
	text, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("disclosure: content from %T", src)
	}
	return json.Unmarshal(text, c)
}

// Serial is the number as people write it: 2026-003.
func (d Document) Serial() string { return fmt.Sprintf("%d-%03d", d.Year, d.Number) }

// Corrects says what a correction changed, in the reader's language.
func (d Document) Corrects(lang string) string {
	return inLanguage(lang, d.Note, d.Content.Texts.NoteEN)
}

// Title is what the document is about, in the reader's language.
func (d Document) Title(lang string) string { return inLanguage(lang, d.TitleZH, d.TitleEN) }

// Law names the rule it follows, in the reader's language.
func (c Content) Law(lang string) string { return inLanguage(lang, c.LawZH, c.LawEN) }

// Legal is the campaign's legal line, in the reader's language.
func (c Content) Legal(lang string) string { return inLanguage(lang, c.LegalZH, c.LegalEN) }

// Host is who raised the money in public, in the reader's language.
func (c Content) Host(lang string) string { return inLanguage(lang, c.HostZH, c.HostEN) }

// DaysLate is how many days after its last one the first version was published; 0 where it was in time.
func (d Document) DaysLate() int {
	if d.DueOn == nil {
		return 0
	}
	return max(0, int(d.FirstOn.Sub(*d.DueOn).Hours()/24))
}

// Newest tells whether no later version replaces it.
func (d Document) Newest() bool { return d.Version == d.Versions }

// Draw makes the document that Publish would publish now, without a number: a preview.
func Draw(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, duty Duty, t Texts, at time.Time) (d Document, err error) {
	defer wrap(&err, "disclosure.Draw(%d, %s)", c.ID, duty.Key())
	d = Document{
		Version: 1, Versions: 1, DutyKey: duty.Key(), SubjectKind: duty.Subject.Kind, SubjectID: duty.Subject.ID, TitleZH: duty.Subject.TitleZH,
		TitleEN: duty.Subject.TitleEN, DueOn: &duty.Due, PublishedOn: c.Day(at), PublishedAt: at, FirstOn: c.Day(at),
		Content: Content{
			Kind: duty.Kind, From: duty.From, Until: duty.Until, Slug: duty.Subject.Slug, LawZH: duty.Rule.Law("zh-CN"), LawEN: duty.Rule.Law("en"),
			Sure: duty.Rule.Sure, Texts: t,
		},
	}
	if duty.Kind == Annual {
		d.TitleZH, d.TitleEN = fmt.Sprintf("%s %d 年", c.NameZH, duty.From.Year()), fmt.Sprintf("%s, %d", c.Name("en"), duty.From.Year())
	}
	if d.Content.Figures, err = FindFigures(ctx, q, c, duty); err != nil {
		return d, err
	}
	d.AsOf = d.Content.Figures.AsOf
	sealed, err := transparency.Latest(ctx, q, c.ID)
	if err != nil && !errors.Is(err, transparency.ErrNoneSealed) {
		return d, err
	}
	d.Content.Checkpoint = sealed.Number
	return d, d.readLegal(ctx, q, c.ID)
}

// readLegal takes down who raised the money: the campaign's host, or the first one.
func (d *Document) readLegal(ctx context.Context, q sqlx.QueryerContext, community int) error {
	hosts, err := campaigns.ListHosts(ctx, q, community)
	if err != nil {
		return err
	}
	if len(hosts) > 0 {
		d.Content.HostZH, d.Content.HostEN = hosts[0].NameZH, hosts[0].NameEN
	}
	if d.SubjectKind != OfCampaign {
		return nil
	}
	of, err := campaigns.CampaignAt(ctx, q, community, d.SubjectID)
	if err != nil {
		return err
	}
	host, err := campaigns.HostOf(ctx, q, community, of)
	d.Content.HostZH, d.Content.HostEN = host.NameZH, host.NameEN
	d.Content.LegalZH, d.Content.LegalEN = campaigns.LegalLine(of, host, "zh-CN"), campaigns.LegalLine(of, host, "en")
	return err
}

// Publish meets a duty: it numbers the report, keeps it with its figures, and forgets the draft. With a note it corrects
// what was published, as the next version under the same number. ErrEarly while what it reports on is not over, ErrNothing
// without what was done or where what is left goes, ErrAlready if it is published and there is no note, ErrNoNote the other
// way round.
func Publish(ctx context.Context, tx *sqlx.Tx, c ledger.Community, duty Duty, t Texts, note, by string, at time.Time) (d Document, err error) {
	defer wrap(&err, "disclosure.Publish(%d, %s)", c.ID, duty.Key())
	if !duty.Ripe(c.Day(at)) {
		return d, ErrEarly
	}
	if d, err = Draw(ctx, tx, c, duty, t, at); err != nil {
		return d, err
	}
	if strings.TrimSpace(t.DoneZH) == "" || d.Content.AsksLeftover() && strings.TrimSpace(t.LeftoverZH) == "" {
		return d, ErrNothing
	}
	d.Note, d.PublishedBy = note, by
	if err = Enter(ctx, tx, c.ID, &d, duty.Done); err != nil {
		return d, err
	}
	return d, d.tell(ctx, tx, c.ID)
}

// AsksLeftover tells whether there is money left over, so that the report has to say where it goes.
func (c Content) AsksLeftover() bool {
	return (c.Kind == Result || c.Kind == Leftover) && !c.Figures.Shared && c.Figures.Left.Sign() > 0
}

// Enter gives a document its number, keeps it and forgets its draft: the next number of the year, or with a note the next
// version of what met its duty before. ErrAlready, ErrNotFound.
func Enter(ctx context.Context, tx *sqlx.Tx, community int, d *Document, done *Done) (err error) {
	defer wrap(&err, "disclosure.Enter(%d, %s)", community, d.DutyKey)
	if err = d.number(ctx, tx, community, done); err != nil {
		return err
	}
	if err = d.keep(ctx, tx, community); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM disclosure.draft WHERE community_id = $1 AND duty = $2`, community, d.DutyKey)
	return err
}

// number takes the next number of the year, or the next version of what is published already.
func (d *Document) number(ctx context.Context, tx *sqlx.Tx, community int, done *Done) error {
	switch {
	case done == nil && d.Note != "":
		return ErrNotFound
	case done == nil:
		d.Year = d.PublishedOn.Year()
		return tx.GetContext(ctx, &d.Number, `
			INSERT INTO disclosure.counter AS c (community_id, year, last_number) VALUES ($1, $2, 1)
			ON CONFLICT (community_id, year) DO UPDATE SET last_number = c.last_number + 1 RETURNING last_number`, community, d.Year)
	case d.Note == "":
		return ErrAlready
	}
	d.Year, d.Number, d.Version, d.Versions, d.FirstOn = done.Year, done.Number, done.Version+1, done.Version+1, done.On
	return nil
}

func (d Document) keep(ctx context.Context, tx *sqlx.Tx, community int) error {
	content, err := json.Marshal(d.Content)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO disclosure.document (community_id, year, number, version, duty, subject_kind, subject_id, title_zh, title_en, due_on,
		       published_on, published_at, published_by, note, as_of, content)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		community, d.Year, d.Number, d.Version, d.DutyKey, d.SubjectKind, d.SubjectID, d.TitleZH, d.TitleEN, d.DueOn,
		d.PublishedOn, d.PublishedAt, d.PublishedBy, d.Note, d.AsOf, string(content))
	var dberr *pq.Error
	if errors.As(err, &dberr) && dberr.Code == "23505" { // somebody was quicker
		return errors.Join(ErrAlready, err)
	}
	return err
}

// tell leaves in the outbox that the givers of a campaign are to be told of its end report, once.
func (d Document) tell(ctx context.Context, tx *sqlx.Tx, community int) error {
	if d.Content.Kind != Result || d.Version > 1 {
		return nil
	}
	m, err := outbox.New(endReport, aboutReport{d.Year, d.Number, uuid.Nil})
	if err != nil {
		return err
	}
	return outbox.Enqueue(ctx, tx, community, m)
}

const selectDocument = `
	SELECT d.year, d.number, d.version, d.duty, d.subject_kind, d.subject_id, d.title_zh, d.title_en, d.due_on, d.published_on, d.published_at,
	       d.published_by, d.note, d.as_of, d.content, v.versions, v.first_on
	  FROM disclosure.document d
	  JOIN LATERAL (SELECT max(x.version) AS versions, min(x.published_on) AS first_on FROM disclosure.document x
	                 WHERE x.community_id = d.community_id AND x.year = d.year AND x.number = d.number) v ON true
	 WHERE d.community_id = $1`

// Find reads one version of a document, version 0 the newest one; ErrNotFound.
func Find(ctx context.Context, q sqlx.QueryerContext, community, year, number, version int) (d Document, err error) {
	defer wrap(&err, "disclosure.Find(%d, %d-%d)", community, year, number)
	var list []Document
	err = sqlx.SelectContext(ctx, q, &list, selectDocument+` AND d.year = $2 AND d.number = $3 AND ($4 = 0 OR d.version = $4) ORDER BY d.version DESC LIMIT 1`,
		community, year, number, version)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return d, err
	}
	return list[0], nil
}

// Versions reads all versions of a document, the newest first.
func Versions(ctx context.Context, q sqlx.QueryerContext, community, year, number int) (list []Document, err error) {
	defer wrap(&err, "disclosure.Versions(%d, %d-%d)", community, year, number)
	err = sqlx.SelectContext(ctx, q, &list, selectDocument+` AND d.year = $2 AND d.number = $3 ORDER BY d.version DESC`, community, year, number)
	return list, err
}

// PublishedBeyond reads every version of every document, the oldest document first; none where they are no more than known.
func PublishedBeyond(ctx context.Context, q sqlx.QueryerContext, community, known int) (list []Document, err error) {
	defer wrap(&err, "disclosure.PublishedBeyond(%d)", community)
	err = sqlx.SelectContext(ctx, q, &list, selectDocument+`
		   AND (SELECT count(*) FROM disclosure.document x WHERE x.community_id = $1) > $2 ORDER BY d.year, d.number, d.version`, community, known)
	return list, err
}

// Published reads the newest version of every document, the newest document first.
func Published(ctx context.Context, q sqlx.QueryerContext, community int) (list []Document, err error) {
	defer wrap(&err, "disclosure.Published(%d)", community)
	err = sqlx.SelectContext(ctx, q, &list, selectDocument+` AND d.version = v.versions ORDER BY d.year DESC, d.number DESC`, community)
	return list, err
}
