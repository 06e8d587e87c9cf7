package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/publication"
	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/mail"
)

// fill fills in a report from the books as they are at one moment.
func fill(ctx context.Context, db *sqlx.DB, baseURL string, c ledger.Community, r publication.Report, at time.Time) (d publication.Draft, err error) {
	err = ledger.AtOneMoment(ctx, db, func(tx *sqlx.Tx) (err error) {
		d, err = issue.Fill(ctx, tx, c, r, baseURL, at)
		return err
	})
	return d, err
}

// reports are the outbox's handlers of reports that issue themselves, and of the letters about reports.
func (l letters) reports(changed func(community, campaign int)) publication.Following {
	f := publication.Following{DB: l.env.app, Now: time.Now, Changed: func(community int) { changed(community, 0) }}
	f.Fill = func(ctx context.Context, c ledger.Community, r publication.Report, at time.Time) (publication.Draft, error) {
		return fill(ctx, l.env.app, l.base, c, r, at)
	}
	if !l.post.On() {
		return f
	}
	f.Ask = func(ctx context.Context, c ledger.Community, s publication.Subscriber, key uuid.UUID) error {
		return l.post.Send(ctx, c, mail.Letter{
			Key: key, To: mail.Person{Address: s.Email}, Lang: i18n.Lang(s.Lang), Content: mail.ReportConfirm{Path: lettersPath(c, s)},
		})
	}
	f.Tell = func(ctx context.Context, c ledger.Community, d disclosure.Document, s publication.Subscriber, key uuid.UUID) error {
		return l.post.Send(ctx, c, mail.Letter{
			Key: key, To: mail.Person{Address: s.Email}, Lang: i18n.Lang(s.Lang), Unsubscribe: lettersPath(c, s), Content: reportIssued(c, d, s.Lang),
		})
	}
	return f
}

func lettersPath(c ledger.Community, s publication.Subscriber) string {
	return "/c/" + c.Slug + "/reports/letters/" + s.Token
}

// reportIssued says what a letter about an issued report says.
func reportIssued(c ledger.Community, d disclosure.Document, lang string) mail.ReportIssued {
	f := d.Content.Figures
	path := fmt.Sprintf("/c/%s/documents/%s", c.Slug, d.Serial())
	return mail.ReportIssued{
		Title: issue.DisclosureTitle(i18n.Lang(lang), d.Content.Kind), Of: d.Title(lang), Number: d.Serial(), Note: d.Corrects(lang),
		Whole: d.SubjectKind == disclosure.OfCommunity && d.Version == 1, In: f.OtherSum(), Out: f.SpentSum(), Left: f.Left,
		Path: path, PDF: fmt.Sprintf("%s/%d/document.pdf?lang=%s", path, d.Version, lang),
	}
}

// unconfirmedKept is how long an address that asked for reports and was not confirmed is kept.
const unconfirmedKept = 72 * time.Hour

// planReports leaves in the outbox the reports that issue themselves.
func planReports(ctx context.Context, e *env) error {
	communities, err := publication.Scheduled(ctx, e.app)
	for _, id := range communities {
		err = errors.Join(err, e.inTx(ctx, func(tx *sqlx.Tx) error {
			c, err := ledger.CommunityAt(ctx, tx, id)
			if err != nil {
				return err
			}
			return publication.Plan(ctx, tx, c, time.Now())
		}))
	}
	return err
}

// forgetUnconfirmed forgets the addresses that asked for reports and that nobody confirmed.
func forgetUnconfirmed(ctx context.Context, e *env) error {
	return eachCommunity(ctx, e, func(tx *sqlx.Tx, c ledger.Community) error {
		return publication.Sweep(ctx, tx, c.ID, time.Now().Add(-unconfirmedKept))
	})
}

func forgetSubscription(ctx context.Context, tx *sqlx.Tx, community int, _ []uuid.UUID, email string, _ time.Time) error {
	return publication.ForgetAddress(ctx, tx, community, email)
}

type issueReportCmd struct {
	databaseFlags `embed:""`
	Kind          string `arg:"" enum:"fund,sheet,annual,project,venture" help:"fund, sheet, annual, project or venture."`
	Period        string `required:"" placeholder:"MONTHS" help:"2017, 2017q4, 2017-12, or 2017-01_2017-06; all its months closed."`
	Of            string `placeholder:"SLUG" help:"Which project or venture."`
	Community     string `placeholder:"SLUG" help:"Whose report; may be left out where there is one community."`
	Note          string `placeholder:"WORDS" help:"Issues a correction: what changed, in Chinese."`
	NoteEN        string `name:"note-en" placeholder:"WORDS" help:"The same in English."`
	By            string `default:"operator" placeholder:"NAME" help:"Who issues it, as the books will say; default: ${default}."`
	BaseURL       string `name:"base-url" env:"FUND_BASE_URL" default:"http://127.0.0.1:8080" placeholder:"URL" help:"Where readers reach the server, for the report's code; default: ${default}."`
}

// Run numbers the report, keeps it with its data and its PDFs, and says what it is called.
func (k *issueReportCmd) Run(ctx context.Context, out io.Writer) error {
	from, to, err := publication.ParsePeriod(k.Period)
	if err != nil {
		return usage("--period is 2017, 2017q4, 2017-12 or 2017-01_2017-06.", "--period 写成 2017、2017q4、2017-12 或 2017-01_2017-06。")
	}
	e, err := k.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	c, err := onlyCommunity(ctx, e, k.Community)
	if err != nil {
		return err
	}
	r := publication.Of(disclosure.Kind(k.Kind), from, to)
	if publication.NeedsSubject(r.Kind) {
		s, err := issue.SubjectOf(ctx, e.app, c.ID, r.Kind, k.Of)
		if err != nil {
			return usage("--of names no "+k.Kind+".", "--of 写项目的短名。")
		}
		r = r.About(s)
	}
	now := time.Now()
	draft, err := fill(ctx, e.app, k.BaseURL, c, r, now)
	if errors.Is(err, transparency.ErrNotSealed) {
		return notSealed()
	}
	if err != nil {
		return err
	}
	var d disclosure.Document
	err = e.inTx(ctx, func(tx *sqlx.Tx) (err error) {
		d, err = publication.Issue(ctx, tx, c, draft, publication.Note{ZH: k.Note, EN: k.NoteEN}, k.By, now)
		return err
	})
	if err != nil {
		return refusedReport(err)
	}
	_, err = fmt.Fprintf(out, "№ %s, version %d: %s/c/%s/documents/%s\n", d.Serial(), d.Version, k.BaseURL, c.Slug, d.Serial())
	return err
}

// refusedReport says why a report cannot be issued.
func refusedReport(err error) error {
	switch {
	case errors.Is(err, publication.ErrOpen):
		return failed("A month of it is open: close it first (fund close).", "有月份还没关账，先关账（fund close）。")
	case errors.Is(err, publication.ErrEmpty):
		return failed("These months have no entries.", "这些月份没有账。")
	case errors.Is(err, disclosure.ErrAlready):
		return failed("It is issued already. To put it right, say what changed with --note.", "已经发布过了。要更正，用 --note 写明更正了什么。")
	case errors.Is(err, disclosure.ErrNotFound):
		return failed("It was never issued: leave --note out.", "还没有发布过，不用写 --note。")
	}
	return err
}

type listReportsCmd struct {
	databaseFlags `embed:""`
	Community     string `placeholder:"SLUG" help:"Whose reports; may be left out where there is one community."`
	Lang          string `default:"zh" enum:"zh,en" help:"zh or en."`
}

// Run lists what was issued, the newest first, and the digests of the PDFs.
func (k *listReportsCmd) Run(ctx context.Context, out io.Writer) error {
	e, err := k.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	c, err := onlyCommunity(ctx, e, k.Community)
	if err != nil {
		return err
	}
	shelf, err := disclosure.Shelf(ctx, e.app, c.ID)
	if err != nil {
		return err
	}
	lang, _ := i18n.ParseLang(k.Lang)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, d := range shelf {
		for _, one := range d.Drawings {
			if _, err := fmt.Fprintf(w, "%s\tv%d\t%s\t%s\t%s\t%x\n", d.Serial(), d.Version, d.PublishedOn.Format(time.DateOnly), issue.DocumentTitle(lang, d.Document), one.Lang, one.PDFSum); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}
