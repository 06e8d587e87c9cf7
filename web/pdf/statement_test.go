package pdf_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"fund/ledger"
	"fund/ledger/report"
	"fund/web/pdf"
)

// statementDoc is a statement upright, or one of six columns of figures, which lies on its side.
func statementDoc(lang string, wide bool) pdf.StatementDoc {
	figures := 2
	if wide {
		figures = 6
	}
	t := report.Table{
		Ask:       report.Ask{From: ledger.Day(2017, 1, 1), To: ledger.Day(2017, 6, 30)},
		Statement: report.Statement{Key: "activity", Form: "会民非02表", Title: report.Words{ZH: "业务活动表", EN: "Activity statement"}},
		Community: ledger.Community{NameZH: "安公社区", NameEN: "Angong Community"},
		Of:        report.Words{ZH: "暖心饭", EN: "Warm dinners"},
		Columns:   []report.Column{{Key: "item", Kind: report.LabelColumn, Title: report.Words{ZH: "项目", EN: "Item"}}},
		Notes:     []report.Words{{ZH: "费用全部列入非限定性。", EN: "All expense stands as unrestricted."}}, PreparedFrom: 2186,
	}
	for i := range figures {
		group := report.Words{ZH: "本期数", EN: "This period"}
		if i >= figures/2 {
			group = report.Words{ZH: "本年累计数", EN: "Year to date"}
		}
		t.Columns = append(t.Columns, report.Column{Key: fmt.Sprint(i), Kind: report.AmountColumn, Group: group, Title: report.Words{ZH: "合计", EN: "Total"}})
	}
	row := func(kind report.Kind, depth int, zh, en, amount string) {
		cells := []report.Cell{report.Text(report.Words{ZH: zh, EN: en}, nil)}
		for range figures {
			cell := report.Cell{}
			if amount != "" {
				cell = report.Figure(yuan(amount), nil)
			}
			cells = append(cells, cell)
		}
		t.Rows = append(t.Rows, report.TableRow{Kind: kind, Depth: depth, Cells: cells})
	}
	row(report.Head, 0, "一、收入", "I. Income", "")
	row(report.Item, 1, "捐赠收入", "Donations", "236874.50")
	row(report.Part, 2, "其中：网上捐赠", "of which online", "0.00")
	row(report.Sum, 0, "收入合计", "Total income", "236874.50")
	row(report.Result, 0, "净资产变动额", "Change of net assets", "-1184430.00")
	return pdf.StatementDoc{Lang: lang, Table: t, Preparer: "王会计", Made: time.Date(2017, 7, 3, 9, 30, 0, 0, time.UTC)}
}

func TestStatementSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for lang, words := range map[string][]string{
		"zh-CN": {"业务活动表", "2017 年 1 月至 6 月 · 暖心饭", "编制单位：安公社区", "单位：元", "会民非02表", "本年累计数", "单位负责人（签字）", "复核（签字）", "制表（签字）", "王会计编制，2017 年 7 月 3 日 09:30，依据公账的前 2,186 笔。", "第 1 页，共 1 页"},
		"en":    {"Activity statement", "January to June 2017 · Warm dinners", "Reporting entity: Angong Community", "Year to date", "of which online", "Prepared by (signature)", "the first 2,186 entries"},
	} {
		for _, wide := range []bool{false, true} {
			doc := statementDoc(lang, wide)
			b := render(t, func(w io.Writer) error { return pdf.Statement(w, doc) })
			got := tool(t, b, "pdftotext", "-layout", "FILE", "-")
			for _, word := range append(words, "236,874.50", "−1,184,430.00", "—") {
				if !strings.Contains(got, word) {
					t.Errorf("%s lacks %q:\n%s", lang, word, got)
				}
			}
			if strings.Contains(got, "两边不平") || strings.Contains(got, "sides differ") {
				t.Errorf("%s: a statement without two sides is called unbalanced", lang)
			}
			size := tool(t, b, "pdfinfo", "FILE")
			if side := strings.Contains(size, "841.89 x 595.28"); side != wide {
				t.Errorf("%d columns of figures: %s", doc.Table.Amounts(), size)
			}
		}
	}
}

func TestStatementSaysThatItIsOff(t *testing.T) {
	t.Parallel()
	doc, off := statementDoc("zh-CN", false), false
	doc.Table.Balanced = &off
	if got := tool(t, render(t, func(w io.Writer) error { return pdf.Statement(w, doc) }), "pdftotext", "FILE", "-"); !strings.Contains(got, "两边不平") {
		t.Errorf("not said: %s", got)
	}
}

// A card of many lines goes over pages, with the headings on each, and ends where paper has to.
func TestStatementOfManyRows(t *testing.T) {
	t.Parallel()
	doc := statementDoc("zh-CN", false)
	line := doc.Table.Rows[1]
	for range 10_010 {
		doc.Table.Rows = append(doc.Table.Rows, line)
	}
	got := tool(t, render(t, func(w io.Writer) error { return pdf.Statement(w, doc) }), "pdftotext", "-layout", "FILE", "-")
	if pages := strings.Count(got, "本年累计数"); pages < 200 {
		t.Errorf("headings on %d pages", pages)
	}
	if !strings.Contains(got, "另有 15 行没有印出") {
		t.Error("what is not printed is not told")
	}
}
