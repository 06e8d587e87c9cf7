package statement_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"fund/ledger/statement"
)

func gbk(s string) string {
	if !utf8.ValidString(s) {
		return s // damaged on purpose
	}
	if encoded, err := simplifiedchinese.GB18030.NewEncoder().String(s); err == nil {
		return encoded
	}
	return s
}

// pack makes a ZIP file of names, as raw bytes, and contents.
func pack(t *testing.T, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: members[i], Method: zip.Deflate, NonUTF8: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(members[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestAlipayZipWithItsSummaryFirst(t *testing.T) {
	t.Parallel()
	trade, summary := fixture(t, "alipay_trade_gbk.csv"), gbk("#支付宝业务汇总查询\n门店编号,门店名称,交易订单总笔数,退款订单总笔数\n合计,,1,2\n")
	data := pack(t, gbk("2088_业务明细(汇总).csv"), summary, gbk("2088_业务明细.csv"), trade, "__MACOSX/._x", "junk")
	if got := figures(parse(t, data, statement.Options{})); got != fixtures["alipay_trade_gbk.csv"] {
		t.Error(got)
	}
	bad := pack(t, gbk("2088_业务明细(汇总).csv"), summary, gbk("2088_业务明细.csv"), strings.Replace(trade, "50.00,50.00", "50.00,5x.00", 1))
	_, err := statement.Parse("bill.zip", bad, statement.Options{})
	var refused *statement.Error
	if !errors.As(err, &refused) || refused.File != "bill.zip/2088_业务明细.csv" || refused.Row != 6 || refused.Column != "商家实收（元）" {
		t.Errorf("%+v", refused)
	}
	both := pack(t, "good.csv", trade, "bad.csv", "a,b\n1,2\n")
	if found, err := statement.Parse("both.zip", both, statement.Options{}); err == nil {
		t.Errorf("half a ZIP file was read: %v", found)
	}
}

func TestContainersThatWouldBurst(t *testing.T) {
	t.Parallel()
	zeros := strings.Repeat("0,1\n", 20<<20)
	for name, data := range map[string][]byte{
		"one member":     pack(t, "a.csv", zeros),
		"a workbook":     pack(t, "[Content_Types].xml", "<x/>", "xl/workbook.xml", "<x/>", "xl/styles.xml", zeros),
		"a ZIP in a ZIP": pack(t, "a.zip", string(pack(t, "a.csv", "x"))),
		"no ZIP":         []byte("PK\x03\x04 and then nothing"),
		"empty":          pack(t),
	} {
		if found, err := statement.Parse("x.zip", data, statement.Options{}); err == nil {
			t.Errorf("%s: %v", name, found)
		}
	}
	var many []string
	for i := range 300 {
		many = append(many, fmt.Sprint(i), "x")
	}
	if _, err := statement.Parse("x.zip", pack(t, many...), statement.Options{}); err == nil {
		t.Error("300 members were read")
	}
}

// workbook makes an XLSX file: sheets in order, their rows of cells.
func workbook(t *testing.T, sheets map[string][][]any, order ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, name := range order {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		if i == 0 && name != "Sheet1" {
			if err := f.DeleteSheet("Sheet1"); err != nil {
				t.Fatal(err)
			}
		}
		for n, cells := range sheets[name] {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", n+1), &cells); err != nil {
				t.Fatal(err)
			}
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var walletHeader = []any{"交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态", "交易单号", "商户单号", "备注"}

// The wallet's workbook: an empty first sheet, then 17 rows of preamble, days
// as text or as serial numbers, amounts as binary fractions.
func TestWeChatPersonalWorkbook(t *testing.T) {
	t.Parallel()
	rows := [][]any{{"微信支付账单明细"}, {"微信昵称：[王会计]"}}
	for len(rows) < 17 {
		rows = append(rows, []any{""})
	}
	rows = append(rows, walletHeader,
		[]any{"2026-03-01 08:00:00", "二维码收款", "李阿姨", "/", "收入", 0.1 + 0.2, "/", "已收钱", "100004500120260301\t", "/", "/"},
		[]any{46083.5, "商户消费", "打印社", "/", "支出", 548.58, "零钱", "支付成功", "42000011112026030200000001 ", "/", "/"},
		[]any{"2026-03-03 08:00:00", "零钱提现", "工商银行", "/", "/", 100.1, "工商银行", "提现已到账", "207260303", "/", "服务费¥0.10"})
	data := workbook(t, map[string][][]any{"Sheet1": rows}, "empty", "Sheet1")
	found := parse(t, data, statement.Options{})
	if got := figures(found); got != "wechat-personal bill CNY 3 0.30 548.58 - -" {
		t.Fatal(got)
	}
	if l := found[0].Lines[1]; l.Row != 20 || l.Date.Format("2006-01-02") != "2026-03-02" || l.Clock != "12:00:00" {
		t.Errorf("row %d: %v %s", l.Row, l.Date, l.Clock)
	}
	twice := workbook(t, map[string][][]any{"copy": rows, "Sheet1": rows}, "copy", "Sheet1")
	if got := figures(parse(t, twice, statement.Options{})); got != "wechat-personal bill CNY 3 0.30 548.58 - -" {
		t.Errorf("the copy counts too: %s", got)
	}
	for _, bad := range []struct {
		cell   int
		value  any
		column string
	}{{5, 0.125, "金额(元)"}, {5, "none", "金额(元)"}, {8, 4.2e27, "交易单号"}, {0, "yesterday", "交易时间"}} {
		row := append([]any(nil), rows[18]...)
		row[bad.cell] = bad.value
		broken := append(append([][]any(nil), rows[:18]...), rows[19], row)
		_, err := statement.Parse("x.xlsx", workbook(t, map[string][][]any{"a": broken}, "a"), statement.Options{})
		var refused *statement.Error
		if !errors.As(err, &refused) || refused.Row != 20 || refused.Column != bad.column {
			t.Errorf("%v: %v", bad.value, err)
		}
	}
}

// What some banks call .xls is a web page, or XML, with rows of cells.
func TestTablesInTags(t *testing.T) {
	t.Parallel()
	page := gbk("<html><head><meta charset=gbk></head><body><table><tr><td colspan=4>浦发银行 交易明细</td></tr>" +
		"<tr><th>交易时间</th><th>存入金额</th><th>取出金额</th><th>余额</th></tr>" +
		"<tr><td>2026/03/01&nbsp; 14:06:51</td><td>66.00</td><td></td><td>166.00</td></tr>" +
		"<tr><td>2026/03/02  09:00:00</td><td>&nbsp;</td><td>1,6AMOUNT</td><td>150.00</td></tr></table></body></html>")
	good := strings.Replace(page, "1,6AMOUNT", "16.00", 1)
	if got := figures(parse(t, []byte(good), statement.Options{})); got != "bank-cn spdb CNY 2 66.00 16.00 100.00 150.00" {
		t.Error(got)
	}
	_, err := statement.Parse("x.xls", []byte(page), statement.Options{})
	var refused *statement.Error
	if !errors.As(err, &refused) || refused.Row != 4 || refused.Column != "取出金额" {
		t.Errorf("%v", err)
	}
	sheet := `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>
<Row><Cell><Data ss:Type="String">Date</Data></Cell><Cell><Data ss:Type="String">Credit</Data></Cell><Cell><Data ss:Type="String">Debit</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">2026-03-01</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">16.1</Data></Cell></Row></Table></Worksheet></Workbook>`
	if got := figures(parse(t, []byte(sheet), statement.Options{})); got != "csv-intl table  1 0.00 16.10 - -" {
		t.Error(got)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(good)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if got := figures(parse(t, packed.Bytes(), statement.Options{})); got != "bank-cn spdb CNY 2 66.00 16.00 100.00 150.00" {
		t.Error(got)
	}
}
