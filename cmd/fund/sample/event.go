package sample

import (
	"context"
	"slices"
	"time"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// event is one thing that happens: exactly one of its parts is set.
type event struct {
	at     time.Time    // its day in Chengdu is the entry's date
	rank   int          // within the day, so that alike things are booked together
	earns  money.Amount // what it earns beside gifts
	source string       // of the entry that a verb makes, where it will be undone

	entry  *ledger.Entry
	gift   *campaigns.Start
	allot  *allotment
	undo   *undoing
	settle *settlement
	do     func(ctx context.Context, p *player) error // by verbs of its own
}

// allotment is voted money on its way to a project, or what was left on its way back.
type allotment struct {
	project string // slug
	amount  money.Amount
}

// undoing is a 红字冲销 of the entry with a source.
type undoing struct{ source, why string }

// settlement moves to the bank what waits in cash, or with the payment companies, down to what is kept.
type settlement struct {
	cash bool
	keep money.Amount
}

// The order within a day.
const (
	rankMorning = iota
	rankEntry
	rankGift
	rankCash
	rankEvening
)

// order puts events into the order in which they are booked.
func order(events []event) {
	slices.SortStableFunc(events, func(a, b event) int {
		if c := zone.Day(a.at).Compare(zone.Day(b.at)); c != 0 {
			return c
		}
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		return a.at.Compare(b.at)
	})
}

// zone knows the days of Chengdu.
var zone = ledger.Community{Timezone: "Asia/Shanghai"}

// chengdu is where the clocks of the sample hang.
var chengdu = time.FixedZone("UTC+8", 8*60*60)

// on is a moment of a day, in minutes after midnight in Chengdu.
func on(day time.Time, minutes int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, minutes, 0, 0, chengdu)
}

// parseDay reads a day of the tables.
func parseDay(s string) time.Time {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic("sample: " + s + " is no day") // the tables are part of the program
	}
	return day
}
