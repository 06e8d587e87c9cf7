package pastfile_test

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

	"fund/campaigns/organisation"
	"fund/campaigns/pastfile"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/migrations/pgtest"
)

var today, now = ledger.Day(2026, 11, 23), time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

type house struct {
	*pgtest.Database
	ledger.Community
}

func open(t testing.TB) *house {
	t.Helper()
	h := &house{Database: pgtest.DB(t)}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	return h
}

// good is a workbook as a community may have it, sheet by sheet.
var good = map[string]string{
	"项目": `项目名称	主题	承办	谁同意的	同意日期	预算	开始日期	结束日期
例：写法	老人		x	2015-01-01		2015-01-01	2015-01-02
冬至饺子宴	老人	长者服务队	2015 年居民大会	2015-10-20	8,000	2015-12-09	2015-12-24
楼道灯	院落改善	3 号院	3 号院大会	2015-03-01		2015-03-05	2015-04-01`,
	"成效": `项目	日期	活动内容	人次
冬至饺子宴	2015-12-22	包饺子	96
冬至饺子宴	2015-12-23	送饺子	40`,
	"小组": `小组名称	类型	主题	成员数	统计日期
合唱队		邻里文化	32	2015-12-31
安心照护	社会组织	老人	12	2015-12-31`,
	"活动": `小组	日期	活动内容	来了几人
合唱队	2015-05-20	练歌	28
合唱队	2015-05-27	练歌	30
安心照护	2015-06-01	开放日	60`,
	"备注": `写给会计的话
这张表不用导入`,
}

// workbook makes an XLSX file of the sheets, the cells as a spreadsheet keeps them.
func workbook(t testing.TB, sheets map[string]string) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for _, name := range []string{"项目", "成效", "小组", "活动", "备注"} {
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(sheets[name], "\n") {
			for j, cell := range strings.Split(line, "\t") {
				at, _ := excelize.CoordinatesToCellName(j+1, i+1)
				var value any = cell
				if day, err := time.Parse(time.DateOnly, cell); err == nil {
					value = day
				}
				if err := book.SetCellValue(name, at, value); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var w bytes.Buffer
	if err := book.Write(&w); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// take imports a file; what keeps it out comes back in Chinese.
func (h *house) take(t testing.TB, name string, data []byte) (done pastfile.Done, problems []string) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error {
		file, unread := pastfile.Read(name, data)
		plan, unfit, err := pastfile.Prepare(t.Context(), tx, h.Community, file, today)
		if err != nil {
			return err
		}
		for _, p := range pastfile.InOrder(append(unread, unfit...)) {
			if problems = append(problems, p.In("zh")); p.In("en") == "" {
				t.Errorf("%s says nothing in English", p.In("zh"))
			}
		}
		if done, err = plan.Write(t.Context(), tx, "lead", now); len(problems) > 0 {
			if !errors.Is(err, pastfile.ErrProblems) {
				t.Errorf("a file with problems: %v", err)
			}
			return nil
		}
		return err
	})
	return done, problems
}

func (h *house) counts(t testing.TB) string {
	t.Helper()
	var s string
	if err := h.Owner.Get(&s, `SELECT (SELECT count(*) FROM project.project) || ' ' || (SELECT count(*) FROM project.outcome) || ' ' || (SELECT count(*) FROM organisation.organisation)
		|| ' ' || (SELECT count(*) FROM organisation.activity) || ' ' || (SELECT count(*) FROM organisation.member_count)`); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheSameWorkbookTwiceAddsNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	done, problems := h.take(t, "过去.xlsx", workbook(t, good))
	if len(problems) > 0 || done != (pastfile.Done{Projects: 2, Outcomes: 2, Groups: 2, Activities: 3}) {
		t.Fatalf("%+v %q", done, problems)
	}
	if got := h.counts(t); got != "2 2 2 3 2" {
		t.Errorf("written: %s", got)
	}
	list, err := project.ListProjects(t.Context(), h.App, h.ID, project.Filter{From: ledger.Day(2015, 1, 1), To: ledger.Day(2015, 12, 31)})
	if err != nil || len(list) != 2 || list[0].TitleZH != "冬至饺子宴" || list[0].PersonTimes != 136 || list[0].State != project.Done || list[0].Budget.String() != "8000.00" {
		t.Errorf("%+v %v", list, err)
	}
	rows, sums, err := organisation.List(t.Context(), h.App, h.ID, organisation.Filter{From: ledger.Day(2015, 1, 1), To: ledger.Day(2015, 12, 31)})
	if err != nil || len(rows) != 2 || sums.Members != 44 || sums.Activities != 3 || sums.People != 118 {
		t.Errorf("%+v %v", sums, err)
	}
	done, problems = h.take(t, "过去.xlsx", workbook(t, good))
	if len(problems) > 0 || done != (pastfile.Done{Known: 9}) || h.counts(t) != "2 2 2 3 2" {
		t.Errorf("again: %+v %q, %s", done, problems, h.counts(t))
	}
	// A longer one adds what is new, and one sheet will do, as a CSV file too.
	more := "小组,日期,活动内容,来了几人\n合唱队,2015-05-20,练歌,28\n合唱队,2015/6/3,练歌,31\n"
	done, problems = h.take(t, "活动.csv", []byte(more))
	if len(problems) > 0 || done != (pastfile.Done{Activities: 1, Known: 1}) {
		t.Errorf("a CSV file: %+v %q", done, problems)
	}
	_, problems = h.take(t, "活动.csv", []byte(strings.Replace(more, ",31", ",30", 1)))
	if want := []string{"第 3 行“来了几人”写着“30”：已经有了，人数却不一样：在页面上改，或者删掉这一行"}; !slices.Equal(problems, want) {
		t.Errorf("another number: %q", problems)
	}
}

// Every problem of the whole workbook is told at once, in the order of sheets and rows, and nothing is written.
func TestEveryProblemIsToldAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	bad := map[string]string{
		"项目": strings.NewReplacer("楼道灯	院落改善", "楼道灯	照明", "8,000", "八千").Replace(good["项目"]),
		"成效": strings.NewReplacer("40", "四十", "2015-12-22", "2015-13-22").Replace(good["成效"]) + "\n没有的	2015-12-23	送饺子	40",
		"小组": strings.Replace(good["小组"], "成员数", "成员", 1),
		"活动": strings.NewReplacer("开放日	60", "开放日	六十", "2015-05-27", "2027-05-27").Replace(good["活动"]) + "\n腰鼓队	2015-06-01	打鼓	20\n合唱队	2015-05-20	练歌	28",
	}
	_, problems := h.take(t, "过去.xlsx", workbook(t, bad))
	want := []string{
		"“项目”第 3 行“预算”写着“八千”：读不懂这个金额",
		"“项目”第 4 行“主题”写着“照明”：写这五个里的一个",
		"“成效”第 2 行“日期”写着“2015-13-22”：读不懂这个日期：写成 2015-11-03 这样",
		"“成效”第 3 行“人次”写着“四十”：写成 0 到 99999 的整数，例如 46",
		"“成效”第 4 行“项目”写着“没有的”：没有这个项目：先写进“项目”表，名称要一样",
		"“活动”第 3 行“日期”写着",
		"“活动”第 4 行“来了几人”写着“六十”：写成 0 到 9999 的整数，例如 46",
		"“活动”第 5 行“小组”写着“腰鼓队”：没有这个小组：先写进“小组”表，名称要一样",
		"“活动”第 6 行“活动内容”写着“练歌”：和第 2 行重复：删掉一行",
	}
	if len(problems) != len(want) {
		t.Errorf("%d problems, want %d", len(problems), len(want))
	}
	for i := range min(len(want), len(problems)) {
		if !strings.HasPrefix(problems[i], want[i]) {
			t.Errorf("told %q, want %q", problems[i], want[i])
		}
	}
	if got := h.counts(t); got != "0 0 0 0 0" {
		t.Errorf("written all the same: %s", got)
	}
}

func TestHeadersThatAreNot(t *testing.T) {
	t.Parallel()
	h := open(t)
	for text, want := range map[string]string{
		"姓名,电话\n王,1\n":                          "找不到表头",
		"小组,日期,活动内容\n合唱队,2015-05-20,练歌\n":       "缺一列：来了几人",
		"小组名称,主题,成员数\n合唱队,邻里文化,3\n":             "统计日期",
		"项目,日期,活动内容,人次\n饺子宴,2015-05-20,x,1.5\n": "写成 0 到 99999 的整数",
	} {
		if _, problems := h.take(t, "a.csv", []byte(text)); len(problems) == 0 || !strings.Contains(strings.Join(problems, " "), want) {
			t.Errorf("%q: %q, want %q", text, problems, want)
		}
	}
	if _, problems := h.take(t, "b.xlsx", workbook(t, map[string]string{"活动": "谁\t干什么"})); len(problems) != 1 || !strings.Contains(problems[0], "“活动”第 1 行：找不到表头。第一行要有这些列：小组、日期、活动内容、来了几人") {
		t.Errorf("a sheet of the name alone: %q", problems)
	}
}

// The empty tables can be handed in as they are: their examples are left out, and with the mark taken away they are good.
func TestTheEmptyTablesAreRead(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh-CN", "en"} {
		var w bytes.Buffer
		if err := pastfile.EmptyXLSX(&w, lang); err != nil {
			t.Fatal(err)
		}
		file, problems := pastfile.Read("empty.xlsx", w.Bytes())
		if len(problems) > 0 || len(file.Projects)+len(file.Outcomes)+len(file.Groups)+len(file.Activities) > 0 {
			t.Errorf("%s: %v %+v", lang, problems, file)
		}
		book, err := excelize.OpenReader(&w)
		if err != nil {
			t.Fatal(err)
		}
		for _, sheet := range book.GetSheetList()[1:] {
			first, _ := book.GetCellValue(sheet, "A2")
			_, rest, _ := strings.Cut(strings.ReplaceAll(first, "Example: ", "例："), "：")
			if err := book.SetCellValue(sheet, "A2", rest); err != nil {
				t.Fatal(err)
			}
		}
		var filled bytes.Buffer
		if err := book.Write(&filled); err != nil {
			t.Fatal(err)
		}
		if done, problems := open(t).take(t, "filled.xlsx", filled.Bytes()); len(problems) > 0 || done.Written() != 4 {
			t.Errorf("%s, the examples: %+v %q", lang, done, problems)
		}
		for _, sheet := range pastfile.Sheets() {
			var table bytes.Buffer
			if known, err := pastfile.EmptyCSV(&table, sheet, lang); !known || err != nil {
				t.Error(sheet, known, err)
			}
			if _, problems := pastfile.Read(sheet+".csv", table.Bytes()); len(problems) > 0 {
				t.Errorf("%s %s: %v", lang, sheet, problems)
			}
		}
	}
}

// BenchmarkPast takes ten years of a community's groups in one go.
func BenchmarkPast(b *testing.B) {
	var groups, done strings.Builder
	groups.WriteString("小组名称\t主题")
	done.WriteString("小组\t日期\t活动内容\t来了几人")
	for g := range 85 {
		fmt.Fprintf(&groups, "\n第 %d 小组\t邻里文化", g)
		for i := range 165 {
			fmt.Fprintf(&done, "\n第 %d 小组\t%s\t活动 %d\t%d", g, ledger.Day(2006, 1, 1).AddDate(0, 0, 22*i).Format(time.DateOnly), i, 10+i%30)
		}
	}
	data := workbook(b, map[string]string{"小组": groups.String(), "活动": done.String()})
	for b.Loop() {
		if got, problems := open(b).take(b, "past.xlsx", data); len(problems) > 0 || got.Activities != 85*165 {
			b.Fatal(got, problems)
		}
	}
}
