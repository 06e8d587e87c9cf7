package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// What opening balances refuse.
var (
	ErrOpened     = errors.New("ledger: the books are opened already; reverse that entry first")
	ErrNotOpening = errors.New("ledger: opening balances are of assets, liabilities and net assets alone")
	ErrTooLate    = errors.New("ledger: opening balances are dated before every other entry")
)

// Opening brings in what older books ended with, in every fund, as one entry.
type Opening struct {
	On       time.Time // the day before the first period
	Note     string    // where the figures come from, may be empty
	By       string
	Postings []Posting
}

// NetOpening is the postings with what is missing in each fund put to its net
// assets: what balances them.
func NetOpening(chart Accounts, funds []Fund, postings []Posting) []Posting {
	for _, f := range funds {
		var rest money.Amount
		for _, p := range postings {
			if p.Fund == f.ID {
				rest = rest.Add(p.Amount)
			}
		}
		if net, ok := chart.By(f.NetAssetsPurpose()); ok && !rest.IsZero() {
			postings = append(postings, Posting{net.ID, f.ID, rest.Neg()})
		}
	}
	return postings
}

// OpenBooks posts opening balances, as an entry of the kind opening. ErrOpened
// where such an entry stands, ErrNotOpening for an account of income or
// expense, ErrTooLate where another entry is not younger; ErrUnbalanced.
func OpenBooks(ctx context.Context, tx *sqlx.Tx, community int, o Opening) (_ Posted, err error) {
	defer wrap(&err, "ledger.OpenBooks(%d)", community)
	chart, err := ListAccounts(ctx, tx, community)
	if err != nil {
		return Posted{}, err
	}
	for _, p := range o.Postings {
		if a, _ := chart.ID(p.Account); a.Type == Income || a.Type == Expense {
			return Posted{}, fmt.Errorf("%w: %s", ErrNotOpening, a.Code)
		}
	}
	var before struct {
		Tries int        `db:"tries"`
		First *time.Time `db:"first"`
	}
	err = tx.GetContext(ctx, &before, `
		SELECT (SELECT count(*) FROM ledger.journal_entry e WHERE e.community_id = $1 AND e.kind = 'opening') AS tries,
		       (SELECT min(e.entry_date) FROM ledger.journal_entry e WHERE e.community_id = $1 AND e.kind <> 'opening' AND NOT EXISTS (
		          SELECT FROM ledger.journal_entry o WHERE o.community_id = $1 AND o.seq = e.reverses_seq AND o.kind = 'opening')) AS first`, community)
	if err != nil {
		return Posted{}, err
	}
	if before.First != nil && !o.On.Before(*before.First) {
		return Posted{}, ErrTooLate
	}
	stands, err := StandingOpening(ctx, tx, community)
	if err != nil {
		return Posted{}, err
	}
	if stands != nil {
		return Posted{}, ErrOpened
	}
	// The source says how many there were: of two at once the second is refused by it.
	posted, err := Post(ctx, tx, community, Entry{
		Date: o.On, Kind: "opening", Source: fmt.Sprintf("opening:%d", before.Tries+1), Memo: "期初余额", Detail: o.Note, PostedBy: o.By, Postings: o.Postings,
	})
	if errors.Is(Explain(err), ErrDuplicateSource) {
		return Posted{}, errors.Join(ErrOpened, err)
	}
	if err != nil {
		return Posted{}, err
	}
	return posted[0], nil
}

// StandingOpening finds the entry by which the books were opened; nil while
// there is none, or it is reversed.
func StandingOpening(ctx context.Context, q sqlx.QueryerContext, community int) (e *JournalEntry, err error) {
	defer wrap(&err, "ledger.StandingOpening(%d)", community)
	var found JournalEntry
	err = sqlx.GetContext(ctx, q, &found, selectEntry+` AND e.kind = 'opening' AND r.seq IS NULL ORDER BY e.seq LIMIT 1`, community)
	if errors.Is(missing(err), ErrNotFound) {
		return nil, nil
	}
	return &found, err
}

// FirstEntryDate is the earliest day of the books; nil while they are empty.
func FirstEntryDate(ctx context.Context, q sqlx.QueryerContext, community int) (first *time.Time, err error) {
	defer wrap(&err, "ledger.FirstEntryDate(%d)", community)
	err = sqlx.GetContext(ctx, q, &first, `SELECT min(entry_date) FROM ledger.journal_entry WHERE community_id = $1`, community)
	return first, err
}
