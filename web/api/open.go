package api

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/page"
)

// Root is where the open data begins. What stands below it keeps its meaning: fields are added, never changed; what must
// change begins at /api/v2.
const Root = "/api/v1"

func init() {
	page.Meaning(transparency.ErrNoneSealed, fiber.StatusNotFound, "error.missing")
}

// Data lets programs read what the public pages show. It knows no reader: no cookie, no key, the same answer for everybody.
type Data struct {
	Read *sqlx.DB // a standby for reading, or the primary
	Now  func() time.Time

	readings readings
}

// request is one look at a community's books, all of it at one instant.
type request struct {
	context.Context
	ledger.Community
	query
	q    sqlx.QueryerContext
	now  time.Time
	site *page.Site
	fund map[int]string // codes by id, once asked for
}

// answer is what an operation found.
type answer struct {
	body    any
	changed time.Time // the newest thing in it; zero: not known
	after   string    // where the next page begins; empty: there is none
}

// reading is the connections that programs may hold at once, so that their questions leave some for everybody else.
var reading = make(chan struct{}, 6)

// Serve is the handler of the operation of a name.
func (d *Data) Serve(name string) fiber.Handler {
	op, ok := operationNamed(name)
	if !ok {
		panic("api: no operation is named " + name)
	}
	return func(c *fiber.Ctx) error {
		d.open(c)
		if err := d.readings.count(c, d.Now()); err != nil {
			return err
		}
		asked, err := op.read(c)
		if err != nil {
			return err
		}
		return page.Data(c, func() (page.Answer, error) { return d.look(c, op, asked) })
	}
}

// look answers one operation from the books.
func (d *Data) look(c *fiber.Ctx, op operation, asked query) (out page.Answer, err error) {
	ctx := c.UserContext()
	select {
	case reading <- struct{}{}:
		defer func() { <-reading }()
	case <-ctx.Done():
		return out, ctx.Err()
	}
	tx, err := d.Read.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return out, err
	}
	defer tx.Rollback()                                                  //nolint:errcheck // it only read
	if _, err = tx.ExecContext(ctx, `SET LOCAL jit = off`); err != nil { // it costs more than such a query
		return out, err
	}
	r := &request{Context: ctx, query: asked, q: tx, now: d.Now(), site: page.SiteOf(c)}
	if known := page.Of(c).Community; known != nil {
		if r.Community, err = ledger.FindCommunity(ctx, tx, known.Slug); err != nil {
			return out, err
		}
	}
	found, err := op.serve(r)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err() // what PostgreSQL says of a cancelled statement helps nobody
		}
		return out, err
	}
	return r.encode(c, found)
}

// encode writes an answer, with the address of the next page where there is one.
func (r *request) encode(c *fiber.Ctx, found answer) (out page.Answer, err error) {
	if listed, ok := found.body.(pager); ok && found.after != "" {
		next := r.next(c, found.after)
		listed.goOn(next)
		out.Link = "<" + next + `>; rel="next"`
	}
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	if err = w.Encode(found.body); err != nil {
		return out, fmt.Errorf("api: %s: %w", c.Path(), err)
	}
	out.Body, out.Type, out.Changed = b.Bytes(), fiber.MIMEApplicationJSONCharsetUTF8, found.changed
	return out, nil
}

func (r *request) next(c *fiber.Ctx, after string) string {
	values, _ := url.ParseQuery(page.Of(c).Query) // it was read once
	values.Set("after", after)
	return r.site.URL(c.Path() + "?" + values.Encode())
}

// link is the address of a page of the community.
func (r *request) link(path string) string {
	return r.site.URL("/c/" + url.PathEscape(r.Slug) + path)
}

// fundCode is a fund's code by its id.
func (r *request) fundCode(id int) (string, error) {
	if r.fund == nil {
		funds, err := ledger.ListFunds(r, r.q, r.ID)
		if err != nil {
			return "", err
		}
		r.fund = make(map[int]string, len(funds))
		for _, f := range funds {
			r.fund[f.ID] = f.Code
		}
	}
	return r.fund[id], nil
}

// open lets pages of other sites read an answer, without anybody's cookies.
func (d *Data) open(c *fiber.Ctx) {
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set(fiber.HeaderAccessControlExposeHeaders, "ETag, Last-Modified, Link, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After")
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// Preflight tells a browser what pages of other sites may ask.
func (d *Data) Preflight(c *fiber.Ctx) error {
	d.open(c)
	c.Set(fiber.HeaderAccessControlAllowMethods, "GET, HEAD, OPTIONS")
	c.Set(fiber.HeaderAccessControlAllowHeaders, "Accept, Accept-Language, If-None-Match")
	c.Set(fiber.HeaderAccessControlMaxAge, "86400")
	c.Set(fiber.HeaderAllow, "GET, HEAD, OPTIONS")
	return c.SendStatus(fiber.StatusNoContent)
}
