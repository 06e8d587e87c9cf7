package pastfile

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/organisation"
	"fund/campaigns/project"
	"fund/ledger"
)

// Plan is what a file would write, and what is there already.
type Plan struct {
	Projects   []ProjectRow
	Outcomes   []OutcomeRow
	Groups     []GroupRow // new ones, and members of old ones
	Activities []ActivityRow
	Known      int // rows that an earlier import wrote, with the same content

	community ledger.Community
	groups    map[string]int     // ids by name, of those that are there
	projects  map[projectKey]int // ids
	problems  bool               // somewhere in the file: it writes nothing
}

// New is how many rows would be written.
func (p Plan) New() int {
	return len(p.Projects) + len(p.Outcomes) + len(p.Groups) + len(p.Activities)
}

// ErrProblems is returned for a file that has to be mended first.
var ErrProblems = errors.New("pastfile: a file with problems is not written")

type projectKey struct {
	title string
	year  int
}

// Prepare holds a file against the records: it leaves out what is there already and says what must be mended. Nothing is
// written. today is the community's; nothing of the past is later.
func Prepare(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, f File, today time.Time) (plan Plan, problems []Problem, err error) {
	p := preparing{ctx: ctx, q: q, c: c, today: today, plan: Plan{community: c, groups: map[string]int{}, projects: map[projectKey]int{}}, seen: map[string]int{}}
	for _, step := range []func(File) error{p.takeProjects, p.takeOutcomes, p.takeGroups, p.takeActivities} {
		if err = step(f); err != nil {
			return plan, nil, fmt.Errorf("pastfile.Prepare(%d): %w", c.ID, err)
		}
	}
	p.plan.problems = f.unread || len(p.problems) > 0
	return p.plan, InOrder(p.problems), nil
}

type preparing struct {
	ctx      context.Context
	q        sqlx.QueryerContext
	c        ledger.Community
	today    time.Time
	plan     Plan
	problems []Problem
	seen     map[string]int // rows of the file by what makes them one
	inFile   map[string]bool
}

// once tells whether a row is the first of its key; a second is a problem.
func (p *preparing) once(at place, key string, parts ...any) bool {
	k := at.sheet + "\x00" + fmt.Sprint(parts...)
	if before, twice := p.seen[k]; twice {
		p.problems = append(p.problems, at.fail(key, "和第 %d 行重复：删掉一行", "the same as row %d: take one out", before))
		return false
	}
	p.seen[k] = at.N()
	return true
}

// future blames a day that has not come.
func (p *preparing) future(at place, key string, day time.Time) bool {
	if !day.After(p.today) {
		return false
	}
	p.problems = append(p.problems, at.fail(key, "还没到这一天：这里只收过去的", "that day has not come: this takes the past"))
	return true
}

func (p *preparing) differs(at place, key, zh, en string) {
	p.problems = append(p.problems, at.fail(key, "已经有了，%[1]s却不一样：在页面上改，或者删掉这一行", "it is there already with another %[2]s: change it on its page, or take the row out", zh, en))
}

func (p *preparing) takeProjects(f File) error {
	there, err := project.ListProjects(p.ctx, p.q, p.c.ID, project.Filter{})
	if err != nil {
		return err
	}
	known := map[projectKey]project.Project{}
	for _, one := range there {
		if one.Slug != "" {
			known[projectKey{one.TitleZH, one.Year}], p.plan.projects[projectKey{one.TitleZH, one.Year}] = one, one.ID
		}
	}
	councils, err := council.ListCouncils(p.ctx, p.q, p.c.ID)
	if err != nil {
		return err
	}
	for _, r := range f.Projects {
		if p.future(r.place, "to", *r.EndedOn) || !p.once(r.place, "title", r.TitleZH, r.Year) {
			continue
		}
		before, found := known[projectKey{r.TitleZH, r.Year}]
		switch {
		case found && before.StartedOn != nil && iso(*before.StartedOn) == iso(*r.StartedOn) && before.Budget.Equal(r.Budget):
			p.plan.Known++
			continue
		case found:
			p.differs(r.place, "title", "开始日期或预算", "beginning or budget")
			continue
		}
		for _, k := range councils {
			if k.NameZH == r.CouncilZH && !k.FoundedOn.After(*r.AgreedOn) {
				p.problems = append(p.problems, r.fail("council", "这个议事会的记录在这里：它同意的项目从议题来。更早的会议请写那次会议的名称", "this council's records are kept here: what it agreed to comes from a motion. For an older meeting, write that meeting's name"))
			}
		}
		r.Slug = slugOf("past", r.TitleEN, r.TitleZH, r.Year)
		p.plan.Projects = append(p.plan.Projects, r)
		p.plan.projects[projectKey{r.TitleZH, r.Year}] = 0
	}
	return nil
}

func (p *preparing) takeOutcomes(f File) error {
	years := map[string][]int{}
	for k := range p.plan.projects {
		years[k.title] = append(years[k.title], k.year)
	}
	done := map[int]map[string]int{} // person-times by day and activity, of a project
	for _, r := range f.Outcomes {
		switch of := years[r.Title]; {
		case len(of) == 0:
			p.problems = append(p.problems, r.fail("project", "没有这个项目：先写进“项目”表，名称要一样", "there is no such project: write it into the sheet of projects first, with the same title"))
			continue
		case r.Year == 0 && len(of) > 1:
			p.problems = append(p.problems, r.fail("project", "有 %d 个同名项目：写上年度", "%d projects have that title: write the year", len(of)))
			continue
		case r.Year == 0:
			r.Year = of[0]
		}
		id, found := p.plan.projects[projectKey{r.Title, r.Year}]
		if !found {
			p.problems = append(p.problems, r.fail("year", "这个项目不是这一年的", "the project is not of that year"))
			continue
		}
		if p.future(r.place, "held_on", r.HeldOn) || !p.once(r.place, "what", r.Title, r.Year, iso(r.HeldOn), r.ActivityZH) {
			continue
		}
		if id != 0 && done[id] == nil {
			list, err := project.ListOutcomes(p.ctx, p.q, p.c.ID, id)
			if err != nil {
				return err
			}
			done[id] = map[string]int{}
			for _, o := range list {
				if o.Counts() {
					done[id][iso(o.HeldOn)+o.ActivityZH] = o.PersonTimes
				}
			}
		}
		times, there := done[id][iso(r.HeldOn)+r.ActivityZH]
		switch {
		case there && times == r.PersonTimes:
			p.plan.Known++
		case there:
			p.differs(r.place, "times", "人次", "number")
		default:
			p.plan.Outcomes = append(p.plan.Outcomes, r)
		}
	}
	return nil
}

func (p *preparing) takeGroups(f File) error {
	there, err := organisation.Every(p.ctx, p.q, p.c.ID)
	if err != nil {
		return err
	}
	known := map[string]organisation.Organisation{}
	for _, o := range there {
		known[o.NameZH], p.plan.groups[o.NameZH] = o, o.ID
	}
	counts, err := organisation.MemberCounts(p.ctx, p.q, p.c.ID, 0)
	if err != nil {
		return err
	}
	counted := map[counting]int{}
	for _, m := range counts {
		counted[counting{m.OrganisationID, iso(m.CountedOn)}] = m.Members
	}
	p.inFile = map[string]bool{}
	for _, r := range f.Groups {
		p.inFile[r.NameZH] = true
		if p.future(r.place, "counted_on", r.CountedOn) || !p.once(r.place, "name", r.NameZH, iso(r.CountedOn)) {
			continue
		}
		before, found := known[r.NameZH]
		switch {
		case found && before.Kind != r.Kind:
			p.differs(r.place, "kind", "类型", "kind")
			continue
		case found && before.Theme != r.Theme:
			p.differs(r.place, "theme", "主题", "theme")
			continue
		}
		if !p.freshGroup(r, before.ID, counted) {
			p.plan.Known++
			continue
		}
		if r.ID = before.ID; r.ID == 0 {
			r.Slug = slugOf("g", r.NameEN, r.NameZH, 0)
		}
		p.plan.Groups = append(p.plan.Groups, r)
	}
	return nil
}

// counting is a count of an organisation's members: whose, and on which day.
type counting struct {
	of  int
	day string
}

// freshGroup tells whether a row says something that is not there.
func (p *preparing) freshGroup(r GroupRow, id int, counted map[counting]int) bool {
	if id == 0 || r.Members == nil {
		return id == 0
	}
	members, there := counted[counting{id, iso(r.CountedOn)}]
	if there && members != *r.Members {
		p.differs(r.place, "members", "人数", "number")
	}
	return !there
}

func (p *preparing) takeActivities(f File) error {
	if len(f.Activities) == 0 {
		return nil
	}
	from, to := f.Activities[0].HeldOn, f.Activities[0].HeldOn
	for _, r := range f.Activities {
		if r.HeldOn.Before(from) {
			from = r.HeldOn
		}
		if r.HeldOn.After(to) {
			to = r.HeldOn
		}
	}
	list, err := organisation.ListActivities(p.ctx, p.q, p.c.ID, 0, from, to)
	if err != nil {
		return err
	}
	type key struct {
		of        int
		day, what string
	}
	there := map[key]int{}
	for _, a := range list {
		there[key{a.OrganisationID, iso(a.HeldOn), a.WhatZH}] = a.People
	}
	for _, r := range f.Activities {
		id, found := p.plan.groups[r.Name]
		if !found && !p.inFile[r.Name] {
			p.problems = append(p.problems, r.fail("group", "没有这个小组：先写进“小组”表，名称要一样", "there is no such group: write it into the sheet of groups first, with the same name"))
			continue
		}
		if p.future(r.place, "held_on", r.HeldOn) || !p.once(r.place, "what", r.Name, iso(r.HeldOn), r.WhatZH) {
			continue
		}
		people, known := there[key{id, iso(r.HeldOn), r.WhatZH}]
		switch {
		case found && known && people == r.People:
			p.plan.Known++
		case found && known:
			p.differs(r.place, "people", "人数", "number")
		default:
			p.plan.Activities = append(p.plan.Activities, r)
		}
	}
	return nil
}

// slugOf makes an address of a name in English, or of what a name in Chinese comes to; the same name makes the same address.
func slugOf(prefix, en, zh string, year int) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(zh, year)))
	tail := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:4]))[:6]
	words := strings.Trim(slugRest.ReplaceAllString(strings.ToLower(en), "-"), "-")
	if len(words) > 32 {
		words = strings.Trim(words[:32], "-")
	}
	parts := []string{prefix}
	if year > 0 {
		parts = append(parts, fmt.Sprint(year))
	}
	if words != "" {
		parts = append(parts, words)
	}
	return strings.Join(append(parts, tail), "-")
}
