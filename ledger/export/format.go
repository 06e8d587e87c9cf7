package export

import (
	"context"
	"io"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Format is a way in which the whole book is handed on.
type Format struct {
	Name   string // hledger
	Ending string // of its files: journal
	Media  string // its MIME type
	Write  func(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community, lang string) error
}

// Formats are all of them. The language is that of headings and names, where the format has any.
var Formats = []Format{
	{"hledger", "journal", "text/plain; charset=utf-8", inAnyLanguage(HLedger)},
	{"beancount", "beancount", "text/plain; charset=utf-8", inAnyLanguage(Beancount)},
	{"csv", "csv", "text/csv; charset=utf-8", Postings},
	{"xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", XLSX},
	{"json", "jsonl", "application/jsonl", inAnyLanguage(JSONLines)},
}

func inAnyLanguage(write func(context.Context, io.Writer, sqlx.QueryerContext, ledger.Community) error) func(context.Context, io.Writer, sqlx.QueryerContext, ledger.Community, string) error {
	return func(ctx context.Context, w io.Writer, q sqlx.QueryerContext, c ledger.Community, _ string) error {
		return write(ctx, w, q, c)
	}
}

// FormatNamed finds a format; false for a name that none has.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}
