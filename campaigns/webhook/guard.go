package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// errPrivate: a name led to an address that is not everybody's.
var errPrivate = errors.New("webhook: not a public address")

// callMax is how long one call may take, answer and all.
const callMax = 10 * time.Second

// Guarded is a client that connects to public addresses alone, looked at after the name was resolved and right before the
// connection is made, so that no name can lead inside; it follows no redirect and no proxy. private lets a test reach its own
// machine.
func Guarded(private bool) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	if !private {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			where, err := netip.ParseAddrPort(address)
			if err != nil || !Public(where.Addr()) {
				return errPrivate
			}
			return nil
		}
	}
	return &http.Client{
		Timeout:       callMax,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: callMax, MaxResponseHeaderBytes: 16 << 10,
			DisableKeepAlives: true, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		},
	}
}

// inside are the networks that are nobody's on the open Internet, beside those that netip knows by name: RFC 6890.
var inside = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10")

func prefixes(all ...string) (some []netip.Prefix) {
	for _, one := range all {
		some = append(some, netip.MustParsePrefix(one))
	}
	return some
}

// Public tells whether an address is one of the open Internet.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.Zone() != "" {
		return false
	}
	for _, p := range inside {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// problemOf is a word for why a call did not get through; what the error says may name addresses and stays out of the log.
func problemOf(err error) string {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		record    tls.RecordHeaderError
		invalid   x509.CertificateInvalidError
		name      *net.DNSError
		slow      net.Error
	)
	switch {
	case errors.Is(err, errPrivate):
		return "private"
	case errors.As(err, &authority), errors.As(err, &host), errors.As(err, &record), errors.As(err, &invalid):
		return "certificate"
	case errors.As(err, &name):
		return "name"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return "slow"
	}
	return "connection"
}
