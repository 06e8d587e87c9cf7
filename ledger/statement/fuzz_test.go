package statement_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fund/ledger/statement"
)

// whole is what must hold of every input: it is read or refused with a reason
// in both languages, a second reading says the same, and no line is half read.
func whole(t *testing.T, data []byte, o statement.Options) {
	found, err := statement.Parse("f", data, o)
	if err != nil {
		var refused *statement.Error
		if !errors.As(err, &refused) || refused.In("zh") == "" || refused.In("en") == "" || refused.Row < 0 {
			t.Fatalf("refused with %v", err)
		}
		if len(found) > 0 {
			t.Fatal("refused and read")
		}
		return
	}
	if len(found) == 0 {
		t.Fatal("neither read nor refused")
	}
	for _, s := range found {
		seen := map[statement.Key]bool{}
		for _, l := range s.Lines {
			if l.Row < 1 || l.Row > bytes.Count(data, []byte("\n"))+bytes.Count(data, []byte("\r"))+1 && data[0] != 'P' && data[0] != 0xD0 {
				t.Fatalf("a line in row %d", l.Row)
			}
			if seen[l.Key] {
				t.Fatal("two lines have one key")
			}
			seen[l.Key] = true
		}
		for _, w := range s.Warnings {
			if w.In("zh") == "" || w.In("en") == "" {
				t.Fatal("a warning without words")
			}
		}
	}
	again, err := statement.Parse("f", data, o)
	if err != nil || figures(again) != figures(found) {
		t.Fatalf("the second reading differs: %v", err)
	}
}

// seed adds the fixtures whose name matches.
func seed(f *testing.F, patterns ...string) {
	f.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob("testdata/" + pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("no fixture for %s: %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
}

func FuzzWallets(f *testing.F) {
	seed(f, "wechat*.csv", "alipay*.csv")
	f.Fuzz(func(t *testing.T, data []byte) { whole(t, data, statement.Options{}) })
}

func FuzzBanks(f *testing.F) {
	seed(f, "icbc.csv", "cmb.csv", "boc.csv", "bocom.csv", "abc.csv", "card.csv", "flag.csv", "comma.csv")
	f.Fuzz(func(t *testing.T, data []byte) { whole(t, data, statement.Options{}) })
}

func FuzzProfile(f *testing.F) {
	seed(f, "table.profile.csv", "comma.csv")
	f.Fuzz(func(t *testing.T, data []byte) { whole(t, data, statement.Options{Profile: pipe}) })
}

func FuzzOFX(f *testing.F) {
	seed(f, "*.ofx", "*.qfx")
	f.Fuzz(func(t *testing.T, data []byte) { whole(t, data, statement.Options{Format: statement.OFX}) })
}

func FuzzCAMT(f *testing.F) {
	seed(f, "*.camt.xml")
	f.Fuzz(func(t *testing.T, data []byte) { whole(t, data, statement.Options{Format: statement.CAMT}) })
}

func FuzzMT940(f *testing.F) {
	seed(f, "*.sta")
	f.Fuzz(func(t *testing.T, data []byte) { whole(t, data, statement.Options{Format: statement.MT940}) })
}

func FuzzOldWorkbook(f *testing.F) {
	f.Add(ccb().bytes("a", "李四"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")) {
			whole(t, data, statement.Options{})
		}
		whole(t, ole(data), statement.Options{}) // the fuzzer need not find the container
	})
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"1,234.50", "-1.234,5", "(3)", "¥1", "2026-03-01 10:00", "4.2E+27", "31/12/26", "\"\"", "1 Mar 26"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, amount, date string) {
		text := "date,amount,memo\n\"" + strings.ReplaceAll(date, "\"", "") + "\",\"" + strings.ReplaceAll(amount, "\"", "") + "\",x\n"
		whole(t, []byte(text), statement.Options{})
	})
}
