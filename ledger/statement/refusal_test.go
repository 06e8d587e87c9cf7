package statement_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"fund/ledger/statement"
)

// broken are our own fixtures with one thing wrong, and the place that must be
// blamed for it.
var broken = []struct {
	name, file, old, new string
	row                  int
	column               string
}{
	{"ruined trade id", "wechat_trade_all.csv", "`4200001111202603010000000002,`D20260301002,`oDONOR001,`JSAPI,`S", "`4.20000111120260E+27,`D20260301002,`oDONOR001,`JSAPI,`S", 3, "微信订单号"},
	{"ruined refund id", "wechat_trade_all.csv", "`50000001112026030112345678901", "`5.00000E+28", 4, "微信退款单号"},
	{"trade amount", "wechat_trade_all.csv", "`CNY,`66.00", "`CNY,`6x.00", 3, "应结订单金额"},
	{"refund amount empty", "wechat_trade_all.csv", "`30.00,`0.00,`ORIGINAL", "`,`0.00,`ORIGINAL", 4, "退款金额"},
	{"fee", "wechat_trade_all.csv", "`0.39600", "`free", 3, "手续费"},
	{"trade date", "wechat_trade_all.csv", "2026-03-01 10:00:00", "2026-13-01 10:00:00", 3, "交易时间"},
	{"total", "wechat_trade_all.csv", "`166.00,`36.00,", "`166.00,`36..00,", 7, "退款总金额"},
	{"row cut off", "wechat_trade_all.csv", ",`,`0.39600,`0.60%,`66.00,`0.00,`", "", 3, "商户数据包"},
	{"flow amount", "wechat_fund_flow.csv", "`0.60", "`0.6O", 3, "收支金额（元）"},
	{"flow direction", "wechat_fund_flow.csv", "`支出,`1000.00", "`出,`1000.00", 4, "收支类型"},
	{"flow balance", "wechat_fund_flow.csv", "`99.40", "`99,4", 4, "账户结余（元）"},
	{"personal amount", "wechat_personal.csv", "¥18.00", "¥1８.00元整", 19, "金额(元)"},
	{"personal direction", "wechat_personal.csv", "收入,¥20.00,/,已收钱", "收,¥20.00,/,已收钱", 18, "收/支"},
	{"personal id", "wechat_personal.csv", "207260303100000000000000001", "2.0726E+26", 20, "交易单号"},
	{"personal cut off", "wechat_personal.csv", "¥20.00,/,已存入零钱,10000450012026030700000001\t,/\t,/", "¥20.00,/,已存", 25, "交易单号"},
	{"personal with a comma too many", "wechat_personal.csv", "王叔叔,/,收入,¥20.00,/", "王,叔,叔,/,收入,¥20.00,/", 25, "12"},
	{"alipay amount", "alipay_trade_gbk.csv", "50.00,50.00,", "50.00,5O.00,", 6, "商家实收（元）"},
	{"alipay id", "alipay_trade_gbk.csv", "\n2026030122000000000000000001\t,D20260301010\t,交易", "\n2.02603E+27\t,D20260301010\t,交易", 6, "支付宝交易号"},
	{"alipay bytes", "alipay_trade_gbk.csv", "RB001", "RB\xff01", 7, "22"},
	{"alipay flow without amount", "alipay_fund_gbk.csv", ",0.00,-0.30,", ",,,", 7, "收入金额（+元）"},
	{"alipay personal amount", "alipay_personal.csv", "45.00 ", "4.5.0 ", 20, "金额"},
	{"icbc amount", "icbc.csv", "10,000.00           ", "10,00.00            ", 9, "记账金额(收入)"},
	{"icbc date", "icbc.csv", "2026-03-08", "2026-02-30", 9, "交易日期"},
	{"cmb both empty", "cmb.csv", `"250.50",""`, `"",""`, 10, "收入"},
	{"boc balance", "boc.csv", `"3,312.17"`, `"3,312,17"`, 4, "余额"},
	{"bocom flag", "bocom.csv", "借 Dr", "?", 3, "借贷"},
	{"abc amount", "abc.csv", "-345.89", "-345.891", 3, "交易金额"},
	{"abc id", "abc.csv", "111222333", "1.11222E+08", 3, "日 志 号"},
	{"abc without date", "abc.csv", "20260303,,", ",,", 3, "交易日期"},
	{"abc cut off", "abc.csv", "20260304,,利息税,+0.00,10654.11,--,0000000000,,个人活期结息", "20260304,,利", 4, "交易金额"},
	{"quote never closed", "flag.csv", `"Gift"`, `"Gift`, 3, "Amount"},
	{"quote open at the end", "flag.csv", `"Azure"`, `"Azure`, 3, "6"},
	{"comma amount", "comma.csv", "3500,00", "3500.00", 3, "Crédit"},
	{"id of many zeros", "wechat_fund_flow.csv", "`1900000001202603010000000002", "`1900000001202600000000000000", 4, "资金流水单号"},
	{"ofx amount", "sgml.ofx", "1000,00", "1,000,00", 22, "TRNAMT"},
	{"ofx amount missing", "sgml.ofx", "<TRNAMT>1000,00", "", 22, "TRNAMT"},
	{"ofx date", "sgml.ofx", "20260230", "20261330", 23, "DTPOSTED"},
	{"ofx cut off", "sgml.ofx", "</OFX>\n", "", 35, ""},
	{"ofx line unclosed", "sgml.ofx", "<MEMO>no day</STMTTRN>", "<MEMO>no day", 23, ""},
	{"ofx line without beginning", "sgml.ofx", "<STMTTRN><TRNTYPE>CREDIT<TRNAMT>1000", "<TRNTYPE>CREDIT<TRNAMT>1000", 22, "TRNAMT"},
	{"personal without direction", "wechat_personal.csv", "收入,¥20.00,/,已收钱", ",¥20.00,/,已收钱", 18, "收/支"},
	{"ofx doctype", "sgml.ofx", "<OFX>", "<!DOCTYPE OFX SYSTEM \"x\">\n<OFX>", 10, ""},
	{"camt amount", "v02.camt.xml", `EUR">3.00`, `EUR">3..00`, 10, "Amt"},
	{"camt comma", "v02.camt.xml", `EUR">3.00`, `EUR">3,00`, 10, "Amt"},
	{"camt sign", "v02.camt.xml", "<CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><ValDt>", "<CdtDbtInd>DB</CdtDbtInd><Sts>BOOK</Sts><ValDt>", 11, "CdtDbtInd"},
	{"camt date", "v02.camt.xml", "2026-03-03+01:00", "2026-03-33", 11, "BookgDt"},
	{"camt cut off", "v02.camt.xml", "</Stmt></BkToCstmrStmt></Document>\n", "", 14, ""},
	{"camt doctype", "v02.camt.xml", "<Document", "<!DOCTYPE lolz [<!ENTITY lol \"lol\">]><Document", 2, ""},
	{"mt940 line", "two.sta", "RC5,5", "RX5,5", 9, ":61:"},
	{"mt940 amount", "two.sta", "RC5,5N", "RC5,5,5N", 9, ":61:"},
	{"mt940 day", "two.sta", ":61:260230", ":61:260232", 6, ":61:"},
	{"mt940 balance", "two.sta", "EUR170,07\r\n-}", "EUR\r\n-}", 13, ":62M:"},
	{"mt940 cut off", "two.sta", ":62F:D260302USD5,\r\n-\r\n", "", 28, ":62F:"},
}

func TestABrokenFileIsRefusedAtItsPlace(t *testing.T) {
	t.Parallel()
	for _, b := range broken {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile("testdata/" + b.file)
			if err != nil {
				t.Fatal(err)
			}
			text := string(data)
			if strings.HasPrefix(b.file, "alipay") || strings.HasPrefix(b.file, "icbc") || strings.HasPrefix(b.file, "cmb") {
				b.old, b.new = gbk(b.old), gbk(b.new)
			}
			if strings.Count(text, b.old) != 1 {
				t.Fatalf("%q stands %d times in %s", b.old, strings.Count(text, b.old), b.file)
			}
			found, err := statement.Parse(b.file, []byte(strings.Replace(text, b.old, b.new, 1)), statement.Options{})
			var refused *statement.Error
			if !errors.As(err, &refused) {
				t.Fatalf("read as %v, %v", found, err)
			}
			if refused.File != b.file || refused.Row != b.row || refused.Column != b.column {
				t.Errorf("blamed row %d column %q (%s), want row %d column %q", refused.Row, refused.Column, refused.In("zh"), b.row, b.column)
			}
			if zh, en := refused.In("zh"), refused.In("en-GB"); zh == en || refused.Text.ZH == "" || refused.Text.EN == "" {
				t.Errorf("%q and %q", zh, en)
			}
		})
	}
}

// A file that claims what it does not hold is read, and says where.
func TestClaimsThatDoNotTieAreWarnings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, old, new string
		row            int
		column         string
	}{
		{"wechat_trade_all.csv", "`4,`166.00", "`5,`166.00", 7, "总交易单数"},
		{"wechat_trade_all.csv", "`4,`166.00", "`4,`167.00", 7, "应结订单总金额"},
		{"wechat_trade_all.csv", "`36.00,`0.00,`0.81600", "`36.01,`0.00,`0.81600", 7, "退款总金额"},
		{"wechat_trade_all.csv", "`0.81600", "`0.91600", 7, "手续费总金额"},
		{"wechat_fund_flow.csv", "`1099.40", "`1099.41", 3, ""},
		{"wechat_fund_flow.csv", "`1000.60", "`1000.00", 6, "支出金额"},
		{"alipay_trade_gbk.csv", "-40.00", "-41.00", 11, "退款合计"},
		{"alipay_fund_gbk.csv", "549.70", "549.71", 6, ""},
		{"icbc.csv", "\"1,234.56          ", "\"1,234.57          ", 12, "记账金额(支出)"},
		{"icbc.csv", "11,000.00 ", "xx,yyyy.zz", 9, "余额"},
		{"boc.csv", "3,240.28", "3,240.29", 3, ""},
		{"v02.camt.xml", "<NbOfNtries>6", "<NbOfNtries>7", 7, "TtlNtries"},
		{"v02.camt.xml", "<Sum>13.00", "<Sum>14.00", 7, "TtlCdtNtries"},
		{"v02.camt.xml", `EUR">88.00`, `EUR">89.00`, 5, "CLBD"},
		{"two.sta", ":62M:C260302EUR170,07", ":62M:C260302EUR171,07", 13, ":62M:"},
		{"two.sta", ":60M:C260302EUR170,07", ":60M:C260302EUR171,07", 18, ":60M:"},
	} {
		data, err := os.ReadFile("testdata/" + c.file)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Replace(string(data), c.old, c.new, 1)
		if text == string(data) {
			t.Fatalf("%q is not in %s", c.old, c.file)
		}
		found := false
		for _, s := range parse(t, []byte(text), statement.Options{}) {
			for _, w := range s.Warnings {
				found = found || w.Row == c.row && w.Column == c.column && w.In("zh") != w.In("en")
			}
		}
		if !found {
			t.Errorf("%s with %q: no warning for row %d column %q", c.file, c.new, c.row, c.column)
		}
	}
}

func TestUnknownFiles(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"numbers": "1\n2\n3\n4\n", "prose": "Dear treasurer,\nhere is nothing.\n", "json": `{"a": [1, 2]}`, "html": "<html><body>log in</body></html>",
		"header only of another kind": "name,phone\nLi,1\n", "png": "\x89PNG\r\n\x1a\n\x00\x00", "pdf": "%PDF-1.4\n",
	} {
		if found, err := statement.Parse(name, []byte(text), statement.Options{}); !errors.Is(err, statement.ErrUnknown) {
			var broken *statement.Error
			if !errors.As(err, &broken) || broken.Row == 0 {
				t.Errorf("%s: %v, %v", name, found, err)
			}
		}
	}
	for name, o := range map[string]statement.Options{"a format nobody has": {Format: "qif"}, "the wrong format": {Format: statement.OFX}} {
		data, err := os.ReadFile("testdata/boc.csv")
		if err != nil {
			t.Fatal(err)
		}
		if found, err := statement.Parse("boc.csv", data, o); err == nil {
			t.Errorf("%s: %v", name, found)
		}
	}
	if _, err := statement.Parse("empty", []byte(" \n"), statement.Options{}); err == nil {
		t.Error("an empty file was read")
	}
}
