package pdf_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fund/ledger/money"
	"fund/web/pdf"
)

func givingDoc(lang string, n int) pdf.GivingDoc {
	doc := pdf.GivingDoc{
		Lang: lang, Community: "安公社区", Host: "锦城社区公益基金会（示例）", Year: 2026, Donor: "周婆婆", VerifyURL: "https://gongzhang.example.cn/c/angong/verify",
	}
	for i := range n {
		row := pdf.GivingRow{
			Number: fmt.Sprintf("2026-%06d", i+1), Check: "K7M4-92QD", Date: time.Date(2026, time.Month(1+12*i/n), 5, 0, 0, 0, 0, time.UTC),
			Purpose: "除夕暖心饭：给 120 位独居老人做一桌年夜饭", Method: "微信支付", Amount: money.FromFen(int64(5000 + i)),
		}
		if i == 1 {
			row.Refunded = money.MustParse("20")
		}
		doc.Rows = append(doc.Rows, row)
	}
	return doc
}

// FUND_SHOTS=dir keeps the documents for somebody to look at.
func TestGivingOfAYear(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh-CN", "en"} {
		var once, twice bytes.Buffer
		for _, b := range []*bytes.Buffer{&once, &twice} {
			if err := pdf.Giving(b, givingDoc(lang, 60)); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Errorf("%s: the same year drawn twice differs", lang)
		}
		file := filepath.Join(t.TempDir(), "giving.pdf")
		if dir := os.Getenv("FUND_SHOTS"); dir != "" {
			file = filepath.Join(dir, "giving-"+lang+".pdf")
		}
		if err := os.WriteFile(file, once.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		outline, err := exec.Command("qpdf", "--json", "--json-key=outlines", file).Output()
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"2026-000001", "2026-000060", "K7M4-92QD", "−20.00", "叁仟"}
		if lang == "zh-CN" {
			want = append(want, "第 1 页，共 ", "2026 年 12 月", "2026 年合计", "¥2,997.70")
		} else {
			want = append(want, "Page 1 of ", "December 2026", "Sum of 2026", "¥2,997.70")
		}
		want[4] = "贰仟玖佰玖拾柒元柒角"
		for _, words := range want {
			if !strings.Contains(string(text), words) {
				t.Errorf("%s: the document lacks %q", lang, words)
			}
		}
		if n := bytes.Count(outline, []byte(`"title"`)); n != 13 {
			t.Errorf("%s: %d bookmarks, want the year and its twelve months", lang, n)
		}
	}
}
