package export

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

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
