package desk

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/issue"
	"fund/web/page"
)

// What the refusals of disclosure mean at the desk.
func init() {
	page.Meaning(disclosure.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(disclosure.ErrEarly, fiber.StatusConflict, "error.disclosure_early")
	page.Meaning(disclosure.ErrAlready, fiber.StatusConflict, "error.disclosure_again")
}

// dutyRow is a duty as a list shows it.
type dutyRow struct {
	disclosure.Duty
	Title   string // what kind of report
	Subject string // of what; empty for a year, whose title says it
	Law     string
	Badge   string // of its state: bad, wait, good, or none
	Words   string // the state in words
	To, Act string // where it leads, and the words of the link
}

// dutyRows tells duties in the reader's language.
func (p *Pages) dutyRows(c *fiber.Ctx, duties []disclosure.Duty, today time.Time) []dutyRow {
	rows, lang := make([]dutyRow, len(duties)), page.Of(c).Lang
	for i, d := range duties {
		row := dutyRow{Duty: d, Title: issue.DisclosureTitle(lang, d.Kind), Subject: d.Subject.Title(string(lang)), Law: d.Rule.Law(string(lang))}
		if d.Kind == disclosure.Annual {
			row.Subject = lang.T("book.year", "year", d.From.Year())
		}
		row.Badge, row.Words = standingOf(c, d, today)
		row.To, row.Act = page.Of(c).URL(dutyPath(d)), lang.T("law.calendar.write")
		switch {
		case d.Done != nil:
			row.To, row.Act = page.Of(c).URL("/documents/"+d.Done.Document()), lang.T("law.calendar.read")
		case d.Drafted:
			row.Act = lang.T("law.calendar.go_on")
		}
		rows[i] = row
	}
	return rows
}

func dutyPath(d disclosure.Duty) string { return "/desk/disclosure/" + d.Key() }

// standingOf says how a duty stands, in words beside the colour.
func standingOf(c *fiber.Ctx, d disclosure.Duty, today time.Time) (badge, words string) {
	lang := page.Of(c).Lang
	switch state := d.State(today); state {
	case disclosure.Overdue, disclosure.Late:
		return "bad", lang.T("law.state."+string(state), "count", d.DaysLate(today))
	case disclosure.InTime:
		return "good", lang.T("law.state.in_time")
	case disclosure.Soon:
		badge = "wait"
	}
	return badge, lang.T("law.state.left", "count", d.DaysLeft(today))
}

// nextDuties are the most urgent that are not done, for the dashboard.
func (p *Pages) nextDuties(c *fiber.Ctx, community ledger.Community, n int) ([]dutyRow, error) {
	duties, err := disclosure.Calendar(c.UserContext(), p.DB, community, p.Now())
	duties = slices.DeleteFunc(duties, func(d disclosure.Duty) bool { return d.Done != nil })
	return p.dutyRows(c, duties[:min(n, len(duties))], community.Day(p.Now())), err
}

// overdueDuties counts what should be published already, for the menu.
func (p *Pages) overdueDuties(c *fiber.Ctx, community ledger.Community) (n int, err error) {
	duties, err := disclosure.Calendar(c.UserContext(), p.DB, community, p.Now())
	for _, d := range duties {
		if d.State(community.Day(p.Now())) == disclosure.Overdue {
			n++
		}
	}
	return n, err
}

type disclosureView struct {
	Groups   []dutyGroup
	Month    monthPicture
	Form     *page.Form // of a major event
	Feed     string     // the whole address of the reader's calendar; empty where they have none
	MayWrite bool
}

type dutyGroup struct {
	Key  string // of its heading: law.calendar.<key>
	Rows []dutyRow
}

// Disclosure is the calendar of everything that the law wants told.
func (p *Pages) Disclosure(c *fiber.Ctx) error {
	v, err := p.disclosureView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/disclosure", v)
}

func (p *Pages) disclosureView(c *fiber.Ctx, f *page.Form) (v disclosureView, err error) {
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	duties, err := disclosure.Calendar(c.UserContext(), p.DB, community, p.Now())
	if err != nil {
		return v, err
	}
	today := community.Day(p.Now())
	rows := p.dutyRows(c, duties, today)
	v = disclosureView{Form: labelled(f, "law.field", "title_zh", "title_en", "happened_on"), MayWrite: can(c, auth.ManageCampaign), Month: monthOf(c, rows, today)}
	byState := map[disclosure.State][]dutyRow{}
	for _, row := range rows {
		state := row.State(today)
		if row.Done != nil {
			state = disclosure.InTime
		}
		byState[state] = append(byState[state], row)
	}
	slices.Reverse(byState[disclosure.InTime]) // what was published last stands first
	for _, g := range []struct {
		state disclosure.State
		key   string
	}{{disclosure.Overdue, "overdue"}, {disclosure.Soon, "soon"}, {disclosure.Ahead, "ahead"}, {disclosure.InTime, "done"}} {
		if len(byState[g.state]) > 0 {
			v.Groups = append(v.Groups, dutyGroup{g.key, byState[g.state]})
		}
	}
	v.Feed, err = p.feedAddress(c, community)
	return v, err
}

// NoteEvent writes a major event down, whose report is due 30 days later.
func (p *Pages) NoteEvent(c *fiber.Ctx) error {
	v, err := p.disclosureView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	event := disclosure.MajorEvent{TitleZH: v.Form.Text("title_zh", titleMax), TitleEN: v.Form.Text("title_en", titleMax, page.Optional), HappenedOn: v.Form.Date("happened_on")}
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/disclosure", v)
	}
	err = p.act(c, "disclosure.event", "event:"+event.TitleZH, nil, func(tx *sqlx.Tx, who string) (err error) {
		event, err = disclosure.NoteEvent(c.UserContext(), tx, page.Of(c).Community.ID, event, who)
		return err
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/disclosure", "law.calendar.event_noted", "day", page.Of(c).Lang.Date(event.HappenedOn.AddDate(0, 0, 30)))
}

// monthPicture is a month with its duties on their days, a row a week.
type monthPicture struct {
	Month         time.Time
	Before, After string // ?month= of the neighbours
	Weekdays      []string
	Weeks         [][]monthDay
}

type monthDay struct {
	Day    time.Time
	Within bool // of the month
	Today  bool
	Badge  string // of the most urgent duty
	Count  int
	First  string // the key of the day's first duty, where the list tells of it
	Words  string // the titles, for who cannot see the picture
}

const monthForm = "2006-01"

// monthOf draws the month ?month=, or this one.
func monthOf(c *fiber.Ctx, rows []dutyRow, today time.Time) (m monthPicture) {
	asked, err := time.Parse(monthForm, c.Query("month"))
	if err != nil {
		asked = ledger.MonthOf(today)
	}
	m = monthPicture{Month: asked, Before: asked.AddDate(0, -1, 0).Format(monthForm), After: asked.AddDate(0, 1, 0).Format(monthForm), Weekdays: weekdays(c)}
	first := asked.AddDate(0, 0, -(int(asked.Weekday())+6)%7) // a Monday
	for day := first; day.Before(asked.AddDate(0, 1, 0)); {
		var week []monthDay
		for range 7 {
			week = append(week, dayOf(rows, day, asked, today))
			day = day.AddDate(0, 0, 1)
		}
		m.Weeks = append(m.Weeks, week)
	}
	return m
}

func dayOf(rows []dutyRow, day, month, today time.Time) monthDay {
	one := monthDay{Day: day, Within: day.Month() == month.Month(), Today: day.Equal(today)}
	for _, row := range rows {
		if !row.Due.Equal(day) {
			continue
		}
		if one.Count++; one.Count == 1 || row.Badge == "bad" {
			one.Badge = row.Badge
		}
		if one.Count == 1 {
			one.First = row.Key()
		} else {
			one.Words += "; "
		}
		one.Words += row.Title + " " + row.Subject + " " + row.Words
	}
	return one
}
