package round_test

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns/round"
)

// Whatever households choose, the published file alone gives the published result again, and it never costs more than the pot.
func TestAnybodyCountsTheSame(t *testing.T) {
	t.Parallel()
	h := open(t, round.Approval)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		method := rapid.SampledFrom(round.Methods).Draw(rt, "method")
		costs := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) string {
			return fmt.Sprintf("%d.%s", rapid.IntRange(1, 12).Draw(rt, "hundreds")*100, rapid.SampledFrom([]string{"00", "50", "05"}).Draw(rt, "fen"))
		}), 1, 7).Draw(rt, "costs")
		chosen := rapid.SliceOfN(rapid.SliceOfDistinct(rapid.IntRange(1, len(costs)), rapid.ID), 0, 12).Draw(rt, "ballots")
		var r round.Round
		cast := 0
		h.Do(t, func(tx *sqlx.Tx) (err error) {
			if r, err = h.begin(t, tx, fmt.Sprintf("r%d", n), method); err != nil {
				return err
			}
			r.SupportMin = rapid.IntRange(0, 3).Draw(rt, "support")
			if err = round.Change(t.Context(), tx, h.ID, r); err != nil {
				return err
			}
			return h.ballot(t, tx, r, costs...)
		})
		if len(chosen) > 0 {
			var codes []string
			h.Do(t, func(tx *sqlx.Tx) (err error) {
				codes, err = round.MakeCodes(t.Context(), tx, h.ID, r, "3 号院", len(chosen), "user:1", h.noon(12))
				return err
			})
			for i, ideas := range chosen { // what the round does not allow is refused, and leaves nothing
				if h.Try(func(tx *sqlx.Tx) error {
					return round.Cast(t.Context(), tx, h.Community, r, round.Vote{Code: codes[i], Ideas: ideas, Way: round.Internet, At: h.noon(20)})
				}) == nil {
					cast++
				}
			}
		}
		h.Do(t, func(tx *sqlx.Tx) error { return round.Count(t.Context(), tx, h.Community, r, "user:1", h.noon(31)) })
		recount(rt, h.file(t, r), cast)
	})
	if found, err := round.Check(t.Context(), h.App, h.ID); err != nil || len(found) != 0 {
		t.Errorf("check: %v, %v", found, err)
	}
}

// recount reads a published file by itself, knowing nothing of the package, and counts again.
func recount(t interface{ Errorf(string, ...any) }, text string, cast int) {
	type project struct {
		id, votes int
		cost      *big.Rat
		selected  bool
	}
	section, head := "", []string(nil)
	meta, projects, votes := map[string]string{}, []*project{}, [][]int{}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Errorf("%q: %v", s, err)
		}
		return n
	}
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), ";")
		switch {
		case len(cells) == 1:
			section, head = cells[0], nil
		case head == nil:
			head = cells
		case section == "META":
			meta[cells[0]] = strings.Join(cells[1:], ";")
		case section == "PROJECTS":
			cost, _ := new(big.Rat).SetString(cells[slices.Index(head, "cost")])
			projects = append(projects, &project{number(cells[0]), 0, cost, cells[slices.Index(head, "selected")] == "1"})
			projects[len(projects)-1].votes = -number(cells[slices.Index(head, "votes")]) // what is published, to be made up for
		case section == "VOTES":
			var ids []int
			for _, id := range strings.Split(cells[slices.Index(head, "vote")], ",") {
				ids = append(ids, number(id))
			}
			votes = append(votes, ids)
		}
	}
	if number(meta["num_votes"]) != cast || len(votes) != cast || number(meta["num_projects"]) != len(projects) {
		t.Errorf("%d ballots were cast, the file has %d and says %s", cast, len(votes), meta["num_votes"])
	}
	count := map[int]int{}
	for _, ids := range votes {
		for _, id := range ids {
			count[id]++
		}
	}
	least := 0
	if meta["rule"] == "greedy-threshold" {
		least = number(meta["min_project_score_threshold"])
	}
	left, _ := new(big.Rat).SetString(meta["budget"])
	for range projects { // the best that nobody has looked at yet, again and again
		var best *project
		for _, p := range projects {
			if p.cost == nil {
				continue
			}
			if best == nil || count[p.id] > count[best.id] || count[p.id] == count[best.id] && (p.cost.Cmp(best.cost) < 0 || p.cost.Cmp(best.cost) == 0 && p.id < best.id) {
				best = p
			}
		}
		fits := best.cost.Cmp(left) <= 0 && count[best.id] >= least
		if best.selected != fits || best.votes+count[best.id] != 0 {
			t.Errorf("project %d: published selected %v with %d votes, counted %v with %d\n%s", best.id, best.selected, -best.votes, fits, count[best.id], text)
		}
		if fits {
			left.Sub(left, best.cost)
		}
		best.cost = nil
	}
	if left.Sign() < 0 {
		t.Errorf("more than the pot by %s\n%s", left, text)
	}
}
