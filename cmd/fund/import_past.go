package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/pastfile"
)

type importPastCmd struct {
	databaseFlags `embed:""`
	File          string `arg:"" type:"path" help:"XLSX with the sheets projects, outcomes, groups, activities, or CSV with one of them, in Chinese or English."`
	Community     string `placeholder:"SLUG" help:"Whose records; may be left out where there is one community."`
	DryRun        bool   `help:"Say what would be written, and write nothing."`
	By            string `default:"import" placeholder:"NAME" help:"Who writes, as the records will say; default: ${default}."`
	Lang          string `help:"Language of what is said: zh or en." enum:"zh,en" default:"zh"`
}

// Run writes the file in one database transaction.
func (i *importPastCmd) Run(ctx context.Context, out io.Writer) error {
	data, err := readSome(i.File)
	if err != nil {
		return err
	}
	file, unread := pastfile.Read(i.File, data)
	e, err := i.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	c, err := onlyCommunity(ctx, e, i.Community)
	if err != nil {
		return err
	}
	now := time.Now()
	return e.inTx(ctx, func(tx *sqlx.Tx) error {
		plan, unfit, err := pastfile.Prepare(ctx, tx, c, file, c.Day(now))
		switch problems := pastfile.InOrder(slices.Concat(unread, unfit)); {
		case err != nil:
			return err
		case len(problems) > 0:
			return refuse(out, i.File, i.Lang, problems)
		case i.DryRun:
			return i.say(out, plan.Done())
		}
		done, err := plan.Write(ctx, tx, i.By, now)
		if err != nil {
			return err
		}
		return i.say(out, done)
	})
}

func (i *importPastCmd) say(out io.Writer, d pastfile.Done) error {
	text := fmt.Sprintf("写入 %d 个项目、%d 条成效、%d 个小组、%d 场活动；已经有的 %d 行没有再写。", d.Projects, d.Outcomes, d.Groups, d.Activities, d.Known)
	if i.Lang == "en" {
		text = fmt.Sprintf("%d projects, %d outcomes, %d groups, %d activities written; %d rows were there already.", d.Projects, d.Outcomes, d.Groups, d.Activities, d.Known)
	}
	if i.DryRun {
		text = map[string]string{"zh": "只看不写：", "en": "Nothing is written: "}[i.Lang] + text
	}
	_, err := fmt.Fprintln(out, text)
	return err
}
