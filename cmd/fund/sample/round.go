package sample

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/round"
	"fund/ledger/money"
)

// idea is what a resident proposed, and how many of the sample's households choose it.
type idea struct {
	title, what, place, cost string
	sort                     round.Category
	by                       string
	votes                    int // of the first so many households
	why                      string
}

// lastIdeas were voted on last year.
var lastIdeas = []idea{
	{"大树下放两把长椅", "老人买菜回来要走一段路，树下没有坐的地方。放两把带靠背的。", "3 号院", "2600", "elders", "王婆婆", 31, ""},
	{"楼道装声控灯", "二单元三楼到五楼一直是黑的，晚上孩子下课要摸着走。", "7 号院", "3800", "yard", "赵师傅", 27, ""},
	{"周末旧书换书角", "孩子看完的书堆在家里，每月换一次，换不掉的捐给书屋。", "5 号院", "1200", "children", "刘老师", 24, ""},
	{"院门口修一段缓坡", "推轮椅、推婴儿车上三级台阶很难。", "11 号院", "8500", "yard", "周伯伯", 22, ""},
	{"重阳包粽子", "一起包，包好送给出不了门的老人。", "社区厨房", "1500", "neighbours", "李阿姨", 14, ""},
	{"院子里装投币按摩椅", "坐着舒服。", "9 号院", "6000", "neighbours", "何姐", 0, "按摩椅要收费，这笔钱不做收费的东西"},
}

// nowIdeas are voted on now.
var nowIdeas = []idea{
	{"给独居老人装门铃灯", "耳朵不好的老人听不见敲门，按铃灯会闪。先装 20 户。", "3 号院、11 号院", "3200", "elders", "吴婆婆", 9, ""},
	{"共享工具架", "电钻、梯子、水管扳手，登记就能借，不用家家都买。", "7 号院", "1800", "mutual_aid", "赵师傅", 8, ""},
	{"放学后一小时自习角", "父母没下班的孩子有地方写作业，退休老师轮流看。", "5 号院活动室", "4600", "children", "刘老师", 6, ""},
	{"自行车棚补顶", "漏雨两年了，换六块板。", "9 号院", "5400", "yard", "何姐", 4, ""},
	{"中秋院坝电影", "租一次设备，放一部老片子。", "3 号院", "1600", "neighbours", "小陈", 3, ""},
}

// rounds is last year's round with its result, and this year's while people vote.
func (w *world) rounds(ctx context.Context, tx *sqlx.Tx) error {
	last := w.today.AddDate(-1, 0, 0)
	held := round.Round{
		Slug: "last-autumn", TitleZH: "去年的邻里金点子", TitleEN: "Last year’s ideas", Pot: money.MustParse("10000"), Method: round.Approval, ChoicesMax: 3, SupportMin: 5,
		TextZH: "社区拿出一万元，一户一票，最多选三个。", TextEN: "Ten thousand yuan, a vote for every household, up to three ideas each.",
	}
	if err := w.round(ctx, tx, held, last.AddDate(0, -2, 0), lastIdeas, 36, true); err != nil {
		return err
	}
	running := round.Round{
		Slug: "this-autumn", TitleZH: "今年的邻里金点子", TitleEN: "This year’s ideas", Pot: money.MustParse("12000"), Method: round.Knapsack, SupportMin: 3,
		TextZH: "社区拿出一万二千元。想选几个选几个，加起来不超过总额。", TextEN: "Twelve thousand yuan. Choose as many ideas as it pays.",
	}
	return w.round(ctx, tx, running, w.today.AddDate(0, 0, -60), nowIdeas, 10, false)
}

// round plays a round whose ideas are collected from a day on for a month; the vote begins 55 days after it and takes
// three weeks. Household i chooses an idea if i is below the idea's votes and its ballot has room.
func (w *world) round(ctx context.Context, tx *sqlx.Tx, r round.Round, from time.Time, ideas []idea, ballots int, ended bool) error {
	at := func(days int) time.Time { return w.c.Clock(from.AddDate(0, 0, days), 12) }
	r.Year, r.ProposeFrom, r.ProposeUntil, r.VoteFrom, r.VoteUntil = from.Year(), from, from.AddDate(0, 0, 30), from.AddDate(0, 0, 55), from.AddDate(0, 0, 75)
	r, err := round.Open(ctx, tx, w.c.ID, r, lead, at(0))
	if err != nil {
		return err
	}
	for _, i := range ideas {
		put, err := round.Put(ctx, tx, w.c, r, round.Idea{
			Form: uuid.Must(uuid.NewV7()), Title: i.title, What: i.what, Place: i.place, Cost: money.MustParse(i.cost), Category: i.sort, MadeAt: at(9),
		}, round.Proposer{Name: i.by, Phone: "13800001000"})
		switch {
		case err == nil && i.why != "":
			err = round.Decline(ctx, tx, w.c.ID, r.ID, put.Number, i.why, lead, at(40))
		case err == nil:
			err = round.PutOnBallot(ctx, tx, w.c.ID, r.ID, put, lead, at(40))
		}
		if err != nil {
			return err
		}
	}
	if err := w.ballots(ctx, tx, r, ideas, ballots, at); err != nil || !ended {
		return err
	}
	return round.Count(ctx, tx, w.c, r, lead, at(76))
}

// ballots gives out codes and lets households vote, the last of them on paper.
func (w *world) ballots(ctx context.Context, tx *sqlx.Tx, r round.Round, ideas []idea, ballots int, at func(days int) time.Time) error {
	var codes []string
	for _, courtyard := range []string{"3 号院", "7 号院"} {
		made, err := round.MakeCodes(ctx, tx, w.c.ID, r, courtyard, ballots/2+6, lead, at(50))
		if err != nil {
			return err
		}
		codes = append(codes, made...)
	}
	for household := range ballots {
		vote := round.Vote{Code: codes[household%2*len(codes)/2+household/2], Way: round.Internet, At: at(57)}
		if household == ballots-1 {
			vote.Way = round.Paper
		}
		sum := money.Zero
		for n := range ideas {
			i := (n + household) % len(ideas)
			cost := money.MustParse(ideas[i].cost)
			if wants := (household*7+i*5)%ballots < ideas[i].votes; wants && r.Fits(len(vote.Ideas)+1, sum.Add(cost)) {
				vote.Ideas, sum = append(vote.Ideas, i+1), sum.Add(cost)
			}
		}
		if len(vote.Ideas) == 0 {
			vote.Ideas = []int{1}
		}
		if err := round.Cast(ctx, tx, w.c, r, vote); err != nil {
			return err
		}
	}
	return nil
}
