package sample

import "slices"

// reachable are people who left an address, so that the demo has letters to show. The addresses are nobody's.
var reachable = []struct{ name, email, lang string }{
	{"周婆婆", "zhou.popo@example.org", "zh-CN"},
	{"Mary Chen", "mary.chen@example.org", "en"},
	{"陈老师", "chen.laoshi@example.org", "zh-CN"},
}

// address gives the latest gifts made online somebody who wants a receipt by mail.
func address(events []event) {
	var online []*event
	for i := range events {
		if g := events[i].gift; g != nil && g.Method == "sandbox" {
			online = append(online, &events[i])
		}
	}
	slices.SortStableFunc(online, func(a, b *event) int { return b.at.Compare(a.at) })
	for i, who := range reachable {
		if i < len(online) {
			g := online[i].gift
			g.Name, g.Email, g.Lang = who.name, who.email, who.lang
		}
	}
}
