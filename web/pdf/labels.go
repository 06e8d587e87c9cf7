package pdf

import (
	"fmt"
	"strconv"
	"time"

	"fund/ledger/money"
)

// Labels are the fixed words of the documents by key, for zh-CN and en. What is data (names, memos, places) comes in the
// values already in the reader's language.
func Labels(lang string) map[string]string {
	if lang == "en" {
		return labelsEN
	}
	return labelsZH
}

// say finds a label and fills it in.
func say(lang, key string, args ...any) string {
	s, ok := Labels(lang)[key]
	if !ok {
		panic("pdf: no label " + key)
	}
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

// day writes a date as people say it: 2017 年 12 月 5 日, 5 December 2017.
func day(lang string, t time.Time) string {
	if lang == "en" {
		return t.Format("2 January 2006")
	}
	return t.Format("2006 年 1 月 2 日")
}

// months writes a period: 2017 年, 2017 年 6 月, 2017 年 1 月至 6 月, 2016 年 11 月至 2017 年 2 月; days where it is not whole months.
func months(lang string, from, to time.Time) string {
	if from.Day() != 1 || to.AddDate(0, 0, 1).Day() != 1 {
		return say(lang, "months", day(lang, from), day(lang, to))
	}
	first, last, year := "2006 年 1 月", "2006 年 1 月", "2006 年"
	if lang == "en" {
		first, last, year = "January 2006", "January 2006", "2006"
	}
	switch {
	case from.Year() != to.Year():
	case from.Month() == to.Month():
		return to.Format(last)
	case from.Month() == time.January && to.Month() == time.December:
		return to.Format(year)
	case lang == "en":
		first = "January"
	default:
		last = "1 月"
	}
	return say(lang, "months", from.Format(first), to.Format(last))
}

// clock writes a date and an hour.
func clock(lang string, t time.Time) string { return day(lang, t) + " " + t.Format("15:04") }

// monthName is short enough for an axis.
func monthName(lang string, m time.Month) string {
	if lang == "en" {
		return m.String()[:3]
	}
	return strconv.Itoa(int(m)) + "月"
}

// count writes a whole number with thousands commas.
func count(n int) string {
	s := money.FromFen(int64(n) * 100).Format()
	return s[:len(s)-3]
}

// column figures: nothing is written as a dash, so that a row of zeros stays quiet.
func figure(a money.Amount) string {
	if a.IsZero() {
		return "—"
	}
	return a.Format()
}

// numbered is the key of a label that says one thing in other words than several.
func numbered(key string, n int) string {
	if n == 1 {
		return key + ".one"
	}
	return key
}

// shares are the parts of a whole with one decimal, which make 100 % together.
func shares(parts ...money.Amount) []string {
	weights, all := make([]int64, len(parts)), make([]string, len(parts))
	for i, p := range parts {
		weights[i], all[i] = max(p.Fen(), 0), "—"
	}
	if money.Sum(parts...).Sign() <= 0 {
		return all
	}
	for i, part := range money.FromFen(1000).Split(weights...) {
		all[i] = fmt.Sprintf("%d.%d%%", part.Fen()/10, part.Fen()%10)
	}
	return all
}

// percent is a share with one decimal, cut and never rounded up: 99.96 % is not 100.
func percent(part, whole money.Amount) string {
	if whole.Sign() <= 0 {
		return "—"
	}
	p := part.PerMille(whole)
	return fmt.Sprintf("%d.%d%%", p/10, p%10)
}

// InWords spells an amount in English for the receipt: fifty yuan and 40 fen.
func InWords(a money.Amount) string {
	fen := a.Abs().Fen()
	s := spell(fen/100) + " yuan"
	if fen%100 != 0 {
		s += fmt.Sprintf(" and %02d fen", fen%100)
	}
	return string(s[0]-'a'+'A') + s[1:] + " only"
}

var (
	ones = [...]string{
		"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
		"eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
	}
	tens = [...]string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
)

func spell(n int64) string {
	for _, g := range []struct {
		size int64
		name string
	}{{1e12, "trillion"}, {1e9, "billion"}, {1e6, "million"}, {1000, "thousand"}, {100, "hundred"}} {
		if n >= g.size {
			s := spell(n/g.size) + " " + g.name
			if n%g.size > 0 {
				s += " " + spell(n%g.size)
			}
			return s
		}
	}
	if n < 20 {
		return ones[n]
	}
	s := tens[n/10]
	if n%10 > 0 {
		s += "-" + ones[n%10]
	}
	return s
}
