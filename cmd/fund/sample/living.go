package sample

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger/money"
)

// stone is a milestone of a project that runs today; days are counted from today.
type stone struct {
	project, zh, en string
	due, done       int
	note, drawing   string
}

var stones = []stone{
	{"phone-class", "三十位老人会自己挂号", "Thirty elders can book a doctor themselves", -30, -34, "二班的都学会了，三班还有四位。", "table"},
	{"phone-class", "编一本大字讲义", "A booklet in large letters", 20, 0, "", ""},
	{"roof-garden", "土和木箱搬上楼顶", "Soil and boxes on the roof", -60, -58, "二十家一起搬，搬了一个上午。", "boxes"},
	{"roof-garden", "第一茬青菜分给独居老人", "The first greens for those who live alone", -4, 0, "", ""},
	{"stair-lights", "六个单元的灯都亮了", "Lights on all six stairs", -12, -15, "换成声控灯，电费也省了。", "stairs"},
	{"chess", "四张石桌装好", "Four stone tables", 12, 0, "", ""},
}

// said is what residents told about projects, with their consent.
var said = []struct{ project, zh, en, name string }{
	{"phone-class", "以前挂号要求人，现在我自己点两下就好了。", "I had to ask others for a doctor’s appointment. Now I press twice.", "4 号院 何阿姨"},
	{"bath-at-home", "两年没好好洗过澡，那天我睡得特别香。", "I had not bathed properly for two years. I slept so well that night.", ""},
	{"class-430", "孩子不用在门口蹲着等我了，作业也写完了。", "My child no longer waits on the doorstep, and the homework is done.", "一位妈妈"},
	{"stair-lights", "楼道亮了，我敢下楼倒垃圾了。", "With light on the stairs I dare to go down again.", ""},
	{"handrails", "扶着上楼，膝盖不疼了。", "With the rail my knees do not hurt.", "7 号院 周师傅"},
}

// live keeps the milestones and stories of projects, and what is proposed today: something in every state.
func (w *world) live(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	for _, s := range stones {
		p := w.projects[fmt.Sprintf("%s-%d", s.project, w.today.Year())]
		m, err := project.AddMilestone(ctx, tx, w.c.ID, p.ID, project.Milestone{TitleZH: s.zh, TitleEN: s.en, DueOn: w.today.AddDate(0, 0, s.due)})
		if err == nil && s.done != 0 {
			err = w.reach(ctx, tx, p, m, s)
		}
		if err != nil {
			return err
		}
	}
	for _, s := range said {
		p := w.projects[s.project]
		t := project.Told{TextZH: s.zh, TextEN: s.en, Name: s.name, Consent: "signed", ConsentedOn: *p.EndedOn, ToldTo: asker}
		if err := project.Tell(ctx, tx, w.c.ID, p.ID, t); err != nil {
			return err
		}
	}
	return w.proposeNow(ctx, tx, now)
}

// reach says that a milestone is done, with a picture and the entry that paid for it.
func (w *world) reach(ctx context.Context, tx *sqlx.Tx, p project.Project, m project.Milestone, s stone) error {
	spent, err := project.Spendings(ctx, tx, w.c.ID, p)
	if err != nil {
		return err
	}
	var paid []int64
	if len(spent) > 0 {
		paid = append(paid, spent[0].EntrySeq)
	}
	if err = project.Reach(ctx, tx, w.c.ID, p.ID, m.Number, w.today.AddDate(0, 0, s.done), s.note, asker, paid...); err != nil {
		return err
	}
	_, err = project.AddPicture(ctx, tx, w.c.ID, p.ID, m.Number, sketch(s.drawing), s.zh)
	return err
}

// proposal is what residents propose today, and how far it has come.
type proposal struct {
	to      project.State
	days    int // ago
	slug    string
	p       project.Project
	why     string
	council string // that votes about it
}

func proposals() []proposal {
	lines := func(pairs ...string) (lines []project.BudgetLine) {
		for i := 0; i < len(pairs); i += 3 {
			lines = append(lines, project.BudgetLine{NameZH: pairs[i], NameEN: pairs[i+1], Planned: money.MustParse(pairs[i+2])})
		}
		return lines
	}
	return []proposal{
		{project.Proposed, 1, "", project.Project{
			Theme: project.Yard, TitleZH: "9 号院门口装一排坐凳", PlaceZH: "9 号院大门内", PeopleZH: "买菜回来要歇脚的老人，一天几十位", OwnZH: "居民自己刷漆，每周擦一次",
			NeedZH: "从菜市场走回来，到院门口最累，一个坐的地方都没有，老人靠着墙歇。", Lines: lines("木条凳 3 张", "", "1260", "地脚螺丝和安装", "", "340"),
		}, "", ""},
		{project.Proposed, 3, "", project.Project{
			Theme: project.Children, TitleZH: "周末的乒乓球台", PlaceZH: "社区小广场", PeopleZH: "小学生和家长，约 40 人", OwnZH: "体育老师愿意义务教",
			NeedZH: "孩子们想打球，最近的球台在两公里外。", Lines: lines("室外球台 1 张", "", "2400", "球拍和球", "", "300"),
		}, "", ""},
		{project.Returned, 6, "", project.Project{
			Theme: project.Neighbours, TitleZH: "全社区自助旅游", PlaceZH: "都江堰", PeopleZH: "想去的居民", OwnZH: "",
			NeedZH: "大家想一起出去走走，增进感情。", Lines: lines("大巴租车", "", "4800", "门票", "", "6000"),
		}, "门票和车费是各家自己的花销，公款不能出。想请改成：组织者的保险和急救包，其余 AA。", ""},
		{project.Checked, 12, "court-3-charging", project.Project{
			Theme: project.Yard, TitleZH: "3 号院电动车充电棚", TitleEN: "A charging shed for courtyard 3", PlaceZH: "3 号院北墙", PlaceEN: "North wall of courtyard 3", PeopleZH: "3 号院 60 户", PeopleEN: "60 homes",
			OwnZH: "居民出工搭棚，估 20 个工", OwnEN: "Residents build it, about 20 days of work",
			NeedZH: "电动车从窗户拉线充电，去年冒过烟。", NeedEN: "Cables hang out of windows to charge bicycles; one smoked last year.", Lines: lines("充电柜 2 台", "Two charging cabinets", "5200", "雨棚材料", "Roof", "2300", "电工和检测", "Electrician and test", "1100"),
		}, "", "court-3"},
		{project.Agreed, 20, "night-light-walk", project.Project{
			Theme: project.Elders, TitleZH: "晚归路上的太阳能灯", TitleEN: "Solar lights on the way home", PlaceZH: "4 号院到车站的小路", PlaceEN: "The path to the bus stop", PeopleZH: "夜班回来的人和老人", PeopleEN: "Late workers and elders",
			NeedZH: "小路一百五十米没有灯，去年摔了两个人。", NeedEN: "The path of 150 metres has no light; two people fell last year.", Lines: lines("太阳能灯 8 盏", "Eight solar lights", "2560", "立杆和安装", "Poles and work", "840"),
		}, "", "court-4"},
		{project.Declined, 25, "", project.Project{
			Theme: project.Neighbours, TitleZH: "给院里每家发一桶油", PlaceZH: "各院落", PeopleZH: "全体居民", NeedZH: "过节了，人人有份，大家高兴。", Lines: lines("食用油 600 桶", "", "36000"),
		}, "钱是给大家办事的，平均发东西不算服务项目，议事会去年定过不做。", ""},
	}
}

// proposeNow takes today's proposals as far as each has come.
func (w *world) proposeNow(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	for _, q := range proposals() {
		at := now.AddDate(0, 0, -q.days)
		begun, err := w.ask(ctx, tx, q.p, at.Add(-2*time.Hour))
		if err == nil {
			err = w.follow(ctx, tx, begun.Project, q, at)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", q.p.TitleZH, err)
		}
	}
	return nil
}

func (w *world) follow(ctx context.Context, tx *sqlx.Tx, p project.Project, q proposal, at time.Time) error {
	next := at.AddDate(0, 0, 1)
	switch q.to {
	case project.Returned:
		return project.Return(ctx, tx, w.c.ID, p.ID, q.why, asker, next)
	case project.Declined:
		return project.Decline(ctx, tx, w.c.ID, p.ID, nil, q.why, asker, next)
	case project.Proposed:
		return nil
	}
	made, err := project.Check(ctx, tx, w.c.ID, p.ID, project.Opening{Slug: q.slug}, "", asker, next)
	if err != nil {
		return err
	}
	k, err := council.FindCouncil(ctx, tx, w.c.ID, q.council)
	if err != nil {
		return err
	}
	if q.to == project.Agreed {
		day := w.c.Day(next.AddDate(0, 0, 7))
		made.AgreedOn, made.VotesFor, made.VotesAgainst = &day, 9, 1
		w.projects[made.Slug] = made
		return w.pass(ctx, tx, k, made.Slug)
	}
	m, err := council.Propose(ctx, tx, w.c, consent(k, made), representative, next.AddDate(0, 0, 3))
	if err == nil {
		m, err = council.Open(ctx, tx, w.c, m.ID, w.today.AddDate(0, 0, 3), representative, next.AddDate(0, 0, 4))
	}
	members, listed := council.Members(ctx, tx, w.c.ID, k.ID, w.today)
	for i, member := range members {
		if err == nil && listed == nil && i > 2 && i < 7 {
			_, err = council.Vote(ctx, tx, w.c, m.ID, member.Number, council.For, "", next.AddDate(0, 0, 5))
		}
	}
	return err
}
