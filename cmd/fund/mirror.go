package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"fund/ledger/transparency"
	"fund/ledger/watch"
)

type mirrorCmd struct {
	Key   string `type:"path" placeholder:"FILE" help:"The log's public key, got from somewhere you trust; default: the copy's own, and the first time the one that the address shows."`
	Quick bool   `help:"Do not read again the entries that the copy has: only the tree, and what is new."`
	URL   string `arg:"" placeholder:"URL" help:"A community's address, such as https://fund.example.org/c/angong."`
	Dir   string `arg:"" type:"path" placeholder:"DIR" help:"Where the copy stands; made the first time."`
}

// Help says what a mirror is for.
func (*mirrorCmd) Help() string {
	return `Keeps a copy of a community's public log: every signed checkpoint, the tree, and every entry. Run it every day. Each time it compares all that is shown with all that was signed before; it never replaces what it has by something that contradicts it.

Where two signed checkpoints contradict each other, it writes the proof into DIR/forks. Publish that file: anybody checks it with the public key alone, by fund verify fork. A copy may itself be served by any web server (C2SP tlog-tiles).

Exit status: 0 all of it agrees, 1 something does not, 2 the call was wrong.`
}

// Run copies and compares.
func (m *mirrorCmd) Run(ctx context.Context, out io.Writer) error {
	log := watch.Log{URL: communityURL(m.URL)}
	first, err := m.key(ctx, &log)
	if err != nil {
		return err
	}
	seen, err := watch.Copy(ctx, log, m.Dir, m.Quick)
	if err != nil {
		return err
	}
	if first != "" {
		if err := os.WriteFile(filepath.Join(m.Dir, "log.pub"), []byte(first+"\n"), 0o644); err != nil { //nolint:gosec // a public key
			return err
		}
	}
	c := seen.Newest
	fmt.Fprintf(out, "%s: %d entries (%d new), %d papers (%d new), %d checkpoints.\n", c.Origin, c.Size, seen.Fresh[0], c.Papers, seen.Fresh[1], seen.Signed)
	fmt.Fprintf(out, "%s：%d 笔账（新 %d），%d 张票据（新 %d），%d 份快照。\n", c.Origin, c.Size, seen.Fresh[0], c.Papers, seen.Fresh[1], seen.Signed)
	for _, f := range seen.Findings {
		fmt.Fprintf(out, "%s\n%s\n", f.Text("en"), f.Text("zh-CN"))
	}
	if !seen.Sound() {
		return errFound
	}
	_, err = fmt.Fprint(out, "All of it agrees with what was signed before.\n和以前签过的全部一致。\n")
	return err
}

// key finds the public key. The first time the one that the log shows is believed, and kept.
func (m *mirrorCmd) key(ctx context.Context, log *watch.Log) (first string, err error) {
	kept := filepath.Join(m.Dir, "log.pub")
	if m.Key != "" {
		log.By, err = readVerifier(m.Key)
		return "", err
	}
	if _, err = os.Stat(kept); err == nil {
		log.By, err = readVerifier(kept)
		return "", err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if first, err = log.Key(ctx); err != nil {
		return "", err
	}
	log.By, err = transparency.ParseVerifier(first)
	if err != nil {
		return "", watch.ErrUnreachable
	}
	fmt.Fprintf(os.Stderr, "The key is the one that the address shows: %s. Compare it with a printed report.\n公钥用的是网址给的：%s。请和纸上的报告比一比。\n", log.By.Name(), log.By.Name())
	return first, nil
}

// communityURL is an address as a person copies it from a page of the community.
func communityURL(address string) string {
	address = strings.TrimSuffix(strings.TrimSpace(address), "/")
	for _, page := range []string{"/verify", "/log/checkpoint", "/log"} {
		address = strings.TrimSuffix(address, page)
	}
	return address
}

type verifyForkCmd struct {
	keyFlag `embed:""`
	File    string `arg:"" type:"path" help:"The proof that a mirror or a witness wrote: ….fork.json."`
}

// Run needs the file and the key, and nothing else. A proof that holds is exit 0: what it says is true, and bad.
func (v *verifyForkCmd) Run(out io.Writer) error {
	by, err := readVerifier(v.Key)
	if err != nil {
		return err
	}
	text, err := readable(v.File)
	if err != nil {
		return err
	}
	fork, err := transparency.ParseFork(text)
	if err != nil {
		return err
	}
	older, newer, err := fork.Verify(by)
	if err != nil {
		return err
	}
	return sayFork(out, fork, older, newer, by)
}

func sayFork(out io.Writer, fork transparency.Fork, older, newer transparency.Checkpoint, by note.Verifier) error {
	from, was := older.Of(fork.Tree)
	to, is := newer.Of(fork.Tree)
	fmt.Fprintf(out, "Proven: %s rewrote its history. It signed both of these with the key %s, and they cannot both be true:\n"+
		"证明成立：%s 改写过历史。下面两份快照都是用 %s 签的，不可能都是真的：\n", older.Origin, by.Name(), older.Origin, by.Name())
	fmt.Fprintf(out, "  %d %v, root %v\n  %d %v, root %v; its first %d have the root %v\n", from, fork.Tree, was, to, fork.Tree, is, from, fork.Begins)
	l := fork.Leaf
	if l == nil {
		return nil
	}
	fmt.Fprintf(out, "No. %d was signed as one thing and as another:\n第 %d 笔签过两种样子：\n", l.Index+1, l.Index+1)
	for _, side := range []transparency.LeafSide{l.Older, l.Newer} {
		fmt.Fprintf(out, "  %v\n", side.Hash)
		for line := range strings.Lines(string(side.Record)) {
			fmt.Fprintf(out, "    %s", line)
		}
	}
	return nil
}
