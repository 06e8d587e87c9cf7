package disclosure

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/campaigns"
)

// Facts are what deadlines are computed from: days, and what was published.
type Facts struct {
	Years     []int // of the books, with entries
	Campaigns []Subject
	Projects  []Subject
	Events    []Subject
	Done      map[string]Done // by Duty.Key
	Drafted   map[string]bool // by Duty.Key
}

// Subject is what a disclosure is about, with the days that count.
type Subject struct {
	Kind    SubjectKind
	ID      int
	Slug    string
	TitleZH string
	TitleEN string
	From    time.Time // its first day; the day of an event
	Until   time.Time // its last day, planned or real; zero while nobody knows it
}

// Title is the subject's title in the reader's language.
func (s Subject) Title(lang string) string {
	if lang == "en" && s.TitleEN != "" {
		return s.TitleEN
	}
	return s.TitleZH
}

// Done says which document met a duty, and when.
type Done struct {
	Year, Number, Version int
	On                    time.Time // the day of its first version
}

// Document is its number as people write it: 2026-003.
func (d Done) Document() string { return fmt.Sprintf("%d-%03d", d.Year, d.Number) }

// Duty is one disclosure that the law asks for.
type Duty struct {
	Kind    Kind
	Subject Subject
	From    time.Time // the days it reports on
	Until   time.Time
	Due     time.Time // the last day on which it is in time
	Rule    Rule
	Done    *Done
	Drafted bool // somebody is writing it
}

// State is how a duty stands on a day.
type State string

// The states, the most urgent first.
const (
	Overdue State = "overdue"
	Soon    State = "soon"  // due within 30 days
	Ahead   State = "ahead" // later
	InTime  State = "in_time"
	Late    State = "late" // done, after its last day
)

// soonDays is from when on a duty is soon.
const soonDays = 30

// State says how the duty stands on a day.
func (d Duty) State(today time.Time) State {
	switch {
	case d.Done != nil && d.Done.On.After(d.Due):
		return Late
	case d.Done != nil:
		return InTime
	case today.After(d.Due):
		return Overdue
	case d.DaysLeft(today) <= soonDays:
		return Soon
	}
	return Ahead
}

// DaysLeft counts the days to the last one; negative when it has passed.
func (d Duty) DaysLeft(today time.Time) int { return int(d.Due.Sub(today).Hours() / 24) }

// DaysLate is how many days after its last one it was done, or is not done yet on a day; 0 where it is in time.
func (d Duty) DaysLate(today time.Time) int {
	if d.Done != nil {
		today = d.Done.On
	}
	return max(0, -d.DaysLeft(today))
}

// Ripe tells whether what the duty reports on is over, so that its report may be published. A periodic report may be
// published in the month before its day.
func (d Duty) Ripe(today time.Time) bool {
	if d.Kind == Periodic {
		return d.DaysLeft(today) <= soonDays
	}
	return d.Kind == Event || today.After(d.Until)
}

// Key names the duty for good: annual.2026, result.3, periodic.campaign.3.2026-06-01.
func (d Duty) Key() string {
	switch d.Kind {
	case Annual:
		return fmt.Sprintf("annual.%d", d.From.Year())
	case Periodic:
		return fmt.Sprintf("periodic.%s.%d.%s", d.Subject.Kind, d.Subject.ID, d.Due.Format(time.DateOnly))
	}
	return fmt.Sprintf("%s.%d", d.Kind, d.Subject.ID)
}

// Duties computes every deadline that the rules make of the facts, the next one first; today only decides how long
// something without a known end has lasted. It reads nothing else, so the same facts always give the same calendar.
func Duties(rules []Rule, f Facts, today time.Time) (duties []Duty) {
	for _, r := range rules {
		switch {
		case r.Kind == Annual:
			duties = append(duties, annual(r, f.Years)...)
		case r.Kind == Periodic && r.Subject == OfCampaign:
			duties = append(duties, periodic(r, f.Campaigns, today)...)
		case r.Kind == Periodic && r.Subject == OfProject:
			duties = append(duties, periodic(r, f.Projects, today)...)
		case r.Kind == Result:
			duties = append(duties, once(r, f.Campaigns)...)
		case r.Kind == Leftover:
			duties = append(duties, once(r, f.Projects)...)
		case r.Kind == Event:
			duties = append(duties, once(r, f.Events)...)
		}
	}
	for i, d := range duties {
		key := d.Key()
		if done, ok := f.Done[key]; ok {
			duties[i].Done = &done
		}
		duties[i].Drafted = f.Drafted[key]
	}
	slices.SortFunc(duties, func(a, b Duty) int {
		if c := a.Due.Compare(b.Due); c != 0 {
			return c
		}
		return strings.Compare(a.Key(), b.Key())
	})
	return duties
}

// annual asks for each year's report, once the year after it is under the rule.
func annual(r Rule, years []int) (duties []Duty) {
	for _, year := range years {
		first, last := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC)
		if r.inForce(last.AddDate(0, 0, 1)) {
			duties = append(duties, Duty{Kind: Annual, Subject: Subject{Kind: OfCommunity}, From: first, Until: last, Due: r.Clock.after(last), Rule: r})
		}
	}
	return duties
}

// once asks for what follows an end or an event: the term begins on its day, and the rule is that of the day after.
func once(r Rule, subjects []Subject) (duties []Duty) {
	for _, s := range subjects {
		if s.Until.IsZero() || !r.inForce(s.Until.AddDate(0, 0, 1)) {
			continue
		}
		duties = append(duties, Duty{Kind: r.Kind, Subject: s, From: s.From, Until: s.Until, Due: r.Clock.after(s.Until), Rule: r})
	}
	return duties
}

// periodic asks for a report every few months of what lasts long. How long a project lasts nobody knows beforehand: it is
// long from the day on which it has lasted so long, and the first report is due on that day.
func periodic(r Rule, subjects []Subject, today time.Time) (duties []Duty) {
	for _, s := range subjects {
		end, from := s.Until, s.From
		if end.IsZero() {
			end = today.AddDate(0, r.Clock.Every, 1)
		}
		for _, due := range r.Clock.marks(s.From, end) {
			if !r.inForce(due) || r.Subject == OfProject && due.Before(campaigns.MonthsAfter(s.From, r.Clock.Over)) {
				continue
			}
			duties = append(duties, Duty{Kind: Periodic, Subject: s, From: from, Until: due.AddDate(0, 0, -1), Due: due, Rule: r})
			from = due
		}
	}
	return duties
}
