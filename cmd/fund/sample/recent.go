package sample

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/ledger/money"
)

const recentWeeks = 16

// recent is what happened in the months before the clock: gifts to the running campaigns, and the ventures' weeks.
func (w *world) recent(now time.Time) (events []event) {
	day := func(n int) time.Time { return w.today.AddDate(0, 0, n) }
	give := func(campaign string, from int, online string, n int, cash string, m int) {
		events = append(events, gifts(campaign, day(from), day(0), money.MustParse(online), n, "sandbox")...)
		if m > 0 {
			events = append(events, gifts(campaign, day(from), day(-1), money.MustParse(cash), m, "cash")...)
		}
	}
	give("new-year-dinner", -20, "9132", 182, "2100", 35)
	give("book-corner-chairs", -9, "1500", 37, "300", 6)
	give("courtyard-3-shelter", -45, "15680", 138, "4000", 26)
	give("after-school-spring", -3, "420", 9, "", 0)
	give("everyday", -110, "1168", 17, "1240", 14)
	events = append(events, w.raisingGifts()...)
	events = append(events, w.promises.gifts...)
	for i := range events { // nobody gives after the clock
		if g := events[i].gift; g.At.After(now) {
			g.At = now.Add(-time.Duration(i+1) * time.Minute)
			events[i].at = g.At
		}
	}
	address(events)
	readers(events)
	first := day(-7*recentWeeks + 6)
	events = append(events, w.daily(openDays(first.AddDate(0, 0, -6), day(-1)), money.MustParse("31240"))...)
	events = append(events, w.weekly("newsstand", first, recentWeeks, "11880")...)
	events = append(events, w.weekly("book-corner", first, recentWeeks, "6540")...)
	events = append(events, w.passOn(first, day(0))...)
	events = append(events, w.entries(w.recentCosts(first))...)
	events = append(events, w.recentProjects()...)
	events = append(events, w.raisingEvents()...)
	events = append(events, w.boxes()...)
	events = append(events, w.marketEvents(now)...)
	events = append(events, w.booksEvents()...)
	events = append(events, w.serviceEvents()...)
	for i := range recentWeeks {
		settled := first.AddDate(0, 0, 7*i-3)
		events = append(events, paidOut(settled, money.Zero))
		events = append(events, banked(settled.AddDate(0, 0, 1), "600")...)
	}
	return slices.DeleteFunc(events, func(e event) bool { return e.at.After(now) && e.gift == nil })
}

func (w *world) recentCosts(first time.Time) (costs []cost) {
	d := newDice("recent costs")
	for i, amount := range d.parts(money.MustParse("9860"), 2*recentWeeks, 10) {
		kind := ventureRunning[i%(len(ventureRunning)-1)] // no stalls: the fair has costs of its own
		costs = append(costs, cost{
			day: first.AddDate(0, 0, 7*(i/2)+i%2), fund: "general", account: ventureCost, memo: kind.memo, detail: kind.detail, amount: amount, by: "treasurer",
		})
	}
	slices.SortStableFunc(costs, func(a, b cost) int { return a.day.Compare(b.day) })
	return costs
}

// repeated are the projects of 2017 that run again today, with voted money.
var repeated = []string{
	"phone-class", "to-hospital", "blood-pressure", "tea-for-elders", "class-430", "young-reporters", "roof-garden",
	"calligraphy", "sichuan-opera", "chess", "stair-lights", "repair-team", "haircuts", "sewing",
}

// recentDays is how many days ago the projects of today began.
const recentDays = 100

// again reads the rows of the projects that run today: an eighth of what they spent and whom they served then.
func (w *world) again(each func(p project.Project, r []string, spent money.Amount, served, sessions int) error) error {
	year := w.today.Year()
	for _, r := range rows(projectTable) {
		if !slices.Contains(repeated, r[1]) {
			continue
		}
		p := projectOf(r, 0)
		agreed, from := w.today.AddDate(0, 0, -recentDays-14), w.today.AddDate(0, 0, -recentDays)
		p.Slug, p.Year, p.State, p.AgreedOn, p.StartedOn, p.EndedOn = fmt.Sprintf("%s-%d", p.Slug, year), year, project.Running, &agreed, &from, nil
		p.TitleZH, p.TitleEN = fmt.Sprintf("%s（%d）", p.TitleZH, year), fmt.Sprintf("%s (%d)", p.TitleEN, year)
		spent := money.MustParse(r[16]).Split(1, 7)[0]
		if err := each(p, r, spent, max(2, whole(r[17])/5), max(1, whole(r[18])/3)); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) planRecent(ctx context.Context, tx *sqlx.Tx) error {
	return w.again(func(p project.Project, r []string, _ money.Amount, served, sessions int) error {
		return w.add(ctx, tx, p, r, served, sessions, w.today.AddDate(0, 0, -1))
	})
}

// recentProjects is what the projects of today were given and have spent.
func (w *world) recentProjects() (events []event) {
	var costs []cost
	_ = w.again(func(p project.Project, r []string, spent money.Amount, _, _ int) error {
		events = append(events, event{at: on(*p.StartedOn, 10*60), rank: rankMorning, allot: &allotment{p.Slug, p.Budget.Split(1, 3)[0]}})
		costs = append(costs, buy(p.Slug, r[22], *p.StartedOn, w.today.AddDate(0, 0, -1), spent, 3, true)...)
		return nil
	})
	slices.SortStableFunc(costs, func(a, b cost) int { return a.day.Compare(b.day) })
	for _, e := range w.entries(costs) {
		e.entry.Source = strings.Replace(e.entry.Source, "expense:", "expense:project-", 1)
		events = append(events, e)
	}
	return events
}
