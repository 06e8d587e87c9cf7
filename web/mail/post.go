package mail

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	gomail "github.com/wneessen/go-mail"

	"fund/campaigns/outbox"
	"fund/ledger"
)

// Options are what a Post is made from.
type Options struct {
	DB      *sqlx.DB
	BaseURL string         // where readers reach the site; letters link to nowhere else
	Server  string         // smtp://user:password@host:587 or smtps://host:465; empty: no mail
	From    string         // the sender's address; the name beside it is the community's
	Keep    bool           // the demo: send nothing, and keep every letter for Kept
	Roots   *x509.CertPool // who may vouch for the server; nil: whom this machine trusts
	Wait    time.Duration  // for the server to be ready, and then for it to take a letter; 10 s
	Log     *slog.Logger
	Now     func() time.Time
}

// ErrSender: the sender's address is none.
var ErrSender = errors.New("mail: not a sender's address")

// Post sends letters. Several goroutines may use it at once.
type Post struct {
	db     *sqlx.DB
	base   string
	from   *mail.Address
	server *server // nil: nothing is sent
	keep   bool
	log    *slog.Logger
	now    func() time.Time
}

// New reads the options. Where they name no server and do not Keep, the Post is off. ErrServer, ErrSender.
func New(o Options) (*Post, error) {
	p := &Post{db: o.DB, base: strings.TrimRight(o.BaseURL, "/"), keep: o.Keep, log: o.Log, now: o.Now}
	if p.log == nil {
		p.log = slog.Default()
	}
	if p.now == nil {
		p.now = time.Now
	}
	if o.Wait == 0 {
		o.Wait = patience
	}
	if o.Server == "" && !o.Keep {
		return p, nil
	}
	var ok bool
	if p.from, ok = (Person{Address: o.From}).address(); !ok {
		return nil, ErrSender
	}
	var err error
	if !o.Keep {
		p.server, err = parseServer(o.Server, o.Roots, o.Wait)
	}
	return p, err
}

// On tells whether letters are sent, or in the demo kept.
func (p *Post) On() bool { return p.server != nil || p.keep }

// ErrAddress: nobody can be reached at the letter's address.
var ErrAddress = fmt.Errorf("mail: not an address: %w", outbox.ErrHopeless)

// Send composes a letter and hands it to the server, unless it is known to be there already. It may be called again with the
// same Key: the Message-ID is the same, so that a letter whose answer was lost is recognised where it arrives twice. An error
// that wraps outbox.ErrHopeless is for ever (the address is none, the server refused the letter); after any other a later try
// may help. Errors hold nobody's address. Where no mail is configured Send does nothing.
func (p *Post) Send(ctx context.Context, c ledger.Community, l Letter) (err error) {
	if !p.On() {
		return nil
	}
	to, ok := l.To.address()
	if !ok {
		return ErrAddress
	}
	sent, err := p.delivered(ctx, c.ID, l.Key)
	if err != nil || sent {
		return err
	}
	answers, err := ReplyTo(ctx, p.db, c.ID)
	if err != nil {
		return err
	}
	written, err := p.compose(c, l)
	if err != nil {
		return fmt.Errorf("%w: %w", outbox.ErrHopeless, err)
	}
	m, err := p.envelope(c, l, written, to, answers)
	if err != nil {
		return fmt.Errorf("%w: %w", outbox.ErrHopeless, err)
	}
	if p.keep {
		return p.put(ctx, c.ID, l, written, m)
	}
	err = p.server.send(ctx, m, p.from)
	p.note(ctx, c.ID, l, err)
	return err
}

// envelope gives a composed letter its headers and parts.
func (p *Post) envelope(c ledger.Community, l Letter, written composed, to *mail.Address, answers string) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	_, domain, _ := strings.Cut(p.from.Address, "@")
	m.SetMessageIDWithValue(l.Key.String() + "@" + domain)
	m.SetDateWithValue(p.now())
	m.FromMailAddress(&mail.Address{Name: line(c.Name(string(l.Lang))), Address: p.from.Address})
	m.ToMailAddress(to)
	if reply, ok := (Person{Name: c.Name(string(l.Lang)), Address: answers}).address(); ok {
		m.ReplyToMailAddress(reply)
	}
	m.Subject(written.subject)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("Content-Language", string(l.Lang))
	if l.Unsubscribe != "" {
		m.SetListUnsubscribe(p.base + l.Unsubscribe)
		m.SetListUnsubscribePost()
	}
	m.SetBodyString(gomail.TypeTextPlain, written.text)
	m.AddAlternativeString(gomail.TypeTextHTML, written.html)
	for _, f := range l.Files {
		if err := m.AttachReader(line(f.Name), bytes.NewReader(f.Data), gomail.WithFileContentType(gomail.ContentType(f.Type))); err != nil {
			return nil, fmt.Errorf("mail: attach %s: %w", f.Type, err)
		}
	}
	return m, nil
}
