package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fund/ledger"
	"fund/ledger/money"
)

// ErrBackwards is returned for a period whose last month comes before its first.
var ErrBackwards = errors.New("report: the period ends before it starts")

// Span is a period of whole months.
type Span struct {
	From time.Time // first day of the first month
	To   time.Time // last day of the last month
}

func span(from, to time.Time) (Span, error) {
	s := Span{ledger.MonthOf(from), ledger.MonthOf(to).AddDate(0, 1, -1)}
	if s.To.Before(s.From) {
		return s, fmt.Errorf("%w: %s to %s", ErrBackwards, from.Format(time.DateOnly), to.Format(time.DateOnly))
	}
	return s, nil
}

// year is the first day of the year in which the span ends.
func (s Span) year() time.Time { return ledger.Day(s.To.Year(), time.January, 1) }

// Columns is an amount divided by kind of fund.
type Columns struct {
	Free money.Amount // in unrestricted funds (非限定性)
	Held money.Amount // in restricted funds (限定性)
}

// Total is both kinds together (合计).
func (c Columns) Total() money.Amount { return c.Free.Add(c.Held) }

// Add returns c + d, column by column.
func (c Columns) Add(d Columns) Columns { return Columns{c.Free.Add(d.Free), c.Held.Add(d.Held)} }

// Sub returns c − d, column by column.
func (c Columns) Sub(d Columns) Columns { return Columns{c.Free.Sub(d.Free), c.Held.Sub(d.Held)} }

// Neg returns −c.
func (c Columns) Neg() Columns { return Columns{}.Sub(c) }

// IsZero reports whether both columns are 0.00.
func (c Columns) IsZero() bool { return c.Free.IsZero() && c.Held.IsZero() }

// Equal reports whether both columns agree.
func (c Columns) Equal(d Columns) bool { return c.Free.Equal(d.Free) && c.Held.Equal(d.Held) }

// column puts an amount into the column of its fund.
func column(restricted bool, a money.Amount) Columns {
	if restricted {
		return Columns{Held: a}
	}
	return Columns{Free: a}
}

// moved is what goes from the first column to the second.
func moved(toHeld money.Amount) Columns { return Columns{Free: toHeld.Neg(), Held: toHeld} }

// isMoney tells the accounts that hold money (货币资金): cash, bank, and what payment providers have yet to pay out.
func (l layout) isMoney(a ledger.Account) bool {
	return a.Type == ledger.Asset && (longest(a.Code, l.money) > 0 || a.Purpose == ledger.Cash || a.Purpose == ledger.Bank ||
		strings.HasSuffix(string(a.Purpose), string(ledger.Clearing(""))))
}

// moneyOf are those of some accounts that hold money.
func (l layout) moneyOf(accounts ledger.Accounts) (ids []int) {
	for _, a := range accounts {
		if l.isMoney(a) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

func nameIn(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}

func wrap(err *error, verb string, c ledger.Community) {
	if *err != nil {
		*err = fmt.Errorf("report.%s(%s): %w", verb, c.Slug, *err)
	}
}

// pots are the funds that a statement keeps to, by id; nil means all of them.
type pots []int

func (p pots) has(fund int) bool { return p == nil || slices.Contains(p, fund) }

func (p pots) of(balances []ledger.Balance) (kept []ledger.Balance) {
	if p == nil {
		return balances
	}
	for _, b := range balances {
		if p.has(b.FundID) {
			kept = append(kept, b)
		}
	}
	return kept
}
