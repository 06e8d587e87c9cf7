package publication

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/outbox"
	"fund/ledger"
)

// The kinds of messages that this package leaves in the outbox.
const (
	reportDue         = "report_due"         // is to be issued by itself
	reportIssued      = "report_issued"      // its readers are to be told
	reportIssuedTo    = "report_issued_to"   // one of them
	subscriptionAsked = "subscription_asked" // an address is to be confirmed
)

// The payloads: ids alone.
type (
	aboutDue struct {
		Kind disclosure.Kind `json:"kind"`
		From string          `json:"from"`
		To   string          `json:"to"`
	}
	aboutReport struct {
		Year       int       `json:"year,omitempty"`
		Number     int       `json:"number,omitempty"`
		Version    int       `json:"version,omitempty"`
		Subscriber uuid.UUID `json:"subscriber"`
	}
)

// Following is what the handlers of the outbox need.
type Following struct {
	DB *sqlx.DB
	// Fill fills in a report from the books, as of now.
	Fill func(ctx context.Context, c ledger.Community, r Report, at time.Time) (Draft, error)
	// Ask writes to an address that it has to be confirmed; nil where no mailer is configured. key is the same when it is tried
	// again.
	Ask func(ctx context.Context, c ledger.Community, s Subscriber, key uuid.UUID) error
	// Tell writes to a reader that a report is issued; nil where no mailer is configured.
	Tell func(ctx context.Context, c ledger.Community, d disclosure.Document, s Subscriber, key uuid.UUID) error
	// Changed tells the pages that there is something new; may be nil.
	Changed func(community int)
	Now     func() time.Time
}

// Handlers is the work that this package leaves in the outbox, by kind.
func Handlers(f Following) map[string]outbox.Handler {
	return map[string]outbox.Handler{reportDue: f.issue, reportIssued: f.spread, reportIssuedTo: f.tell, subscriptionAsked: f.ask}
}

// scheduler is who issues what is scheduled.
const scheduler = "system"

// issue issues a report that is due. One that somebody issued in the meantime is done; one whose month was opened again comes
// back with its closing.
func (f Following) issue(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "publication: %s", reportDue)
	var about aboutDue
	if err := m.Read(&about); err != nil {
		return err
	}
	from, to, err := twoMonths(about.From, about.To)
	if err != nil {
		return errors.Join(outbox.ErrHopeless, err)
	}
	c, err := ledger.CommunityAt(ctx, f.DB, m.CommunityID)
	if err != nil {
		return err
	}
	draft, err := f.Fill(ctx, c, Of(about.Kind, from, to), f.Now())
	if err != nil {
		return err
	}
	err = ledger.InTx(ctx, f.DB, func(tx *sqlx.Tx) error {
		_, err := Issue(ctx, tx, c, draft, Note{}, scheduler, f.Now())
		return err
	})
	if errors.Is(err, disclosure.ErrAlready) || errors.Is(err, ErrOpen) {
		return nil
	}
	if err != nil {
		return err
	}
	if f.Changed != nil {
		f.Changed(c.ID)
	}
	return nil
}

// spread makes of one message a message for each reader.
func (f Following) spread(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "publication: %s", reportIssued)
	var about aboutReport
	if err := m.Read(&about); err != nil || f.Tell == nil {
		return err
	}
	var readers []uuid.UUID
	err = f.DB.SelectContext(ctx, &readers, `SELECT id FROM publication.subscriber WHERE community_id = $1 AND confirmed_at IS NOT NULL ORDER BY id`, m.CommunityID)
	if err != nil {
		return err
	}
	return outbox.Spread(ctx, f.DB, m, reportIssuedTo, readers, func(reader uuid.UUID) any {
		return aboutReport{about.Year, about.Number, about.Version, reader}
	})
}

// tell writes to one reader, unless they have left since.
func (f Following) tell(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "publication: %s", reportIssuedTo)
	var about aboutReport
	if err := m.Read(&about); err != nil || f.Tell == nil {
		return err
	}
	c, s, err := f.reader(ctx, m, about)
	if err != nil || s.ConfirmedAt == nil {
		return left(err)
	}
	d, err := disclosure.Find(ctx, f.DB, c.ID, about.Year, about.Number, about.Version)
	if err != nil {
		return err
	}
	return f.Tell(ctx, c, d, s, m.ID)
}

// ask writes to an address that was given, unless it is confirmed or gone since.
func (f Following) ask(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "publication: %s", subscriptionAsked)
	var about aboutReport
	if err := m.Read(&about); err != nil || f.Ask == nil {
		return err
	}
	c, s, err := f.reader(ctx, m, about)
	if err != nil || s.ConfirmedAt != nil {
		return left(err)
	}
	return f.Ask(ctx, c, s, m.ID)
}

func (f Following) reader(ctx context.Context, m outbox.Message, about aboutReport) (c ledger.Community, s Subscriber, err error) {
	if c, err = ledger.CommunityAt(ctx, f.DB, m.CommunityID); err != nil {
		return c, s, err
	}
	s, err = subscriberAt(ctx, f.DB, m.CommunityID, about.Subscriber)
	return c, s, err
}

// left is nil where a reader is gone: nothing is to be written to them.
func left(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
