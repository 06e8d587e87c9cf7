package sample

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
	"fund/ledger/schedule"
)

// booksEvents are what the treasurer of today registers, posts every month and lends between funds.
func (w *world) booksEvents() (events []event) {
	d := newDice("books of today")
	do := func(day time.Time, rank int, verb func(ctx context.Context, p *player, day time.Time) error) {
		events = append(events, event{at: on(day, 17*60), rank: rank, do: func(ctx context.Context, p *player) error { return verb(ctx, p, day) }})
	}
	bank, general := w.purpose(ledger.Bank), ledger.GeneralFundID
	item := func(ago int, kind schedule.Kind, name, place, holder, cost, residual string, months int, contra, expense ledger.Purpose) {
		bought := w.today.AddDate(0, 0, -ago)
		i := schedule.Item{
			ID: d.id(on(bought, ago)), Kind: kind, Name: name, Place: place, Holder: holder, Fund: general, Contra: w.purpose(contra), Expense: w.purpose(expense),
			BoughtOn: bought, Cost: money.MustParse(cost), Residual: money.MustParse(residual), Months: months, By: "treasurer",
		}
		i.Account, i.First = w.purpose(ledger.FixedAssets), schedule.MonthAfter(bought)
		if kind == schedule.Prepaid {
			i.Account, i.First = i.Contra, ledger.MonthOf(bought)
		}
		i.Since = i.First
		do(bought, rankMorning, func(ctx context.Context, p *player, _ time.Time) error {
			_, err := schedule.Register(ctx, p.tx, p.c, i, bank)
			return err
		})
	}
	item(108, schedule.Asset, "投影仪", "三楼活动室", "刘社工", "3600.00", "0.00", 36, ledger.AccumulatedDepreciation, ledger.ProgrammeExpense)
	item(71, schedule.Asset, "折叠桌 12 张", "院落库房", "", "1980.00", "60.00", 60, ledger.AccumulatedDepreciation, ledger.ProgrammeExpense)
	item(101, schedule.Prepaid, "志愿者意外险（一年）", "", "", "1300.00", "0.00", 12, ledger.Prepaid, ledger.ProgrammeExpense)

	cleaning := schedule.Repeat{
		ID: d.id(on(w.today, 1)), Memo: "活动室保洁费", Detail: "每月一次，银行转账", Day: 25, Every: 1, First: schedule.MonthAfter(w.today.AddDate(0, 0, -100)), By: "treasurer",
		Postings: []ledger.Posting{
			ledger.Debit(w.account(admin), general, money.MustParse("260")), ledger.Credit(bank, general, money.MustParse("260")),
		},
	}
	do(w.today.AddDate(0, 0, -100), rankMorning, func(ctx context.Context, p *player, _ time.Time) error {
		return schedule.AddRepeat(ctx, p.tx, p.c.ID, cleaning)
	})
	for month := ledger.MonthOf(w.today.AddDate(0, 0, -108)); month.Before(ledger.MonthOf(w.today)); month = month.AddDate(0, 1, 0) {
		if !month.Before(cleaning.First) {
			do(cleaning.On(month), rankEvening, func(ctx context.Context, p *player, day time.Time) error {
				_, err := schedule.RunOne(ctx, p.tx, p.c, cleaning.ID, day, day, "treasurer")
				return err
			})
		}
		do(month.AddDate(0, 1, -1), rankEvening, func(ctx context.Context, p *player, day time.Time) error {
			_, err := schedule.Run(ctx, p.tx, p.c, day, day, "treasurer")
			return err
		})
	}
	return append(events, w.lending(&d)...)
}

// lending is a loan of which a part is back.
func (w *world) lending(d *dice) []event {
	lent, back := w.today.AddDate(0, 0, -26), w.today.AddDate(0, 0, -5)
	due := w.today.AddDate(0, 0, 34)
	l := ledger.FundLoan{
		ID: d.id(on(lent, 2)), From: ledger.GeneralFundID, To: w.funds["new-year-dinner"], Account: w.purpose(ledger.Bank), Amount: money.MustParse("1500"),
		LentOn: lent, DueOn: &due, Why: "年夜饭订保温箱的定金，捐款到账前先垫", By: "treasurer",
	}
	r := ledger.FundRepayment{ID: d.id(on(back, 3)), Loan: l.ID, Amount: money.MustParse("600"), On: back, By: "treasurer"}
	return []event{
		{at: on(lent, 16*60), rank: rankEvening, do: func(ctx context.Context, p *player) error {
			_, err := ledger.LendBetweenFunds(ctx, p.tx, p.c, l)
			return err
		}},
		{at: on(back, 16*60), rank: rankEvening, do: func(ctx context.Context, p *player) error {
			_, err := ledger.RepayBetweenFunds(ctx, p.tx, p.c, r)
			return err
		}},
	}
}

// budgets makes this year's budgets, one of them in a second version.
func (w *world) budgets(ctx context.Context, tx *sqlx.Tx) error {
	line := func(code, yuan string) budget.Line {
		return budget.Line{Account: w.account(code), Amount: money.MustParse(yuan)}
	}
	first := []budget.Line{
		line("410101", "6000"), line(corridor, "5000"), line(teaHouse, "100000"), line(newsstand, "38000"), line(bookCorner, "21000"),
		line("5101", "1600"), line(ventureCost, "34000"), line(admin, "3600"),
	}
	raised := slices.Clone(first)
	raised[5] = line("5101", "2400")
	for _, v := range []budget.Version{
		{Fund: ledger.GeneralFundID, Lines: first, Why: "1 月议事会通过"},
		{Fund: ledger.GeneralFundID, Number: 1, Lines: raised, Why: "6 月议事会第 2 号：给志愿者买保险"},
		{Fund: w.funds["new-year-dinner"], Lines: []budget.Line{line(projectCost, "16800")}, Why: "和募捐时公布的预算一致"},
	} {
		v.Year, v.By = w.today.Year(), "treasurer"
		if _, err := budget.Save(ctx, tx, w.c.ID, v); err != nil {
			return err
		}
	}
	return nil
}
