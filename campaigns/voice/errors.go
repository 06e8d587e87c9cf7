package voice

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"fund/campaigns"
	"fund/ledger"
)

// What the voice of a campaign refuses.
var (
	ErrNotFound   = errors.New("voice: not found")
	ErrNotYours   = errors.New("voice: the proposal is with the staff, or decided")
	ErrIncomplete = errors.New("voice: the proposal lacks something")
	ErrState      = errors.New("voice: not in this state")
	ErrNoReason   = errors.New("voice: a reason is needed")
	ErrTooMany    = errors.New("voice: there are enough of these already")
	ErrThanked    = errors.New("voice: the campaign has its thanks already")
)

// wrap adds the verb that failed and turns what the database refused into a sentinel.
func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), explain(*err))
	}
}

func explain(err error) error {
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, campaigns.ErrNotFound) || errors.Is(err, ledger.ErrNotFound) {
		return errors.Join(ErrNotFound, err)
	}
	var dberr *pq.Error
	if errors.As(err, &dberr) && dberr.Code == "23505" && dberr.Constraint == "post_thanks_once" {
		return errors.Join(ErrThanked, err)
	}
	return ledger.Explain(err)
}

// moved turns "no row was in that state" into a sentinel.
func moved(result sql.Result, err, otherwise error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		return otherwise
	}
	return nil
}

// newToken is a key to a page: 130 random bits, as 26 letters.
func newToken() string { return strings.ToLower(rand.Text()) }

// Campaigner is who acts by a proposal's token: the resident, and later the campaigner. The staff act as "user:…".
const Campaigner = "campaigner"
