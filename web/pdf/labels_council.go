package pdf

import "maps"

// The words of ballots and minutes.
func init() {
	maps.Copy(labelsZH, map[string]string{
		"ballot.title":          "表决票",
		"ballot.for":            "同意",
		"ballot.against":        "反对",
		"ballot.abstain":        "弃权",
		"ballot.secret":         "只在一个方框里打勾。不写名字，折好投进票箱。",
		"ballot.open":           "只在一个方框里打勾，折好投进票箱。",
		"minutes.title":         "会议记录",
		"minutes.held":          "时间",
		"minutes.place":         "地点",
		"minutes.present":       "到会",
		"minutes.absent":        "没有到会",
		"minutes.notes":         "其他",
		"minutes.spoilt":        "废票",
		"minutes.chair":         "召集人",
		"minutes.secretary":     "记录人",
		"minutes.witness":       "监票人",
		"minutes.date":          "日期",
		"minutes.signed_online": "印出的姓名是本人登录后签的。",
		"minutes.kept":          "这份记录写好以后不能改。扫码看公开的同一份；下面是它的 SHA-256：",
	})
	maps.Copy(labelsEN, map[string]string{
		"ballot.title":          "Ballot",
		"ballot.for":            "For",
		"ballot.against":        "Against",
		"ballot.abstain":        "Abstain",
		"ballot.secret":         "Tick one box only. Write no name; fold it and put it into the box.",
		"ballot.open":           "Tick one box only; fold it and put it into the box.",
		"minutes.title":         "Minutes",
		"minutes.held":          "Held on",
		"minutes.place":         "Place",
		"minutes.present":       "Present",
		"minutes.absent":        "Absent",
		"minutes.notes":         "Also",
		"minutes.spoilt":        "Spoilt",
		"minutes.chair":         "Chair",
		"minutes.secretary":     "Secretary",
		"minutes.witness":       "Teller",
		"minutes.date":          "Date",
		"minutes.signed_online": "Printed names were signed by their owners with their own log-ins.",
		"minutes.kept":          "Once written, these minutes are never changed. Scan to read the same in public; this is their SHA-256:",
	})
}
