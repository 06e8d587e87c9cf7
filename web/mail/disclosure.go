package mail

import (
	"time"

	"fund/ledger/money"
)

// DisclosureDue reminds staff of a report that the law asks for.
type DisclosureDue struct {
	Report  string // 募捐结果报告
	Subject string // of what; may be empty
	Due     time.Time
	Days    int // left
	Law     string
	Path    string // where it is written
}

// Template names the letter's files.
func (DisclosureDue) Template() string { return "disclosure_due" }

// EndReport tells the givers of a campaign who asked for mail that its result is published.
type EndReport struct {
	Campaign            string
	Number              string // 2026-003
	Raised, Spent, Left money.Amount
	Whole               bool // Spent and Left are the campaign's alone
	Done                string
	Path                string // of the report's page
}

// Template names the letter's files.
func (EndReport) Template() string { return "end_report" }
