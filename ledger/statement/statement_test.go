package statement_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/ledger/money"
	"fund/ledger/statement"
)

var update = flag.Bool("update", false, "write the golden files anew")

// pipe is the profile under which testdata/table.profile.csv is read.
var pipe = &statement.Profile{
	Name: "td", NoHeader: true, Separator: "|", Date: "1", Memo: []string{"2"}, Out: "3", In: "4", Balance: "5", Currency: "CAD",
	DateOrder: "dmy", Account: "0711",
}

func options(name string) statement.Options {
	if strings.Contains(name, ".profile.") {
		return statement.Options{Profile: pipe}
	}
	return statement.Options{}
}

// fixtures are our own anonymised files, with what a person with a pocket
// calculator says about each: lines, money in, money out, opening, closing.
var fixtures = map[string]string{
	"wechat_trade_all.csv":      "wechat-merchant trade CNY 4 166.00 30.00 - -",
	"wechat_trade_success.csv":  "wechat-merchant trade CNY 1 20.00 0.00 - -",
	"wechat_trade_old.csv":      "wechat-merchant trade CNY 2 8.80 8.80 - -",
	"wechat_fund_flow.csv":      "wechat-merchant fund-flow CNY 3 100.00 1000.60 1000.00 99.40",
	"wechat_personal.csv":       "wechat-personal bill CNY 8 70.50 48.50 - -",
	"alipay_trade_gbk.csv":      "alipay-merchant trade CNY 3 50.00 40.00 - -",
	"alipay_trade_unsigned.csv": "alipay-merchant trade CNY 3 50.00 40.00 - -",
	"alipay_fund_gbk.csv":       "alipay-merchant fund-flow CNY 3 50.00 500.30 1000.00 549.70",
	"alipay_personal.csv":       "alipay-personal bill CNY 6 200.00 75.00 - -",
	"alipay_personal_16.csv":    "alipay-personal bill CNY 4 0.01 27.00 - -",
	"alipay_personal_11.csv":    "alipay-personal bill CNY 3 0.00 12.50 - -",
	"icbc.csv":                  "bank-cn icbc CNY 3 10000.00 1234.56 1000.00 9765.44",
	"cmb.csv":                   "bank-cn cmb CNY 2 250.50 100.00 10000.00 10150.50",
	"boc.csv":                   "bank-cn boc CNY 2 1050.00 71.89 2262.17 3240.28",
	"bocom.csv":                 "bank-cn bocom CNY 2 1.23 201.23 1000.00 800.00",
	"abc.csv":                   "bank-cn abc CNY 3 10000.00 345.89 1000.00 10654.11",
	"card.csv":                  "bank-cn cmb CNY 2 1000.00 56.78 - -",
	"flag.csv":                  "csv-intl table  2 1533.50 33.50 10.00 1510.00",
	"comma.csv":                 "csv-intl table EUR 3 3500.00 1239.06 - -",
	"table.profile.csv":         "csv-intl td CAD 2 10.50 1.96 15.00 23.54",
	"sgml.ofx":                  "ofx stmtrs BRL 3 1005.00 836.30 - 6529.19 | ofx ccstmtrs AUD 1 0.00 5.50 - -",
	"xml.qfx":                   "ofx stmtrs USD 2 50.00 200.00 - 200.29",
	"v02.camt.xml":              "camt camt.053.001.02 EUR 6 13.00 25.00 100.00 88.00",
	"v08.camt.xml":              "camt camt.053.001.08 CHF 3 20.00 20.97 -10.00 -9.69",
	"two.sta":                   "mt940 mt940 EUR 3 1.00 25.50 194.57 170.07 | mt940 mt940 EUR 1 10.00 0.00 170.07 180.07 | mt940 mt940 USD 0 0.00 0.00 -5.00 -5.00",
}

func TestFixtures(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/[a-z]*[a-z]")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasSuffix(name, ".golden") || name == "fuzz" {
			continue
		}
		seen++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := read(t, file, options(name))
			if got := figures(found); got != fixtures[name] {
				t.Errorf("got  %s\nwant %s", got, fixtures[name])
			}
			golden(t, file+".golden", print(found))
		})
	}
	if seen != len(fixtures) {
		t.Errorf("%d fixtures in testdata, %d described", seen, len(fixtures))
	}
}

func read(t *testing.T, file string, o statement.Options) []statement.Statement {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, data, o)
}

func parse(t *testing.T, data []byte, o statement.Options) []statement.Statement {
	t.Helper()
	found, err := statement.Parse("file", data, o)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// figures sums statements up.
func figures(all []statement.Statement) string {
	var b strings.Builder
	for i, s := range all {
		in, out := money.Zero, money.Zero
		for _, l := range s.Lines {
			if l.Amount.Sign() > 0 {
				in = in.Add(l.Amount)
			} else {
				out = out.Sub(l.Amount)
			}
		}
		if i > 0 {
			b.WriteString(" | ")
		}
		fmt.Fprint(&b, s.Format, " ", s.Layout, " ", s.Currency, " ", len(s.Lines), " ", in, " ", out, " ", or(s.Opening), " ", or(s.Closing))
	}
	return b.String()
}

func or(a *money.Amount) string {
	if a == nil {
		return "-"
	}
	return a.String()
}

// print writes all that was read, for the golden files.
func print(all []statement.Statement) string {
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%s %s account=%q %s %s %s\n", s.Format, s.Layout, s.Account, s.Currency, or(s.Opening), or(s.Closing))
		for _, l := range s.Lines {
			date := "-"
			if !l.Date.IsZero() {
				date = l.Date.Format(time.DateOnly)
			}
			fmt.Fprintf(&b, "  %d %s %s %s %s id=%q ref=%q with=%q memo=%q balance=%s gross=%s fee=%s key=%s\n",
				l.Row, date, l.Clock, l.Amount, l.Currency, l.ID, l.Reference, l.Counterparty, l.Memo, or(l.Balance), or(l.Gross), l.Fee, l.Key)
		}
		for _, w := range s.Warnings {
			fmt.Fprintf(&b, "  ! %s\n  ! %s\n", w.In("zh"), w.In("en"))
		}
	}
	return b.String()
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}
