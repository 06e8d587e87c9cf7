package watch

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger/transparency"
)

// Seen is what a mirror saw of a log this time.
type Seen struct {
	Newest   transparency.Checkpoint
	Signed   int      // checkpoints that the copy now has
	Fresh    [2]int64 // entries and papers that came since the last time
	Findings []Finding
}

// Sound tells that nothing was found.
func (s Seen) Sound() bool { return len(s.Findings) == 0 }

// Copy brings the copy in dir up to what the log shows now, and compares all of it with what the log signed before: every
// checkpoint against every leaf, and every entry's text against its leaf. quick leaves out the texts that the copy has. What
// contradicts the copy is not taken into it: the finding says what, and a proof is written beside it. ErrUnreachable,
// transparency.ErrSignature, ErrElsewhere, ErrDamaged.
func Copy(ctx context.Context, log Log, dir string, quick bool) (seen Seen, err error) {
	had, err := openCopy(dir, log.By)
	if err != nil {
		return seen, err
	}
	if seen.Newest, err = log.Newest(ctx); err != nil {
		return seen, err
	}
	if len(had.checkpoints) > 0 && had.checkpoints[0].Origin != seen.Newest.Origin {
		return seen, fmt.Errorf("%w: %s, and here is %s", ErrElsewhere, had.checkpoints[0].Origin, seen.Newest.Origin)
	}
	listed, err := log.Checkpoints(ctx)
	if err != nil {
		return seen, err
	}
	m := mirror{log: log, had: had, seen: &seen, signed: merge(had.checkpoints, listed, seen.Newest)}
	for _, tree := range []transparency.Tree{transparency.Entries, transparency.Papers} {
		if err := m.tree(ctx, tree); err != nil {
			return seen, err
		}
	}
	if m.whole {
		if err := m.records(ctx, quick); err != nil {
			return seen, err
		}
	}
	return seen, m.keep()
}

// mirror is one look at a log.
type mirror struct {
	log    Log
	had    *localCopy
	seen   *Seen
	signed []transparency.Checkpoint // every one that is known, each once
	now    [2][]tlog.Hash            // the leaves that lead to the newest checkpoint
	whole  bool                      // the entries' do
	broken bool                      // something contradicts the copy
	fresh  []bundle
}

// bundle is the texts of some entries as a file has them.
type bundle struct {
	tile tlog.Tile
	data []byte
}

func index(t transparency.Tree) int {
	if t == transparency.Papers {
		return 1
	}
	return 0
}

// merge lists every checkpoint once, by size.
func merge(had, listed []transparency.Checkpoint, newest transparency.Checkpoint) (all []transparency.Checkpoint) {
	known := map[string]bool{}
	for _, c := range append(append(slices.Clone(had), listed...), newest) {
		text := c.Origin + fmt.Sprint(c.Size, c.Root, c.Papers, c.PapersRoot)
		if !known[text] {
			known[text], all = true, append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b transparency.Checkpoint) int { return int(min(max(a.Size-b.Size, -1), 1)) })
	return all
}

// tree reads a tree's leaves and holds every signed checkpoint against them.
func (m *mirror) tree(ctx context.Context, t transparency.Tree) error {
	size, root := m.seen.Newest.Of(t)
	leaves, err := m.log.Leaves(ctx, t, size)
	if err != nil && !errors.Is(err, ErrUnreachable) {
		return err
	}
	if err != nil || size > 0 && transparency.RootOf(leaves) != root {
		m.find(Finding{Kind: Unlike, Tree: t})
		return nil
	}
	m.now[index(t)] = leaves
	m.whole = m.whole || t == transparency.Entries
	roots := rootsAt(t, m.signed, leaves)
	for _, c := range m.signed {
		of, signed := c.Of(t)
		var found transparency.Fork
		switch {
		case of > size && len(m.had.leaves[index(t)]) >= int(of):
			found, err = t.Contradiction(m.seen.Newest, c, m.had.leaves[index(t)], leaves)
		case of > size:
			err = transparency.ErrNoFork
		case of == 0 || roots[of] == signed:
			continue
		default:
			found, err = t.Contradiction(c, m.seen.Newest, leaves, m.had.leaves[index(t)])
		}
		if errors.Is(err, transparency.ErrNoFork) {
			m.find(Finding{Kind: Withheld, Tree: t, Size: of})
			return nil
		}
		if err != nil {
			return err
		}
		return m.forked(ctx, found)
	}
	return nil
}

// rootsAt are the roots of a tree over leaves at the sizes of checkpoints.
func rootsAt(t transparency.Tree, signed []transparency.Checkpoint, leaves []tlog.Hash) map[int64]tlog.Hash {
	roots := map[int64]tlog.Hash{}
	for _, c := range signed {
		size, _ := c.Of(t)
		roots[size] = tlog.Hash{}
	}
	var grown transparency.Replay
	for _, leaf := range leaves {
		grown.AddLeaf(leaf)
		if _, wanted := roots[grown.Size()]; wanted {
			roots[grown.Size()] = grown.Root()
		}
	}
	return roots
}

func (m *mirror) find(f Finding) {
	m.seen.Findings = append(m.seen.Findings, f)
	m.broken = m.broken || f.Kind == Rewritten || f.Kind == Withheld || f.Kind == Unlike
}

// forked completes the proof of a fork with the texts of the entry that differs, and writes it beside the copy.
func (m *mirror) forked(ctx context.Context, found transparency.Fork) (err error) {
	if l := found.Leaf; l != nil && found.Tree == transparency.Entries {
		one := []*transparency.LeafSide{&l.Older, &l.Newer}
		for _, records := range [][][]byte{m.had.recordsAt(l.Index), m.shownAt(ctx, l.Index)} {
			for _, side := range one {
				for _, record := range records {
					if tlog.RecordHash(record) == side.Hash {
						side.Record = record
					}
				}
			}
		}
	}
	f := Finding{Kind: Rewritten, Tree: found.Tree, Fork: &found}
	f.File, err = m.had.writeFork(found)
	m.find(f)
	return err
}

// shownAt reads what the log shows as an entry now, if it does.
func (m *mirror) shownAt(ctx context.Context, at int64) [][]byte {
	for _, tile := range bundles(m.seen.Newest.Size) {
		if first := tile.N << transparency.TileHeight; at >= first && at < first+int64(tile.W) {
			records, err := m.log.Records(ctx, tile)
			if err == nil {
				return records[at-first : at-first+1]
			}
		}
	}
	return nil
}

// bundles are those of a log of a size.
func bundles(size int64) (tiles []tlog.Tile) {
	for _, tile := range transparency.Tiles(0, size) {
		tile.L = -1
		tiles = append(tiles, tile)
	}
	return tiles
}

// records compares each entry's text with its leaf.
func (m *mirror) records(ctx context.Context, quick bool) error {
	var changed []Finding
	places := map[string]int64{} // of the texts that were signed, where they differ now
	for _, tile := range bundles(m.seen.Newest.Size) {
		first := tile.N << transparency.TileHeight
		if quick && m.had.hasBundle(tile) {
			continue
		}
		records, err := m.log.Records(ctx, tile)
		if err != nil {
			return err
		}
		sound := true
		for i, record := range records {
			at := first + int64(i)
			if tlog.RecordHash(record) == m.now[0][at] {
				continue
			}
			f := Finding{Seq: at + 1, Is: record}
			for _, was := range m.had.recordsAt(at) {
				f.Was, places[placeless(was)] = was, at+1
			}
			changed, sound = append(changed, f), false
		}
		if !sound {
			continue
		}
		b := bundle{tile: tile}
		if b.data, err = transparency.PackRecords(records); err != nil {
			return err
		}
		if !m.had.keeps(b) {
			m.fresh = append(m.fresh, b)
		}
	}
	for _, f := range changed {
		m.find(tell(f.Seq, f.Was, f.Is, func(is []byte) int64 {
			if of := places[placeless(is)]; of != f.Seq {
				return of
			}
			return 0
		}))
	}
	return nil
}

// keep takes what was seen into the copy, unless it contradicts it.
func (m *mirror) keep() error {
	m.seen.Signed = len(m.had.checkpoints)
	if m.broken {
		return nil
	}
	for i := range m.now {
		m.seen.Fresh[i] = int64(len(m.now[i]) - len(m.had.leaves[i]))
	}
	m.seen.Signed = len(m.signed)
	return m.had.write(m.signed, m.now, m.fresh, m.seen.Newest)
}
