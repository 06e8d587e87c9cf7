package pdf

import "maps"

// The words of journal vouchers and the covers of their books.
func init() {
	maps.Copy(labelsZH, map[string]string{
		"voucher.title":       "记账凭证",
		"voucher.part":        "第 %d 张，共 %d 张",
		"voucher.papers":      "附件 %d 张",
		"voucher.papers_none": "附件 ____ 张",
		"voucher.memo":        "摘要",
		"voucher.account":     "科目",
		"voucher.fund":        "资金用途",
		"voucher.debit":       "借方金额",
		"voucher.credit":      "贷方金额",
		"voucher.total":       "合计",
		"voucher.goes_on":     "接下一张",
		"voucher.head":        "会计主管",
		"voucher.posted":      "记账",
		"voucher.checked":     "审核",
		"voucher.made":        "制单",
		"voucher.scan":        "扫码看公账上的这一笔，核对有没有被改过",
		"voucher.book":        "记账凭证册",
		"voucher.numbers":     "凭证号",
		"voucher.count":       "凭证张数",
		"voucher.papers_all":  "附件张数",
		"voucher.sum":         "借方合计",
		"voucher.accounts":    "科目汇总",
		"voucher.binder":      "装订人",
		"voucher.bound_on":    "装订日期",
	})
	maps.Copy(labelsEN, map[string]string{
		"voucher.title":       "Journal voucher",
		"voucher.part":        "Sheet %d of %d",
		"voucher.papers":      "Papers attached: %d",
		"voucher.papers_none": "Papers attached: ____",
		"voucher.memo":        "What",
		"voucher.account":     "Account",
		"voucher.fund":        "Fund",
		"voucher.debit":       "Debit",
		"voucher.credit":      "Credit",
		"voucher.total":       "Total",
		"voucher.goes_on":     "Goes on overleaf",
		"voucher.head":        "In charge",
		"voucher.posted":      "Posted",
		"voucher.checked":     "Checked",
		"voucher.made":        "Made by",
		"voucher.scan":        "Scan to see this entry in the public ledger, and that it was never changed",
		"voucher.book":        "Book of vouchers",
		"voucher.numbers":     "Vouchers",
		"voucher.count":       "How many",
		"voucher.papers_all":  "Papers attached",
		"voucher.sum":         "Total debits",
		"voucher.accounts":    "By account",
		"voucher.binder":      "Bound by",
		"voucher.bound_on":    "Bound on",
	})
}
