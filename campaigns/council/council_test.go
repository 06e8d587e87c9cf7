package council_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns/council"
	"fund/ledger/money"
)

func TestAMotionFromDraftToMinutes(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, usual), t.Context()
	m := h.opened(t, "1000")
	if m.Serial() != "2026-001" || m.State != council.IsOpen || *m.RuleN != 1 {
		t.Fatalf("opened: %+v", m)
	}
	code, err := h.vote(m, 1, council.Against, "")
	if err != nil || len(code) != 9 {
		t.Fatalf("a vote's code is %q, %v", code, err)
	}
	if _, err = h.vote(m, 1, council.For, ""); !errors.Is(err, council.ErrCode) {
		t.Errorf("changed without the code: %v", err)
	}
	if _, err = h.vote(m, 1, council.For, " "+code[:4]+code[5:]); err != nil {
		t.Errorf("changed with the code as people type it: %v", err)
	}
	if _, err = h.vote(m, 6, council.For, ""); !errors.Is(err, council.ErrNoMember) {
		t.Errorf("a vote of nobody: %v", err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		if err := council.DeclareConflict(ctx, tx, h.ID, m.ID, 5, "我家做钢架生意"); err != nil {
			return err
		}
		for _, n := range []int{2, 3} {
			if err := council.HandSheet(ctx, tx, h.Community, m.ID, n, h.noon(1)); err != nil {
				return err
			}
		}
		return council.Say(ctx, tx, h.Community, m.ID, "三家比过价", "user:3", h.noon(0))
	})
	for n, want := range map[int]error{5: council.ErrConflict, 2: council.ErrVoted} {
		if _, err = h.vote(m, n, council.For, ""); !errors.Is(err, want) {
			t.Errorf("member %d: %v, want %v", n, err, want)
		}
	}
	count := func(who string, s council.Sheets) (council.Counting, error) {
		var c council.Counting
		err := h.Try(func(tx *sqlx.Tx) (err error) {
			c, err = council.CountSheets(ctx, tx, h.ID, m.ID, s, who, h.noon(1))
			return err
		})
		return c, err
	}
	if _, err = h.close(m, 3); !errors.Is(err, council.ErrUncounted) {
		t.Errorf("closed with sheets uncounted: %v", err)
	}
	if _, err = count("user:1", council.Sheets{For: 3}); !errors.Is(err, council.ErrSheets) {
		t.Errorf("three sheets of two: %v", err)
	}
	if c, err := count("user:1", council.Sheets{For: 2}); err != nil || c.Agreed != nil || c.Round != 1 {
		t.Errorf("the first count: %+v, %v", c, err)
	}
	if _, err = count("user:1", council.Sheets{For: 2}); !errors.Is(err, council.ErrCountTwo) {
		t.Errorf("the same person counted twice: %v", err)
	}
	if c, err := count("user:2", council.Sheets{For: 1, Against: 1}); err != nil || *c.Agreed {
		t.Errorf("a second count that differs: %+v, %v", c, err)
	}
	for _, who := range []string{"user:2", "user:4"} {
		if c, err := count(who, council.Sheets{For: 1, Against: 1}); err != nil || c.Round != 2 {
			t.Errorf("the second round: %+v, %v", c, err)
		}
	}
	if _, err = h.close(m, 1); !errors.Is(err, council.ErrNotOver) {
		t.Errorf("closed before its day while member 4 may vote: %v", err)
	}
	r, err := h.close(m, 3)
	if err != nil || r.Outcome != council.Passed || r.Members != 5 || r.CountedOf != 4 || r.Needed != 2 || r.Present != 3 || r.Online != 1 || r.For != 2 || r.Against != 1 || r.ToPass != 2 {
		t.Fatalf("the result: %+v, %v", r, err)
	}
	if _, err = h.vote(m, 4, council.For, ""); !errors.Is(err, council.ErrVoteOver) {
		t.Errorf("a vote after the end: %v", err)
	}
	var minutes council.Minutes
	write := func() error {
		return h.Try(func(tx *sqlx.Tx) (err error) {
			minutes, err = council.WriteMinutes(ctx, tx, h.Community, council.Meeting{CouncilID: h.Of.ID, HeldOn: monday, Place: "石桌", Present: []int{1, 2, 3}, Motions: []uuid.UUID{m.ID}}, "user:2", h.noon(3))
			return err
		})
	}
	if err = write(); err != nil {
		t.Fatal(err)
	}
	if err = write(); !errors.Is(err, council.ErrMinuted) {
		t.Errorf("minuted twice: %v", err)
	}
	again, err := council.FindMinutes(ctx, h.App, h.ID, h.Of.ID, "2026-001")
	if err != nil || again.Digest() != minutes.Digest() || len(again.Body.Absent) != 2 || again.Body.Motions[0].Result.For != 2 || again.Body.Motions[0].Conflict[0].Word != "我家做钢架生意" {
		t.Errorf("the minutes: %+v, %v", again, err)
	}
	h.sound(t)
}

func TestQuorumAndMajorityFollowTheRuleAsItWas(t *testing.T) {
	t.Parallel()
	twoThirds := council.Rule{QuorumNum: 2, QuorumDen: 3, MajorityNum: 2, MajorityDen: 3, ConflictedCount: true, SetAt: usual.SetAt}
	h, ctx := open(t, twoThirds), t.Context()
	for _, c := range []struct {
		votes   string
		outcome council.State
	}{
		{"ffa--", council.NoQuorum}, // 3 of 5 are less than two thirds
		{"ffaa-", council.Failed},   // 2 of 4
		{"fffa-", council.Passed},   // 3 of 4
		{"ff0a-", council.Failed},   // an abstention is a valid vote
		{"ffaf-", council.Passed},
		{"ff-fc", council.NoQuorum}, // who has a conflict counts among the five by this rule
	} {
		m := h.opened(t, "1")
		for i, v := range c.votes {
			choice := map[rune]council.Choice{'f': council.For, 'a': council.Against, '0': council.Abstain}[v]
			if v == 'c' {
				h.Do(t, func(tx *sqlx.Tx) error { return council.DeclareConflict(ctx, tx, h.ID, m.ID, i+1, "利害") })
			}
			if choice == "" {
				continue
			}
			if code, err := h.vote(m, i+1, choice, ""); err != nil || code != "" {
				t.Fatalf("an open vote: %q, %v", code, err)
			}
		}
		h.Do(t, func(tx *sqlx.Tx) error { return council.SetRule(ctx, tx, h.ID, h.Of.ID, usual, "user:9") }) // for later votes only
		r, err := h.close(m, 3)
		if err != nil || r.Outcome != c.outcome {
			t.Errorf("%s came out %s, want %s: %+v, %v", c.votes, r.Outcome, c.outcome, r, err)
		}
		h.Do(t, func(tx *sqlx.Tx) error { return council.SetRule(ctx, tx, h.ID, h.Of.ID, twoThirds, "user:9") })
	}
	h.sound(t)
}

func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, usual), t.Context()
	m := h.draft(t, "10")
	for name, c := range map[string]struct {
		verb func(tx *sqlx.Tx) error
		want error
	}{
		"a stranger proposes": {func(tx *sqlx.Tx) error {
			_, err := council.Propose(ctx, tx, h.Community, council.Motion{CouncilID: h.Of.ID, Kind: council.Resolution, TitleZH: "x"}, "user:77", h.noon(0))
			return err
		}, council.ErrNoMember},
		"a member opens": {func(tx *sqlx.Tx) error {
			_, err := council.Open(ctx, tx, h.Community, m.ID, monday, "user:3", h.noon(0))
			return err
		}, council.ErrNoOffice},
		"a resolution with money": {func(tx *sqlx.Tx) error {
			_, err := council.Propose(ctx, tx, h.Community, council.Motion{CouncilID: h.Of.ID, Kind: council.Resolution, TitleZH: "x", Amount: yuan("1")}, "user:1", h.noon(0))
			return err
		}, council.ErrMoney},
		"a draft passed up": {func(tx *sqlx.Tx) error {
			_, err := council.Escalate(ctx, tx, h.Community, m.ID, "钱多", "user:1", h.noon(0))
			return err
		}, council.ErrState},
		"a vote on a draft": {func(tx *sqlx.Tx) error {
			_, err := council.Vote(ctx, tx, h.Community, m.ID, 1, council.For, "", h.noon(0))
			return err
		}, council.ErrVoteOver},
		"a second chair": {func(tx *sqlx.Tx) error {
			_, err := council.Seat(ctx, tx, h.ID, council.Member{CouncilID: h.Of.ID, Name: "新", Office: council.Chair, FromOn: monday, UntilOn: monday})
			return err
		}, council.ErrSeat},
		"opened by whoever sits no more": {func(tx *sqlx.Tx) error {
			_, err := council.Open(ctx, tx, h.Community, m.ID, monday.AddDate(4, 0, 0), "user:1", h.noon(365*3+30))
			return err
		}, council.ErrNoMember},
	} {
		if err := h.Try(c.verb); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	p := h.passed(t, "100")
	h.Do(t, func(tx *sqlx.Tx) error {
		up, err := council.Escalate(ctx, tx, h.Community, p.ID, "超过院落的限额", "user:1", h.noon(1))
		if err != nil || up.CouncilID != h.Up.ID || up.State != council.Draft || *up.Escalates != p.ID {
			t.Errorf("passed up: %+v, %v", up, err)
		}
		return err
	})
	if _, err := h.allot(p, money.MustParse("1")); !errors.Is(err, council.ErrNotPassed) {
		t.Errorf("money of a motion that was passed up: %v", err)
	}
}

func refusal(err error) string {
	var refused *pq.Error
	if !errors.As(err, &refused) {
		return ""
	}
	if refused.Code == "23514" {
		return refused.Constraint
	}
	return string(refused.Code)
}

// What the votes' tables refuse, they refuse whoever writes: the server's role and the owner.
func TestVotesAreKeptByTheDatabase(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, usual), t.Context()
	m := h.opened(t, "100")
	h.Do(t, func(tx *sqlx.Tx) error { return council.DeclareConflict(ctx, tx, h.ID, m.ID, 5, "利害") })
	if _, err := h.Owner.Exec(`UPDATE council.member SET until_on = from_on WHERE number = 4`); err != nil {
		t.Fatal(err)
	}
	try := func(when string, cases [][3]string) {
		for _, c := range cases {
			if _, err := h.App.Exec(c[0]); refusal(err) != c[1] {
				t.Errorf("%s, as the server, %s: %v, want %s", when, c[0], err, c[1])
			}
			if _, err := h.Owner.Exec(c[0]); refusal(err) != c[2] {
				t.Errorf("%s, as the owner, %s: %v, want %s", when, c[0], err, c[2])
			}
		}
	}
	try("open", [][3]string{
		{`SELECT choice FROM council.ballot`, "42501", ""},
		{`SELECT in_favour FROM council.paper_count`, "42501", ""},
		{`UPDATE council.roll SET way = 'online', voted_on = '2026-11-23', choice = 'for' WHERE member = 1`, "42501", "vote_by_rule"},
		{`UPDATE council.roll SET way = 'paper', voted_on = '2026-11-23' WHERE member = 5`, "vote_without_conflict", "vote_without_conflict"},
		{`UPDATE council.roll SET way = 'paper', voted_on = '2026-11-24' WHERE member = 4`, "vote_in_term", "vote_in_term"},
		{`UPDATE council.roll SET way = 'paper', voted_on = '2026-11-30' WHERE member = 1`, "vote_is_open", "vote_is_open"},
		{`INSERT INTO council.roll SELECT community_id, motion_id, council_id, 9 FROM council.roll LIMIT 1`, "42501", "vote_in_term"},
		{`DELETE FROM council.roll`, "42501", "FU002"},
		{`UPDATE council.motion SET amount = 900`, "FU002", "FU002"},
		{`UPDATE council.motion SET state = 'passed'`, "motion_state", "motion_state"},
		{`DELETE FROM council.motion`, "42501", "FU002"},
		{`UPDATE council.rule SET quorum_num = 1`, "42501", "FU002"},
		{`SELECT council.cast_vote(1, (SELECT id FROM council.motion), 9, '2026-11-23', 'for', sha256('x'))`, "vote_by_member", "vote_by_member"},
		{`INSERT INTO council.use SELECT 1, 1, id, 5 FROM council.motion`, "use_of_passed_motion", "use_of_passed_motion"},
	})
	for n := range 3 {
		if _, err := h.vote(m, n+1, council.For, ""); err != nil {
			t.Fatal(err)
		}
	}
	// A ballot more than voters, by whoever can write one.
	if _, err := h.Owner.Exec(`INSERT INTO council.ballot SELECT 1, id, sha256('stuffed'), 'against' FROM council.motion`); err != nil {
		t.Fatal(err)
	}
	if _, err := h.close(m, 3); refusal(err) != "ballots_as_voters" {
		t.Errorf("a stuffed box: %v", err)
	}
	if _, err := h.Owner.Exec(`DELETE FROM council.ballot WHERE code = sha256('stuffed')`); err != nil {
		t.Fatal(err)
	}
	if _, err := h.close(m, 3); err != nil {
		t.Fatal(err)
	}
	try("closed", [][3]string{
		{`SELECT council.cast_vote(1, (SELECT id FROM council.motion), 3, '2026-11-23', 'for', sha256('x'))`, "vote_is_open", "vote_is_open"},
		{`INSERT INTO council.ballot SELECT 1, id, sha256('x'), 'against' FROM council.motion`, "42501", "vote_is_open"},
		{`UPDATE council.ballot SET choice = 'against'`, "42501", "vote_is_open"},
		{`DELETE FROM council.ballot`, "42501", "vote_is_open"},
		{`TRUNCATE council.ballot`, "42501", "FU002"},
		{`UPDATE council.roll SET conflict = 'x' WHERE member = 4`, "vote_is_open", "vote_is_open"},
		{`UPDATE council.result SET outcome = 'failed'`, "42501", "FU002"},
		{`DELETE FROM council.result`, "42501", "FU002"},
		{`INSERT INTO council.result (community_id, motion_id, closed_by, closed_at) SELECT 1, id, 'x', now() FROM council.motion`, "vote_is_open", "vote_is_open"},
		{`UPDATE council.motion SET state = 'failed'`, "motion_state", "motion_state"},
		{`INSERT INTO council.minutes VALUES (1, 2, 2026, 1, '2026-11-23', '{}', sha256('other'), 'x', now())`, "minutes_hash_of_body", "minutes_hash_of_body"},
		{`INSERT INTO council.use SELECT 1, 1, id, 5 FROM council.motion`, "use_as_posted", "use_as_posted"},
	})
}

// Nothing of a ballot's row tells whose it is: not its place, nor the transaction that wrote it.
func TestASecretBallotLeavesNoTrace(t *testing.T) {
	t.Parallel()
	h := open(t, usual)
	m := h.opened(t, "100")
	for n := range 5 {
		if _, err := h.vote(m, n+1, council.Choices[n%3], ""); err != nil {
			t.Fatal(err)
		}
	}
	var writers, choices int
	if err := h.Owner.QueryRow(`SELECT count(DISTINCT xmin::text), (SELECT count(choice) FROM council.roll) FROM council.ballot`).Scan(&writers, &choices); err != nil || writers != 1 || choices != 0 {
		t.Errorf("%d transactions wrote the five ballots, %d choices stand on the roll, %v", writers, choices, err)
	}
}
