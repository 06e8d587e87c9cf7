package statement_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"fund/ledger/statement"
)

// one reads a table of one line and returns its amount and day.
func one(text string) string {
	found, err := statement.Parse("x.csv", []byte(text), statement.Options{})
	if err != nil {
		return "refused"
	}
	if len(found[0].Lines) == 0 {
		return "skipped"
	}
	l := found[0].Lines[0]
	return l.Amount.String() + " " + l.Date.Format("2006-01-02") + " " + l.Clock
}

func TestAmountsAsBanksWriteThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1": "1.00", "-1": "-1.00", "+0.00": "0.00", "1,234.50": "1234.50", "-2,769.59": "-2769.59", "¥50.0": "50.00", "￥ 8": "8.00",
		"(12.00)": "-12.00", "12.00-": "-12.00", "−3.50": "-3.50", "１２．５０": "12.50", "CNY 123.18": "123.18", "0.00000": "0.00",
		"474.400": "474.40", ".5": "0.50", "100元": "100.00", "1 ": "1.00", "\t7.00\t": "7.00", "9999999999999999.99": "9999999999999999.99",
		"1.234": "", "12..34": "", "1,23": "", "1,2345.00": "", "1e5": "", "NaN": "", "--": "", "": "", "1.2.3": "", "O.50": "", "-": "",
		"--5": "", "+-5": "", "(5": "", "99999999999999999999": "", "0x10": "", "1_000": "", "５O": "", "1;2": "",
	} {
		if want == "" {
			want = "refused"
		} else {
			want += " 2026-03-01 "
		}
		if got := one(fmt.Sprintf("交易日期,金额,摘要\n2026-03-01,\"%s\",x\n", in)); got != want {
			t.Errorf("%q is read as %q, want %q", in, got, want)
		}
	}
}

func TestDaysAsBanksWriteThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2026-03-01": "2026-03-01 ", "2026/3/1 9:05": "2026-03-01 09:05:00", "20260301": "2026-03-01 ", "20260301123456": "2026-03-01 12:34:56",
		"2026年3月1日": "2026-03-01 ", "2026年03月01日 12:34:56": "2026-03-01 12:34:56", "2026.03.01": "2026-03-01 ", "31/12/2026": "2026-12-31 ",
		"12/31/2026": "2026-12-31 ", "31.12.26": "2026-12-31 ", "1 Mar 2026": "2026-03-01 ", "01-Mar-26": "2026-03-01 ", "Mar 1, 2026": "2026-03-01 ",
		"2026-03-01T08:00:00.123+08:00": "2026-03-01 08:00:00", "2026/12/03  14:06:51": "2026-12-03 14:06:51",
		"2026-02-29": "", "2026-13-01": "", "2026-00-10": "", "20260230": "", "32/12/2026": "", "yesterday": "", "2026": "", "1900-01-01": "",
		"2026-03-01 25:00": "", "12/2026": "", "##########": "",
	} {
		want = "1.00 " + want
		if want == "1.00 " {
			want = "refused"
		}
		if got := one("date,amount,memo\n\"" + in + "\",1.00,x\n"); got != want {
			t.Errorf("%q is read as %q, want %q", in, got, want)
		}
	}
}

// However a spreadsheet or a bank dresses a file up, it says the same.
func TestDress(t *testing.T) {
	t.Parallel()
	plain := fixture(t, "boc.csv")
	want := figures(parse(t, []byte(plain), statement.Options{}))
	units := utf16.Encode([]rune("\ufeff" + plain))
	wideText := make([]byte, 0, 2*len(units))
	for _, u := range units {
		wideText = append(wideText, byte(u), byte(u>>8))
	}
	for name, text := range map[string]string{
		"BOM":            "\ufeff" + plain,
		"UTF-16":         string(wideText),
		"CRLF":           strings.ReplaceAll(plain, "\n", "\r\n"),
		"CR":             strings.ReplaceAll(plain, "\n", "\r"),
		"GB18030":        gbk(plain),
		"no last line":   strings.TrimSuffix(plain, "\n"),
		"blank lines":    strings.ReplaceAll(plain, "\n", "\n\n"),
		"padding":        strings.ReplaceAll(plain, ",人民币,", "  \t,\u3000人民币 ,"),
		"other column":   strings.Replace(strings.ReplaceAll(plain, ",人民币,", ",,人民币,"), ",币别,", ",本行备用,币别,", 1),
		"half-width":     strings.Replace(plain, "金额,余额", "金额(元), 余 额（元）", 1),
		"no currency":    strings.Replace(plain, "币别", "", 1),
		"header again":   strings.Replace(plain, "2026-03-20", strings.Split(plain, "\n")[1]+"\n2026-03-20", 1),
		"rows of remark": plain + "合计,,,978.11,\n说明,本明细仅供参考\n",
	} {
		if got := figures(parse(t, []byte(text), statement.Options{})); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestTableThatCanBeReadTwoWays(t *testing.T) {
	t.Parallel()
	found := parse(t, []byte("Date,Description,Amount\n03/04/2026,tea,-5.00\n05/06/2026,tea,-5.00\n"), statement.Options{})
	if len(found[0].Warnings) != 1 || found[0].Warnings[0].Row != 2 || found[0].Lines[0].Date.Month() != 4 {
		t.Errorf("%v, %v", found[0].Warnings, found[0].Lines[0].Date)
	}
	profile := &statement.Profile{Date: "Date", Amount: "Amount", Memo: []string{"Description"}, DateOrder: "mdy", Spending: true}
	found = parse(t, []byte("Date,Description,Amount\n03/04/2026,tea,-5.00\n"), statement.Options{Profile: profile})
	if len(found[0].Warnings) != 0 || found[0].Lines[0].Date.Month() != 3 || found[0].Lines[0].Amount.String() != "5.00" {
		t.Errorf("%+v", found[0])
	}
}

// Banks name the column of the side as they like; a payment is never read as
// money that came in because of it.
func TestFlagOfAnUnknownName(t *testing.T) {
	t.Parallel()
	text := "交易日期,借贷状态,交易金额,余额,对手姓名\n2026-01-02,贷,100.00,600.00,张三\n2026-01-03,借,200.00,400.00,李四\n"
	found := parse(t, []byte(text), statement.Options{})
	if got := figures(found); got != "bank-cn table CNY 2 100.00 200.00 500.00 400.00" || found[0].Lines[1].Counterparty != "李四" {
		t.Error(got, found[0].Lines)
	}
	_, err := statement.Parse("x.csv", []byte(strings.Replace(text, "借,", "?,", 1)), statement.Options{})
	var refused *statement.Error
	if !errors.As(err, &refused) || refused.Row != 3 || refused.Column != "借贷状态" {
		t.Error(err)
	}
}

func TestProfileWithFlags(t *testing.T) {
	t.Parallel()
	text := "preamble\nWann;Was;Wieviel;Richtung\n01.02.2026;Tee;1.234,50;raus\n02.02.2026;Spende;7,00;rein\n"
	profile := &statement.Profile{
		Date: "Wann", Amount: "Wieviel", Memo: []string{"Was"}, Flag: "Richtung", InFlags: []string{"rein"}, OutFlags: []string{"raus"},
		Separator: ";", Currency: "EUR", Name: "haus",
	}
	if got := figures(parse(t, []byte(text), statement.Options{Profile: profile})); got != "csv-intl haus EUR 2 7.00 1234.50 - -" {
		t.Error(got)
	}
	if _, err := statement.Parse("x", []byte(strings.Replace(text, "rein", "hm", 1)), statement.Options{Profile: profile}); err == nil {
		t.Error("a flag that the profile does not know was read")
	}
}

// The preview of a table suggests a profile that reads it.
func TestLookSuggestsAProfile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"boc.csv", "comma.csv", "flag.csv", "cmb.csv", "abc.csv"} {
		data := []byte(fixture(t, name))
		p, err := statement.Look(name, data)
		if err != nil || p.Header == 0 || len(p.Rows) < p.Header {
			t.Fatalf("%s: %+v, %v", name, p, err)
		}
		if p.Profile.Currency == "" {
			p.Profile.Currency = "CNY"
		}
		own, guessed := parse(t, data, statement.Options{}), parse(t, data, statement.Options{Profile: &p.Profile})
		if a, b := sums(own), sums(guessed); a != b {
			t.Errorf("%s: %s, by the profile %s", name, a, b)
		}
	}
	if p, err := statement.Look("x", []byte("a|b|c\n1|2|3\n")); err != nil || p.Header != 0 || len(p.Rows) != 2 || len(p.Rows[1]) != 3 {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := statement.Look("x", []byte(fixture(t, "sgml.ofx"))); err == nil {
		t.Errorf("%+v", p)
	}
}

// sums leaves out what a profile names differently.
func sums(all []statement.Statement) string {
	words := strings.Fields(figures(all))
	return strings.Join(words[len(words)-5:], " ")
}

// A card's positive sum is spending, in whichever way its bank lets on that it
// is a card; what was settled counts, not what was rung up abroad.
func TestCards(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"citic": {
			"本期账单明细(人民币)\n交易日期,入账日期,交易描述,卡末四位,交易币种,结算币种,交易金额,结算金额\n" +
				"2026-01-02,2026-01-03,文具,1234,USD,CNY,10.00,72.50\n2026-01-05,2026-01-05,财付通还款,1234,CNY,CNY,-1.21,-1.21\n",
			"bank-cn citic CNY 2 1.21 72.50 - -",
		},
		"bocom without signs": {
			"交易日期,记账日期,交易说明,交易币种/金额,入账币种/金额\n2026-01-10,2026-01-10,退货 打车,CNY 123.18,CNY 123.18\n" +
				"2026-01-29,2026-01-29,信用卡还款 转账还款,CNY 666.60,CNY 666.60\n2026-01-11,2026-01-12,消费 还款机专卖店,CNY 2.99,CNY 2.99\n",
			"bank-cn bocom CNY 3 789.78 2.99 - -",
		},
		"two days and no balance": {"交易日期,入账日期,交易摘要,交易金额,交易货币,入账金额,入账货币\n2026/01/05,2026/01/06,（消费）商户,15.90,人民币,15.90,人民币\n" +
			"2026/01/04,2026/01/04,（退款）商户,-97.20,人民币,-97.20,人民币\n", "bank-cn table CNY 2 97.20 15.90 - -"},
		"no card": {
			"记账日期,货币,交易金额,联机余额,交易摘要,对手信息,客户摘要\n2026-01-01,CNY,\"1,234.00\",\"1,271.66\",代发,单位,约定\n",
			"bank-cn cmb CNY 1 1234.00 0.00 37.66 1271.66",
		},
		"two currencies": {"Date,Description,Billing amount,Billing currency,Balance,Balance currency\n24/03/2026,tea,\"-1.00\"\t,HKD,\"99.00\"\t,HKD\n" +
			"12/03/2026,gift,\"12,500.00\"\t,CNY,\"12500.00\"\t,CNY\n", "csv-intl table HKD 2 12500.00 1.00 100.00 99.00"},
		"balances above and below": {"Solde en fin de période;;;;555,25;\nDate;Libellé;Débit;Crédit;Détail;X\n05/01/2026;DON;;250,50;;\n" +
			"10/01/2026;CB;-75,25;;;\nSolde en début de période;;;;380,00;\n", "csv-intl table  2 250.50 75.25 380.00 555.25"},
	} {
		if got := figures(parse(t, []byte(c.text), statement.Options{})); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A report within the day has no balances and says so by its own fields.
func TestMT942(t *testing.T) {
	t.Parallel()
	text := ":20:1\n:25:NL11BANK\n:28C:1\n:34F:EURD0,\n:13D:2603021200+0100\n:61:2603020302C7,50NTRFNONREF\n:86:gift\n:90D:0EUR0,\n:90C:1EUR7,50\n-\n"
	if got := figures(parse(t, []byte(text), statement.Options{})); got != "mt940 mt940 EUR 1 7.50 0.00 - -" {
		t.Error(got)
	}
}
