package transparency

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Flaw is something in a stored log that does not agree with itself or with a
// signature. Leaf is the leaf concerned, or −1 if it cannot be told.
type Flaw struct {
	Leaf int64
	What string // what was found, in a sentence
}

// Audit recomputes a community's tree from the stored leaf hashes and compares
// it with the stored tree and with every signed checkpoint. An untouched log
// has no flaws. The leaf hashes themselves are checked against the records by
// whoever knows the records.
func Audit(ctx context.Context, q sqlx.QueryerContext, community int, by note.Verifier) (flaws []Flaw, err error) {
	defer wrap(&err, "transparency.Audit(%d)", community)
	checkpoints, err := All(ctx, q, community)
	if err != nil {
		return nil, err
	}
	logged, err := storedLeaves(ctx, q, community)
	if err != nil {
		return nil, err
	}
	rows, err := q.QueryxContext(ctx, `SELECT leaf_index, hash FROM transparency.leaf WHERE community_id = $1 ORDER BY leaf_index`, community)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tree memory
	pending := checkpoints
	for rows.Next() {
		var index int64
		var leaf []byte
		if err := rows.Scan(&index, &leaf); err != nil {
			return nil, err
		}
		for ; tree.size < index; tree.add(tlog.Hash{}) {
			flaws = append(flaws, Flaw{tree.size, "the leaf is missing"})
		}
		if h, ok := logged[index]; ok && h != tlog.Hash(leaf) {
			flaws = append(flaws, Flaw{index, "the leaf was changed after it was sealed"})
		}
		tree.add(tlog.Hash(leaf))
		for len(pending) > 0 && pending[0].Size == tree.size {
			flaws = append(flaws, tree.check(pending[0], by)...)
			pending = pending[1:]
		}
	}
	for _, c := range pending {
		flaws = append(flaws, Flaw{tree.size, fmt.Sprintf("checkpoint %d covers %d leaves and only %d are there", c.Number, c.Size, tree.size)})
	}
	return flaws, rows.Err()
}

// storedLeaves reads level 0 of the sealed tree.
func storedLeaves(ctx context.Context, q sqlx.QueryerContext, community int) (map[int64]tlog.Hash, error) {
	rows, err := q.QueryxContext(ctx, `SELECT hash_index, hash FROM transparency.hash WHERE community_id = $1`, community)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	leaves := map[int64]tlog.Hash{}
	for rows.Next() {
		var index int64
		var hash []byte
		if err := rows.Scan(&index, &hash); err != nil {
			return nil, err
		}
		if level, n := tlog.SplitStoredHashIndex(index); level == 0 {
			leaves[n] = tlog.Hash(hash)
		}
	}
	return leaves, rows.Err()
}

// memory is a tree that keeps only its right edge: one hash for each complete
// subtree, the largest first.
type memory struct {
	size int64
	edge []tlog.Hash
}

func (m *memory) add(leaf tlog.Hash) {
	m.edge = append(m.edge, leaf)
	for n := m.size; n&1 == 1; n >>= 1 {
		left, right := m.edge[len(m.edge)-2], m.edge[len(m.edge)-1]
		m.edge = append(m.edge[:len(m.edge)-2], tlog.NodeHash(left, right))
	}
	m.size++
}

func (m *memory) root() tlog.Hash {
	h := m.edge[len(m.edge)-1]
	for i := len(m.edge) - 2; i >= 0; i-- {
		h = tlog.NodeHash(m.edge[i], h)
	}
	return h
}

func (m *memory) check(c Checkpoint, by note.Verifier) (flaws []Flaw) {
	signed, err := OpenCheckpoint(c.Note, by)
	switch {
	case err != nil:
		flaws = append(flaws, Flaw{-1, fmt.Sprintf("checkpoint %d: %v", c.Number, err)})
	case signed.Size != c.Size || signed.Root != c.Root:
		flaws = append(flaws, Flaw{-1, fmt.Sprintf("checkpoint %d: the stored figures are not the signed ones", c.Number)})
	case signed.Root != m.root():
		flaws = append(flaws, Flaw{-1, fmt.Sprintf("checkpoint %d: the leaves up to entry %d lead to another root than the one signed", c.Number, c.Size)})
	}
	return flaws
}
