package export

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

const (
	// RowsMax is how many entries one table holds at most. The row after the last says where the next table begins.
	RowsMax    = 200_000
	rowsAtOnce = 1000
)

var headings = map[string][]string{
	"zh-CN": {"序号", "记账日期", "凭证号", "摘要", "说明", "资金用途", "性质", "收入", "支出", "公账余额", "冲销序号", "类别", "过账时间"},
	"en":    {"Seq", "Date", "Voucher", "What", "Detail", "Fund", "Restriction", "In", "Out", "Net assets after", "Reverses seq", "Kind", "Posted at"},
}

var restriction = map[string][2]string{"zh-CN": {"通用", "专款"}, "en": {"unrestricted", "restricted"}}

// CSV writes the entries that a filter lets through, the newest first, as a table in a language ("en", else Chinese). It
// begins with the mark by which Excel knows UTF-8.
func CSV(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community, f ledger.JournalFilter, lang string) error {
	lang = tableLang(lang)
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	table := csv.NewWriter(w)
	if err := table.Write(headings[lang]); err != nil {
		return err
	}
	last, err := eachEntry(ctx, q, c, f, func(e ledger.JournalEntry) error { return table.Write(row(c, e, lang)) })
	if err != nil {
		return err
	}
	if last != 0 {
		if err := table.Write([]string{fmt.Sprintf("… ?before=%d", last)}); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// eachEntry hands over the entries that a filter lets through, the newest first, RowsMax of them at most. Where there are more, the
// last one's Seq is answered, else zero.
func eachEntry(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, f ledger.JournalFilter, take func(ledger.JournalEntry) error) (last int64, err error) {
	for rows := 0; ; rows += rowsAtOnce {
		entries, err := ledger.Journal(ctx, q, c.ID, f, rowsAtOnce)
		if err != nil {
			return 0, err
		}
		if rows == RowsMax && len(entries) > 0 {
			return f.Before, nil
		}
		for _, e := range entries {
			if err := take(e); err != nil {
				return 0, err
			}
			f.Before = e.Seq
		}
		if len(entries) < rowsAtOnce {
			return 0, nil
		}
	}
}

func row(c ledger.Community, e ledger.JournalEntry, lang string) []string {
	kind := restriction[lang][0]
	if e.FundRestricted {
		kind = restriction[lang][1]
	}
	return []string{
		fmt.Sprint(e.Seq), e.Date.Format(time.DateOnly), e.Voucher(), Inert(e.Memo), Inert(e.Detail), Inert(e.FundName(lang)), kind,
		blankZero(e.Income), blankZero(e.Expense), e.NetAfter.String(), blank(e.Reverses), e.Kind, e.PostedAt.UTC().Format(time.RFC3339),
	}
}

func blankZero(a money.Amount) string {
	if a.IsZero() {
		return ""
	}
	return a.String()
}

// Inert is a text that a spreadsheet takes for a text: one that would be a formula gets an apostrophe in front.
func Inert(s string) string {
	if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r\n") {
		return "'" + s
	}
	return s
}
