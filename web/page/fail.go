package page

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/web/i18n"
)

var (
	// ErrNotFound is for a handler that looked and found nothing, or nothing this reader may know of: the same 404.
	ErrNotFound = errors.New("page: not found")
	// ErrNotAllowed is somebody signed in who may not do this.
	ErrNotAllowed = errors.New("page: not allowed")
	// ErrUnreadable is a body that is not what its type says.
	ErrUnreadable = errors.New("page: unreadable request")
)

// TooMany refuses for a while: 429 with Retry-After.
type TooMany struct{ RetryAfter time.Duration }

func (e TooMany) Error() string { return "page: too many requests, again in " + e.RetryAfter.String() }

// Seconds until another try, at least 1.
func (e TooMany) Seconds() int { return max(1, int(math.Ceil(e.RetryAfter.Seconds()))) }

// TooLarge refuses a body over a limit: 413.
type TooLarge struct{ Limit int }

func (e TooLarge) Error() string { return fmt.Sprintf("page: body over %d bytes", e.Limit) }

// Size writes the limit for people: 64 KB, 20 MB.
func (e TooLarge) Size() string {
	if e.Limit >= 1<<20 {
		return strconv.Itoa(e.Limit>>20) + " MB"
	}
	return strconv.Itoa(e.Limit>>10) + " KB"
}

// meaning is what an error means to a reader: a status, and the key of a message with .title and .text.
type meaning struct {
	err    error
	status int
	key    string
}

var (
	meaningsMu sync.RWMutex
	meanings   = []meaning{
		{ErrNotFound, fiber.StatusNotFound, "error.missing"},
		{ErrNotAllowed, fiber.StatusForbidden, "error.refused"},
		{ErrForged, fiber.StatusForbidden, "error.stale"},
		{ErrUnreadable, fiber.StatusBadRequest, "error.unreadable"},
		{context.DeadlineExceeded, fiber.StatusServiceUnavailable, "error.slow"},
		{context.Canceled, fiber.StatusServiceUnavailable, "error.slow"},
	}
	byStatus = map[int]string{
		fiber.StatusBadRequest:            "error.unreadable",
		fiber.StatusUnauthorized:          "error.signin",
		fiber.StatusForbidden:             "error.refused",
		fiber.StatusNotFound:              "error.missing",
		fiber.StatusMethodNotAllowed:      "error.method",
		fiber.StatusRequestEntityTooLarge: "error.large",
		fiber.StatusUnprocessableEntity:   "error.unreadable",
		fiber.StatusServiceUnavailable:    "error.away",
	}
)

// Meaning registers what a sentinel of a domain package means to a reader, so that the package need not know of HTTP.
// The message <key>.title says what happened, <key>.text what to do next; where one sentence does, it is <key> itself. Call it
// from an init of the handlers.
//
//	page.Meaning(ledger.ErrPeriodClosed, 409, "error.closed")
func Meaning(err error, status int, key string) {
	meaningsMu.Lock()
	defer meaningsMu.Unlock()
	meanings = append(meanings, meaning{err, status, key})
}

// Meanings lists the keys of all that is registered, for the test that looks for their words.
func Meanings() (keys []string) {
	meaningsMu.RLock()
	defer meaningsMu.RUnlock()
	for _, m := range meanings {
		keys = append(keys, m.key)
	}
	return keys
}

// Elsewhere registers a sentinel that sends a person to another page, such as the log-in page; a program is told instead,
// so it needs a Meaning too.
//
//	page.Elsewhere(auth.ErrNotLoggedIn, auth.LogInURL)
func Elsewhere(err error, to func(*fiber.Ctx) string) {
	meaningsMu.Lock()
	defer meaningsMu.Unlock()
	elsewheres = append(elsewheres, elsewhere{err, to})
}

type elsewhere struct {
	err error
	to  func(*fiber.Ctx) string
}

var elsewheres []elsewhere

func leadsTo(c *fiber.Ctx, err error) string {
	meaningsMu.RLock()
	defer meaningsMu.RUnlock()
	for _, e := range elsewheres {
		if errors.Is(err, e.err) {
			return e.to(c)
		}
	}
	return ""
}

// failure is what the page error/failure and the JSON answer show.
type failure struct {
	Status    int          `json:"-"`
	Key       string       `json:"error"`
	Title     string       `json:"title"`
	Text      string       `json:"detail"`
	RequestID string       `json:"request_id,omitempty"`
	Fields    []WrongField `json:"fields,omitempty"`
	Back      string       `json:"-"` // the page that led here; empty where none did
	again     time.Duration
}

// Fail is the one place that turns an error into a response. Nothing of the error's own text is shown.
func Fail(c *fiber.Ctx, err error) error {
	if !wantsJSON(c) {
		if to := leadsTo(c, err); to != "" {
			return c.Redirect(to, fiber.StatusSeeOther)
		}
	}
	f := explain(Of(c), err)
	if f.Status >= fiber.StatusInternalServerError {
		log := slog.Default()
		if s, ok := c.Locals(siteKey{}).(*Site); ok {
			log = s.log
		}
		log.Error("request failed", "id", Of(c).RequestID, "route", c.Route().Path, "status", f.Status, "err", err)
	}
	if f.again > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(TooMany{f.again}.Seconds()))
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if isData(c) {
		return f.problem(c)
	}
	if wantsJSON(c) {
		return c.Status(f.Status).JSON(f)
	}
	f.Back = cameFrom(c)
	if _, attached := c.Locals(siteKey{}).(*Site); attached {
		if err := RenderStatus(c, f.Status, "error/failure", f); err == nil {
			return nil
		}
	}
	return c.Status(f.Status).SendString(f.Title + "\n" + f.Text + "\n")
}

// cameFrom is the page of this site that a refused request came from.
func cameFrom(c *fiber.Ctx) string {
	from, err := url.Parse(c.Get(fiber.HeaderReferer))
	if err != nil || from.Host != c.Hostname() || c.Method() == fiber.MethodGet && from.Path == c.Path() {
		return ""
	}
	return from.RequestURI()
}

func explain(r *Reader, err error) failure {
	f := failure{Status: fiber.StatusInternalServerError, Key: "error.broken", RequestID: r.RequestID}
	var (
		pairs  []any
		many   TooMany
		large  TooLarge
		fields *WrongFields
		fiberE *fiber.Error
	)
	switch {
	case errors.As(err, &fields):
		f.Status, f.Key, f.Fields = fiber.StatusUnprocessableEntity, "error.fields", fields.Fields
	case errors.As(err, &many):
		f.Status, f.Key, f.again, pairs = fiber.StatusTooManyRequests, "error.busy", many.RetryAfter, []any{"count", many.Seconds()}
	case errors.As(err, &large):
		f.Status, f.Key, pairs = fiber.StatusRequestEntityTooLarge, "error.large", []any{"limit", large.Size()}
	case meant(err, &f):
	case errors.As(err, &fiberE):
		f.fromStatus(fiberE.Code)
		pairs = []any{"limit", "64 KB"}
	}
	if f.Status == fiber.StatusServiceUnavailable {
		f.again = 30 * time.Second
	}
	if !i18n.Has(f.Key + ".title") { // a refusal of one sentence
		f.Title, f.Text = r.T(f.Key), r.T("error.nothing_done")
		return f
	}
	f.Title, f.Text = r.T(f.Key+".title"), r.T(f.Key+".text", pairs...)
	return f
}

func meant(err error, f *failure) bool {
	meaningsMu.RLock()
	defer meaningsMu.RUnlock()
	for _, m := range meanings {
		if errors.Is(err, m.err) {
			f.Status, f.Key = m.status, m.key
			return true
		}
	}
	return false
}

func (f *failure) fromStatus(status int) {
	if key, ok := byStatus[status]; ok {
		f.Status, f.Key = status, key
	} else if status >= fiber.StatusBadRequest && status < fiber.StatusInternalServerError {
		f.Status, f.Key = status, "error.unreadable" // a header too long, a reader too slow: theirs, not ours
	}
}

// wantsJSON tells a program from a person: by path, or by asking for JSON and not for a page.
func wantsJSON(c *fiber.Ctx) bool {
	if isData(c) {
		return true
	}
	accept := c.Get(fiber.HeaderAccept)
	return strings.Contains(accept, "json") && !strings.Contains(accept, "html")
}

// isData tells that the address is one of open data, where only programs read.
func isData(c *fiber.Ctx) bool {
	p := c.Path()
	return strings.HasPrefix(p, "/api/") || p == "/api"
}

// ProblemType is the type of an answer to a program that is none (RFC 9457).
const ProblemType = "application/problem+json"

// problem tells a program what is wrong. The type is a name that stays the same in every language.
func (f failure) problem(c *fiber.Ctx) error {
	said := struct {
		Type   string `json:"type"`
		Status int    `json:"status"`
		failure
	}{"urn:fund:" + strings.ReplaceAll(f.Key, ".", ":"), f.Status, f}
	switch r := Of(c); f.Key { // the page's words are about pages and forms
	case "error.missing":
		said.Title, said.Text = r.T("error.data.missing.title"), r.T("error.data.missing.text")
	case "error.fields":
		said.Title, said.Text = r.T("error.data.fields.title"), r.T("error.data.fields.text")
	}
	return c.Status(f.Status).JSON(said, ProblemType)
}
