package mail

import "fund/ledger/money"

// GiverLink lets a giver into their own page.
type GiverLink struct {
	Path    string // with the token, which works once
	Minutes int    // how long it works
}

// Template names the letter's files.
func (GiverLink) Template() string { return "giver_link" }

// AddressConfirmation asks the reader of a new address whether it is theirs.
type AddressConfirmation struct {
	Path    string
	Minutes int
}

// Template names the letter's files.
func (AddressConfirmation) Template() string { return "giver_address" }

// RefundDeclined tells a giver that the money they asked for does not go back, and why.
type RefundDeclined struct {
	Amount   money.Amount
	Campaign string // its title in the giver's language
	Reason   string // in the treasurer's words
	Path     string // of the receipt's page
}

// Template names the letter's files.
func (RefundDeclined) Template() string { return "refund_declined" }
