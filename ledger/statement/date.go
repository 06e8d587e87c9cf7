package statement

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dateOrder is how a file writes days in figures when the year comes last.
type dateOrder byte

const (
	dayFirst   dateOrder = 'd' // 31/12/2026
	monthFirst dateOrder = 'm' // 12/31/2026
)

var (
	yearFirst = regexp.MustCompile(`^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[T ]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?秒?(?:\.\d+)?\s*(?:Z|[+-]\d\d:?\d\d)?)?$`)
	compact   = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2}):?(\d{2})?)?$`)
	yearLast  = regexp.MustCompile(`^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$`)
	monthName = regexp.MustCompile(`^(\d{1,2})[-/. ]+([A-Za-z]{3,9})\.?,?[-/. ]+(\d{4}|\d{2})$`)
	nameMonth = regexp.MustCompile(`^([A-Za-z]{3,9})\.? +(\d{1,2}),? +(\d{4})$`)
	noYear    = regexp.MustCompile(`^(\d{1,2})[-/月](\d{1,2})日?$`)
	clockOnly = regexp.MustCompile(`^(\d{1,2}):?(\d{2})(?::?(\d{2}))?$`)
	serial    = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
)

// day checks that y-m-d exists.
func day(y, m, d int) (time.Time, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, t.Year() == y && t.Month() == time.Month(m) && t.Day() == d && y >= 1970 && y < 2200
}

// lastDay is y-m-d, or the last day of the month when the bank counts every
// month to 30: 30 February is a day on which interest is paid.
func lastDay(y, m, d int) (t time.Time, moved, ok bool) {
	if t, ok = day(y, m, d); ok {
		return t, false, true
	}
	if m < 1 || m > 12 || d < 29 || d > 31 {
		return time.Time{}, false, false
	}
	t, ok = day(y, m+1, 1)
	if m == 12 {
		t, ok = day(y+1, 1, 1)
	}
	return t.AddDate(0, 0, -1), true, ok
}

// parseDate reads a day, and the time of day when one stands beside it.
func parseDate(s string, order dateOrder) (t time.Time, clock string, ok bool) {
	s = strings.TrimSpace(s)
	part := func(m []string, year, month, date int) (time.Time, string, bool) {
		y, _ := strconv.Atoi(m[year])
		if len(m[year]) == 2 {
			y += 2000
		}
		mo, err := strconv.Atoi(m[month])
		if err != nil {
			mo = monthNumber(m[month])
		}
		d, _ := strconv.Atoi(m[date])
		t, ok := day(y, mo, d)
		if !ok || len(m) < 7 || m[4] == "" {
			return t, "", ok
		}
		clock, ok := clockOf(m[4], m[5], m[6])
		return t, clock, ok
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return part(m, 1, 2, 3)
	}
	if m := compact.FindStringSubmatch(s); m != nil {
		return part(m, 1, 2, 3)
	}
	if m := yearLast.FindStringSubmatch(s); m != nil {
		if order == monthFirst {
			return part(m, 3, 1, 2)
		}
		return part(m, 3, 2, 1)
	}
	if m := monthName.FindStringSubmatch(s); m != nil {
		return part(m, 3, 2, 1)
	}
	if m := nameMonth.FindStringSubmatch(s); m != nil {
		return part(m, 3, 1, 2)
	}
	return time.Time{}, "", false
}

func monthNumber(name string) int {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	if i := strings.Index(names, strings.ToLower(name)[:3]); i >= 0 && i%3 == 0 {
		return i/3 + 1
	}
	return 0
}

func clockOf(h, m, s string) (string, bool) {
	hour, _ := strconv.Atoi(h)
	minute, _ := strconv.Atoi(m)
	second, _ := strconv.Atoi(s)
	if hour > 23 || minute > 59 || second > 60 {
		return "", false
	}
	return time.Date(2000, 1, 1, hour, minute, min(second, 59), 0, time.UTC).Format(time.TimeOnly), true
}

// parseClock reads a column of its own: 12:34:56, 123456 or 12:34.
func parseClock(s string) string {
	m := clockOnly.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return ""
	}
	clock, _ := clockOf(m[1], m[2], m[3])
	return clock
}

// parseSerial reads a spreadsheet's date, days since the start of 1900 or 1904.
func parseSerial(s string, from int) (t time.Time, clock string, ok bool) {
	if !serial.MatchString(s) {
		return time.Time{}, "", false
	}
	days, fraction, _ := strings.Cut(s, ".")
	n, _ := strconv.Atoi(days)
	t = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from == 1904 {
		t = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	t = t.AddDate(0, 0, n)
	if fraction != "" {
		fraction = (fraction + "000000000")[:9]
		n, _ := strconv.ParseInt(fraction, 10, 64)
		clock = t.Add(time.Duration(n*86400/1e9+boolInt(n*86400%1e9 >= 5e8)) * time.Second).Format(time.TimeOnly)
	}
	return t, clock, true
}

func boolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
