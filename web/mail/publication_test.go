package mail_test

import (
	"fund/ledger/money"
	"fund/web/mail"
)

var (
	_ = sample(mail.ReportConfirm{Path: "/c/angong/reports/letters/x"})
	_ = sample(mail.ReportIssued{
		Title: "公开报告", Of: "安公社区 2017 年 12 月", Number: "2018-002", Whole: true, In: money.MustParse("29870.20"), Out: money.MustParse("28010.75"),
		Left: money.MustParse("64961.65"), Path: "/c/angong/documents/2018-002", PDF: "/c/angong/documents/2018-002/1/document.pdf?lang=zh-CN",
	})
	_ = sample(mail.ReportIssued{
		Title: "公开报告", Of: "安公社区 2017 年", Number: "2018-003", Note: "补上了扶手的米数。", Path: "/c/angong/documents/2018-003", PDF: "/c/angong/documents/2018-003/2/document.pdf?lang=zh-CN",
	})
)
