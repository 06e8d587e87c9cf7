package public_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"fund/campaigns/disclosure"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/pdf"
)

// A report in hand is the published one byte for byte, or one of its numbers with other bytes, or one that was corrected later.
func TestAReportInHandIsComparedWithWhatWasIssued(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.over(t, "told", 40)
	v := h.visitor(t)
	first := h.report(t, "told", "", disclosure.Texts{DoneZH: "六张桌子。", DoneEN: "Six tables.", Served: 96}, time.Now())
	drawn := fmt.Sprintf("%%PDF-1.4\n/URI (%s/c/angong/documents/%s/1)\n%%%%EOF\n", h.Base, first.Serial())
	tx := h.Owner.MustBegin() // what was published without drawings gets none later, except past the guards
	defer tx.Rollback()       //nolint:errcheck // after a commit it does nothing
	tx.MustExec(`SET LOCAL session_replication_role = replica`)
	tx.MustExec(`INSERT INTO disclosure.drawing (community_id, year, number, version, lang, value, pages, pdf) VALUES ($1, $2, $3, 1, 'zh-CN', '{}', 1, $4)`,
		h.ID, first.Year, first.Number, []byte(drawn))
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	wantIn(t, "the issued one", v.hold("report.pdf", []byte(drawn)).Body, `data-result="true"`, "一个字节都不差", "№"+first.Serial())
	wantIn(t, "an altered one", v.hold("report.pdf", []byte(strings.Replace(drawn, "1.4", "1.5", 1))).Body, `data-result="false"`, "它自称是报告 №"+first.Serial())
	wantIn(t, "another community's", v.hold("report.pdf", []byte(strings.Replace(drawn, "/c/angong/", "/c/elsewhere/", 1))).Body, `data-result="unknown"`)
	h.report(t, "told", "人数更正", disclosure.Texts{DoneZH: "六张桌子。", DoneEN: "Six tables.", Served: 90}, time.Now())
	wantIn(t, "a corrected one", v.hold("report.pdf", []byte(drawn)).Body, `data-result="old"`, "现在是第 2 版")
}

// A receipt that was refunded later was true when it was issued; one with a token that is none was never issued.
func TestAReceiptInHandIsDrawnAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	given := v.give("amount", "50.00")
	h.seal(t)
	file := v.get(given.Path + "/receipt.pdf?lang=en").Body
	wantIn(t, "in English", v.hold("receipt.pdf", []byte(file)).Body, `data-result="true"`, "¥50.00", `data-proof="`+given.Path+`/proof.txt"`)
	token := strings.TrimPrefix(given.Path, "/r/")
	wantIn(t, "of nobody", v.hold("receipt.pdf", []byte(strings.ReplaceAll(file, token, "2-"+strings.Repeat("a", len(token)-2)))).Body, `data-result="false"`, "我们没有开过这张收据")
	found, err := issue.FindReceipt(t.Context(), h.Owner, token)
	if err != nil {
		t.Fatal(err)
	}
	var elsewhere bytes.Buffer
	if err := pdf.Receipt(&elsewhere, found.Doc(i18n.English, "https://fund.example.net")); err != nil {
		t.Fatal(err)
	}
	wantIn(t, "with a code that leads elsewhere", v.hold("receipt.pdf", elsewhere.Bytes()).Body, `data-result="false"`, "和文件不一样")
	if a := v.hold("empty.txt", nil); a.Status != 422 {
		t.Errorf("an empty file: %d", a.Status)
	}
	for _, bad := range []string{"%PDF-", "\x00\x01\x02", strings.Repeat("{", 10000), "fund entry v1\n" + strings.Repeat("x", 1<<20), "\x89PNG\r\n\x1a\nbroken"} {
		if a := v.hold("odd", []byte(bad)); a.Status >= 500 {
			t.Errorf("%.10q: %d", bad, a.Status)
		}
	}
}
