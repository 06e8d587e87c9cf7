package transparency

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is an 账目快照: how many leaves a log had and the root hash over
// them, signed. Its text is C2SP tlog-checkpoint; where the log has papers, an
// extension line `papers 12 base64` says the same of their tree.
type Checkpoint struct {
	Origin     string
	Size       int64
	Root       tlog.Hash
	Papers     int64     // leaves of the papers' tree
	PapersRoot tlog.Hash // over them; zero without papers
	Number     int       // 1, 2, 3 … within the community; not part of the signed text
	Note       string    // the signed text
	At         time.Time
}

// Of is what a checkpoint says of a tree.
func (c Checkpoint) Of(t Tree) (size int64, root tlog.Hash) {
	if t == Papers {
		return c.Papers, c.PapersRoot
	}
	return c.Size, c.Root
}

// What a reader of a checkpoint can meet.
var (
	ErrSignature  = errors.New("transparency: the checkpoint's signature is not by this key")
	ErrMalformed  = errors.New("transparency: the text has not the form of a checkpoint or proof")
	ErrProof      = errors.New("transparency: the proof does not lead to the checkpoint's root")
	ErrNotSealed  = errors.New("transparency: no checkpoint covers this leaf yet")
	ErrNoneSealed = errors.New("transparency: no checkpoint yet")
)

const papersLine = "papers "

func (c Checkpoint) text() string {
	text := fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
	if c.Papers > 0 {
		text += fmt.Sprintf("%s%d %s\n", papersLine, c.Papers, base64.StdEncoding.EncodeToString(c.PapersRoot[:]))
	}
	return text
}

// OpenCheckpoint checks a signed checkpoint against a public key and reads it.
// ErrSignature, ErrMalformed.
func OpenCheckpoint(signed string, by note.Verifier) (Checkpoint, error) {
	n, err := note.Open([]byte(signed), note.VerifierList(by))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%w: %v", ErrSignature, err)
	}
	c, err := readCheckpoint(n.Text)
	c.Note = signed
	return c, err
}

// readCheckpoint reads the signed part. Lines that other logs may add after the
// third are passed over, as the format says.
func readCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] == "" {
		return c, ErrMalformed
	}
	c.Origin = lines[0]
	if c.Size, c.Root, err = readTree(lines[1], lines[2]); err != nil {
		return c, err
	}
	for _, line := range lines[3:] {
		if said, ok := strings.CutPrefix(line, papersLine); ok {
			size, root, _ := strings.Cut(said, " ")
			c.Papers, c.PapersRoot, err = readTree(size, root)
			break
		}
	}
	return c, err
}

func readTree(count, base64Root string) (size int64, root tlog.Hash, err error) {
	size, err = strconv.ParseInt(count, 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != count {
		return 0, root, ErrMalformed
	}
	root, err = parseHash(base64Root)
	return size, root, err
}

func parseHash(s string) (h tlog.Hash, err error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return h, ErrMalformed
	}
	copy(h[:], b)
	return h, nil
}
