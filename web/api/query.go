package api

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/web/page"
)

const (
	limitUsual = 100
	limitMax   = 500
	wordMax    = 80
)

// query is a question as it was read.
type query struct {
	words map[string]string
	days  map[string]time.Time // days and instants
	limit int
}

func (q query) word(name string) string   { return q.words[name] }
func (q query) day(name string) time.Time { return q.days[name] }

// read reads a question. What it does not know it refuses, so that nobody takes everything for what they meant to narrow.
func (op operation) read(c *fiber.Ctx) (query, error) {
	r, q := page.Of(c), query{words: map[string]string{}, days: map[string]time.Time{}, limit: limitUsual}
	var wrong page.WrongFields
	for name := range c.Request().URI().QueryArgs().All() {
		known := slices.ContainsFunc(op.Params, func(p param) bool { return !p.Path && p.Name == string(name) })
		if !known {
			wrong.Fields = append(wrong.Fields, page.WrongField{Name: string(name), Text: r.T("api.wrong.unknown")})
		}
	}
	for _, p := range op.Params {
		text := c.Query(p.Name)
		if p.Path {
			text = c.Params(p.Name)
		}
		if text != "" && !q.take(p, text) {
			wrong.Fields = append(wrong.Fields, page.WrongField{Name: p.Name, Text: r.T("api.wrong."+string(p.Kind), "most", limitMax)})
		}
	}
	if len(wrong.Fields) > 0 {
		return q, &wrong
	}
	return q, nil
}

// take reads one part; false where it is not written as its kind is.
func (q *query) take(p param, text string) bool {
	var err error
	switch {
	case len(text) > wordMax:
		return false
	case p.Path && p.Enum != nil && !slices.Contains(p.Enum, text):
		text = "" // such a statement is not there
	case p.Name == limitParam.Name:
		q.limit, err = strconv.Atoi(text)
		return err == nil && q.limit >= 1 && q.limit <= limitMax
	case p.Kind == number:
		_, err = strconv.ParseUint(text, 10, 31)
	case p.Kind == day:
		q.days[p.Name], err = time.Parse(time.DateOnly, text)
	case p.Kind == instant:
		q.days[p.Name], err = time.Parse(time.RFC3339Nano, text)
	case p.Kind == month:
		err = monthForm(text)
	}
	q.words[p.Name] = text
	return err == nil && plausible(q.days[p.Name])
}

// plausible keeps to the years that books can have.
func plausible(t time.Time) bool { return t.IsZero() || t.Year() >= 1900 && t.Year() <= 9998 }

func monthForm(text string) (err error) {
	for _, form := range []string{"2006", "2006-01", time.DateOnly} {
		if _, err = time.Parse(form, text); err == nil {
			return nil
		}
	}
	return err
}

// pager is a list that can say where it goes on.
type pager interface{ goOn(next string) }

// List is a page of a list.
type List[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next" format:"uri"`
}

func (l *List[T]) goOn(next string) { l.Next = &next }

// pageOf is what stands on the page that was asked for, of items that all are at hand. Each has a key that is its own.
func pageOf[T any](r *request, all []T, key func(T) string) answer {
	if after := r.word("after"); after != "" {
		at := slices.IndexFunc(all, func(one T) bool { return key(one) == after })
		all = all[at+1:]
	}
	return listed(r, all, key)
}

// listed is a page of items of which one more than fits was read, if there is one more.
func listed[T any](r *request, read []T, key func(T) string) answer {
	found := answer{body: &List[T]{Items: append([]T{}, read[:min(len(read), r.limit)]...)}}
	if len(read) > r.limit {
		found.after = key(read[r.limit-1])
	}
	return found
}
