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

// roots are the top accounts by which hledger knows an account's type.
var roots = map[ledger.AccountType]string{
	ledger.Asset: "assets", ledger.Liability: "liabilities", ledger.NetAssets: "equity", ledger.Income: "revenues", ledger.Expense: "expenses",
}

// HLedger writes the whole book as a journal for hledger, in the order of posting: the voucher number as the code, the fund
// of each posting as its tag. `hledger -f ledger.journal balance tag:fund=general` gives what one fund holds.
func HLedger(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community) error {
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "; %s · %s\ndecimal-mark .\ncommodity %s 1000.00\n\n", c.NameZH, c.NameEN, c.Currency)
	for _, a := range accounts {
		fmt.Fprintf(b, "account %s  ; %s\n", accountName(a.Type, a.Code, a.NameZH), oneLine(a.NameEN))
	}
	err = ledger.Walk(ctx, q, c.ID, func(e ledger.JournalEntry, lines []ledger.Line) error {
		description := e.Memo
		if e.Detail != "" {
			description += " | " + e.Detail
		}
		fmt.Fprintf(b, "\n%s * (%s) %s  ; kind:%s, source:%s, seq:%d", e.Date.Format(time.DateOnly), e.Voucher(), oneLine(description), e.Kind, strings.ReplaceAll(e.Source, ",", "，"), e.Seq)
		if e.Reverses != 0 {
			fmt.Fprintf(b, ", reverses:%d", e.Reverses)
		}
		fmt.Fprintln(b)
		for _, l := range lines {
			fmt.Fprintf(b, "    %s  %s %s  ; fund:%s\n", accountName(l.AccountType, l.AccountCode, l.AccountNameZH), c.Currency, l.Amount, l.FundCode)
		}
		return b.Flush() // so that a reader who has gone ends the walk
	})
	if err != nil {
		return err
	}
	return b.Flush()
}

// accountName keeps two spaces, which end an account's name, and colons, which divide it, out of the name.
func accountName(t ledger.AccountType, code, name string) string {
	return roots[t] + ":" + code + " " + strings.ReplaceAll(oneLine(name), ":", "：")
}

// oneLine is a text that neither ends its line nor begins a comment.
func oneLine(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), ";", "；")
}
