package pdf_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fund/web/pdf"
)

func sampleVoucher(lang string, n int) pdf.Voucher {
	return pdf.Voucher{
		Number: fmt.Sprintf("2017-%d", 2180+n), Date: date(2017, 12, 20), Memo: in(lang, "买电风扇和延长线", "Electric fan and an extension lead"), Detail: in(lang, "发票 2 张", "2 invoices"),
		Kind: in(lang, "手工凭证", "By hand"), Papers: 2, Maker: in(lang, "王会计", "Wang"), Posted: in(lang, "2017 年 12 月 20 日 17:02 过账", "Posted on 20 December 2017 at 17:02"),
		URL: fmt.Sprintf("https://fund.example.org/c/angong/ledger/2017-%d", 2180+n),
		Rows: []pdf.VoucherRow{
			{Account: in(lang, "5301 管理费用", "5301 Administration"), Fund: in(lang, "通用款", "General fund"), Amount: yuan("188.50")},
			{Account: in(lang, "5101 业务活动成本——项目支出", "5101 Programme costs"), Fund: in(lang, "2018 年除夕暖心饭", "New Year’s Eve dinner 2018"), Amount: yuan("12345.67")},
			{Account: in(lang, "1002 银行存款", "1002 Bank deposits"), Fund: in(lang, "2018 年除夕暖心饭", "New Year’s Eve dinner 2018"), Amount: yuan("-12345.67")},
			{Account: in(lang, "1001 现金", "1001 Cash"), Fund: in(lang, "通用款", "General fund"), Amount: yuan("-188.50")},
		},
	}
}

func voucherSamples() map[string]func(io.Writer) error {
	all := map[string]func(io.Writer) error{}
	for _, l := range langs {
		one := pdf.VoucherDoc{Lang: l, Community: in(l, "安公社区", "Angong Community"), Vouchers: []pdf.Voucher{sampleVoucher(l, 1)}, Made: date(2017, 12, 21)}
		small := one
		small.A5 = true
		long, red := sampleVoucher(l, 2), sampleVoucher(l, 3)
		for range 9 {
			long.Rows = append(slices.Clone(long.Rows[:1]), long.Rows...)
		}
		long.Rows = append(long.Rows, pdf.VoucherRow{Account: long.Rows[0].Account, Fund: long.Rows[0].Fund, Amount: yuan("-1696.50")})
		long.Memo = strings.Repeat(in(l, "发票一张，租碗筷桌椅。", "One invoice for tables and bowls. "), 8)
		red.Undoes = in(l, "红字冲销 2017-2181", "Reverses 2017-2181")
		red.Papers = 0
		slices.Reverse(red.Rows)
		book := one
		book.Book, book.Vouchers = in(l, "2017 年 12 月", "December 2017"), []pdf.Voucher{sampleVoucher(l, 1), long, red}
		for name, doc := range map[string]pdf.VoucherDoc{"one": one, "a5": small, "book": book} {
			all["voucher-"+name+"-"+l] = func(w io.Writer) error { return pdf.Vouchers(w, doc) }
		}
	}
	return all
}

// The same vouchers are the same bytes, today and after an upgrade of anything below.
func TestVoucherBytesRepeat(t *testing.T) {
	t.Parallel()
	var got []string
	for name, draw := range voucherSamples() {
		b := render(t, draw)
		if !bytes.Equal(b, render(t, draw)) {
			t.Errorf("%s differs from itself", name)
		}
		sum := sha256.Sum256(b)
		got = append(got, name+" "+hex.EncodeToString(sum[:]))
		if dir := os.Getenv("PDF_DIR"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".pdf"), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	slices.Sort(got)
	golden(t, "testdata/vouchers.golden", strings.Join(got, "\n")+"\n")
}

// Every row, figure and signature of every voucher is on paper.
func TestVouchersAreComplete(t *testing.T) {
	t.Parallel()
	for lang, words := range map[string][]string{
		"zh-CN": {"记账凭证册", "2017-2181 – 2017-2183", "科目汇总", "附件 2 张", "附件 ____ 张", "壹万贰仟伍佰叁拾肆元壹角柒分", "接下一张", "第 2 张，共 3 张", "红字冲销 2017-2181", "会计主管", "审核", "制单", "王会计"},
		"en":    {"Book of vouchers", "By account", "Papers attached: 2", "Papers attached: ____", "Goes on overleaf", "Sheet 2 of 3", "Reverses 2017-2181", "Checked"},
	} {
		b := render(t, voucherSamples()["voucher-book-"+lang])
		if out := tool(t, b, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors found") {
			t.Error(out)
		}
		got := tool(t, b, "pdftotext", "-layout", "FILE", "-")
		for _, word := range append(words, "12,534.17", "1,696.50", "12,345.67") {
			if !strings.Contains(got, word) {
				t.Errorf("%s lacks %q:\n%s", lang, word, got)
			}
		}
		if n := strings.Count(got, "188.50"); n != 2+11+2 {
			t.Errorf("%s: 188.50 stands there %d times", lang, n)
		}
	}
}

// A month of the largest community is drawn while somebody waits.
func BenchmarkVouchers(b *testing.B) {
	doc := pdf.VoucherDoc{Lang: "zh-CN", Community: "安公社区", Book: "2017 年 12 月"}
	for n := range 500 {
		doc.Vouchers = append(doc.Vouchers, sampleVoucher("zh-CN", n))
	}
	for b.Loop() {
		if err := pdf.Vouchers(io.Discard, doc); err != nil {
			b.Fatal(err)
		}
	}
}
