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

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/pdf"
)

type reportCmd struct {
	Issue        issueReportCmd        `cmd:"" help:"Issues a report for good: numbers it, keeps its data and PDFs, tells subscribers; with --note a correction."`
	List         listReportsCmd        `cmd:"" help:"Lists the issued reports with the digests of their PDFs."`
	Transparency transparencyReportCmd `cmd:"" help:"What came in, what it paid for, and the checkpoint that proves it; as PDF."`
	BalanceSheet statementReportCmd    `cmd:"" help:"资产负债表: what is owned, owed and left at the end of a month."`
	Activity     statementReportCmd    `cmd:"" help:"业务活动表: income and expense, unrestricted and restricted."`
	CashFlow     statementReportCmd    `cmd:"" help:"现金流量表: what moved money."`
	TrialBalance statementReportCmd    `cmd:"" help:"科目余额表: every account's opening, turnover and closing."`
	LedgerCard   statementReportCmd    `cmd:"" help:"明细账: every posting of an account; needs --account."`
	Funds        statementReportCmd    `cmd:"" help:"基金变动表: what each fund had, got, spent and has."`
	Budget       statementReportCmd    `cmd:"" help:"预算执行表: the plan of a year beside what became of it."`
	Ageing       statementReportCmd    `cmd:"" help:"未结款项账龄表: what is open at the end of a month, and for how long."`
	DonorIncome  donorReportCmd        `cmd:"" help:"捐赠收入明细表: what donors gave, with receipts' numbers. It has names."`
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
	err = e.atOneMoment(ctx, func(q sqlx.QueryerContext) error { return r.draw(ctx, q, &drawn) })
	if err != nil {
		return err
	}
	if err := os.WriteFile(r.Out, drawn.Bytes(), 0o644); err != nil {
		return unwritable(r.Out, err)
	}
	_, err = fmt.Fprintf(out, "%s: %d bytes. 报告已写好。\n", r.Out, drawn.Len())
	return err
}

func (r *transparencyReportCmd) draw(ctx context.Context, q sqlx.QueryerContext, out io.Writer) error {
	c, err := ledger.FindCommunity(ctx, q, r.Community)
	if err != nil {
		return err
	}
	lang, _ := i18n.ParseLang(r.Lang) // kong let nothing else pass
	doc, err := issue.Transparency(ctx, q, c, r.From, r.To, lang, strings.TrimSuffix(r.BaseURL, "/"), time.Now())
	if errors.Is(err, transparency.ErrNotSealed) {
		return notSealed()
	}
	if err != nil {
		return err
	}
	return pdf.TransparencyReport(out, doc)
}
