package pdf_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fund/ledger/money"
	"fund/web/pdf"
)

var update = flag.Bool("update", false, "write the golden files")

var langs = []string{"zh-CN", "en"}

// documents are all the samples by name.
func documents() map[string]func(io.Writer) error {
	all := map[string]func(io.Writer) error{}
	for _, l := range langs {
		receipt := func(name string, change func(*pdf.ReceiptDoc)) {
			r := sampleReceipt(l)
			change(&r)
			all["receipt-"+name+"-"+l] = func(w io.Writer) error { return pdf.Receipt(w, r) }
		}
		receipt("plain", func(*pdf.ReceiptDoc) {})
		receipt("named", func(r *pdf.ReceiptDoc) {
			r.Donor, r.Restricted, r.Official = "张𠮷 🎉", false, "0001234567"
			r.Purpose, r.Amount = "助老基金：独居老人每周一通电话与节日探望，也用于助浴、陪诊和血压驿站", yuan("123456789.45")
			r.Goods = "大米 20 袋"
		})
		receipt("void", func(r *pdf.ReceiptDoc) {
			r.Reversal = &pdf.Reversed{Entry: "2018-0031", Date: date(2018, 1, 8), Refunded: yuan("50.00")}
		})
		receipt("part", func(r *pdf.ReceiptDoc) {
			r.Reversal = &pdf.Reversed{Entry: "2018-0031", Date: date(2018, 1, 8), Refunded: yuan("20.00")}
		})
		disclosed := sampleDisclosure(l)
		for _, wide := range []bool{false, true} {
			stated := statementDoc(l, wide)
			all[fmt.Sprintf("statement-%d-%s", stated.Table.Amounts(), l)] = func(w io.Writer) error { return pdf.Statement(w, stated) }
		}
		all["disclosure-"+l] = func(w io.Writer) error { return pdf.Disclosure(w, disclosed) }
		d := sampleReport(l)
		all["report-"+l] = func(w io.Writer) error { return pdf.TransparencyReport(w, d) }
		for name, draw := range kinds(l) {
			all[name+"-"+l] = draw
		}
	}
	return all
}

func render(t testing.TB, draw func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := draw(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tool runs a program of poppler or qpdf. On the build machine it must be there.
func tool(t testing.TB, doc []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed: apt-get install poppler-utils qpdf", name)
		}
		t.Skipf("%s is not installed", name)
	}
	file := filepath.Join(t.TempDir(), "doc.pdf")
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// The same value gives the same bytes, today and after an upgrade of anything below us.
func TestBytesRepeat(t *testing.T) {
	t.Parallel()
	var got []string
	for name, draw := range documents() {
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
	golden(t, "testdata/bytes.golden", strings.Join(got, "\n")+"\n")
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; look at the pages, then run with -update.\ngot:\n%s", file, got)
	}
}

func TestDocumentsAreSound(t *testing.T) {
	t.Parallel()
	for name, draw := range documents() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := tool(t, render(t, draw), "qpdf", "--check", "FILE")
			if !strings.Contains(out, "No syntax or stream encoding errors found") {
				t.Error(out)
			}
		})
	}
}

func TestReceiptReadsInOrder(t *testing.T) {
	t.Parallel()
	for _, l := range langs {
		got := tool(t, render(t, documents()["receipt-plain-"+l]), "pdftotext", "-layout", "FILE", "-")
		golden(t, "testdata/receipt-"+l+".golden", got)
	}
}

func TestRareCharactersBecomeABox(t *testing.T) {
	t.Parallel()
	got := tool(t, render(t, documents()["receipt-named-zh-CN"]), "pdftotext", "-layout", "FILE", "-")
	if !strings.Contains(got, "张□ □") {
		t.Errorf("the donor's name is not there with boxes:\n%s", got)
	}
}

func TestReversedReceiptSaysSo(t *testing.T) {
	t.Parallel()
	void := tool(t, render(t, documents()["receipt-void-zh-CN"]), "pdftotext", "-layout", "FILE", "-")
	part := tool(t, render(t, documents()["receipt-part-zh-CN"]), "pdftotext", "-layout", "FILE", "-")
	for got, wants := range map[string][]string{
		void: {"这张收据已作废", "2018-0031", "红字", "已冲"},
		part: {"¥20.00", "−¥20.00", "¥30.00", "公账", "已记"},
	} {
		for _, w := range wants {
			if !strings.Contains(got, w) {
				t.Errorf("want %q in\n%s", w, got)
			}
		}
	}
}

// Every word of the value is on paper: no row, name or figure is lost on the way.
func TestReportIsComplete(t *testing.T) {
	t.Parallel()
	for _, l := range langs {
		d := sampleReport(l)
		raw := tool(t, render(t, documents()["report-"+l]), "pdftotext", "-raw", "FILE", "-")
		got := squeeze(raw)
		want := []string{d.Host, d.Opening.Format(), d.Income.Format(), d.Expense.Format(), d.Closing.Format(), d.Apart.Format()}
		for _, u := range append(slices.Clone(d.Sources), d.Uses...) {
			want = append(want, u.Name, u.Sum().Format())
		}
		for _, c := range d.Campaigns {
			want = append(want, c.Title, c.Raised.YuanShort())
			for _, b := range c.Budget {
				want = append(want, b.Name, b.Plan.Format())
			}
		}
		for _, p := range d.Projects {
			want = append(want, p.Title, p.Council, p.Budget.Format(), p.Spent.Format())
		}
		for _, a := range d.Activities {
			want = append(want, a.Name)
		}
		for _, b := range d.Balance {
			want = append(want, b.Name)
		}
		for _, e := range d.Entries {
			want = append(want, e.Number)
		}
		want = append(want, strings.Split(d.Checkpoint.Text, "\n")...)
		for _, w := range want {
			if !strings.Contains(got, squeeze(w)) {
				t.Errorf("%s: %q is missing", l, w)
			}
		}
		if strings.Index(raw, "2017-0002") > strings.Index(raw, "2017-0300") {
			t.Errorf("%s: entries are out of order", l)
		}
	}
}

// squeeze leaves out white space, which a line break may add or take, and reads a Latin apostrophe as it is drawn.
func squeeze(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), ""), "’", "'")
}

// However many sources and uses there are, the key figures and the flow with its sum stand on a page each.
func TestReportOfManySources(t *testing.T) {
	t.Parallel()
	doc := sampleReport("zh-CN")
	for range 12 {
		doc.Sources = append(doc.Sources, pdf.Use{Name: "一种收入", Free: yuan("1200")})
		doc.Uses = append(doc.Uses, pdf.Use{Name: "一种支出", Free: yuan("1200")})
	}
	pages := strings.Split(tool(t, render(t, func(w io.Writer) error { return pdf.TransparencyReport(w, doc) }), "pdftotext", "-layout", "FILE", "-"), "\f")
	for page, want := range map[int]string{2: "其中专款", 3: "拿计算器按一遍"} {
		if !strings.Contains(pages[page], want) || !strings.Contains(pages[page], "其他") || strings.Contains(pages[page], "（续）") {
			t.Errorf("page %d does not end with %q: %s", page+1, want, pages[page])
		}
	}
}

func TestEmptyReport(t *testing.T) {
	t.Parallel()
	for _, l := range langs {
		b := render(t, func(w io.Writer) error {
			return pdf.TransparencyReport(w, pdf.ReportDoc{Head: pdf.Head{Lang: l, Checkpoint: pdf.Checkpoint{URL: "https://example.org"}}})
		})
		tool(t, b, "qpdf", "--check", "FILE")
	}
}

// A memo longer than a page goes on over pages and is complete.
func TestLongMemo(t *testing.T) {
	t.Parallel()
	d := pdf.ReportDoc{Head: pdf.Head{Lang: "zh-CN", Checkpoint: pdf.Checkpoint{URL: "https://example.org"}}}
	memo := strings.Repeat("发票一张，租碗筷桌椅。", 300)
	d.Entries = []pdf.EntryRow{{Number: "2017-0001", Memo: memo, Out: yuan("1.00")}, {Number: "2017-0002", Memo: "后一笔"}}
	got := tool(t, render(t, func(w io.Writer) error { return pdf.TransparencyReport(w, d) }), "pdftotext", "-raw", "FILE", "-")
	if n := strings.Count(squeeze(got), "椅"); n != 300 {
		t.Errorf("%d of 300 sentences arrived", n)
	}
	if !strings.Contains(got, "后一笔") {
		t.Error("the entry after the long one is missing")
	}
}

// Whatever people type, the receipt is drawn, and drawn the same twice.
func TestReceiptTakesAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := sampleReceipt(rapid.SampledFrom(langs).Draw(rt, "lang"))
		r.Donor, r.Purpose = rapid.String().Draw(rt, "donor"), rapid.String().Draw(rt, "purpose")
		r.Amount = money.FromFen(rapid.Int64Range(-1, 1e15).Draw(rt, "fen"))
		r.Issued = time.Time{}
		draw := func(w io.Writer) error { return pdf.Receipt(w, r) }
		if !bytes.Equal(render(t, draw), render(t, draw)) {
			rt.Fatal("two drawings differ")
		}
	})
}

func TestDrawingInParallel(t *testing.T) {
	t.Parallel()
	want := render(t, documents()["receipt-plain-en"])
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if !bytes.Equal(want, render(t, documents()["receipt-plain-en"])) {
				t.Error("a document drawn beside others differs")
			}
		})
	}
}

func TestLabelsInBothLanguages(t *testing.T) {
	t.Parallel()
	zh, en := pdf.Labels("zh-CN"), pdf.Labels("en")
	for k, s := range zh {
		if strings.Count(s, "%") != strings.Count(en[k], "%") {
			t.Errorf("%s: %q and %q do not take the same values", k, s, en[k])
		}
	}
	for k := range en {
		if zh[k] == "" {
			t.Errorf("%s has no Chinese", k)
		}
	}
}

func BenchmarkReceipt(b *testing.B) {
	r := sampleReceipt("zh-CN")
	for b.Loop() {
		if err := pdf.Receipt(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

// The sample has 32 pages, more than the name promises.
func BenchmarkReport20(b *testing.B) {
	d := sampleReport("zh-CN")
	for b.Loop() {
		if err := pdf.TransparencyReport(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}
