package round

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	BallotsMissing ledger.FindingCode = "ballots_missing" // as many ballots as codes that voted
	VotesDiffer    ledger.FindingCode = "votes_differ"    // an idea has not the votes that the ballots give it
	TooFewVotes    ledger.FindingCode = "too_few_votes"   // an idea was chosen with less than the round's least support
	PotExceeded    ledger.FindingCode = "pot_exceeded"    // what was chosen costs more than the pot
)

var rules = []ledger.Rule{
	{Code: BallotsMissing, ZH: "征集 {of}：投过票的码有 {want} 个，选票有 {got} 张", EN: "round {of}: {want} codes have voted, there are {got} ballots", Query: `
		SELECT r.slug, n.ballots::text, n.used::text
		  FROM round.round r CROSS JOIN LATERAL (SELECT
		       (SELECT count(*) FROM round.staged s WHERE s.community_id = r.community_id AND s.round_id = r.id)
		       + (SELECT count(*) FROM round.ballot b WHERE b.community_id = r.community_id AND b.round_id = r.id) AS ballots,
		       (SELECT count(*) FROM round.code c WHERE c.community_id = r.community_id AND c.round_id = r.id AND c.used) AS used) n
		 WHERE r.community_id = $1 AND n.ballots <> n.used`},
	{Code: VotesDiffer, ZH: "征集的点子 {of}：选票上有 {want} 票，公布的是 {got} 票", EN: "idea {of}: the ballots give it {want} votes, published are {got}", Query: `
		SELECT r.slug || '/' || s.number, s.votes::text, n.votes::text
		  FROM round.result s JOIN round.round r ON r.community_id = s.community_id AND r.id = s.round_id
		 CROSS JOIN LATERAL (SELECT count(*) AS votes FROM round.ballot b
		        WHERE b.community_id = s.community_id AND b.round_id = s.round_id AND s.number = ANY (b.ideas)) n
		 WHERE s.community_id = $1 AND s.votes <> n.votes`},
	{Code: TooFewVotes, ZH: "征集的点子 {of}：得了 {got} 票就选上了，至少要 {want} 票", EN: "idea {of} was chosen with {got} votes, at least {want} are needed", Query: `
		SELECT r.slug || '/' || s.number, s.votes::text, t.support_min::text
		  FROM round.result s JOIN round.tally t USING (community_id, round_id) JOIN round.round r ON r.community_id = s.community_id AND r.id = s.round_id
		 WHERE s.community_id = $1 AND s.selected AND s.votes < t.support_min`},
	{Code: PotExceeded, ZH: "征集 {of}：选中的一共 ¥{got}，钱只有 ¥{want}", EN: "round {of}: what was chosen costs ¥{got}, the pot is ¥{want}", Query: `
		SELECT r.slug, sum(s.cost)::text, t.pot::text
		  FROM round.result s JOIN round.tally t USING (community_id, round_id) JOIN round.round r ON r.community_id = s.community_id AND r.id = s.round_id
		 WHERE s.community_id = $1 AND s.selected GROUP BY r.slug, t.pot HAVING sum(s.cost) > t.pot`},
}

// Check looks whether every vote is there once, and the results are what the
// ballots say.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "round.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, rules)
}
