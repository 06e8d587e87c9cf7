package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/pdf"
)

type reportCmd struct {
	Transparency transparencyReportCmd `cmd:"" help:"What came in, what it paid for, and the checkpoint that proves it."`
}

type transparencyReportCmd struct {
	databaseFlags `embed:""`
	Community     string    `required:"" placeholder:"SLUG" help:"Whose report."`
	From          time.Time `required:"" format:"2006-01" placeholder:"MONTH" help:"First month, such as 2017-01."`
	To            time.Time `required:"" format:"2006-01" placeholder:"MONTH" help:"Last month, such as 2017-12."`
	Lang          string    `default:"zh" enum:"zh,en" help:"zh or en."`
	Out           string    `short:"o" required:"" type:"path" placeholder:"FILE" help:"The PDF to write."`
	BaseURL       string    `name:"base-url" env:"FUND_BASE_URL" default:"http://127.0.0.1:8080" placeholder:"URL" help:"Where readers reach the server, for the report's links; default: ${default}."`
}

// Run draws the whole report before it touches the file.
func (r *transparencyReportCmd) Run(ctx context.Context, out io.Writer) error {
	if r.To.Before(r.From) {
		return usage("--to is before --from.", "结束月份早于开始月份。")
	}
	e, err := r.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	var drawn bytes.Buffer
	if err := r.draw(ctx, e, &drawn); err != nil {
		return err
	}
	if err := os.WriteFile(r.Out, drawn.Bytes(), 0o644); err != nil {
		return unwritable(r.Out, err)
	}
	_, err = fmt.Fprintf(out, "%s: %d bytes. 报告已写好。\n", r.Out, drawn.Len())
	return err
}

// draw reads the books as they are at one moment.
func (r *transparencyReportCmd) draw(ctx context.Context, e *env, out io.Writer) error {
	tx, err := e.read.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	c, err := ledger.FindCommunity(ctx, tx, r.Community)
	if err != nil {
		return err
	}
	lang, _ := i18n.ParseLang(r.Lang) // kong let nothing else pass
	doc, err := issue.Transparency(ctx, tx, c, r.From, r.To, lang, strings.TrimSuffix(r.BaseURL, "/"), time.Now())
	if errors.Is(err, transparency.ErrNotSealed) {
		return failed("No checkpoint covers the last entries yet. A running server makes one within seconds: fund serve.",
			"最后几笔还没有账目快照。服务器运行时几秒内就会生成：fund serve")
	}
	if err != nil {
		return err
	}
	return pdf.TransparencyReport(out, doc)
}
