package sample

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/ledger"
)

// councils are those of the sample, each below the one before it, with how many sit in them.
var councils = []struct {
	slug   string
	level  council.Level
	zh, en string
	sit    int
}{
	{"angong", council.Community, "社区议事会", "Community council", 21},
	{"group-2", council.Group, "第二居民小组议事会", "Council of residents’ group 2", 7},
	{"court-5", council.Compound, "5 号院议事会", "Council of courtyard 5", 13},
}

// voted are projects of 2017 whose council's motion is kept here; votes and day stand in the projects' table.
var voted = []struct{ council, project string }{
	{"angong", "old-photographs"}, {"angong", "toy-swap"}, {"court-5", "bicycle-shed"}, {"angong", "tea-for-elders"}, {"court-5", "hundred-dishes"},
}

const surnames = "何周王赵刘陈李张吴杨孙黄徐朱林郭马罗梁宋郑"

// sit founds the councils, lets them vote on some of the year's projects, and puts one motion to the vote now.
func (w *world) sit(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	byName, above := map[string]council.Council{}, (*int)(nil)
	first, today := ledger.Day(2016, 12, 1), w.today
	for _, k := range councils {
		founded, err := council.AddCouncil(ctx, tx, w.c.ID, council.Council{Slug: k.slug, Level: k.level, ParentID: above, NameZH: k.zh, NameEN: k.en, FoundedOn: first},
			council.Rule{QuorumNum: 1, QuorumDen: 2, MajorityNum: 1, MajorityDen: 2, MajorityOver: true, Secret: true, SetAt: w.c.Clock(first, 9)}, "administrator")
		if err != nil {
			return err
		}
		byName[k.slug] = founded
		above = &founded.ID
		for _, term := range [][2]time.Time{{first, first.AddDate(3, 0, -1)}, {today.AddDate(-1, 0, 0), today.AddDate(2, 0, -1)}} {
			if err := w.seats(ctx, tx, founded.ID, k.sit, term); err != nil {
				return err
			}
		}
	}
	for _, v := range voted {
		if err := w.pass(ctx, tx, byName[v.council], v.project); err != nil {
			return fmt.Errorf("%s: %w", v.project, err)
		}
	}
	return w.voteNow(ctx, tx, byName["angong"], now)
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

// pass is the vote by which a council gave a project its budget, on the day and with the votes of the projects' table.
func (w *world) pass(ctx context.Context, tx *sqlx.Tx, k council.Council, slug string) error {
	p, from := w.projects[slug], ledger.GeneralFundID
	at := w.c.Clock(*p.AgreedOn, 19)
	m, err := council.Propose(ctx, tx, w.c, council.Motion{
		CouncilID: k.ID, Kind: council.BudgetLine, TitleZH: "给“" + p.TitleZH + "”拨款", TitleEN: "Money for “" + p.TitleEN + "”", Amount: &p.Budget, FromFund: &from, ToFund: &p.FundID, ProjectID: &p.ID,
	}, representative, at)
	if err != nil {
		return err
	}
	if m, err = council.Open(ctx, tx, w.c, m.ID, *p.AgreedOn, representative, at); err != nil {
		return err
	}
	for n := 1; n <= p.VotesFor+p.VotesAgainst; n++ {
		choice := council.For
		if n > p.VotesFor {
			choice = council.Against
		}
		if _, err := council.Vote(ctx, tx, w.c, m.ID, n, choice, "", at); err != nil {
			return err
		}
	}
	if _, err := council.Close(ctx, tx, w.c, m.ID, representative, at); err != nil {
		return err
	}
	came := make([]int, p.VotesFor+p.VotesAgainst)
	for i := range came {
		came[i] = i + 1
	}
	_, err = council.WriteMinutes(ctx, tx, w.c, council.Meeting{CouncilID: k.ID, HeldOn: *p.AgreedOn, Place: "公益茶坊", Present: came, Motions: []uuid.UUID{m.ID}}, representative, at)
	w.motions[slug] = m.ID
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
