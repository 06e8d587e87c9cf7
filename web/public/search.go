package public

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/search"
	"fund/web/i18n"
	"fund/web/page"
)

const (
	searchWords   = 60 // characters
	searchEntries = 30
)

// searchFields are what the page's address may say, beside the place where its list goes on.
var searchFields = []string{"q", "least", "most", "from", "to", "fund", "kind", "account"}

// wideDay is a day or a month with spaces in it, as this site writes them: 2017 年 5 月 1 日.
var wideDay = regexp.MustCompile(`\d{4}\s*年\s*\d{1,2}\s*月(\s*\d{1,2}\s*[日号])?`)

// searched are the words of a text; a day is one of them, however it is spaced.
func searched(text string) []string {
	return strings.Fields(wideDay.ReplaceAllStringFunc(text, func(day string) string { return strings.Join(strings.Fields(day), "") }))
}

// searchView is what was looked for in the books, and what was found.
type searchView struct {
	Form         *page.Form
	Funds, Kinds []page.Option
	Asked        bool
	Before       int64
	Found        search.Found
	Rows         []foundRow
}

// foundRow is an entry with the words that were found in it.
type foundRow struct {
	bookRow
	Memo, Detail []search.Part
	Lines        []foundLine // where a word stands in the account's name, or the amount is one looked for
	Fund         []search.Part
}

type foundLine struct {
	ledger.Line
	Name []search.Part // of the account
}

// Search looks for entries in the whole book, by words, amounts, days, funds and which way the money went.
func (p *Pages) Search(c *fiber.Ctx) error {
	q := strings.TrimSpace(c.Query("q"))
	if _, _, voucher := ledger.ParseSerial(q); voucher {
		return c.Redirect(page.Of(c).URL("/ledger/"+q), fiber.StatusSeeOther)
	}
	form := searchForm(c)
	return p.kept(c, "public/search", func(b books) (any, error) {
		v := searchView{Form: form, Before: page.Before(c)}
		ask, err := b.searchAsk(&v)
		if err != nil || form.AnyWrong() || ask.IsEmpty() {
			return v, err
		}
		v.Asked = true
		if v.Found, err = search.Find(b, b.q, b.ID, ask, searchEntries); err == nil {
			v.Rows, err = b.found(v.Found.Seqs, ask)
		}
		return v, err
	})
}

// searchForm is the form as the address fills it in.
func searchForm(c *fiber.Ctx) *page.Form {
	f := page.BlankForm(c)
	for _, name := range searchFields {
		f.Label(name, "search.field."+name)
		if value := c.Query(name); value != "" {
			f.Set(name, page.Clean(value))
		}
	}
	return f
}

// Query is the address's query; before is where the list goes on, 0 for its beginning.
func (v searchView) Query(before int64) string {
	pairs := make([]string, 0, 2*len(searchFields)+2)
	for _, name := range searchFields {
		pairs = append(pairs, name, v.Form.Typed(name))
	}
	if before > 0 {
		pairs = append(pairs, "before", strconv.FormatInt(before, 10))
	}
	return query(pairs...)
}

// searchAsk reads the form, and fills in what there is to choose from.
func (b books) searchAsk(v *searchView) (a search.Ask, err error) {
	f := v.Form
	a = search.Ask{
		Words: searched(f.Text("q", searchWords, page.Optional)), Before: v.Before,
		From: f.Date("from", page.Optional), To: f.Date("to", page.Optional),
		Direction: f.Choice("kind", []string{"in", "out"}, page.Optional),
	}
	for _, of := range []string{"least", "most"} {
		if amount, ok := search.ReadAmount(f.Typed(of)); ok {
			f.Set(of, amount.Format())
			if of == "least" {
				a.Least = amount
			} else {
				a.Most = amount
			}
		} else if f.Typed(of) != "" {
			f.Wrong(of, "form.wrong.amount")
		}
	}
	if a.Most.Sign() > 0 && a.Most.Cmp(a.Least) < 0 {
		f.Wrong("most", "search.wrong.most")
	}
	if !a.To.IsZero() && a.To.Before(a.From) {
		f.Wrong("to", "search.wrong.to")
	}
	funds, err := ledger.ListFunds(b, b.q, b.ID)
	if err != nil {
		return a, err
	}
	v.Kinds = []page.Option{{Label: b.r.T("book.both")}, {Value: "in", Label: b.r.T("book.in")}, {Value: "out", Label: b.r.T("book.out")}}
	v.Funds = []page.Option{{Label: b.r.T("book.all_funds")}}
	for _, fund := range funds {
		v.Funds = append(v.Funds, page.Option{Value: fund.Code, Label: fund.Name(string(b.r.Lang))})
	}
	n, err := b.narrow(ask{Fund: f.Typed("fund"), Account: f.Typed("account")})
	a.Fund, a.Accounts = n.JournalFilter.Fund, n.JournalFilter.Accounts
	if len(a.Words) > 0 && err == nil {
		a.Named, err = b.named()
	}
	return a, err
}

// named are the funds of the projects and campaigns whose title has a word.
func (b books) named() (func(word string) []int, error) {
	projects, err := project.ListProjects(b, b.q, b.ID, project.Filter{})
	if err != nil {
		return nil, err
	}
	raised, err := campaigns.ListCampaigns(b, b.q, b.ID, campaigns.CampaignFilter{})
	return func(word string) (funds []int) {
		take := func(fund int, titles ...string) {
			if fund != ledger.GeneralFundID && slices.ContainsFunc(titles, func(t string) bool { return strings.Contains(search.Fold(t), word) }) {
				funds = append(funds, fund)
			}
		}
		for _, p := range projects {
			take(p.FundID, p.TitleZH, p.TitleEN)
		}
		for _, c := range raised {
			if c.State == campaigns.Draft {
				continue
			}
			take(c.FundID, c.TitleZH, c.TitleEN)
		}
		return funds
	}, err
}

// found reads the entries that were found, and marks in them what was looked for.
func (b books) found(seqs []int64, ask search.Ask) (rows []foundRow, err error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	entries, err := ledger.Journal(b, b.q, b.ID, ledger.JournalFilter{Seqs: seqs}, len(seqs))
	if err != nil {
		return nil, err
	}
	lines, err := ledger.LinesOf(b, b.q, b.ID, seqs...)
	mark := func(text string) []search.Part { return search.Mark(text, ask.Words) }
	for _, of := range rowsOf(entries) {
		row := foundRow{bookRow: of, Memo: mark(of.Memo), Detail: mark(of.Detail), Fund: b.markName(of.FundName, ask.Words)}
		for _, l := range lines[of.Seq] {
			line := foundLine{l, b.markName(l.AccountName, ask.Words)}
			if ask.Sought(l.Amount) && !ask.Sought(of.Net) || anyHit(line.Name) {
				row.Lines = append(row.Lines, line)
			}
		}
		rows = append(rows, row)
	}
	return rows, err
}

// markName marks a name in the reader's language, or in the other one if only that has the words.
func (b books) markName(name func(lang string) string, words []string) []search.Part {
	own := search.Mark(name(string(b.r.Lang)), words)
	for _, lang := range []i18n.Lang{i18n.Chinese, i18n.English} {
		if other := search.Mark(name(string(lang)), words); !anyHit(own) && anyHit(other) {
			return other
		}
	}
	return own
}

func anyHit(parts []search.Part) bool {
	return slices.ContainsFunc(parts, func(p search.Part) bool { return p.Hit })
}
