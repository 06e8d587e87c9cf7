package sample

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/reconcile"
	"fund/ledger/statement"
)

// bankLine is a line of the bank's file.
type bankLine struct {
	day       time.Time
	amount    money.Amount
	who, memo string
}

// reconcile imports what the bank says of this month, or of last month in its first days, and matches half of what is sure.
func (w *world) reconcile(ctx context.Context, tx *sqlx.Tx) error {
	bank, to := w.purpose(ledger.Bank), w.today.AddDate(0, 0, -1)
	from := ledger.MonthOf(to.AddDate(0, 0, -10))
	booked, err := w.booked(ctx, tx, bank, from, to)
	if err != nil || len(booked) < 4 {
		return err
	}
	opening, err := w.before(ctx, tx, bank, from)
	if err != nil {
		return err
	}
	lines, err := w.unbooked(ctx, tx, to)
	if err != nil {
		return err
	}
	file := bankFile(opening, append(booked[:len(booked)-1], lines...)) // the last one the bank has not seen yet
	name := fmt.Sprintf("boc-%s.csv", to.Format("200601"))
	found, err := statement.Parse(name, file, statement.Options{})
	if err != nil {
		return err
	}
	if _, err = reconcile.Import(ctx, tx, w.c, bank, name, sha256.Sum256(file), found[0], "treasurer"); err != nil {
		return err
	}
	if _, err = reconcile.SaveRule(ctx, tx, w.c.ID, bank, reconcile.Rule{
		Words: "短信服务费", Account: w.account(admin), Fund: ledger.GeneralFundID, Memo: "银行短信费", Used: 10,
	}, "treasurer"); err != nil {
		return err
	}
	sheet, err := reconcile.Open(ctx, tx, w.c.ID, bank, to)
	if err != nil {
		return err
	}
	all := reconcile.Suggest(sheet.Lines, sheet.Candidates(), nil, reconcile.Options{})
	_, err = reconcile.AcceptSure(ctx, tx, w.c, sheet, all[:len(all)/2], "treasurer")
	return err
}

// booked are the movements that the books have, as the bank tells them a day or two later.
func (w *world) booked(ctx context.Context, tx *sqlx.Tx, bank int, from, to time.Time) (lines []bankLine, err error) {
	entries, err := ledger.Journal(ctx, tx, w.c.ID, ledger.JournalFilter{Accounts: []int{bank}}, 1000)
	if err != nil {
		return nil, err
	}
	moved, err := ledger.Moves(ctx, tx, w.c.ID, entries, []int{bank}, 0)
	for i, e := range slices.Backward(entries) {
		if e.Date.Before(from) || e.Date.After(to) || moved[e.Seq].IsZero() {
			continue
		}
		day := e.Date.AddDate(0, 0, i%3)
		if day.After(to) {
			day = to
		}
		lines = append(lines, bankLine{day, moved[e.Seq], e.Memo, e.Detail})
	}
	slices.SortStableFunc(lines, func(a, b bankLine) int { return a.day.Compare(b.day) })
	return lines, err
}

// before is what the bank had on the eve of a day.
func (w *world) before(ctx context.Context, tx *sqlx.Tx, bank int, from time.Time) (sum money.Amount, err error) {
	rows, err := ledger.Balances(ctx, tx, w.c.ID, from, from)
	for _, row := range rows {
		if row.AccountID == bank {
			sum = sum.Add(row.Opening)
		}
	}
	return sum, err
}

// unbooked is what only the bank knows so far: a gift that is awaited, one from nobody knows whom, and the bank's charge.
func (w *world) unbooked(ctx context.Context, tx *sqlx.Tx, to time.Time) (lines []bankLine, err error) {
	awaited, err := campaigns.ListAwaited(ctx, tx, w.c.ID, "transfer")
	if len(awaited) > 0 {
		lines = append(lines, bankLine{to, awaited[0].Amount, "周**", awaited[0].Ref + " 捐款"})
	}
	return append(lines,
		bankLine{to, money.FromFen(300 * yuan), "李**", ""},
		bankLine{to, money.FromFen(-3 * yuan), "", "短信服务费"}), err
}

// bankFile writes lines as the Bank of China does, the newest first.
func bankFile(balance money.Amount, lines []bankLine) []byte {
	blank := func(s string) string {
		if s = strings.ReplaceAll(s, ",", " "); s == "" {
			return "-------------------"
		}
		return s
	}
	rows := []string{}
	for _, l := range lines {
		balance = balance.Add(l.amount)
		rows = append(rows, fmt.Sprintf("%s,10:00:00,人民币,%s,%s,转账,网上银行,-------------------,%s,%s,8000******0000,-------------------,6618",
			l.day.Format(time.DateOnly), l.amount, balance, blank(l.memo), blank(l.who)))
	}
	slices.Reverse(rows)
	return []byte("中国银行交易流水明细单\n记账日期,记账时间,币别,金额,余额,交易名称,渠道,网点名称,附言,对方账户名,对方卡号/账号,对方开户行,借记卡号\n" + strings.Join(rows, "\n") + "\n")
}
