package sample

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"fund/campaigns"
	"fund/campaigns/disclosure"
	"fund/ledger/money"
	"fund/web/issue"
)

// reporting is a report that somebody writes: it is published, corrected where it has a note, or left as a draft.
type reporting struct {
	kind     disclosure.Kind
	campaign string // slug; empty for a major event
	texts    disclosure.Texts
	note     string
	draft    bool
	event    disclosure.MajorEvent // to be noted down, where kind is Event
}

// on writes the report at a moment.
func (r reporting) on(at time.Time) event {
	return event{at: at, rank: rankEvening, do: func(ctx context.Context, p *player) error { return p.disclose(ctx, at, r) }}
}

// errNoDuty is a report that nobody asked for: the sample's days and the rules do not agree.
var errNoDuty = errors.New("sample: no such duty")

// endedCampaigns are over, and their results are due by law: one is published, one is being written, one is late.
func (w *world) endedCampaigns() []campaigns.Campaign {
	day := func(n int) time.Time { return w.today.AddDate(0, 0, n) }
	return []campaigns.Campaign{
		{
			Slug: "reading-day", Theme: "children", Scene: "book", StartsOn: day(-62), EndsOn: day(-21), Goal: money.MustParse("3200"),
			TitleZH: "书角的 80 本新书", TitleEN: "80 new books for the book corner", PurposeZH: "只用于书角买书", PurposeEN: "Books for the book corner only",
			StoryZH: "孩子们把书角的书翻烂了，最抢手的那本《昆虫记》少了十六页。", StoryEN: "The children have read the books to pieces; sixteen pages of the best one are gone.",
			Suggested: suggested,
			Budget:    []campaigns.BudgetLine{{NameZH: "新书", NameEN: "Books", Amount: money.MustParse("2800")}, {NameZH: "书套和书签", NameEN: "Covers and bookmarks", Amount: money.MustParse("400")}},
		},
		{
			Slug: "lantern-night", Theme: "neighbours", Scene: "lantern", StartsOn: day(-104), EndsOn: day(-71), Goal: money.MustParse("4800"),
			TitleZH: "中秋灯会：孩子做灯，老人讲古", TitleEN: "Lantern night at Mid-Autumn", PurposeZH: "只用于灯会", PurposeEN: "The lantern night only",
			StoryZH: "一百盏灯，孩子们自己糊。", StoryEN: "A hundred lanterns, made by the children.", Suggested: suggested,
			Budget: []campaigns.BudgetLine{{NameZH: "竹篾、纸和灯", NameEN: "Bamboo, paper and lamps", Amount: money.MustParse("3000")}, {NameZH: "月饼和茶", NameEN: "Mooncakes and tea", Amount: money.MustParse("1800")}},
		},
		{
			Slug: "cool-rooms", Theme: "elders", Scene: "tea", StartsOn: day(-112), EndsOn: day(-99), Goal: money.MustParse("2400"),
			TitleZH: "高温天的清凉屋", TitleEN: "Cool rooms for the hot days", PurposeZH: "只用于高温天的清凉屋", PurposeEN: "The cool rooms only",
			StoryZH: "三间活动室开到晚上九点，空调、绿豆汤、象棋都有。", StoryEN: "Three rooms stay open until nine, with cool air, soup and chess.", Suggested: suggested,
			Budget: []campaigns.BudgetLine{{NameZH: "电费和绿豆汤", NameEN: "Electricity and soup", Amount: money.MustParse("2400")}},
		},
	}
}

// disclosures is what the ended campaigns took and spent, and every report that was written: those of 2017 and today's.
func (w *world) disclosures(now time.Time) (events []event) {
	day := func(n int) time.Time { return w.today.AddDate(0, 0, n) }
	give := func(campaign string, from, to int, online string, n int, cash string, m int) {
		events = append(events, gifts(campaign, day(from), day(to), money.MustParse(online), n, "sandbox")...)
		events = append(events, gifts(campaign, day(from), day(to), money.MustParse(cash), m, "cash")...)
	}
	give("reading-day", -62, -22, "2440", 48, "780", 12)
	give("lantern-night", -104, -72, "3310", 61, "1420", 19)
	give("cool-rooms", -112, -100, "1650", 30, "820", 13)
	costs := slices.Concat(
		buy("reading-day", "童书=Books;书套和书签=Covers and bookmarks", day(-18), day(-9), money.MustParse("3064.50"), 4, true),
		buy("lantern-night", "竹篾和彩纸=Bamboo and paper;灯泡=Lamps;月饼=Mooncakes", day(-70), day(-58), money.MustParse("4730"), 5, true),
		buy("cool-rooms", "电费=Electricity;绿豆=Mung beans", day(-97), day(-80), money.MustParse("2288"), 3, true))
	slices.SortStableFunc(costs, func(a, b cost) int { return a.day.Compare(b.day) })
	for _, e := range w.entries(costs) {
		e.entry.Source = strings.Replace(e.entry.Source, "expense:", "expense:ended-", 1)
		events = append(events, e)
	}
	report := func(at time.Time, r reporting) { events = append(events, r.on(at)) }
	books := disclosure.Texts{
		DoneZH: "买了 82 本书，孩子们自己列的书单，议事会看过。书套是志愿者包的。", DoneEN: "82 books were bought from the children’s own list, which the council had seen. Volunteers made the covers.",
		OutcomeZH: "书角每天下午坐满。", OutcomeEN: "The book corner is full every afternoon.", Served: 214,
		LeftoverZH: "余下的留在这个专款里，明年春天接着买书。", LeftoverEN: "What is left stays in this fund, for more books in spring.",
	}
	report(on(day(-6), 15*60), reporting{kind: disclosure.Result, campaign: "reading-day", texts: books})
	books.Served, books.NoteEN = 241, "The person-times were turned round: 241, not 214. No amount has changed."
	report(on(day(-2), 11*60), reporting{kind: disclosure.Result, campaign: "reading-day", texts: books, note: "人次写反了：不是 214，是 241。钱数没有变。"})
	report(on(day(-3), 10*60), reporting{kind: disclosure.Result, campaign: "lantern-night", draft: true, texts: disclosure.Texts{DoneZH: "八月十五，3 号院挂了 102 盏灯。"}})
	report(on(day(-30), 16*60), reporting{kind: disclosure.Periodic, campaign: "everyday", texts: disclosure.Texts{
		DoneZH: "三个月里修了 5 盏楼道灯，换了 2 条长椅的木条，借出轮椅 9 次。", DoneEN: "Five stair lights mended, two benches repaired, wheelchairs lent nine times.", Served: 163,
	}})
	report(on(day(-12), 9*60), reporting{kind: disclosure.Event, event: disclosure.MajorEvent{
		TitleZH: "社区基金换了负责人：刘芳接任", TitleEN: "Another person in charge of the community fund: Liu Fang", HappenedOn: day(-12),
	}})
	events = append(events, reports2017()...)
	events = append(events, event{at: on(day(-4), 10*60), rank: rankMorning, do: func(ctx context.Context, p *player) error {
		_, err := campaigns.DraftCampaign(ctx, p.tx, p.c.ID, w.filed())
		return err
	}})
	return slices.DeleteFunc(events, func(e event) bool { return e.at.After(now) && e.gift == nil })
}

// filed is an appeal whose plan was filed four days ago: its draft waits until the ten days are over.
func (w *world) filed() campaigns.Campaign {
	day := func(n int) *time.Time { at := w.today.AddDate(0, 0, n); return &at }
	return campaigns.Campaign{
		Slug: "stair-seats", Theme: "elders", Scene: "hands", StartsOn: *day(7), EndsOn: *day(60), Goal: money.MustParse("5600"), Suggested: suggested,
		TitleZH: "楼梯间的歇脚凳", TitleEN: "Seats on the stairs", PurposeZH: "只用于楼梯间的歇脚凳", PurposeEN: "Seats on the stairs only",
		StoryZH: "爬到四楼要歇两次。28 个楼梯间，每个装两把能翻起来的凳子。", StoryEN: "Two rests on the way to the fourth floor. Twenty-eight stairs, two folding seats each.",
		Basis: campaigns.PublicBasis, HostID: &w.host.ID, Certificate: w.host.Certificate, FilingNumber: "示例-" + day(-4).Format("2006-0102") + "-B", FiledOn: day(-4),
		FiledFrom: day(6), FiledUntil: day(60), ContactName: "刘社工", ContactPhone: w.c.Phone, CreatedBy: "lead", Minimum: money.FromFen(yuan),
		Budget: []campaigns.BudgetLine{{NameZH: "折叠凳", NameEN: "Folding seats", Amount: money.MustParse("4200")}, {NameZH: "安装", NameEN: "Fitting", Amount: money.MustParse("1400")}},
	}
}

// reports2017 are the reports of that year's campaigns: every one was published, one of them three days late and corrected.
func reports2017() (events []event) {
	said := func(zh, en string, served int) disclosure.Texts {
		return disclosure.Texts{
			DoneZH: zh, DoneEN: en, Served: served, LeftoverZH: "余下的留在这个专款里，用于同一目的，由议事会决定。", LeftoverEN: "What is left stays in this fund for the same purpose; the council decides.",
		}
	}
	add := func(at string, r reporting) { events = append(events, r.on(on(parseDay(at), 16*60))) }
	for _, at := range []string{"2017-03-28", "2017-06-27", "2017-09-27"} {
		add(at, reporting{kind: disclosure.Periodic, campaign: "everyday-2017", texts: said("每个月议事会公开一次用处，这三个月的都在公账里。", "The council told every month what it was used for; all of it is in the book.", 0)})
	}
	for _, r := range []struct {
		at, campaign, zh, en string
		served               int
	}{
		{"2017-04-12", "bath-at-home", "两人一组上门，41 位老人都洗上了澡。", "In pairs the carers came to all 41 elders.", 0},
		{"2017-06-15", "class-430", "课堂开到学期末，大学生志愿者轮着来。", "The class ran to the end of term.", 0},
		{"2017-07-20", "open-air-cinema", "十场电影一场不少，下雨的两场补了。", "All ten films were shown; two rained off were made up for.", 0},
		{"2017-09-05", "summer-soup", "绿豆汤送了 31 天，装了 16 台电风扇。", "Soup for 31 days, and 16 fans.", 0},
		{"2017-10-20", "school-bags", "36 个孩子背上了新书包。", "36 children have new bags.", 0},
		{"2018-02-03", "handrails", "2、7、9 号院的扶手都装好了。", "The handrails in courtyards 2, 7 and 9 are up.", 0},
		{"2018-02-20", "solstice-dumplings", "六张长桌，96 位老人，一千个饺子。", "Six tables, 96 elders, a thousand dumplings.", 96},
		{"2018-03-12", "new-year-dinner-2018", "87 位老人除夕有热饭。", "87 elders had a hot dinner on New Year’s Eve.", 87},
		{"2018-03-20", "everyday-2017", "小修小补 23 处，急用 11 家。", "23 small repairs, 11 urgent needs.", 0},
	} {
		add(r.at, reporting{kind: disclosure.Result, campaign: r.campaign, texts: said(r.zh, r.en, r.served)})
	}
	longer := said("2、7、9 号院的扶手都装好了，一共 214 米。", "The handrails in courtyards 2, 7 and 9 are up, 214 metres.", 0)
	longer.NoteEN = "The length of the handrails is added."
	add("2018-02-10", reporting{kind: disclosure.Result, campaign: "handrails", texts: longer, note: "补上了扶手的米数，头一版漏写。"})
	return events
}

// disclose writes a report as its writer did, on the day.
func (p *player) disclose(ctx context.Context, at time.Time, r reporting) error {
	if r.kind == disclosure.Event {
		_, err := disclosure.NoteEvent(ctx, p.tx, p.c.ID, r.event, "treasurer")
		return err
	}
	duties, err := disclosure.Calendar(ctx, p.tx, p.c, at)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(duties, func(d disclosure.Duty) bool {
		return d.Kind == r.kind && d.Subject.Slug == r.campaign && (d.Done != nil) == (r.note != "")
	})
	if i < 0 {
		return errNoDuty
	}
	duty := duties[i]
	if r.draft {
		return disclosure.SaveDraft(ctx, p.tx, p.c.ID, duty, r.texts, "lead", at)
	}
	drawn, err := disclosure.Draw(ctx, p.tx, p.c, duty, r.texts, at)
	if err != nil {
		return err
	}
	if !drawn.Content.AsksLeftover() {
		r.texts.LeftoverZH, r.texts.LeftoverEN = "", ""
	}
	if r.texts.Served == 0 {
		r.texts.Served = drawn.Content.Figures.Served
	}
	d, err := disclosure.Publish(ctx, p.tx, p.c, duty, r.texts, r.note, "treasurer", at)
	if err != nil {
		return err
	}
	drawings, err := issue.DrawDisclosure(d, p.c, p.baseURL)
	if err != nil {
		return err
	}
	return disclosure.KeepDrawings(ctx, p.tx, p.c.ID, d, drawings)
}
