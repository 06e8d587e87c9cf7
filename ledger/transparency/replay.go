package transparency

import (
	"context"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"
)

// Replay grows a tree from its records once more, as the log grew, with nothing
// but the records at hand.
type Replay struct{ grown memory }

// Add takes in the next record and returns its leaf.
func (r *Replay) Add(record []byte) tlog.Hash {
	leaf := tlog.RecordHash(record)
	r.grown.add(leaf)
	return leaf
}

// AddLeaf takes in the next leaf, of whose record only the hash is known.
func (r *Replay) AddLeaf(leaf tlog.Hash) { r.grown.add(leaf) }

// Size is how many records there were.
func (r *Replay) Size() int64 { return r.grown.size }

// Root is the tree's root hash now.
func (r *Replay) Root() tlog.Hash { return r.grown.root() }

// WalkLeaves gives the leaves of a community's tree in order, a page in memory
// at a time.
func WalkLeaves(ctx context.Context, q sqlx.QueryerContext, community int, tree Tree, visit func(leaf tlog.Hash) error) (err error) {
	defer wrap(&err, "transparency.WalkLeaves(%d)", community)
	const page = 4096
	for next := int64(0); ; {
		var leaves []storedHash
		err := sqlx.SelectContext(ctx, q, &leaves, tree.sql(`
			SELECT leaf_index AS index, hash FROM transparency.leaf WHERE community_id = $1 AND leaf_index >= $2 ORDER BY leaf_index LIMIT $3`), community, next, page)
		if err != nil || len(leaves) == 0 {
			return err
		}
		for _, l := range leaves {
			if err := visit(tlog.Hash(l.Hash)); err != nil {
				return err
			}
		}
		next = leaves[len(leaves)-1].Index + 1
	}
}
