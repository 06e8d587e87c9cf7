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

// Beancount writes the whole book as a journal for beancount, in the order of posting. Accounts go by their codes, because
// beancount allows no names of several words; the names, funds and everything else stand in metadata.
func Beancount(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community) error {
	return beancount.write(ctx, w, q, c)
}

// beancountRoots are the five top accounts that beancount knows.
var beancountRoots = map[ledger.AccountType]string{
	ledger.Asset: "Assets", ledger.Liability: "Liabilities", ledger.NetAssets: "Equity", ledger.Income: "Income", ledger.Expense: "Expenses",
}

var beancount = plain{
	head: func(b *bufio.Writer, c ledger.Community) {
		fmt.Fprintf(b, "option \"title\" %s\noption \"operating_currency\" \"%s\"\n\n", quoted(c.NameZH+" · "+c.NameEN), c.Currency)
	},
	account: func(b *bufio.Writer, c ledger.Community, a ledger.Account) {
		fmt.Fprintf(b, "1970-01-01 open %s %s\n  name-zh: %s\n  name-en: %s\n", beancountName(a.Type, a.Code), c.Currency, quoted(a.NameZH), quoted(a.NameEN))
	},
	entry: func(b *bufio.Writer, e ledger.JournalEntry) {
		payee := ""
		if e.Detail != "" {
			payee = quoted(e.Detail) + " "
		}
		fmt.Fprintf(b, "\n%s * %s%s\n  voucher: \"%s\"\n  seq: %d\n  kind: \"%s\"\n  source: %s\n  posted-by: %s\n  posted-at: \"%s\"\n",
			e.Date.Format(time.DateOnly), payee, quoted(e.Memo), e.Voucher(), e.Seq, e.Kind, quoted(e.Source), quoted(e.PostedBy), e.PostedAt.UTC().Format(time.RFC3339Nano))
		if e.Reverses != 0 {
			fmt.Fprintf(b, "  reverses: %d\n", e.Reverses)
		}
		if len(e.Commitment) > 0 {
			fmt.Fprintf(b, "  commitment: \"%x\"\n", e.Commitment)
		}
	},
	posting: func(b *bufio.Writer, c ledger.Community, l ledger.Line) {
		fmt.Fprintf(b, "  %s  %s %s\n    fund: %s\n", beancountName(l.AccountType, l.AccountCode), l.Amount, c.Currency, quoted(l.FundCode))
	},
}

func beancountName(t ledger.AccountType, code string) string {
	return beancountRoots[t] + ":" + strings.ReplaceAll(strings.ToUpper(code), ".", "-")
}

// quoted is a beancount string on one line.
func quoted(s string) string { return `"` + beancountEscape.Replace(s) + `"` }

var beancountEscape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\r", " ")
