package pledge

import (
	"time"

	"fund/ledger"
)

// DueIn is the day of a month on which a plan of a day is due: the 31st is the
// last day of a shorter month.
func DueIn(month time.Time, day int) time.Time {
	return ledger.Day(month.Year(), month.Month(), min(day, daysOf(month)))
}

func daysOf(month time.Time) int {
	return ledger.Day(month.Year(), month.Month()+1, 0).Day()
}

// nextMonth is the first day of the month after.
func nextMonth(month time.Time) time.Time { return ledger.Day(month.Year(), month.Month()+1, 1) }

// iso writes an EntryDate as PostgreSQL reads a date, whatever its time zone.
func iso(day time.Time) string { return day.Format(time.DateOnly) }
