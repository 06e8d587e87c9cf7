package round_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/round"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// house is a community with one round: ideas from 1 to 10 November, the vote from 20 to 30.
type house struct {
	*pgtest.Database
	ledger.Community
	Round round.Round
}

func day(d int) time.Time { return ledger.Day(2026, 11, d) }

func (h *house) noon(d int) time.Time { return h.Clock(day(d), 12) }

func open(t testing.TB, method round.Method) *house {
	t.Helper()
	h := &house{Database: pgtest.DB(t)}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		if err == nil {
			h.Round, err = h.begin(t, tx, "2026", method)
		}
		return err
	})
	return h
}

func (h *house) begin(t testing.TB, tx *sqlx.Tx, slug string, method round.Method) (round.Round, error) {
	t.Helper()
	r := round.Round{
		Slug: slug, Year: 2026, TitleZH: "邻里金点子", Pot: money.MustParse("1000"), Method: method,
		ProposeFrom: day(1), ProposeUntil: day(10), VoteFrom: day(20), VoteUntil: day(30),
	}
	if method == round.Approval {
		r.ChoicesMax = 2
	}
	return round.Open(t.Context(), tx, h.ID, r, "user:1", h.noon(1))
}

// ballot puts ideas of these costs on the ballot, numbered from 1.
func (h *house) ballot(t testing.TB, tx *sqlx.Tx, r round.Round, costs ...string) error {
	t.Helper()
	for i, cost := range costs {
		idea, err := round.Put(t.Context(), tx, h.Community, r, round.Idea{
			Form: uuid.New(), Title: fmt.Sprintf("点子 %d", i+1), What: "装一盏灯", Place: "3 号院", Cost: money.MustParse(cost), Category: "yard", MadeAt: h.noon(2),
		}, round.Proposer{Name: "王婆婆", Phone: "13800000000"})
		if err == nil {
			err = round.PutOnBallot(t.Context(), tx, h.ID, r.ID, idea, "user:1", h.noon(11))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (h *house) cast(t testing.TB, v round.Vote) error {
	t.Helper()
	return h.Try(func(tx *sqlx.Tx) error { return round.Cast(t.Context(), tx, h.Community, h.Round, v) })
}

// ready has three ideas on the ballot and n codes.
func (h *house) ready(t testing.TB, n int) (codes []string) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		if err = h.ballot(t, tx, h.Round, "600", "500", "400"); err == nil {
			codes, err = round.MakeCodes(t.Context(), tx, h.ID, h.Round, "3 号院", n, "user:1", h.noon(12))
		}
		return err
	})
	return codes
}

func (h *house) count(t testing.TB, d int) error {
	t.Helper()
	return h.Try(func(tx *sqlx.Tx) error {
		return round.Count(t.Context(), tx, h.Community, h.Round, "user:1", h.noon(d))
	})
}

func TestACodeVotesOnce(t *testing.T) {
	t.Parallel()
	h := open(t, round.Approval)
	codes := h.ready(t, 4)
	for _, c := range []struct {
		name string
		vote round.Vote
		want error
	}{
		{"before the first day", round.Vote{Code: codes[0], Ideas: []int{1}, At: h.noon(19)}, round.ErrNotNow},
		{"after the last day", round.Vote{Code: codes[0], Ideas: []int{1}, At: h.noon(31)}, round.ErrNotNow},
		{"no such code", round.Vote{Code: "AAAAAAAAAA", Ideas: []int{1}, At: h.noon(20)}, round.ErrCode},
		{"not a code", round.Vote{Code: "B0", Ideas: []int{1}, At: h.noon(20)}, round.ErrCode},
		{"nothing chosen", round.Vote{Code: codes[0], At: h.noon(20)}, round.ErrBallot},
		{"three of two", round.Vote{Code: codes[0], Ideas: []int{1, 2, 3}, At: h.noon(20)}, round.ErrBallot},
		{"one idea twice", round.Vote{Code: codes[0], Ideas: []int{2, 2}, At: h.noon(20)}, round.ErrBallot},
		{"what is not on the ballot", round.Vote{Code: codes[0], Ideas: []int{9}, At: h.noon(20)}, round.ErrBallot},
		{"at last", round.Vote{Code: codes[0], Ideas: []int{3, 1}, At: h.noon(20)}, nil},
		{"again", round.Vote{Code: codes[0], Ideas: []int{2}, At: h.noon(21)}, round.ErrVoted},
		{"on paper, by the same rules", round.Vote{Code: codes[0], Ideas: []int{2}, Way: round.Paper, At: h.noon(21)}, round.ErrVoted},
		{"another household on paper", round.Vote{Code: codes[1], Ideas: []int{2}, Way: round.Paper, At: h.noon(30)}, nil},
	} {
		if c.vote.Way == "" {
			c.vote.Way = round.Internet
		}
		if err := h.cast(t, c.vote); !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if err := round.Holds(t.Context(), h.App, h.ID, h.Round, codes[0]); !errors.Is(err, round.ErrVoted) {
		t.Errorf("a code that voted: %v", err)
	}
	if err := round.Holds(t.Context(), h.App, h.ID, h.Round, codes[2]); err != nil {
		t.Errorf("a code that did not: %v", err)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return round.Void(t.Context(), tx, h.ID, h.Round.ID, 1, "user:1") })
	if err := h.cast(t, round.Vote{Code: codes[2], Ideas: []int{1}, Way: round.Internet, At: h.noon(22)}); !errors.Is(err, round.ErrCode) {
		t.Errorf("a code of a void batch: %v", err)
	}
	if found, err := round.Check(t.Context(), h.App, h.ID); err != nil || len(found) != 0 {
		t.Errorf("check: %v, %v", found, err)
	}
}

// Two telephones with one code at once: one votes.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t, round.Approval)
	codes := h.ready(t, 1)
	said := make(chan error, 2)
	for i := range 2 {
		go func() {
			said <- h.cast(t, round.Vote{Code: codes[0], Ideas: []int{i + 1}, Way: round.Internet, At: h.noon(20)})
		}()
	}
	a, b := <-said, <-said
	if (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), round.ErrVoted) {
		t.Errorf("two at once: %v and %v", a, b)
	}
}

func TestAKnapsackHoldsThePot(t *testing.T) {
	t.Parallel()
	h := open(t, round.Knapsack)
	codes := h.ready(t, 2)
	if err := h.cast(t, round.Vote{Code: codes[0], Ideas: []int{1, 2}, Way: round.Internet, At: h.noon(20)}); !errors.Is(err, round.ErrBallot) {
		t.Errorf("1,100 of 1,000: %v", err)
	}
	if err := h.cast(t, round.Vote{Code: codes[0], Ideas: []int{1, 3}, Way: round.Internet, At: h.noon(20)}); err != nil {
		t.Errorf("1,000 of 1,000: %v", err)
	}
}

func TestIdeasAndTheirPeople(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, round.Approval), t.Context()
	idea := round.Idea{Form: uuid.New(), Title: "长椅", What: "树下放两把", Place: "7 号院", Cost: money.MustParse("800"), Category: "elders", MadeAt: h.noon(10)}
	by := round.Proposer{Name: "王婆婆", Phone: "13800000000"}
	for range 2 { // pressed twice
		h.Do(t, func(tx *sqlx.Tx) (err error) {
			_, err = round.Put(ctx, tx, h.Community, h.Round, idea, by)
			return err
		})
	}
	late := idea
	late.MadeAt, late.Form = h.noon(11), uuid.New()
	if err := h.Try(func(tx *sqlx.Tx) error {
		_, err := round.Put(ctx, tx, h.Community, h.Round, late, by)
		return err
	}); !errors.Is(err, round.ErrNotNow) {
		t.Errorf("the day after: %v", err)
	}
	ideas, err := round.Ideas(ctx, h.App, h.ID, h.Round.ID, round.Waiting)
	n, err2 := round.WaitingOf(ctx, h.App, h.ID)
	if err != nil || err2 != nil || len(ideas) != 1 || n != 1 {
		t.Fatalf("%d ideas, %d wait: %v %v", len(ideas), n, err, err2)
	}
	if p, err := round.ProposerOf(ctx, h.App, h.ID, h.Round.ID, 1); err != nil || p != by {
		t.Errorf("%+v, %v", p, err)
	}
	h.Do(t, func(tx *sqlx.Tx) error { return round.Forget(ctx, tx, h.ID, h.Round.ID, 1) })
	if _, err := round.ProposerOf(ctx, h.App, h.ID, h.Round.ID, 1); !errors.Is(err, round.ErrNotFound) {
		t.Errorf("erased: %v", err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		return round.Decline(ctx, tx, h.ID, h.Round.ID, 1, "已有长椅", "user:1", h.noon(12))
	})
	err = h.Try(func(tx *sqlx.Tx) error { return round.Withdraw(ctx, tx, h.ID, h.Round.ID, 1, "user:1", h.noon(12)) })
	if !errors.Is(err, round.ErrState) {
		t.Errorf("withdrawn after declined: %v", err)
	}
}

// Once somebody has voted nothing that is voted on changes, whoever asks; after the count the ballots stay as they are.
func TestWhatIsVotedOnStays(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, round.Approval), t.Context()
	codes := h.ready(t, 2)
	if err := h.cast(t, round.Vote{Code: codes[0], Ideas: []int{1}, Way: round.Internet, At: h.noon(20)}); err != nil {
		t.Fatal(err)
	}
	if err := h.Try(func(tx *sqlx.Tx) error { return round.Decline(ctx, tx, h.ID, h.Round.ID, 1, "x", "user:1", h.noon(21)) }); !errors.Is(err, round.ErrFrozen) {
		t.Errorf("declined during the vote: %v", err)
	}
	dearer := h.Round
	dearer.Pot = money.MustParse("2000")
	if err := h.Try(func(tx *sqlx.Tx) error { return round.Change(ctx, tx, h.ID, dearer) }); !errors.Is(err, round.ErrFrozen) {
		t.Errorf("a larger pot during the vote: %v", err)
	}
	for _, query := range []string{ // as the application's role
		`UPDATE round.code SET used = false`, `INSERT INTO round.staged (community_id, round_id, method, ideas) VALUES (1, 1, 'paper', '{1}')`,
		`SELECT ideas FROM round.staged`, `DELETE FROM round.staged`, `INSERT INTO round.tally SELECT * FROM round.tally`, `UPDATE round.result SET votes = 9`,
	} {
		if _, err := h.App.ExecContext(ctx, query); err == nil {
			t.Errorf("the server may %s", query)
		}
	}
	if err := h.count(t, 30); !errors.Is(err, round.ErrEarly) {
		t.Errorf("counted on the last day: %v", err)
	}
	if err := h.count(t, 31); err != nil {
		t.Fatal(err)
	}
	if err := h.count(t, 32); !errors.Is(err, round.ErrCounted) {
		t.Errorf("counted twice: %v", err)
	}
	if err := h.cast(t, round.Vote{Code: codes[1], Ideas: []int{1}, Way: round.Internet, At: h.noon(30)}); !errors.Is(err, round.ErrNotNow) {
		t.Errorf("cast after the count: %v", err)
	}
	for _, query := range []string{ // as the owner
		`UPDATE round.ballot SET ideas = '{2}'`, `DELETE FROM round.ballot`, `UPDATE round.result SET selected = true`, `TRUNCATE round.tally CASCADE`,
		`UPDATE round.idea SET cost = 1`,
	} {
		if _, err := h.Owner.ExecContext(ctx, query); err == nil {
			t.Errorf("the owner may %s", query)
		}
	}
	var left int
	if err := h.Owner.GetContext(ctx, &left, `SELECT count(*) FROM round.staged`); err != nil || left != 0 {
		t.Errorf("%d staged ballots are left, %v", left, err)
	}
}

func TestTheFileIsAsPabulibHasIt(t *testing.T) {
	t.Parallel()
	h := open(t, round.Approval)
	codes := h.ready(t, 3)
	for i, ideas := range [][]int{{1, 3}, {3}, {2, 3}} {
		if err := h.cast(t, round.Vote{Code: codes[i], Ideas: ideas, Way: round.Paper, At: h.noon(20)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.count(t, 31); err != nil {
		t.Fatal(err)
	}
	text := h.file(t, h.Round)
	for _, want := range []string{
		"META\nkey;value\ndescription;邻里金点子\ncountry;China\nunit;Angong\ninstance;2026\nnum_projects;3\nnum_votes;3\nbudget;1000\nvote_type;approval\nrule;greedy\n" +
			"date_begin;20.11.2026\ndate_end;30.11.2026\nmin_length;1\nmax_length;2\n",
		"\nPROJECTS\nproject_id;cost;votes;name;selected\n3;400;3;点子 3;1\n2;500;1;点子 2;1\n1;600;1;点子 1;0\nVOTES\nvoter_id;voting_method;vote\n", // a tie: the cheaper first
		";paper;1,3\n", ";paper;3\n", ";paper;2,3\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// file is what is published of a counted round.
func (h *house) file(t testing.TB, r round.Round) string {
	t.Helper()
	tally, err := round.TallyOf(t.Context(), h.App, h.ID, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	ballots, err := round.Ballots(t.Context(), h.App, h.ID, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	var w bytes.Buffer
	if err := (round.File{Country: "China", Unit: "Angong", Round: r, Tally: tally, Ballots: ballots}).WritePabulib(&w); err != nil {
		t.Fatal(err)
	}
	return w.String()
}
