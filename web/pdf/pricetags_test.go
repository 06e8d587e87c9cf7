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

func tagsDoc(n int) pdf.TagsDoc {
	doc := pdf.TagsDoc{Lang: "zh-CN", Community: "安公社区", Place: "旧物新用义卖"}
	for i := range n {
		doc.Tags = append(doc.Tags, pdf.Tag{Name: fmt.Sprintf("手织围巾 %d", i), Price: "¥35", Code: fmt.Sprint(100 + i), Scan: fmt.Sprint(100 + i)})
	}
	doc.Tags[0] = pdf.Tag{Name: "一位老邻居捐来义卖的青花瓶，带原来的木盒子", Price: "随心价", Code: "31", Scan: "6901234567892"}
	doc.Tags[1].Scan = "6901234567893" // its last digit checks nothing: a QR code
	return doc
}

// A camera reads the tags.
func TestPriceTagsCanBeScanned(t *testing.T) {
	t.Parallel()
	drawn := render(t, func(w io.Writer) error { return pdf.PriceTags(w, tagsDoc(25)) })
	if got := tool(t, drawn, "pdfinfo", "FILE"); !strings.Contains(got, "Pages:           2") {
		t.Errorf("25 tags: %s", got)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "tags.pdf")
	if err := os.WriteFile(file, drawn, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "200", "-png", "-f", "1", "-l", "1", file, filepath.Join(dir, "tags")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	pictures, err := filepath.Glob(filepath.Join(dir, "tags*.png"))
	if err != nil || len(pictures) != 1 {
		t.Fatal(pictures, err)
	}
	out, err := exec.Command("zbarimg", "-q", pictures[0]).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{"EAN-13:6901234567892", "QR-Code:6901234567893", "QR-Code:102", "QR-Code:123"} {
		if !strings.Contains(string(out), want+"\n") {
			t.Errorf("%s is not read:\n%s", want, out)
		}
	}
	if got := tool(t, drawn, "pdftotext", "FILE", "-"); !strings.Contains(got, "编号 102") || !strings.Contains(got, "随心价") {
		t.Error(got)
	}
}
