package payment

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
)

// ErrSetting is a setting of a provider that is missing or cannot be used. The errors that are it say which, and what belongs
// there; several are joined, a line each.
var ErrSetting = errors.New("payment: a setting is missing or wrong")

// settingError is an ErrSetting in the operator's words alone.
type settingError struct{ name, what string }

func (e settingError) Error() string        { return e.name + " " + e.what }
func (e settingError) Is(target error) bool { return target == ErrSetting }

// settings reads what the operator set in the environment: NAME holds a value, or NAME_FILE the path of a file with it. It
// collects everything that is wrong, so that the operator reads it all at once.
type settings struct {
	getenv func(name string) string
	prefix string // of every name
	found  bool   // anything at all
	errs   []error
}

// optional returns "" where nothing is set.
func (s *settings) optional(name string) string {
	name = s.prefix + name
	value, path := s.getenv(name), s.getenv(name+"_FILE")
	s.found = s.found || value != "" || path != ""
	if value != "" && path != "" {
		s.wrong(name, "is set, and so is "+name+"_FILE; keep one")
	}
	if value == "" && path != "" {
		text, err := os.ReadFile(path)
		value = string(text)
		if err != nil {
			s.wrong(name+"_FILE", err.Error())
		} else if strings.TrimSpace(value) == "" {
			s.wrong(name+"_FILE", path+" is empty")
		}
	}
	return strings.TrimSpace(value)
}

// required says what belongs there where nothing is set.
func (s *settings) required(name, what string) string {
	before := len(s.errs)
	value := s.optional(name)
	if value == "" && len(s.errs) == before {
		s.wrong(s.prefix+name, "is not set: "+what)
	}
	return value
}

// parsed is a required setting that parse has to understand.
func parsed[T any](s *settings, name, what string, parse func(string) (T, error)) (v T) {
	text := s.required(name, what)
	if text == "" {
		return v
	}
	v, err := parse(text)
	if err != nil {
		s.wrong(s.prefix+name, fmt.Sprintf("is not %s: %v", what, err))
	}
	return v
}

// gateway is where the company answers: always https, unless it is on this very machine.
func (s *settings) gateway(fallback string) string {
	text := s.optional("URL")
	if text == "" {
		return fallback
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && net.ParseIP(u.Hostname()).IsLoopback()) {
		s.wrong(s.prefix+"URL", "is not an https address")
	}
	return strings.TrimSuffix(text, "/")
}

func (s *settings) wrong(name, what string) {
	s.errs = append(s.errs, settingError{name, what})
}

// err is ErrNotConfigured where nothing is set.
func (s *settings) err() error {
	if !s.found {
		return ErrNotConfigured
	}
	return errors.Join(s.errs...)
}
