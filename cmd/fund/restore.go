package main

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"fund/migrations"
)

type restoreCmd struct {
	databaseFlags `embed:""`
	Try           bool   `help:"Restore into a scratch database, compare and check everything, and throw it away: the proof that the backup is one."`
	File          string `arg:"" type:"path" placeholder:"FILE" help:"What fund backup wrote."`
}

// Run restores into an empty database, never over one, and checks what it restored. Keys are put where there are none.
func (r *restoreCmd) Run(ctx context.Context, out io.Writer) (err error) {
	b, err := openBackup(r.File)
	if err != nil {
		return err
	}
	defer b.file.Close()
	if err = b.sound(ctx); err != nil {
		return err
	}
	if r.Try {
		dir, err := scratchDir()
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		keys := r.Keys
		if keys == "" && !b.hasKeys() {
			keys = filepath.Join(r.Data, "keys") // only to read the public key
		}
		r.databaseFlags = databaseFlags{Data: dir, Keys: keys}
	}
	e, err := r.open(ctx, quiet(), opening{create: true, migrate: true, patient: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	if err = e.restore(ctx, b); err != nil {
		return err
	}
	if err = b.putKeys(e.keys); err != nil {
		return err
	}
	if err = e.compare(ctx, b, out); err != nil {
		return err
	}
	by, err := e.logVerifier()
	if err != nil {
		return err
	}
	if by == nil {
		fmt.Fprintf(out, "Signatures are not checked: there is no log.pub in %s. 没有公钥，未核对签名。\n", e.keys)
	}
	if err = checkBooks(ctx, e, by, "", false, out); err != nil {
		return err
	}
	if r.Try {
		_, err = fmt.Fprintf(out, "%s can be restored; the scratch database is gone again.\n%s 能还原；试用的数据库已经删掉。\n", r.File, r.File)
		return err
	}
	_, err = fmt.Fprintf(out, "Restored from %s. Start the server: fund serve\n已从 %s 还原。启动服务器：fund serve\n", r.File, r.File)
	return err
}

// scratchDir is a directory on the disk in which the account that runs PostgreSQL may make its own.
func scratchDir() (string, error) {
	place := "/var/tmp"
	if _, err := os.Stat(place); err != nil {
		place = os.TempDir()
	}
	dir, err := os.MkdirTemp(place, "fund-restore-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

// backup is a file of fund backup.
type backup struct {
	manifest
	file *zip.ReadCloser
	path string
}

func openBackup(path string) (b backup, err error) {
	b.path = path
	b.file, err = zip.OpenReader(path)
	if reason := new(fs.PathError); errors.As(err, &reason) {
		return b, failed(fmt.Sprintf("%s cannot be read: %v.", path, reason.Err), "读不了 "+path+"。")
	}
	if err != nil {
		return b, noBackup(path)
	}
	text, err := fs.ReadFile(b.file, backupManifest)
	if err != nil || json.Unmarshal(text, &b.manifest) != nil || b.Dump == "" {
		return b, errors.Join(noBackup(path), b.file.Close())
	}
	return b, nil
}

func noBackup(path string) error {
	return failed(path+" is not a whole backup: fund backup writes one.", path+" 不是完整的备份文件。备份用 fund backup。")
}

// sound refuses a damaged file, and one from a newer program, before anything is touched.
func (b backup) sound(ctx context.Context) error {
	if newest := migrations.Newest(); b.Schema > newest {
		return failed(fmt.Sprintf("The backup is of schema version %d; this program knows %d. Restore it with fund %s or newer.", b.Schema, newest, b.Program),
			fmt.Sprintf("备份的数据库结构是第 %d 版，这个程序只到第 %d 版。用 fund %s 或更新的程序还原。", b.Schema, newest, b.Program))
	}
	dump, err := b.file.Open(backupDump)
	if err != nil {
		return noBackup(b.path)
	}
	defer dump.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, dump); err != nil || hex.EncodeToString(digest.Sum(nil)) != b.Dump {
		return failed(b.path+" is damaged: its database is not the one that was written. Take another copy.", b.path+" 坏了：里面的数据库和写下时不一样。换一份备份。")
	}
	return ctx.Err()
}

// restore fills the database, all of it or nothing, and brings it up to date.
func (e *env) restore(ctx context.Context, b backup) error {
	programs, err := e.programs()
	if err != nil {
		return err
	}
	owner, err := e.owner()
	if err != nil {
		return err
	}
	defer owner.Close()
	if err := empty(ctx, owner); err != nil {
		return err
	}
	if err := migrations.MakeRole(ctx, owner); err != nil {
		return err
	}
	dump, err := b.file.Open(backupDump)
	if err != nil {
		return err
	}
	defer dump.Close()
	if err := programs.Restore(ctx, e.ownerURL, dump); err != nil {
		return err
	}
	if _, err := migrations.Apply(ctx, owner); err != nil {
		return err
	}
	_, err = owner.ExecContext(ctx, `ANALYZE`)
	return err
}

// empty refuses a database that has anything in it: nothing is ever restored over books.
func empty(ctx context.Context, owner *sql.DB) error {
	var full bool
	err := owner.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		                WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')`).Scan(&full)
	if err == nil && full {
		return failed("There is a database here already, and nothing is restored over it. Name an empty one: --data DIR, or DATABASE_URL.",
			"这里已经有数据库，不会覆盖它。换一个空的地方：--data 目录，或 DATABASE_URL。")
	}
	return err
}

// compare counts what was restored against what the backup says of itself.
func (e *env) compare(ctx context.Context, b backup, out io.Writer) error {
	have, err := booksKept(ctx, e.app)
	if err != nil {
		return err
	}
	if len(have) != len(b.Communities) {
		return failed(fmt.Sprintf("%d communities were restored, the backup had %d.", len(have), len(b.Communities)), "还原出来的社区和备份里的不一样多。")
	}
	for i, k := range have {
		if k != b.Communities[i] {
			return failed("The books of "+k.Slug+" are not as they were backed up.", k.Name+"的账和备份时不一样。")
		}
		fmt.Fprintf(out, "%s: %d entries, as backed up on %s. %s：%d 笔凭证，和备份时一样。\n", k.Slug, k.Entries, b.Made.Format("2006-01-02 15:04 MST"), k.Name, k.Entries)
	}
	return nil
}

func (b backup) keys() (names []string) {
	for _, f := range b.file.File {
		if name, ok := strings.CutPrefix(f.Name, backupKeys); ok && filepath.IsLocal(name) && filepath.Base(name) == name {
			names = append(names, name)
		}
	}
	return names
}

func (b backup) hasKeys() bool { return len(b.keys()) > 0 }

// putKeys writes the keys that the backup has where there are none of their name.
func (b backup) putKeys(dir string) error {
	if !b.hasKeys() {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return unwritable(dir, err)
	}
	for _, name := range b.keys() {
		text, err := fs.ReadFile(b.file, backupKeys+name)
		if err != nil {
			return err
		}
		if err := writeOnce(filepath.Join(dir, name), string(text)); err != nil {
			return unwritable(dir, err)
		}
	}
	return nil
}
