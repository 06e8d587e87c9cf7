package transparency

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The first lines of a proof. A paper's is not of the tree whose root C2SP
// readers look for, so it does not bear their name.
const (
	proofHeader      = "c2sp.org/tlog-proof@v1"
	paperProofHeader = "fund paper proof v1"
)

// InclusionProof is a 存在性证明: that a record is leaf Index of a tree whose
// checkpoint it carries. Its text is C2SP tlog-proof, a paper's the same under
// another first line.
type InclusionProof struct {
	Tree   Tree
	Index  int64
	Path   []tlog.Hash
	Signed string // the checkpoint's note
}

// Text writes the proof as a file that anybody can keep.
func (p InclusionProof) Text() string {
	var b strings.Builder
	header := proofHeader
	if p.Tree == Papers {
		header = paperProofHeader
	}
	fmt.Fprintf(&b, "%s\nindex %d\n", header, p.Index)
	for _, h := range p.Path {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	return b.String() + "\n" + p.Signed
}

// ParseProof reads what Text wrote; ErrMalformed.
func ParseProof(text string) (p InclusionProof, err error) {
	head, signed, ok := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || len(lines) < 2 || lines[0] != proofHeader && lines[0] != paperProofHeader {
		return p, ErrMalformed
	}
	p.Tree = lines[0] == paperProofHeader
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
	size, root := c.Of(p.Tree)
	if p.Index >= size {
		return c, fmt.Errorf("%w: leaf %d of %d", ErrProof, p.Index, size)
	}
	if err := tlog.CheckRecord(p.Path, size, root, p.Index, tlog.RecordHash(record)); err != nil {
		return c, fmt.Errorf("%w: %v", ErrProof, err)
	}
	return c, nil
}

// Extends checks that both trees of the newer checkpoint begin with the whole
// of the older one's: history was not rewritten between them. ErrProof.
func Extends(older, newer Checkpoint, entries, papers []tlog.Hash) error {
	if older.Origin != newer.Origin {
		return fmt.Errorf("%w: two different logs, %s and %s", ErrProof, older.Origin, newer.Origin)
	}
	if err := Entries.extends(older, newer, entries); err != nil {
		return err
	}
	return Papers.extends(older, newer, papers)
}

func (t Tree) extends(older, newer Checkpoint, path []tlog.Hash) error {
	from, root := older.Of(t)
	to, wanted := newer.Of(t)
	if from == 0 {
		return nil
	}
	if from == to && root == wanted && len(path) == 0 {
		return nil
	}
	if from >= to {
		return fmt.Errorf("%w: size %d of the %v after %d", ErrProof, to, t, from)
	}
	if err := tlog.CheckTree(path, to, wanted, from, root); err != nil {
		return fmt.Errorf("%w: %v: %v", ErrProof, t, err)
	}
	return nil
}

// ParseEvidence parts a record from the proof behind it: as the pages give both
// in one text, or as a JSON value with the two. ErrMalformed.
func ParseEvidence(text string) (record []byte, p InclusionProof, err error) {
	var file struct{ Record, Proof string }
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		if json.Unmarshal([]byte(text), &file) != nil {
			return nil, p, ErrMalformed
		}
		text = file.Record + file.Proof
	}
	at := max(strings.LastIndex(text, "\n"+proofHeader+"\n"), strings.LastIndex(text, "\n"+paperProofHeader+"\n"))
	if at < 0 {
		return nil, p, ErrMalformed
	}
	p, err = ParseProof(text[at+1:])
	return []byte(text[:at+1]), p, err
}
