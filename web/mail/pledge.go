package mail

import (
	"time"

	"fund/ledger/money"
)

// PledgeDue reminds somebody of what they promised: before its day or, Late, once after.
type PledgeDue struct {
	Amount, Received, Left money.Amount
	Campaign               string // its title in the donor's language
	Due                    time.Time
	Late                   bool
	Path                   string // of the pledge's page, where it is paid or cancelled
}

// Template names the letter's files.
func (PledgeDue) Template() string { return "pledge" }

// MonthlyDue reminds somebody of this month's gift.
type MonthlyDue struct {
	Amount   money.Amount
	Campaign string
	Path     string // of the plan's page, with the one button, pause and stop
}

// Template names the letter's files.
func (MonthlyDue) Template() string { return "monthly" }

// MonthlyOver tells that a campaign has ended, and the monthly gift with it.
type MonthlyOver struct {
	Campaign string
	Gifts    int
	Given    money.Amount
	Path     string
}

// Template names the letter's files.
func (MonthlyOver) Template() string { return "monthly_over" }
