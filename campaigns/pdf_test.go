package campaigns_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"strings"
	"testing"

	"github.com/go-pdf/fpdf"

	"fund/campaigns"
)

// sheet is a PDF file of our own making: a scanned page and one of text.
func sheet(t testing.TB) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	p.AddPage()
	p.RegisterImageOptionsReader("scan", fpdf.ImageOptions{ImageType: "JPG"}, bytes.NewReader(asJPEG(t, halves(600, 800))))
	p.Image("scan", 0, 0, 210, 0, false, "", 0, "")
	p.AddPage()
	p.SetFont("Helvetica", "", 12)
	p.Cell(40, 10, "Rice and flour (till 2) \\ /JavaScript in words is no program")
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// plainPDF is the smallest file that has a page, with objects beside it.
func plainPDF(objects ...string) []byte {
	return []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n" +
		"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj\n" + strings.Join(objects, "\n") + "\ntrailer <</Root 1 0 R>>\n%%EOF\n")
}

// folded is an object stream.
func folded(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("9 0 obj <</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>> stream\n%s\nendstream endobj", b.Len(), b.String())
}

func TestAPDFFileIsLookedThrough(t *testing.T) {
	t.Parallel()
	good := sheet(t)
	read, err := campaigns.ReadPDF(good)
	if err != nil || read.Pages != 2 || len(read.Scans) != 1 {
		t.Fatalf("%d pages, %d scans, %v", read.Pages, len(read.Scans), err)
	}
	drawn, err := jpeg.Decode(bytes.NewReader(read.Scans[0]))
	if err != nil || drawn.Bounds() != image.Rect(0, 0, 600, 800) {
		t.Errorf("the scan: %v", err)
	}
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"plain":                     {plainPDF(), nil},
		"harmless object stream":    {plainPDF(folded(t, "5 0 <</Title (a /JS in words)>>")), nil},
		"words in a comment":        {plainPDF("% /Launch is forbidden\n"), nil},
		"words in a string":         {plainPDF("4 0 obj (nested (/JS) \\) /Launch) endobj"), nil},
		"no header":                 {[]byte("hello"), campaigns.ErrPDFBroken},
		"cut off":                   {good[:len(good)/2], campaigns.ErrPDFBroken},
		"no pages":                  {[]byte("%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\n%%EOF"), campaigns.ErrPDFPages},
		"too many pages":            {plainPDF(strings.Repeat("4 0 obj <</Type/Page>> endobj\n", 60)), campaigns.ErrPDFPages},
		"encrypted":                 {plainPDF("trailer <</Encrypt 8 0 R>>"), campaigns.ErrPDFLocked},
		"JavaScript":                {plainPDF("4 0 obj <</S /JavaScript /JS (app.alert(1))>> endobj"), campaigns.ErrPDFActive},
		"JavaScript, spelled":       {plainPDF("4 0 obj <</S /J#61vaScript>> endobj"), campaigns.ErrPDFActive},
		"launch":                    {plainPDF("4 0 obj <</S/Launch/F(calc.exe)>> endobj"), campaigns.ErrPDFActive},
		"embedded file":             {plainPDF("4 0 obj <</Type/EmbeddedFile/Length 1>> stream\nx\nendstream endobj"), campaigns.ErrPDFActive},
		"file without its type":     {plainPDF("4 0 obj <</Type/Filespec/EF<</F 5 0 R>> >> endobj"), campaigns.ErrPDFActive},
		"open action":               {plainPDF("4 0 obj <</OpenAction 5 0 R>> endobj"), campaigns.ErrPDFActive},
		"additional actions":        {plainPDF("4 0 obj <</AA <</O 5 0 R>> >> endobj"), campaigns.ErrPDFActive},
		"in an object stream":       {plainPDF(folded(t, "5 0 <</S/JavaScript>>")), campaigns.ErrPDFActive},
		"object stream by its keys": {plainPDF(strings.Replace(folded(t, "5 0 <</JS(x)>>"), "/Type/ObjStm", "", 1)), campaigns.ErrPDFActive},
		"object stream, unreadable": {plainPDF("9 0 obj <</Type/ObjStm/N 1/First 4/Filter[/ASCIIHexDecode/FlateDecode]/Length 2>> stream\n78\nendstream endobj"), campaigns.ErrPDFBroken},
		"hidden in a stream":        {plainPDF("4 0 obj <</Length 40>> stream\n7 0 obj <</S/Launch/F(calc.exe)>> endobj\nendstream endobj"), campaigns.ErrPDFActive},
		"hidden behind a comment":   {plainPDF("% <<>> stream\n4 0 obj <</S/Launch>> endobj\n% endstream"), campaigns.ErrPDFActive},
		"a false length":            {plainPDF("4 0 obj <</Length 3>> stream\nabcdef\nendstream endobj 5 0 obj <</JS(x)>> endobj"), campaigns.ErrPDFActive},
		"nested without end":        {plainPDF(strings.Repeat("[", 5000)), campaigns.ErrPDFBroken},
		"bomb":                      {plainPDF(folded(t, strings.Repeat(" ", 40<<20))), campaigns.ErrPDFBroken},
	} {
		if _, err := campaigns.ReadPDF(c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func FuzzReadPDF(f *testing.F) {
	f.Add(plainPDF())
	f.Add(plainPDF(folded(f, "5 0 <</S/JavaScript>>")))
	f.Add([]byte("%PDF-1.4 << /A [ ( \\"))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := campaigns.ReadPDF(file)
		if err == nil && p.Pages < 1 {
			t.Error("a file without pages was taken")
		}
	})
}
