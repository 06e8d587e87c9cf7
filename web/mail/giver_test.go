package mail_test

import (
	"fund/ledger/money"
	"fund/web/mail"
)

var (
	_ = sample(mail.GiverLink{Path: "/c/angong/mine/link/0190-abc", Minutes: 30})
	_ = sample(mail.AddressConfirmation{Path: "/c/angong/mine/link/0190-abc", Minutes: 30})
	_ = sample(mail.RefundDeclined{Amount: money.MustParse("50"), Campaign: "除夕暖心饭", Reason: "菜已经买了", Path: "/r/1-abc"})
)
