package public_test

import (
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fund/ledger"
	"fund/ledger/money"
)

func TestPagesOfTheLedgerLoseAndRepeatNothing(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	for i := range 120 {
		b.post(t, "2017-05-01", fmt.Sprintf("kind_%c", 'a'+i%26), fmt.Sprintf("第 %d 笔", i), "", ledger.GeneralFundID, ledger.Bank, ledger.OtherIncome, fmt.Sprintf("%d.%02d", i+1, i%100))
	}
	v := b.visitor(t)
	number := regexp.MustCompile(`<td class="no"><a href="/c/angong/ledger/(\d+-\d+)">`)
	earlier := regexp.MustCompile(`<a class="btn" href="([^"]*)">更早的账</a>`)
	seen, pages := map[string]bool{}, 0
	for path := "/c/angong/ledger?month=2017&kind=in"; path != ""; pages++ {
		body := v.get(path).Body
		for _, m := range number.FindAllStringSubmatch(body, -1) {
			if seen[m[1]] {
				t.Errorf("%s stands on two pages", m[1])
			}
			seen[m[1]] = true
		}
		path = ""
		if m := earlier.FindStringSubmatch(body); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
			// Meanwhile somebody posts: no page moves.
			b.post(t, "2017-06-01", "income", "插进来的", "", ledger.GeneralFundID, ledger.Bank, ledger.OtherIncome, fmt.Sprintf("9%d.99", pages))
		}
	}
	want := get[int](t, b.house, `SELECT count(*) FROM ledger.journal_entry WHERE year = 2017 AND income <> 0 AND memo <> '插进来的'`)
	if len(seen) != want || pages != 3 {
		t.Errorf("%d entries on %d pages, want %d on 3", len(seen), pages, want)
	}
}

func TestFindingAnEntry(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	v := b.visitor(t)
	rows := regexp.MustCompile(`(?:<td class="no">|<li>)<a href="/c/angong/ledger/(\d+-\d+)">`)
	for query, want := range map[string]string{
		"q=茶坊":                               "[2017-3]",
		"q=120.50":                           "[2017-2]",
		"q=¥120.50":                          "[2017-2]",
		"q=66":                               "[2017-5]",
		"q=%25":                              "[]",
		"fund=dinner":                        "[2017-5]",
		"fund=tea":                           "[2017-7 2017-6]",
		"account=1001":                       "[2017-5]",
		"account=1001+5101":                  "[2017-7 2017-5 2017-2]",
		"month=2016":                         "[2016-1]",
		"month=2017-02":                      "[2017-2]",
		"kind=out":                           "[2017-7 2017-2]",
		"month=2017-03&q=%E7%BA%A2%E5%AD%97": "[2017-4]",
		"month=2016&q=%E7%BA%A2%E5%AD%97":    "[]",
	} {
		var got []string
		for _, m := range rows.FindAllStringSubmatch(v.get("/c/angong/ledger?"+query).Body, -1) {
			if !slices.Contains(got, m[1]) { // the book has a table for wide screens and a list for narrow ones
				got = append(got, m[1])
			}
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
	if a := v.get("/c/angong/ledger?q=2017-3"); a.Path != "/c/angong/ledger/2017-3" {
		t.Errorf("a voucher number leads to %s", a.Path)
	}
}

func TestTheBookAsATable(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	v := b.visitor(t)
	a := v.get("/c/angong/ledger.csv?month=2017")
	if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") || !strings.Contains(a.Header.Get("Content-Disposition"), "angong-ledger.csv") {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Body, "\ufeff"))).ReadAll()
	if err != nil || !strings.HasPrefix(a.Body, "\ufeff") {
		t.Fatal(err)
	}
	in, out := money.Zero, money.Zero
	for _, row := range rows[1:] {
		for _, cell := range []string{row[3], row[4], row[5]} {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t") {
				t.Errorf("cell %q is a formula", cell)
			}
		}
		for i, sum := range map[int]*money.Amount{7: &in, 8: &out} {
			if row[i] != "" {
				amount, err := money.ParseSigned(row[i])
				if err != nil {
					t.Fatal(err)
				}
				*sum = sum.Add(amount)
			}
		}
	}
	if len(rows) != 8 || in.String() != "566.00" || out.String() != "200.75" {
		t.Errorf("%d rows, in %v, out %v", len(rows), in, out)
	}
	wantIn(t, "csv", a.Body, `"'=HYPERLINK(""http://evil.example"")"`, "'@SUM(A1)", "-68.00")
	if en := v.get("/c/angong/ledger.csv?lang=en&fund=dinner"); strings.Count(en.Body, "\n") != 2 || !strings.Contains(en.Body, "Date,Voucher") {
		t.Errorf("english, of one fund: %s", en.Body)
	}
}

func TestTheBookForHLedger(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	journal := b.visitor(t).get("/c/angong/ledger.journal").Body
	posting := regexp.MustCompile(`^    (\w+):(\S+) [^;]*?  CNY (-?\d+\.\d\d)  ; fund:(\S+)$`)
	sums, entries := map[string]money.Amount{}, 0
	var rest money.Amount
	for line := range strings.Lines(journal) {
		line = strings.TrimSuffix(line, "\n")
		if m := posting.FindStringSubmatch(line); m != nil {
			amount, err := money.ParseSigned(m[3])
			if err != nil {
				t.Fatal(err)
			}
			sums[m[2]+" "+m[4]], rest = sums[m[2]+" "+m[4]].Add(amount), rest.Add(amount)
		} else if strings.HasPrefix(line, "    ") && !strings.HasPrefix(line, "    ; ") {
			t.Errorf("unreadable posting %q", line)
		} else if strings.HasPrefix(line, "201") {
			entries++
			if !rest.IsZero() {
				t.Errorf("before %q the postings leave %v", line, rest)
			}
		}
	}
	var rows []struct {
		Code, Fund string
		Sum        money.Amount
	}
	if err := b.Owner.Select(&rows, `SELECT a.code, f.code AS fund, sum(p.amount) AS sum FROM ledger.posting p JOIN ledger.account a ON a.id = p.account_id AND a.community_id = p.community_id
		JOIN ledger.fund f ON f.id = p.fund_id AND f.community_id = p.community_id GROUP BY 1, 2`); err != nil {
		t.Fatal(err)
	}
	if entries != 8 || len(rows) != len(sums) {
		t.Errorf("%d entries, %d sums, want 8 and %d", entries, len(sums), len(rows))
	}
	for _, r := range rows {
		if got := sums[r.Code+" "+r.Fund]; !got.Equal(r.Sum) {
			t.Errorf("%s in %s: %v, want %v", r.Code, r.Fund, got, r.Sum)
		}
	}
	wantIn(t, "journal", journal, "2017-12-31 * (2017-5) 捐赠； 茶会 | 柜台", "account assets:1002 银行存款  ; Bank deposits", "reverses:4")
}
