package publication

import (
	"fmt"
	"strings"
	"time"

	"fund/campaigns/disclosure"
	"fund/ledger"
)

// The kinds of reports that are issued, beside disclosure.Annual.
const (
	Fund    disclosure.Kind = "fund"    // 公开报告：the whole community's money in a span of months
	Sheet   disclosure.Kind = "sheet"   // 张榜公布：the same on one sheet for the notice board
	Project disclosure.Kind = "project" // one project
	Venture disclosure.Kind = "venture" // one venture
	Annual                  = disclosure.Annual
)

// Kinds are all of them, in the order of a list.
var Kinds = []disclosure.Kind{Fund, Sheet, Annual, Project, Venture}

// Report names a report: its kind, the months it tells of, and of a project or venture which one.
type Report struct {
	Kind    disclosure.Kind
	From    time.Time // the first day of its first month
	To      time.Time // the last day of its last month
	Subject disclosure.Subject
}

// Of is a report of the months from..to; an annual one is of the whole year of from.
func Of(kind disclosure.Kind, from, to time.Time) Report {
	if kind == Annual {
		from, to = Year.around(from)
	}
	return Report{Kind: kind, From: ledger.MonthOf(from), To: ledger.MonthOf(to).AddDate(0, 1, -1), Subject: disclosure.Subject{Kind: disclosure.OfCommunity}}
}

// About is the same of one project or venture.
func (r Report) About(s disclosure.Subject) Report {
	r.Subject = s
	return r
}

// NeedsSubject tells whether a report of the kind is about one project or venture.
func NeedsSubject(kind disclosure.Kind) bool { return kind == Project || kind == Venture }

// Key names the report for good, as a duty's key does: fund.2017-01.2017-12, venture.3.2017-01.2017-12. An annual report has the key
// of the duty that it fulfils.
func (r Report) Key() string {
	span := r.From.Format("2006-01") + "." + r.To.Format("2006-01")
	switch {
	case r.Kind == Annual:
		return fmt.Sprintf("annual.%d", r.From.Year())
	case NeedsSubject(r.Kind):
		return fmt.Sprintf("%s.%d.%s", r.Kind, r.Subject.ID, span)
	}
	return fmt.Sprintf("%s.%s", r.Kind, span)
}

// Period writes the months: 2017, 2017q4, 2017-12, 2017-01_2017-06. ParsePeriod reads it.
func (r Report) Period() string {
	first, last := r.From.Format("2006-01"), r.To.Format("2006-01")
	switch r.Span() {
	case Year:
		return r.From.Format("2006")
	case Quarter:
		return fmt.Sprintf("%dq%d", r.From.Year(), (int(r.From.Month())+2)/3)
	case Month:
		return first
	}
	return first + "_" + last
}

// Months are the months as the public ledger asks for them: 2017, 2017-12, 2017-10_2017-12.
func (r Report) Months() string {
	if r.Span() == Quarter {
		return r.From.Format("2006-01") + "_" + r.To.Format("2006-01")
	}
	return r.Period()
}

// Span is how long a report's months are, where that has a name.
type Span string

// The spans of schedules; any other has no name.
const (
	Month   Span = "month"
	Quarter Span = "quarter"
	Year    Span = "year"
)

// Span tells whether the months are one, a quarter or a calendar year; empty where they are none of these.
func (r Report) Span() Span {
	months := (r.To.Year()-r.From.Year())*12 + int(r.To.Month()) - int(r.From.Month()) + 1
	switch begins := int(r.From.Month()) - 1; {
	case months == 1:
		return Month
	case months == 3 && begins%3 == 0:
		return Quarter
	case months == 12 && begins == 0:
		return Year
	}
	return ""
}

// around is the span's months around a day.
func (s Span) around(day time.Time) (from, to time.Time) {
	switch s {
	case Year:
		return ledger.Day(day.Year(), time.January, 1), ledger.Day(day.Year(), time.December, 1)
	case Quarter:
		from = ledger.Day(day.Year(), (day.Month()-1)/3*3+1, 1)
		return from, from.AddDate(0, 2, 0)
	}
	return ledger.MonthOf(day), ledger.MonthOf(day)
}

// ParsePeriod reads the months as people and addresses write them: 2017, 2017q4 or 2017-Q4, 2017-12, 2017-01_2017-06 or
// 2017-01..2017-06. ErrPeriod.
func ParsePeriod(text string) (from, to time.Time, err error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if a, b, ok := strings.Cut(strings.ReplaceAll(text, "..", "_"), "_"); ok {
		from, to, err = twoMonths(a, b)
		return from, to, err
	}
	if day, err := time.Parse("2006-01", text); err == nil {
		return day, day, nil
	}
	if day, err := time.Parse("2006", text); err == nil {
		from, to = Year.around(day)
		return from, to, nil
	}
	var year, quarter int
	if n, err := fmt.Sscanf(strings.ReplaceAll(text, "-q", "q"), "%4dq%1d", &year, &quarter); err == nil && n == 2 && quarter >= 1 && quarter <= 4 {
		from, to = Quarter.around(ledger.Day(year, time.Month(quarter*3), 1))
		return from, to, nil
	}
	return from, to, fmt.Errorf("%w: %q", ErrPeriod, text)
}

func twoMonths(a, b string) (from, to time.Time, err error) {
	from, err1 := time.Parse("2006-01", a)
	to, err2 := time.Parse("2006-01", b)
	if err1 != nil || err2 != nil || to.Before(from) {
		return from, to, fmt.Errorf("%w: %q to %q", ErrPeriod, a, b)
	}
	return from, to, nil
}
