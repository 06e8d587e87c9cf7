package campaigns

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// Finding is something in the records that does not agree.
type Finding struct{ zh, en string }

// Text says what, in the reader's language.
func (f Finding) Text(lang string) string { return inLanguage(lang, f.zh, f.en) }

// Check is a stub.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (findings []Finding, err error) {
	return nil, nil
}
