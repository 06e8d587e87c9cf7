package transparency

import (
	"encoding/json"
	"errors"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const forkHeader = "fund fork proof v1"

// ErrNoFork is returned for a fork's proof that does not prove one.
var ErrNoFork = errors.New("transparency: these two checkpoints do not contradict each other, or the file does not show it")

// Fork is the proof that a log's history was rewritten: two checkpoints that it
// signed and that cannot both be true. The newer one's tree begins with as many
// leaves as the older one has, Path proves, and their hash is Begins and not the
// older one's root. Leaf shows one of the leaves that differ; it may be missing.
type Fork struct {
	Tree         Tree
	Older, Newer string // signed, with what countersignatures they had
	Begins       tlog.Hash
	Path         []tlog.Hash
	Leaf         *ForkedLeaf
}

// ForkedLeaf is one place in the log, as the older checkpoint has it and as the
// newer one does.
type ForkedLeaf struct {
	Index        int64
	Older, Newer LeafSide
}

// LeafSide is a leaf with the path to its checkpoint's root. The record is empty
// where only its hash is known.
type LeafSide struct {
	Record []byte
	Hash   tlog.Hash
	Path   []tlog.Hash
}

// forkFile is how a Fork is written.
type forkFile struct {
	Form   string      `json:"fork"`
	Tree   string      `json:"tree"`
	Older  string      `json:"older"`
	Newer  string      `json:"newer"`
	Begins tlog.Hash   `json:"begins"`
	Path   []tlog.Hash `json:"path"`
	Leaf   *leafFile   `json:"leaf,omitempty"`
}

type leafFile struct {
	Index int64    `json:"index"`
	Older sideFile `json:"older"`
	Newer sideFile `json:"newer"`
}

type sideFile struct {
	Record string      `json:"record,omitempty"`
	Hash   tlog.Hash   `json:"hash"`
	Path   []tlog.Hash `json:"path"`
}

// Text writes the proof as a file that anybody can keep and publish.
func (f Fork) Text() string {
	file := forkFile{Form: forkHeader, Tree: f.Tree.String(), Older: f.Older, Newer: f.Newer, Begins: f.Begins, Path: f.Path}
	if l := f.Leaf; l != nil {
		file.Leaf = &leafFile{l.Index, sideFile{string(l.Older.Record), l.Older.Hash, l.Older.Path}, sideFile{string(l.Newer.Record), l.Newer.Hash, l.Newer.Path}}
	}
	b, _ := json.MarshalIndent(file, "", "  ") // strings and numbers always marshal
	return string(b) + "\n"
}

// ParseFork reads what Text wrote; ErrMalformed.
func ParseFork(text string) (f Fork, err error) {
	var file forkFile
	if json.Unmarshal([]byte(text), &file) != nil || file.Form != forkHeader || file.Tree != Entries.String() && file.Tree != Papers.String() {
		return f, ErrMalformed
	}
	f = Fork{Tree: file.Tree == Papers.String(), Older: file.Older, Newer: file.Newer, Begins: file.Begins, Path: file.Path}
	if l := file.Leaf; l != nil {
		f.Leaf = &ForkedLeaf{l.Index, LeafSide{[]byte(l.Older.Record), l.Older.Hash, l.Older.Path}, LeafSide{[]byte(l.Newer.Record), l.Newer.Hash, l.Newer.Path}}
	}
	return f, nil
}

// Verify checks, with nothing but the log's public key, that the two checkpoints
// contradict each other, and returns them. ErrSignature if one of them is not
// the log's, ErrNoFork if they can both be true.
func (f Fork) Verify(by note.Verifier) (older, newer Checkpoint, err error) {
	if older, err = OpenCheckpoint(f.Older, by); err != nil {
		return older, newer, err
	}
	if newer, err = OpenCheckpoint(f.Newer, by); err != nil {
		return older, newer, err
	}
	from, was := older.Of(f.Tree)
	to, is := newer.Of(f.Tree)
	if older.Origin != newer.Origin || from == 0 || from > to || f.Begins == was {
		return older, newer, ErrNoFork
	}
	if from == to && (f.Begins != is || len(f.Path) > 0) || from < to && tlog.CheckTree(f.Path, to, is, from, f.Begins) != nil {
		return older, newer, ErrNoFork
	}
	if l := f.Leaf; l != nil {
		if l.Older.Hash == l.Newer.Hash || l.Older.check(l.Index, from, was) != nil || l.Newer.check(l.Index, to, is) != nil {
			return older, newer, ErrNoFork
		}
	}
	return older, newer, nil
}

func (s LeafSide) check(index, size int64, root tlog.Hash) error {
	if len(s.Record) > 0 && tlog.RecordHash(s.Record) != s.Hash {
		return ErrNoFork
	}
	if index < 0 || index >= size {
		return ErrNoFork
	}
	return tlog.CheckRecord(s.Path, size, root, index, s.Hash)
}

// Contradiction makes the proof that two signed checkpoints contradict each other
// from the leaves that lead to the newer one, and, as far as they are known, those
// that lead to the older one. ErrNoFork if they agree.
func (t Tree) Contradiction(older, newer Checkpoint, newerLeaves, olderLeaves []tlog.Hash) (f Fork, err error) {
	from, was := older.Of(t)
	to, _ := newer.Of(t)
	if from == 0 || from > to || int64(len(newerLeaves)) < to {
		return f, ErrNoFork
	}
	is := StoredTree(newerLeaves[:to])
	f = Fork{Tree: t, Older: older.Note, Newer: newer.Note, Begins: RootOf(newerLeaves[:from])}
	if f.Begins == was {
		return f, ErrNoFork
	}
	if from < to {
		if f.Path, err = tlog.ProveTree(to, from, is); err != nil {
			return f, err
		}
	}
	if int64(len(olderLeaves)) < from || RootOf(olderLeaves[:from]) != was {
		return f, nil
	}
	for i := range from {
		if olderLeaves[i] == newerLeaves[i] {
			continue
		}
		f.Leaf = &ForkedLeaf{Index: i, Older: LeafSide{Hash: olderLeaves[i]}, Newer: LeafSide{Hash: newerLeaves[i]}}
		if f.Leaf.Older.Path, err = tlog.ProveRecord(from, i, StoredTree(olderLeaves[:from])); err != nil {
			return f, err
		}
		f.Leaf.Newer.Path, err = tlog.ProveRecord(to, i, is)
		return f, err
	}
	return f, errors.New("transparency: leaves that are all equal have two roots")
}

// SameSize is the proof that two signed checkpoints of one size, with different
// roots, make by themselves. ErrNoFork.
func (t Tree) SameSize(one, other Checkpoint) (f Fork, err error) {
	from, was := one.Of(t)
	to, is := other.Of(t)
	if from != to || from == 0 || was == is {
		return f, ErrNoFork
	}
	return Fork{Tree: t, Older: one.Note, Newer: other.Note, Begins: is}, nil
}

// RootOf is the root hash over leaves.
func RootOf(leaves []tlog.Hash) tlog.Hash {
	var m memory
	for _, leaf := range leaves {
		m.add(leaf)
	}
	return m.root()
}

// StoredTree is a tree over leaves, as tlog reads it.
func StoredTree(leaves []tlog.Hash) tlog.HashReader {
	var m memory
	hashes := make([]tlog.Hash, 0, 2*len(leaves))
	for _, leaf := range leaves {
		hashes = append(hashes, m.add(leaf)...)
	}
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(hashes)) {
				return nil, ErrProof
			}
			found[i] = hashes[index]
		}
		return found, nil
	})
}
