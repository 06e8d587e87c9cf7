package mail

import "fund/ledger/money"

// RefundMade tells a donor that a gift, or a part of it, goes back.
type RefundMade struct {
	Amount   money.Amount
	Of       money.Amount // the gift
	Campaign string       // its title in the donor's language
	Reason   string
	Back     Way
	Number   string // of the receipt, 2017-000874
	Path     string // of the receipt's page
}

// Way is how money goes back to a donor.
type Way string

// The ways: to where it came from, over the desk, or by a transfer that somebody makes.
const (
	ByProvider Way = "provider"
	ByCash     Way = "cash"
	ByTransfer Way = "transfer"
)

// Template names the letter's files.
func (RefundMade) Template() string { return "refund" }

// GoalMissed tells a donor that an all-or-nothing campaign ended short of its goal, and that the gift goes back.
type GoalMissed struct {
	Amount   money.Amount
	Campaign string
	Goal     money.Amount
	Raised   money.Amount
	Back     Way
	Path     string // of the receipt's page
}

// Template names the letter's files.
func (GoalMissed) Template() string { return "goal_missed" }
