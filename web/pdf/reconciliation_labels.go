package pdf

import "maps"

// The words of the bank reconciliation statement.
func init() {
	maps.Copy(labelsZH, map[string]string{
		"agreed.title":        "银行存款余额调节表",
		"agreed.account":      "科目：%s",
		"agreed.unit":         "单位：元",
		"agreed.books":        "账面余额",
		"agreed.bank":         "银行对账单余额",
		"agreed.plus":         "加：%s",
		"agreed.minus":        "减：%s",
		"agreed.books_in":     "银行已收、账上未记",
		"agreed.books_out":    "银行已付、账上未记",
		"agreed.bank_in":      "账上已收、银行未收",
		"agreed.bank_out":     "账上已付、银行未付",
		"agreed.adjusted":     "调节后余额",
		"agreed.equal":        "两边调节后余额相等。",
		"agreed.off":          "两边还差 %s，原因没有查清。",
		"agreed.day":          "日期",
		"agreed.number_books": "凭证号",
		"agreed.number_bank":  "银行流水号",
		"agreed.what":         "摘要",
		"agreed.note":         "说明",
		"agreed.amount":       "金额（元）",
		"agreed.made":         "编制：%s，%s",
		"agreed.preparer":     "编制人（签字）",
		"agreed.reviewer":     "复核人（签字）",
		"agreed.head":         "负责人（签字）",
	})
	maps.Copy(labelsEN, map[string]string{
		"agreed.title":        "Bank reconciliation statement",
		"agreed.account":      "Account: %s",
		"agreed.unit":         "In yuan",
		"agreed.books":        "Balance in the books",
		"agreed.bank":         "Balance of the bank’s statement",
		"agreed.plus":         "Plus: %s",
		"agreed.minus":        "Less: %s",
		"agreed.books_in":     "received by the bank, not in the books",
		"agreed.books_out":    "paid by the bank, not in the books",
		"agreed.bank_in":      "received in the books, not by the bank",
		"agreed.bank_out":     "paid in the books, not by the bank",
		"agreed.adjusted":     "Adjusted balance",
		"agreed.equal":        "Both adjusted balances are the same.",
		"agreed.off":          "The two sides differ by %s, and nobody knows yet why.",
		"agreed.day":          "Date",
		"agreed.number_books": "Voucher",
		"agreed.number_bank":  "The bank’s number",
		"agreed.what":         "What",
		"agreed.note":         "Note",
		"agreed.amount":       "Amount (yuan)",
		"agreed.made":         "Prepared by %s, %s",
		"agreed.preparer":     "Prepared by (signature)",
		"agreed.reviewer":     "Checked by (signature)",
		"agreed.head":         "In charge (signature)",
	})
}
