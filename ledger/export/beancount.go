package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// beancountRoots are the five top accounts that beancount knows.
var beancountRoots = map[ledger.AccountType]string{
	ledger.Asset: "Assets", ledger.Liability: "Liabilities", ledger.NetAssets: "Equity", ledger.Income: "Income", ledger.Expense: "Expenses",
}

// Beancount writes the whole book as a journal for beancount, in the order of posting. Accounts go by their codes, because
// beancount allows no names of several words; the names, funds and everything else stand in metadata.
func Beancount(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community) error {
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	if err != nil {
		return err
	}
	names := map[int]string{}
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "option \"title\" %s\noption \"operating_currency\" \"%s\"\n\n", quoted(c.NameZH+" · "+c.NameEN), c.Currency)
	for _, a := range accounts {
		names[a.ID] = beancountRoots[a.Type] + ":" + strings.ReplaceAll(strings.ToUpper(a.Code), ".", "-")
		fmt.Fprintf(b, "1970-01-01 open %s %s\n  name-zh: %s\n  name-en: %s\n", names[a.ID], c.Currency, quoted(a.NameZH), quoted(a.NameEN))
	}
	err = ledger.Walk(ctx, q, c.ID, func(e ledger.JournalEntry, lines []ledger.Line) error {
		if e.Detail == "" {
			fmt.Fprintf(b, "\n%s * %s\n", e.Date.Format(time.DateOnly), quoted(e.Memo))
		} else {
			fmt.Fprintf(b, "\n%s * %s %s\n", e.Date.Format(time.DateOnly), quoted(e.Detail), quoted(e.Memo))
		}
		fmt.Fprintf(b, "  voucher: \"%s\"\n  seq: %d\n  kind: \"%s\"\n  source: %s\n  posted-by: %s\n  posted-at: \"%s\"\n",
			e.Voucher(), e.Seq, e.Kind, quoted(e.Source), quoted(e.PostedBy), e.PostedAt.UTC().Format(time.RFC3339Nano))
		if e.Reverses != 0 {
			fmt.Fprintf(b, "  reverses: %d\n", e.Reverses)
		}
		if len(e.Commitment) > 0 {
			fmt.Fprintf(b, "  commitment: \"%x\"\n", e.Commitment)
		}
		for _, l := range lines {
			fmt.Fprintf(b, "  %s  %s %s\n    fund: %s\n", names[l.AccountID], l.Amount, c.Currency, quoted(l.FundCode))
		}
		return b.Flush()
	})
	if err != nil {
		return err
	}
	return b.Flush()
}

// quoted is a beancount string on one line.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(strings.Join(strings.Fields(s), " ")) + `"`
}
