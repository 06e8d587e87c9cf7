package pdf

import "maps"

// The words on the slips with codes.
func init() {
	maps.Copy(labelsZH, map[string]string{
		"codes.subject": "%d 个投票码",
		"codes.code":    "这一户的投票码，一户一票，只能用一次",
		"codes.how":     "%s投票。手机扫码，或打开下面的网址，填上这个码。",
		"codes.paper":   "不用手机也行：带着这张条到服务中心，工作人员帮您投。%s",
	})
	maps.Copy(labelsEN, map[string]string{
		"codes.subject": "%d voting codes",
		"codes.code":    "Your household’s code: one vote, used once",
		"codes.how":     "Vote %s. Scan this, or open the address below and type the code.",
		"codes.paper":   "Without a phone: bring this slip to the centre, the staff vote for you. %s",
	})
}
