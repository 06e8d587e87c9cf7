package i18n

import (
	"fmt"
	"time"
)

// Date writes a day in full: 2017 年 12 月 5 日, 5 December 2017. The day is the one t has in its own location.
func (l Lang) Date(t time.Time) string {
	if l == English {
		return t.Format("2 January 2006")
	}
	return t.Format("2006 年 1 月 2 日")
}

// ShortDate leaves out the year: 12 月 5 日, 5 Dec.
func (l Lang) ShortDate(t time.Time) string {
	if l == English {
		return t.Format("2 Jan")
	}
	return t.Format("1 月 2 日")
}

// Days writes a span of days, and what both ends share once: 2017 年 12 月 5 日 – 12 月 9 日, 5 December – 9 December 2017.
func (l Lang) Days(from, to time.Time) string {
	switch {
	case l.Date(from) == l.Date(to):
		return l.Date(from)
	case from.Year() != to.Year():
		return l.Date(from) + " – " + l.Date(to)
	case l == English:
		return from.Format("2 January") + " – " + l.Date(to)
	}
	return l.Date(from) + " – " + l.ShortDate(to)
}

// Moment writes a day and a time of day: 2017 年 12 月 31 日 18:00, 31 December 2017, 18:00.
func (l Lang) Moment(t time.Time) string {
	if l == English {
		return l.Date(t) + ", " + t.Format("15:04")
	}
	return l.Date(t) + " " + t.Format("15:04")
}

// Month writes a month in full: 2017 年 12 月, December 2017.
func (l Lang) Month(t time.Time) string {
	if l == English {
		return t.Format("January 2006")
	}
	return t.Format("2006 年 1 月")
}

// ShortMonth names a month alone: 12 月, Dec.
func (l Lang) ShortMonth(m time.Month) string {
	if l == English {
		return m.String()[:3]
	}
	return fmt.Sprintf("%d 月", int(m))
}
