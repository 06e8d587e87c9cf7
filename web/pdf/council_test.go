package pdf_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"fund/ledger"
	"fund/web/pdf"
)

func TestBallotsAreFourToAPage(t *testing.T) {
	t.Parallel()
	doc := pdf.BallotDoc{Lang: "zh-CN", Community: "安公社区", Council: "3 号院议事会", Serial: "2026-012", Title: "给 3 号院雨棚拨款：钢架、阳光板、基础和排水，下雨也能坐下来", Amount: "¥24,000.00", Secret: true, Sheets: 5}
	drawn := render(t, func(w io.Writer) error { return pdf.Ballots(w, doc) })
	if got := tool(t, drawn, "pdfinfo", "FILE"); !strings.Contains(got, "Pages:           2") {
		t.Errorf("five sheets: %s", got)
	}
	text := tool(t, drawn, "pdftotext", "FILE", "-")
	if n := strings.Count(text, "同意"); n != 5 || !strings.Contains(text, "2026-012") || !strings.Contains(text, "¥24,000.00") {
		t.Errorf("%d sheets to vote on: %s", n, text)
	}
}

func TestMinutesSayWhoCameAndWhatWasVoted(t *testing.T) {
	t.Parallel()
	doc := pdf.MinutesDoc{
		Lang: "zh-CN", Community: "安公社区", Council: "3 号院议事会", Serial: "2026-003", HeldOn: ledger.Day(2026, 11, 23), Place: "石桌", Present: "何代表（召集人）、周伯伯（记录人）、王婆婆",
		Absent: "赵师傅", Digest: strings.Repeat("0123456789abcdef", 4), URL: "https://fund.example.org/c/angong/councils/court-3/minutes/2026-003",
	}
	for i := range 8 {
		doc.Motions = append(doc.Motions, pdf.MinutesMotion{
			Serial: fmt.Sprintf("2026-%03d", i+1), Title: "给雨棚拨款", Text: strings.Repeat("三家比过价，选了第二家。", 12), Amount: "¥1,000.00", Figures: [4]int{4, 1, 0, 0}, Outcome: "通过", Passed: true,
			Lines: []string{"5 人参加（纸票 2 张），至少要 3 人；同意的至少要 3 票"},
		})
	}
	drawn := render(t, func(w io.Writer) error { return pdf.Minutes(w, doc) })
	text := tool(t, drawn, "pdftotext", "FILE", "-")
	for _, want := range []string{"会议记录", "何代表（召集人）", "2026-008", "0123456789abcdef0123456789abcdef", "监票人", "3 / 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in: %s", want, text)
		}
	}
}
