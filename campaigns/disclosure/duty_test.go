package disclosure_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"fund/campaigns/disclosure"
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// calendar is each duty as a line: its last day, its key, how it stands, the days it reports on.
func calendar(duties []disclosure.Duty, today time.Time) string {
	var b strings.Builder
	for _, d := range duties {
		fmt.Fprintf(&b, "%s %s %s %s..%s\n", d.Due.Format(time.DateOnly), d.Key(), d.State(today), d.From.Format(time.DateOnly), d.Until.Format(time.DateOnly))
	}
	return b.String()
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	campaign := func(from, until string) disclosure.Facts {
		return disclosure.Facts{Campaigns: []disclosure.Subject{{Kind: disclosure.OfCampaign, ID: 3, From: at(t, from), Until: at(t, until)}}}
	}
	project := func(from, until string) disclosure.Facts {
		return disclosure.Facts{Projects: []disclosure.Subject{{Kind: disclosure.OfProject, ID: 7, From: at(t, from), Until: at(t, until)}}}
	}
	done := func(f disclosure.Facts, key, on string) disclosure.Facts {
		f.Done = map[string]disclosure.Done{key: {Year: 2026, Number: 1, Version: 1, On: at(t, on)}}
		return f
	}
	for name, c := range map[string]struct {
		facts disclosure.Facts
		today string
		want  string
	}{
		"a campaign that ends in the middle of a month": {campaign("2026-06-01", "2026-08-15"), "2026-09-01", "2026-11-15 result.3 ahead 2026-06-01..2026-08-15\n"},
		"the thirtieth of November has no thirtieth of February": {
			campaign("2026-11-01", "2026-11-30"), "2027-01-29",
			"2027-02-28 result.3 soon 2026-11-01..2026-11-30\n",
		},
		"but a twenty-ninth in a leap year":         {campaign("2027-11-01", "2027-11-30"), "2027-12-01", "2028-02-29 result.3 ahead 2027-11-01..2027-11-30\n"},
		"the thirty-first of August":                {campaign("2026-08-01", "2026-08-31"), "2026-11-30", "2026-11-30 result.3 soon 2026-08-01..2026-08-31\n"},
		"the day after it is overdue":               {campaign("2026-08-01", "2026-08-31"), "2026-12-01", "2026-11-30 result.3 overdue 2026-08-01..2026-08-31\n"},
		"thirty-one days before it is not soon yet": {campaign("2026-08-01", "2026-08-31"), "2026-10-30", "2026-11-30 result.3 ahead 2026-08-01..2026-08-31\n"},
		"done on the last day":                      {done(campaign("2026-08-01", "2026-08-31"), "result.3", "2026-11-30"), "2027-12-01", "2026-11-30 result.3 in_time 2026-08-01..2026-08-31\n"},
		"done a day late":                           {done(campaign("2026-08-01", "2026-08-31"), "result.3", "2026-12-01"), "2027-12-01", "2026-11-30 result.3 late 2026-08-01..2026-08-31\n"},
		"a campaign of six months to the day":       {campaign("2026-03-31", "2026-09-30"), "2026-04-01", "2026-12-30 result.3 ahead 2026-03-31..2026-09-30\n"},
		"a campaign of a day more": {
			campaign("2026-03-31", "2026-10-01"), "2026-04-01",
			"2026-06-30 periodic.campaign.3.2026-06-30 ahead 2026-03-31..2026-06-29\n" +
				"2026-09-30 periodic.campaign.3.2026-09-30 ahead 2026-06-30..2026-09-29\n2027-01-01 result.3 ahead 2026-03-31..2026-10-01\n",
		},
		"a campaign of a year counts from its first day, not from the last report": {
			campaign("2026-08-31", "2027-08-31"), "2026-09-01",
			"2026-11-30 periodic.campaign.3.2026-11-30 ahead 2026-08-31..2026-11-29\n2027-02-28 periodic.campaign.3.2027-02-28 ahead 2026-11-30..2027-02-27\n" +
				"2027-05-31 periodic.campaign.3.2027-05-31 ahead 2027-02-28..2027-05-30\n2027-11-30 result.3 ahead 2026-08-31..2027-08-31\n",
		},
		"a campaign of 2017 is under the law of 2016": {
			campaign("2017-01-01", "2017-11-30"), "2026-01-01",
			"2017-04-01 periodic.campaign.3.2017-04-01 overdue 2017-01-01..2017-03-31\n2017-07-01 periodic.campaign.3.2017-07-01 overdue 2017-04-01..2017-06-30\n" +
				"2017-10-01 periodic.campaign.3.2017-10-01 overdue 2017-07-01..2017-09-30\n2018-02-28 result.3 overdue 2017-01-01..2017-11-30\n",
		},
		"a campaign before any of these laws":      {campaign("2016-01-01", "2016-03-01"), "2026-01-01", ""},
		"a campaign across the change of law":      {campaign("2025-10-01", "2025-12-31"), "2026-01-01", "2026-03-31 result.3 ahead 2025-10-01..2025-12-31\n"},
		"a year's report":                          {disclosure.Facts{Years: []int{2024, 2025, 2026}}, "2026-05-01", "2026-05-31 annual.2025 soon 2025-01-01..2025-12-31\n2027-05-31 annual.2026 ahead 2026-01-01..2026-12-31\n"},
		"a project without an end, two months old": {project("2026-09-30", ""), "2026-11-30", ""},
		"a project without an end, three months on": {
			project("2026-08-31", ""), "2026-11-30",
			"2027-02-28 periodic.project.7.2027-02-28 ahead 2026-08-31..2027-02-27\n",
		},
		"a project without an end, seven months on": {
			project("2026-01-31", ""), "2026-08-31",
			"2026-07-31 periodic.project.7.2026-07-31 overdue 2026-01-31..2026-07-30\n2026-10-31 periodic.project.7.2026-10-31 ahead 2026-07-31..2026-10-30\n",
		},
		"a project that ended after five months": {project("2026-01-31", "2026-06-30"), "2026-07-01", "2026-09-30 leftover.7 ahead 2026-01-31..2026-06-30\n"},
		"a project that ended in 2025":           {project("2025-01-31", "2025-06-30"), "2026-07-01", ""},
		"a major event": {
			disclosure.Facts{Events: []disclosure.Subject{{Kind: disclosure.OfEvent, ID: 2, From: at(t, "2026-01-30"), Until: at(t, "2026-01-30")}}},
			"2026-02-01",
			"2026-03-01 event.2 soon 2026-01-30..2026-01-30\n",
		},
	} {
		today := at(t, c.today)
		if diff := cmp.Diff(c.want, calendar(disclosure.Duties(shipped(t), c.facts, today), today)); diff != "" {
			t.Errorf("%s: -expected +computed\n%s", name, diff)
		}
	}
}

// shipped are the rules that this program knows.
func shipped(t *testing.T) []disclosure.Rule {
	t.Helper()
	rules, err := disclosure.ReadRules(os.DirFS("."))
	if err != nil || len(rules) == 0 {
		t.Fatalf("%d rules, %v", len(rules), err)
	}
	return rules
}

// Another year's rules are another file.
func TestRulesAreData(t *testing.T) {
	t.Parallel()
	line := "result\tcampaign\tmonths %d\t旧法\tOld law\t7\t%s\t%s\tyes\n"
	rules, err := disclosure.ReadRules(fstest.MapFS{
		"rules/a.tsv": {Data: []byte("# the old one\n" + fmt.Sprintf(line, 6, "2020-01-01", "2026-06-30"))},
		"rules/b.tsv": {Data: []byte(fmt.Sprintf(line, 1, "2026-07-01", ""))},
	})
	if err != nil {
		t.Fatal(err)
	}
	today := at(t, "2026-07-01")
	facts := disclosure.Facts{Campaigns: []disclosure.Subject{
		{Kind: disclosure.OfCampaign, ID: 1, From: at(t, "2026-06-01"), Until: at(t, "2026-06-29")},
		{Kind: disclosure.OfCampaign, ID: 2, From: at(t, "2026-06-01"), Until: at(t, "2026-06-30")},
	}}
	want := "2026-07-30 result.2 soon 2026-06-01..2026-06-30\n2026-12-29 result.1 ahead 2026-06-01..2026-06-29\n"
	if diff := cmp.Diff(want, calendar(disclosure.Duties(rules, facts, today), today)); diff != "" {
		t.Error(diff)
	}
	for what, broken := range map[string]string{
		"a cell too few": "result\tcampaign\tmonths 3\t旧法\tOld law\t7\t2020-01-01\tyes", "an unknown clock": "result\tcampaign\tweeks 3\t旧法\tOld law\t7\t2020-01-01\t\tyes",
		"a day that is none": "result\tcampaign\tmonths 3\t旧法\tOld law\t7\t2020-02-30\t\tyes", "a number that is none": "event\tevent\tdays x\t旧法\tOld law\t7\t2020-01-01\t\tyes",
	} {
		if _, err := disclosure.ReadRules(fstest.MapFS{"rules/a.tsv": {Data: []byte(broken)}}); err == nil {
			t.Errorf("%s is read as a rule", what)
		}
	}
	unsure := 0
	for _, r := range shipped(t) {
		if r.Law("en") == "" || r.Law("zh-CN") == "" || r.From.IsZero() {
			t.Errorf("a rule without its source: %+v", r)
		}
		if !r.Sure {
			unsure++
		}
	}
	if unsure != 4 {
		t.Errorf("%d rules are still to be compared with the official text, expected 4", unsure)
	}
}

func TestReminders(t *testing.T) {
	t.Parallel()
	d := disclosure.Duty{Kind: disclosure.Result, Due: at(t, "2026-11-30")}
	for today, want := range map[string]int{
		"2026-10-30": 0, "2026-10-31": 30, "2026-11-20": 30, "2026-11-22": 30, "2026-11-23": 7, "2026-11-28": 7, "2026-11-29": 1, "2026-11-30": 1, "2026-12-01": 0,
	} {
		if days, due := disclosure.Reminder(d, at(t, today)); due != (want > 0) || days != want {
			t.Errorf("on %s: %d days before (%v), expected %d", today, days, due, want)
		}
	}
	d.Done = &disclosure.Done{On: at(t, "2026-11-01")}
	if _, due := disclosure.Reminder(d, at(t, "2026-11-29")); due {
		t.Error("what is done is reminded of")
	}
}

func TestICal(t *testing.T) {
	t.Parallel()
	d := disclosure.Duty{Kind: disclosure.Result, Subject: disclosure.Subject{ID: 3}, Due: at(t, "2026-11-30"), Rule: shipped(t)[0]}
	text := disclosure.ICal([]disclosure.Duty{d}, "安公社区, 信息公开", at(t, "2026-11-01"), "fund.test",
		func(disclosure.Duty) string {
			return "募捐结果报告：" + strings.Repeat("除夕暖心饭；", 20)
		}, func(disclosure.Duty) string { return "https://fund.test/c/angong" })
	for _, line := range strings.Split(text, "\r\n") {
		if len(line) > 75 {
			t.Errorf("%d bytes in a line: %s", len(line), line)
		}
	}
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\n", "UID:result.3@fund.test\r\n", "DTSTART;VALUE=DATE:20261130\r\n", "DTEND;VALUE=DATE:20261201\r\n", "END:VCALENDAR\r\n",
		`X-WR-CALNAME:安公社区\, 信息公开`, "BEGIN:VALARM", strings.Repeat("除夕暖心饭；", 20),
	} {
		if !strings.Contains(strings.ReplaceAll(text, "\r\n ", ""), want) && !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
