package mail

import "fund/ledger/money"

// ReceiptReady tells a donor that the money has arrived and where the receipt is.
type ReceiptReady struct {
	Amount   money.Amount
	Campaign string // its title in the donor's language
	Number   string // 2017-000874
	Code     string // K7M4-92QD: proves the number on the verification page
	Path     string // of the receipt's page, as all paths from the site's root
	Attached bool   // the PDF comes with the letter
	OwnPage  string // path of the donor's own page; empty where there is none
}

// Template names the letter's files.
func (ReceiptReady) Template() string { return "receipt" }
