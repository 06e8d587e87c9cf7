package pdf

import "maps"

// The words of notice sheets and lists of donors.
func init() {
	maps.Copy(labelsZH, map[string]string{
		"sheet.title":          "%s · %s张榜公布",
		"sheet.big":            "%s的账",
		"sheet.draft":          "草稿，未签发",
		"sheet.other":          "转入或调整",
		"sheet.held":           "其中专款 %s，通用款 %s。单位：元",
		"sheet.rest":           "其他",
		"sheet.did":            "%d 个服务项目，服务 %s 人次。",
		"sheet.did.one":        "%d 个服务项目，服务 %s 人次。",
		"sheet.scan":           "扫码看每一笔",
		"sheet.check":          "不用信我们，来查我们。",
		"sheet.host":           "托管机构：%s。",
		"sheet.point":          "账目快照第 %d 号，公钥 %s。",
		"sheet.corrections":    "上次公布以来有 %d 处更正。",
		"donors.title":         "感谢名单",
		"donors.as_of":         "%s",
		"donors.lead":          "这里只写愿意留名的人。没有留名的，钱一样记在账里，一分不少。",
		"donors.gifts":         "收到捐赠",
		"donors.unit":          "笔",
		"donors.sum":           "一共",
		"donors.name":          "捐赠人",
		"donors.words":         "留言",
		"donors.unnamed":       "没有留名的",
		"donors.unnamed.count": "%s 笔",
		"donors.foot":          "您可以随时改主意：不想再留名，在自己的收据页上关掉，下一次打印就没有了。%s",
	})
	maps.Copy(labelsEN, map[string]string{
		"sheet.title":          "%s · notice %s",
		"sheet.big":            "The money of %s",
		"sheet.draft":          "Draft, not issued",
		"sheet.other":          "Brought in",
		"sheet.held":           "of that restricted %s, unrestricted %s. In yuan",
		"sheet.rest":           "Others",
		"sheet.did":            "%d projects served %s person-times.",
		"sheet.did.one":        "%d project served %s person-times.",
		"sheet.scan":           "Scan to see every entry",
		"sheet.check":          "Don’t trust us. Check us.",
		"sheet.host":           "Host: %s.",
		"sheet.point":          "Checkpoint %d, public key %s.",
		"sheet.corrections":    "%d corrections since the last notice.",
		"donors.title":         "With thanks to",
		"donors.as_of":         "as of %s",
		"donors.lead":          "Only those who want to be named are named. Everybody else’s gift is in the books just the same.",
		"donors.gifts":         "Gifts",
		"donors.unit":          "received",
		"donors.sum":           "In all",
		"donors.name":          "Donor",
		"donors.words":         "Words",
		"donors.unnamed":       "Not named",
		"donors.unnamed.count": "%s gifts",
		"donors.foot":          "You may change your mind at any time: switch your name off on your receipt’s page, and the next print is without it. %s",
	})
}
