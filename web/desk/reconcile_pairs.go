package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/reconcile"
	"fund/web/auth"
	"fund/web/page"
)

// A page of a sheet shows so many pairs, so many of the books' own items, and of one pair so many items before they fold.
const (
	pairsMax = 40
	looseMax = 40
	foldMax  = 5
	foldRows = 200
)

// sheetView is the page on which lines and entries are agreed.
type sheetView struct {
	worksheet
	File       *reconcile.Imported // the last statement
	Days       []page.Option
	Pairs      []pairView
	Page, Last int
	Transit    []looseView
	LoosePage  int
	LooseLast  int
	Unnoted    int // of what no suggestion takes
	Booking    int // lines that an entry has to be made for
	May        bool
	Previous   *matchRow // the last match of whoever reads, to be taken back with one key
	Other      string    // who else has been here a moment ago
	OtherAt    time.Time
	Said       string // why what was pressed was not done
	Form       *page.Form
}

// pairView is one suggestion as a row.
type pairView struct {
	ID, Print string
	Lines     []reconcile.Line
	Items     []itemView
	Folded    []itemView // all of them, where they are too many to stand side by side
	Sum       itemView   // of those
	Why       reasons
	Make      *makeView
	Gift      string // the campaign of an awaited gift
	Promised  time.Time
	Button    string
	Next      string // the row after it
	Sure, Now bool
}

// itemView is an entry in the books' column.
type itemView struct {
	reconcile.Item
	Voucher string
	Held    bool
}

// makeView is an entry that is to be made.
type makeView struct {
	Memo, Account, Fund string
	Amount              money.Amount
}

// looseView is an entry that the bank has not seen.
type looseView struct {
	itemView
	Note string
}

// ReconcileAccount is the page on which lines and entries are agreed.
func (p *Pages) ReconcileAccount(c *fiber.Ctx) error {
	v, err := p.sheetView(c)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/reconcile_account", v)
}

func (p *Pages) sheetView(c *fiber.Ctx) (v sheetView, err error) {
	r, err := p.reconciledHere(c)
	if err != nil {
		return v, err
	}
	ctx := c.UserContext()
	if v.worksheet, err = p.worksheet(ctx, r); err != nil {
		return v, err
	}
	v.May, v.Form = can(c, auth.Reconcile) && v.Completed() == nil, page.BlankForm(c)
	v.Booking, _ = v.ToBook()
	for _, i := range v.Loose {
		if i.Seen.IsZero() && v.Sheet.Notes[i.Spot()] == "" {
			v.Unnoted++
		}
	}
	files, err := reconcile.ListImported(ctx, p.DB, r.Community.ID, r.Account.ID)
	if err != nil {
		return v, err
	}
	if len(files) > 0 {
		v.File = &files[0]
	}
	v.Days = dayOptions(c, r)
	if err = p.showPairs(c, &v); err != nil {
		return v, err
	}
	return v, p.company(c, &v)
}

// dayOptions are the ends of the months that have lines, and the day that is looked at.
func dayOptions(c *fiber.Ctx, r reconciled) (options []page.Option) {
	lang, there := page.Of(c).Lang, false
	for _, m := range r.Months {
		there = there || m.End().Equal(r.Through)
		options = append(options, page.Option{Value: m.End().Format(time.DateOnly), Label: lang.Month(m.First)})
	}
	if !there {
		options = append(options, page.Option{Value: r.Day(), Label: lang.Date(r.Through)})
	}
	return options
}

// showPairs puts a page of suggestions and of loose items into words.
func (p *Pages) showPairs(c *fiber.Ctx, v *sheetView) error {
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	from, to := pageOf(c.Query("page"), len(v.Found), pairsMax, &v.Page, &v.Last)
	found := v.Found[from:to]
	looseFrom, looseTo := pageOf(c.Query("loose"), len(v.Loose), looseMax, &v.LoosePage, &v.LooseLast)
	var shown []reconcile.Item
	for _, f := range found {
		for n, i := range f.Items {
			if n < foldRows {
				shown = append(shown, v.Candidates[i])
			}
		}
	}
	shown = append(shown, v.Loose[looseFrom:looseTo]...)
	vouchers, err := p.vouchers(c.UserContext(), v.Community.ID, shown)
	if err != nil {
		return err
	}
	titles, err := p.giftTitles(c, found)
	if err != nil {
		return err
	}
	for n, f := range found {
		row := v.pair(c, f, b, vouchers)
		row.Now = n == 0
		if f.Gift != nil {
			row.Gift, row.Promised = titles[f.Gift.CampaignID], f.Gift.CreatedAt
		}
		if n > 0 {
			v.Pairs[n-1].Next = row.ID
		}
		v.Pairs = append(v.Pairs, row)
	}
	for _, i := range v.Loose[looseFrom:looseTo] {
		v.Transit = append(v.Transit, looseView{itemOf(i, b, vouchers), v.Sheet.Notes[i.Spot()]})
	}
	return nil
}

// pageOf reads which page of a list is asked for, from 1.
func pageOf(asked string, n, size int, at, last *int) (from, to int) {
	*last = max((n+size-1)/size, 1)
	*at = min(max(page.ParseNumber(asked), 1), *last)
	return min((*at-1)*size, n), min(*at*size, n)
}

// giftTitles names the campaigns of the awaited gifts among some pairs.
func (p *Pages) giftTitles(c *fiber.Ctx, found []pairing) (titles map[int]string, err error) {
	titles = map[int]string{}
	if !slices.ContainsFunc(found, func(f pairing) bool { return f.Gift != nil }) {
		return titles, nil
	}
	all, err := campaigns.ListCampaigns(c.UserContext(), p.DB, page.Of(c).Community.ID, campaigns.CampaignFilter{})
	for _, one := range all {
		titles[one.ID] = one.Title(string(page.Of(c).Lang))
	}
	return titles, err
}

// vouchers are the numbers of the entries behind items.
func (p *Pages) vouchers(ctx context.Context, community int, items []reconcile.Item) (of map[int64]string, err error) {
	seqs := make([]int64, len(items))
	for i, item := range items {
		seqs[i] = item.Seq
	}
	return reconcile.Vouchers(ctx, p.DB, community, seqs)
}

func itemOf(i reconcile.Item, b books, vouchers map[int64]string) itemView {
	return itemView{Item: i, Voucher: vouchers[i.Seq], Held: b.fundAt(i.Fund).Restricted}
}

// fundAt is the fund with an id.
func (b books) fundAt(id int) ledger.Fund { return fundOf(b.Funds, id) }

// pair puts a suggestion into words.
func (v *sheetView) pair(c *fiber.Ctx, f pairing, b books, vouchers map[int64]string) (row pairView) {
	row = pairView{Print: v.print(f), Why: v.reasonsOf(c, f), Button: "accept", Sure: f.Suggestion.Sure}
	for _, i := range f.Lines {
		row.Lines = append(row.Lines, v.Sheet.Lines[i])
	}
	row.ID = strconv.FormatInt(row.Lines[0].ID, 10)
	entries := 0
	for n, i := range f.Items {
		item := v.Candidates[i]
		row.Sum.Amount = row.Sum.Amount.Add(item.Amount)
		if last := len(row.Items) - 1; n > 0 && item.Seq == v.Candidates[f.Items[n-1]].Seq { // an entry of several funds
			if last >= 0 && row.Items[last].Seq == item.Seq {
				row.Items[last].Amount = row.Items[last].Amount.Add(item.Amount)
			}
			continue
		}
		if entries++; entries <= foldRows {
			row.Items = append(row.Items, itemOf(item, b, vouchers))
		}
	}
	if entries > foldMax {
		row.Sum.Item = reconcile.Item{Day: row.Items[len(row.Items)-1].Day, Amount: row.Sum.Amount, Clearing: row.Items[0].Clearing, Posting: entries}
		row.Folded, row.Items = row.Items, nil
	}
	switch {
	case f.Gift != nil:
		row.Button = "gift"
	case f.Deposit != nil:
		way, _ := b.Chart.By("cash_in_transit")
		row.Button = "deposit"
		row.Make = &makeView{
			Memo: page.Of(c).T("reconcile.deposit", "slip", f.Deposit.Slip), Account: way.Code + " " + way.Name(string(page.Of(c).Lang)), Amount: f.Deposit.Amount,
		}
	case f.Entry != nil:
		row.Make, row.Button = v.make(c, f, b), "book"
		if f.Entry.Kind == reconcile.Unknown {
			row.Button = "suspense"
		}
		if f.Entry.Kind == reconcile.Payout {
			row.Button = "accept"
		}
	}
	return row
}

// make is the entry that a suggestion calls for; of a payout, the fee. Nil for a payout without one.
func (v *sheetView) make(c *fiber.Ctx, f pairing, b books) *makeView {
	lang := string(page.Of(c).Lang)
	m := &makeView{Amount: f.Entry.Amount, Memo: memoOf(f, "", f.Entry.Amount.Sign() > 0)}
	account, _ := b.Chart.By(reconcile.OtherSide(f.Entry.Kind))
	fund := b.fundAt(ledger.GeneralFundID)
	if r := f.Entry.Rule; r != nil {
		account, _ = b.Chart.ID(r.Account)
		fund = b.fundAt(r.Fund)
	}
	if f.Entry.Kind == reconcile.Payout {
		if f.Entry.Fee.IsZero() {
			return nil
		}
		m.Amount, m.Memo = f.Entry.Fee.Neg(), page.Of(c).T("reconcile.payout_fee")
	}
	m.Account, m.Fund = strings.TrimSpace(account.Code+" "+account.Name(lang)), fund.Name(lang)
	return m
}

// Name is what a line goes by that names nobody.
func (pairView) Name(l reconcile.Line) string { return cmp.Or(l.Memo, l.Reference, l.Number, "—") }

// PageBefore, PageAfter, LooseBefore and LooseAfter are the pages beside the one that is shown.
func (v sheetView) PageBefore() int  { return v.Page - 1 }
func (v sheetView) PageAfter() int   { return v.Page + 1 }
func (v sheetView) LooseBefore() int { return v.LoosePage - 1 }
func (v sheetView) LooseAfter() int  { return v.LoosePage + 1 }
