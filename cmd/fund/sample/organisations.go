package sample

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/campaigns/project"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
)

//go:embed groups.tsv
var groupTable string

// The groups of 2017, which the test holds: 85 of them.
const (
	groupMembers    = 3000
	groupActivities = 1400
)

// incubated is a social organisation with what its agreement of this year has: zh=en=unit=unit=price=subsidy=people of one
// unit=units of a week.
type incubated struct {
	theme            project.Theme
	slug, zh, en     string
	aboutZH, aboutEN string
	meetsZH, meetsEN string
	payer, subsidy   string
	items            string
	billed           []string
}

var socialOrganisations = []incubated{
	{project.Elders, "care-centre", "安心照护服务社", "Anxin Care", "受过训练的护理员上门，为走不动的老人洗澡、做饭、陪伴。", "Trained carers come to the homes of those who cannot walk any more: to bathe, to cook, to keep company.", "周一至周六 9:00–17:00", "Mon–Sat 9:00–17:00", "街道办事处", "9600", "上门助浴=Help with a bath=次=visit=20=10=1=6;送餐=Meals brought home=份=meal=2=1=1=90;上门康复=Exercises at home=次=visit=15=8=1=6;失能家庭喘息=Respite for families=小时=hour=5=4=1=12", []string{"3 号院业委会", "5 号院业委会", "长者食堂"}},
	{project.Elders, "silver-age", "乐龄康复站", "Silver Age Station", "康复训练、健康操、失智预防，老人自己走得来的都可以来。", "Exercises, health gymnastics and memory training for elders who can still come by themselves.", "周一、三、五 9:00–11:30", "Mon, Wed, Fri 9:00–11:30", "街道办事处", "6400", "康复训练=Exercises=场=session=40=30=18=3;健康讲座=Health talk=场=talk=60=30=45=1;记忆训练=Memory training=场=session=40=25=15=2;长者手机课=Phone class=场=class=30=20=24=2", []string{"长者服务队", "7 号院业委会"}},
	{project.Children, "bright-children", "启明儿童成长中心", "Bright Children", "四点半课堂、假期托管、亲子阅读，孩子放学有地方去。", "An after-school class, care in the holidays, reading together: somewhere to go after school.", "周一至周五 16:30–18:30", "Mon–Fri 16:30–18:30", "街道办事处", "8800", "四点半课堂=After-school class=人次=child=2=1=1=150;周末托管=Weekend care=人次=child=6=2=1=24;亲子阅读=Reading together=场=session=30=20=32=1", []string{"家长委员会", "附近小学"}},
	{project.Children, "star-home", "星星融合之家", "Star Home", "陪伴心智障碍的孩子和他们的家人，和别的孩子一起玩。", "For children with learning disabilities and their families, who play together with other children.", "周六 9:30–11:30", "Sat 9:30–11:30", "区残联", "5200", "融合游戏=Play together=场=session=20=40=20=1;家长互助=Parents’ group=场=meeting=10=30=16=1;个别训练=Single training=次=session=12=10=1=8", []string{"家长委员会"}},
	{project.Neighbours, "peace-studio", "邻里调解工作室", "Peace Studio", "楼上漏水、遛狗、停车：请一位懂法的邻居坐下来一起说。", "A leak upstairs, a dog, a parking place: a neighbour who knows the law sits down with both sides.", "周二、周四 14:00–17:00", "Tue, Thu 14:00–17:00", "司法所", "4200", "邻里调解=Mediation=件=case=0=60=4=1;法律咨询=Legal advice=次=visit=5=10=2=6;普法讲座=Talk on law=场=talk=40=30=42=1", []string{"1 号院业委会", "9 号院业委会"}},
	{project.Yard, "green-yards", "绿院落环保服务社", "Green Yards", "堆肥、花园、旧物回收，院落自己动手变绿。", "Compost, gardens, things used again: courtyards turn green by their own hands.", "周六 9:00–12:00", "Sat 9:00–12:00", "区城管局", "5600", "花园养护=Garden care=次=visit=60=20=12=2;堆肥指导=Compost lesson=场=lesson=30=25=22=1;旧物回收=Reuse day=场=day=40=30=80=1;垃圾分类宣传=Waste sorting talk=场=talk=20=30=60=1", []string{"2 号院业委会", "11 号院业委会"}},
	{project.MutualAid, "skilful-mothers", "巧手妈妈手工社", "Skilful Mothers", "在家带孩子的妈妈做手工、教手工，挣一点自己的钱。", "Mothers at home make and teach handicraft, and earn a little of their own.", "周三 9:30–11:30", "Wed 9:30–11:30", "妇联", "3600", "手工课=Handicraft class=人次=person=8=2=1=16;企业定制=Work for companies=件=piece=12=0=0=20;亲子手工=Crafts with children=场=session=40=20=30=1", []string{"社区企业联谊会", "附近幼儿园"}},
	{project.MutualAid, "young-sprouts", "青芽志愿者发展中心", "Young Sprouts", "招募、培训志愿者，让想帮忙的人找得到事做。", "Finds and trains volunteers, so that who wants to help finds something to do.", "周一至周五 10:00–17:00", "Mon–Fri 10:00–17:00", "团区委", "4600", "志愿者培训=Training of volunteers=场=training=40=40=28=1;活动策划=Planning of events=次=event=80=20=60=1;志愿者督导=Supervision=次=meeting=30=20=12=1", []string{"社区企业联谊会"}},
}

// Days before today: when the agreements began, and from when on activities are written down again.
const (
	agreedAgo = 7*recentWeeks - 1
	heldAgo   = 364
)

// organise writes the social organisations and the groups down: profiles, members, and all their activities and services.
func (w *world) organise(ctx context.Context, tx *sqlx.Tx) error {
	if err := w.setRules(ctx, tx); err != nil {
		return err
	}
	at, began := on(ledger.Day(2016, time.December, 30), 10*60), ledger.Day(2016, time.September, 1)
	for _, s := range socialOrganisations {
		founded := began.AddDate(0, len(s.items)%9, 0)
		o, err := organisation.Add(ctx, tx, w.c, organisation.Organisation{
			Kind: organisation.Social, Slug: s.slug, NameZH: s.zh, NameEN: s.en, Theme: s.theme, AboutZH: s.aboutZH, AboutEN: s.aboutEN, MeetsZH: s.meetsZH, MeetsEN: s.meetsEN, FoundedOn: &founded, EnteredBy: "lead", EnteredAt: at,
		})
		if err != nil {
			return err
		}
		w.funds[o.Slug] = *o.FundID
		if err = w.agree(ctx, tx, o, s); err != nil {
			return err
		}
	}
	return w.gather(ctx, tx, at)
}

// setRules sets the rule of points a year ago, and its second version of two months ago.
func (w *world) setRules(ctx context.Context, tx *sqlx.Tx) error {
	tiers := []organisation.Tier{{Points: 80, Amount: money.FromFen(200 * yuan)}, {Points: 160, Amount: money.FromFen(500 * yuan)}}
	for _, r := range []organisation.Rule{
		{Since: w.today.AddDate(0, 0, -heldAgo), PerActivity: 2, PerPeople: 10, PeopleMax: 50, PeopleMin: 5, Tiers: tiers},
		{Since: w.today.AddDate(0, 0, -60), PerActivity: 2, PerPeople: 8, PeopleMax: 60, PeopleMin: 5, Tiers: append(tiers, organisation.Tier{Points: 300, Amount: money.FromFen(1000 * yuan)})},
	} {
		r.SetBy, r.SetAt = "treasurer", on(r.Since.AddDate(0, 0, -3), 15*60)
		if _, err := organisation.SetRule(ctx, tx, w.c.ID, r); err != nil {
			return err
		}
	}
	return nil
}

// agree writes an organisation's agreement of this year down, and what it delivered week by week.
func (w *world) agree(ctx context.Context, tx *sqlx.Tx, o organisation.Organisation, s incubated) error {
	began := w.today.AddDate(0, 0, -agreedAgo)
	a := organisation.Agreement{
		OrganisationID: o.ID, TitleZH: "社区服务协议", TitleEN: "Agreement on services", Payer: s.payer, Subsidy: money.MustParse(s.subsidy),
		BeginsOn: began, EndsOn: began.AddDate(1, 0, -1), EnteredBy: "lead", EnteredAt: on(began, 9*60),
	}
	var weekly, served []int
	for item := range strings.SplitSeq(s.items, ";") {
		f := strings.Split(item, "=")
		a.Items = append(a.Items, organisation.Item{NameZH: f[0], NameEN: f[1], UnitZH: f[2], UnitEN: f[3], Price: money.MustParse(f[4]), Subsidy: money.MustParse(f[5])})
		served, weekly = append(served, whole(f[6])), append(weekly, whole(f[7]))
	}
	a, err := organisation.AddAgreement(ctx, tx, w.c, a)
	if err != nil {
		return err
	}
	d := newDice("services of " + s.slug)
	var sessions []organisation.Session
	for n := range a.Items {
		for day := began.AddDate(0, 0, 1+d.IntN(6)); day.Before(w.today); day = day.AddDate(0, 0, 7) {
			units := max(1, weekly[n]*(80+d.IntN(40))/100)
			sessions = append(sessions, organisation.Session{
				ID: d.id(on(day, 17*60)), AgreementID: a.ID, Item: n + 1, HeldOn: day, Quantity: units, People: units * served[n] * (85 + d.IntN(30)) / 100,
				EnteredBy: "lead", EnteredAt: on(day, 17*60),
			})
		}
	}
	return organisation.RecordSessions(ctx, tx, w.c.ID, sessions...)
}

// gather writes the groups down, and their activities of 2017 and of the last year, in one go.
func (w *world) gather(ctx context.Context, tx *sqlx.Tx, at time.Time) error {
	d, table := newDice("groups"), rows(groupTable)
	members, first, again := shares(d, groupMembers, len(table)), shares(d, groupActivities, len(table)), shares(d, groupActivities, len(table))
	var all []organisation.Activity
	for i, r := range table {
		zh, en := meeting(d)
		o, err := organisation.Add(ctx, tx, w.c, organisation.Organisation{
			Kind: organisation.Group, Theme: project.Theme(r[0]), Slug: r[1], NameZH: r[2], NameEN: r[3], MeetsZH: zh, MeetsEN: en, EnteredBy: "lead", EnteredAt: at,
		})
		if err != nil {
			return err
		}
		for _, m := range []organisation.MemberCount{
			{CountedOn: ledger.Day(2017, time.January, 10), Members: members[i] * 9 / 10},
			{CountedOn: ledger.Day(2017, time.December, 20), Members: members[i]},
			{CountedOn: w.today.AddDate(0, 0, -40), Members: members[i] + d.IntN(4) - 1},
		} {
			m.EnteredBy, m.EnteredAt = "lead", on(m.CountedOn, 16*60)
			if err = organisation.CountMembers(ctx, tx, w.c.ID, o.ID, m); err != nil {
				return err
			}
		}
		all = append(all, w.held(d, o, r[4], first[i], ledger.Day(2017, time.January, 1), ledger.Day(2017, time.December, 31))...)
		all = append(all, w.held(d, o, r[4], again[i], w.today.AddDate(0, 0, -heldAgo), w.today.AddDate(0, 0, -1))...)
	}
	_, err := organisation.RecordActivities(ctx, tx, w.c.ID, all...)
	return err
}

// held are n activities of a group on days from..to, no two of one name on a day.
func (w *world) held(d dice, o organisation.Organisation, usual string, n int, from, to time.Time) (all []organisation.Activity) {
	span, what := int(to.Sub(from).Hours()/24)+1, things(usual)
	for i, shift := 0, d.IntN(7); i < n; i++ {
		day, name := from.AddDate(0, 0, (i*span/n+shift)%span), one(d, what)
		all = append(all, organisation.Activity{
			OrganisationID: o.ID, HeldOn: day, WhatZH: name[0], WhatEN: name[1], People: 6 + d.IntN(30) + d.IntN(20), EnteredBy: "lead", EnteredAt: on(day, 20*60),
		})
	}
	return all
}

// shares cuts a whole number into n unequal parts of at least 4.
func shares(d dice, whole, n int) []int {
	parts := make([]int, n)
	for i, p := range d.parts(money.FromFen(int64(whole)), n, 1) {
		parts[i] = int(p.Fen())
	}
	return parts
}

// meeting is when and where a group meets.
func meeting(d dice) (zh, en string) {
	day := one(d, [][2]string{{"一", "Mondays"}, {"二", "Tuesdays"}, {"三", "Wednesdays"}, {"四", "Thursdays"}, {"五", "Fridays"}, {"六", "Saturdays"}})
	at := one(d, []string{"9:00", "10:00", "14:00", "15:30", "19:00"})
	place := one(d, [][2]string{{"活动室", "activity room"}, {"小广场", "square"}, {"书角", "book corner"}, {"茶坊", "tea house"}, {"3 号院坝子", "yard of courtyard 3"}, {"7 号院坝子", "yard of courtyard 7"}})
	return fmt.Sprintf("每周%s %s，%s", day[0], at, place[0]), fmt.Sprintf("%s %s, %s", day[1], at, place[1])
}

// serviceEvents bill the services month by month, take what is paid for them, release the subsidies, spend them, and give the
// groups their small grants.
func (w *world) serviceEvents() (events []event) {
	began := w.today.AddDate(0, 0, -agreedAgo)
	var costs []cost
	for n, s := range socialOrganisations {
		for month := 1; month <= recentWeeks/4; month++ {
			on := on(began.AddDate(0, 0, 27*month-n%3), 11*60)
			events = append(events, event{at: on, rank: rankEntry, do: func(ctx context.Context, p *player) error { return p.bill(ctx, s, n, month, on) }})
			if month == 2 || month == 4 {
				events = append(events, event{at: on, rank: rankEvening, do: func(ctx context.Context, p *player) error { return p.release(ctx, n+1, on) }})
			}
			if month > 1 {
				costs = append(costs, cost{
					day: began.AddDate(0, 0, 27*month-n%3+1), fund: s.slug, account: projectCost, memo: s.zh + "服务补贴和材料", detail: "签收表 1 份",
					amount: money.FromFen((300 + 40*int64(n)) * yuan), by: "treasurer",
				})
			}
		}
	}
	for _, e := range w.entries(costs) {
		e.entry.Source = strings.Replace(e.entry.Source, "expense:", "expense:organisation-", 1)
		events = append(events, e)
	}
	for i, group := range []string{"arts-group", "to-hospital-volunteers", "yard-9", "young-scientists", "film-evenings", "birthday", "reading-circle", "dementia-families", "table-tennis"} {
		at := on(w.today.AddDate(0, 0, -50+5*i), 15*60)
		events = append(events, event{at: at, rank: rankEvening, do: func(ctx context.Context, p *player) error { return p.grant(ctx, group, at) }})
	}
	return events
}

// bill makes the invoice of four weeks' services and takes what is paid for it: all of the older ones but a few, a part of
// the newest.
func (p *player) bill(ctx context.Context, s incubated, n, month int, at time.Time) error {
	d := newDice(fmt.Sprintf("bill %s %d", s.slug, month))
	open, err := organisation.Unbilled(ctx, p.tx, p.c.ID, n+1)
	if err != nil {
		return err
	}
	var ids []uuid.UUID
	for _, o := range open {
		if !o.HeldOn.After(zone.Day(at)) {
			ids = append(ids, o.ID)
		}
	}
	day := zone.Day(at)
	i, err := organisation.Issue(ctx, p.tx, p.c, organisation.Invoice{
		ID: d.id(at), AgreementID: n + 1, BilledTo: s.billed[month%len(s.billed)], IssuedOn: day, DueOn: day.AddDate(0, 0, 14), IssuedBy: "lead", IssuedAt: at,
	}, ids)
	if err != nil {
		return err
	}
	amount, way := i.Amount, organisation.Bank
	switch {
	case (n+month)%11 == 3, month == 4 && n%2 == 0: // nobody has paid yet
		return nil
	case month == 4:
		amount = money.FromFen(amount.Fen() / 2 / (10 * yuan) * 10 * yuan)
	case n%3 == 0:
		way = organisation.Cash
	}
	if amount.IsZero() {
		return nil
	}
	if way == organisation.Cash {
		p.took(p.funds[s.slug], sale.Payment{Way: sale.Cash, Amount: amount})
	}
	_, err = organisation.Receive(ctx, p.tx, p.c, organisation.Payment{ID: d.id(at), InvoiceID: i.ID, Amount: amount, Way: way, PaidOn: day, EnteredBy: "cashier", EnteredAt: at})
	return err
}

func (p *player) release(ctx context.Context, agreement int, at time.Time) error {
	day := zone.Day(at)
	_, err := organisation.ReleaseSubsidy(ctx, p.tx, p.c, organisation.Release{
		ID: newDice(fmt.Sprintf("release %d", agreement)).id(at), AgreementID: agreement, Until: day, Way: organisation.Bank, ReleasedOn: day, ReleasedBy: "treasurer", ReleasedAt: at,
	})
	return err
}

// grant gives a group the smallest grant, where its points open it.
func (p *player) grant(ctx context.Context, slug string, at time.Time) error {
	o, err := organisation.Find(ctx, p.tx, p.c.ID, slug)
	if err != nil {
		return err
	}
	earned, spent, err := organisation.PointsOf(ctx, p.tx, p.c.ID, o.ID)
	if err != nil || earned-spent < 80 {
		return err
	}
	_, err = organisation.GiveGrant(ctx, p.tx, p.c, organisation.SmallGrant{
		ID: newDice("grant " + slug).id(at), OrganisationID: o.ID, Points: 80, What: "活动材料和茶水", FundID: ledger.GeneralFundID, GivenOn: zone.Day(at), GivenBy: "treasurer", GivenAt: at,
	}, organisation.Bank)
	return err
}
