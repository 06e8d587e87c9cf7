package public

import (
	"fmt"
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/page"
)

// channelsView is the way of the money through a period: from its sources through the funds to its uses.
type channelsView struct {
	Period   string // as the address says it: 2017, 2017-04_2017-06, 2017-11
	From, To time.Time
	Running  bool // it has not ended
	Periods  []page.Option
	Totals   report.Totals
	Wide     template.HTML
	Columns  [3][]channelRow
	Sum      money.Amount // through each column
	Ways     []wayRow     // all of them, for who wants each
}

// channelRow is a node of the picture, as a row with a bar.
type channelRow struct {
	flowRow
	Left money.Amount // of a project's money
}

// wayRow is one way of the money in words.
type wayRow struct {
	From, To string
	Amount   money.Amount
	Link     string
}

// Flow is the way of the money through any month, quarter or year.
func (p *Pages) Flow(c *fiber.Ctx) error {
	return p.kept(c, "public/flow", func(b books) (any, error) {
		v := channelsView{Period: c.Query("period")}
		var err error
		if v.Periods, err = b.periods(&v.Period, p.Now()); err != nil {
			return nil, err
		}
		from, to, ok := ask{Month: v.Period}.span()
		if !ok {
			return nil, page.ErrNotFound
		}
		v.From, v.To, v.Running = from, to, !to.Before(b.Day(p.Now()))
		if v.Totals, err = report.Summary(b, b.q, b.Community, from, to); err != nil {
			return nil, err
		}
		all, err := report.FundChannels(b, b.q, b.Community, from, to)
		if err != nil {
			return nil, err
		}
		course, err := b.course(v.Period, all)
		if err == nil {
			course.show(&v)
		}
		return v, err
	})
}

// periods are the years, quarters and months with entries, the newest first; chosen becomes the newest year if it is empty.
func (b books) periods(chosen *string, now time.Time) (options []page.Option, err error) {
	months, err := ledger.ListPeriods(b, b.q, b.ID)
	if err != nil {
		return nil, err
	}
	year, quarter := 0, ""
	for _, m := range months {
		if m.Entries == 0 || m.Month.After(now) {
			continue
		}
		if m.Month.Year() != year {
			year = m.Month.Year()
			options = append(options, page.Option{Value: fmt.Sprint(year), Label: b.r.T("book.whole_year", "year", year)})
		}
		first := ledger.Day(year, (m.Month.Month()-1)/3*3+1, 1)
		if q := first.Format("2006-01") + "_" + first.AddDate(0, 2, 0).Format("2006-01"); q != quarter {
			quarter = q
			options = append(options, page.Option{Value: q, Label: b.r.T("flow.quarter", "year", year, "n", int(first.Month())/3+1)})
		}
		options = append(options, page.Option{Value: m.Month.Format("2006-01"), Label: b.r.Lang.Month(m.Month)})
	}
	if *chosen == "" && len(options) > 0 {
		*chosen = options[0].Value
	}
	return options, nil
}
