package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"

	"fund/ledger/export"
)

// exportCmd hands the whole book to other tools.
type exportCmd struct {
	databaseFlags `embed:""`
	Format        string `arg:"" enum:"hledger,beancount,csv,xlsx,json" help:"One of ${enum}."`
	Community     string `placeholder:"SLUG" help:"Whose books; may be left out where there is one community."`
	Lang          string `default:"zh" enum:"zh,en" help:"Language of headings and names in csv and xlsx: zh or en."`
	Out           string `short:"o" type:"path" placeholder:"FILE" help:"The file to write; default: the standard output."`
}

// Run writes the books as they are at one moment. A file appears whole or not at all.
func (x *exportCmd) Run(ctx context.Context, out io.Writer) error {
	e, err := x.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	if x.Out == "" {
		return x.write(ctx, e, out)
	}
	if err := writeWhole(x.Out, func(w io.Writer) error { return x.write(ctx, e, w) }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s 已写好。\n", x.Out)
	return err
}

func (x *exportCmd) write(ctx context.Context, e *env, to io.Writer) error {
	c, err := onlyCommunity(ctx, e, x.Community)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(to, 256<<10)
	format, _ := export.FormatNamed(x.Format) // kong let nothing else pass
	err = e.atOneMoment(ctx, func(q sqlx.QueryerContext) error { return format.Write(ctx, b, q, c, x.Lang) })
	if err != nil {
		return err
	}
	return b.Flush()
}

// writeWhole writes a file for everybody to read, whole or not at all.
func writeWhole(path string, write func(io.Writer) error) error { return writeFile(path, 0o644, write) }

// writeFile writes a file that appears whole or not at all.
func writeFile(path string, mode fs.FileMode, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".fund-")
	if err != nil {
		return unwritable(path, err)
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if err := write(file); err != nil {
		return err
	}
	if err := errors.Join(file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return unwritable(path, err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return unwritable(path, err)
	}
	return nil
}
