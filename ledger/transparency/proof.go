package transparency

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const proofHeader = "c2sp.org/tlog-proof@v1"

// InclusionProof is a 存在性证明: that a record is leaf Index of the log whose
// checkpoint it carries. Its text is C2SP tlog-proof.
type InclusionProof struct {
	Index  int64
	Path   []tlog.Hash
	Signed string // the checkpoint's note
}

// Text writes the proof as a file that anybody can keep.
func (p InclusionProof) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nindex %d\n", proofHeader, p.Index)
	for _, h := range p.Path {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	return b.String() + "\n" + p.Signed
}

// ParseProof reads what Text wrote; ErrMalformed.
func ParseProof(text string) (p InclusionProof, err error) {
	head, signed, ok := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || len(lines) < 2 || lines[0] != proofHeader {
		return p, ErrMalformed
	}
	index, found := strings.CutPrefix(lines[1], "index ")
	if p.Index, err = strconv.ParseInt(index, 10, 64); !found || err != nil || p.Index < 0 {
		return p, ErrMalformed
	}
	for _, line := range lines[2:] {
		h, err := parseHash(line)
		if err != nil {
			return p, err
		}
		p.Path = append(p.Path, h)
	}
	p.Signed = signed
	return p, nil
}

// Verify checks, with nothing but the public key, that record stands in the
// log, and returns the checkpoint that says so. ErrSignature, ErrProof.
func (p InclusionProof) Verify(record []byte, by note.Verifier) (Checkpoint, error) {
	c, err := OpenCheckpoint(p.Signed, by)
	if err != nil {
		return c, err
	}
	if p.Index >= c.Size {
		return c, fmt.Errorf("%w: leaf %d of %d", ErrProof, p.Index, c.Size)
	}
	if err := tlog.CheckRecord(p.Path, c.Size, c.Root, p.Index, tlog.RecordHash(record)); err != nil {
		return c, fmt.Errorf("%w: %v", ErrProof, err)
	}
	return c, nil
}

// Extends checks that the newer checkpoint's log begins with the whole of the
// older one's: history was not rewritten between them. ErrProof.
func Extends(older, newer Checkpoint, path []tlog.Hash) error {
	if older.Origin != newer.Origin {
		return fmt.Errorf("%w: two different logs, %s and %s", ErrProof, older.Origin, newer.Origin)
	}
	if older.Size == 0 {
		return nil
	}
	if older.Size == newer.Size && older.Root == newer.Root && len(path) == 0 {
		return nil
	}
	if older.Size >= newer.Size {
		return fmt.Errorf("%w: size %d after %d", ErrProof, newer.Size, older.Size)
	}
	if err := tlog.CheckTree(path, newer.Size, newer.Root, older.Size, older.Root); err != nil {
		return fmt.Errorf("%w: %v", ErrProof, err)
	}
	return nil
}
