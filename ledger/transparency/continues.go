package transparency

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// What a witness answers to a checkpoint that it does not countersign.
var (
	ErrUnknownLog = errors.New("transparency: this log is not watched")
	ErrNotNext    = errors.New("transparency: the proof does not start at the last checkpoint that was seen")
	ErrForked     = errors.New("transparency: another checkpoint of the same size was seen: one of the two is not true")
	ErrBackwards  = errors.New("transparency: the older size is larger than the checkpoint's")
)

// Continues checks that a checkpoint may follow the last one that a witness saw
// of the log (zero if none): it starts where that ended, and its tree begins with
// the whole of that one's. old and path are the submitter's: the size that the
// proof starts at. ErrBackwards, ErrNotNext, ErrForked, ErrProof.
//
// The format lets a witness speak of the entries alone. The papers' tree has no
// proof here, so of it is only checked what two checkpoints say themselves.
func (next Checkpoint) Continues(last Checkpoint, old int64, path []tlog.Hash) error {
	switch {
	case old > next.Size:
		return ErrBackwards
	case old != last.Size:
		return ErrNotNext
	case next.Papers < last.Papers:
		return fmt.Errorf("%w: %d papers after %d", ErrProof, next.Papers, last.Papers)
	case next.Papers == last.Papers && next.PapersRoot != last.PapersRoot && last.Papers > 0:
		return ErrForked
	case old == 0 && len(path) > 0:
		return ErrProof
	case old == 0:
		return nil
	case old == next.Size && next.Root != last.Root:
		return ErrForked
	case old == next.Size && len(path) > 0:
		return ErrProof
	case old == next.Size:
		return nil
	}
	return Entries.extends(last, next, path)
}
