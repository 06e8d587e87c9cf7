package sample

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/mutualaid"
)

// neighbours take part in mutual help: what each offers, or "" for nothing yet.
var neighbours = []struct {
	name  string
	place string
	sort  mutualaid.Category
	offer string
}{
	{"赵师傅", "7 号院", mutualaid.Repairs, "换灯泡、修水管、修椅子"},
	{"刘老师", "3 号院", mutualaid.Lessons, "小学数学，一次一小时"},
	{"小陈", "5 号院", mutualaid.Phones, "教用手机挂号、视频通话"},
	{"李阿姨", "3 号院", mutualaid.Cooking, "多做一份午饭送过去"},
	{"周伯伯", "11 号院", mutualaid.Company, "陪下象棋，输赢都行"},
	{"何姐", "9 号院", mutualaid.Care, "陪去社区医院，来回一起"},
	{"王婆婆", "3 号院", mutualaid.Company, "剥豆子的时候陪您说说话"},
	{"张爷爷", "7 号院", "", ""},
	{"吴婆婆", "11 号院", "", ""},
	{"杨大姐", "5 号院", mutualaid.Errands, "取快递、买菜，顺路"},
}

// helps are needs met since the summer: who helped whom with what, how many days ago, for how many minutes.
var helps = []struct {
	helped, helper int
	sort           mutualaid.Category
	what           string
	ago, minutes   int
	thanks         string
}{
	{6, 0, mutualaid.Repairs, "卧室灯泡坏了，够不着", 118, 30, "赵师傅还把门把手拧紧了"},
	{7, 5, mutualaid.Care, "去医院拿药，要人陪", 110, 150, ""},
	{8, 2, mutualaid.Phones, "想跟女儿视频", 96, 60, "看见外孙了"},
	{4, 3, mutualaid.Cooking, "腿摔了，午饭不方便", 88, 45, ""},
	{7, 9, mutualaid.Errands, "快递在门卫，提不动", 81, 30, ""},
	{3, 0, mutualaid.Repairs, "厨房水龙头滴水", 74, 60, "不滴了"},
	{8, 6, mutualaid.Company, "一个人在家，想说说话", 66, 90, "以后每个礼拜三都来"},
	{9, 1, mutualaid.Lessons, "孩子分数除法不会", 58, 60, ""},
	{8, 6, mutualaid.Company, "礼拜三说说话", 52, 90, ""},
	{6, 2, mutualaid.Phones, "手机存满了，照片别丢", 45, 75, ""},
	{7, 4, mutualaid.Company, "想找人下棋", 38, 120, "三比二"},
	{8, 5, mutualaid.Care, "复查眼睛", 31, 180, ""},
	{4, 9, mutualaid.Errands, "买米", 24, 45, ""},
	{9, 0, mutualaid.Repairs, "椅子腿松了", 17, 45, ""},
	{7, 3, mutualaid.Cooking, "做多一份清淡的", 10, 30, "正合口味"},
}

// help puts the board up, and the help given since the summer with its hours.
func (w *world) help(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	var people []mutualaid.Person
	put := func(k mutualaid.Card, p mutualaid.Person, ago int) (mutualaid.Card, mutualaid.Person, error) {
		k.MadeAt = now.AddDate(0, 0, -ago)
		k.Weekdays, k.Parts, k.Until = max(k.Weekdays, 0b0011111), max(k.Parts, mutualaid.Morning|mutualaid.Afternoon), w.today.AddDate(0, 0, 60)
		return mutualaid.Put(ctx, tx, w.c, k, p)
	}
	for i, n := range neighbours {
		card := mutualaid.Card{Kind: mutualaid.Offer, Category: n.sort, What: n.offer, Place: n.place}
		if n.offer == "" { // they only asked so far
			card = mutualaid.Card{Kind: mutualaid.Need, Category: mutualaid.Company, What: "想有人来坐坐", Place: n.place}
		}
		_, person, err := put(card, mutualaid.Person{Name: n.name, Phone: fmt.Sprintf("1380000%04d", 1000+i), EnteredBy: lead}, 120)
		if err != nil {
			return err
		}
		people = append(people, person)
	}
	for _, h := range helps {
		need, _, err := put(mutualaid.Card{Kind: mutualaid.Need, Category: h.sort, What: h.what, Place: neighbours[h.helped].place}, mutualaid.Person{ID: people[h.helped].ID, EnteredBy: lead}, h.ago+2)
		if err != nil {
			return err
		}
		day, at := w.today.AddDate(0, 0, -h.ago), now.AddDate(0, 0, -h.ago)
		plan := mutualaid.Plan{Need: need.ID, Helper: people[h.helper].ID, Day: day, Part: mutualaid.Morning, Minutes: h.minutes}
		e, err := mutualaid.Arrange(ctx, tx, w.c, plan, lead, at.AddDate(0, 0, -1))
		if err != nil {
			return err
		}
		for _, word := range []mutualaid.Word{
			{Side: mutualaid.Helper, Said: mutualaid.Yes, Through: lead, At: at.AddDate(0, 0, -1)},
			{Side: mutualaid.Helped, Said: mutualaid.Yes, Through: lead, At: at.AddDate(0, 0, -1)},
			{Side: mutualaid.Helper, Said: mutualaid.Time, Minutes: h.minutes, At: at},
			{Side: mutualaid.Helped, Said: mutualaid.Time, Minutes: h.minutes, Note: h.thanks, Through: lead, At: at},
		} {
			if _, err := mutualaid.Say(ctx, tx, w.c, e.ID, word); err != nil {
				return err
			}
		}
	}
	if err := w.keepOpen(ctx, tx, people, now); err != nil {
		return err
	}
	return w.helpToday(ctx, tx, people, now)
}

// helpToday is what waits at the centre now: a need nobody is found for, one arranged, and one to be looked at.
func (w *world) helpToday(ctx context.Context, tx *sqlx.Tx, people []mutualaid.Person, now time.Time) error {
	card := func(kind mutualaid.Kind, sort mutualaid.Category, what, place string) mutualaid.Card {
		return mutualaid.Card{
			Kind: kind, Category: sort, What: what, Place: place, Weekdays: mutualaid.EveryDay, Parts: mutualaid.AllDay, Until: w.today.AddDate(0, 0, 21), MadeAt: now,
		}
	}
	staff := func(i int) mutualaid.Person { return mutualaid.Person{ID: people[i].ID, EnteredBy: lead} }
	if _, _, err := mutualaid.Put(ctx, tx, w.c, card(mutualaid.Need, mutualaid.Repairs, "阳台晾衣杆升不起来", "11 号院"), staff(8)); err != nil {
		return err
	}
	if _, _, err := mutualaid.Put(ctx, tx, w.c, card(mutualaid.Need, mutualaid.Phones, "医院只让手机挂号，不会", "7 号院"), mutualaid.Person{Name: "孙婆婆", Phone: "13800002001"}); err != nil {
		return err
	}
	need, _, err := mutualaid.Put(ctx, tx, w.c, card(mutualaid.Need, mutualaid.Care, "下礼拜拆石膏，要人陪", "11 号院"), staff(4))
	if err != nil {
		return err
	}
	plan := mutualaid.Plan{Need: need.ID, Helper: people[5].ID, Day: w.today.AddDate(0, 0, 5), Part: mutualaid.Morning, Minutes: 120}
	e, err := mutualaid.Arrange(ctx, tx, w.c, plan, lead, now)
	if err == nil {
		_, err = mutualaid.Say(ctx, tx, w.c, e.ID, mutualaid.Word{Side: mutualaid.Helper, Said: mutualaid.Yes, Through: lead, At: now})
	}
	return err
}
