package disclosure

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"fund/campaigns"
)

// Kind is what has to be disclosed.
type Kind string

// The kinds of disclosure.
const (
	Annual     Kind = "annual"     // 年度工作报告和财务报告
	Event      Kind = "event"      // 重大事项
	Result     Kind = "result"     // 募捐结果：a campaign's end report
	Leftover   Kind = "leftover"   // 项目剩余财产：a project's end report
	Periodic   Kind = "periodic"   // of a campaign or project longer than six months
	Correction Kind = "correction" // says what changed; has no deadline
)

// SubjectKind is what a disclosure is about.
type SubjectKind string

// The kinds of subject.
const (
	OfCommunity SubjectKind = "community"
	OfCampaign  SubjectKind = "campaign"
	OfProject   SubjectKind = "project"
	OfVenture   SubjectKind = "venture"
	OfEvent     SubjectKind = "event"
)

// Rule is one line of the law as data: what has to be disclosed, about what, by when, and which text says so.
type Rule struct {
	Kind    Kind
	Subject SubjectKind
	Clock   Clock
	LawZH   string
	LawEN   string
	Article string    // empty where the official text was not reached
	From    time.Time // in force on and after
	Until   time.Time // the last day in force; zero while it is in force
	Sure    bool      // false: has to be compared with the official text
}

// Law names the rule's source in the reader's language, with the article where it is known.
func (r Rule) Law(lang string) string {
	switch {
	case lang == "en" && r.Article != "" && !strings.Contains(r.LawEN, "Art."):
		return r.LawEN + ", Art. " + r.Article
	case lang == "en":
		return r.LawEN
	case r.Article != "" && !strings.Contains(r.LawZH, "条"):
		return r.LawZH + "第" + r.Article + "条"
	}
	return r.LawZH
}

// inForce tells whether the rule holds for what begins to run on a day.
func (r Rule) inForce(day time.Time) bool {
	return !day.Before(r.From) && (r.Until.IsZero() || !day.After(r.Until))
}

// Clock is how a rule counts; exactly one of its parts is set, none for a rule without a deadline.
type Clock struct {
	YearDay string // "05-31" of the year after
	Days    int    // after the event
	Months  int    // after the end, by 民法典 Art. 202
	Every   int    // months, as long as it lasts …
	Over    int    // … if it lasts longer than so many months
}

// after is the last day of a term that begins with a day.
func (k Clock) after(day time.Time) time.Time {
	switch {
	case k.YearDay != "":
		due, _ := time.Parse(time.DateOnly, fmt.Sprintf("%d-%s", day.Year()+1, k.YearDay)) // read once when the rules were
		return due
	case k.Days > 0:
		return day.AddDate(0, 0, k.Days)
	}
	return campaigns.MonthsAfter(day, k.Months)
}

// marks are the days on which something that runs from start to end has to be reported on while it runs.
func (k Clock) marks(start, end time.Time) (due []time.Time) {
	if !end.After(campaigns.MonthsAfter(start, k.Over)) {
		return nil
	}
	for n := k.Every; ; n += k.Every {
		day := campaigns.MonthsAfter(start, n)
		if !day.Before(end) {
			return due
		}
		due = append(due, day)
	}
}

//go:embed rules/*.tsv
var ruleFiles embed.FS

// rules are all that this program knows, the older files first.
var rules = mustRules(ruleFiles)

func mustRules(files fs.FS) []Rule {
	all, err := ReadRules(files)
	if err != nil {
		panic(err) // the files are part of the program
	}
	return all
}

// ReadRules reads rules from files as those of rules/: a line each, its cells between tabs.
func ReadRules(files fs.FS) (all []Rule, err error) {
	names, err := fs.Glob(files, "rules/*.tsv")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		for n, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
			if strings.HasPrefix(line, "#") {
				continue
			}
			r, err := readRule(line)
			if err != nil {
				return nil, fmt.Errorf("disclosure: %s:%d: %w", name, n+1, err)
			}
			all = append(all, r)
		}
	}
	return all, nil
}

func readRule(line string) (r Rule, err error) {
	cells := strings.Split(line, "\t")
	if len(cells) != 9 {
		return r, fmt.Errorf("%d cells, expected 9", len(cells))
	}
	r = Rule{Kind: Kind(cells[0]), Subject: SubjectKind(cells[1]), LawZH: cells[3], LawEN: cells[4], Article: cells[5], Sure: cells[8] == "yes"}
	if r.Clock, err = readClock(cells[2]); err != nil {
		return r, err
	}
	if r.From, err = time.Parse(time.DateOnly, cells[6]); err != nil {
		return r, err
	}
	if cells[7] != "" {
		r.Until, err = time.Parse(time.DateOnly, cells[7])
	}
	return r, err
}

func readClock(text string) (k Clock, err error) {
	word, rest, _ := strings.Cut(text, " ")
	switch word {
	case "note":
	case "by":
		k.YearDay = rest
		_, err = time.Parse("01-02", rest)
	case "days":
		_, err = fmt.Sscan(rest, &k.Days)
	case "months":
		_, err = fmt.Sscan(rest, &k.Months)
	case "every":
		_, err = fmt.Sscanf(rest, "%d over %d", &k.Every, &k.Over)
	default:
		err = fmt.Errorf("no clock counts %q", text)
	}
	return k, err
}
