package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"fund/ledger"
	"fund/ledger/transparency"
)

const secretBytes = 32

// The secrets in the keys' directory: one signs form tokens, the witnesses' keys are derived from the other.
const (
	webSecret     = "web.key"
	witnessSecret = "witness.key"
)

// openSecret reads a secret in dir, and makes it if it is not there. Of several processes that start at once one makes it.
func openSecret(dir, name string) ([]byte, error) {
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unwritable(dir, err)
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		fresh := make([]byte, secretBytes)
		_, _ = rand.Read(fresh) // never fails since Go 1.24
		if err := writeOnce(path, base64.StdEncoding.EncodeToString(fresh)+"\n"); err != nil {
			return nil, unwritable(path, err)
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) < secretBytes {
		return nil, failed(path+" is not a key: it holds 32 bytes in base64. Move it away and a new one is made.",
			path+" 不是密钥（应是 base64 的 32 个字节）。把它移走，会重新生成。")
	}
	return secret, nil
}

// writeOnce writes a whole file, for the owner alone, unless there is one of this name.
func writeOnce(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// openLogKey opens the key that signs checkpoints, and refuses another one than the log was signed with so far: a server
// started without the installation's keys would make its own, and every reader's proof would fail.
func openLogKey(ctx context.Context, e *env, name string) (transparency.Key, error) {
	key, err := transparency.OpenKey(e.keys, name)
	if err != nil {
		return key, err
	}
	communities, err := ledger.ListCommunities(ctx, e.app)
	if err != nil {
		return key, err
	}
	for _, c := range communities {
		last, err := transparency.Latest(ctx, e.app, c.ID)
		if errors.Is(err, transparency.ErrNoneSealed) {
			continue
		}
		if err != nil {
			return key, err
		}
		if _, err := transparency.OpenCheckpoint(last.Note, key.Verifier()); err != nil {
			return key, failed(
				"The log of "+c.Slug+" is signed by another key than log.key in "+e.keys+". Copy the installation's keys there, or name their place in FUND_KEYS.",
				c.NameZH+"的账目日志不是用 "+e.keys+" 里的 log.key 签的。把原来的密钥放回去，或在 FUND_KEYS 里写明位置。")
		}
		break // one key signs for all
	}
	return key, nil
}

// logVerifier reads the installation's public key; nil where there is none, as before the first fund serve.
func (e *env) logVerifier() (note.Verifier, error) {
	path := filepath.Join(e.keys, "log.pub")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return readVerifier(path)
}

func readVerifier(path string) (note.Verifier, error) {
	text, err := readable(path)
	if err != nil {
		return nil, err
	}
	by, err := transparency.ParseVerifier(text)
	if err != nil {
		return nil, failed(path+" holds no public key of a log.", path+" 里不是账目日志的公钥。")
	}
	return by, nil
}
