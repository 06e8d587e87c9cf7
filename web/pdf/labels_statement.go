package pdf

import "maps"

// The words of financial statements.
func init() {
	maps.Copy(labelsZH, map[string]string{
		"months":          "%s至 %s",
		"stated.who":      "编制单位：%s",
		"stated.unit":     "单位：元",
		"stated.off":      "两边不平，账里有错。运行 fund check 找出在哪里。",
		"stated.left_out": "另有 %s 行没有印出，全部的行在表格文件里。",
		"stated.made":     "%s 编制，依据公账的前 %s 笔。",
		"stated.made_by":  "%s编制，%s，依据公账的前 %s 笔。",
		"stated.head":     "单位负责人（签字）",
		"stated.reviewer": "复核（签字）",
		"stated.preparer": "制表（签字）",
	})
	maps.Copy(labelsEN, map[string]string{
		"months":          "%s to %s",
		"stated.who":      "Reporting entity: %s",
		"stated.unit":     "In yuan",
		"stated.off":      "The two sides differ: there is an error in the books. fund check tells where.",
		"stated.left_out": "%s more rows are not printed; the spreadsheet has all of them.",
		"stated.made":     "Prepared on %s from the first %s entries of the books.",
		"stated.made_by":  "Prepared by %s on %s from the first %s entries of the books.",
		"stated.head":     "In charge (signature)",
		"stated.reviewer": "Checked by (signature)",
		"stated.preparer": "Prepared by (signature)",
	})
}
