package pdf

import "maps"

// The words of a sale's receipt.
func init() {
	maps.Copy(labelsZH, map[string]string{
		"sale":           "购物小票",
		"sale.title":     "购物小票 %s",
		"sale.slip":      "小票号 %s",
		"sale.what":      "品名",
		"sale.times":     "数量",
		"sale.price":     "单价",
		"sale.sum":       "金额",
		"sale.total":     "合计",
		"sale.tip":       "另捐（收据 %s）",
		"sale.tip.plain": "另捐",
		"sale.paid":      "实收",
		"sale.given":     "收 %s",
		"sale.change":    "找零",
		"sale.refunded":  "已退",
		"sale.void":      "全部退货，这张小票作废",
		"sale.not_gift":  "这是买东西的小票，不是捐赠收据，不能抵税。",
		"sale.use":       "货款进入：%s",
		"sale.scan":      "扫码核对这一单，或带走电子小票",
		"sale.check":     "校验码 %s",
		"sale.entry":     "公账凭证 %s",
		"sale.phone":     "电话 %s",
		"sale.thanks":    "谢谢惠顾",
	})
	maps.Copy(labelsEN, map[string]string{
		"sale":           "Receipt",
		"sale.title":     "Receipt %s",
		"sale.slip":      "Slip %s",
		"sale.what":      "Item",
		"sale.times":     "Pieces",
		"sale.price":     "Price",
		"sale.sum":       "Amount",
		"sale.total":     "Total",
		"sale.tip":       "Donation (receipt %s)",
		"sale.tip.plain": "Donation",
		"sale.paid":      "Paid",
		"sale.given":     "given %s",
		"sale.change":    "Change",
		"sale.refunded":  "Refunded",
		"sale.void":      "All of it was refunded; this receipt is void",
		"sale.not_gift":  "A receipt for goods, not for a donation; it does not reduce taxes.",
		"sale.use":       "The proceeds go to: %s",
		"sale.scan":      "Scan to check this sale, or to take the receipt along",
		"sale.check":     "Check code %s",
		"sale.entry":     "Entry %s",
		"sale.phone":     "Telephone %s",
		"sale.thanks":    "Thank you",
	})
}
