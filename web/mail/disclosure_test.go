package mail_test

import (
	"time"

	"fund/ledger/money"
	"fund/web/mail"
)

var (
	_ = sample(mail.DisclosureDue{Report: "募捐结果报告", Subject: "除夕暖心饭", Due: time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), Days: 7, Law: "民政部令第81号《慈善组织信息公开办法》", Path: "/c/angong/desk/disclosure/result.3"})
	_ = sample(mail.EndReport{Campaign: "除夕暖心饭", Number: "2026-003", Raised: money.MustParse("18000"), Spent: money.MustParse("17250"), Left: money.MustParse("750"), Whole: true, Done: "120 位老人都吃上了。\n\n剩下的转入明年。", Path: "/c/angong/documents/2026-003"})
	_ = sample(mail.EndReport{Campaign: "随手捐", Number: "2026-004", Raised: money.MustParse("18000"), Done: "修了 5 盏楼道灯。", Path: "/c/angong/documents/2026-004"})
)
