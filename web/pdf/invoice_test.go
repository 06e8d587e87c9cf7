package pdf_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"fund/web/pdf"
)

func sampleInvoice(lang string, lines int) pdf.InvoiceDoc {
	doc := pdf.InvoiceDoc{
		Lang: lang, Community: in(lang, "安公社区", "Angong Community"), Address: in(lang, "社区服务中心一楼", "Service centre, ground floor"), Phone: "028-0000 0000", Number: "2026-0032",
		By: in(lang, "巧手妈妈手工社", "Skilful Mothers"), BilledTo: in(lang, "社区企业联谊会", "Association of firms"), IssuedOn: date(2026, 11, 20), DueOn: date(2026, 12, 4), Paid: yuan("100.00"), Made: date(2026, 11, 20),
	}
	for i := range lines {
		doc.Lines = append(doc.Lines, pdf.InvoiceLine{
			On: date(2026, 10, 1+i%31), What: in(lang, "企业定制", "Work for companies"), Note: in(lang, "二十个香包", "sachets"), Quantity: 20, Unit: in(lang, "件", "pieces"), Price: yuan("12"), Amount: yuan("240"),
		})
		doc.Amount = doc.Amount.Add(yuan("240"))
	}
	return doc
}

// An invoice says what is owed, in figures and in capitals, and a long one repeats its heads; a void one says so.
func TestInvoicesSayWhatIsOwed(t *testing.T) {
	t.Parallel()
	for _, lang := range langs {
		for lines, pages := range map[int]int{3: 1, 60: 3} {
			drawn := render(t, func(w io.Writer) error { return pdf.Invoice(w, sampleInvoice(lang, lines)) })
			text := squeeze(tool(t, drawn, "pdftotext", "-layout", "FILE", "-"))
			for _, want := range []string{
				"2026-0032", in(lang, "社区企业联谊会", "Association of firms"), sampleInvoice(lang, lines).Amount.Yuan(), sampleInvoice(lang, lines).Amount.Capital(),
				sampleInvoice(lang, lines).Amount.Sub(yuan("100")).Yuan(), "2026-10-01", fmt.Sprintf("%d / %d", pages, pages), in(lang, "不是捐款", "not a gift"),
			} {
				if !strings.Contains(text, squeeze(want)) {
					t.Errorf("%s, %d lines: no %q in %s", lang, lines, want, text)
				}
			}
			if n := strings.Count(text, in(lang, "单价", "Price")); n != pages && lines > 3 {
				t.Errorf("%s: the heads stand on %d of %d pages", lang, n, pages)
			}
		}
	}
	for lines := 1; lines <= 40; lines++ {
		sheets := strings.Split(strings.TrimSuffix(tool(t, render(t, func(w io.Writer) error { return pdf.Invoice(w, sampleInvoice("zh-CN", lines)) }), "pdftotext", "-layout", "FILE", "-"), "\f"), "\f")
		last := squeeze(sheets[len(sheets)-1])
		if n := strings.Count(last, squeeze("企业定制")); n < min(lines, 3) || !strings.Contains(last, squeeze(sampleInvoice("zh-CN", lines).Amount.Yuan())) || !strings.Contains(last, "不是捐款") {
			t.Errorf("of %d lines %d stand with the sum: %s", lines, n, last)
		}
	}
	void := sampleInvoice("zh-CN", 1)
	void.Void, void.BilledTo = true, ""
	if text := squeeze(tool(t, render(t, func(w io.Writer) error { return pdf.Invoice(w, void) }), "pdftotext", "FILE", "-")); !strings.Contains(text, "作") || !strings.Contains(text, "废") || !strings.Contains(text, "名字已删除") {
		t.Errorf("a void one of somebody forgotten: %s", text)
	}
}
