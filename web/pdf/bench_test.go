package pdf_test

import (
	"bytes"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"

	"fund/web/pdf"
)

// BenchmarkAnnual100 draws an annual report of a hundred pages and tells its pages, the seconds for one, and the most memory that
// the whole process ever held while it drew (VmHWM, with the fonts and the sample):
//
//	go test ./web/pdf -run '^$' -bench Annual100
func BenchmarkAnnual100(b *testing.B) {
	doc := sampleAnnual("zh-CN")
	doc.Photos = map[string][]byte{"a": samplePhoto(), "b": samplePhoto()}
	doc.Entries = nil
	sampleEntries(&doc.ReportDoc, 3100)
	runtime.GC()
	debug.FreeOSMemory()
	var drawn bytes.Buffer
	for b.Loop() {
		drawn.Reset()
		if err := pdf.AnnualReport(&drawn, doc); err != nil {
			b.Fatal(err)
		}
	}
	pages := len(regexp.MustCompile(`/Type /Page\b`).FindAll(drawn.Bytes(), -1))
	b.ReportMetric(float64(pages), "pages")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/report")
	b.ReportMetric(peakMB(), "peak-MB")
	if pages < 100 {
		b.Errorf("only %d pages", pages)
	}
}

// peakMB is the most memory that this process has held so far (Linux only, else 0).
func peakMB() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		return 0
	}
	kB, _ := strconv.ParseFloat(string(found[1]), 64)
	return kB / 1024
}
