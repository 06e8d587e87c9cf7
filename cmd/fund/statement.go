package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"runtime/debug"
	"time"

	"fund/ledger/money"
	"fund/ledger/statement"
)

// statementCmd is about the files that banks and wallets hand out.
type statementCmd struct {
	Inspect statementInspectCmd `cmd:"" help:"Read statement files and print what is in them, one JSON object a statement; exit 2 if a file cannot be read whole."`
}

// statementInspectCmd reads statements without a database.
type statementInspectCmd struct {
	Files   []string `arg:"" name:"file" help:"Files of banks and wallets; the content says what they are."`
	Format  string   `help:"Read the files as this format: ${formats}." placeholder:"FORMAT"`
	Profile string   `help:"A JSON file that says what the columns of a table mean." placeholder:"FILE"`
	Lang    string   `help:"Language of errors and warnings: zh or en." enum:"zh,en" default:"zh"`
}

// inspectGarbage is how much garbage the collector leaves, in percent of the file that is read: its memory holds no pointers, so
// that looking through it often costs little.
const inspectGarbage = 15

func (c *statementInspectCmd) Run(out io.Writer) error {
	options := statement.Options{Format: c.Format}
	if c.Profile != "" {
		profile, err := readProfile(c.Profile)
		if err != nil {
			return err
		}
		options.Profile = profile
	}
	debug.SetGCPercent(inspectGarbage)
	switch status, err := inspect(out, c.Files, options, c.Lang); {
	case err != nil:
		return err
	case status != exitOK:
		return errUnread
	}
	return nil
}

func readProfile(name string) (*statement.Profile, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, usage("The profile cannot be read: "+err.Error()+".", "读不到列设定文件。")
	}
	var profile statement.Profile
	if err := json.Unmarshal(text, &profile); err != nil {
		return nil, usage("The profile is no JSON: "+err.Error()+".", "列设定文件不是 JSON。")
	}
	return &profile, nil
}

// The objects that inspect prints. What a file does not say is null.
type (
	inspected struct {
		File     string        `json:"file"`
		Format   string        `json:"format"`
		Account  *string       `json:"account"`
		Currency *string       `json:"currency"`
		Opening  *money.Amount `json:"opening"`
		Closing  *money.Amount `json:"closing"`
	}
	inspectedLine struct {
		Date         *string       `json:"date"`
		Amount       money.Amount  `json:"amount"`
		Currency     *string       `json:"currency"`
		ID           *string       `json:"id"`
		Counterparty *string       `json:"counterparty"`
		Memo         *string       `json:"memo"`
		Balance      *money.Amount `json:"balance"`
	}
	refusedFile struct {
		File   string  `json:"file"`
		Error  string  `json:"error"`
		Row    *int    `json:"row"`
		Column *string `json:"column"`
	}
)

// inspect prints every statement in the files, and for a file that cannot be read whole why; then the status is 2.
func inspect(w io.Writer, files []string, options statement.Options, lang string) (status int, err error) {
	out := bufio.NewWriter(w)
	for _, file := range files {
		found, refusal := inspectFile(file, options, lang)
		if refusal != nil {
			status = exitUsage
			writeJSON(out, refusal)
			out.WriteByte('\n')
			continue
		}
		if err := writeStatements(out, file, found, lang); err != nil {
			return status, err
		}
	}
	return status, out.Flush()
}

// writeStatements prints an object for each statement, a line at a time: there may be a million.
func writeStatements(out *bufio.Writer, file string, found *statement.Scanned, lang string) error {
	open := -1 // the statement that is being printed
	upTo := func(of int) {
		for ; open < of; open++ {
			if open >= 0 {
				endStatement(out, &found.Statements[open], lang)
			}
			if open+1 < len(found.Statements) {
				beginStatement(out, file, &found.Statements[open+1])
			}
		}
	}
	printed := -1
	err := found.Each(func(of int, l *statement.Line) error {
		upTo(of)
		if printed == of {
			out.WriteByte(',')
		}
		printed = of
		writeJSON(out, printable(l))
		return nil
	})
	upTo(len(found.Statements))
	return err
}

func beginStatement(out *bufio.Writer, file string, s *statement.Statement) {
	head, _ := json.Marshal(inspected{
		File: file, Format: s.Format, Account: known(s.Account), Currency: known(s.Currency), Opening: s.Opening, Closing: s.Closing,
	})
	out.Write(head[:len(head)-1])
	out.WriteString(`,"lines":[`)
}

func endStatement(out *bufio.Writer, s *statement.Statement, lang string) {
	out.WriteString(`],"warnings":`)
	warnings := make([]string, len(s.Warnings))
	for i := range s.Warnings {
		warnings[i] = s.Warnings[i].In(lang)
	}
	writeJSON(out, warnings)
	out.WriteString("}\n")
}

// writeJSON leaves errors to the writer, which keeps the first one for Flush.
func writeJSON(out *bufio.Writer, value any) {
	text, _ := json.Marshal(value)
	out.Write(text)
}

// inspectFile reads one file, whole or not at all.
func inspectFile(file string, options statement.Options, lang string) (*statement.Scanned, *refusedFile) {
	if info, err := os.Stat(file); err == nil && info.Size() > statement.SizeMax {
		return nil, &refusedFile{File: file, Error: statement.TooLarge.In(lang)}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, &refusedFile{File: file, Error: err.Error()}
	}
	found, err := statement.Scan(file, data, options)
	if err == nil {
		return found, nil
	}
	refusal := &refusedFile{File: file, Error: err.Error()}
	var broken *statement.Error
	if errors.As(err, &broken) {
		refusal.Error, refusal.Column = broken.In(lang), known(broken.Column)
		if broken.Row > 0 {
			refusal.Row = &broken.Row
		}
	}
	return nil, refusal
}

func printable(l *statement.Line) inspectedLine {
	p := inspectedLine{
		Amount: l.Amount, Currency: known(l.Currency), ID: known(l.ID), Counterparty: known(l.Counterparty),
		Memo: known(l.Memo), Balance: l.Balance,
	}
	if !l.Date.IsZero() {
		p.Date = known(l.Date.Format(time.DateOnly))
	}
	return p
}

// known is null in JSON when a file does not say.
func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
