package mutualaid

import (
	"cmp"
	"slices"
	"time"
)

// Reason is why an offer fits a need.
type Reason string

// The reasons, the weightiest first.
const (
	SameCategory Reason = "category"
	SamePlace    Reason = "place"
	SameTimes    Reason = "times"  // they have days and parts of days in common
	WasHelped    Reason = "helped" // and has not helped yet: whoever was helped helps the next
)

// Suggestion is an offer that may meet a need.
type Suggestion struct {
	Offer   Card
	Because []Reason
	Days    Days  // in common
	Parts   Parts // in common
}

// weights say how much a reason counts. Without a time in common nobody is suggested at all.
var weights = map[Reason]int{SameCategory: 8, SamePlace: 3, SameTimes: 1, WasHelped: 2}

// Suggest ranks the offers that may meet a need on or after a day: same sort of
// help (or Various on either side), a time in common, another person. helped are
// the ids of people who received help and gave none yet.
func Suggest(need Card, offers []Card, helped map[int]bool, today time.Time) (found []Suggestion) {
	for _, o := range offers {
		s := Suggestion{Offer: o, Days: need.Weekdays & o.Weekdays, Parts: need.Parts & o.Parts}
		fits := o.Category == need.Category
		if o.PersonID == need.PersonID || !o.Holds(today) || s.Days == 0 || s.Parts == 0 || !fits && o.Category != Various && need.Category != Various {
			continue
		}
		if fits {
			s.Because = append(s.Because, SameCategory)
		}
		if o.Place == need.Place {
			s.Because = append(s.Because, SamePlace)
		}
		s.Because = append(s.Because, SameTimes)
		if helped[o.PersonID] {
			s.Because = append(s.Because, WasHelped)
		}
		found = append(found, s)
	}
	slices.SortStableFunc(found, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), a.Offer.MadeAt.Compare(b.Offer.MadeAt))
	})
	return found
}

func weight(s Suggestion) (sum int) {
	for _, r := range s.Because {
		sum += weights[r]
	}
	return sum
}

// FirstDay is the first day from today on, at most the last of both cards, that
// both have in common; false where there is none.
func (s Suggestion) FirstDay(need Card, today time.Time) (time.Time, bool) {
	for day := today; !day.After(need.Until) && !day.After(s.Offer.Until) && day.Before(today.AddDate(0, 0, 7)); day = day.AddDate(0, 0, 1) {
		if s.Days.On(day) {
			return day, true
		}
	}
	return time.Time{}, false
}
