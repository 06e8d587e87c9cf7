package pdf

import "maps"

// The words of tickets.
func init() {
	maps.Copy(labelsZH, map[string]string{
		"ticket.number":  "票号 %s",
		"ticket.subject": "%d 张票",
		"ticket.none":    "没有可以打印的票",
		"ticket.when":    "时间",
		"ticket.where":   "地点",
		"ticket.name":    "姓名",
		"ticket.free":    "不对号入座",
		"ticket.once":    "一票一人，入场扫一次。票弄丢了，请到服务台补打。",
		"ticket.type":    "扫不了就报这个码",
	})
	maps.Copy(labelsEN, map[string]string{
		"ticket.number":  "Ticket %s",
		"ticket.subject": "%d tickets",
		"ticket.none":    "There are no tickets to print",
		"ticket.when":    "When",
		"ticket.where":   "Where",
		"ticket.name":    "Name",
		"ticket.free":    "Sit where you like",
		"ticket.once":    "For one person; scanned once at the door. Lost it? Ask the desk for another print.",
		"ticket.type":    "If it cannot be scanned, say this",
	})
}
