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
// them, signed. Its text is C2SP tlog-checkpoint.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
	Number int    // 1, 2, 3 … within the community; not part of the signed text
	Note   string // the signed text
	At     time.Time
}

// What a reader of a checkpoint can meet.
var (
	ErrSignature  = errors.New("transparency: the checkpoint's signature is not by this key")
	ErrMalformed  = errors.New("transparency: the text has not the form of a checkpoint or proof")
	ErrProof      = errors.New("transparency: the proof does not lead to the checkpoint's root")
	ErrNotSealed  = errors.New("transparency: no checkpoint covers this leaf yet")
	ErrNoneSealed = errors.New("transparency: no checkpoint yet")
)

func checkpointText(origin string, size int64, root tlog.Hash) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(root[:]))
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
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return c, ErrMalformed
	}
	root, err := parseHash(lines[2])
	return Checkpoint{Origin: lines[0], Size: size, Root: root}, err
}

func parseHash(s string) (h tlog.Hash, err error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return h, ErrMalformed
	}
	copy(h[:], b)
	return h, nil
}
