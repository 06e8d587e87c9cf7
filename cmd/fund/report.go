package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"fund/ledger"
)

type reportCmd struct {
	Transparency transparencyReportCmd `cmd:"" help:"What came in, what it paid for, and the checkpoint that proves it."`
}

type transparencyReportCmd struct {
	databaseFlags `embed:""`
	Community     string    `required:"" placeholder:"SLUG" help:"Whose report."`
	From          time.Time `required:"" format:"2006-01-02" placeholder:"DAY" help:"First day, such as 2017-01-01."`
	To            time.Time `required:"" format:"2006-01-02" placeholder:"DAY" help:"Last day, such as 2017-12-31."`
	Lang          string    `default:"zh" enum:"zh,en" help:"zh or en."`
	Out           string    `short:"o" required:"" type:"path" placeholder:"FILE" help:"The PDF to write."`
}

// Run draws the whole report before it touches the file.
func (r *transparencyReportCmd) Run(ctx context.Context, out io.Writer) error {
	if r.To.Before(r.From) {
		return usage("--to is before --from.", "结束日期早于开始日期。")
	}
	e, err := r.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	c, err := ledger.FindCommunity(ctx, e.read, r.Community)
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := drawTransparencyReport(ctx, e, c, r.From, r.To, r.Lang, &pdf); err != nil {
		return err
	}
	if err := os.WriteFile(r.Out, pdf.Bytes(), 0o644); err != nil {
		return unwritable(r.Out, err)
	}
	_, err = fmt.Fprintf(out, "%s: %d bytes. 报告已写好。\n", r.Out, pdf.Len())
	return err
}
