package sample

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// raisingCampaigns show the ways to raise: for an event, with lines to choose and further goals; for a project; for a
// venture; and one that missed its goal.
func (w *world) raisingCampaigns() []campaigns.Campaign {
	day := func(n int) time.Time { return w.today.AddDate(0, 0, n) }
	line := func(zh, en, unitZH, unitEN string, quantity int, amount string) campaigns.BudgetLine {
		b := campaigns.BudgetLine{NameZH: zh, NameEN: en, UnitZH: unitZH, UnitEN: unitEN, Amount: money.MustParse(amount)}
		if quantity > 0 {
			b.Quantity = &quantity
		}
		return b
	}
	return []campaigns.Campaign{
		{
			Slug: "lantern-evening", Target: campaigns.EventTarget, Theme: "neighbours", Scene: "lantern", StartsOn: day(-16), EndsOn: day(12), Goal: money.MustParse("3000"),
			TitleZH: "院坝灯会：一晚上，三百碗汤圆", TitleEN: "A lantern evening with 300 bowls of dumplings", PurposeZH: "只用于这场灯会", PurposeEN: "This evening only",
			StoryZH:   "去年的灯是孩子们自己糊的，挂了半个院坝。今年想挂满，再给来的每个人一碗热汤圆。\n\n灯笼、汤圆、音响分开算，您可以指定用在哪一项。",
			StoryEN:   "Last year the children made lanterns for half the yard. This year we want all of it lit, and a hot bowl for everybody who comes.\n\nLanterns, dumplings and sound are counted apart; say which one your gift is for, if you like.",
			Suggested: campaigns.Amounts{money.FromFen(12 * yuan), money.FromFen(32 * yuan), money.FromFen(60 * yuan), money.FromFen(120 * yuan)},
			Budget: []campaigns.BudgetLine{
				line("灯笼", "Lanterns", "盏", "lanterns", 120, "1440"), line("汤圆", "Dumplings", "碗", "bowls", 300, "960"), line("音响和电", "Sound and light", "", "", 0, "600"),
			},
			Stretch: campaigns.StretchGoals{
				{Amount: money.MustParse("4200"), TitleZH: "请川剧变脸师傅来一场", TitleEN: "A master of Sichuan face changing"},
				{Amount: money.MustParse("5600"), TitleZH: "给每个孩子一盏带回家的灯", TitleEN: "A lantern for each child to take home"},
			},
		},
		{
			Slug: "company-calls", FundID: w.funds["company"], Theme: "elders", Scene: "hands", StartsOn: day(-30), EndsOn: day(60), Goal: money.MustParse("4800"),
			TitleZH: "每天一通电话：陪独居老人说说话", TitleEN: "A call a day for elders who live alone", PurposeZH: "进“独居老人陪伴”专款", PurposeEN: "Goes into the fund for their company",
			StoryZH:   "40 位老人，每天傍晚一通电话。话费和志愿者的培训，从“独居老人陪伴”这笔专款里出。",
			StoryEN:   "Forty elders, a call each evening. Calls and the volunteers’ training are paid from the fund for their company.",
			Suggested: suggested, Budget: []campaigns.BudgetLine{line("话费", "Calls", "个月", "months", 12, "2880"), line("志愿者培训", "Training", "场", "sessions", 4, "1920")},
		},
		{
			Slug: "tea-house-stove", FundID: w.funds["stove"], Theme: "neighbours", Scene: "tea", StartsOn: day(-12), EndsOn: day(48), Goal: money.MustParse("3600"),
			TitleZH: "给公益茶坊换一个灶", TitleEN: "A new stove for the tea house", PurposeZH: "进公益茶坊的专款", PurposeEN: "Goes into the tea house’s fund",
			StoryZH:   "茶坊的灶用了九年，火力只剩一半。换了新灶，茶坊每天能多卖六十碗茶，赚的钱还是用在社区。",
			StoryEN:   "The stove is nine years old and burns at half its heat. With a new one the tea house sells sixty more bowls a day, and what it earns stays here.",
			Suggested: suggested, Budget: []campaigns.BudgetLine{line("商用灶", "A stove", "台", "stove", 1, "3200"), line("安装", "Fitting", "", "", 0, "400")},
		},
		{
			Slug: "ramp-building-5", Kind: campaigns.AllOrNothing, Theme: "yard", Scene: "shelter", StartsOn: day(-80), EndsOn: day(-20), Goal: money.MustParse("16000"),
			TitleZH: "5 栋门口的坡道", TitleEN: "A ramp for building 5", PurposeZH: "只用于坡道，筹不够就全部退回", PurposeEN: "The ramp only; given back if the goal is not met",
			StoryZH:   "5 栋门口有四级台阶，轮椅上不去。坡道要一次做完，所以不成则退。\n\n这一次没有筹满。我们和街道谈，明年再试。",
			StoryEN:   "Four steps lead to building 5, and no wheelchair gets up. A ramp cannot be built by halves, so it was all or nothing.\n\nThis time it was nothing. We talk to the street office and try again next year.",
			Suggested: suggested, Budget: []campaigns.BudgetLine{line("混凝土和扶手", "Concrete and rails", "", "", 0, "10400"), line("施工", "Building work", "", "", 0, "5600")},
		},
	}
}

// raisingGifts are the gifts to those campaigns.
func (w *world) raisingGifts() (events []event) {
	day := func(n int) time.Time { return w.today.AddDate(0, 0, n) }
	events = slices.Concat(
		gifts("lantern-evening", day(-16), day(0), money.MustParse("2976"), 62, "sandbox"), gifts("lantern-evening", day(-16), day(-1), money.MustParse("444"), 9, "cash"),
		gifts("company-calls", day(-30), day(0), money.MustParse("1380"), 24, "sandbox"), gifts("tea-house-stove", day(-12), day(0), money.MustParse("960"), 17, "sandbox"),
		gifts("ramp-building-5", day(-80), day(-20), money.MustParse("3260"), 26, "cash"))
	lines := []int{1, 0, 2, 1, 0, 2, 3, 0}
	for i, e := range events {
		if e.gift.Campaign == "lantern-evening" {
			e.gift.Line = lines[i%len(lines)]
		}
	}
	return events
}

// raisingEvents are the pool, the gifts in kind, and the end of what was not reached.
func (w *world) raisingEvents() []event {
	d := newDice("raising")
	pool, ramp := w.poolOpens(), on(w.today.AddDate(0, 0, -19), 6)
	deposit := d.id(pool)
	events := []event{
		{at: pool, rank: rankMorning, do: func(ctx context.Context, p *player) error { return p.layIn(ctx, pool, deposit) }},
		{at: ramp, rank: rankEvening, do: func(ctx context.Context, p *player) error { return p.giveBackAll(ctx, ramp, "ramp-building-5") }},
	}
	for _, g := range []struct {
		campaign   string
		ago        int
		zh, en     string
		value      int64
		by         string
		used       bool
		hours      int
		name       string
		showGivers bool
	}{
		{campaign: "lantern-evening", ago: 9, zh: "红灯笼 40 盏", en: "40 red lanterns", value: 480, by: "按批发市场价", name: "李建国", showGivers: true},
		{campaign: "lantern-evening", ago: 6, zh: "汤圆粉 30 公斤", en: "30 kg of dumpling flour", value: 240, by: "按超市标价", used: true, name: "王记面馆"},
		{campaign: "lantern-evening", ago: 4, zh: "扎灯架", en: "Building lantern frames", hours: 125, name: "谢师傅", showGivers: true},
		{campaign: "company-calls", ago: 8, zh: "电话志愿者值班", en: "Answering the telephone", hours: 460},
		{ago: 30, zh: "二手轮椅 1 台", en: "A used wheelchair", value: 350, by: "按二手平台价", name: "邓婆婆", showGivers: true},
	} {
		at := on(w.today.AddDate(0, 0, -g.ago), 15*60)
		kind := campaigns.InKind{
			ID: d.id(at), WhatZH: g.zh, WhatEN: g.en, Value: money.FromFen(g.value * yuan), ValuedBy: g.by, Used: g.used, Hours: g.hours,
			ShowName: g.showGivers, ReceivedOn: zone.Day(at), EnteredBy: "cashier", EnteredAt: at,
		}
		events = append(events, event{at: at, rank: rankEvening, do: func(ctx context.Context, p *player) error {
			if g.campaign != "" {
				of, err := campaigns.FindCampaign(ctx, p.tx, p.c.ID, g.campaign)
				if err != nil {
					return err
				}
				kind.CampaignID = &of.ID
			}
			_, err := campaigns.TakeInKind(ctx, p.tx, p.c, kind, g.name)
			return err
		}})
	}
	return events
}

// poolOpens is when the pool does.
func (w *world) poolOpens() time.Time { return on(w.today.AddDate(0, 0, -3), 8*60) }

// layIn opens a noodle shop's pool for the after-school class.
func (p *player) layIn(ctx context.Context, at time.Time, deposit uuid.UUID) error {
	of, err := campaigns.FindCampaign(ctx, p.tx, p.c.ID, "after-school-spring")
	if err != nil {
		return err
	}
	_, err = campaigns.OpenPool(ctx, p.tx, p.c, campaigns.MatchingPool{
		CampaignID: &of.ID, SponsorZH: "王记面馆", SponsorEN: "Wang’s Noodles", Laid: money.MustParse("3600"), DonorMax: money.MustParse("300"),
		StartsOn: zone.Day(at), EndsOn: of.EndsOn, Deposit: deposit,
	}, "treasurer", at)
	return err
}

// stillAtDesk is how many of a failed campaign's gifts are still at the desk.
const stillAtDesk = 3

// giveBackAll concludes a campaign that missed its goal: cash comes from the bank, and the givers fetch it at the desk.
func (p *player) giveBackAll(ctx context.Context, at time.Time, slug string) error {
	of, err := campaigns.FindCampaign(ctx, p.tx, p.c.ID, slug)
	if err != nil {
		return err
	}
	cash := p.waiting[p.purpose(ledger.Cash)]
	if banked := of.Raised.Sub(cash[of.FundID]); banked.Sign() > 0 {
		_, err = ledger.Post(ctx, p.tx, p.c.ID, ledger.Entry{
			Date: zone.Day(at), Kind: "transfer", Source: "withdrawal:" + slug, Memo: "取现，退还没有筹满的捐款", PostedBy: "treasurer",
			Postings: []ledger.Posting{ledger.Debit(p.purpose(ledger.Cash), of.FundID, banked), ledger.Credit(p.purpose(ledger.Bank), of.FundID, banked)},
		})
		if err != nil {
			return err
		}
	}
	cash[of.FundID] = money.Zero
	if _, err = campaigns.Conclude(ctx, p.tx, p.c, of.ID, at, "system"); err != nil {
		return err
	}
	given, err := campaigns.ListDonations(ctx, p.tx, p.c.ID, of.ID, of.Gifts)
	slices.SortFunc(given, func(a, b campaigns.Donation) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	for i, d := range given {
		r, err := campaigns.RefundDonation(ctx, p.tx, p.c, d.ID, uuid.NewSHA1(d.ID, []byte("unmet")), d.Left(), campaigns.NotReached, "system", at)
		if err != nil {
			return err
		}
		if i >= stillAtDesk {
			if err = campaigns.GiveBackByHand(ctx, p.tx, p.c.ID, r.ID, campaigns.ByCash, "", "cashier", at.AddDate(0, 0, 1+i/4)); err != nil {
				return err
			}
		}
	}
	return err
}
