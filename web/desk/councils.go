package desk

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/web/auth"
	"fund/web/page"
)

// What a council refuses, here and on the public pages.
func init() {
	page.Meaning(council.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(council.ErrState, fiber.StatusConflict, "error.moved_on")
	for err, key := range map[error]string{
		council.ErrNoMember: "no_member", council.ErrNoOffice: "no_office", council.ErrNoVoters: "no_voters", council.ErrVoteOver: "vote_over", council.ErrVoted: "voted",
		council.ErrConflict: "conflict", council.ErrCode: "code", council.ErrSheets: "sheets", council.ErrCounted: "counted", council.ErrCountTwo: "count_two",
		council.ErrNotOver: "not_over", council.ErrUncounted: "uncounted", council.ErrMinuted: "minuted", council.ErrSigned: "signed", council.ErrNothing: "nothing", council.ErrNotPassed: "not_passed",
		council.ErrOverVoted: "over_voted", council.ErrNotMoved: "not_moved", council.ErrUnvoted: "unvoted", council.ErrSeat: "seat", council.ErrMoney: "money", council.ErrExists: "exists",
	} {
		page.Meaning(err, fiber.StatusConflict, "council.error."+key)
	}
}

const councilsPath = "/desk/councils"

type councilsView struct {
	Councils  []councilRow
	MayManage bool
	Form      *page.Form
	Levels    []page.Option
	Parents   []page.Option
	Rules     ruleOptions
}

// councilRow is a council with the motions that are not over.
type councilRow struct {
	council.Council
	Motions []council.Motion
	Sits    int
}

// Councils lists the councils and what they have in hand.
func (p *Pages) Councils(c *fiber.Ctx) error {
	v, err := p.councilsView(c, page.BlankForm(c).Set("date", p.today(c)))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/councils", v)
}

func (p *Pages) councilsView(c *fiber.Ctx, f *page.Form) (v councilsView, err error) {
	ctx, here, lang := c.UserContext(), page.Of(c).Community.ID, string(page.Of(c).Lang)
	v = councilsView{MayManage: can(c, auth.ManagePeople), Form: councilForm(f), Levels: choices(c, "council.level", council.Levels...), Rules: p.ruleOptions(c)}
	list, err := council.ListCouncils(ctx, p.DB, here)
	if err != nil {
		return v, err
	}
	motions, err := council.ListMotions(ctx, p.DB, here, 0)
	if err != nil {
		return v, err
	}
	sit, err := council.Members(ctx, p.DB, here, 0, page.Of(c).Local(p.Now()))
	v.Parents = []page.Option{{Value: "", Label: page.Of(c).T("council.no_parent")}}
	for _, k := range list {
		row := councilRow{Council: k}
		for _, m := range motions {
			if m.CouncilID == k.ID && (m.State == council.Draft || m.State == council.IsOpen) {
				row.Motions = append(row.Motions, m)
			}
		}
		for _, m := range sit {
			if m.CouncilID == k.ID {
				row.Sits++
			}
		}
		v.Councils = append(v.Councils, row)
		v.Parents = append(v.Parents, page.Option{Value: strconv.Itoa(k.ID), Label: k.Name(lang)})
	}
	return v, err
}

func councilForm(f *page.Form) *page.Form {
	return labelled(f, "council.field", "slug", "name_zh", "name_en", "level", "parent", "date", "quorum", "majority", "ballot", "conflicted", "name", "office", "user", "from", "until",
		"place", "notes", "present", "motions")
}

// AddCouncil founds a council.
func (p *Pages) AddCouncil(c *fiber.Ctx) error {
	v, err := p.councilsView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	f := v.Form
	k := council.Council{
		Slug: f.Text("slug", 60), Level: council.Level(f.Choice("level", page.Values(v.Levels))), NameZH: f.Text("name_zh", 40), NameEN: f.Text("name_en", 80, page.Optional), FoundedOn: f.Date("date"),
	}
	if id, err := strconv.Atoi(f.Choice("parent", page.Values(v.Parents), page.Optional)); err == nil {
		k.ParentID = &id
	}
	if (k.Level == council.Community) != (k.ParentID == nil) {
		f.Wrong("parent", "council.wrong.parent")
	}
	if !slugForm.MatchString(k.Slug) && k.Slug != "" {
		f.Wrong("slug", "council.wrong.slug")
	}
	rule := v.Rules.read(f)
	rule.SetAt = p.Now()
	if f.AnyWrong() {
		return page.Again(c, "desk/councils", v)
	}
	err = p.act(c, "council.found", "council:"+k.Slug, nil, func(tx *sqlx.Tx, who string) error {
		_, err := council.AddCouncil(c.UserContext(), tx, page.Of(c).Community.ID, k, rule, who)
		return err
	})
	p.moved(c, 0)
	return done(c, err, councilsPath+"/"+k.Slug, "council.founded", "name", k.NameZH)
}

type councilView struct {
	council.Council
	Rule       council.Rule
	Members    []council.Member
	Motions    []council.Motion
	Minutes    []council.Minutes
	Signed     []council.Signature
	Seat       *council.Member // of whoever reads
	Unminuted  []council.Motion
	Form       *page.Form
	Offices    []page.Option
	Users      []page.Option
	Rules      ruleOptions
	MayManage  bool
	MayPropose bool
	MayMinute  bool
}

// Council shows one council: who sits, how it decides, its motions, and the forms of its secretary.
func (p *Pages) Council(c *fiber.Ctx) error {
	v, err := p.councilView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/council", v)
}

func (p *Pages) councilView(c *fiber.Ctx, f *page.Form) (v councilView, err error) {
	ctx, here, today := c.UserContext(), page.Of(c).Community.ID, page.Of(c).Local(p.Now())
	v = councilView{Form: councilForm(f), MayManage: can(c, auth.ManagePeople), Rules: p.ruleOptions(c), Offices: choices(c, "council.office", "none", string(council.Chair), string(council.Secretary))}
	if v.Council, err = council.FindCouncil(ctx, p.DB, here, c.Params("council")); err != nil {
		return v, err
	}
	if v.Rule, err = council.RuleOf(ctx, p.DB, here, v.ID, 0); err != nil {
		return v, err
	}
	if v.Members, err = council.Members(ctx, p.DB, here, v.ID, today); err != nil {
		return v, err
	}
	if v.Motions, err = council.ListMotions(ctx, p.DB, here, v.ID); err != nil {
		return v, err
	}
	if v.Minutes, err = council.ListMinutes(ctx, p.DB, here, v.ID); err != nil {
		return v, err
	}
	if v.Signed, err = council.Signatures(ctx, p.DB, here, v.ID); err != nil {
		return v, err
	}
	if v.Unminuted, err = council.Unminuted(ctx, p.DB, here, v.ID); err != nil {
		return v, err
	}
	if seat := seatOf(c, v.Members); seat != nil && can(c, auth.VoteMotion) {
		v.Seat = seat
		v.MayPropose, v.MayMinute = true, seat.Office != council.NoOffice && len(v.Unminuted) > 0
	}
	if f.Typed("date") == "" {
		f.Set("date", today.Format(time.DateOnly)).Set("from", today.Format(time.DateOnly)).Set("until", today.AddDate(3, 0, -1).Format(time.DateOnly))
	}
	if v.MayManage {
		v.Users, err = p.voters(c)
	}
	return v, err
}

// seatOf is the seat of whoever reads, nil where they have none.
func seatOf(c *fiber.Ctx, members []council.Member) *council.Member {
	s, err := auth.Current(c)
	for i, m := range members {
		if err == nil && m.UserSubject == auth.UserSubject(s.UserID) {
			return &members[i]
		}
	}
	return nil
}

// voters are the log-ins that may vote, for the form that gives a seat.
func (p *Pages) voters(c *fiber.Ctx) (options []page.Option, err error) {
	users, err := p.Door.Gate.Users(c.UserContext(), p.DB, page.Of(c).Community.ID)
	options = []page.Option{{Value: "", Label: page.Of(c).T("council.paper_only")}}
	for _, u := range users {
		if u.Can(auth.VoteMotion, page.Of(c).Community.ID) {
			options = append(options, page.Option{Value: auth.UserSubject(u.ID), Label: u.Name + " · " + u.Login})
		}
	}
	return options, err
}

// SeatMember gives somebody a seat.
func (p *Pages) SeatMember(c *fiber.Ctx) error {
	v, err := p.councilView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	f := v.Form
	m := council.Member{CouncilID: v.ID, Name: f.Text("name", 40), UserSubject: f.Choice("user", page.Values(v.Users), page.Optional), FromOn: f.Date("from"), UntilOn: f.Date("until")}
	if office := f.Choice("office", page.Values(v.Offices)); office != "none" {
		m.Office = council.Office(office)
	}
	if m.UntilOn.Before(m.FromOn) {
		f.Wrong("until", "council.wrong.term")
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/council", v)
	}
	err = p.act(c, "council.seat", "council:"+v.Slug, nil, func(tx *sqlx.Tx, _ string) error {
		_, err := council.Seat(c.UserContext(), tx, page.Of(c).Community.ID, m)
		return err
	})
	p.moved(c, 0)
	return done(c, err, councilsPath+"/"+v.Slug, "council.seated", "name", m.Name)
}

// SetCouncilRule gives a council another rule, for the votes opened from then on.
func (p *Pages) SetCouncilRule(c *fiber.Ctx) error {
	v, err := p.councilView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	rule := v.Rules.read(v.Form)
	rule.SetAt = p.Now()
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/council", v)
	}
	err = p.act(c, "council.rule", "council:"+v.Slug, nil, func(tx *sqlx.Tx, who string) error {
		return council.SetRule(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, rule, who)
	})
	p.moved(c, 0)
	return done(c, err, councilsPath+"/"+v.Slug, "council.rule_set")
}

// WriteMinutes writes the minutes of a meeting.
func (p *Pages) WriteMinutes(c *fiber.Ctx) error {
	v, err := p.councilView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	k := v.meeting()
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/council", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	var written council.Minutes
	err = p.act(c, "council.minutes", "council:"+v.Slug, nil, func(tx *sqlx.Tx, who string) (err error) {
		written, err = council.WriteMinutes(c.UserContext(), tx, community, k, who, p.Now())
		return err
	})
	p.moved(c, 0)
	return done(c, err, councilsPath+"/"+v.Slug, "council.minuted", "number", written.Serial())
}

// meeting reads what the secretary tells of a meeting.
func (v councilView) meeting() council.Meeting {
	f := v.Form
	k := council.Meeting{CouncilID: v.ID, HeldOn: f.Date("date"), Place: f.Text("place", 40), Notes: f.Text("notes", 1000, page.Optional)}
	for _, n := range f.All("present") {
		if number := page.ParseNumber(n); number > 0 {
			k.Present = append(k.Present, number)
		}
	}
	for _, m := range v.Unminuted {
		for _, id := range f.All("motions") {
			if m.ID.String() == id {
				k.Motions = append(k.Motions, m.ID)
			}
		}
	}
	if len(k.Motions) == 0 {
		f.Wrong("motions", "council.wrong.motions")
	}
	return k
}

// ruleOptions are the rules that a council chooses among.
type ruleOptions struct{ Quorum, Majority, Ballot, Conflicted []page.Option }

func (p *Pages) ruleOptions(c *fiber.Ctx) ruleOptions {
	return ruleOptions{
		choices(c, "council.quorum", "1_2", "2_3", "1_3", "1_1"), choices(c, "council.majority", "over_1_2", "from_2_3", "from_3_4", "from_1_1"),
		choices(c, "council.ballot", "secret", "open"), choices(c, "council.conflicted", "out", "in"),
	}
}

func (o ruleOptions) read(f *page.Form) (r council.Rule) {
	quorum, majority := f.Choice("quorum", page.Values(o.Quorum)), f.Choice("majority", page.Values(o.Majority))
	r.Secret, r.ConflictedCount = f.Choice("ballot", page.Values(o.Ballot)) == "secret", f.Choice("conflicted", page.Values(o.Conflicted)) == "in"
	share, over := strings.CutPrefix(majority, "over_")
	_, _ = fmt.Sscanf(quorum, "%d_%d", &r.QuorumNum, &r.QuorumDen)
	_, _ = fmt.Sscanf(strings.TrimPrefix(share, "from_"), "%d_%d", &r.MajorityNum, &r.MajorityDen)
	r.MajorityOver = over
	return r
}

func motionPath(s council.Story) string {
	return councilsPath + "/" + s.Council.Slug + "/motions/" + s.Serial()
}

func motionSubject(id uuid.UUID) string { return "motion:" + id.String() }
