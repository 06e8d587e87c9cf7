package sample

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger"
)

// councils are those of the sample: the community's, the residents' groups', and those of the courtyards under their group.
var councils = []struct {
	slug, above string
	level       council.Level
	zh, en      string
	sit         int
}{
	{"angong", "", council.Community, "社区议事会", "Community council", 31},
	{"group-1", "angong", council.Group, "第一居民小组议事会", "Council of residents’ group 1", 7},
	{"group-2", "angong", council.Group, "第二居民小组议事会", "Council of residents’ group 2", 7},
	{"group-3", "angong", council.Group, "第三居民小组议事会", "Council of residents’ group 3", 7},
	{"court-1", "group-1", council.Compound, "1 号院议事会", "Council of courtyard 1", 13},
	{"court-2", "group-1", council.Compound, "2 号院议事会", "Council of courtyard 2", 13},
	{"court-3", "group-1", council.Compound, "3 号院议事会", "Council of courtyard 3", 13},
	{"court-4", "group-1", council.Compound, "4 号院议事会", "Council of courtyard 4", 13},
	{"court-5", "group-2", council.Compound, "5 号院议事会", "Council of courtyard 5", 13},
	{"court-6", "group-2", council.Compound, "6 号院议事会", "Council of courtyard 6", 13},
	{"court-7", "group-2", council.Compound, "7 号院议事会", "Council of courtyard 7", 13},
	{"court-8", "group-2", council.Compound, "8 号院议事会", "Council of courtyard 8", 13},
	{"court-11", "group-3", council.Compound, "11 号院议事会", "Council of courtyard 11", 13},
}

const surnames = "何周王赵刘陈李张吴杨孙黄徐朱林郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈"

// sit founds the councils, lets them vote on every project that says they agreed, and shows what is before them now.
func (w *world) sit(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	founded, byName := map[string]council.Council{}, map[string]council.Council{}
	first, today := ledger.Day(2016, 12, 1), w.today
	for _, k := range councils {
		of := council.Council{Slug: k.slug, Level: k.level, NameZH: k.zh, NameEN: k.en, FoundedOn: first}
		if above, ok := founded[k.above]; ok {
			of.ParentID = &above.ID
		}
		// The community votes in secret; in a courtyard everybody sees who raises a hand.
		of, err := council.AddCouncil(ctx, tx, w.c.ID, of, council.Rule{
			QuorumNum: 1, QuorumDen: 2, MajorityNum: 1, MajorityDen: 2, MajorityOver: true, Secret: k.level != council.Compound, SetAt: w.c.Clock(first, 9),
		}, "administrator")
		if err != nil {
			return err
		}
		founded[k.slug], byName[k.zh] = of, of
		for _, term := range [][2]time.Time{{first, first.AddDate(3, 0, -1)}, {today.AddDate(-1, 0, 0), today.AddDate(2, 0, -1)}} {
			if err := w.seats(ctx, tx, of.ID, k.sit, term); err != nil {
				return err
			}
		}
	}
	for _, slug := range slices.Sorted(maps.Keys(w.projects)) {
		if k, kept := byName[w.projects[slug].CouncilZH]; kept && w.projects[slug].AgreedOn != nil {
			if err := w.pass(ctx, tx, k, slug); err != nil {
				return fmt.Errorf("%s: %w", slug, err)
			}
		}
	}
	if err := w.passUp(ctx, tx, founded["court-3"], now); err != nil {
		return err
	}
	return w.voteNow(ctx, tx, founded["angong"], now)
}

// seats fills a council for a term: the representative who has a log-in is its chair.
func (w *world) seats(ctx context.Context, tx *sqlx.Tx, of, sit int, term [2]time.Time) error {
	titles := []string{"代表", "阿姨", "师傅", "老师", "伯伯"}
	for i, surname := range []rune(surnames)[:sit] {
		m := council.Member{CouncilID: of, Name: string(surname) + titles[(i*i+of)%len(titles)], FromOn: term[0], UntilOn: term[1]}
		switch i {
		case 0:
			m.Name, m.Office, m.UserSubject = "何代表", council.Chair, representative
		case 1:
			m.Office = council.Secretary
		}
		if _, err := council.Seat(ctx, tx, w.c.ID, m); err != nil {
			return err
		}
	}
	return nil
}

// consent is what a council is asked about a project: money for it, or, where gifts pay for it, whether it should be.
func consent(k council.Council, p project.Project) council.Motion {
	m := council.Motion{CouncilID: k.ID, Kind: council.Resolution, TitleZH: "同意开展“" + p.TitleZH + "”", TitleEN: "Consent to “" + p.TitleEN + "”", ProjectID: &p.ID}
	if p.Restricted {
		m.TextZH, m.TextEN = "钱由募捐来，筹到的只用于这件事，预算 "+p.Budget.Yuan()+"。", "Gifts pay for it, and are used for nothing else; its budget is "+p.Budget.Yuan()+"."
		return m
	}
	from := ledger.GeneralFundID
	m.Kind, m.Amount, m.FromFund, m.ToFund = council.BudgetLine, &p.Budget, &from, &p.FundID
	m.TitleZH, m.TitleEN = "给“"+p.TitleZH+"”拨款", "Money for “"+p.TitleEN+"”"
	return m
}

// pass is the vote by which a council agreed to a project, on the day and with the votes of the projects' table: of the
// community on sheets of paper, of a courtyard in the open.
func (w *world) pass(ctx context.Context, tx *sqlx.Tx, k council.Council, slug string) error {
	p := w.projects[slug]
	at := w.c.Clock(*p.AgreedOn, 19)
	m, err := council.Propose(ctx, tx, w.c, consent(k, p), representative, at)
	if err != nil {
		return err
	}
	if m, err = council.Open(ctx, tx, w.c, m.ID, *p.AgreedOn, representative, at); err != nil {
		return err
	}
	members, err := council.Members(ctx, tx, w.c.ID, k.ID, *p.AgreedOn)
	if err != nil {
		return err
	}
	var came []int
	for i, member := range members[:p.VotesFor+p.VotesAgainst] {
		came = append(came, member.Number)
		switch {
		case k.Level != council.Compound:
			err = council.HandSheet(ctx, tx, w.c, m.ID, member.Number, at)
		case i < p.VotesFor:
			_, err = council.Vote(ctx, tx, w.c, m.ID, member.Number, council.For, "", at)
		default:
			_, err = council.Vote(ctx, tx, w.c, m.ID, member.Number, council.Against, "", at)
		}
		if err != nil {
			return err
		}
	}
	if k.Level != council.Compound {
		for _, counter := range []string{representative, asker} {
			if _, err := council.CountSheets(ctx, tx, w.c.ID, m.ID, council.Sheets{For: p.VotesFor, Against: p.VotesAgainst}, counter, at); err != nil {
				return err
			}
		}
	}
	if _, err = council.Close(ctx, tx, w.c, m.ID, representative, at); err != nil {
		return err
	}
	if err = project.Agree(ctx, tx, w.c.ID, p.ID, m.ID, representative, at); err != nil {
		return err
	}
	w.motions[slug] = m.ID
	minutes, err := council.WriteMinutes(ctx, tx, w.c, council.Meeting{CouncilID: k.ID, HeldOn: *p.AgreedOn, Place: "公益茶坊", Present: came, Motions: []uuid.UUID{m.ID}}, representative, at)
	if err != nil {
		return err
	}
	return council.Sign(ctx, tx, w.c, k.ID, minutes.Serial(), representative, at.AddDate(0, 0, 1))
}

// passUp is a motion that a courtyard agreed to and its council passed up, for it concerns others too.
func (w *world) passUp(ctx context.Context, tx *sqlx.Tx, k council.Council, now time.Time) error {
	at := now.AddDate(0, 0, -9)
	m, err := council.Propose(ctx, tx, w.c, council.Motion{
		CouncilID: k.ID, Kind: council.Resolution, TitleZH: "和 1 号院、2 号院合用一个快递角", TitleEN: "One parcel corner for courtyards 1, 2 and 3",
		TextZH: "快递堆在单元门口，轮椅过不去。3 号院门卫室边上有八平方米空地，三个院都近。", TextEN: "Parcels block the doors, and no wheelchair gets through. There are eight square metres beside the gate of courtyard 3, near for all three.",
	}, representative, at)
	if err != nil {
		return err
	}
	if m, err = council.Open(ctx, tx, w.c, m.ID, w.today.AddDate(0, 0, -8), representative, at); err != nil {
		return err
	}
	members, err := council.Members(ctx, tx, w.c.ID, k.ID, w.today)
	for i, member := range members {
		if err == nil && i < 11 {
			_, err = council.Vote(ctx, tx, w.c, m.ID, member.Number, council.Choices[i/9], "", at.Add(time.Hour))
		}
	}
	if err == nil {
		_, err = council.Close(ctx, tx, w.c, m.ID, representative, at.AddDate(0, 0, 1))
	}
	if err == nil {
		_, err = council.Escalate(ctx, tx, w.c, m.ID, "三个院合用，要小组一起定", representative, at.AddDate(0, 0, 2))
	}
	return err
}

// voteNow puts a motion to the vote for another week, with a few votes given already.
func (w *world) voteNow(ctx context.Context, tx *sqlx.Tx, k council.Council, now time.Time) error {
	at := now.AddDate(0, 0, -2)
	m, err := council.Propose(ctx, tx, w.c, council.Motion{
		CouncilID: k.ID, Kind: council.Resolution, TitleZH: "书角周三、周五开到晚上八点", TitleEN: "The book corner stays open until eight on Wednesdays and Fridays",
		TextZH: "放学以后孩子多，六点关门太早。两位志愿者愿意轮着守，灯费从书角自己的收入里出。", TextEN: "Many children come after school, and six is too early to close. Two volunteers take turns; the light is paid from the book corner’s own takings.",
	}, representative, at)
	if err != nil {
		return err
	}
	if err = council.Say(ctx, tx, w.c, m.ID, "守的人回家晚，最好两个人一起走。", representative, at.Add(time.Hour)); err != nil {
		return err
	}
	if m, err = council.Open(ctx, tx, w.c, m.ID, w.today.AddDate(0, 0, 5), representative, at.Add(2*time.Hour)); err != nil {
		return err
	}
	members, err := council.Members(ctx, tx, w.c.ID, k.ID, w.today)
	if err == nil {
		err = council.DeclareConflict(ctx, tx, w.c.ID, m.ID, members[9].Number, "她的儿子是轮值志愿者之一")
	}
	for i, member := range members {
		if err == nil && i > 1 && i < 8 {
			_, err = council.Vote(ctx, tx, w.c, m.ID, member.Number, council.Choices[i/7], "", at.Add(3*time.Hour))
		}
	}
	return err
}

// LetVote gives the representative's seats to the log-in of a user, `user:…`.
func LetVote(ctx context.Context, tx *sqlx.Tx, c ledger.Community, subject string) error {
	members, err := council.Members(ctx, tx, c.ID, 0, c.Day(time.Now()))
	for _, m := range members {
		if err == nil && m.UserSubject == representative {
			err = council.LetVote(ctx, tx, c.ID, m.CouncilID, m.Number, subject)
		}
	}
	return err
}
