package pdf_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fund/web/pdf"
)

// A telephone reads the slips, and an eye the code beside it; a sheet has ten.
func TestCodesCanBeScannedAndRead(t *testing.T) {
	t.Parallel()
	doc := pdf.CodesDoc{
		Lang: "zh-CN", Community: "安公社区", Round: "2026 年邻里金点子", Courtyard: "3 号院", Days: "11 月 20 日 – 11 月 30 日",
		Typed: "fund.example.org/c/angong/rounds/2026/ballot", Phone: "028-0000 0000",
	}
	for i := range 11 {
		doc.Codes = append(doc.Codes, pdf.HouseCode{Shown: fmt.Sprintf("K7M4H %05d", i), Scan: fmt.Sprintf("https://fund.example.org/c/angong/rounds/2026/ballot?code=K7M4H%05d", i)})
	}
	drawn := render(t, func(w io.Writer) error { return pdf.Codes(w, doc) })
	if got := tool(t, drawn, "pdfinfo", "FILE"); !strings.Contains(got, "Pages:           2") {
		t.Errorf("11 codes: %s", got)
	}
	if got := tool(t, drawn, "pdftotext", "FILE", "-"); !strings.Contains(got, "K7M4H 00010") || !strings.Contains(got, "一户一票") {
		t.Error(got)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "codes.pdf")
	if err := os.WriteFile(file, drawn, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "150", "-png", "-l", "1", "-singlefile", file, filepath.Join(dir, "codes")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.Command("zbarimg", "-q", filepath.Join(dir, "codes.png")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for i := range 10 {
		if want := fmt.Sprintf("ballot?code=K7M4H%05d\n", i); !strings.Contains(string(out), want) {
			t.Errorf("%s is not read:\n%s", want, out)
		}
	}
}
