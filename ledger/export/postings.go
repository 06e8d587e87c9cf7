package export

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/xuri/excelize/v2"

	"fund/ledger"
	"fund/ledger/money"
)

// postingHeadings are the columns of a general ledger, those that journalfile reads among them.
var postingHeadings = map[string][]string{
	"zh-CN": {"凭证号", "日期", "科目代码", "科目名称", "资金用途", "借方", "贷方", "摘要", "说明", "类别", "来源", "冲销序号", "经手", "过账时间", "序号", "行"},
	"en":    {"Entry", "Date", "Account code", "Account name", "Fund", "Debit", "Credit", "Memo", "Detail", "Kind", "Source", "Reverses seq", "Posted by", "Posted at", "Seq", "Line"},
}

// Postings writes the whole book as a table in a language, a posting a row, in the order of posting.
func Postings(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community, lang string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	table := csv.NewWriter(w)
	if err := table.Write(postingHeadings[tableLang(lang)]); err != nil {
		return err
	}
	var row [16]string
	err := ledger.Walk(ctx, q, c.ID, func(e ledger.JournalEntry, lines []ledger.Line) error {
		for _, l := range lines {
			debit, credit := sides(l.Amount)
			row = [16]string{
				e.Voucher(), e.Date.Format(time.DateOnly), l.AccountCode, Inert(l.AccountName(lang)), l.FundCode, debit, credit, Inert(e.Memo), Inert(e.Detail),
				e.Kind, e.Source, blank(e.Reverses), e.PostedBy, e.PostedAt.UTC().Format(time.RFC3339Nano), strconv.FormatInt(e.Seq, 10), strconv.Itoa(l.Line),
			}
			if err := table.Write(row[:]); err != nil {
				return err
			}
		}
		return table.Error()
	})
	if err != nil {
		return err
	}
	table.Flush()
	return table.Error()
}

func tableLang(lang string) string {
	if lang == "en" {
		return "en"
	}
	return "zh-CN"
}

// sides are a posting's debit and credit, one of them empty.
func sides(a money.Amount) (debit, credit string) {
	if a.Sign() < 0 {
		return "", a.Neg().String()
	}
	return a.String(), ""
}

func blank(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// XLSX writes the whole book as a workbook in a language: the general ledger, a posting a row, then a sheet of accounts and one
// of funds with what stands in each. A sheet holds a million rows; what is more goes on in the next.
func XLSX(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community, lang string) error {
	b := &workbook{file: excelize.NewFile(), lang: tableLang(lang)}
	defer b.file.Close()
	style, err := b.file.NewStyle(&excelize.Style{NumFmt: 4}) // 1,234.50
	if err != nil {
		return err
	}
	b.amount = style
	err = ledger.Walk(ctx, q, c.ID, func(e ledger.JournalEntry, lines []ledger.Line) error {
		for _, l := range lines {
			if err := b.posting(e, l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := b.end(); err != nil {
		return err
	}
	if err := b.standing(ctx, q, c); err != nil {
		return err
	}
	if b.sheets > 0 {
		if err := b.file.DeleteSheet("Sheet1"); err != nil {
			return err
		}
	}
	return b.file.Write(w)
}

// sheetRows is how many postings a sheet holds, below Excel's limit.
const sheetRows = 1_000_000

type workbook struct {
	file   *excelize.File
	lang   string
	amount int // style
	stream *excelize.StreamWriter
	sheets int
	row    int
}

func (b *workbook) text(zh, en string) string {
	if b.lang == "en" {
		return en
	}
	return zh
}

// open begins a sheet with headings.
func (b *workbook) open(name string, headings []string, widths ...float64) (err error) {
	if _, err = b.file.NewSheet(name); err != nil {
		return err
	}
	if b.stream, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	for i, width := range widths {
		if err := b.stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := b.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(headings))
	for i, h := range headings {
		cells[i] = h
	}
	b.row = 0
	return b.add(cells...)
}

func (b *workbook) add(cells ...any) error {
	b.row++
	at, err := excelize.CoordinatesToCellName(1, b.row)
	if err != nil {
		return err
	}
	return b.stream.SetRow(at, cells)
}

func (b *workbook) end() error {
	if b.stream == nil {
		return nil
	}
	defer func() { b.stream = nil }()
	return b.stream.Flush()
}

// figure is an amount as a number that a spreadsheet adds up. A cell holds 15 digits, which the books' amounts do not pass.
func (b *workbook) figure(a money.Amount) excelize.Cell {
	value, _ := a.Decimal().Float64()
	return excelize.Cell{StyleID: b.amount, Value: value}
}

func (b *workbook) posting(e ledger.JournalEntry, l ledger.Line) error {
	if b.stream == nil || b.row > sheetRows {
		if err := b.end(); err != nil {
			return err
		}
		b.sheets++
		name := b.text("总账", "General ledger")
		if b.sheets > 1 {
			name += " " + strconv.Itoa(b.sheets)
		}
		if err := b.open(name, postingHeadings[b.lang], 12, 12, 12, 22, 16, 14, 14, 36, 24, 12, 36, 12, 14, 26, 10, 6); err != nil {
			return err
		}
	}
	var debit, credit any
	if l.Amount.Sign() < 0 {
		credit = b.figure(l.Amount.Neg())
	} else {
		debit = b.figure(l.Amount)
	}
	return b.add(e.Voucher(), e.Date.Format(time.DateOnly), l.AccountCode, Inert(l.AccountName(b.lang)), l.FundCode, debit, credit, Inert(e.Memo), Inert(e.Detail),
		e.Kind, e.Source, blank(e.Reverses), e.PostedBy, e.PostedAt.UTC().Format(time.RFC3339Nano), e.Seq, l.Line)
}

// standing adds the accounts and funds with what stands in them.
func (b *workbook) standing(ctx context.Context, q sqlx.QueryerContext, c ledger.Community) error {
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	if err != nil {
		return err
	}
	balances, err := ledger.Balances(ctx, q, c.ID, ledger.Day(1900, 1, 1), ledger.Day(9999, 12, 31))
	if err != nil {
		return err
	}
	of := map[int]ledger.Balance{}
	for _, x := range balances {
		sum := of[x.AccountID]
		sum.Debit, sum.Credit = sum.Debit.Add(x.Debit), sum.Credit.Add(x.Credit)
		of[x.AccountID] = sum
	}
	headings := []string{b.text("科目代码", "Account code"), b.text("科目名称", "Account name"), b.text("类型", "Type"), b.text("借方", "Debit"), b.text("贷方", "Credit"), b.text("余额", "Balance")}
	if err := b.open(b.text("科目", "Accounts"), headings, 12, 26, 14, 16, 16, 16); err != nil {
		return err
	}
	for _, a := range accounts {
		x := of[a.ID]
		if err := b.add(a.Code, Inert(a.Name(b.lang)), string(a.Type), b.figure(x.Debit), b.figure(x.Credit), b.figure(x.Debit.Sub(x.Credit))); err != nil {
			return err
		}
	}
	if err := b.end(); err != nil {
		return err
	}
	funds, err := ledger.ListFunds(ctx, q, c.ID)
	if err != nil {
		return err
	}
	if err := b.open(b.text("资金用途", "Funds"), []string{b.text("代码", "Code"), b.text("名称", "Name"), b.text("性质", "Restriction"), b.text("余额", "Holds")}, 20, 30, 14, 16); err != nil {
		return err
	}
	for _, f := range funds {
		kind := restriction[b.lang][0]
		if f.Restricted {
			kind = restriction[b.lang][1]
		}
		if err := b.add(f.Code, Inert(f.Name(b.lang)), kind, b.figure(f.NetAssets)); err != nil {
			return err
		}
	}
	return b.end()
}
