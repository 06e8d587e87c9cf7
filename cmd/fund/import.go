package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/journalfile"
	"fund/ledger/statement"
)

// importCmd takes over what other programs wrote.
type importCmd struct {
	Journal importJournalCmd `cmd:"" help:"Post the journal entries of a CSV or XLSX file, all of them or none; exit 2 if the file has to be mended first."`
	Past    importPastCmd    `cmd:"" help:"Write projects, outcomes, groups and activities of the past from a workbook, all of them or none; exit 2 if the file has to be mended first."`
}

type importJournalCmd struct {
	databaseFlags  `embed:""`
	File           string `arg:"" type:"path" help:"CSV or XLSX, a row a posting, with the columns entry, date, account, fund, debit, credit, memo in Chinese or English."`
	Community      string `placeholder:"SLUG" help:"Whose books; may be left out where there is one community."`
	CreateAccounts bool   `help:"Add accounts that the books do not have."`
	Series         string `placeholder:"NAME" help:"Tells apart files that number their entries alike, such as one a till."`
	DryRun         bool   `help:"Say what would be posted, and write nothing."`
	By             string `default:"import" placeholder:"NAME" help:"Who posts, as the journal will say; default: ${default}."`
	Lang           string `help:"Language of what is said: zh or en." enum:"zh,en" default:"zh"`
}

// Run posts the file in one database transaction.
func (i *importJournalCmd) Run(ctx context.Context, out io.Writer) error {
	data, err := readSome(i.File)
	if err != nil {
		return err
	}
	file, unread := journalfile.Read(i.File, data)
	e, err := i.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	c, err := onlyCommunity(ctx, e, i.Community)
	if err != nil {
		return err
	}
	return e.inTx(ctx, func(tx *sqlx.Tx) error {
		plan, unfit, err := journalfile.Prepare(ctx, tx, c.ID, file, journalfile.Options{CreateAccounts: i.CreateAccounts, Series: i.Series})
		switch problems := journalfile.InOrder(slices.Concat(unread, unfit)); {
		case err != nil:
			return err
		case len(problems) > 0:
			return refuse(out, i.File, i.Lang, problems)
		case i.DryRun:
			return i.say(out, journalfile.Done{Known: plan.Known, Accounts: plan.Accounts, Posted: make([]ledger.Posted, len(plan.New))})
		}
		done, err := plan.Post(ctx, tx, i.By)
		if err != nil {
			return err
		}
		return i.say(out, done)
	})
}

// refuse prints every problem of a file with its place.
func refuse[P interface{ In(lang string) string }](out io.Writer, file, lang string, problems []P) error {
	for _, p := range problems {
		if _, err := fmt.Fprintf(out, "%s: %s\n", file, p.In(lang)); err != nil {
			return err
		}
	}
	return errUnread
}

func (i *importJournalCmd) say(out io.Writer, done journalfile.Done) error {
	verb := map[bool]string{false: "posted", true: "would be posted"}[i.DryRun]
	zh := map[bool]string{false: "记入", true: "将记入"}[i.DryRun]
	for _, a := range done.Accounts {
		if _, err := fmt.Fprintf(out, "+ %s %s\n", a.Code, a.NameZH); err != nil {
			return err
		}
	}
	text := fmt.Sprintf("%s %d 张凭证；以前导入过的 %d 张没有再记。", zh, len(done.Posted), done.Known)
	if i.Lang == "en" {
		text = fmt.Sprintf("%d entries %s; %d were imported before and are not posted again.", len(done.Posted), verb, done.Known)
	}
	if n := len(done.Posted); n > 0 && !i.DryRun {
		text += fmt.Sprintf(" %s – %s", done.Posted[0].Voucher(), done.Posted[n-1].Voucher())
	}
	_, err := fmt.Fprintln(out, text)
	return err
}

// readSome reads a file that is no larger than any statement.
func readSome(name string) ([]byte, error) {
	about, err := os.Stat(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, usage(fmt.Sprintf("There is no file %s.", name), fmt.Sprintf("没有 %s 这个文件。", name))
	case err != nil:
		return nil, err
	case about.IsDir():
		return nil, usage(fmt.Sprintf("%s is a directory.", name), fmt.Sprintf("%s 是目录，不是文件。", name))
	case about.Size() > statement.SizeMax:
		return nil, usage(fmt.Sprintf("%s is larger than %d MB.", name, statement.SizeMax>>20), fmt.Sprintf("%s 大于 %d MB，请分段导出。", name, statement.SizeMax>>20))
	}
	return os.ReadFile(name)
}

// onlyCommunity is the community of a slug, or the only one there is.
func onlyCommunity(ctx context.Context, e *env, slug string) (ledger.Community, error) {
	if slug != "" {
		return ledger.FindCommunity(ctx, e.app, slug)
	}
	all, err := ledger.ListCommunities(ctx, e.app)
	if err != nil {
		return ledger.Community{}, err
	}
	if len(all) != 1 {
		return ledger.Community{}, usage(fmt.Sprintf("There are %d communities: say which with --community.", len(all)), fmt.Sprintf("这里有 %d 个社区：用 --community 说明是哪一个。", len(all)))
	}
	return all[0], nil
}
