package public

import (
	"errors"
	"fmt"
	"html/template"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/picture"
)

// homeView is the first page of a community: what there is, what it did, where to give, and the proof.
type homeView struct {
	Year      year
	Now       time.Time
	Totals    report.Totals
	Bar       template.HTML
	Leaf      leafView
	Ran       int // the year of the leaf: this one, or the last one with projects
	Cards     []card
	Open      int // campaigns under way
	Flow      flowView
	Months    monthsView
	Latest    []bookRow
	Holdings  holdingsView
	Funds     []report.FundLine
	FundCount int
	Entries   int64 // in the whole book
	Sealed    *transparency.Checkpoint
	Root      string // of Sealed, short
}

const (
	homeCards   = 3
	homeEntries = 6
	homeFunds   = 8
)

// Home answers what a resident asks first: how much is there, where did it come from, what did it do.
func (p *Pages) Home(c *fiber.Ctx) error {
	return p.kept(c, "public/home", func(b books) (any, error) {
		y, err := b.pickYear(c.Query("year"), p.Now())
		if err != nil {
			return nil, err
		}
		v := homeView{Year: y, Now: p.Now().Truncate(time.Minute)}
		tellPage(c, "home")
		for _, read := range []func(*homeView) error{b.homeSum, b.homeProjects, b.homeCampaigns, b.homeMonths, b.homeProof} {
			if err := read(&v); err != nil {
				return nil, err
			}
		}
		return v, nil
	})
}

// homeSum reads opening + in − out = closing, the funds and places behind it, and the newest entries.
func (b books) homeSum(v *homeView) (err error) {
	y := v.Year
	if v.Totals, err = report.Summary(b, b.q, b.Community, y.From(), y.To()); err != nil {
		return err
	}
	held := v.Totals.Closing.Held
	v.Bar = picture.Balance{
		Title: b.r.T("home.bar", "share", i18n.Percent(held.PerMille(v.Totals.Closing.Total()))),
		Held:  held, Free: v.Totals.Closing.Free,
	}.Picture().SVG()
	if v.Holdings, err = b.holdings(y); err != nil {
		return err
	}
	funds, err := report.FundReport(b, b.q, b.Community, y.From(), y.To())
	if err != nil {
		return err
	}
	v.FundCount = len(funds.Lines)
	slices.SortStableFunc(funds.Lines, func(a, b report.FundLine) int { return b.Closing.Cmp(a.Closing) })
	v.Funds = slices.DeleteFunc(funds.Lines, func(l report.FundLine) bool { return l.Closing.IsZero() })
	v.Funds = v.Funds[:min(len(v.Funds), homeFunds)]
	filter := ledger.JournalFilter{}
	if !y.Current {
		filter.Year = y.Year
	}
	latest, err := ledger.Journal(b, b.q, b.ID, filter, homeEntries)
	v.Latest = rowsOf(latest)
	return err
}

// homeMonths draws the year's months.
func (b books) homeMonths(v *homeView) error {
	series, err := report.MonthSeries(b, b.q, b.Community, v.Year.From(), v.Year.To())
	if err != nil {
		return err
	}
	chart := picture.Months{Title: b.r.T("home.months_of", "year", v.Year.Year), Lang: string(b.r.Lang)}
	for _, m := range series {
		chart.Months = append(chart.Months, picture.Month{
			Name:  b.r.Lang.ShortMonth(m.Month.Month()),
			Title: fmt.Sprintf("%s +%s −%s", b.r.Lang.ShortMonth(m.Month.Month()), m.Income.Format(), m.Expense.Format()),
			In:    m.Income, Out: m.Expense,
		})
	}
	moved := slices.ContainsFunc(series, func(m ledger.MonthTotal) bool { return !m.Income.IsZero() || !m.Expense.IsZero() })
	v.Months = monthsView{Rows: series, Moved: moved, Wide: chart.Picture().SVG()}
	chart.Narrow = true
	v.Months.Narrow = chart.Picture().SVG()
	return nil
}

type monthsView struct {
	Rows         []ledger.MonthTotal
	Moved        bool // something came in or went out
	Wide, Narrow template.HTML
}

// homeProof reads what the books are checked with.
func (b books) homeProof(v *homeView) error {
	stand, err := ledger.Stand(b, b.q, b.ID)
	if err != nil {
		return err
	}
	v.Entries = stand.LastSeq
	sealed, err := transparency.Latest(b, b.q, b.ID)
	if errors.Is(err, transparency.ErrNoneSealed) {
		return nil
	}
	v.Sealed, v.Root = &sealed, fmt.Sprintf("%x … %x", sealed.Root[:4], sealed.Root[30:])
	return err
}

// homeCampaigns reads the campaigns that take gifts today, those that end soonest first.
func (b books) homeCampaigns(v *homeView) error {
	list, err := campaigns.ListCampaigns(b, b.q, b.ID, campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published}})
	if err != nil {
		return err
	}
	funds, err := ledger.ListFunds(b, b.q, b.ID)
	shelf := shelf{lang: b.r.Lang, today: b.Day(v.Now), funds: funds}
	for _, c := range list {
		if !c.Open(shelf.today) {
			continue
		}
		if v.Open++; v.Open <= homeCards {
			v.Cards = append(v.Cards, shelf.card(c))
		}
	}
	return err
}

// holdingsView says where the money is: places − apart + other = net assets.
type holdingsView struct {
	Rows []holding
	Sum  money.Amount
}

type holding struct {
	Name   string
	Link   string
	Amount money.Amount
}

func (b books) holdings(y year) (v holdingsView, err error) {
	places, err := report.Holdings(b, b.q, b.Community, y.To())
	if err != nil {
		return v, err
	}
	accounts, err := ledger.ListAccounts(b, b.q, b.ID)
	if err != nil {
		return v, err
	}
	link := func(codes string) string { return b.below("/ledger", "account", codes, "month", fmt.Sprint(y.Year)) }
	for _, place := range places.Money {
		v.Rows = append(v.Rows, holding{place.Name(string(b.r.Lang)), link(place.Code), place.Amount})
	}
	if !places.Other.IsZero() {
		v.Rows = append(v.Rows, holding{b.r.T("home.rest"), link(issue.Codes(accounts, places.OtherAccounts)), places.Other})
	}
	if !places.Apart.IsZero() {
		v.Rows = append(v.Rows, holding{b.r.T("home.less_apart"), link(issue.Codes(accounts, places.ApartAccounts)), places.Apart.Neg()})
	}
	v.Sum = places.NetAssets.Total()
	return v, nil
}
