package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/pdf"
)

type reportCmd struct {
	Issue        issueReportCmd     `cmd:"" help:"Issues a report for good: numbers it, keeps its data and PDFs, tells subscribers; with --note a correction."`
	List         listReportsCmd     `cmd:"" help:"Lists the issued reports with the digests of their PDFs."`
	Transparency paperReportCmd     `cmd:"" help:"What came in, what it paid for, and the checkpoint that proves it; as PDF."`
	Annual       paperReportCmd     `cmd:"" help:"A year's work and financial report, with all that the law asks for; as PDF."`
	Sheet        sheetReportCmd     `cmd:"" help:"One page in very large type for the notice board; as PDF."`
	Donors       paperReportCmd     `cmd:"" help:"Those who gave and want to be named; as PDF."`
	Project      subjectReportCmd   `cmd:"" help:"One project, from its need to its last payment; as PDF."`
	Venture      subjectReportCmd   `cmd:"" help:"What one venture earned, spent and passed on; as PDF."`
	BalanceSheet statementReportCmd `cmd:"" help:"资产负债表: what is owned, owed and left at the end of a month."`
	Activity     statementReportCmd `cmd:"" help:"业务活动表: income and expense, unrestricted and restricted."`
	CashFlow     statementReportCmd `cmd:"" help:"现金流量表: what moved money."`
	TrialBalance statementReportCmd `cmd:"" help:"科目余额表: every account's opening, turnover and closing."`
	LedgerCard   statementReportCmd `cmd:"" help:"明细账: every posting of an account; needs --account."`
	Funds        statementReportCmd `cmd:"" help:"基金变动表: what each fund had, got, spent and has."`
	Budget       statementReportCmd `cmd:"" help:"预算执行表: the plan of a year beside what became of it."`
	Ageing       statementReportCmd `cmd:"" help:"未结款项账龄表: what is open at the end of a month, and for how long."`
	DonorIncome  donorReportCmd     `cmd:"" help:"捐赠收入明细表: what donors gave, with receipts' numbers. It has names."`
}

type paperReportCmd struct {
	databaseFlags `embed:""`
	Community     string    `required:"" placeholder:"SLUG" help:"Whose report."`
	From          time.Time `required:"" format:"2006-01" placeholder:"MONTH" help:"First month, such as 2017-01."`
	To            time.Time `required:"" format:"2006-01" placeholder:"MONTH" help:"Last month, such as 2017-12."`
	Lang          string    `default:"zh" enum:"zh,en" help:"zh or en."`
	Out           string    `short:"o" required:"" type:"path" placeholder:"FILE" help:"The PDF to write."`
	BaseURL       string    `name:"base-url" env:"FUND_BASE_URL" default:"http://127.0.0.1:8080" placeholder:"URL" help:"Where readers reach the server, for the report's links; default: ${default}."`
}

// sheetReportCmd writes the notice board's sheet.
type sheetReportCmd struct {
	paperReportCmd `embed:""`
	Paper          string `default:"a4" enum:"a4,a3" help:"a4 or a3."`
}

// subjectReportCmd writes the report on one project or venture.
type subjectReportCmd struct {
	paperReportCmd `embed:""`
	Of             string `arg:"" placeholder:"SLUG" help:"Which one, as in its page's address."`
}

// Run writes the report that the command is named after.
func (r *paperReportCmd) Run(ctx context.Context, k *kong.Context, out io.Writer) error {
	return r.write(ctx, out, func(ctx context.Context, q sqlx.QueryerContext, s issue.Live, w io.Writer) error {
		switch k.Selected().Name {
		case "annual":
			return s.Annual(ctx, q, w)
		case "donors":
			return s.Donors(ctx, q, w)
		}
		return s.Transparency(ctx, q, w)
	})
}

// Run writes the sheet.
func (r *sheetReportCmd) Run(ctx context.Context, out io.Writer) error {
	return r.write(ctx, out, func(ctx context.Context, q sqlx.QueryerContext, s issue.Live, w io.Writer) error {
		return s.Sheet(ctx, q, map[string]pdf.Paper{"a4": pdf.A4, "a3": pdf.A3}[r.Paper], w)
	})
}

// Run writes the report on the project or the venture.
func (r *subjectReportCmd) Run(ctx context.Context, k *kong.Context, out io.Writer) error {
	return r.write(ctx, out, func(ctx context.Context, q sqlx.QueryerContext, s issue.Live, w io.Writer) error {
		if k.Selected().Name == "venture" {
			return s.Venture(ctx, q, r.Of, w)
		}
		return s.Project(ctx, q, r.Of, w)
	})
}

// write draws the whole report, as the books are at one moment, before it touches the file.
func (r *paperReportCmd) write(ctx context.Context, out io.Writer, draw func(context.Context, sqlx.QueryerContext, issue.Live, io.Writer) error) error {
	if r.To.Before(r.From) {
		return usage("--to is before --from.", "结束月份早于开始月份。")
	}
	e, err := r.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	lang, _ := i18n.ParseLang(r.Lang) // kong let nothing else pass
	var drawn bytes.Buffer
	err = e.atOneMoment(ctx, func(q sqlx.QueryerContext) error {
		c, err := ledger.FindCommunity(ctx, q, r.Community)
		if err != nil {
			return err
		}
		return draw(ctx, q, issue.Live{Community: c, From: r.From, To: r.To, Lang: lang, BaseURL: strings.TrimSuffix(r.BaseURL, "/"), At: time.Now()}, &drawn)
	})
	if errors.Is(err, transparency.ErrNotSealed) {
		return notSealed()
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(r.Out, drawn.Bytes(), 0o644); err != nil {
		return unwritable(r.Out, err)
	}
	_, err = fmt.Fprintf(out, "%s: %d bytes. 报告已写好。\n", r.Out, drawn.Len())
	return err
}
