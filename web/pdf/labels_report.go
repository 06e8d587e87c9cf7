package pdf

import "maps"

// The words that reports of all kinds share.
func init() {
	maps.Copy(labelsZH, map[string]string{
		"report.issued":      "%s签发",
		"report.draft":       "未签发",
		"report.drawn":       "%s 从账里取出",
		"report.version":     "（第 %d 版）",
		"report.corrected":   "这一版改了什么：%s",
		"corrections":        "公布以后的更正",
		"corrections.lead":   "上一份同类报告以来，这些报告出了更正版。旧版都留着，可以对照。",
		"corrections.none":   "上一份同类报告以来，没有一份公布的报告更正过。",
		"corrections.on":     "日期",
		"corrections.report": "哪份报告",
		"corrections.note":   "改了什么",
		"disclosed.count":    " 笔",
		"check.key":          "签名的公钥这样开头。它应当和“核验”页上、公告栏里写的一模一样：",
		"check.scan.report":  "扫码打开这份报告的网页",
	})
	maps.Copy(labelsEN, map[string]string{
		"report.issued":      "issued %s",
		"report.draft":       "Not issued",
		"report.drawn":       "drawn from the books on %s",
		"report.version":     " (version %d)",
		"report.corrected":   "What this version corrects: %s",
		"corrections":        "Corrections since publication",
		"corrections.lead":   "Since the last report of this kind, these reports were corrected. The old versions stay, to compare.",
		"corrections.none":   "Since the last report of this kind, no published report had to be corrected.",
		"corrections.on":     "On",
		"corrections.report": "Report",
		"corrections.note":   "What changed",
		"disclosed.count":    " entries",
		"check.key":          "The public key that signed it begins like this. It should be the same on the verification page and on the notice board:",
		"check.scan.report":  "Scan to open this report’s page",
	})
}
