package main

import (
	"fund/campaigns"
	"fund/campaigns/box"
	"fund/campaigns/sale"
	"fund/campaigns/spending"
	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/reconcile"
	"fund/ledger/schedule"
)

// closeAsks look at a month before it is closed, in the order in which a treasurer goes through it. A package that keeps
// records beside the books adds its own.
var closeAsks = []ledger.CloseAsk{
	reconcile.CloseItems, campaigns.CloseItems, box.CloseItems, sale.CloseItems, spending.CloseItems,
	schedule.CloseItems, budget.CloseItems, ledger.CloseItems,
}
