package pastfile

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"fund/campaigns/organisation"
	"fund/campaigns/project"
)

// column is one of a sheet: how a person calls it, whether it must be there, what goes into it, and an example.
type column struct {
	key          string
	must         bool
	zh, en       string
	saidZH       string // what goes into it
	saidEN       string
	exZH, exEN   string
	names        []string // folded, as Read knows it
	width        int      // of the workbook's column, in characters
	marksItsKind bool     // a header with all of these is of this kind
}

// kind is one of the four sheets.
type kind struct {
	key         string // projects, outcomes, groups, activities
	zh, en      string // its sheet's name
	columns     []column
	take        func(r *reading)
	sheetSaidZH string
	sheetSaidEN string
}

// heads lists the columns that must be there.
func (k *kind) heads(lang string) string {
	var all []string
	for _, c := range k.columns {
		if c.must && lang == "en" {
			all = append(all, c.en)
		} else if c.must {
			all = append(all, c.zh)
		}
	}
	if lang == "en" {
		return strings.Join(all, ", ")
	}
	return strings.Join(all, "、")
}

// col describes a column; its names are how it is called in both languages, and what others call it.
func col(key string, must, marks bool, width int, zh, en, saidZH, saidEN, exZH, exEN string, others ...string) column {
	return column{
		key: key, must: must, marksItsKind: marks, width: width, zh: zh, en: en, saidZH: saidZH, saidEN: saidEN, exZH: exZH, exEN: exEN,
		names: append([]string{folded(zh), folded(en)}, others...),
	}
}

const themesZH, themesEN = "五个里的一个：老人、孩子、邻里文化、院落改善、互助志愿", "one of the five: elders, children, neighbours, yard, mutual_aid"

// kinds are the four sheets. The order is that of the workbook, and of what is written first.
var kinds = []*kind{
	{
		key: "projects", zh: "项目", en: "Projects", take: (*reading).project, sheetSaidZH: "做过的服务项目，一行一个。花的钱另外用“导入凭证”。", sheetSaidEN: "Service projects of the past, a row each. What they spent is imported as journal entries.",
		columns: []column{
			col("title", true, true, 26, "项目名称", "Project title", "最多 80 个字", "at most 80 characters", "例：冬至饺子宴", "Example: Solstice dumplings"),
			col("title_en", false, false, 26, "英文名称", "Title in English", "可以不填", "optional", "Winter solstice dumplings", "Winter solstice dumplings"),
			col("theme", true, true, 12, "主题", "Theme", themesZH, themesEN, "老人", "elders", "类别"),
			col("place", false, false, 16, "地点", "Place", "可以不填", "optional", "社区小广场", "Community square"),
			col("organisation", false, false, 18, "承办", "Run by", "谁做的：小组或组织的名称", "the group or organisation that ran it", "长者服务队", "Elders’ service team", "承办组织", "组织"),
			col("council", true, false, 18, "谁同意的", "Agreed by", "当时同意它的议事会、会议或居委会", "the council or meeting that agreed", "2015 年居民大会", "Residents’ meeting of 2015", "议事会", "council"),
			col("agreed_on", true, false, 13, "同意日期", "Agreed on", "例如 2015-10-20", "such as 2015-10-20", "2015-10-20", "2015-10-20"),
			col("budget", false, false, 12, "预算", "Budget", "元，可以不填", "yuan, optional", "8000", "8000", "预算金额"),
			col("from", true, false, 13, "开始日期", "Began on", "例如 2015-12-09", "such as 2015-12-09", "2015-12-09", "2015-12-09", "开始"),
			col("to", true, false, 13, "结束日期", "Ended on", "例如 2015-12-24", "such as 2015-12-24", "2015-12-24", "2015-12-24", "结束"),
		},
	},
	{
		key: "outcomes", zh: "成效", en: "Outcomes", take: (*reading).outcome, sheetSaidZH: "项目的每一次活动和来的人次。", sheetSaidEN: "Each activity of a project, and the person-times served.",
		columns: []column{
			col("project", true, true, 26, "项目", "Project", "和“项目”表里或已有项目的名称一样", "as in the sheet of projects, or of one that is there", "例：冬至饺子宴", "Example: Solstice dumplings"),
			col("year", false, false, 8, "年度", "Year", "有同名项目时才要写", "only where two projects have one title", "2015", "2015"),
			col("held_on", true, true, 13, "日期", "Day", "例如 2015-12-22", "such as 2015-12-22", "2015-12-22", "2015-12-22", "date"),
			col("what", true, true, 26, "活动内容", "Activity", "做了什么，最多 60 个字", "what was done, at most 60 characters", "包饺子、送饺子", "Making dumplings", "活动"),
			col("times", true, true, 10, "人次", "Person-times", "来了两次的算两次", "who came twice counts twice", "96", "96"),
			col("note", false, false, 26, "备注", "Note", "可以不填", "optional", "", ""),
		},
	},
	{
		key: "groups", zh: "小组", en: "Groups", take: (*reading).group, sheetSaidZH: "居民小组和社会组织，一行一个。只写人数，不要写姓名和电话。", sheetSaidEN: "Residents’ groups and social organisations, a row each. Counts only: no names, no telephones.",
		columns: []column{
			col("name", true, true, 22, "小组名称", "Group name", "最多 40 个字", "at most 40 characters", "例：合唱队", "Example: Choir", "组织名称", "名称", "name"),
			col("name_en", false, false, 22, "英文名", "Name in English", "可以不填", "optional", "Choir", "Choir"),
			col("kind", false, false, 12, "类型", "Kind", "小组（空着也是）或社会组织", "group (or empty), or social organisation", "小组", "group"),
			col("theme", true, true, 12, "主题", "Theme", themesZH, themesEN, "邻里文化", "neighbours", "类别"),
			col("meets", false, false, 24, "活动时间地点", "Meets", "可以不填", "optional", "每周三 14:00，活动室", "Wednesdays 14:00, activity room"),
			col("founded_on", false, false, 13, "成立日期", "Founded on", "可以不填", "optional", "2014-03-01", "2014-03-01"),
			col("members", false, false, 10, "成员数", "Members", "多少人，可以不填", "how many, optional", "32", "32", "人数"),
			col("counted_on", false, false, 13, "统计日期", "Counted on", "哪天数的；有成员数就要写", "the day of the count; needed with members", "2015-12-31", "2015-12-31"),
		},
	},
	{
		key: "activities", zh: "活动", en: "Activities", take: (*reading).activity, sheetSaidZH: "小组办过的活动，一行一场。", sheetSaidEN: "What groups held, a row each.",
		columns: []column{
			col("group", true, true, 22, "小组", "Group", "和“小组”表里或已有小组的名称一样", "as in the sheet of groups, or of one that is there", "例：合唱队", "Example: Choir", "组织"),
			col("held_on", true, true, 13, "日期", "Day", "例如 2015-05-20", "such as 2015-05-20", "2015-05-20", "2015-05-20", "date"),
			col("what", true, true, 26, "活动内容", "Activity", "做了什么，最多 60 个字", "what was done, at most 60 characters", "练歌", "Rehearsal", "活动"),
			col("people", true, true, 10, "来了几人", "People", "来了多少人", "how many came", "28", "28", "人数", "人次"),
		},
	},
}

// kindOf tells which sheet a folded header is of; nil for another. A column or two may be missing, as long as it is the
// likeliest: the file then says which.
func kindOf(header []string) *kind {
	var best *kind
	most := 0
	for _, k := range kinds {
		marks, found := 0, 0
		for _, c := range k.columns {
			if !c.marksItsKind {
				continue
			}
			marks++
			if slices.ContainsFunc(c.names, func(name string) bool { return slices.Contains(header, name) }) {
				found++
			}
		}
		if first := k.columns[0].names; !slices.ContainsFunc(first, func(name string) bool { return slices.Contains(header, name) }) {
			continue
		}
		if found >= 2 && found >= marks-1 && found*10+10-marks > most {
			best, most = k, found*10+10-marks
		}
	}
	return best
}

// sheetNamed is the kind whose sheet is called so; nil for notes.
func sheetNamed(name string) *kind {
	for _, k := range kinds {
		if n := folded(name); n == folded(k.zh) || n == folded(k.en) {
			return k
		}
	}
	return nil
}

func (r *reading) project() {
	before := len(r.problems)
	p := project.Project{
		TitleZH: r.text("title", 80, true), TitleEN: r.text("title_en", 120, false), Theme: r.theme("theme"), PlaceZH: r.text("place", 60, false),
		OrganisationZH: r.text("organisation", 60, false), CouncilZH: r.text("council", 60, true), Budget: r.amount("budget"), State: project.Done,
	}
	agreed, from, to := r.day("agreed_on", true), r.day("from", true), r.day("to", true)
	if to.Before(from) && !to.IsZero() {
		r.wrong("to", "结束不能早于开始", "the end is not before the beginning")
	}
	if len(r.problems) > before {
		return
	}
	p.AgreedOn, p.StartedOn, p.EndedOn, p.Year = &agreed, &from, &to, from.Year()
	r.file.Projects = append(r.file.Projects, ProjectRow{r.place, p})
}

func (r *reading) outcome() {
	before := len(r.problems)
	o := OutcomeRow{place: r.place, Title: r.text("project", 80, true)}
	o.Year, _ = r.number("year", 2200, false, 2015)
	o.HeldOn, o.ActivityZH, o.Note = r.day("held_on", true), r.text("what", 60, true), r.text("note", 200, false)
	if o.PersonTimes, _ = r.number("times", 99_999, true, 46); len(r.problems) == before {
		r.file.Outcomes = append(r.file.Outcomes, o)
	}
}

var slugRest = regexp.MustCompile(`[^a-z0-9]+`)

func (r *reading) group() {
	before := len(r.problems)
	g := GroupRow{place: r.place, Organisation: organisation.Organisation{
		Kind: organisation.Group, NameZH: r.text("name", 40, true), NameEN: r.text("name_en", 80, false), Theme: r.theme("theme"), MeetsZH: r.text("meets", 80, false),
	}}
	switch folded(r.row.Text(r.cols["kind"])) {
	case "", "小组", "居民小组", "group":
	case "社会组织", "组织", "socialorganisation", "organisation":
		g.Kind = organisation.Social
	default:
		r.wrong("kind", "写“小组”或“社会组织”", "write group or social organisation")
	}
	if day := r.day("founded_on", false); !day.IsZero() {
		g.FoundedOn = &day
	}
	n, counted := r.number("members", 99_999, false, 46)
	if g.CountedOn = r.day("counted_on", counted); counted {
		g.Members = &n
		if r.cols["counted_on"] < 0 {
			r.wrong("members", "写了人数，就要有“统计日期”一列", "with members, the column Counted on is needed")
		}
	}
	if len(r.problems) == before {
		r.file.Groups = append(r.file.Groups, g)
	}
}

func (r *reading) activity() {
	before := len(r.problems)
	a := ActivityRow{place: r.place, Name: r.text("group", 40, true)}
	a.HeldOn, a.WhatZH = r.day("held_on", true), r.text("what", 60, true)
	if a.People, _ = r.number("people", 9999, true, 46); len(r.problems) == before {
		r.file.Activities = append(r.file.Activities, a)
	}
}

func iso(day time.Time) string { return day.Format(time.DateOnly) }
