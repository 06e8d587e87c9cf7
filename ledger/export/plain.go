package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// plain is a language of plain-text accounting: how it writes what every book has.
type plain struct {
	head    func(b *bufio.Writer, c ledger.Community)
	account func(b *bufio.Writer, c ledger.Community, a ledger.Account)
	entry   func(b *bufio.Writer, e ledger.JournalEntry)
	posting func(b *bufio.Writer, c ledger.Community, l ledger.Line)
}

// write writes the whole book in the order of posting.
func (p plain) write(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community) error {
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	if err != nil {
		return err
	}
	funds, err := ledger.ListFunds(ctx, q, c.ID)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 64<<10)
	p.head(b, c)
	for _, a := range accounts {
		p.account(b, c, a)
	}
	b.WriteByte('\n')
	for _, f := range funds {
		nature := "unrestricted"
		if f.Restricted {
			nature = "restricted"
		}
		fmt.Fprintf(b, "; fund %s %s %s\n", f.Code, nature, oneLine(f.NameZH))
	}
	err = ledger.Walk(ctx, q, c.ID, func(e ledger.JournalEntry, lines []ledger.Line) error {
		p.entry(b, e)
		for _, l := range lines {
			p.posting(b, c, l)
		}
		_, err := b.Write(nil) // a reader who has gone ends the walk
		return err
	})
	if err != nil {
		return err
	}
	return b.Flush()
}

// oneLine is a text without the line breaks that would end it.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
