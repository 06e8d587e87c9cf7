package pdf

import "maps"

// The words of a year's receipts.
func init() {
	maps.Copy(labelsZH, map[string]string{
		"giving.title":    "%d 年的捐赠收据",
		"giving.donor":    "捐赠人：%s",
		"giving.count":    "共 %d 张收据。收据号下面是它的校验码。",
		"giving.number":   "收据号",
		"giving.amount":   "金额（元）",
		"giving.refunded": "其中已退回",
		"giving.sum":      "%d 年合计",
		"giving.check":    "每张收据都对应公账里的一笔。不用信我们，来查我们：打开 %s ，输入收据号和校验码。",
	})
	maps.Copy(labelsEN, map[string]string{
		"giving.title":    "Gift receipts of %d",
		"giving.donor":    "Donor: %s",
		"giving.count":    "Receipts: %d. Under each number stands its check code.",
		"giving.number":   "Receipt",
		"giving.amount":   "Amount (yuan)",
		"giving.refunded": "of which given back",
		"giving.sum":      "Sum of %d",
		"giving.check":    "Each receipt is an entry in the public books. Don’t trust us, check us: open %s and type the number and its check code.",
	})
}
