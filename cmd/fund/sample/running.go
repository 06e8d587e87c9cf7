package sample

import (
	"time"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// runningCampaigns are those that take gifts today.
func (w *world) runningCampaigns() []campaigns.Campaign {
	day := func(n int) time.Time { return w.today.AddDate(0, 0, n) }
	line := func(zh, en, noteZH, noteEN, unitZH, unitEN string, quantity int, amount string) campaigns.BudgetLine {
		b := campaigns.BudgetLine{NameZH: zh, NameEN: en, NoteZH: noteZH, NoteEN: noteEN, UnitZH: unitZH, UnitEN: unitEN, Amount: money.MustParse(amount)}
		if quantity > 0 {
			b.Quantity = &quantity
		}
		return b
	}
	return []campaigns.Campaign{
		{
			Slug: "new-year-dinner", Theme: "elders", Scene: "dinner", StartsOn: day(-20), EndsOn: day(40), Goal: money.MustParse("18000"),
			TitleZH: "除夕暖心饭：给 120 位独居老人做一桌年夜饭", TitleEN: "New Year’s Eve dinner for 120 people who live alone",
			PurposeZH: "只用于这顿年夜饭", PurposeEN: "This dinner only",
			StoryZH: "安公社区有 120 位老人除夕一个人过。去年我们在 3 号院摆了六桌，王婆婆说，这是她八年来第一次吃到热的年夜饭。今年想让 120 位都吃上，走不动的送到家里。\n\n" +
				"菜由公益茶坊的厨房做，60 位志愿者送。每一张发票都会贴在这一页。",
			StoryEN: "In Angong 120 elders spend New Year’s Eve alone. Last year we laid six tables in courtyard 3; Granny Wang said it was her first hot New Year dinner in eight years. This year we want all 120 to have one, at the table or brought home.\n\n" +
				"The tea house cooks, 60 volunteers carry. Every invoice will be on this page.",
			Suggested: campaigns.Amounts{money.FromFen(20 * yuan), money.FromFen(50 * yuan), money.FromFen(86 * yuan), money.FromFen(200 * yuan), money.FromFen(500 * yuan)},
			Budget: []campaigns.BudgetLine{
				line("年夜饭食材", "Food", "一份是一位老人的一桌菜", "One is one elder’s dinner", "份", "dinners", 120, "10320"),
				line("送餐保温箱", "Insulated boxes", "院落之间走路 20 分钟，菜还是热的", "Still hot after a walk of 20 minutes", "个", "boxes", 24, "2280"),
				line("厨房燃气与餐具", "Kitchen gas and tableware", "实报实销", "At cost", "", "", 0, "2400"),
				line("志愿者保险与交通", "Volunteers’ insurance and fares", "", "", "人", "people", 60, "1800"),
				line("备用金", "Reserve", "用不完由议事会决定去向", "What is left, the council decides", "", "", 0, "1200"),
			},
		},
		{
			Slug: "book-corner-chairs", Theme: "children", Scene: "chairs", StartsOn: day(-9), EndsOn: day(30), Goal: money.MustParse("5700"),
			TitleZH: "书角添 38 把椅子", TitleEN: "38 chairs for the book corner", PurposeZH: "只用于书角的椅子", PurposeEN: "The book corner’s chairs only",
			StoryZH:   "周三下午四点半，书角要坐下 50 个孩子，椅子只有 12 把。孩子们坐在地上写作业，冬天地凉。\n\n椅子是 7 号院木匠赵师傅做的，一把 150 元，坐得住二十年。",
			StoryEN:   "On Wednesdays at half past four fifty children come to the book corner, and there are twelve chairs. They do their homework on the floor, which is cold in winter.\n\nZhao, the carpenter of courtyard 7, makes the chairs at 150 yuan each, to last for twenty years.",
			Suggested: campaigns.Amounts{money.FromFen(20 * yuan), money.FromFen(50 * yuan), money.FromFen(150 * yuan), money.FromFen(300 * yuan)},
			Budget:    []campaigns.BudgetLine{line("木椅", "Wooden chairs", "坐得住二十年", "To last for twenty years", "把", "chairs", 38, "5700")},
		},
		{
			Slug: "courtyard-3-shelter", Kind: campaigns.AllOrNothing, Theme: "yard", Scene: "shelter", StartsOn: day(-45), EndsOn: day(14), Goal: money.MustParse("24000"),
			TitleZH: "3 号院雨棚：下雨也能坐下来", TitleEN: "A rain roof for courtyard 3", PurposeZH: "只用于 3 号院雨棚，筹不够就全部退回", PurposeEN: "The roof only; given back if the goal is not met",
			StoryZH:   "3 号院的石桌是院里 200 户人家的客厅。下雨天没有人，因为没有棚。\n\n雨棚必须一次做完，所以不成则退：到期没筹满，每一笔都原路退回。",
			StoryEN:   "The stone table of courtyard 3 is the sitting room of 200 families. When it rains nobody is there, for there is no roof.\n\nA roof cannot be built by halves. If the goal is not met in time, every gift goes back to where it came from.",
			Suggested: suggested,
			Budget: []campaigns.BudgetLine{
				line("钢架和阳光板", "Steel frame and panels", "三家比价后的报价", "The best of three offers", "", "", 0, "15600"),
				line("基础和排水", "Footing and drainage", "", "", "", "", 0, "4800"), line("安装人工", "Building work", "4 人 × 3 天", "4 people for 3 days", "", "", 0, "3600"),
			},
		},
		{
			Slug: "after-school-spring", Theme: "children", Scene: "book", StartsOn: day(-3), EndsOn: day(56), Goal: money.MustParse("9600"),
			TitleZH: "四点半课堂：春季班", TitleEN: "Half-past-four class: spring term", PurposeZH: "只用于四点半课堂", PurposeEN: "The after-school class only",
			StoryZH: "放学到父母下班，中间有两个小时。春季班想从两天加到四天。", StoryEN: "Two hours lie between the end of school and the end of work. In spring we want four afternoons a week rather than two.",
			Suggested: suggested,
			Budget: []campaigns.BudgetLine{
				line("点心和文具", "Snacks and stationery", "每个下午 30 个孩子", "Thirty children an afternoon", "个下午", "afternoons", 64, "5760"),
				line("大学生志愿者交通", "Student volunteers’ fares", "每个下午 4 位大学生", "Four students an afternoon", "个下午", "afternoons", 64, "3840"),
			},
		},
		{
			Slug: "everyday", Theme: "neighbours", Scene: "tree", FundID: ledger.GeneralFundID, StartsOn: day(-120), EndsOn: day(245), Goal: money.MustParse("16000"),
			TitleZH: "随手捐：社区里的小事", TitleEN: "Small things around here", PurposeZH: "由议事会决定用处", PurposeEN: "What the council decides",
			StoryZH: "楼道灯坏了、长椅松了、谁家急着用轮椅，都从这里出。每个月议事会公开一次用处。", StoryEN: "A stair light, a loose bench, a wheelchair somebody needs tomorrow: the council decides and tells every month.",
			Suggested: suggested,
			Budget: []campaigns.BudgetLine{
				line("院落里的小修小补", "Small repairs in the courtyards", "", "", "", "", 0, "9000"), line("急用", "Urgent needs", "", "", "", "", 0, "7000"),
			},
		},
	}
}
