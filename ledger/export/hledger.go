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

// HLedger writes the whole book as a journal for hledger, in the order of posting: the voucher number as the code, the fund
// of each posting as its tag. `hledger -f ledger.journal balance tag:fund=general` gives what one fund holds. What hledger
// has no place for stands below each entry, a comment a line, as the books have it.
func HLedger(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community) error {
	return hledger.write(ctx, w, q, c)
}

// hledgerRoots are the top accounts by which hledger knows an account's type.
var hledgerRoots = map[ledger.AccountType]string{
	ledger.Asset: "assets", ledger.Liability: "liabilities", ledger.NetAssets: "equity", ledger.Income: "revenues", ledger.Expense: "expenses",
}

var hledger = plain{
	head: func(b *bufio.Writer, c ledger.Community) {
		fmt.Fprintf(b, "; %s · %s\ndecimal-mark .\ncommodity %s 1000.00\n\n", c.NameZH, c.NameEN, c.Currency)
	},
	account: func(b *bufio.Writer, _ ledger.Community, a ledger.Account) {
		fmt.Fprintf(b, "account %s  ; %s\n", accountName(a.Type, a.Code, a.NameZH), uncommented(a.NameEN))
	},
	entry: func(b *bufio.Writer, e ledger.JournalEntry) {
		description := uncommented(e.Memo)
		if e.Detail != "" {
			description += " | " + uncommented(e.Detail)
		}
		fmt.Fprintf(b, "\n%s * (%s) %s  ; kind:%s, source:%s, seq:%d", e.Date.Format(time.DateOnly), e.Voucher(), description, e.Kind, strings.ReplaceAll(e.Source, ",", "，"), e.Seq)
		if e.Reverses != 0 {
			fmt.Fprintf(b, ", reverses:%d", e.Reverses)
		}
		fmt.Fprintf(b, "\n    ; posted-by: %s\n    ; posted-at: %s\n", e.PostedBy, e.PostedAt.UTC().Format(time.RFC3339Nano))
		if e.Detail != "" || e.Memo != description {
			fmt.Fprintf(b, "    ; memo: %s\n    ; detail: %s\n", e.Memo, e.Detail)
		}
		if strings.Contains(e.Source, ",") {
			fmt.Fprintf(b, "    ; whole-source: %s\n", e.Source)
		}
		if len(e.Commitment) > 0 {
			fmt.Fprintf(b, "    ; commitment: %x\n", e.Commitment)
		}
	},
	posting: func(b *bufio.Writer, c ledger.Community, l ledger.Line) {
		fmt.Fprintf(b, "    %s  %s %s  ; fund:%s\n", accountName(l.AccountType, l.AccountCode, l.AccountNameZH), c.Currency, l.Amount, l.FundCode)
	},
}

// accountName keeps two spaces, which end an account's name, and colons, which divide it, out of the name.
func accountName(t ledger.AccountType, code, name string) string {
	return hledgerRoots[t] + ":" + code + " " + strings.ReplaceAll(uncommented(name), ":", "：")
}

// uncommented is a text that neither ends its line nor begins a comment.
func uncommented(s string) string { return strings.ReplaceAll(oneLine(s), ";", "；") }
