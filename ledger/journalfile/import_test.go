package journalfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"fund/ledger"
	"fund/ledger/journalfile"
	"fund/migrations/pgtest"
)

const good = `凭证号,日期,科目代码,科目名称,资金用途,借方,贷方,摘要
记-1,2016-11-03,1002,银行存款,,"1,200.00",,收到捐款
,,4101,捐赠收入,,,1200.00,
记-2,2016-11-05,5101,业务活动成本,,¥300,,买米面
记-2,2016-11-05,1001,现金,,,300.00,买米面
合计,,,,,1500.00,1500.00,
`

const english = `Entry,Date,Account,Fund,Debit,Credit,Memo
1,2016-12-01,1002 Bank deposits,general,50.00,,Gift
1,2016-12-01,Donations,general,,50.00,Gift
`

type books struct {
	*pgtest.Database
	community int
}

func open(t testing.TB) *books {
	t.Helper()
	b := &books{Database: pgtest.DB(t)}
	b.Do(t, func(tx *sqlx.Tx) error {
		c, err := ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2004", Timezone: "Asia/Shanghai",
		})
		b.community = c.ID
		return err
	})
	return b
}

// take imports a file; what keeps it out comes back in Chinese.
func (b *books) take(t testing.TB, data string, o journalfile.Options) (done journalfile.Done, problems []string) {
	t.Helper()
	say := func(found []*journalfile.Problem) {
		for _, p := range found {
			if p.File != "book.csv" || p.In("en") == "" {
				t.Errorf("%+v names no file, or says nothing in English", p)
			}
			problems = append(problems, p.In("zh"))
		}
	}
	file, found := journalfile.Read("book.csv", []byte(data))
	if say(found); len(found) > 0 {
		return done, problems
	}
	b.Do(t, func(tx *sqlx.Tx) error {
		plan, found, err := journalfile.Prepare(t.Context(), tx, b.community, file, o)
		if say(found); err != nil || len(found) > 0 {
			return err
		}
		done, err = plan.Post(t.Context(), tx, "liu")
		return err
	})
	return done, problems
}

func TestImportTwiceAddsNothing(t *testing.T) {
	t.Parallel()
	b := open(t)
	done, problems := b.take(t, good, journalfile.Options{})
	if len(problems) > 0 || len(done.Posted) != 2 || done.Known != 0 || done.Posted[1].Voucher() != "2016-2" {
		t.Fatalf("%+v, %v", done, problems)
	}
	entry, err := ledger.FindEntry(t.Context(), b.App, b.community, 2016, 2)
	if err != nil || entry.Memo != "买米面" || entry.Expense.String() != "300.00" || entry.Detail != "记-2" {
		t.Errorf("%+v, %v", entry, err)
	}
	done, problems = b.take(t, good, journalfile.Options{})
	if len(problems) > 0 || len(done.Posted) != 0 || done.Known != 2 {
		t.Errorf("the second time: %+v, %v", done, problems)
	}
	// A longer export of the same month adds what is new.
	done, problems = b.take(t, good+"记-3,2016-11-08,1001,,,9.00,,利息\n记-3,2016-11-08,4901,,,,9.00,利息\n", journalfile.Options{})
	if len(problems) > 0 || len(done.Posted) != 1 || done.Known != 2 {
		t.Errorf("a longer file: %+v, %v", done, problems)
	}
	if _, problems = b.take(t, strings.ReplaceAll(good, "300", "301"), journalfile.Options{}); len(problems) != 1 || !strings.Contains(problems[0], "记-2 导入过，内容却不一样") {
		t.Errorf("another content: %q", problems)
	}
	if done, problems = b.take(t, good, journalfile.Options{Series: "二号账"}); len(problems) > 0 || len(done.Posted) != 2 {
		t.Errorf("another series: %+v, %v", done, problems)
	}
}

// The same file in every form that a treasurer may have it in.
func TestForms(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(good)
	if err != nil {
		t.Fatal(err)
	}
	book := excelize.NewFile()
	for i, row := range strings.Split(strings.TrimSpace(strings.ReplaceAll(good, `"1,200.00"`, "1200")), "\n") {
		for j, cell := range strings.Split(row, ",") {
			at, _ := excelize.CoordinatesToCellName(j+1, i+1)
			var value any = cell
			if day, err := time.Parse(time.DateOnly, cell); err == nil {
				value = day
			}
			if err := book.SetCellValue("Sheet1", at, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	var xlsx bytes.Buffer
	if err := book.Write(&xlsx); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"BOM": "\ufeff" + good, "GBK": gbk, "tabs": strings.ReplaceAll(strings.ReplaceAll(good, `"1,200.00"`, "1200.00"), ",", "\t"),
		"CRLF": strings.ReplaceAll(good, "\n", "\r\n"), "title above": "安公社区 记账凭证清单\n" + good, "XLSX": xlsx.String(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			done, problems := b.take(t, data, journalfile.Options{})
			if len(problems) > 0 || len(done.Posted) != 2 {
				t.Fatalf("%+v, %v", done, problems)
			}
			if again, problems := b.take(t, good, journalfile.Options{}); len(problems) > 0 || again.Known != 2 {
				t.Errorf("it is not the same file: %+v, %v", again, problems)
			}
		})
	}
	b := open(t)
	if done, problems := b.take(t, english, journalfile.Options{}); len(problems) > 0 || len(done.Posted) != 1 {
		t.Errorf("English: %+v, %v", done, problems)
	}
}

// Every problem says where, what was read, and how to mend it; and nothing is posted.
func TestProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to, want string }{
		"amount":          {"¥300", "3oo", "第 4 行“借方”写着“3oo”：读不懂这个金额：只写数字，最多两位小数，例如 1234.50"},
		"three decimals":  {"¥300", "300.005", "第 4 行“借方”写着“300.005”：读不懂这个金额：只写数字，最多两位小数，例如 1234.50"},
		"date":            {"记-2,2016-11-05,5101", "记-2,2016-13-05,5101", "第 4 行“日期”写着“2016-13-05”：读不懂这个日期：写成 2017-11-03 这样"},
		"two dates":       {"记-2,2016-11-05,1001", "记-2,2016-11-06,1001", "第 5 行“日期”写着“2016-11-06”：同一张凭证 记-2 有两个日期：第 4 行是 2016-11-05"},
		"no date":         {"记-1,2016-11-03", "记-1,", "第 2 行“日期”：这张凭证的第一行要有日期"},
		"not balanced":    {"¥300", "¥310", "凭证 记-2 借贷不平：借方比贷方多 10.00（第 4 到 5 行）"},
		"both sides":      {"¥300,", "¥300,300", "第 4 行“贷方”写着“300”：借方、贷方只能填一个"},
		"no side":         {"¥300", "", "第 4 行“借方”：借方、贷方都是空的"},
		"one row":         {"记-2,2016-11-05,1001", "记-9,2016-11-05,1001", "凭证 记-2 只有一行"},
		"no account":      {"5101,业务活动成本", ",", "第 4 行“科目名称”：缺科目"},
		"unknown account": {"5101,业务活动成本", "5999,没有的", "第 4 行“科目名称”写着“没有的”：没有这个科目：先在“科目”页添加，或者让导入时自动添加"},
		"unknown fund":    {"业务活动成本,,", "业务活动成本,桥,", "第 4 行“资金用途”写着“桥”：没有这种资金"},
		"more credit":     {"¥300", "¥290", "凭证 记-2 借贷不平：贷方比借方多 10.00（第 4 到 5 行）"},
		"no memo":         {",收到捐款", ",", "凭证 记-1 没有摘要"},
		"header":          {"借方", "钱", "第 1 行：找不到表头"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			broken := strings.ReplaceAll(good, c.from, c.to)
			if broken == good {
				t.Fatal("nothing is broken")
			}
			_, problems := b.take(t, broken, journalfile.Options{})
			if len(problems) == 0 || !strings.Contains(problems[0], c.want) {
				t.Errorf("%q, want %q", problems, c.want)
			}
			if s, err := ledger.Stand(t.Context(), b.App, b.community); err != nil || s.LastSeq != 0 {
				t.Errorf("%d entries were posted: %v", s.LastSeq, err)
			}
		})
	}
}

// What the file and what the books refuse is told at once, though one row has both.
func TestEverythingIsToldAtOnce(t *testing.T) {
	t.Parallel()
	b := open(t)
	file, unread := journalfile.Read("book.csv", []byte(strings.NewReplacer("¥300", "3oo", "5101,业务活动成本", "5999,没有的", "1001,现金", "1999,也没有").Replace(good)))
	plan, unfit, err := journalfile.Prepare(t.Context(), b.App, b.community, file, journalfile.Options{})
	var rows []int
	for _, p := range journalfile.InOrder(append(unread, unfit...)) {
		rows = append(rows, p.Row)
	}
	if err != nil || !slices.Equal(rows, []int{4, 4, 5}) || len(plan.New) != 1 {
		t.Errorf("problems in rows %v, %d entries to post, %v", rows, len(plan.New), err)
	}
	err = b.Try(func(tx *sqlx.Tx) error {
		_, err := plan.Post(t.Context(), tx, "liu")
		return err
	})
	if !errors.Is(err, journalfile.ErrProblems) {
		t.Errorf("the entries that could be read: %v", err)
	}
}

func TestClosedMonthIsRefusedAtItsRow(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.Do(t, func(tx *sqlx.Tx) error {
		return ledger.ClosePeriod(t.Context(), tx, b.community, ledger.Day(2016, 11, 1), "liu")
	})
	if _, problems := b.take(t, good, journalfile.Options{}); len(problems) != 2 || problems[0] != "第 2 行“日期”写着“2016-11-03”：2016-11 已经结账：先重新打开这个月，或者改日期" {
		t.Errorf("%q", problems)
	}
}

func TestAccountsAreCreatedOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	b := open(t)
	file := strings.ReplaceAll(good, "1002,银行存款", "100207,建行 0823")
	if _, problems := b.take(t, file, journalfile.Options{}); len(problems) != 1 {
		t.Errorf("%q", problems)
	}
	done, problems := b.take(t, file, journalfile.Options{CreateAccounts: true})
	if len(problems) > 0 || len(done.Accounts) != 1 || done.Accounts[0].Type != ledger.Asset || done.Accounts[0].NameZH != "建行 0823" {
		t.Fatalf("%+v, %q", done, problems)
	}
	if done, problems = b.take(t, file, journalfile.Options{}); len(problems) > 0 || done.Known != 2 {
		t.Errorf("again: %+v, %q", done, problems)
	}
	if _, problems = open(t).take(t, strings.ReplaceAll(good, "1001,现金", ",小金库"), journalfile.Options{CreateAccounts: true}); len(problems) != 1 || !strings.Contains(problems[0], "看不出它是哪一类") {
		t.Errorf("an account without a code: %q", problems)
	}
}

// A large file is posted in one go.
func BenchmarkImport(b *testing.B) {
	var file strings.Builder
	file.WriteString("entry,date,account,debit,credit,memo\n")
	const entries = 20_000
	for i := range entries {
		day := ledger.Day(2016, 1, 1).AddDate(0, 0, i%365).Format(time.DateOnly)
		fmt.Fprintf(&file, "%d,%s,1002,10.00,,gift\n%d,%s,4101,,10.00,gift\n", i, day, i, day)
	}
	for b.Loop() {
		done, problems := open(b).take(b, file.String(), journalfile.Options{})
		if len(problems) > 0 || len(done.Posted) != entries {
			b.Fatal(len(done.Posted), problems)
		}
	}
}
