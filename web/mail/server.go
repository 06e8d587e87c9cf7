package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"fund/campaigns/outbox"
)

// ErrServer: the server's address is not smtp:// or smtps:// with a host.
var ErrServer = errors.New("mail: not an SMTP server's address")

// patience is how long a server may take until it is ready for a letter, and then once more for the letter: together less
// than the outbox gives an attempt, so that no other worker begins the same letter meanwhile.
const patience = 10 * time.Second

// server is the SMTP server that takes our letters.
type server struct {
	host    string
	options []gomail.Option
}

// parseServer reads smtp://user:password@host:port, where STARTTLS is required unless the host is this machine, or
// smtps:// with TLS from the first byte.
func parseServer(address string, roots *x509.CertPool, patience time.Duration) (*server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || u.RawQuery != "" || strings.Trim(u.Path, "/") != "" {
		return nil, ErrServer // without the address: it may hold a password
	}
	s := &server{host: u.Hostname()}
	verified := &tls.Config{ServerName: s.host, RootCAs: roots, MinVersion: tls.VersionTLS12}
	port, security := 587, gomail.WithTLSPolicy(gomail.TLSMandatory)
	switch {
	case u.Scheme == "smtps":
		port, security = 465, gomail.WithSSL()
	case loopback(s.host):
		port, security = 25, gomail.WithTLSPolicy(gomail.NoTLS)
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, ErrServer
		}
	}
	s.options = []gomail.Option{
		gomail.WithPort(port), security, gomail.WithTimeout(patience), gomail.WithoutNoop(),
		gomail.WithTLSConfig(verified),
	}
	if u.User != nil {
		password, _ := u.User.Password()
		auth := gomail.SMTPAuthAutoDiscover
		if u.Scheme == "smtp" && loopback(s.host) {
			auth = gomail.SMTPAuthPlainNoEnc
		}
		s.options = append(s.options, gomail.WithSMTPAuth(auth), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	_, err = gomail.NewClient(s.host, s.options...)
	return s, err
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// send hands a letter to the server. An error says what the server said, without anybody's address, and wraps
// outbox.ErrHopeless where the server said that it never will.
func (s *server) send(ctx context.Context, m *gomail.Msg, from *mail.Address) error {
	_, domain, _ := strings.Cut(from.Address, "@")
	client, err := gomail.NewClient(s.host, append(s.options, gomail.WithHELO(domain))...)
	if err != nil {
		return err
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("mail: the server is not reached: %s", withoutAddresses(err.Error()))
	}
	defer session.Close()
	err = client.SendWithSMTPClient(session, m)
	if err == nil || m.IsDelivered() { // what fails after the server took the letter is no failure of the letter
		_ = session.Quit()
		return nil
	}
	reason := withoutAddresses(err.Error())
	var refused *gomail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() >= 500 && refused.ErrorCode() < 600 {
		return fmt.Errorf("%w: the server refused the letter: %s", outbox.ErrHopeless, reason)
	}
	return fmt.Errorf("mail: not sent yet: %s", reason)
}

var (
	aboutLetter = regexp.MustCompile(`, affected (recipient|message).*`)
	somebodys   = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+`)
)

// reasonMost is the most of a reason that is kept, in characters.
const reasonMost = 400

// withoutAddresses is what a server said, fit for a log.
func withoutAddresses(said string) string {
	said = aboutLetter.ReplaceAllString(strings.ReplaceAll(line(said), `"`, ""), "")
	said = somebodys.ReplaceAllString(said, "…")
	if all := []rune(said); len(all) > reasonMost {
		return string(all[:reasonMost]) + "…"
	}
	return said
}
