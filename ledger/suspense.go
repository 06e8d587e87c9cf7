package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Unidentified is money that came (or, negative, went) and stands in suspense
// until somebody knows what it is.
type Unidentified struct {
	Posted
	Date    time.Time    `db:"entry_date"`
	Memo    string       `db:"memo"`
	Detail  string       `db:"detail"`
	FundID  int          `db:"fund_id"`
	Through int          `db:"through"` // the account it came into, 0 if there were several
	Amount  money.Amount `db:"amount"`
}

const identified = `identified:`

// ListSuspense reads what nobody has identified yet, the oldest first. Payments
// put aside by campaigns have a page of their own and are left out.
func ListSuspense(ctx context.Context, q sqlx.QueryerContext, community int) (all []Unidentified, err error) {
	defer wrap(&err, "ledger.ListSuspense(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT e.seq, e.year, e.number, e.posted_at, e.entry_date, e.memo, e.detail, p.fund_id, -sum(p.amount) AS amount,
		       (SELECT CASE WHEN count(DISTINCT o.account_id) = 1 THEN min(o.account_id) ELSE 0 END FROM ledger.posting o
		         WHERE o.community_id = e.community_id AND o.seq = e.seq AND o.account_id <> a.id) AS through
		  FROM ledger.account a
		  JOIN ledger.posting p ON p.community_id = a.community_id AND p.account_id = a.id
		  JOIN ledger.journal_entry e ON e.community_id = p.community_id AND e.seq = p.seq
		 WHERE a.community_id = $1 AND a.purpose = 'suspense' AND e.reverses_seq IS NULL AND e.kind NOT IN ('suspense', 'identified')
		   AND NOT EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = e.community_id AND r.reverses_seq = e.seq)
		   AND NOT EXISTS (SELECT FROM ledger.journal_entry i
		         WHERE i.community_id = e.community_id AND i.source IN (SELECT '`+identified+`' || e.seq || CASE n WHEN 1 THEN '' ELSE '/' || n END FROM generate_series(1, 9) n)
		           AND NOT EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = i.community_id AND r.reverses_seq = i.seq))
		 GROUP BY e.seq, e.year, e.number, e.posted_at, e.entry_date, e.memo, e.detail, e.community_id, p.fund_id, a.id
		HAVING sum(p.amount) <> 0 ORDER BY e.entry_date, e.seq`, community)
	return all, err
}

// Identify moves money out of suspense to the account and the fund that it is
// for. In another fund, the money itself moves with it. ErrNotFound if nothing
// of that entry waits; ErrDuplicateSource if somebody was faster.
func Identify(ctx context.Context, tx *sqlx.Tx, c Community, seq int64, account, fund int, memo, who string, at time.Time) (_ Posted, err error) {
	defer wrap(&err, "ledger.Identify(%d, %d)", c.ID, seq)
	waiting, err := ListSuspense(ctx, tx, c.ID)
	if err != nil {
		return Posted{}, err
	}
	book, err := OpenBook(ctx, tx, c.ID)
	if err != nil {
		return Posted{}, err
	}
	suspense, err := book.Account(Suspense)
	if err != nil {
		return Posted{}, err
	}
	for _, u := range waiting {
		if u.Seq != seq {
			continue
		}
		entry := Entry{
			Date: book.EntryDate(at, at), Kind: "identified", Source: fmt.Sprint(identified, seq), Memo: memo, Detail: "原凭证 " + u.Voucher(), PostedBy: who,
			Postings: []Posting{{suspense, u.FundID, u.Amount}, {account, fund, u.Amount.Neg()}},
		}
		if entry.Source, err = untaken(ctx, tx, c.ID, entry.Source); err != nil {
			return Posted{}, err
		}
		if fund != u.FundID {
			if u.Through == 0 {
				return Posted{}, ErrUnbalanced
			}
			entry.Postings = append(entry.Postings, Posting{u.Through, u.FundID, u.Amount.Neg()}, Posting{u.Through, fund, u.Amount})
		}
		posted, err := Post(ctx, tx, c.ID, entry)
		if err != nil {
			return Posted{}, err
		}
		return posted[0], nil
	}
	return Posted{}, ErrNotFound
}

// triesMax is how often unknown money may be identified, and that be taken back.
const triesMax = 9

// untaken is the source of the next try: the first of all, or one of those after what was taken back.
func untaken(ctx context.Context, tx *sqlx.Tx, community int, first string) (string, error) {
	tries := []string{first}
	for n := 2; n <= triesMax; n++ {
		tries = append(tries, fmt.Sprint(first, "/", n))
	}
	known, err := KnownSources(ctx, tx, community, tries)
	if err != nil {
		return "", err
	}
	for _, source := range tries {
		if !known[source] {
			return source, nil
		}
	}
	return "", ErrDuplicateSource
}
