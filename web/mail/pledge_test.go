package mail_test

import (
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/mail"
)

var (
	_ = sample(mail.PledgeDue{Amount: money.MustParse("500"), Left: money.MustParse("500"), Campaign: "长者食堂", Due: ledger.Day(2026, 5, 31), Path: "/c/angong/pledges/abc"})
	_ = sample(mail.PledgeDue{
		Amount: money.MustParse("500"), Received: money.MustParse("200"), Left: money.MustParse("300"), Campaign: "长者食堂", Due: ledger.Day(2026, 5, 31),
		Late: true, Path: "/c/angong/pledges/abc",
	})
	_ = sample(mail.MonthlyDue{Amount: money.MustParse("50"), Campaign: "长者食堂", Path: "/c/angong/monthly/abc"})
	_ = sample(mail.MonthlyOver{Campaign: "长者食堂", Gifts: 7, Given: money.MustParse("350"), Path: "/c/angong/monthly/abc"})
)
