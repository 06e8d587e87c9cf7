package pdf_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"fund/ledger/money"
	"fund/web/pdf"
)

func reconciliationDoc(lang string, n int) pdf.ReconciliationDoc {
	day := time.Date(2017, 11, 30, 0, 0, 0, 0, time.UTC)
	doc := pdf.ReconciliationDoc{
		Lang: lang, Community: "安公社区", Account: "1002 银行存款", Label: "6217****6618", Through: day, State: "已完成", Good: true, Preparer: "王会计",
		Made:  time.Date(2017, 12, 1, 9, 30, 0, 0, time.UTC),
		Books: pdf.ReconciliationSide{Balance: money.MustParse("1224.55")},
		Bank:  pdf.ReconciliationSide{Balance: money.MustParse("1224.55")},
	}
	for range n {
		item := pdf.ReconciliationItem{Day: day, Number: "2017-1930", Text: "志愿者保险 · 转账已发出", Note: "12 月 2 日银行才会扣", Amount: money.MustParse("60.00")}
		doc.Bank.Out, doc.Bank.Balance = append(doc.Bank.Out, item), doc.Bank.Balance.Add(item.Amount)
	}
	return doc
}

func TestReconciliationAddsUpOnPaper(t *testing.T) {
	t.Parallel()
	for lang, words := range map[string][]string{
		"zh-CN": {"银行存款余额调节表", "2017 年 11 月 30 日", "加：银行已收、账上未记", "减：账上已付、银行未付", "两边调节后余额相等", "编制：王会计", "复核人（签字）", "第 4 页，共 4 页"},
		"en":    {"Bank reconciliation statement", "30 November 2017", "Less: paid in the books, not by", "Both adjusted balances are the same", "Checked by (signature)", "Voucher"},
	} {
		doc := reconciliationDoc(lang, 70)
		file := func(w io.Writer) error { return pdf.Reconciliation(w, doc) }
		if !bytes.Equal(render(t, file), render(t, file)) {
			t.Errorf("%s: the same statement drawn twice differs", lang)
		}
		got := tool(t, render(t, file), "pdftotext", "-layout", "FILE", "-")
		for _, word := range append(words, "5,424.55", "4,200.00", "1,224.55", "6217****6618", "12 月 2 日银行才会扣") {
			if !strings.Contains(got, word) {
				t.Errorf("%s lacks %q:\n%s", lang, word, got)
			}
		}
	}
}

func TestReconciliationSaysWhatIsOff(t *testing.T) {
	t.Parallel()
	doc := reconciliationDoc("zh-CN", 1)
	doc.Bank.Balance = doc.Bank.Balance.Add(money.MustParse("5.00"))
	got := tool(t, render(t, func(w io.Writer) error { return pdf.Reconciliation(w, doc) }), "pdftotext", "-layout", "FILE", "-")
	if doc.Difference().String() != "5.00" || !strings.Contains(got, "两边还差 5.00") {
		t.Errorf("%s: %s", doc.Difference(), got)
	}
}

// The draft of a year that nobody has matched ends somewhere, and its sums are whole.
func TestReconciliationOfAYearEnds(t *testing.T) {
	t.Parallel()
	got := tool(t, render(t, func(w io.Writer) error { return pdf.Reconciliation(w, reconciliationDoc("zh-CN", 2007)) }), "pdftotext", "-layout", "FILE", "-")
	for _, word := range []string{"另有 7 笔，合计 420.00", "120,420.00"} {
		if !strings.Contains(got, word) {
			t.Errorf("lacks %q", word)
		}
	}
}
