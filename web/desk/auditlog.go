package desk

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/web/auth"
	"fund/web/page"
)

// auditNouns are what the verbs of the audit log are about; the words are audit.noun.<noun>.
var auditNouns = []string{
	"session", "user", "role", "entry", "account", "fund", "period", "campaign", "donation", "donor", "quarantine", "box", "host", "outbox", "statement", "reconcile", "spending", "paper", "books", "fund_loan", "transfer", "asset", "prepaid", "plan", "council", "motion",
}

// auditView is a page of the audit log.
type auditView struct {
	Who, Noun string // what is asked for
	People    []page.Option
	Nouns     []page.Option
	Rows      []auditLine
	Before    int64
	More      bool
}

type auditLine struct {
	auth.AuditRow
	What  string // the verb in words
	To    string // what it was done to
	Name  string
	Facts string
}

// Query is the address of the page after the last row, or of the first page.
func (v auditView) Query(next bool) string {
	q := url.Values{}
	if v.Who != "" {
		q.Set("who", v.Who)
	}
	if v.Noun != "" {
		q.Set("noun", v.Noun)
	}
	if next && len(v.Rows) > 0 {
		q.Set("before", strconv.FormatInt(v.Rows[len(v.Rows)-1].ID, 10))
	}
	return "?" + q.Encode()
}

// AuditLog lists who did what, the newest first. Nothing on it can be changed.
func (p *Pages) AuditLog(c *fiber.Ctx) error {
	r, id := page.Of(c), page.Of(c).Community.ID
	v := auditView{Who: c.Query("who"), Noun: c.Query("noun"), Before: page.Before(c)}
	who, _ := uuid.Parse(v.Who)
	rows, err := auth.AuditLog(c.UserContext(), p.DB, id, auth.AuditFilter{User: who, Noun: v.Noun, Before: v.Before}, rowsMax+1)
	if err != nil {
		return err
	}
	if v.More = len(rows) > rowsMax; v.More {
		rows = rows[:rowsMax]
	}
	users, err := p.Door.Gate.Users(c.UserContext(), p.DB, id)
	if err != nil {
		return err
	}
	names := map[string]string{}
	v.People = []page.Option{{Label: r.T("audit.everybody")}}
	for _, u := range users {
		names[auth.UserSubject(u.ID)] = u.Name
		v.People = append(v.People, page.Option{Value: u.ID.String(), Label: u.Name})
	}
	v.Nouns = append([]page.Option{{Label: r.T("audit.everything")}}, choices(c, "audit.noun", auditNouns...)...)
	for _, row := range rows {
		v.Rows = append(v.Rows, newAuditLine(c, row, names))
	}
	return page.Render(c, "desk/audit", v)
}

// newAuditLine puts a row into words; ids that name people of this community become their names.
func newAuditLine(c *fiber.Ctx, row auth.AuditRow, names map[string]string) auditLine {
	l := auditLine{AuditRow: row, What: word(c, "audit.verb", row.Verb), Name: row.UserName, To: row.Subject}
	if l.Name == "" {
		l.Name = page.Of(c).T("audit.nobody")
	}
	noun, id, _ := strings.Cut(row.Subject, ":")
	switch name, known := names[row.Subject]; {
	case known:
		l.To = name
	case noun == "session":
		l.To = "" // which one says nothing to anybody
	case noun == "manual":
		l.To = word(c, "audit.noun", noun) // its number is among the facts
	case id != "":
		l.To = word(c, "audit.noun", noun) + " " + short(id)
	}
	var facts map[string]any
	_ = json.Unmarshal(row.Detail, &facts)
	var said []string
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		fact := fmt.Sprint(facts[name])
		if name == "role" {
			fact = word(c, "role", fact)
		}
		said = append(said, fact)
	}
	l.Facts = strings.Join(said, " · ")
	return l
}

// short cuts an id that nobody reads to its end.
func short(id string) string {
	if _, err := uuid.Parse(id); err == nil {
		return "…" + id[len(id)-6:]
	}
	return id
}
