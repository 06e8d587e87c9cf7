package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/report"
	"fund/web/issue"
	"fund/web/pdf"
)

// statementReportCmd writes one statement; which one is the name of the command, as in the page's address.
type statementReportCmd struct {
	databaseFlags `embed:""`
	Community     string   `placeholder:"SLUG" help:"Whose statement; may be left out where there is one community."`
	From          string   `placeholder:"MONTH" help:"First month or day, such as 2017-01, 2017-01-31 or 2017; default: January of the last month's year."`
	To            string   `placeholder:"MONTH" help:"Last month or day; default: this month."`
	Fund          string   `placeholder:"CODE" help:"Of one fund alone."`
	Account       []string `placeholder:"CODE" help:"Of these accounts alone; a ledger card needs one."`
	Lang          string   `default:"zh" enum:"zh,en" help:"zh or en."`
	Out           string   `short:"o" required:"" type:"path" placeholder:"FILE" help:"The file to write: its ending says which kind, .pdf, .xlsx, .csv or .json."`
}

// Run writes the statement as the books are at one moment.
func (s *statementReportCmd) Run(ctx context.Context, k *kong.Context, out io.Writer) error {
	return s.write(ctx, out, report.Draw, func(ask *report.Ask) { ask.Name = k.Selected().Name })
}

// donorReportCmd writes the list of what donors gave.
type donorReportCmd struct {
	statementReportCmd `embed:""`
	By                 string `default:"donor" enum:"donor,campaign,way,gift" help:"What gifts are added up by: ${enum}."`
	HideNames          bool   `help:"Only the first letter of each name."`
}

// Run writes the list as the books are at one moment.
func (d *donorReportCmd) Run(ctx context.Context, out io.Writer) error {
	return d.write(ctx, out, issue.DonorIncome, func(ask *report.Ask) { ask.By, ask.Hidden = d.By, d.HideNames })
}

type drawTable func(context.Context, sqlx.QueryerContext, ledger.Community, report.Ask) (report.Table, error)

// write draws a table into the file, which appears whole or not at all.
func (s *statementReportCmd) write(ctx context.Context, out io.Writer, draw drawTable, also func(*report.Ask)) error {
	write, ok := statementWriters[strings.ToLower(filepath.Ext(s.Out))]
	if !ok {
		return usage("--out ends with .pdf, .xlsx, .csv or .json.", "--out 的文件名以 .pdf、.xlsx、.csv 或 .json 结尾。")
	}
	for _, day := range []string{s.From, s.To} {
		if !isDays(day) {
			return usage(fmt.Sprintf("%s is no year, month or day: 2017, 2017-01, 2017-01-31.", day), day+" 不是年、月或日：写成 2017、2017-01 或 2017-01-31。")
		}
	}
	e, err := s.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	c, err := onlyCommunity(ctx, e, s.Community)
	if err != nil {
		return err
	}
	now := c.Local(time.Now())
	ask := report.ParseAsk("", func(key string) string {
		return map[string]string{"from": s.From, "to": s.To, "fund": s.Fund, "account": strings.Join(s.Account, " ")}[key]
	}, now)
	ask.Whole = true
	also(&ask)
	var table report.Table
	err = e.atOneMoment(ctx, func(q sqlx.QueryerContext) (err error) {
		table, err = draw(ctx, q, c, ask)
		return err
	})
	if err != nil {
		return err
	}
	if err := writeWhole(s.Out, func(w io.Writer) error { return write(w, table, pdfLang(s.Lang), now) }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s：%s，%s 至 %s。已写好。\n", s.Out, table.Title.ZH, table.From.Format(time.DateOnly), table.To.Format(time.DateOnly))
	return err
}

// isDays reports whether a text is what --from and --to take.
func isDays(text string) bool {
	for _, layout := range []string{"", "2006", "2006-01", time.DateOnly} {
		if _, err := time.Parse(layout, text); err == nil {
			return true
		}
	}
	return false
}

// statementWriters draw a statement by the ending of its file.
var statementWriters = map[string]func(io.Writer, report.Table, string, time.Time) error{
	".pdf": func(w io.Writer, t report.Table, lang string, now time.Time) error {
		return pdf.Statement(w, pdf.StatementDoc{Lang: lang, Table: t, Made: now})
	},
	".xlsx": export.TableXLSX,
	".csv":  func(w io.Writer, t report.Table, lang string, _ time.Time) error { return export.TableCSV(w, t, lang) },
	".json": func(w io.Writer, t report.Table, _ string, now time.Time) error {
		return export.TableJSON(w, t, now)
	},
}

// pdfLang is the command line's language as documents call it.
func pdfLang(lang string) string {
	if lang == "en" {
		return lang
	}
	return "zh-CN"
}

// atOneMoment reads the books as they are at one moment.
func (e *env) atOneMoment(ctx context.Context, read func(q sqlx.QueryerContext) error) error {
	return ledger.AtOneMoment(ctx, e.read, func(tx *sqlx.Tx) error { return read(tx) })
}
