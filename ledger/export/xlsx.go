package export

import (
	"context"
	"io"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// XLSX writes the whole book as a workbook in a language: the general ledger, a posting a row, then a sheet of accounts and one
// of funds with what stands in each. A sheet holds a million rows; what is more goes on in the next.
func XLSX(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community, lang string) error {
	b := &workbook{sheets: newSheets(w), lang: tableLang(lang)}
	err := ledger.Walk(ctx, q, c.ID, func(e ledger.JournalEntry, lines []ledger.Line) error {
		for _, l := range lines {
			if err := b.posting(e, l); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = b.standing(ctx, q, c)
	}
	if err != nil {
		_ = b.end()
		return err
	}
	return b.close()
}

// sheetRows is how many postings a sheet holds, below Excel's limit.
const sheetRows = 1_000_000

type workbook struct {
	*sheets
	lang    string
	ledgers int // sheets of postings so far

	// Of the entry being written.
	seq              int64
	voucher, day, at string
}

func (b *workbook) word(zh, en string) string {
	if b.lang == "en" {
		return en
	}
	return zh
}

func (b *workbook) posting(e ledger.JournalEntry, l ledger.Line) error {
	if b.part == nil || b.row > sheetRows {
		b.ledgers++
		name := b.word("总账", "General ledger")
		if b.ledgers > 1 {
			name += " " + strconv.Itoa(b.ledgers)
		}
		if err := b.open(name, postingHeadings[b.lang], 12, 12, 12, 22, 16, 14, 14, 36, 24, 12, 36, 12, 14, 26, 10, 6); err != nil {
			return err
		}
	}
	if e.Seq != b.seq {
		b.seq, b.voucher, b.day, b.at = e.Seq, e.Voucher(), e.Date.Format(time.DateOnly), e.PostedAt.UTC().Format(time.RFC3339Nano)
	}
	b.begin()
	b.text(b.voucher)
	b.text(b.day)
	b.text(l.AccountCode)
	b.text(Inert(l.AccountName(b.lang)))
	b.text(l.FundCode)
	if l.Amount.Sign() < 0 {
		b.skip()
		b.amount(l.Amount.Neg())
	} else {
		b.amount(l.Amount)
		b.skip()
	}
	b.text(Inert(e.Memo))
	b.text(Inert(e.Detail))
	b.text(e.Kind)
	b.text(e.Source)
	b.text(blank(e.Reverses))
	b.text(e.PostedBy)
	b.text(b.at)
	b.number(e.Seq)
	b.number(int64(l.Line))
	return b.write()
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
	headings := []string{b.word("科目代码", "Account code"), b.word("科目名称", "Account name"), b.word("类型", "Type"), b.word("借方", "Debit"), b.word("贷方", "Credit"), b.word("余额", "Balance")}
	if err := b.open(b.word("科目", "Accounts"), headings, 12, 26, 14, 16, 16, 16); err != nil {
		return err
	}
	for _, a := range accounts {
		x := of[a.ID]
		if err := b.add(a.Code, Inert(a.Name(b.lang)), string(a.Type), x.Debit, x.Credit, x.Debit.Sub(x.Credit)); err != nil {
			return err
		}
	}
	funds, err := ledger.ListFunds(ctx, q, c.ID)
	if err != nil {
		return err
	}
	if err := b.open(b.word("资金用途", "Funds"), []string{b.word("代码", "Code"), b.word("名称", "Name"), b.word("性质", "Restriction"), b.word("余额", "Holds")}, 20, 30, 14, 16); err != nil {
		return err
	}
	for _, f := range funds {
		kind := restriction[b.lang][0]
		if f.Restricted {
			kind = restriction[b.lang][1]
		}
		if err := b.add(f.Code, Inert(f.Name(b.lang)), kind, f.NetAssets); err != nil {
			return err
		}
	}
	return nil
}
