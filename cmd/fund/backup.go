package main

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/transparency"
	"fund/migrations"
	"fund/migrations/localpg"
)

// What stands in a backup, in this order.
const (
	backupDump     = "database.dump" // as pg_dump writes it: pg_restore reads it without us
	backupKeys     = "keys/"
	backupManifest = "backup.json"
)

// manifest says what a backup holds, so that what is restored can be compared with it.
type manifest struct {
	Program     string      `json:"program"`
	Made        time.Time   `json:"made"`
	Schema      int64       `json:"schema"` // the newest migration
	Dump        string      `json:"dump_sha256"`
	Communities []keptBooks `json:"communities"`
}

// keptBooks is how far one community's books went.
type keptBooks struct {
	Slug       string `json:"slug"`
	Name       string `json:"name"`
	Entries    int64  `json:"entries"`
	Checkpoint string `json:"checkpoint,omitempty"` // the newest, signed
}

type backupCmd struct {
	databaseFlags `embed:""`
	WithKeys      bool   `help:"Put the keys into the file too. Whoever has it can then sign the log: keep it like a key."`
	Out           string `arg:"" type:"path" placeholder:"FILE" help:"The file to write, such as fund-2026-11-23.backup."`
}

// Run writes the whole database as it is at one moment, while everybody goes on working. The file appears whole or not at
// all, for its owner alone: it holds personal data.
func (b *backupCmd) Run(ctx context.Context, out io.Writer) error {
	e, err := b.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	var kept manifest
	err = writeFile(b.Out, 0o600, func(w io.Writer) error {
		file := zip.NewWriter(w)
		if kept, err = e.dump(ctx, file); err != nil {
			return err
		}
		if b.WithKeys {
			if err := e.addKeys(file); err != nil {
				return err
			}
		}
		into, err := file.Create(backupManifest)
		if err != nil {
			return err
		}
		pretty := json.NewEncoder(into)
		pretty.SetIndent("", "  ")
		return errors.Join(pretty.Encode(kept), file.Close())
	})
	if err != nil {
		return err
	}
	for _, k := range kept.Communities {
		fmt.Fprintf(out, "%s: %d entries. %s：%d 笔凭证。\n", k.Slug, k.Entries, k.Name, k.Entries)
	}
	if !b.WithKeys {
		fmt.Fprintf(out, "The keys are not in it: keep a copy of %s somewhere else. 密钥不在里面，请另外保存 %s。\n", e.keys, e.keys)
	}
	_, err = fmt.Fprintf(out, "%s is written. Prove that it is one: fund restore --try %s\n已写好 %s。试一试能不能还原：fund restore --try %s\n", b.Out, b.Out, b.Out, b.Out)
	return err
}

// dump writes the database as of one snapshot, of which the manifest tells too.
func (e *env) dump(ctx context.Context, file *zip.Writer) (kept manifest, err error) {
	programs, err := e.programs()
	if err != nil {
		return kept, err
	}
	owner, err := e.owner()
	if err != nil {
		return kept, err
	}
	defer owner.Close()
	if kept.Schema, err = migrations.Version(ctx, owner); err != nil {
		return kept, err
	}
	kept.Program, kept.Made = version(), time.Now().UTC().Truncate(time.Second)
	into, err := file.CreateHeader(&zip.FileHeader{Name: backupDump, Method: zip.Store, Modified: kept.Made}) // it is compressed already
	if err != nil {
		return kept, err
	}
	digest := sha256.New()
	err = ledger.AtOneMoment(ctx, sqlx.NewDb(owner, "postgres"), func(tx *sqlx.Tx) (err error) {
		if kept.Communities, err = booksKept(ctx, tx); err != nil {
			return err
		}
		var snapshot string
		if err = tx.GetContext(ctx, &snapshot, `SELECT pg_export_snapshot()`); err != nil {
			return err
		}
		return programs.Dump(ctx, e.ownerURL, snapshot, io.MultiWriter(into, digest))
	})
	kept.Dump = hex.EncodeToString(digest.Sum(nil))
	return kept, err
}

// programs are those of the PostgreSQL that we run, or the newest that is installed.
func (e *env) programs() (localpg.Binaries, error) {
	if e.pg != nil {
		return e.pg.Binaries, nil
	}
	return localpg.Find()
}

// booksKept tells of every community how far its books go.
func booksKept(ctx context.Context, q sqlx.QueryerContext) (kept []keptBooks, err error) {
	communities, err := ledger.ListCommunities(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, c := range communities {
		stands, err := ledger.Stand(ctx, q, c.ID)
		if err != nil {
			return nil, err
		}
		newest, err := transparency.Latest(ctx, q, c.ID)
		if err != nil && !errors.Is(err, transparency.ErrNoneSealed) {
			return nil, err
		}
		kept = append(kept, keptBooks{c.Slug, c.NameZH, stands.LastSeq, newest.Note})
	}
	return kept, nil
}

// addKeys puts the installation's keys into the file.
func (e *env) addKeys(file *zip.Writer) error {
	keys, err := os.ReadDir(e.keys)
	for _, key := range keys {
		if !key.Type().IsRegular() {
			continue
		}
		text, err := readable(filepath.Join(e.keys, key.Name()))
		if err != nil {
			return err
		}
		into, err := file.Create(backupKeys + key.Name())
		if err != nil {
			return err
		}
		if _, err := io.WriteString(into, text); err != nil {
			return err
		}
	}
	return err
}
