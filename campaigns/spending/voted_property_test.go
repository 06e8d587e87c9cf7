package spending_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	votes "fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/migrations/pgtest"
)

// TestNoSequenceOverspendsAVotedLine moves a project's money in every way there is, in any order: by motions, past them, as gifts,
// loans, bills, requests and reversals. The books take what the model allows and refuse the rest.
func TestNoSequenceOverspendsAVotedLine(t *testing.T) {
	t.Parallel()
	db, communities := pgtest.DB(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		communities++
		v := &voted{office: furnish(t, db, fmt.Sprintf("v%d", communities)), t: t, rt: rt}
		v.Do(t, v.begin)
		rt.Repeat(map[string]func(*rapid.T){
			"":        func(*rapid.T) { v.holds() },
			"propose": func(*rapid.T) { v.propose() }, "allot": func(*rapid.T) { v.allot() }, "allot more": func(*rapid.T) { v.allot() },
			"around": func(*rapid.T) { v.around() }, "lend": func(*rapid.T) { v.lend() }, "repay": func(*rapid.T) { v.repay() },
			"give": func(*rapid.T) { v.give() }, "spend": func(*rapid.T) { v.spend() }, "pay": func(*rapid.T) { v.pay() }, "reverse": func(*rapid.T) { v.reverse() },
		})
	})
}

// voted is a project that a council of three votes on, and a model of its money that knows nothing of the database: it adds up
// what was done, and says beforehand whether it may be.
type voted struct {
	*office
	t       *testing.T
	rt      *rapid.T
	council votes.Council
	project project.Project
	began   bool // somebody has voted on its money
	net     int64
	lent    int64 // what it owes other funds
	motions []*line
	posted  []*deed
	loans   []*loan
	asked   []*asked
}

// line is a motion as the model knows it, in fen.
type line struct {
	id           uuid.UUID
	amount, used int64
	state        votes.State
}

// deed is an entry as the model knows it: what it did to the project's net assets, its loans, a motion.
type deed struct {
	seq       int64
	net, lent int64
	line      *line
	undoes    *deed
	undone    bool
	move      bool // of net assets between funds
	paid      bool // by a request: undone by its own verb
}

type loan struct {
	id   uuid.UUID
	rest int64
	to   bool
}

type asked struct {
	id     uuid.UUID
	amount int64
	paid   *deed
}

func (v *voted) try(verb func(tx *sqlx.Tx) error) error { return votes.Explain(v.Try(verb)) }

// want compares what the books did with what the model says.
func (v *voted) want(what string, err error, allowed bool, refusals ...error) bool {
	if allowed && err != nil {
		v.rt.Fatalf("%s: refused: %v", what, err)
	}
	for _, r := range refusals {
		if !allowed && errors.Is(err, r) {
			return false
		}
	}
	if !allowed {
		v.rt.Fatalf("%s: %v, expected one of %v", what, err, refusals)
	}
	return true
}

func (v *voted) fen(label string, most int) int64 {
	return int64(rapid.IntRange(1, most).Draw(v.rt, label)) * 25
}

func (v *voted) note(d *deed) {
	v.posted = append(v.posted, d)
	v.net, v.lent = v.net+d.net, v.lent+d.lent
	if d.line != nil {
		d.line.used += d.net
	}
}

// begin founds the council and the project, with ten thousand in the general fund.
func (v *voted) begin(tx *sqlx.Tx) (err error) {
	today := v.Day(v.Now)
	sum := yuan("10000")
	if _, err = ledger.Post(ctx, tx, v.ID, ledger.Entry{Date: today, Kind: "manual", Source: "manual:big", Memo: "大额", PostedBy: treasurer, Postings: []ledger.Posting{
		ledger.Debit(v.account(ledger.Bank), ledger.GeneralFundID, sum), ledger.Credit(v.account(ledger.OtherIncome), ledger.GeneralFundID, sum),
	}}); err != nil {
		return err
	}
	v.council, err = votes.AddCouncil(ctx, tx, v.ID, votes.Council{Slug: "all", Level: votes.Community, NameZH: "社区议事会", FoundedOn: today.AddDate(-1, 0, 0)},
		votes.Rule{QuorumNum: 1, QuorumDen: 2, MajorityNum: 1, MajorityDen: 2, MajorityOver: true, SetAt: v.Now}, "user:9")
	for n := 1; n <= 3 && err == nil; n++ {
		m := votes.Member{CouncilID: v.council.ID, Name: fmt.Sprint("成员", n), UserSubject: fmt.Sprint("user:", n), FromOn: today, UntilOn: today.AddDate(1, 0, 0)}
		if n == 1 {
			m.Office = votes.Chair
		}
		_, err = votes.Seat(ctx, tx, v.ID, m)
	}
	if err == nil {
		v.project, err = project.AddProject(ctx, tx, v.ID, project.Project{Slug: "roof", Theme: project.Yard, TitleZH: "雨棚", Year: today.Year(), State: project.Proposed, Budget: yuan("1000")})
	}
	return err
}
