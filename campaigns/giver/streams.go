package giver

import (
	"context"
	"slices"
	"sync"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
)

// Streams keeps the lines of funds that were asked for, until their funds move.
// The zero value is ready; several requests may share one.
type Streams struct {
	mu    sync.Mutex
	held  map[fundKey]heldStream
	flows int // in all of them
}

type fundKey struct{ community, fund int }

type heldStream struct {
	Stream
	upTo int64 // the last entry of the fund when it was laid out
}

// flowsMax bounds what Streams keeps: some 100 MB.
const flowsMax = 1 << 21

// Of is a fund's line as it stands. Asked again, it costs one look at the fund's
// last entry, however long the line is, and what was posted since.
func (k *Streams) Of(ctx context.Context, q sqlx.QueryerContext, community, fund int) (s Stream, err error) {
	defer wrap(&err, "giver.Streams.Of(%d, %d)", community, fund)
	var last int64
	err = sqlx.GetContext(ctx, q, &last, `
		SELECT coalesce((SELECT seq FROM ledger.posting WHERE community_id = $1 AND fund_id = $2 ORDER BY seq DESC LIMIT 1), 0)`, community, fund)
	if err != nil {
		return s, err
	}
	key := fundKey{community, fund}
	k.mu.Lock()
	held := k.held[key]
	k.mu.Unlock()
	if held.upTo == last {
		return held.Stream, nil
	}
	moves, changed, err := readMoves(ctx, q, community, fund, held.upTo, last)
	if err == nil && changed {
		moves, err = readAll(ctx, q, community, fund, last)
		held = heldStream{}
	}
	if err != nil {
		return s, err
	}
	if held.upTo == 0 {
		s = NewStream(moves)
	} else { // in a copy: others are reading the line as it was
		s = Stream{slices.Clone(held.in), slices.Clone(held.out), held.freed}.then(moves)
	}
	k.put(key, heldStream{s, last})
	return s, nil
}

func (k *Streams) put(key fundKey, s heldStream) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.held == nil {
		k.held = map[fundKey]heldStream{}
	}
	k.flows += len(s.in) + len(s.out) - len(k.held[key].in) - len(k.held[key].out)
	k.held[key] = s
	for other, old := range k.held { // in no particular order, which is as good as any
		if k.flows <= flowsMax {
			break
		}
		if other != key {
			delete(k.held, other)
			k.flows -= len(old.in) + len(old.out)
		}
	}
}

// readMoves reads what entries after one and up to another did to a fund.
// changed tells that one of them undid something or freed what was held, so that
// the line has to be laid out anew.
func readMoves(ctx context.Context, q sqlx.QueryerContext, community, fund int, after, last int64) (moves []Move, changed bool, err error) {
	if after == 0 {
		return nil, true, nil
	}
	var rows []struct {
		Move
		Undoes bool `db:"undoes"`
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT e.seq, e.seq AS at, (-sum(p.amount) * 100)::bigint AS amount,
		       e.reverses_seq IS NOT NULL OR e.kind IN ('refund', 'match_back', 'conclusion') AS undoes
		  FROM ledger.posting p
		  JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id AND a.type NOT IN ('asset', 'liability')
		  JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq
		 WHERE p.community_id = $1 AND p.fund_id = $2 AND p.seq > $3 AND p.seq <= $4 GROUP BY e.community_id, e.seq ORDER BY e.seq`,
		community, fund, after, last)
	for _, r := range rows {
		moves, changed = append(moves, r.Move), changed || r.Undoes
	}
	return moves, changed, err
}

// readAll reads all that entries did to a fund. A reversal counts with what it
// reverses, a refund with its gift, and what a refund took back to a pool with
// what the pool added: what went back was spent on nothing. Transfers between
// the fund's own accounts move nothing.
func readAll(ctx context.Context, q sqlx.QueryerContext, community, fund int, last int64) ([]Move, error) {
	var rows []struct {
		Seq    int64 `db:"seq"`
		Amount int64 `db:"amount"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.seq, (-p.amount * 100)::bigint AS amount
		  FROM ledger.posting p
		  JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id AND a.type NOT IN ('asset', 'liability')
		 WHERE p.community_id = $1 AND p.fund_id = $2 AND p.seq <= $3`, community, fund, last)
	if err != nil {
		return nil, err
	}
	of, err := counted(ctx, q, community)
	if err != nil {
		return nil, err
	}
	sums := make(map[int64]int64, len(rows))
	for _, r := range rows {
		if origin, ok := of[r.Seq]; ok {
			r.Seq = origin
		}
		sums[r.Seq] += r.Amount
	}
	moves := make([]Move, 0, len(sums))
	for seq, amount := range sums {
		moves = append(moves, Move{Seq: seq, At: seq, Amount: amount})
	}
	return freed(ctx, q, community, fund, last, moves)
}

// counted says with which entry an entry that undoes something counts.
func counted(ctx context.Context, q sqlx.QueryerContext, community int) (map[int64]int64, error) {
	var rows []struct {
		Seq int64 `db:"seq"`
		Of  int64 `db:"of_seq"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT seq, reverses_seq AS of_seq FROM ledger.journal_entry WHERE community_id = $1 AND reverses_seq IS NOT NULL
		UNION
		SELECT r.entry_seq, d.entry_seq
		  FROM campaigns.refund r JOIN campaigns.donation d ON d.community_id = r.community_id AND d.id = r.donation_id
		 WHERE r.community_id = $1
		UNION
		SELECT e.seq, m.entry_seq
		  FROM campaigns.refund r
		  JOIN campaigns.match m ON m.community_id = r.community_id AND m.donation_id = r.donation_id
		  JOIN ledger.journal_entry e ON e.community_id = r.community_id AND e.source = 'match_back:' || r.id || '/' || m.pool_id
		 WHERE r.community_id = $1`, community)
	of := make(map[int64]int64, len(rows))
	for _, r := range rows {
		of[r.Seq] = r.Of
	}
	return of, err
}

// freed puts the gifts of an all-or-nothing campaign that met its goal, and what
// pools added to them, in the place of the one entry that made them income.
func freed(ctx context.Context, q sqlx.QueryerContext, community, fund int, last int64, moves []Move) ([]Move, error) {
	var gifts []Move
	err := sqlx.SelectContext(ctx, q, &gifts, `
		WITH held AS (
		       SELECT d.id, d.entry_seq AS seq, z.entry_seq AS at, d.amount - d.refunded AS amount
		         FROM campaigns.campaign c
		         JOIN campaigns.conclusion z ON z.community_id = c.community_id AND z.campaign_id = c.id AND z.result = 'met' AND z.entry_seq <= $3
		         JOIN campaigns.donation d ON d.community_id = c.community_id AND d.campaign_id = c.id AND d.state = 'paid' AND d.entry_seq < z.entry_seq
		        WHERE c.community_id = $1 AND c.fund_id = $2)
		SELECT seq, at, (amount * 100)::bigint AS amount FROM held
		UNION ALL
		SELECT m.entry_seq, h.at, ((m.amount - m.taken_back) * 100)::bigint
		  FROM held h JOIN campaigns.match m ON m.community_id = $1 AND m.donation_id = h.id AND m.entry_seq < h.at`, community, fund, last)
	if err != nil || len(gifts) == 0 {
		return moves, err
	}
	instead := make(map[int64]bool, len(gifts))
	for _, g := range gifts {
		instead[g.Seq], instead[g.At] = true, true
	}
	all := gifts
	for _, m := range moves {
		if !instead[m.Seq] {
			all = append(all, m)
		}
	}
	return all, nil
}

// across is what an entry did to each fund it touched.
type across struct {
	Seq    int64 `db:"seq"`
	Fund   int   `db:"fund_id"`
	Amount int64 `db:"amount"` // fen
}

// acrossFunds reads what entries did to every fund, by entry, each in the order of funds.
func acrossFunds(ctx context.Context, q sqlx.QueryerContext, community int, seqs []int64) (of map[int64][]across, err error) {
	var rows []across
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.seq, p.fund_id, (-sum(p.amount) * 100)::bigint AS amount
		  FROM ledger.posting p
		  JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id AND a.type NOT IN ('asset', 'liability')
		 WHERE p.community_id = $1 AND p.seq = ANY ($2) GROUP BY 1, 2 HAVING sum(p.amount) <> 0 ORDER BY 1, 2`, community, pq.Array(seqs))
	of = make(map[int64][]across, len(seqs))
	for _, r := range rows {
		of[r.Seq] = append(of[r.Seq], r)
	}
	return of, ledger.Explain(err)
}
