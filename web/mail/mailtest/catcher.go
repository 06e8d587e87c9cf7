package mailtest

import (
	"errors"
	"io"
	"log"
	"net"
	"net/mail"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Caught is a letter as it came over the wire.
type Caught struct {
	From, To string // of the envelope
	Header   mail.Header
	Subject  string // decoded
	Text     string // the plain part
	HTML     string
	Files    []File
	Raw      string
}

// File is an attachment.
type File struct {
	Name, Type string
	Data       []byte
}

// Fate is what the catcher does with a letter.
type Fate func(to string) Deed

// Deed is one thing that may happen to a letter.
type Deed int

// What may happen to a letter.
const (
	Take     Deed = iota
	Refuse        // for ever, at the recipient: 550, with the address in the answer as servers do
	Defer         // for now, at the recipient: 451
	RefuseIt      // for ever, after the text: 554
	Lose          // keep it, and hang up before the answer
	HangUp        // hang up at the recipient
	Stall         // never answer the recipient, until the test ends
)

// Catcher is an SMTP server for a test.
type Catcher struct {
	listener net.Listener
	server   *smtp.Server
	ended    chan struct{}

	mu     sync.Mutex
	caught []Caught
	fate   Fate
	tries  int
	login  string
	more   chan struct{} // closed and renewed when a letter comes
}

// Catch starts a catcher that ends with the test.
func Catch(t testing.TB) *Catcher {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return CatchOn(t, listener, nil)
}

// CatchOn starts a catcher on a listener of the test's own, such as one with TLS; change may alter the server before it starts.
func CatchOn(t testing.TB, listener net.Listener, change func(*smtp.Server)) *Catcher {
	t.Helper()
	c := &Catcher{listener: listener, ended: make(chan struct{}), more: make(chan struct{})}
	c.server = smtp.NewServer(smtp.BackendFunc(func(conn *smtp.Conn) (smtp.Session, error) { return &session{catcher: c, conn: conn}, nil }))
	c.server.Domain, c.server.AllowInsecureAuth, c.server.EnableSMTPUTF8 = "catcher.test", true, true
	c.server.MaxMessageBytes, c.server.ErrorLog = 10<<20, log.New(io.Discard, "", 0)
	if change != nil {
		change(c.server)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = c.server.Serve(listener) }()
	t.Cleanup(func() {
		close(c.ended)
		_ = c.server.Close()
		<-done
	})
	return c
}

// URL is the catcher's address, for mail.Options.Server.
func (c *Catcher) URL() string { return "smtp://" + c.listener.Addr().String() }

// Do decides what happens to letters from now on; nil takes them all.
func (c *Catcher) Do(f Fate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fate = f
}

// Always is the same fate for every letter.
func Always(d Deed) Fate { return func(string) Deed { return d } }

// Letters are all that were caught so far.
func (c *Catcher) Letters() []Caught {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.caught)
}

// Tries counts the letters that anybody began to send.
func (c *Catcher) Tries() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tries
}

// Wait returns all letters once there are n, and fails the test if there are not within 20 s.
func (c *Catcher) Wait(t testing.TB, n int) []Caught {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		c.mu.Lock()
		all, more := slices.Clone(c.caught), c.more
		c.mu.Unlock()
		if len(all) >= n {
			return all
		}
		select {
		case <-more:
		case <-late:
			t.Fatalf("%d letters came, want %d", len(all), n)
		}
	}
}

// Login is who logged in last, as "user password"; the catcher refuses the password "wrong".
func (c *Catcher) Login() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.login
}

func (c *Catcher) admit(_, user, password string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if password == "wrong" {
		return smtp.ErrAuthFailed
	}
	c.login = user + " " + password
	return nil
}

func (c *Catcher) deed(to string) Deed {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tries++
	if c.fate == nil {
		return Take
	}
	return c.fate(to)
}

func (c *Catcher) keep(letter Caught) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.caught = append(c.caught, letter)
	close(c.more)
	c.more = make(chan struct{})
}

// session is one connection.
type session struct {
	catcher  *Catcher
	conn     *smtp.Conn
	from, to string
	deed     Deed
}

func (s *session) Reset()        { s.from, s.to, s.deed = "", "", Take }
func (s *session) Logout() error { return nil }

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) { return sasl.NewPlainServer(s.catcher.admit), nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

var errHungUp = errors.New("hung up")

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to, s.deed = to, s.catcher.deed(to)
	switch s.deed {
	case Refuse:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "<" + to + ">: no such user"}
	case Defer:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "<" + to + ">: mailbox busy, try later"}
	case HangUp:
		_ = s.conn.Conn().Close()
		return errHungUp
	case Stall:
		<-s.catcher.ended
		return errHungUp
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.deed == RefuseIt {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "looks like spam"}
	}
	letter, err := read(string(raw))
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "not a letter: " + err.Error()}
	}
	letter.From, letter.To = s.from, s.to
	s.catcher.keep(letter)
	if s.deed == Lose {
		_ = s.conn.Conn().Close()
		return errHungUp
	}
	return nil
}
