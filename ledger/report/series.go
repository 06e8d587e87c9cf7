package report

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Point is a month of a series: what came in, what went out, what was passed on or adjusted, and what there was at its end.
type Point struct {
	Month   time.Time // its first day
	In      money.Amount
	Out     money.Amount
	Moved   money.Amount // to (positive) and from other funds, and adjusted
	Balance money.Amount // net assets
}

// Series reads the months from..to of one fund, or of the whole book (0): balance before + in − out + moved = balance.
func Series(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, fund int, from, to time.Time) (points []Point, err error) {
	defer wrap(&err, "Series", c)
	s, err := span(from, to)
	if err != nil {
		return nil, err
	}
	var in pots
	if fund != 0 {
		in = pots{fund}
	}
	before, err := fundsOf(ctx, q, c, in, from, from)
	if err != nil {
		return nil, err
	}
	moves, err := turnovers(ctx, q, c.ID, in, s)
	if err != nil {
		return nil, err
	}
	by := map[time.Time]Point{}
	for _, t := range moves {
		p := by[t.Month.UTC()]
		switch t.Type {
		case ledger.Income:
			p.In = p.In.Add(t.Amount)
		case ledger.Expense:
			p.Out = p.Out.Sub(t.Amount)
		default:
			p.Moved = p.Moved.Add(t.Amount)
		}
		by[t.Month.UTC()] = p
	}
	balance := before.Total().Opening
	for month := ledger.MonthOf(from); !month.After(to); month = month.AddDate(0, 1, 0) {
		p := by[month]
		balance = balance.Add(p.In).Sub(p.Out).Add(p.Moved)
		p.Month, p.Balance = month, balance
		points = append(points, p)
	}
	return points, nil
}
