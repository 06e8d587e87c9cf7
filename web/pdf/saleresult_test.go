package pdf_test

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"fund/campaigns/sale"
	"fund/ledger"
	"fund/web/pdf"
)

func TestSaleResultAddsUpOnPaper(t *testing.T) {
	t.Parallel()
	for lang, words := range map[string][]string{
		"zh-CN": {"义卖结果", "旧物新用义卖", "2026 年 11 月 22 日", "还在卖", "销售（126 笔）", "另有随手捐 9 笔 ¥57.00", "卖出的东西", "桌子租金"},
		"en":    {"Result of the sale", "Old things, new homes", "Still selling", "Given back (2)", "gifts with receipts of their own", "What it cost"},
	} {
		z := zReportDoc(lang).Z
		doc := pdf.SaleResultDoc{
			Lang: lang, Community: in(lang, "安公社区", "Angong Community"), Name: in(lang, "旧物新用义卖", "Old things, new homes"), Where: in(lang, "3 号院石桌旁", "Courtyard 3"),
			Note: in(lang, "所得给书角添书。", "For books."), Fund: in(lang, "书角", "Book corner"), From: ledger.Day(2026, 11, 22), Until: ledger.Day(2026, 11, 24), Running: true,
			Made: time.Date(2026, 11, 23, 14, 30, 0, 0, time.UTC),
			Result: sale.Result{
				Sales: z.Sales, Refunds: z.Refunds, Tips: z.Tips, Costs: yuan("120"), OverShort: yuan("-1"), Items: z.Items,
				Spent: []sale.Cost{{What: in(lang, "桌子租金", "Hire of tables"), Amount: yuan("120"), SpentOn: ledger.Day(2026, 11, 22)}},
			},
		}
		drawn := render(t, func(w io.Writer) error { return pdf.SaleResult(w, doc) })
		if dir := os.Getenv("PDF_DIR"); dir != "" {
			if err := os.WriteFile(dir+"/saleresult-"+lang+".pdf", drawn, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got := tool(t, drawn, "pdftotext", "-layout", "FILE", "-")
		for _, word := range append(words, "1,843.00", "1,662.00", "1,783.00") { // 1,843 − 60 − 120 − 1; what was sold less what came back
			if !strings.Contains(got, word) {
				t.Errorf("%s lacks %q:\n%s", lang, word, got)
			}
		}
	}
}
