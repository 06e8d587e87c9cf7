package pdf_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"fund/campaigns/sale"
	"fund/ledger/money"
	"fund/web/pdf"
)

func zReportDoc(lang string) pdf.ZReportDoc {
	shanghai := time.FixedZone("UTC+8", 8*60*60)
	sum := func(n int, amount string) sale.Sum { return sale.Sum{Count: n, Amount: yuan(amount)} }
	return pdf.ZReportDoc{
		Lang: lang, Community: in(lang, "安公社区", "Angong Community"), Place: in(lang, "冬至义卖", "Winter Solstice sale"),
		Opener: in(lang, "陈姐", "Ms Chen"), Counters: []string{in(lang, "陈姐", "Ms Chen"), in(lang, "赵班长", "Mr Zhao")}, Zone: shanghai,
		Z: sale.ZReport{
			Till: "A", Number: 17, Previous: bytes.Repeat([]byte{0x5a}, 32), Hash: bytes.Repeat([]byte{0xc3}, 32),
			Figures: sale.Figures{
				Till: "A", Number: 17, OpenedAt: time.Date(2026, 11, 23, 9, 0, 0, 0, shanghai), ClosedAt: time.Date(2026, 11, 23, 17, 42, 0, 0, shanghai),
				Sales: sum(126, "1843.00"), Tips: sum(9, "57.00"), Refunds: sum(2, "60.00"), Voids: sum(4, "71.00"), First: "2026-S000124", Last: "2026-S000311",
				Ways: []sale.WaySum{{Way: sale.Cash, In: yuan("912.00"), Out: yuan("25.00")}, {Way: sale.WeChat, In: yuan("838.00"), Out: yuan("35.00")}, {Way: sale.Alipay, In: yuan("150.00")}},
				Items: []sale.ItemSum{
					{Code: "01", Name: "旧书任选", Quantity: 64, Amount: yuan("320.00")},
					{Code: "02", Name: "手织围巾", Quantity: 21, Amount: yuan("735.00"), Back: 1, Returned: yuan("35.00")},
					{Code: "03", Name: "青花瓶（一位老邻居捐来义卖的，带原来的木盒子）", Quantity: 1, Amount: yuan("388.00")},
					{Code: "12", Name: "春联一副", Quantity: 25, Amount: yuan("375.00")},
					{Name: "零散杂物", Quantity: 5, Amount: yuan("25.00"), Back: 1, Returned: yuan("25.00")},
				},
				Hours: []sale.HourSum{{Hour: "2026-11-23 09", Sum: sum(30, "402.00")}, {Hour: "2026-11-23 10", Sum: sum(51, "841.00")}, {Hour: "2026-11-23 16", Sum: sum(45, "600.00")}},
				Float: yuan("200"), Expected: yuan("1087.00"), Counted: yuan("1086.00"), Pieces: money.Pieces{8, 2, 5, 6, 3, 11},
				Reason: in(lang, "第一遍少数了一张五元", "the first count missed a five"),
			},
		},
	}
}

func TestZReportAddsUpOnPaper(t *testing.T) {
	t.Parallel()
	for lang, words := range map[string][]string{
		"zh-CN": {"收银日结 Z 报告 A-17", "冬至义卖 · 收银台 A", "2026 年 11 月 23 日 17:42", "陈姐 和 赵班长 各自清点", "短款 ¥1.00，已记账", "收据 2026-S000124 至 2026-S000311", "另开捐赠收据", "防改链", "司库（签字）", "10:00–11:00"},
		"en":    {"Z report A-17", "till A", "counted by Ms Chen and by Mr Zhao", "¥1.00 short, booked", "gifts with receipts of their own", "The chain", "Treasurer (signature)"},
	} {
		doc := zReportDoc(lang)
		file := func(w io.Writer) error { return pdf.ZReport(w, doc) }
		drawn := render(t, file)
		if !bytes.Equal(drawn, render(t, file)) {
			t.Errorf("%s: the same report drawn twice differs", lang)
		}
		if dir := os.Getenv("PDF_DIR"); dir != "" {
			if err := os.WriteFile(dir+"/zreport-"+lang+".pdf", drawn, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got := tool(t, drawn, "pdftotext", "-layout", "FILE", "-")
		for _, word := range append(words, "1,087.00", "1,086.00", "1,843.00", "912.00", "1,840.00", strings.Repeat("5a", 32), strings.Repeat("c3", 32)) {
			if !strings.Contains(got, word) {
				t.Errorf("%s lacks %q", lang, word)
			}
		}
		golden(t, "testdata/zreport."+lang+".golden", got)
	}
}

// A session in which nothing was sold has a report too.
func TestAnEmptyZReport(t *testing.T) {
	t.Parallel()
	doc := zReportDoc("zh-CN")
	doc.Z.Previous, doc.Z.Number = nil, 1
	doc.Z.Figures = sale.Figures{OpenedAt: doc.Z.OpenedAt, ClosedAt: doc.Z.ClosedAt}
	got := tool(t, render(t, func(w io.Writer) error { return pdf.ZReport(w, doc) }), "pdftotext", "-layout", "FILE", "-")
	for _, word := range []string{"一分不差", "这个收银台的第一张"} {
		if !strings.Contains(got, word) {
			t.Errorf("lacks %q:\n%s", word, got)
		}
	}
}
