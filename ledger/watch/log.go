package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger/transparency"
)

// What a look at a log from outside can meet.
var (
	ErrUnreachable = errors.New("watch: the address does not answer as a log does")
	ErrElsewhere   = errors.New("watch: this is another log than before")
)

const (
	answerMax  = 64 << 20 // bytes of one answer: a list of a quarter of a million checkpoints
	answerTime = time.Minute
)

// Log is a community's log as anybody reads it.
type Log struct {
	URL    string        // of the community: https://fund.example.org/c/angong
	By     note.Verifier // its public key
	Client *http.Client  // nil: http.DefaultClient
}

// Key reads the public key that the log shows; whether it is the right one is not
// for the log to say.
func (l Log) Key(ctx context.Context) (string, error) {
	b, err := l.get(ctx, "key")
	return strings.TrimSpace(string(b)), err
}

// Newest reads the newest checkpoint, with what countersignatures it has.
func (l Log) Newest(ctx context.Context) (c transparency.Checkpoint, err error) {
	text, err := l.NewestText(ctx)
	if err != nil {
		return c, err
	}
	return transparency.OpenCheckpoint(text, l.By)
}

// NewestText is the newest checkpoint as it came, before anybody looks who signed it.
func (l Log) NewestText(ctx context.Context) (string, error) {
	b, err := l.get(ctx, "checkpoint")
	return string(b), err
}

// Checkpoints reads every checkpoint that the log ever signed, the oldest first.
func (l Log) Checkpoints(ctx context.Context) ([]transparency.Checkpoint, error) {
	b, err := l.get(ctx, "checkpoints.txt")
	if err != nil {
		return nil, err
	}
	return ParseCheckpoints(string(b), l.By)
}

// ParseCheckpoints reads a list of signed checkpoints with an empty line between two.
func ParseCheckpoints(list string, by note.Verifier) (all []transparency.Checkpoint, err error) {
	parts := strings.Split(strings.TrimSpace(list), "\n\n")
	for i := 0; i+1 < len(parts); i += 2 {
		c, err := transparency.OpenCheckpoint(parts[i]+"\n\n"+parts[i+1]+"\n", by)
		if err != nil {
			return nil, fmt.Errorf("checkpoint %d of the list: %w", i/2+1, err)
		}
		c.Number = i/2 + 1
		all = append(all, c)
	}
	if len(parts)%2 == 1 && parts[0] != "" {
		return nil, transparency.ErrMalformed
	}
	return all, nil
}

// Leaves reads the hashes of a tree's leaves from its tiles.
func (l Log) Leaves(ctx context.Context, tree transparency.Tree, size int64) (leaves []tlog.Hash, err error) {
	for _, tile := range transparency.Tiles(0, size) {
		data, err := l.get(ctx, folder(tree)+"tile/"+transparency.TilePath(tile))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%w: tile %s has %d bytes", ErrUnreachable, transparency.TilePath(tile), len(data))
		}
		for ; len(data) > 0; data = data[tlog.HashSize:] {
			leaves = append(leaves, tlog.Hash(data[:tlog.HashSize]))
		}
	}
	return leaves, nil
}

// Records reads a bundle of the entries' records. One that is gone is empty.
func (l Log) Records(ctx context.Context, tile tlog.Tile) ([][]byte, error) {
	data, err := l.get(ctx, "tile/"+transparency.TilePath(tile))
	if err != nil {
		return nil, err
	}
	return transparency.UnpackRecords(data, tile.W)
}

// folder is where a tree's tiles stand below the log.
func folder(tree transparency.Tree) string {
	if tree == transparency.Papers {
		return "papers/"
	}
	return ""
}

func (l Log) get(ctx context.Context, path string) ([]byte, error) {
	r, err := http.NewRequest(http.MethodGet, strings.TrimSuffix(l.URL, "/")+"/log/"+path, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrUnreachable, err)
	}
	r.Header.Set("Cache-Control", "no-cache")
	status, body, err := send(ctx, l.Client, r)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%w: %s answers %d", ErrUnreachable, r.URL, status)
	}
	return body, err
}

func send(ctx context.Context, client *http.Client, r *http.Request) (status int, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if client == nil {
		client = http.DefaultClient
	}
	answer, err := client.Do(r.WithContext(ctx))
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(io.LimitReader(answer.Body, answerMax+1))
	if err == nil && len(body) > answerMax {
		err = fmt.Errorf("%w: an answer of more than %d bytes", ErrUnreachable, answerMax)
	}
	return answer.StatusCode, body, err
}

// Submission asks a witness to countersign a checkpoint.
type Submission struct {
	Address string // the witness's, as C2SP tlog-witness calls its submission prefix
	Signed  string // the checkpoint
	Old     int64  // the size that the witness countersigned last, as far as is known
	// Path proves that the checkpoint's tree begins with the first Old leaves.
	Path func(old int64) ([]tlog.Hash, error)
}

// Submit sends a checkpoint to a witness, and once more where it knows another
// size than was thought. It returns the lines of the answer, with the size that
// the witness now holds. ErrUnreachable, transparency.ErrUnknownLog, ErrSignature,
// ErrProof, ErrForked.
func Submit(ctx context.Context, client *http.Client, s Submission, size int64) (lines string, holds int64, err error) {
	for range 2 {
		var status int
		var body []byte
		if status, body, err = s.post(ctx, client); err != nil {
			return "", s.Old, err
		}
		switch status {
		case http.StatusOK:
			return string(body), size, nil
		case http.StatusNotFound:
			return "", s.Old, transparency.ErrUnknownLog
		case http.StatusForbidden:
			return "", s.Old, transparency.ErrSignature
		case http.StatusUnprocessableEntity:
			return "", s.Old, transparency.ErrProof
		case http.StatusConflict:
			known, err := strconv.ParseInt(strings.TrimSpace(string(body)), 10, 64)
			if err != nil {
				return "", s.Old, fmt.Errorf("%w: a conflict without a size", ErrUnreachable)
			}
			if known == s.Old {
				return "", known, transparency.ErrForked
			}
			if s.Old = known; known > size { // another server of ours was here with a newer one, or we lost what we had
				return "", known, transparency.ErrNotNext
			}
		default:
			return "", s.Old, fmt.Errorf("%w: it answers %d", ErrUnreachable, status)
		}
	}
	return "", s.Old, transparency.ErrNotNext
}

func (s Submission) post(ctx context.Context, client *http.Client) (int, []byte, error) {
	path, err := s.Path(s.Old)
	if err != nil {
		return 0, nil, err
	}
	var body bytes.Buffer
	fmt.Fprintf(&body, "old %d\n", s.Old)
	for _, hash := range path {
		fmt.Fprintf(&body, "%s\n", hash)
	}
	fmt.Fprintf(&body, "\n%s", s.Signed)
	r, err := http.NewRequest(http.MethodPost, strings.TrimSuffix(s.Address, "/")+"/add-checkpoint", &body)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %v", ErrUnreachable, err)
	}
	r.Header.Set("Content-Type", "text/plain; charset=utf-8")
	return send(ctx, client, r)
}
