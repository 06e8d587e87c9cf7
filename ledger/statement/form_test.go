package statement_test

import (
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
	units := utf16.Encode([]rune("\ufeff" + strings.ReplaceAll(strings.ReplaceAll(plain, "\",\"", "\"\t\""), ",人民币,", "\t人民币\t")))
	wideText := make([]byte, 0, 2*len(units))
	for _, u := range units {
		wideText = append(wideText, byte(u), byte(u>>8))
	}
	for name, text := range map[string]string{
		"BOM":            "\ufeff" + plain,
		"CRLF":           strings.ReplaceAll(plain, "\n", "\r\n"),
		"CR":             strings.ReplaceAll(plain, "\n", "\r"),
		"GB18030":        gbk(plain),
		"no last line":   strings.TrimSuffix(plain, "\n"),
		"blank lines":    strings.ReplaceAll(plain, "\n", "\n\n"),
		"padding":        strings.ReplaceAll(plain, ",人民币,", "  \t,\u3000人民币 ,"),
		"other column":   strings.Replace(strings.ReplaceAll(plain, ",人民币,", ",,人民币,"), ",币别,", ",本行备用,币别,", 1),
		"half-width":     strings.Replace(plain, "金额,余额", "金额(元), 余 额（元）", 1),
		"no currency":    strings.Replace(plain, "币别", "", 1),
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
