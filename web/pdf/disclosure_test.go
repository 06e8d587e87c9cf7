package pdf_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"fund/web/pdf"
)

// sampleDisclosure is a campaign's result with a correction, and more payments than a page holds.
func sampleDisclosure(lang string) pdf.DisclosureDoc {
	doc := pdf.DisclosureDoc{
		Lang: lang, Community: in(lang, "安公社区", "Angong Community"), Title: in(lang, "募捐结果报告", "Result of the campaign"),
		Subject: in(lang, "除夕暖心饭：给 120 位独居老人做一桌年夜饭，也给走不动的老人送到家里", "New Year’s Eve dinner for 120 elders who live alone, at the table or brought home"),
		Number:  "№ 2026-003", Version: in(lang, "第 2 版", "version 2"), Standing: in(lang, "比法定期限晚了 3 天", "3 days after the legal time"),
		Note: in(lang, "更正（2026 年 5 月 1 日）：人次是 97。", "Corrected on 1 May 2026: 97 person-times."), Old: in(lang, "这是旧版。", "An old version."),
		Facts: []pdf.DisclosureFact{{Name: in(lang, "报告期", "Period"), Text: "2026-01-01 – 2026-02-16"}},
		Sum: pdf.DisclosureTable{Title: in(lang, "收了多少，花了多少", "What came and went"), Rows: []pdf.DisclosureRow{
			{Name: in(lang, "收到捐赠", "Gifts"), Amount: yuan("18000.00")},
			{Name: in(lang, "花了", "Spent"), Amount: yuan("17250.40").Neg()},
			{Name: in(lang, "剩下", "Left"), Amount: yuan("749.60"), Total: true},
		}},
		Passages: []pdf.DisclosurePassage{{Title: in(lang, "做了什么", "What was done"), Text: strings.Repeat(in(lang, "六张长桌，一千个饺子。", "Six tables, a thousand dumplings. "), 30)}},
		Tables: []pdf.DisclosureTable{{Title: in(lang, "怎么收到的", "How it came"), Lead: in(lang, "按方式。", "By way."), Count: in(lang, "笔数", "Gifts"), Rows: []pdf.DisclosureRow{
			{Name: in(lang, "现金", "Cash"), Count: "35", Amount: yuan("2100.00")},
		}}, {Title: in(lang, "花在哪里", "Where it went"), Count: in(lang, "笔数", "Entries"), Out: true, Rows: []pdf.DisclosureRow{
			{Name: in(lang, "服务项目支出", "Projects"), Count: "58", Amount: yuan("16250.40")},
			{Name: in(lang, "筹资费用", "Fundraising"), Count: "2", Amount: yuan("1000.00")},
			{Name: in(lang, "合计", "Total"), Amount: yuan("17250.40"), Total: true},
		}}},
		AsOf: in(lang, "数字算到第 3,166 笔凭证为止。", "Up to entry 3,166."), Legal: in(lang, "公开募捐 · 备案编号 示例-2026-0101-A", "Public appeal · filing 2026-0101-A"),
		URL: "https://fund.example.cn/c/angong/documents/2026-003/2", Scan: in(lang, "扫码看原文", "Scan"), Issued: date(2026, 5, 1),
	}
	doc.Payments.Title = in(lang, "每一笔支出", "Every payment")
	for i := range 60 {
		doc.Payments.Rows = append(doc.Payments.Rows, pdf.DisclosurePayment{Voucher: fmt.Sprintf("2026-%d", i+1), Date: date(2026, 2, 1), Memo: in(lang, "买菜", "Food"), Amount: yuan("287.50")})
	}
	return doc
}

func TestADisclosureSaysEverything(t *testing.T) {
	t.Parallel()
	for _, lang := range langs {
		doc := sampleDisclosure(lang)
		said := squeeze(tool(t, render(t, func(w io.Writer) error { return pdf.Disclosure(w, doc) }), "pdftotext", "-layout", "FILE", "-"))
		for _, want := range []string{
			doc.Title, doc.Subject, doc.Number, doc.Standing, doc.Note, doc.Old, doc.AsOf, doc.Legal, "18,000.00", "749.60", "2,100.00", "2026-60", doc.Payments.Title,
		} {
			if !strings.Contains(said, squeeze(want)) {
				t.Errorf("%s: no %q", lang, want)
			}
		}
	}
}
