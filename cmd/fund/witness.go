package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger/transparency"
	"fund/ledger/watch"
)

type witnessCmd struct {
	Key  witnessKeyCmd  `cmd:"" help:"Make a witness's key, or say its public half."`
	Sign witnessSignCmd `cmd:"" help:"Countersign a community's checkpoint, if it continues the last one you saw."`
}

type witnessHome struct {
	Home string `required:"" type:"path" placeholder:"DIR" help:"Where the witness keeps its key and the last checkpoint that it saw of each log."`
}

type witnessKeyCmd struct {
	witnessHome `embed:""`
	Name        string `placeholder:"NAME" help:"The witness's name when the key is made, such as li.example.org; no spaces and no +."`
}

// Run makes the key once.
func (w *witnessKeyCmd) Run(out io.Writer) error {
	as, err := w.cosigner(w.Name)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, as.Cosignatory().Public())
	return err
}

// cosigner opens the key, and makes it under a name if there is none.
func (w witnessHome) cosigner(name string) (as transparency.Cosigner, err error) {
	path := filepath.Join(w.Home, "witness.key")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if name == "" {
			return as, usage("There is no witness's key in "+w.Home+". Make it once: fund witness key --home "+w.Home+" --name YOUR.NAME", w.Home+" 里还没有见证人的密钥。先做一把：fund witness key --home "+w.Home+" --name 名字")
		}
		secret := make([]byte, secretBytes)
		_, _ = rand.Read(secret) // never fails since Go 1.24
		text = []byte(name + "\n" + base64.StdEncoding.EncodeToString(secret) + "\n")
		if err = os.MkdirAll(w.Home, 0o700); err == nil {
			err = writeOnce(path, string(text))
		}
	}
	if err != nil {
		return as, unwritable(path, err)
	}
	name, encoded, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	secret, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return as, failed(path+" is not a witness's key.", path+" 不是见证人的密钥。")
	}
	if as, err = transparency.NewCosigner(name, secret); err != nil {
		return as, usage("A witness's name has no spaces and no +.", "见证人的名字里不能有空格和加号。")
	}
	return as, nil
}

type witnessSignCmd struct {
	witnessHome `embed:""`
	Key         string `type:"path" placeholder:"FILE" help:"The log's public key; needed the first time, kept from then on."`
	Proof       string `type:"path" placeholder:"FILE" help:"For a file: the proof that it continues the last one you signed, a hash a line."`
	Send        bool   `help:"For an address: hand the signature in, so that the community shows it."`
	Checkpoint  string `arg:"" placeholder:"CHECKPOINT" help:"A file, or a community's address such as https://fund.example.org/c/angong."`
}

// Help says what signing means.
func (*witnessSignCmd) Help() string {
	return `A witness says one thing: every checkpoint of this log that I saw continues the one before. It does not say that the entries are right. The last checkpoint of each log stays in DIR; one that contradicts it is refused, and where both are signed and of one size the proof of it is written beside it.

The answer is the checkpoint with your signature under it. With --send the community gets it at once; else hand it in at its desk or by mail.`
}

// Run signs once: it reads, compares, remembers, and only then signs.
func (w *witnessSignCmd) Run(ctx context.Context, out io.Writer) error {
	as, err := w.cosigner("")
	if err != nil {
		return err
	}
	next, path, log, err := w.read(ctx)
	if err != nil {
		return err
	}
	last, err := w.last(next.Origin, log.By)
	if err != nil {
		return err
	}
	var leaves []tlog.Hash // where the log is at hand: its own tree is the proof, and nobody else's word
	if log.URL != "" && last.Size < next.Size && last.Size > 0 {
		if leaves, err = log.Leaves(ctx, transparency.Entries, next.Size); err != nil {
			return err
		}
		if path, err = tlog.ProveTree(next.Size, last.Size, transparency.StoredTree(leaves)); err != nil {
			return err
		}
	}
	if err := next.Continues(last, last.Size, path); err != nil {
		return w.refuse(out, last, next, leaves, err)
	}
	if err := w.remember(next); err != nil {
		return err
	}
	line, err := as.Cosign(next.Note, time.Now())
	if err != nil {
		return err
	}
	if _, err = io.WriteString(out, transparency.WithCosignatures(next.Note, line)); err != nil || !w.Send || log.URL == "" {
		return err
	}
	text, _, _ := strings.Cut(next.Note, "\n\n") // our line alone: those under it are kept already, and would be counted as ours
	return handIn(ctx, log.URL, transparency.WithCosignatures(text+"\n\n", line))
}

// read finds the checkpoint, the proof that came with it, and the key that it is signed by.
func (w *witnessSignCmd) read(ctx context.Context) (next transparency.Checkpoint, path []tlog.Hash, log watch.Log, err error) {
	var text string
	if strings.HasPrefix(w.Checkpoint, "http://") || strings.HasPrefix(w.Checkpoint, "https://") {
		log.URL = communityURL(w.Checkpoint)
		if text, err = log.NewestText(ctx); err != nil {
			return next, nil, log, err
		}
	} else {
		if text, err = readable(w.Checkpoint); err != nil {
			return next, nil, log, err
		}
		if path, _, err = readHashes(w.Proof); err != nil {
			return next, nil, log, err
		}
	}
	origin, _, _ := strings.Cut(text, "\n")
	key, err := w.key(origin)
	if err != nil {
		return next, nil, log, err
	}
	if log.By, err = readVerifier(key); err != nil {
		return next, nil, log, err
	}
	if next, err = transparency.OpenCheckpoint(text, log.By); err != nil {
		return next, nil, log, err
	}
	return next, path, log, w.keep(origin, key)
}

// place is where what is kept of a log stands.
func (w witnessHome) place(origin, name string) string {
	return filepath.Join(w.Home, strings.NewReplacer("/", "_", "\\", "_", "..", "_").Replace(origin)+name)
}

// key is the file of the log's public key: the one that was kept, or the first time the one that is named.
func (w *witnessSignCmd) key(origin string) (string, error) {
	kept := w.place(origin, ".pub")
	if _, err := os.Stat(kept); err == nil {
		return kept, nil
	}
	if w.Key == "" {
		return "", usage("The log "+origin+" is new to this witness. Name its public key once: --key log.pub. It stands on the community's verification page (…/log/key) and in its printed reports: compare the two.",
			"这位见证人第一次见到 "+origin+"。写一次它的公钥：--key log.pub。公钥在社区的核验页（…/log/key）和印出来的报告里都有，请比一比。")
	}
	return w.Key, nil
}

// keep keeps a log's public key, once a checkpoint was seen that it signed: a wrong one would be in the way for ever.
func (w witnessHome) keep(origin, key string) error {
	public, err := readable(key)
	if kept := w.place(origin, ".pub"); err == nil && key != kept {
		err = os.WriteFile(kept, []byte(public), 0o600)
	}
	return err
}

// last is the last checkpoint that the witness signed of a log; zero before the first.
func (w witnessHome) last(origin string, by note.Verifier) (transparency.Checkpoint, error) {
	text, err := os.ReadFile(w.place(origin, ".checkpoint"))
	if errors.Is(err, fs.ErrNotExist) {
		return transparency.Checkpoint{}, nil
	}
	if err != nil {
		return transparency.Checkpoint{}, err
	}
	return transparency.OpenCheckpoint(string(text), by)
}

// remember keeps the checkpoint before it is signed: after a crash the witness knows more than it has said, never less.
func (w witnessHome) remember(next transparency.Checkpoint) error {
	return writeWhole(w.place(next.Origin, ".checkpoint"), func(f io.Writer) error {
		_, err := io.WriteString(f, next.Note)
		return err
	})
}

// refuse says why nothing is signed, and keeps the proof where two checkpoints contradict each other.
func (w *witnessSignCmd) refuse(out io.Writer, last, next transparency.Checkpoint, leaves []tlog.Hash, why error) error {
	fork, err := transparency.Entries.SameSize(last, next)
	if err != nil {
		fork, err = transparency.Papers.SameSize(last, next)
	}
	if err != nil && int64(len(leaves)) == next.Size && transparency.RootOf(leaves) == next.Root {
		fork, err = transparency.Entries.Contradiction(last, next, leaves, nil)
	}
	if err != nil {
		return why
	}
	path := w.place(next.Origin, ".fork.json")
	if err := os.WriteFile(path, []byte(fork.Text()), 0o600); err != nil {
		return unwritable(path, err)
	}
	fmt.Fprintf(out, "%s: the proof that its history was rewritten. Publish it.\n%s：它改写历史的证据，请公开。\n", path, path)
	return transparency.ErrForked
}

// handIn gives a countersigned checkpoint to the community whose it is.
func handIn(ctx context.Context, address, signed string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/log/cosignatures", bytes.NewBufferString(signed))
	if err != nil {
		return err
	}
	answer, err := witnessClient.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", watch.ErrUnreachable, err)
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusNoContent:
		return nil
	case http.StatusForbidden:
		return failed("The community does not have this witness on its list yet. Give it your public key: fund witness key.", "社区的见证人名单里还没有您。把公钥给他们：fund witness key")
	}
	return fmt.Errorf("%w: %s answers %d", watch.ErrUnreachable, address, answer.StatusCode)
}
