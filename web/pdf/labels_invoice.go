package pdf

import "maps"

// The words of invoices.
func init() {
	maps.Copy(labelsZH, map[string]string{
		"invoice.title":     "服务收费单",
		"invoice.void":      "作废",
		"invoice.to":        "付款人",
		"invoice.forgotten": "（名字已删除）",
		"invoice.by":        "服务方",
		"invoice.issued":    "开单日期",
		"invoice.due":       "请在此日前付",
		"invoice.on":        "日期",
		"invoice.what":      "服务项目",
		"invoice.quantity":  "数量",
		"invoice.price":     "单价",
		"invoice.amount":    "金额",
		"invoice.total":     "合计",
		"invoice.capital":   "大写",
		"invoice.paid":      "已付",
		"invoice.rest":      "还要付 %s",
		"invoice.how":       "付现金请到社区服务台（%s）；转账请在附言里写上单号。这是服务收费，不是捐款；本单不是税务发票。",
		"invoice.ask":       "有不明白的，请打 %s",
		"invoice.made":      "开单人",
		"invoice.received":  "收款人",
	})
	maps.Copy(labelsEN, map[string]string{
		"invoice.title":     "Invoice for services",
		"invoice.void":      "VOID",
		"invoice.to":        "Payer",
		"invoice.forgotten": "(name erased)",
		"invoice.by":        "Service by",
		"invoice.issued":    "Issued on",
		"invoice.due":       "To pay by",
		"invoice.on":        "Day",
		"invoice.what":      "Service",
		"invoice.quantity":  "Quantity",
		"invoice.price":     "Price",
		"invoice.amount":    "Amount",
		"invoice.total":     "Total",
		"invoice.capital":   "In words",
		"invoice.paid":      "Paid so far",
		"invoice.rest":      "Still to pay %s",
		"invoice.how":       "Pay in cash at the community’s desk (%s), or by transfer with this number as the reference. It is a fee for a service, not a gift; this is no tax invoice.",
		"invoice.ask":       "Questions? Call %s",
		"invoice.made":      "Issued by",
		"invoice.received":  "Received by",
	})
}
