package main

// tableGuests are the packages whose SQL reads, and only reads, a table of another package, each with its reason.
var tableGuests = map[string]map[string]string{
	"campaigns": {
		"ledger.account":       "Check compares what a fund holds with its all-or-nothing gifts",
		"ledger.balance":       "Check compares what a fund holds with its all-or-nothing gifts",
		"ledger.fund":          "ReceivePayments learns in its one locking query whether a campaign's fund is closed",
		"ledger.journal_entry": "Check walks donations and their entries side by side",
		"ledger.posting":       "Check walks donations and their entries side by side",
		"receipt.receipt":      "Check walks donations and their receipts side by side",
		"receipt.void":         "Check walks donations and their receipts side by side",

		"ledger.community":        "Check writes each paper's record once more, with the community's slug",
		"transparency.paper_leaf": "Check walks papers and their leaves side by side",
	},
	"campaigns/pledge": {
		"campaigns.campaign": "a promise is shown with its campaign, and ends with it",
		"campaigns.donation": "what a promise has received is the sum of its paid donations",
		"campaigns.donor":    "a promise whose donor is erased has ended, and one without an address gets no letter",
	},
	"campaigns/voice": {
		"campaigns.campaign": "a picture in the gallery of a draft is hidden",
		"campaigns.donation": "who asked for mail gets it while their gift stands",
		"campaigns.donor":    "who asked for mail gets it while they are not forgotten, once however many gifts they gave",
		"campaigns.picture":  "a gallery lists sizes and descriptions in one query, without the bytes",
	},
	"campaigns/box": {
		"campaigns.donation":   "Check walks the boxes and what they became side by side",
		"ledger.account":       "Check walks the deposits and their entries side by side",
		"ledger.journal_entry": "Check walks the deposits and their entries side by side",
		"ledger.posting":       "Check walks the deposits and their entries side by side",
	},
	"campaigns/spending": {
		"budget.commitment":       "Check walks the approved requests and what the budgets hold side by side",
		"campaigns.evidence":      "a list of requests says which have a public paper",
		"ledger.journal_entry":    "Check walks the requests and their entries side by side",
		"ledger.posting":          "Check walks the requests and their entries side by side",
		"reconcile.match_posting": "a transfer has arrived once the bank's line is matched to its entry",
	},
	"campaigns/sale": {
		"campaigns.donation":   "Check walks sales and their tips side by side",
		"ledger.account":       "Check walks sales and their entries side by side; cash by keeper is what the books have less the open drawers",
		"ledger.balance":       "cash by keeper is what the books have less the open drawers",
		"ledger.journal_entry": "Check walks sales and their entries side by side; a cost that was reversed counts no more",
		"ledger.posting":       "Check walks sales and their entries side by side",
		"receipt.receipt":      "a Z report names its first and last receipt; Check walks sales and their receipts side by side",
	},
	"campaigns/receipt": {
		"ledger.journal_entry": "Check walks receipts and their entries side by side",
		"ledger.posting":       "Check walks receipts and their entries side by side",
	},
	"campaigns/project": {
		"ledger.account": "the list of projects shows what each fund has left and has spent, in one query",
		"ledger.fund":    "the list of projects shows what each fund has left and has spent, in one query",
	},
	"campaigns/disclosure": {
		"campaigns.donation":   "a report counts gifts by the way in which they came, as of an entry",
		"campaigns.refund":     "a report counts refunds as of an entry",
		"ledger.account":       "a report's figures are sums over the entries up to one",
		"ledger.book":          "Check compares what a report counted with what was posted",
		"ledger.fund":          "a report's figures are sums over the entries up to one",
		"ledger.journal_entry": "a report's figures are sums over the entries up to one",
		"ledger.posting":       "a report's figures are sums over the entries up to one",
	},
	"campaigns/giver": {
		"campaigns.donor":      "a giver is all donor rows with one address, and their gifts are read through them in one query",
		"campaigns.donation":   "a giver's gifts are summed and paged in one query; held gifts stand in their fund's line one by one",
		"campaigns.campaign":   "each gift of a page comes with its campaign; a fund's line asks which campaigns fill it",
		"campaigns.conclusion": "held gifts come into their fund's line with the entry that freed them",
		"campaigns.refund":     "what went back counts with its gift in a fund's line",
		"campaigns.match":      "what a pool added counts in a fund's line, less what it took back",
		"receipt.receipt":      "each gift of a page comes with its receipt",
		"ledger.account":       "a fund's line is the postings that changed what the fund has",
		"ledger.fund":          "each gift of a page says whether its fund is restricted",
		"ledger.journal_entry": "a fund's line asks what an entry undoes; a trace tells what its entries say",
		"ledger.posting":       "a fund's line is the postings that changed what the fund has",
	},
	"ledger/reconcile": {
		"ledger.account":       "statements and matches are of an account, which is locked while it is seen to as a whole",
		"ledger.balance":       "the list of accounts says what the books have of each, in one query",
		"ledger.journal_entry": "what the bank has not seen is shown with its entry's words",
		"ledger.posting":       "a match is of lines and postings, and both sides are summed in one query",
	},
	"ledger/budget": {
		"ledger.account": "a budget's lines stand in the order of the chart",
	},
	"ledger/schedule": {
		"ledger.journal_entry": "a month whose entry is reversed is due again",
		"ledger.posting":       "what is written off of an item is what its months' entries say",
	},
	"ledger": {
		"transparency.leaf": "Check walks the entries and their leaves side by side",
	},
	"ledger/report": {
		"ledger.account":       "statements are sums over the books",
		"ledger.balance":       "statements are sums over the books",
		"ledger.fund":          "statements are sums over the books",
		"ledger.journal_entry": "the cash flow looks at the entries that move cash",
		"ledger.posting":       "the cash flow looks at the entries that move cash",
		"statement.line":       "the ageing lists what the bank says and nobody has matched",
		"reconcile.match_line": "the ageing lists what the bank says and nobody has matched",
	},
	"cmd/fund/bench": {
		"sale.sale":            "counts what each measured sale wrote",
		"ledger.journal_entry": "counts what each measured donation wrote",
		"ledger.posting":       "counts what each measured donation wrote",
		"transparency.leaf":    "counts what each measured donation wrote",
		"campaigns.donation":   "counts what each measured donation wrote",
		"campaigns.tally":      "fills years of gifts at once, in a scratch database",
		"receipt.receipt":      "counts what each measured donation wrote",
		"outbox.message":       "counts what each measured donation wrote",
	},
}
