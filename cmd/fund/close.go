package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web/i18n"
	"fund/web/issue"
)

// closeCmd closes a month or a year as the desk does.
type closeCmd struct {
	databaseFlags `embed:""`
	Period        string            `arg:"" help:"The month, such as 2017-11, or the year, such as 2017, once all its months are closed."`
	Community     string            `placeholder:"SLUG" help:"Whose books; may be left out where there is one community."`
	Why           map[string]string `placeholder:"LINE=REASON" help:"Why the month is closed without a line of its checklist; everybody can read it. May be given several times."`
	List          bool              `help:"Show the checklist and close nothing."`
	By            string            `default:"operator" placeholder:"NAME" help:"Who closes, as the books will say; default: ${default}."`
	Lang          string            `help:"Language of what is said: zh or en." enum:"zh,en" default:"zh"`
}

// Run closes the month if its checklist lets it, and prints the list with what was written for each line.
func (k *closeCmd) Run(ctx context.Context, out io.Writer) error {
	month, year, err := k.period()
	if err != nil {
		return err
	}
	e, err := k.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	c, err := onlyCommunity(ctx, e, k.Community)
	if err != nil {
		return err
	}
	if err := k.over(c, month, year); err != nil {
		return err
	}
	if year != 0 {
		return k.year(ctx, out, e, c, year)
	}
	if k.List {
		items, err := ledger.Checklist(ctx, e.app, c, month, closeAsks)
		if err != nil {
			return err
		}
		return k.say(out, items)
	}
	var items []ledger.CloseItem
	err = e.inTx(ctx, func(tx *sqlx.Tx) (err error) {
		items, err = ledger.CloseAsked(ctx, tx, c, month, k.By, closeAsks, k.Why)
		return err
	})
	if err != nil && !errors.Is(err, ledger.ErrUnready) {
		return err
	}
	if told := k.say(out, items); told != nil {
		return told
	}
	if err != nil {
		return failed(fmt.Sprintf("%s stays open: see to the lines marked ✗, or give a reason for those marked ? with --why LINE=REASON.", k.Period),
			fmt.Sprintf("%s 没有关账：✗ 的先处理好；? 的可以用 --why 条目=理由 写明理由。", k.Period))
	}
	return k.told(out, "periods.closed", "month", k.lang().Month(month))
}

// year moves a year's income and expense to net assets.
func (k *closeCmd) year(ctx context.Context, out io.Writer, e *env, c ledger.Community, year int) error {
	var posted []ledger.Posted
	err := e.inTx(ctx, func(tx *sqlx.Tx) (err error) {
		posted, err = ledger.CloseYear(ctx, tx, c, year, k.By)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range posted {
		if _, err := fmt.Fprintln(out, p.Voucher()); err != nil {
			return err
		}
	}
	return k.told(out, "periods.year_closed", "year", year)
}

// period reads the month, or the year, as its first day.
func (k *closeCmd) period() (first time.Time, year int, err error) {
	if first, err = time.Parse("2006-01", k.Period); err == nil {
		return first, 0, nil
	}
	if first, err = time.Parse("2006", k.Period); err == nil {
		return first, first.Year(), nil
	}
	return first, 0, usage(fmt.Sprintf("%q is no month, such as 2017-11, and no year, such as 2017.", k.Period), fmt.Sprintf("%q 不是月份（例如 2017-11），也不是年份（例如 2017）。", k.Period))
}

// over refuses a month or a year that still runs in the community.
func (k *closeCmd) over(c ledger.Community, first time.Time, year int) error {
	next := first.AddDate(0, 1, 0)
	if year != 0 {
		next = first.AddDate(1, 0, 0)
	}
	if next.After(c.Day(time.Now())) {
		return usage(k.Period+" is not over.", k.Period+" 还没过完。")
	}
	return nil
}

func (k *closeCmd) lang() i18n.Lang {
	lang, _ := i18n.ParseLang(k.Lang)
	return lang
}

// say prints the checklist: ✓ is done, ✗ has to be done, ? wants doing or a reason, – was left with one.
func (k *closeCmd) say(out io.Writer, items []ledger.CloseItem) error {
	for _, i := range items {
		mark := "✓"
		switch {
		case i.Done():
		case i.Must:
			mark = "✗"
		case i.Why == "":
			mark = "?"
		default:
			mark = "–"
		}
		title, text := issue.CloseLine(k.lang(), i)
		line := strings.TrimRight(fmt.Sprintf("%s %-18s %s  %s", mark, i.Key(), title, text), " ")
		if i.Why != "" {
			line += "  " + k.lang().T("close.waived") + " " + i.Why
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}

func (k *closeCmd) told(out io.Writer, key string, pairs ...any) error {
	_, err := fmt.Fprintln(out, k.lang().T(key, pairs...))
	return err
}
