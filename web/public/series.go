package public

import (
	"fmt"
	"html/template"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/report"
	"fund/web/page"
	"fund/web/picture"
)

// seriesView is income, spending and balance by month over the years, of the whole book or of one fund.
type seriesView struct {
	Fund         *ledger.Fund
	Code         string
	Funds        []page.Option
	Wide, Narrow template.HTML
	Years        []seriesYear // the newest first
}

// seriesYear is a year with entries.
type seriesYear struct {
	Year   int
	Points []report.Point
	Sum    report.Point // In, Out and Moved of the year, and the balance at its end
}

// Series shows months over the years.
func (p *Pages) Series(c *fiber.Ctx) error {
	return p.kept(c, "public/series", func(b books) (any, error) {
		v := seriesView{Code: c.Query("fund")}
		if err := b.seriesOf(&v); err != nil {
			return nil, err
		}
		years, err := ledger.Years(b, b.q, b.ID)
		if err != nil || len(years) == 0 {
			return v, err
		}
		fund := 0
		if v.Fund != nil {
			fund = v.Fund.ID
		}
		first, last := years[len(years)-1].Year, years[0].Year
		to := ledger.Day(last, time.December, 31)
		if today := b.Day(p.Now()); today.Before(to) && last == today.Year() {
			to = today
		}
		points, err := report.Series(b, b.q, b.Community, fund, ledger.Day(first, time.January, 1), to)
		if err == nil {
			v.draw(b, years, points)
		}
		return v, err
	})
}

// seriesOf reads which fund is asked for, and the others.
func (b books) seriesOf(v *seriesView) error {
	if v.Code != "" {
		fund, err := ledger.FindFund(b, b.q, b.ID, v.Code)
		if err != nil {
			return err
		}
		v.Fund = &fund
	}
	funds, err := ledger.ListFunds(b, b.q, b.ID)
	v.Funds = []page.Option{{Label: b.r.T("series.whole")}}
	for _, f := range funds {
		v.Funds = append(v.Funds, page.Option{Value: f.Code, Label: f.Name(string(b.r.Lang))})
	}
	return err
}

// draw fills in the chart and the rows: years with entries alone.
func (v *seriesView) draw(b books, years []ledger.BookYear, points []report.Point) {
	chart := picture.Series{
		Title: b.r.T("series.picture"), In: b.r.T("book.income"), Out: b.r.T("book.expense"), Kept: b.r.T("series.balance"), Lang: string(b.r.Lang),
	}
	for _, p := range points {
		if !slices.ContainsFunc(years, func(y ledger.BookYear) bool { return y.Year == p.Month.Year() }) {
			continue
		}
		if n := len(v.Years); n == 0 || v.Years[n-1].Year != p.Month.Year() {
			v.Years = append(v.Years, seriesYear{Year: p.Month.Year()})
		}
		y := &v.Years[len(v.Years)-1]
		y.Points = append(y.Points, p)
		y.Sum = report.Point{In: y.Sum.In.Add(p.In), Out: y.Sum.Out.Add(p.Out), Moved: y.Sum.Moved.Add(p.Moved), Balance: p.Balance}
		chart.Points = append(chart.Points, picture.SeriesPoint{
			Year: p.Month.Year(), In: p.In, Out: p.Out, Stood: p.Balance,
			Title: fmt.Sprintf("%s +%s −%s = %s", b.r.Lang.Month(p.Month), p.In.Format(), p.Out.Format(), p.Balance.Format()),
		})
	}
	slices.Reverse(v.Years)
	v.Wide = chart.Picture().SVG()
	chart.Narrow = true
	v.Narrow = chart.Picture().SVG()
}
