package watch

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger/transparency"
)

// ErrDamaged is returned for a copy whose own files do not agree with each other.
var ErrDamaged = errors.New("watch: the copy on this disk was changed")

// localCopy is a mirror's directory. Its files stand where C2SP tlog-tiles wants them, so that any web server can serve it:
//
//	checkpoint       the newest, with its countersignatures
//	checkpoints.txt  all, the oldest first
//	tile/…           the entries' tree, and their texts as tile/entries/…
//	papers/tile/…    the papers' tree
//	forks/…          proofs that history was rewritten
type localCopy struct {
	dir         string
	checkpoints []transparency.Checkpoint
	leaves      [2][]tlog.Hash
}

// openCopy reads a copy back, and checks it. A directory that is not there yet is an empty one.
func openCopy(dir string, by note.Verifier) (*localCopy, error) {
	k := &localCopy{dir: dir}
	list, err := os.ReadFile(filepath.Join(dir, "checkpoints.txt"))
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return nil, err
	}
	if k.checkpoints, err = ParseCheckpoints(string(list), by); err != nil || len(k.checkpoints) == 0 {
		return nil, fmt.Errorf("%w: checkpoints.txt: %v", ErrDamaged, err)
	}
	last := k.checkpoints[len(k.checkpoints)-1]
	for _, tree := range []transparency.Tree{transparency.Entries, transparency.Papers} {
		size, root := last.Of(tree)
		for _, tile := range transparency.Tiles(0, size) {
			data, err := os.ReadFile(k.path(tree, tile))
			if err != nil || len(data) != tile.W*tlog.HashSize {
				return nil, fmt.Errorf("%w: %s: %v", ErrDamaged, k.path(tree, tile), err)
			}
			for ; len(data) > 0; data = data[tlog.HashSize:] {
				k.leaves[index(tree)] = append(k.leaves[index(tree)], tlog.Hash(data[:tlog.HashSize]))
			}
		}
		if size > 0 && transparency.RootOf(k.leaves[index(tree)]) != root {
			return nil, fmt.Errorf("%w: the %v do not lead to their checkpoint", ErrDamaged, tree)
		}
	}
	return k, nil
}

func (k *localCopy) path(tree transparency.Tree, tile tlog.Tile) string {
	return filepath.Join(k.dir, filepath.FromSlash(folder(tree)+"tile/"+transparency.TilePath(tile)))
}

// recordsAt reads the text of an entry: one, or none where the copy does not have it.
func (k *localCopy) recordsAt(at int64) [][]byte {
	for _, tile := range bundles(int64(len(k.leaves[0]))) {
		first := tile.N << transparency.TileHeight
		if at < first || at >= first+int64(tile.W) {
			continue
		}
		data, err := os.ReadFile(k.path(transparency.Entries, tile))
		if err != nil {
			return nil
		}
		records, err := transparency.UnpackRecords(data, tile.W)
		if err != nil || tlog.RecordHash(records[at-first]) != k.leaves[0][at] {
			return nil
		}
		return records[at-first : at-first+1]
	}
	return nil
}

func (k *localCopy) hasBundle(tile tlog.Tile) bool {
	_, err := os.Stat(k.path(transparency.Entries, tile))
	return err == nil
}

// keeps tells whether the copy has a bundle just like this.
func (k *localCopy) keeps(b bundle) bool {
	data, err := os.ReadFile(k.path(transparency.Entries, b.tile))
	return err == nil && bytes.Equal(data, b.data)
}

// writeFork writes the proof of a fork and tells where.
func (k *localCopy) writeFork(f transparency.Fork) (string, error) {
	text := f.Text()
	digest := sha256.Sum256([]byte(text))
	name := filepath.Join(k.dir, "forks", fmt.Sprintf("%x.fork.json", digest[:8]))
	return name, writeFile(name, []byte(text))
}

// write brings the copy up to a newer checkpoint. The list of checkpoints comes last, and what only the list before needs goes after
// it: what the list names is there, wherever a mirror is stopped.
func (k *localCopy) write(signed []transparency.Checkpoint, leaves [2][]tlog.Hash, fresh []bundle, newest transparency.Checkpoint) error {
	for _, tree := range []transparency.Tree{transparency.Entries, transparency.Papers} {
		if err := k.writeTree(tree, leaves[index(tree)]); err != nil {
			return err
		}
	}
	for _, b := range fresh {
		if err := writeFile(k.path(transparency.Entries, b.tile), b.data); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(k.dir, "checkpoint"), []byte(newest.Note)); err != nil {
		return err
	}
	var list strings.Builder
	for _, c := range signed {
		text, by, _ := strings.Cut(c.Note, "\n\n")
		first, _, _ := strings.Cut(by, "\n") // the log's own; others come later
		list.WriteString(text + "\n\n" + first + "\n\n")
	}
	if err := writeFile(filepath.Join(k.dir, "checkpoints.txt"), []byte(list.String())); err != nil {
		return err
	}
	return k.dropNarrower(leaves)
}

// writeTree writes the tiles of every level that are not there yet.
func (k *localCopy) writeTree(tree transparency.Tree, leaves []tlog.Hash) error {
	stored := transparency.StoredTree(leaves)
	for level := 0; int64(len(leaves))>>(level*transparency.TileHeight) > 0; level++ {
		for _, tile := range transparency.Tiles(level, int64(len(leaves))) {
			name := k.path(tree, tile)
			if _, err := os.Stat(name); err == nil {
				continue
			}
			data, err := tlog.ReadTileData(tile, stored)
			if err != nil {
				return err
			}
			if err := writeFile(name, data); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropNarrower takes away the tiles and bundles that were narrower when the trees were smaller.
func (k *localCopy) dropNarrower(leaves [2][]tlog.Hash) (err error) {
	var names []string
	for _, tree := range []transparency.Tree{transparency.Entries, transparency.Papers} {
		size := int64(len(leaves[index(tree)]))
		for level := 0; size>>(level*transparency.TileHeight) > 0; level++ {
			for _, tile := range transparency.Tiles(level, size) {
				names = append(names, k.path(tree, tile))
			}
		}
	}
	for _, tile := range bundles(int64(len(leaves[0]))) {
		names = append(names, k.path(transparency.Entries, tile))
	}
	for _, name := range names {
		partial, width := filepath.Split(name)
		if !strings.HasSuffix(filepath.Clean(partial), ".p") {
			err = errors.Join(err, os.RemoveAll(name+".p"))
			continue
		}
		narrower, listed := os.ReadDir(partial)
		err = errors.Join(err, listed)
		for _, other := range narrower {
			if other.Name() != width {
				err = errors.Join(err, os.Remove(filepath.Join(partial, other.Name())))
			}
		}
	}
	return err
}

// writeFile writes a whole file or none.
func writeFile(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
