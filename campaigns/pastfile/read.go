package pastfile

import (
	"errors"
	"slices"
	"strings"
	"time"

	"fund/campaigns/organisation"
	"fund/campaigns/project"
	"fund/ledger/money"
	"fund/ledger/statement"
)

// Problem is why a file is not taken, with its place.
type Problem struct {
	Sheet string // empty for a CSV file
	*statement.Error
}

// In writes the sentence with sheet, row, column and what stands there.
func (p Problem) In(lang string) string {
	if p.Sheet == "" {
		return p.Error.In(lang)
	}
	if strings.HasPrefix(lang, "en") {
		return "sheet " + p.Sheet + ", " + p.Error.In(lang)
	}
	return "“" + p.Sheet + "”" + p.Error.In(lang)
}

// problemsMax is how many problems are told at once.
const problemsMax = 300

// File is what a workbook says.
type File struct {
	Name       string
	Projects   []ProjectRow
	Outcomes   []OutcomeRow
	Groups     []GroupRow
	Activities []ActivityRow
	unread     bool // it has problems
}

// place is where a row stands, to blame it.
type place struct {
	sheet string
	row   statement.GridRow
	cols  map[string]int
}

// fail blames a column of the row, by its key.
func (p place) fail(key, zh, en string, values ...any) Problem {
	return Problem{p.sheet, p.row.Fail(p.cols[key], zh, en, values...)}
}

// N is where the row stands in its sheet, from 1.
func (p place) N() int { return p.row.N() }

// ProjectRow is a project of the past.
type ProjectRow struct {
	place
	project.Project
}

// OutcomeRow is an outcome with the project that it names.
type OutcomeRow struct {
	place
	Title string
	Year  int // 0 where the sheet does not say
	project.Outcome
}

// GroupRow is a group or social organisation, and its members where they were counted.
type GroupRow struct {
	place
	organisation.Organisation
	Members   *int
	CountedOn time.Time
}

// Counted is how many members were counted, 0 where nobody did.
func (g GroupRow) Counted() int {
	if g.Members == nil {
		return 0
	}
	return *g.Members
}

// ActivityRow is an activity with the group that it names.
type ActivityRow struct {
	place
	Name string
	organisation.Activity
}

// Read reads a file. What it cannot read are problems; the file has what could be read, for Prepare to look at. With a
// problem nothing of it is to be written.
func Read(name string, data []byte) (File, []Problem) {
	f := File{Name: name}
	grids, err := statement.ReadGrids(name, data, func(header []string) bool { return kindOf(header) != nil })
	var broken *statement.Error
	switch {
	case errors.As(err, &broken):
		f.unread = true
		return f, []Problem{{Error: broken}}
	case err != nil:
		f.unread = true
		return f, []Problem{{Error: &statement.Error{File: name, Row: 1, Text: statement.Text{ZH: "读不了这个文件", EN: err.Error()}}}}
	}
	r := reading{file: &f}
	for _, g := range grids {
		r.sheet(g)
	}
	if r.sheets == 0 && len(r.problems) == 0 {
		r.problems = append(r.problems, Problem{Error: &statement.Error{File: name, Row: 1, Text: statement.Text{
			ZH: "找不到表头。用“空白表”里的表头：项目、成效、小组、活动，一张表一样", EN: "there is no header that is known. Use those of the empty workbook: projects, outcomes, groups, activities, a sheet each",
		}}})
	}
	f.unread = len(r.problems) > 0
	return f, InOrder(r.problems)
}

// InOrder puts problems in the order of sheets and rows, as many as are told at once.
func InOrder(problems []Problem) []Problem {
	order := map[string]int{}
	for _, p := range problems {
		if _, seen := order[p.Sheet]; !seen {
			order[p.Sheet] = len(order)
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		if a.Sheet != b.Sheet {
			return order[a.Sheet] - order[b.Sheet]
		}
		return a.Row - b.Row
	})
	return problems[:min(len(problems), problemsMax)]
}

type reading struct {
	file     *File
	sheets   int // that were known
	problems []Problem
	place
}

// sheet reads one table by the kind that its header says.
func (r *reading) sheet(g *statement.Grid) {
	if !g.Known() {
		if k := sheetNamed(g.Sheet); k != nil {
			r.problems = append(r.problems, Problem{g.Sheet, &statement.Error{Row: 1, Text: statement.Text{
				ZH: "找不到表头。第一行要有这些列：" + k.heads("zh"), EN: "there is no header. The first row needs the columns " + k.heads("en"),
			}}})
		}
		return
	}
	k := kindOf(g.Names())
	r.sheets++
	r.place = place{sheet: g.Sheet, cols: map[string]int{}}
	for _, c := range k.columns {
		if r.cols[c.key] = g.Column(c.names...); r.cols[c.key] < 0 && c.must {
			r.problems = append(r.problems, Problem{g.Sheet, &statement.Error{Row: g.HeaderRow(), Text: statement.Text{ZH: "缺一列：" + c.zh, EN: "a column is missing: " + c.en}}})
		}
	}
	for _, row := range g.Rows {
		if r.row = row; example(row) {
			continue
		}
		k.take(r)
	}
}

// example tells the row of the empty workbook that shows how one is filled in.
func example(row statement.GridRow) bool {
	first := row.Text(0)
	return strings.HasPrefix(first, "例：") || strings.HasPrefix(first, "例:") || strings.HasPrefix(strings.ToLower(first), "example:")
}

func (r *reading) wrong(key, zh, en string, values ...any) {
	r.problems = append(r.problems, r.fail(key, zh, en, values...))
}

// text reads a cell of at most so many characters; must is for one that may not be empty.
func (r *reading) text(key string, most int, must bool) string {
	s := strings.Join(strings.Fields(r.row.Text(r.cols[key])), " ")
	switch n := len([]rune(s)); {
	case s == "" && must && r.cols[key] >= 0:
		r.wrong(key, "这里不能空着", "this may not be empty")
	case n > most:
		r.wrong(key, "最多 %d 个字，现在有 %d 个", "at most %d characters, there are %d", most, n)
		return ""
	}
	return s
}

// day reads a day; the zero time where it is empty and may be.
func (r *reading) day(key string, must bool) time.Time {
	if r.row.Text(r.cols[key]) == "" {
		if must && r.cols[key] >= 0 {
			r.wrong(key, "写上日期，例如 2015-11-03", "write a day, such as 2015-11-03")
		}
		return time.Time{}
	}
	day, err := r.row.Day(r.cols[key])
	if err != nil || day.Year() < 1949 {
		r.wrong(key, "读不懂这个日期：写成 2015-11-03 这样", "this is no day: write it like 2015-11-03")
		return time.Time{}
	}
	return day
}

// number reads a whole number up to most; ok is false where it is empty or wrong.
func (r *reading) number(key string, most int, must bool, like int) (n int, ok bool) {
	if r.row.Text(r.cols[key]) == "" {
		if must && r.cols[key] >= 0 {
			r.wrong(key, "写上数字，例如 %d", "write a number, such as %d", like)
		}
		return 0, false
	}
	a, err := r.row.Amount(r.cols[key])
	if err != nil || a.Sign() < 0 || a.Fen()%100 != 0 || a.Fen()/100 > int64(most) {
		r.wrong(key, "写成 0 到 %d 的整数，例如 %d", "write a whole number from 0 to %d, such as %d", most, like)
		return 0, false
	}
	return int(a.Fen() / 100), true
}

// amount reads an amount, zero where it is empty.
func (r *reading) amount(key string) money.Amount {
	a, err := r.row.Amount(r.cols[key])
	if err != nil || a.Sign() < 0 {
		r.wrong(key, "读不懂这个金额：只写数字，最多两位小数，例如 1234.50", "this is no amount: write digits, two after the point at most, such as 1234.50")
		return money.Zero
	}
	return a
}

// themes are the names of the themes, folded.
var themes = map[string]project.Theme{
	"老人": project.Elders, "为老": project.Elders, "elders": project.Elders,
	"孩子": project.Children, "儿童": project.Children, "children": project.Children,
	"邻里文化": project.Neighbours, "邻里": project.Neighbours, "文化": project.Neighbours, "neighbours": project.Neighbours, "culture": project.Neighbours,
	"院落改善": project.Yard, "院落": project.Yard, "courtyards": project.Yard, "yard": project.Yard,
	"互助志愿": project.MutualAid, "互助": project.MutualAid, "志愿": project.MutualAid, "mutualhelp": project.MutualAid, "mutual_aid": project.MutualAid,
}

func (r *reading) theme(key string) project.Theme {
	s := r.row.Text(r.cols[key])
	if t, ok := themes[folded(s)]; ok {
		return t
	}
	r.wrong(key, "写这五个里的一个：老人、孩子、邻里文化、院落改善、互助志愿", "write one of the five: elders, children, neighbours, yard, mutual_aid")
	return ""
}

func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
