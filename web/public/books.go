package public

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/report"
	"fund/ledger/transparency"
	"fund/web/page"
)

func init() {
	for _, err := range []error{project.ErrNotFound, transparency.ErrNoneSealed} {
		page.Meaning(err, fiber.StatusNotFound, "error.missing")
	}
	page.Meaning(report.ErrBackwards, fiber.StatusNotFound, "error.missing")
	page.Meaning(transparency.ErrNotSealed, fiber.StatusConflict, "error.unsealed")
}

// books is a reader's look at a community's books: everything on one page is read at one instant, so that its figures
// agree while others post.
type books struct {
	context.Context
	ledger.Community
	q sqlx.QueryerContext
	r *page.Reader
}

// kept answers with a page drawn from the books, the same for everybody.
func (p *Pages) kept(c *fiber.Ctx, name string, read func(b books) (any, error)) error {
	return page.Cached(c, name, func() (view any, err error) {
		err = p.snapshot(c, func(b books) error {
			view, err = read(b)
			return err
		})
		return view, err
	})
}

func (p *Pages) snapshot(c *fiber.Ctx, read func(b books) error) error {
	return p.snapshotIn(c.UserContext(), page.Of(c), read)
}

func (p *Pages) snapshotIn(ctx context.Context, r *page.Reader, read func(b books) error) error {
	err := ledger.AtOneMoment(ctx, p.Read, func(tx *sqlx.Tx) error {
		community, err := ledger.FindCommunity(ctx, tx, r.Community.Slug)
		if err != nil {
			return err
		}
		return read(books{ctx, community, tx, r})
	})
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // what PostgreSQL says of a cancelled statement helps nobody
	}
	return err
}

// year is a year of the books, and the others to choose from.
type year struct {
	Year    int
	Others  []ledger.BookYear // with entries, the newest first
	Current bool              // it has not ended
	Entries int
}

// From is the year's first day, To its last.
func (y year) From() time.Time { return ledger.Day(y.Year, time.January, 1) }
func (y year) To() time.Time   { return ledger.Day(y.Year, time.December, 31) }

// pickYear reads ?year=; without it the newest year that has begun and has entries. ErrNotFound for one without.
func (b books) pickYear(asked string, now time.Time) (y year, err error) {
	y.Others, err = ledger.Years(b, b.q, b.ID)
	if err != nil {
		return y, err
	}
	this := b.Day(now).Year()
	y.Year = this
	for _, other := range y.Others {
		if other.Year <= this {
			y.Year = other.Year
			break
		}
	}
	if asked != "" && asked != fmt.Sprint(y.Year) {
		y.Year = 0
		for _, other := range y.Others {
			if fmt.Sprint(other.Year) == asked {
				y.Year = other.Year
			}
		}
		if y.Year == 0 {
			return y, page.ErrNotFound
		}
	}
	for _, other := range y.Others {
		if other.Year == y.Year {
			y.Entries = other.Entries
		}
	}
	y.Current = y.Year == this
	return y, nil
}

// monthIn reads 2017-12, and a day in it.
func monthIn(s string) (time.Time, bool) {
	if len(s) > len("2006-01") {
		s = s[:len("2006-01")]
	}
	t, err := time.Parse("2006-01", s)
	return t, err == nil
}

// below is an address below the community with a query; empty values are left out.
func (b books) below(path string, pairs ...string) string { return b.r.URL(path) + query(pairs...) }

func query(pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}
