package transparency

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// FlawKind says what is wrong with a stored log.
type FlawKind string

// The kinds of flaw.
const (
	LeafMissing       FlawKind = "leaf_missing"       // a leaf below the last one is not there
	LeafChanged       FlawKind = "leaf_changed"       // the leaf is not the one that was sealed into the tree
	TreeChanged       FlawKind = "tree_changed"       // a stored hash of the tree does not follow from its leaves
	SignatureBad      FlawKind = "signature_bad"      // the checkpoint is not signed by this key
	FiguresChanged    FlawKind = "figures_changed"    // the checkpoint's stored figures are not the signed ones
	RootDiffers       FlawKind = "root_differs"       // the leaves do not lead to the signed root
	CheckpointMissing FlawKind = "checkpoint_missing" // a checkpoint was removed
	LogTooShort       FlawKind = "log_too_short"      // the checkpoint covers leaves that are gone
)

// Flaw is something in a stored log that does not agree with itself or with a
// signature. It lies in the leaves First to Last of a tree, both included.
type Flaw struct {
	Tree        Tree
	Kind        FlawKind
	First, Last int64
	Checkpoint  int // its number, 0 when none is concerned
}

func (f Flaw) String() string {
	return fmt.Sprintf("%s: leaves %d to %d of the %v, checkpoint %d", f.Kind, f.First, f.Last, f.Tree, f.Checkpoint)
}

// Audit recomputes a community's trees from the stored leaf hashes and compares
// them with the stored trees and with every signed checkpoint. An untouched log
// has no flaws, and one change makes one flaw as far as can be told. Without a
// verifier the signatures are not checked. The leaf hashes themselves are
// checked against the records by whoever knows the records. It holds a page of
// leaves in memory at a time.
func Audit(ctx context.Context, q sqlx.QueryerContext, community int, by note.Verifier) (flaws []Flaw, err error) {
	defer wrap(&err, "transparency.Audit(%d)", community)
	all, err := All(ctx, q, community)
	if err != nil {
		return nil, err
	}
	entries := audit{by: by, pending: all}
	if err := entries.run(ctx, q, community); err != nil {
		return nil, err
	}
	papers := audit{tree: Papers, pending: sealing(all)}
	err = papers.run(ctx, q, community)
	return append(entries.flaws, papers.flaws...), err
}

// sealing are the checkpoints that took papers in; that they are signed and none
// is missing is seen with the entries'.
func sealing(all []Checkpoint) (some []Checkpoint) {
	var last Checkpoint
	for _, c := range all {
		if c.Papers != last.Papers || c.PapersRoot != last.PapersRoot {
			some = append(some, c)
		}
		last = c
	}
	return some
}

func (a *audit) run(ctx context.Context, q sqlx.QueryerContext, community int) error {
	const page = 4096
	for {
		var leaves, stored []storedHash
		err := sqlx.SelectContext(ctx, q, &leaves, a.tree.sql(`
			SELECT leaf_index AS index, hash FROM transparency.leaf
			 WHERE community_id = $1 AND leaf_index >= $2 ORDER BY leaf_index LIMIT $3`), community, a.leaves.size, page)
		if err != nil {
			return err
		}
		if len(leaves) == 0 {
			break
		}
		end := leaves[len(leaves)-1].Index + 1
		err = sqlx.SelectContext(ctx, q, &stored, a.tree.sql(`
			SELECT hash_index AS index, hash FROM transparency.hash
			 WHERE community_id = $1 AND hash_index >= $2 AND hash_index < $3 ORDER BY hash_index`),
			community, tlog.StoredHashIndex(0, a.leaves.size), tlog.StoredHashIndex(0, end))
		if err != nil {
			return err
		}
		a.page(leaves, stored)
	}
	var sealed int64
	err := sqlx.GetContext(ctx, q, &sealed, a.tree.sql(`SELECT coalesce(max(hash_index) + 1, 0) FROM transparency.hash WHERE community_id = $1`), community)
	a.finish(sealed)
	return err
}

type storedHash struct {
	Index int64  `db:"index"`
	Hash  []byte `db:"hash"`
}

// audit walks along the leaves and the stored tree at once.
type audit struct {
	tree    Tree
	by      note.Verifier
	pending []Checkpoint
	last    Checkpoint // the newest one passed
	differs bool       // a root differed already
	leaves  memory     // of the leaves, but of what was sealed where a flaw is told
	flaws   []Flaw
}

func (a *audit) page(leaves, stored []storedHash) {
	for _, leaf := range leaves {
		for ; a.leaves.size < leaf.Index; stored = a.add(nil, stored) {
			a.flaw(LeafMissing, a.leaves.size, a.leaves.size, 0)
		}
		stored = a.add(leaf.Hash, stored)
	}
}

// add takes in one leaf and the stored hashes that belong to it.
func (a *audit) add(leaf []byte, stored []storedHash) []storedHash {
	n := a.leaves.size
	at, next := tlog.StoredHashIndex(0, n), tlog.StoredHashIndex(0, n+1)
	var mine []storedHash
	for len(stored) > 0 && stored[0].Index < next {
		mine, stored = append(mine, stored[0]), stored[1:]
	}
	sealed := leaf
	if len(mine) > 0 && mine[0].Index == at {
		sealed = mine[0].Hash
		if leaf != nil && tlog.Hash(sealed) != tlog.Hash(leaf) {
			a.flaw(LeafChanged, n, n, 0)
		}
	}
	if sealed == nil {
		sealed = make([]byte, tlog.HashSize)
	}
	wanted := a.leaves.add(tlog.Hash(sealed))
	for _, h := range mine {
		if i := h.Index - at; tlog.Hash(h.Hash) != wanted[i] {
			a.flaw(TreeChanged, n, n, 0)
			break
		}
	}
	for len(a.pending) > 0 && a.size(a.pending[0]) <= a.leaves.size {
		a.checkpoint(a.pending[0])
		a.pending = a.pending[1:]
	}
	return stored
}

// size is how many leaves of the tree a checkpoint covers.
func (a *audit) size(c Checkpoint) int64 {
	size, _ := c.Of(a.tree)
	return size
}

func (a *audit) checkpoint(c Checkpoint) {
	first, last := a.size(a.last), max(a.size(c)-1, 0)
	_, root := c.Of(a.tree)
	if a.tree == Entries {
		if c.Number > a.last.Number+1 {
			a.flaw(CheckpointMissing, first, last, a.last.Number+1)
		}
		signed, err := a.open(c)
		switch {
		case err != nil:
			a.flaw(SignatureBad, first, last, c.Number)
		case signed.Size != c.Size || signed.Root != c.Root || signed.Papers != c.Papers || signed.PapersRoot != c.PapersRoot || (a.last.Origin != "" && signed.Origin != a.last.Origin):
			a.flaw(FiguresChanged, first, last, c.Number)
		default:
			a.compare(root, first, last, c.Number)
		}
		c.Origin = signed.Origin
	} else {
		a.compare(root, first, last, c.Number)
	}
	a.last = c
}

// compare tells once that the leaves do not lead to a root: no later root agrees either.
func (a *audit) compare(root tlog.Hash, first, last int64, number int) {
	if root != a.leaves.root() && !a.differs {
		a.flaw(RootDiffers, first, last, number)
		a.differs = true
	}
}

func (a *audit) open(c Checkpoint) (Checkpoint, error) {
	if a.by != nil {
		return OpenCheckpoint(c.Note, a.by)
	}
	text, _, _ := strings.Cut(c.Note, "\n\n")
	return readCheckpoint(text + "\n")
}

// finish tells what lies beyond the last leaf; sealed is the number of stored hashes.
func (a *audit) finish(sealed int64) {
	for _, c := range a.pending {
		a.flaw(LogTooShort, a.leaves.size, a.size(c)-1, c.Number)
		a.last = c
	}
	last := a.size(a.last)
	if covered := tlog.StoredHashIndex(0, last); sealed > covered {
		a.flaw(CheckpointMissing, last, max(a.leaves.size-1, last), a.last.Number+1)
	} else if sealed < covered {
		a.flaw(TreeChanged, last-1, last-1, 0)
	}
}

func (a *audit) flaw(kind FlawKind, first, last int64, checkpoint int) {
	a.flaws = append(a.flaws, Flaw{a.tree, kind, first, last, checkpoint})
}

// memory is a tree that keeps only its right edge: one hash for each complete
// subtree, the largest first.
type memory struct {
	size int64
	edge []tlog.Hash
}

// add takes in a leaf and returns the hashes that a stored tree gains: the leaf
// and each subtree that it completes.
func (m *memory) add(leaf tlog.Hash) (gained []tlog.Hash) {
	m.edge, gained = append(m.edge, leaf), append(gained, leaf)
	for n := m.size; n&1 == 1; n >>= 1 {
		node := tlog.NodeHash(m.edge[len(m.edge)-2], m.edge[len(m.edge)-1])
		m.edge, gained = append(m.edge[:len(m.edge)-2], node), append(gained, node)
	}
	m.size++
	return gained
}

func (m *memory) root() tlog.Hash {
	if m.size == 0 {
		return tlog.Hash{}
	}
	h := m.edge[len(m.edge)-1]
	for i := len(m.edge) - 2; i >= 0; i-- {
		h = tlog.NodeHash(m.edge[i], h)
	}
	return h
}
