package mail

import "fund/ledger/money"

// ReportConfirm asks the reader of an address whether new reports are to come there.
type ReportConfirm struct {
	Path string // of the page with the two buttons: a key
}

// Template names the letter's files.
func (ReportConfirm) Template() string { return "report_confirm" }

// ReportIssued tells who asked for it that a report is issued, or put right.
type ReportIssued struct {
	Title  string // its kind
	Of     string // its months, or what it is about
	Number string // 2026-014
	Note   string // of a correction: what changed
	Whole  bool   // In, Out and Left are told
	In     money.Amount
	Out    money.Amount
	Left   money.Amount
	Path   string // of the report's page
	PDF    string
}

// Template names the letter's files.
func (ReportIssued) Template() string { return "report_issued" }
