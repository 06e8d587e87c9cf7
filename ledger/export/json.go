package export

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Book is the first line of JSONLines: what the entries below it name.
type Book struct {
	Format    string    `json:"format"` // fund-journal-1
	Community string    `json:"community"`
	NameZH    string    `json:"name_zh"`
	NameEN    string    `json:"name_en"`
	Currency  string    `json:"currency"`
	Standard  string    `json:"standard"`
	Timezone  string    `json:"timezone"`
	Accounts  []Account `json:"accounts"`
	Funds     []Fund    `json:"funds"`
}

// Account is an account of a Book.
type Account struct {
	Code    string `json:"code"`
	NameZH  string `json:"name_zh"`
	NameEN  string `json:"name_en"`
	Type    string `json:"type"`
	Purpose string `json:"purpose,omitempty"`
	Closed  bool   `json:"closed,omitempty"`
}

// Fund is a fund of a Book.
type Fund struct {
	Code       string `json:"code"`
	NameZH     string `json:"name_zh"`
	NameEN     string `json:"name_en"`
	Kind       string `json:"kind"`
	Restricted bool   `json:"restricted"`
	Closed     bool   `json:"closed,omitempty"`
}

// Entry is every other line: an entry with all that its leaf in the Merkle log is made of.
type Entry struct {
	Seq        int64     `json:"seq"`
	Voucher    string    `json:"voucher"`
	Date       string    `json:"date"`
	PostedAt   time.Time `json:"posted_at"`
	Kind       string    `json:"kind"`
	Source     string    `json:"source"`
	Memo       string    `json:"memo"`
	Detail     string    `json:"detail"`
	PostedBy   string    `json:"posted_by"`
	Reverses   int64     `json:"reverses,omitempty"`
	Commitment string    `json:"commitment,omitempty"` // hex
	Postings   []Posting `json:"postings"`
}

// Posting is a posting of an Entry; a debit is positive.
type Posting struct {
	Account string       `json:"account"`
	Fund    string       `json:"fund"`
	Amount  money.Amount `json:"amount"`
}

// JSONLines writes the whole book, one JSON object a line: a Book, then every Entry in the order of posting. It is complete:
// the books, and the leaves of the log, can be made from it again.
func JSONLines(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community) error {
	book, err := bookOf(ctx, q, c)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 64<<10)
	lines := json.NewEncoder(b)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(book); err != nil {
		return err
	}
	var postings []Posting
	err = ledger.Walk(ctx, q, c.ID, func(e ledger.JournalEntry, of []ledger.Line) error {
		postings = postings[:0]
		for _, l := range of {
			postings = append(postings, Posting{l.AccountCode, l.FundCode, l.Amount})
		}
		return lines.Encode(Entry{
			Seq: e.Seq, Voucher: e.Voucher(), Date: e.Date.Format(time.DateOnly), PostedAt: e.PostedAt.UTC(), Kind: e.Kind, Source: e.Source,
			Memo: e.Memo, Detail: e.Detail, PostedBy: e.PostedBy, Reverses: e.Reverses, Commitment: hex.EncodeToString(e.Commitment), Postings: postings,
		})
	})
	if err != nil {
		return err
	}
	return b.Flush()
}

func bookOf(ctx context.Context, q sqlx.QueryerContext, c ledger.Community) (Book, error) {
	book := Book{Format: "fund-journal-1", Community: c.Slug, NameZH: c.NameZH, NameEN: c.NameEN, Currency: c.Currency, Standard: c.Standard, Timezone: c.Timezone}
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	if err != nil {
		return book, err
	}
	for _, a := range accounts {
		book.Accounts = append(book.Accounts, Account{a.Code, a.NameZH, a.NameEN, string(a.Type), string(a.Purpose), a.ClosedAt != nil})
	}
	funds, err := ledger.ListFunds(ctx, q, c.ID)
	for _, f := range funds {
		book.Funds = append(book.Funds, Fund{f.Code, f.NameZH, f.NameEN, string(f.Kind), f.Restricted, f.ClosedAt != nil})
	}
	return book, err
}
