package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	_ "time/tzdata" // entry dates need time zones, also on a machine without them

	"github.com/alecthomas/kong"

	"fund/cmd/fund/bench"
	"fund/ledger"
	"fund/ledger/statement"
	"fund/migrations/localpg"
	"fund/web/auth"
)

// commands is the command line: a field per command, in the order the help shows them.
type commands struct {
	Demo      demoCmd      `cmd:"" help:"Try fund: a sample community on a database of its own."`
	Serve     serveCmd     `cmd:"" help:"Run the server."`
	Migrate   migrateCmd   `cmd:"" help:"Bring the database's schema up to date."`
	Community communityCmd `cmd:"" help:"Open the books of a community, or list communities."`
	User      userCmd      `cmd:"" help:"Add people who may log in."`
	Check     checkCmd     `cmd:"" help:"Recompute every balance and rule of the books; exit 1 if anything disagrees."`
	Verify    verifyCmd    `cmd:"" help:"Verify receipts, checkpoints and the whole database against the signed log."`
	Mirror    mirrorCmd    `cmd:"" help:"Keep a copy of a community's public log, and see whether its history stays."`
	Witness   witnessCmd   `cmd:"" help:"Countersign a community's checkpoints as its witness."`
	Close     closeCmd     `cmd:"" help:"Close a month by its checklist, or a year once its months are closed."`
	Report    reportCmd    `cmd:"" help:"Write reports and statements as PDF, XLSX or JSON."`
	Import    importCmd    `cmd:"" help:"Take over journal entries from other programs."`
	Export    exportCmd    `cmd:"" help:"Hand the whole book to other tools: hledger, beancount, csv, xlsx or json."`
	Statement statementCmd `cmd:"" help:"Read the statement files of banks and wallets."`
	Backup    backupCmd    `cmd:"" help:"Write the whole database into one file, while everybody goes on working."`
	Restore   restoreCmd   `cmd:"" help:"Fill an empty database from a backup, and check it; --try proves that a backup is one."`
	Audit     auditCmd     `cmd:"" help:"Hand a year over to an auditor."`
	Bench     benchCmd     `cmd:"" help:"Measure this machine on a scratch database."`
	Version   versionCmd   `cmd:"" help:"Say which version this is."`
}

const description = `The money system of a neighbourhood community: donations, receipts, and books that anyone can verify.

社区资金系统：募捐、收据，以及人人可以核验的账目。`

func main() { os.Exit(run(os.Args[1:])) }

// run is the whole program; it returns the exit status.
func run(args []string) int {
	parser := kong.Must(&commands{},
		kong.Name("fund"), kong.Description(description),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 110}),
		kong.Vars{
			"data": localpg.DefaultDataDir(), "demo_data": demoDir(), "standards": strings.Join(ledger.Standards(), ","),
			"roles": joinRoles(auth.Roles), "formats": strings.Join(statement.Formats, ", "),
			"victims": strings.Join(bench.Victims, ","),
		},
	)
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return tell(os.Stderr, misused(err))
	}
	ctx, stop := untilInterrupted()
	defer stop()
	parsed.BindTo(ctx, (*context.Context)(nil))
	parsed.BindTo(os.Stdout, (*io.Writer)(nil))
	return tell(os.Stderr, parsed.Run())
}

// misused is the parser's error with the way to the command's help.
func misused(err error) error {
	help := "fund --help"
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context.Selected() != nil {
		help = parse.Context.Selected().FullPath() + " --help"
	}
	return usage(strings.TrimRight(err.Error(), ".?")+". See "+help+".", "命令没写对。用法见 "+help)
}
