package pdf_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fund/web/pdf"
)

func sampleSale(lang string) pdf.SaleDoc {
	line := func(zh, en string, n int, price, sum string) pdf.SaleLine {
		return pdf.SaleLine{Name: in(lang, zh, en), Quantity: n, Price: yuan(price), Sum: yuan(sum)}
	}
	return pdf.SaleDoc{
		Lang: lang, Number: "2026-S000123", Slip: "A-0007", Community: in(lang, "安公社区", "Angong Community"),
		Place: in(lang, "元旦旧物义卖", "New Year jumble sale"), Use: in(lang, "助老基金", "Fund for the elderly"), Phone: "028-0000 0000",
		At:    time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC),
		Lines: []pdf.SaleLine{line("旧书任选", "Any old book", 3, "5.00", "15.00"), line("盖碗茶", "Tea", 2, "8.00", "16.00"), line("手工香包", "Scent bag", 1, "10.00", "10.00"), line("随心价 · 青花瓶", "Name a price · blue vase", 1, "40.00", "40.00")},
		Total: yuan("81.00"), Tip: yuan("9.00"), TipReceipt: "2026-000045",
		Payments: []pdf.SalePayment{{Way: in(lang, "微信", "WeChat Pay"), Amount: yuan("40.00")}, {Way: in(lang, "现金", "Cash"), Amount: yuan("50.00"), Given: yuan("100.00")}},
		Entry:    "2026-2186", Check: "K7M4-92QD", VerifyURL: "https://fund.example.org/s/1-0a1b2c3d4e5f6g7h8j9k0m1n2p", Issued: date(2026, 11, 23),
	}
}

// saleDocuments are the samples of sale receipts by name.
func saleDocuments() map[string]func(io.Writer) error {
	all := map[string]func(io.Writer) error{}
	for _, l := range langs {
		d := sampleSale(l)
		all["a4-"+l] = func(w io.Writer) error { return pdf.SaleReceipt(w, d) }
		all["58-"+l] = func(w io.Writer) error { return pdf.SaleRoll(w, d, 58) }
		all["80-"+l] = func(w io.Writer) error { return pdf.SaleRoll(w, d, 80) }
		void := sampleSale(l)
		void.Refunded, void.Tip, void.TipReceipt = void.Total, yuan("0"), ""
		all["58-void-"+l] = func(w io.Writer) error { return pdf.SaleRoll(w, void, 58) }
		long := sampleSale(l)
		for i := range 60 {
			long.Lines = append(long.Lines, pdf.SaleLine{Name: fmt.Sprintf("%s %d", strings.Repeat(in(l, "很长的名字", "a long name "), 5), i), Quantity: 999, Price: yuan("99999.99"), Sum: yuan("99899990.01")})
		}
		all["a4-long-"+l] = func(w io.Writer) error { return pdf.SaleReceipt(w, long) }
	}
	return all
}

func TestSaleReceiptsRepeatAndAreSound(t *testing.T) {
	t.Parallel()
	var got []string
	for name, draw := range saleDocuments() {
		b := render(t, draw)
		sum := sha256.Sum256(b)
		got = append(got, name+" "+hex.EncodeToString(sum[:]))
		if dir := os.Getenv("PDF_DIR"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, "sale-"+name+".pdf"), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if out := tool(t, b, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors found") {
			t.Error(name, out)
		}
	}
	slices.Sort(got)
	golden(t, "testdata/sale.golden", strings.Join(got, "\n")+"\n")
}

// Every word and figure of a sale is on each of its papers; the roll's page is as wide as the roll, and no longer than what stands on it.
func TestSaleReceiptsAreComplete(t *testing.T) {
	t.Parallel()
	for _, l := range langs {
		d := sampleSale(l)
		want := []string{d.Community, d.Place, d.Number, d.Slip, d.Use, d.Entry, d.Check, "81.00", "9.00", "2026-000045", "100.00", "50.00", "40.00", "16.00"}
		for _, line := range d.Lines {
			want = append(want, line.Name)
		}
		for _, paper := range []string{"a4-", "58-", "80-"} {
			got := squeeze(tool(t, render(t, saleDocuments()[paper+l]), "pdftotext", "-raw", "FILE", "-"))
			for _, w := range want {
				if !strings.Contains(got, squeeze(w)) {
					t.Errorf("%s%s lacks %q", paper, l, w)
				}
			}
		}
		if info := tool(t, render(t, saleDocuments()["58-"+l]), "pdfinfo", "FILE"); !strings.Contains(info, "Pages:           1") || !strings.Contains(info, "Page size:       164.4") {
			t.Errorf("the roll: %s", info)
		}
	}
	long := squeeze(tool(t, render(t, saleDocuments()["a4-long-en"]), "pdftotext", "-raw", "FILE", "-"))
	if !strings.Contains(long, squeeze("a long name 59")) {
		t.Error("a long sale loses its end")
	}
}
