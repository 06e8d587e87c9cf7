package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"fund/campaigns/outbox"
	"fund/web/mail"
	"fund/web/mail/mailtest"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		server, from string
		want         error
		on           bool
	}{
		{"", "", nil, false},
		{"", "gongzhang@fund.test", nil, false},
		{"smtp://mail.example.org", "gongzhang@fund.test", nil, true},
		{"smtp://user:p%40ss@mail.example.org:587", "gongzhang@fund.test", nil, true},
		{"smtps://mail.example.org:465/", "gongzhang@fund.test", nil, true},
		{"smtp://[::1]:2525", "gongzhang@fund.test", nil, true},
		{"smtp://mail.example.org", "", mail.ErrSender, false},
		{"smtp://mail.example.org", "公账 <gongzhang@fund.test>", mail.ErrSender, false},
		{"mail.example.org:587", "gongzhang@fund.test", mail.ErrServer, false},
		{"https://mail.example.org", "gongzhang@fund.test", mail.ErrServer, false},
		{"smtp://", "gongzhang@fund.test", mail.ErrServer, false},
		{"smtp://mail.example.org/inbox", "gongzhang@fund.test", mail.ErrServer, false},
		{"smtp://mail.example.org?tls=none", "gongzhang@fund.test", mail.ErrServer, false},
		{"smtp://user:secret@mail.example.org:port", "gongzhang@fund.test", mail.ErrServer, false},
	} {
		p, err := mail.New(mail.Options{BaseURL: "https://fund.test", Server: c.server, From: c.from})
		if !errors.Is(err, c.want) || err == nil && p.On() != c.on {
			t.Errorf("%q from %q: %v", c.server, c.from, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}

func TestWithoutAServerSendDoesNothing(t *testing.T) {
	t.Parallel()
	o := open(t, func(options *mail.Options) { options.Server = "" })
	if err := o.send(t, receiptFor("", "zhou@example.org")); err != nil || o.post.On() || len(o.log(t)) != 0 {
		t.Errorf("%v, %d in the log", err, len(o.log(t)))
	}
}

// vouched makes a certificate for this machine's address, and who vouches for it.
func vouched(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "catcher"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, &form, &form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestTheServersCertificateIsVerified(t *testing.T) {
	t.Parallel()
	certificate, pool := vouched(t)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	box := mailtest.CatchOn(t, listener, nil)
	address := "smtps" + strings.TrimPrefix(box.URL(), "smtp")
	stranger := open(t, func(options *mail.Options) { options.Server = address })
	err = stranger.send(t, receiptFor("", "zhou@example.org"))
	if err == nil || errors.Is(err, outbox.ErrHopeless) || !strings.Contains(err.Error(), "certificate") || box.Tries() != 0 {
		t.Errorf("a certificate nobody vouches for: %v", err)
	}
	known := open(t, func(options *mail.Options) { options.Server, options.Roots = address, pool })
	if err := known.send(t, receiptFor("", "zhou@example.org")); err != nil || len(box.Letters()) != 1 {
		t.Errorf("a certificate that is vouched for: %v", err)
	}
}

// Under a name that does not say that it is this machine, nothing goes over the wire before TLS: no letter and no password.
func TestSTARTTLSIsRequired(t *testing.T) {
	t.Parallel()
	named := func(box *mailtest.Catcher) string {
		return strings.Replace(box.URL(), "smtp://127.0.0.1:", "smtp://fund:secret@LOCALHOST:", 1)
	}
	plain := mailtest.Catch(t)
	o := open(t, func(options *mail.Options) { options.Server = named(plain) })
	err := o.send(t, receiptFor("", "zhou@example.org"))
	if err == nil || errors.Is(err, outbox.ErrHopeless) || !strings.Contains(err.Error(), "STARTTLS") || plain.Tries() != 0 || plain.Login() != "" {
		t.Errorf("a server without TLS: %v, logged in as %q", err, plain.Login())
	}
	certificate, pool := vouched(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	secure := mailtest.CatchOn(t, listener, func(s *smtp.Server) {
		s.TLSConfig, s.AllowInsecureAuth = &tls.Config{Certificates: []tls.Certificate{certificate}}, false
	})
	o = open(t, func(options *mail.Options) { options.Server, options.Roots = named(secure), pool })
	if err := o.send(t, receiptFor("", "zhou@example.org")); err != nil || len(secure.Letters()) != 1 || secure.Login() != "fund secret" {
		t.Errorf("a server with STARTTLS: %v, logged in as %q", err, secure.Login())
	}
}

// A wrong password is the operator's to mend, not the end of every letter.
func TestAPasswordThatIsRefusedLetsLettersWait(t *testing.T) {
	t.Parallel()
	box := mailtest.Catch(t)
	o := open(t, func(options *mail.Options) { options.Server = strings.Replace(box.URL(), "://", "://fund:wrong@", 1) })
	err := o.send(t, receiptFor("", "zhou@example.org"))
	if err == nil || errors.Is(err, outbox.ErrHopeless) || !strings.Contains(err.Error(), "535") || strings.Contains(err.Error(), "wrong") {
		t.Errorf("got %v", err)
	}
}
