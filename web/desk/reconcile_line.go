package desk

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/reconcile"
	"fund/web/page"
)

// What somebody finds by hand is shown up to so many, the nearest first.
const (
	nearItems = 16
	nearLines = 20
)

// lineView is one line of the bank with all that could belong to it.
type lineView struct {
	worksheet
	*page.Form
	Line     reconcile.Line
	Items    []tickItem
	Others   []tickLine // further lines that one entry may be
	Hidden   int        // items that are not shown
	Words    string     // what is looked for
	Chart    []page.Option
	FundList []page.Option
	Sum      money.Amount // of the lines that are ticked, with this one
	Ticked   money.Amount // of the items that are ticked
	Learnt   string       // the words that a rule would go by
}

// Rest is what is not explained by ticks yet.
func (v lineView) Rest() money.Amount { return v.Sum.Sub(v.Ticked) }

type tickItem struct {
	itemView
	Value   string
	Checked bool
}

type tickLine struct {
	reconcile.Line
	Value   string
	Checked bool
}

// ReconcileLine lets somebody find by hand what a line is, or write the entry that it calls for.
func (p *Pages) ReconcileLine(c *fiber.Ctx) error {
	v, err := p.lineHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/reconcile_line", v)
}

func (p *Pages) lineHere(c *fiber.Ctx, f *page.Form) (v lineView, err error) {
	v.Form = labelled(f, "line.field", "account", "fund", "memo", "learn")
	r, err := p.reconciledHere(c)
	if err != nil {
		return v, err
	}
	id, err := lineID(c.Params("line"))
	if err != nil {
		return v, err
	}
	if v.worksheet, err = p.worksheet(c.UserContext(), r); err != nil {
		return v, err
	}
	at := slices.IndexFunc(v.Sheet.Lines, func(l reconcile.Line) bool { return l.ID == id })
	if at < 0 {
		return v, reconcile.ErrTaken
	}
	v.Line, v.Words = v.Sheet.Lines[at], line(c.Query("q"))
	v.Learnt = reconcile.WordsOf(v.Line)
	b, err := p.readBooks(c)
	if err != nil {
		return v, err
	}
	v.Chart, v.FundList = accountOptions(page.Of(c), b), b.fundOptions(page.Of(c), false)
	if c.Method() == fiber.MethodGet {
		v.begin(at, b)
	}
	return v, p.near(c, &v, b)
}

// accountOptions are the accounts to choose from while typing.
func accountOptions(r *page.Reader, b books) (options []page.Option) {
	for _, a := range b.Chart {
		if a.ClosedAt == nil {
			options = append(options, page.Option{Value: a.Code + " " + a.Name(string(r.Lang))})
		}
	}
	return options
}

// begin fills the form in as the suggestion for the line has it.
func (v *lineView) begin(at int, b books) {
	v.Set("fund", b.fundAt(ledger.GeneralFundID).Code)
	for _, f := range v.Found {
		if !slices.Contains(f.Lines, at) {
			continue
		}
		var items, lines []string
		for _, i := range f.Items {
			items = append(items, spotValue(v.Candidates[i].Spot()))
		}
		for _, i := range f.Lines {
			lines = append(lines, strconv.FormatInt(v.Sheet.Lines[i].ID, 10))
		}
		v.Set("item", items...).Set("line", lines...)
		if f.Entry != nil && f.Entry.Kind != reconcile.Unknown && f.Entry.Kind != reconcile.Payout {
			account, _ := b.Chart.By(reconcile.OtherSide(f.Entry.Kind))
			if r := f.Entry.Rule; r != nil {
				account, _ = b.Chart.ID(r.Account)
				v.Set("fund", b.fundAt(r.Fund).Code)
			}
			v.Set("account", account.Code).Set("memo", memoOf(f, "", f.Entry.Amount.Sign() > 0))
		}
	}
}

// near lists what may belong to the line: what is ticked, then what has the words, the nearest amount and day first.
func (p *Pages) near(c *fiber.Ctx, v *lineView, b books) error {
	ticked := func(name, value string) bool { return slices.Contains(v.All(name), value) }
	items := reconcile.ByEntry(v.Candidates)
	far := func(i reconcile.Item) int64 {
		return abs(i.Amount.Sub(v.Line.Amount).Fen())/100 + 20*abs(int64(i.Day.Sub(v.Line.Day).Hours()/24))
	}
	slices.SortStableFunc(items, func(x, y reconcile.Item) int {
		if a, b := ticked("item", spotValue(x.Spot())), ticked("item", spotValue(y.Spot())); a != b {
			return map[bool]int{true: -1, false: 1}[a]
		}
		return cmp.Compare(far(x), far(y))
	})
	items = slices.DeleteFunc(items, func(i reconcile.Item) bool {
		return v.Words != "" && !ticked("item", spotValue(i.Spot())) && !strings.Contains(i.Memo+" "+i.Detail+" "+i.Amount.String()+" "+strings.Join(i.References, " "), v.Words)
	})
	v.Hidden = max(len(items)-nearItems, 0)
	items = items[:len(items)-v.Hidden]
	vouchers, err := p.vouchers(c.UserContext(), v.Community.ID, items)
	for _, i := range items {
		t := tickItem{itemOf(i, b, vouchers), spotValue(i.Spot()), ticked("item", spotValue(i.Spot()))}
		v.Items = append(v.Items, t)
	}
	for _, i := range reconcile.ByEntry(v.Candidates) {
		if ticked("item", spotValue(i.Spot())) {
			v.Ticked = v.Ticked.Add(i.Amount)
		}
	}
	v.nearLines(ticked)
	return err
}

func (v *lineView) nearLines(ticked func(name, value string) bool) {
	v.Sum = v.Line.Amount
	others := slices.DeleteFunc(slices.Clone(v.Sheet.Lines), func(l reconcile.Line) bool { return l.ID == v.Line.ID })
	slices.SortStableFunc(others, func(x, y reconcile.Line) int {
		return cmp.Compare(abs(int64(x.Day.Sub(v.Line.Day))), abs(int64(y.Day.Sub(v.Line.Day))))
	})
	for n, l := range others {
		value := strconv.FormatInt(l.ID, 10)
		is := ticked("line", value)
		if is {
			v.Sum = v.Sum.Add(l.Amount)
		}
		if is || n < nearLines {
			v.Others = append(v.Others, tickLine{l, value, is})
		}
	}
}

func abs(n int64) int64 { return max(n, -n) }

// spotValue is how a form names a posting: 4711.2.
func spotValue(s reconcile.Spot) string { return fmt.Sprintf("%d.%d", s.Seq, s.Posting) }

func readSpot(s string) (spot reconcile.Spot, err error) {
	if _, err = fmt.Sscanf(s, "%d.%d", &spot.Seq, &spot.Posting); err != nil {
		return spot, errors.Join(page.ErrNotFound, err)
	}
	return spot, nil
}

// MatchLine keeps what somebody found, with an entry for what is left.
func (p *Pages) MatchLine(c *fiber.Ctx) error {
	v, err := p.lineHere(c, page.ReadForm(c))
	if errors.Is(err, reconcile.ErrTaken) {
		return p.sheetAgain(c, "reconcile.taken")
	}
	if err != nil {
		return err
	}
	a, err := p.readAcceptance(c, &v)
	if err != nil {
		return err
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/reconcile_line", v)
	}
	err = p.act(c, "reconcile.accept", "account:"+v.Account.Code, map[string]any{"amount": v.Line.Amount.Format()}, func(tx *sqlx.Tx, who string) error {
		_, err := reconcile.Accept(c.UserContext(), tx, v.Community, v.Account.ID, a, who, p.Now())
		return err
	})
	if said := saidOf(err); said != "" {
		return p.sheetAgain(c, said)
	}
	p.moved(c, 0)
	return done(c, err, v.Path(v.Query()), "reconcile.accepted", "text", v.Line.Amount.Yuan())
}

// readAcceptance reads the ticks and the entry for the rest, and marks what has to be mended.
func (p *Pages) readAcceptance(c *fiber.Ctx, v *lineView) (a reconcile.Acceptance, err error) {
	a.Lines, a.Because = []int64{v.Line.ID}, []reconcile.Because{{Code: "hand"}}
	for _, other := range v.Others {
		if other.Checked {
			a.Lines = append(a.Lines, other.ID)
		}
	}
	clearing := 0
	for _, entry := range reconcile.ByEntry(v.Candidates) {
		if !slices.Contains(v.All("item"), spotValue(entry.Spot())) {
			continue
		}
		if entry.Clearing != "" {
			clearing++
		}
		for _, i := range v.Candidates { // all its postings to the account, or the one that waits at the provider
			if i.Spot() == entry.Spot() || entry.Clearing == "" && i.Clearing == "" && i.Seq == entry.Seq {
				a.Postings = append(a.Postings, i.Spot())
			}
		}
	}
	b, err := p.readBooks(c)
	if err != nil {
		return a, err
	}
	entry := v.readRest(b, clearing > 0)
	switch {
	case clearing > 0 && clearing < len(a.Postings):
		v.Wrong("account", "line.wrong.mixed")
	case clearing > 0 && v.Rest().Sign() > 0:
		v.Wrong("account", "line.wrong.short", "rest", v.Rest().Yuan())
	case clearing > 0:
		entry.Kind, entry.Fee = reconcile.Payout, v.Rest().Neg()
		a.Entry = &entry
	case !v.Rest().IsZero():
		a.Entry, a.Learn = &entry, v.Bool("learn") && len(a.Postings) == 0
	}
	return a, nil
}

// readRest reads the entry for what is not ticked.
func (v *lineView) readRest(b books, payout bool) (entry reconcile.NewEntry) {
	if v.Rest().IsZero() {
		return reconcile.NewEntry{Memo: payoutMemo("")}
	}
	entry.Kind = reconcile.ByRule
	typed := v.Typed("account")
	account, known := b.account(typed)
	switch {
	case payout && typed == "": // the fee goes where such fees go
	case typed == "":
		v.Wrong("account", "line.wrong.rest", "rest", v.Rest().Abs().Yuan())
	case !known:
		v.Wrong("account", "line.wrong.account", "typed", typed)
	case account.ID == v.Account.ID:
		v.Wrong("account", "line.wrong.itself")
	}
	fund, known := b.fund(v.Typed("fund"))
	if !known {
		fund = b.fundAt(ledger.GeneralFundID)
	}
	entry.Account, entry.Fund = account.ID, fund.ID
	if payout {
		entry.Memo = payoutMemo("")
		if v.Typed("memo") == "" {
			return entry
		}
	}
	entry.Memo = line(v.Text("memo", reasonMax))
	return entry
}
