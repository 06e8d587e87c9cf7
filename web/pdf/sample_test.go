package pdf_test

import (
	"fmt"
	"time"

	"fund/ledger/money"
	"fund/web/pdf"
)

func yuan(s string) money.Amount { return money.MustParse(s) }

func date(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// in is a text in the language of the sample.
func in(lang, zh, en string) string {
	if lang == "en" {
		return en
	}
	return zh
}

func sampleReceipt(lang string) pdf.ReceiptDoc {
	return pdf.ReceiptDoc{
		Lang: lang, Number: "2017-000874",
		Community: in(lang, "安公社区", "Angong Community"),
		Host:      in(lang, "锦城社区公益基金会（示例）", "Jincheng Community Foundation (example)"),
		HostLines: []string{
			in(lang, "公开募捐资格证书 510000A001 · 备案号 5100002017-12", "Fundraising licence 510000A001 · filing 5100002017-12"),
			in(lang, "成都市武侯区玉林街道 · 028-0000 0000", "Yulin Street, Wuhou District, Chengdu · 028-0000 0000"),
		},
		Purpose: in(lang, "冬至饺子宴", "Winter Solstice dumplings"), Restricted: true,
		Date: date(2017, 12, 5), Method: in(lang, "微信支付", "WeChat Pay"),
		Amount: yuan("50.00"), Entry: "2017-1987", Check: "K7M4-92QD",
		VerifyURL: "https://fund.example.org/r/ja7xm4k2wq5tz3n6c8v9b1d0fe",
		Legal:     in(lang, "依据《中华人民共和国慈善法》第三十八条开具。", "Issued under Article 38 of the Charity Law of China."),
		Issued:    date(2017, 12, 5),
	}
}

// sampleHead is what the sample's reports say of themselves.
func sampleHead(lang string) pdf.Head {
	return pdf.Head{
		Lang: lang, Community: in(lang, "安公社区", "Angong Community"),
		Host:   in(lang, "锦城社区公益基金会（示例）", "Jincheng Community Foundation (example)"),
		Number: "2017-12", Period: in(lang, "2017 年", "2017"),
		From: date(2017, 1, 1), To: date(2017, 12, 31), Issued: date(2018, 1, 8),
		Ask: in(lang, "打电话 028-0000 0000，或到社区服务中心一楼。", "Call 028-0000 0000 or come to the service centre, ground floor."),
		Checkpoint: pdf.Checkpoint{
			Number: 365, At: time.Date(2017, 12, 31, 18, 0, 0, 0, time.UTC), URL: "https://fund.example.org/c/angong/check/365",
			Text: "fund.example.org/angong\n2186\nj0kxTq4v1bO9mC2dZ8sYwN6uHfRr3LpE5aXiG7oV+kQ=\ntime 2017-12-31T18:00:00+08:00\n\n" +
				"— fund.example.org/angong Az3grlgtz0jE0mVvQ9m4Xc2n0Xk1yP5sW8bLhU7tKdR6fGiJqOaZxCvBnMl4H2eT9uYwS1pD3rF5oI8kNjQ6zAhVbE0=\n— zhou.example.org Qm7pTk2sVx9cLd4fHj6aWn8eRb1gYi3oUz5tXq0vEs7kMw2yCh4rBl6uPn8dFa1jGt3iZo5xNv9eKc7mTq2wLs4h=\n",
		},
	}
}

// sampleReport is the year of the look: 38 projects, 2,326 person-times, 312,486.50 in, 289,395.10 out.
func sampleReport(lang string) pdf.ReportDoc {
	d := pdf.ReportDoc{
		Head:    sampleHead(lang),
		Opening: yuan("41870.25"), Income: yuan("312486.50"), Expense: yuan("289395.10"), Closing: yuan("64961.65"),
		ClosingHeld: yuan("23705.00"), ClosingFree: yuan("41256.65"), Apart: yuan("19680.00"),
		Sources: []pdf.Use{
			{Name: in(lang, "公益茶坊", "Tea house"), Free: yuan("96420.00")},
			{Name: in(lang, "义卖", "Charity sales"), Free: yuan("47832.00")},
			{Name: in(lang, "网上捐赠", "Gifts online"), Free: yuan("6758.00"), Held: yuan("36160.00")},
			{Name: in(lang, "报刊亭", "Newsstand"), Free: yuan("38615.50")},
			{Name: in(lang, "公益晚会", "Gala evenings"), Free: yuan("16500.00"), Held: yuan("20000.00")},
			{Name: in(lang, "红廊线下捐赠", "Gifts in the corridor"), Free: yuan("9442.00"), Held: yuan("19452.00")},
			{Name: in(lang, "书角", "Book corner"), Free: yuan("21307.00")},
		},
		Uses: []pdf.Use{
			{Name: in(lang, "老人", "Elders"), Free: yuan("44260.00"), Held: yuan("34200.00"), Projects: 11, Served: 812},
			{Name: in(lang, "孩子", "Children"), Free: yuan("35715.00"), Held: yuan("16600.00"), Projects: 8, Served: 574},
			{Name: in(lang, "邻里文化", "Neighbourhood life"), Free: yuan("43390.00"), Held: yuan("3500.00"), Projects: 9, Served: 468},
			{Name: in(lang, "院落改善", "Courtyards"), Free: yuan("38225.00"), Held: yuan("10000.00"), Projects: 6, Served: 231},
			{Name: in(lang, "互助志愿", "Mutual aid"), Free: yuan("22840.00"), Projects: 4, Served: 241},
			{Name: in(lang, "自营成本", "Cost of ventures"), Free: yuan("31204.00")},
			{Name: in(lang, "管理费用", "Administration"), Free: yuan("6318.50")},
			{Name: in(lang, "筹资费用", "Fundraising"), Free: yuan("3142.60")},
		},
	}
	for i, v := range [][2]string{
		{"21840.00", "16230.00"},
		{"17316.50", "14872.40"},
		{"22905.00", "19655.00"},
		{"23480.00", "22348.00"},
		{"26312.00", "24180.60"},
		{"25874.00", "27902.00"},
		{"19960.00", "21476.00"},
		{"20415.00", "18934.50"},
		{"31268.00", "25610.00"},
		{"29744.00", "27388.00"},
		{"28906.00", "29746.20"},
		{"44466.00", "41052.40"},
	} {
		d.Months = append(d.Months, pdf.MonthSum{Month: time.Month(i + 1), In: yuan(v[0]), Out: yuan(v[1])})
	}
	sampleCampaigns(&d)
	sampleProjects(&d)
	sampleStatements(&d)
	sampleEntries(&d, 330)
	return d
}

func sampleCampaigns(d *pdf.ReportDoc) {
	l := d.Lang
	row := func(zh, en, plan, actual string) pdf.BudgetRow {
		return pdf.BudgetRow{Name: in(l, zh, en), Plan: yuan(plan), Covered: yuan(actual)}
	}
	d.Campaigns = []pdf.CampaignPart{
		{
			Title: in(l, "冬至饺子宴：96 位老人一起过冬至", "Winter Solstice dumplings for 96 elders"), From: date(2017, 11, 20), To: date(2017, 12, 20),
			Filing: "5100002017-11", Held: true, Goal: yuan("8000.00"), Raised: yuan("8640.00"), Spent: yuan("8138.88"), Givers: 163,
			Budget: []pdf.BudgetRow{
				row("面粉、肉和菜", "Flour, meat and vegetables", "5600.00", "5616.00"),
				row("租碗筷桌椅", "Hire of bowls, tables and chairs", "1200.00", "1296.00"),
				row("燃气与保险", "Gas and insurance", "1200.00", "1226.88"),
			},
		},
		{
			Title: in(l, "除夕暖心饭：给 120 位独居老人做一桌年夜饭", "New Year’s Eve dinner for 120 elders living alone"), From: date(2017, 12, 1), To: date(2018, 2, 10),
			Filing: "5100002017-12", Held: true, Goal: yuan("18000.00"), Raised: yuan("11232.00"), Spent: yuan("0.00"), Givers: 217,
			Budget: []pdf.BudgetRow{
				row("食材", "Food", "10800.00", "0.00"),
				row("厨师与帮厨的车费", "Fares of cooks and helpers", "2400.00", "0.00"),
				row("送餐保温箱 40 个（可以用很多年，平时借给各院落）", "40 insulated boxes, lent to the courtyards for the rest of the year", "4800.00", "0.00"),
			},
		},
		{
			Title: in(l, "书角添 38 把椅子", "38 chairs for the book corner"), From: date(2017, 12, 10), To: date(2018, 1, 31),
			Held: true, Goal: yuan("5700.00"), Raised: yuan("1800.00"), Givers: 43,
			Budget: []pdf.BudgetRow{row("椅子 38 把，每把 150 元", "38 chairs at 150 yuan", "5700.00", "0.00")},
		},
		{
			Title: in(l, "3 号院雨棚：下雨也能坐下来", "A shelter for Courtyard 3"), From: date(2017, 11, 1), To: date(2018, 1, 15),
			Filing: "5100002017-10", Held: true, Goal: yuan("24000.00"), Raised: yuan("19680.00"), Givers: 164,
		},
	}
}

func sampleProjects(d *pdf.ReportDoc) {
	l := d.Lang
	names := map[string][]string{
		"老人":   {"冬至饺子宴", "重阳节敬老茶会", "独居老人每周一电话", "助浴上门", "智能手机小课堂", "夏天送绿豆汤", "老花镜免费配", "陪诊", "老年合唱队", "血压驿站", "修脚日"},
		"孩子":   {"四点半课堂", "暑假图书漂流", "跳绳比赛", "小小记者团", "儿童防溺水课", "六一旧物交换", "亲子种菜", "英语角"},
		"邻里文化": {"坝坝电影", "中秋赏月", "社区春晚", "老照片展", "邻居节百家宴", "川剧进院落", "书法班", "棋牌赛", "摄影比赛"},
		"院落改善": {"1 号院楼道灯", "2 号院花坛", "5 号院自行车棚", "7 号院下水道疏通", "9 号院长椅", "11 号院垃圾分类亭"},
		"互助志愿": {"维修志愿队", "理发日", "缝纫铺", "旧衣再生"},
	}
	en := map[string]string{"老人": "Elders", "孩子": "Children", "邻里文化": "Neighbourhood life", "院落改善": "Courtyards", "互助志愿": "Mutual aid"}
	themes := []struct {
		name   string
		spent  int64 // fen
		served int
	}{{"老人", 7846000, 812}, {"孩子", 5231500, 574}, {"邻里文化", 4689000, 468}, {"院落改善", 4822500, 231}, {"互助志愿", 2284000, 241}}
	for t, th := range themes {
		var weights, heads []int64
		for i := range names[th.name] {
			weights = append(weights, int64(5+(i*7+t*3)%11))
			heads = append(heads, int64(3+(i*5+t)%9))
		}
		spent := money.FromFen(th.spent).Split(weights...)
		served := money.FromFen(int64(th.served)).Split(heads...)
		for i, n := range names[th.name] {
			d.Projects = append(d.Projects, pdf.ProjectPart{
				Title: in(l, n, fmt.Sprintf("%s project %d", en[th.name], i+1)), Theme: in(l, th.name, en[th.name]),
				Council: in(l, fmt.Sprintf("%d 号院议事会", 1+(i+t)%12), fmt.Sprintf("Council of Courtyard %d", 1+(i+t)%12)),
				Agreed:  date(2017, 1+(i*3+t)%12, 3+(i*7)%25), Spent: spent[i], Budget: money.FromFen(spent[i].Fen()/10000*10000 + int64(10000*(i%4))),
				Served: int(served[i].Fen()), Sessions: 1 + (i*5+t)%14, Held: i%3 == 1,
			})
		}
	}
}

func sampleStatements(d *pdf.ReportDoc) {
	l := d.Lang
	d.Funds = []pdf.FundPart{
		{Name: in(l, "通用款", "General fund"), Opening: yuan("29477.25"), In: yuan("236874.50"), Out: yuan("225095.10"), Closing: yuan("41256.65")},
		{Name: in(l, "冬至饺子宴", "Winter Solstice dumplings"), Held: true, In: yuan("8640.00"), Out: yuan("8138.88"), Closing: yuan("501.12")},
		{Name: in(l, "除夕暖心饭", "New Year’s Eve dinner"), Held: true, In: yuan("11232.00"), Closing: yuan("11232.00")},
		{Name: in(l, "书角添椅子", "Chairs for the book corner"), Held: true, In: yuan("1800.00"), Closing: yuan("1800.00")},
		{Name: in(l, "助老基金（2016 年起）", "Elders’ fund (since 2016)"), Held: true, Opening: yuan("12393.00"), In: yuan("53940.00"), Out: yuan("56161.12"), Closing: yuan("10171.88")},
	}
	a := func(level int, zh, en, free, held, total string) pdf.ActivityRow {
		return pdf.ActivityRow{Name: in(l, zh, en), Level: level, Free: yuan(free), Held: yuan(held), Total: yuan(total)}
	}
	sum := func(r pdf.ActivityRow) pdf.ActivityRow { r.Sum = true; return r }
	last := func(r pdf.ActivityRow) pdf.ActivityRow { r.Last = true; return r }
	head := func(zh, en string) pdf.ActivityRow { return pdf.ActivityRow{Name: in(l, zh, en), Head: true} }
	d.Activities = []pdf.ActivityRow{
		head("一、收入", "I. Income"),
		a(1, "捐赠收入", "Donations", "32700.00", "75612.00", "108312.00"),
		a(1, "商品销售收入", "Sales of goods", "204174.50", "0.00", "204174.50"),
		a(1, "政府补助收入", "Government grants", "0.00", "0.00", "0.00"),
		sum(a(0, "收入合计", "Total income", "236874.50", "75612.00", "312486.50")),
		head("二、费用", "II. Expenses"),
		a(1, "业务活动成本", "Programme costs", "279934.00", "0.00", "279934.00"),
		a(2, "其中：税金及附加", "of which taxes and surcharges", "0.00", "0.00", "0.00"),
		a(1, "管理费用", "Administration", "6318.50", "0.00", "6318.50"),
		a(1, "筹资费用", "Fundraising", "3142.60", "0.00", "3142.60"),
		sum(a(0, "费用合计", "Total expenses", "289395.10", "0.00", "289395.10")),
		a(0, "三、限定性净资产转为非限定性净资产", "III. Restricted net assets released", "64300.00", "0.00", "64300.00"),
		last(a(0, "四、净资产变动额", "IV. Change in net assets", "11779.40", "11312.00", "23091.40")),
	}
	d.Activities[11].Held = yuan("64300.00").Neg()
	d.Activities[11].Total = money.Amount{}
	b := func(level int, zh, en, opening, closing string) pdf.BalanceRow {
		return pdf.BalanceRow{Name: in(l, zh, en), Level: level, Opening: yuan(opening), Closing: yuan(closing)}
	}
	d.Places = []pdf.PlaceRow{
		{Name: in(l, "现金", "Cash"), Amount: yuan("3080.00")},
		{Name: in(l, "银行存款", "Bank deposits"), Amount: yuan("71998.45")},
		{Name: in(l, "微信支付待结算", "WeChat Pay, to be settled"), Amount: yuan("9563.20")},
	}
	d.CashFlow = []pdf.CashRow{
		{Name: in(l, "一、业务活动产生的现金流量", "I. Operating activities"), Head: true},
		{Name: in(l, "现金流入小计", "Operating receipts"), Level: 1, Amount: yuan("332166.50")},
		{Name: in(l, "现金流出小计", "Operating payments"), Level: 1, Amount: yuan("289395.10")},
		{Name: in(l, "现金净增加额", "Net increase in money"), Last: true, Amount: yuan("42771.40")},
	}
	d.Balance = []pdf.BalanceRow{
		{Name: in(l, "资产", "Assets"), Head: true},
		b(1, "现金", "Cash", "2150.00", "3080.00"),
		b(1, "银行存款", "Bank deposits", "36220.25", "71998.45"),
		b(1, "其他货币资金（微信、支付宝）", "Other money (WeChat, Alipay)", "3500.00", "9563.20"),
		{Name: in(l, "资产总计", "Total assets"), Opening: yuan("41870.25"), Closing: yuan("84641.65"), Sum: true},
		{Name: in(l, "负债", "Liabilities"), Head: true},
		b(1, "受托代理负债（不成则退代收款）", "Held for all-or-nothing campaigns", "0.00", "19680.00"),
		{Name: in(l, "净资产", "Net assets"), Head: true},
		b(1, "非限定性净资产", "Unrestricted", "29477.25", "41256.65"),
		b(1, "限定性净资产", "Restricted", "12393.00", "23705.00"),
		{Name: in(l, "负债和净资产总计", "Total liabilities and net assets"), Opening: yuan("41870.25"), Closing: yuan("84641.65"), Last: true},
	}
}

func sampleEntries(d *pdf.ReportDoc, n int) {
	l := d.Lang
	kinds := []struct{ zh, en, fundZH, fundEN, in, out string }{
		{"捐赠", "Gift", "除夕暖心饭", "New Year’s Eve dinner", "50.00", "0.00"},
		{"公益茶坊当日营业款", "Tea house takings of the day", "通用款", "General fund", "318.00", "0.00"},
		{"义卖场地搭建费（付给锦里搭建工程服务部，发票 05127734）", "Setting up the charity sale (invoice 05127734)", "通用款", "General fund", "0.00", "1260.00"},
		{"捐赠（李**）", "Gift (Li **)", "书角添椅子", "Chairs for the book corner", "150.00", "0.00"},
		{"助学用品采购：书包 30 个、文具 30 套", "School things: 30 bags, 30 sets of stationery", "助老基金（2016 年起）", "Elders’ fund (since 2016)", "0.00", "927.60"},
		{"报刊亭一周营业款", "Newsstand takings of the week", "通用款", "General fund", "742.50", "0.00"},
	}
	for i := range n {
		k := kinds[i%len(kinds)]
		e := pdf.EntryRow{
			Date: date(2017, 1, 1).AddDate(0, 0, i*364/n), Number: fmt.Sprintf("2017-%04d", i+1),
			Memo: in(l, k.zh, k.en), Fund: in(l, k.fundZH, k.fundEN), In: yuan(k.in), Out: yuan(k.out),
		}
		if i == 40 {
			e.Memo, e.In, e.Out = in(l, "红字冲销 2017-0033：义卖金额重复登记", "Reversal of 2017-0033: sale entered twice"), yuan("260.00").Neg(), money.Amount{}
			d.Reversals = append(d.Reversals, pdf.ReversalRow{Date: e.Date, Number: e.Number, Of: "2017-0033", Why: e.Memo, Amount: e.In})
		}
		d.Entries = append(d.Entries, e)
	}
	d.Reversals = append(d.Reversals, pdf.ReversalRow{
		Date: date(2017, 9, 2), Number: "2017-0231", Of: "2017-0198",
		Why: in(l, "发票抬头开错，供应商重开；原凭证红字冲销后另记一笔", "The invoice named the wrong payer and was issued again"), Amount: yuan("1260.00").Neg(),
	})
}
