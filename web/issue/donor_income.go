package issue

import (
	"cmp"
	"context"
	"strconv"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/report"
	"fund/web/i18n"
)

// DonorIncomeKey is the list's name in addresses, beside report's own statements.
const DonorIncomeKey = "donor-income"

// GiftsOnPage is how many gifts a page of the list has; giftsWhole how many one that is not paged.
const (
	GiftsOnPage = 200
	giftsWhole  = 200_000
)

// DonorIncomeStatement is what the list is called.
func DonorIncomeStatement() report.Statement {
	return report.Statement{Key: DonorIncomeKey, Title: both("income.title")}
}

// DonorIncome draws the treasurer's list of what donors gave (捐赠收入明细表) as the value that pages and papers take: by
// donor, by campaign, by way, or gift for gift. It holds names, unless the ask is Hidden: who may see it is the caller's care.
func DonorIncome(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, ask report.Ask) (t report.Table, err error) {
	ask.Name, ask.By = DonorIncomeKey, cmp.Or(ask.By, report.ByDonor)
	t = report.Table{Ask: ask, Statement: DonorIncomeStatement(), Community: c, Of: both("income.by." + ask.By), Notes: []report.Words{both("income.note")}}
	f := campaigns.GiftFilter{From: ask.From, To: ask.To}
	if ask.Fund != "" {
		fund, err := ledger.FindFund(ctx, q, c.ID, ask.Fund)
		if err != nil {
			return t, err
		}
		f.Fund, t.Of = fund.ID, report.Words{ZH: fund.NameZH + " · " + t.Of.ZH, EN: fund.Name("en") + " · " + t.Of.EN}
	}
	stand, err := ledger.Stand(ctx, q, c.ID)
	if err != nil {
		return t, err
	}
	t.PreparedFrom = stand.LastSeq
	if ask.Hidden {
		t.Notes = append(t.Notes, both("income.hidden"))
	}
	switch ask.By {
	case report.ByGift:
		err = giftRows(ctx, q, c, f, &t)
	case report.ByDonor:
		err = groupRows(ctx, q, c, f, &t, campaigns.GiftsByDonor, func(g campaigns.GiftGroup) (string, report.Words) { return "", donorName(g.ListedGift, ask.Hidden) })
	case report.ByCampaign:
		err = groupRows(ctx, q, c, f, &t, campaigns.GiftsByCampaign, func(g campaigns.GiftGroup) (string, report.Words) {
			return strconv.Itoa(g.Campaign), purpose(g.ListedGift)
		})
	case report.ByWay:
		err = groupRows(ctx, q, c, f, &t, campaigns.GiftsByWay, func(g campaigns.GiftGroup) (string, report.Words) { return g.Method, way(g.Method) })
	}
	return t, err
}

// both is a text of the catalogue in both languages.
func both(key string, pairs ...any) report.Words {
	return report.Words{ZH: i18n.Chinese.T(key, pairs...), EN: i18n.English.T(key, pairs...)}
}

func income(key string, kind report.ColumnKind) report.Column {
	return report.Column{Key: key, Kind: kind, Title: both("income." + key)}
}

type grouped func(context.Context, sqlx.QueryerContext, ledger.Community, campaigns.GiftFilter) ([]campaigns.GiftGroup, error)

func groupRows(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, f campaigns.GiftFilter, t *report.Table, read grouped, named func(campaigns.GiftGroup) (string, report.Words)) error {
	groups, err := read(ctx, q, c, f)
	if err != nil {
		return err
	}
	t.Columns = []report.Column{{Key: t.By, Kind: report.LabelColumn, Title: both("income." + t.By)}, income("gifts", report.ShareColumn)}
	if t.By == report.ByDonor {
		t.Columns = append(t.Columns, income("receipts", report.TextColumn))
	}
	t.Columns = append(t.Columns, income("amount", report.AmountColumn), income("refunded", report.AmountColumn), income("kept", report.AmountColumn))
	var sum campaigns.GiftGroup
	row := func(key string, kind report.Kind, label report.Words, g campaigns.GiftGroup, link *report.Ask) {
		cells := []report.Cell{report.Text(label, nil), report.Text(report.Same(strconv.Itoa(g.Gifts)), nil)}
		if t.By == report.ByDonor {
			cells = append(cells, report.Text(receipts(g), nil))
		}
		t.Rows = append(t.Rows, report.TableRow{Key: key, Kind: kind, Cells: append(cells, moneyCells(g.ListedGift, link)...)})
	}
	for i, g := range groups {
		key, label := named(g)
		row(cmp.Or(key, strconv.Itoa(i+1)), report.Item, label, g, nil)
		sum.Gifts, sum.Amount, sum.Refunded = sum.Gifts+g.Gifts, sum.Amount.Add(g.Amount), sum.Refunded.Add(g.Refunded)
	}
	every := t.Ask
	every.By = report.ByGift
	row("total", report.Sum, both("income.total"), sum, &every)
	return nil
}

func giftRows(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, f campaigns.GiftFilter, t *report.Table) error {
	limit := GiftsOnPage
	if t.Whole {
		limit = giftsWhole
	}
	f.After, _ = uuid.Parse(t.After) // what is no id begins at the beginning
	all, err := campaigns.ListGifts(ctx, q, c, f, limit+1)
	if err != nil {
		return err
	}
	t.Columns = []report.Column{
		income("day", report.DateColumn), income("receipt", report.CodeColumn), income("voucher", report.CodeColumn), income("donor", report.TextColumn),
		{Key: "campaign", Kind: report.LabelColumn, Title: both("income.campaign")},
		income("way", report.TextColumn),
		income("amount", report.AmountColumn), income("refunded", report.AmountColumn), income("kept", report.AmountColumn),
	}
	if len(all) > limit {
		all = all[:limit]
		next := t.Ask
		next.After = all[limit-1].ID.String()
		t.Next = &next
	}
	var sum campaigns.ListedGift
	for _, g := range all {
		entry := &report.Ask{Name: report.EntryName, Voucher: g.Voucher}
		cells := []report.Cell{
			report.Day(g.Day), report.Text(report.Same(g.Receipt), nil), report.Text(report.Same(g.Voucher), entry), report.Text(donorName(g, t.Hidden), nil),
			report.Text(purpose(g), nil), report.Text(way(g.Method), nil),
		}
		t.Rows = append(t.Rows, report.TableRow{Key: g.Voucher, Kind: report.Item, Cells: append(cells, moneyCells(g, entry)...)})
		sum.Amount, sum.Refunded = sum.Amount.Add(g.Amount), sum.Refunded.Add(g.Refunded)
	}
	if t.Next == nil && t.After == "" {
		cells := []report.Cell{{}, {}, {}, {}, report.Text(both("income.total"), nil), {}}
		t.Rows = append(t.Rows, report.TableRow{Key: "total", Kind: report.Sum, Cells: append(cells, moneyCells(sum, nil)...)})
	}
	return nil
}

// moneyCells are what was given, what of it went back, and what is left.
func moneyCells(g campaigns.ListedGift, link *report.Ask) []report.Cell {
	return []report.Cell{report.Figure(g.Amount, link), report.FigureOrBlank(g.Refunded, nil), report.Figure(g.Amount.Sub(g.Refunded), nil)}
}

func donorName(g campaigns.ListedGift, hidden bool) report.Words {
	switch {
	case g.Erased:
		return both("income.erased")
	case g.Donor == "":
		return both("income.nobody")
	case hidden:
		return report.Same(cmp.Or(campaigns.Mask(g.Donor), "**"))
	}
	return report.Same(g.Donor)
}

func purpose(g campaigns.ListedGift) report.Words {
	if g.TitleZH == "" {
		return both("income.general")
	}
	return report.Words{ZH: g.TitleZH, EN: g.TitleEN}
}

// way is the way in which a gift came, in words where the catalogue has them.
func way(method string) report.Words {
	if key := "pay." + method; i18n.Has(key) {
		return both(key)
	}
	if method == "in_kind" {
		return both("income.in_kind")
	}
	return report.Same(method)
}

// receipts are the numbers of a donor's first and last receipt.
func receipts(g campaigns.GiftGroup) report.Words {
	if g.Last == g.Receipt {
		return report.Same(g.Receipt)
	}
	return report.Same(g.Receipt + " … " + g.Last)
}
