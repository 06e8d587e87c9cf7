package main

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/audit"
	"fund/ledger/transparency"
	"fund/web/auth"
	"fund/web/issue"
)

type auditCmd struct {
	Pack auditPackCmd `cmd:"" help:"A year's statements, journal, papers, checkpoints and proofs, as one ZIP that can be verified alone."`
}

type auditPackCmd struct {
	databaseFlags `embed:""`
	Community     string `placeholder:"SLUG" help:"Whose books; may be left out where there is one community."`
	Year          int    `required:"" placeholder:"YEAR" help:"Such as 2017."`
	Originals     bool   `help:"With papers as they came, nothing covered: personal data."`
	Out           string `short:"o" required:"" type:"path" placeholder:"FILE" help:"The ZIP to write."`
}

// Run writes the pack as the books are at one moment. The file appears whole or not at all.
func (a *auditPackCmd) Run(ctx context.Context, out io.Writer) error {
	e, err := a.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	c, err := onlyCommunity(ctx, e, a.Community)
	if err != nil {
		return err
	}
	key, err := readable(filepath.Join(e.keys, "log.pub"))
	if err != nil {
		return err
	}
	pack := issue.AuditPack{Year: a.Year, Originals: a.Originals, PublicKey: key}
	err = writeWhole(a.Out, func(w io.Writer) error {
		b := bufio.NewWriterSize(w, 256<<10)
		err := e.atOneMoment(ctx, func(q sqlx.QueryerContext) (err error) {
			if pack.People, err = auth.Names(ctx, q, c.ID); err != nil {
				return err
			}
			return pack.Write(ctx, b, q, c)
		})
		if err != nil {
			return err
		}
		return b.Flush()
	})
	if errors.Is(err, transparency.ErrNotSealed) || errors.Is(err, transparency.ErrNoneSealed) {
		return notSealed()
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: the auditor's pack of %d. Verify it: fund verify pack %s --key log.pub\n%s：%d 年的审计包。核对：fund verify pack %s --key log.pub\n",
		a.Out, a.Year, a.Out, a.Out, a.Year, a.Out)
	return err
}

// notSealed says that a server has to run first.
func notSealed() error {
	return failed("No checkpoint covers the last entries yet. A running server makes one within seconds: fund serve.",
		"最后几笔还没有账目快照。服务器运行时几秒内就会生成：fund serve")
}

type verifyPackCmd struct {
	keyFlag `embed:""`
	File    string `arg:"" type:"path" help:"The auditor's pack."`
}

// Run needs the pack and the key, and nothing else.
func (v *verifyPackCmd) Run(out io.Writer) error {
	by, err := readVerifier(v.Key)
	if err != nil {
		return err
	}
	pack, err := zip.OpenReader(v.File)
	if reason := new(fs.PathError); errors.As(err, &reason) {
		return failed(fmt.Sprintf("%s cannot be read: %v.", v.File, reason.Err), "读不了 "+v.File+"。")
	}
	if err != nil {
		return noPack(v.File)
	}
	defer pack.Close()
	told, err := audit.Verify(&pack.Reader, by)
	var flaw *audit.Flaw
	switch {
	case errors.As(err, &flaw):
		return failed(fmt.Sprintf("%s: %s.", filepath.Base(v.File), flaw.EN), filepath.Base(v.File)+"："+flaw.ZH+"。")
	case errors.Is(err, audit.ErrNotPack):
		return noPack(v.File)
	case err != nil:
		return err
	}
	at := told.Sealed.UTC().Format(time.RFC3339)
	_, err = fmt.Fprintf(out, "True: %d files as packed; the %d entries of %s balance, and they and %d papers stand under %d signed checkpoints, the newest of %s.\n"+
		"属实：%d 个文件和打包时一样；%s 的 %d 笔凭证借贷相等，连同 %d 条票据都在 %d 个签名快照里，最新的是 %s。\n",
		told.Files, told.Entries, told.Community, told.Papers, told.Checkpoints, at, told.Files, told.Community, told.Entries, told.Papers, told.Checkpoints, at)
	return err
}

func noPack(path string) error {
	return failed(path+" is not an auditor's pack.", path+" 不是审计包。")
}
