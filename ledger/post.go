package ledger

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger/money"
)

// Posting is a 分录: one signed amount to one account in one fund. A debit is
// positive, a credit negative; use Debit and Credit.
type Posting struct {
	Account int // Account.ID
	Fund    int // Fund.ID
	Amount  money.Amount
}

// Debit puts a positive amount on the debit side (借).
func Debit(account, fund int, a money.Amount) Posting { return Posting{account, fund, a} }

// Credit puts a positive amount on the credit side (贷).
func Credit(account, fund int, a money.Amount) Posting { return Posting{account, fund, a.Neg()} }

// Entry is a 记账凭证 about to be posted.
type Entry struct {
	Date     time.Time // EntryDate: see Day
	Kind     string    // what happened: donation, refund, manual, reversal, …
	Source   string    // idempotency key within the community: `donation:0199…`
	Memo     string    // what a reader sees, 1 to 200 characters; never a donor's name
	Detail   string    // a second, softer part: `微信 · 匿名`
	PostedBy string    // who: `user:12`, `system`
	// Reverses is the Seq of the entry that this one undoes, else 0.
	Reverses int64
	// Commitment is the donor's salted hash (32 bytes), else nil.
	Commitment []byte
	Postings   []Posting
}

// Posted says where an entry came to stand.
type Posted struct {
	Seq      int64     `db:"seq"` // position in the order of posting, from 1
	Year     int       `db:"year"`
	Number   int       `db:"number"` // gapless within community and year
	PostedAt time.Time `db:"posted_at"`
}

// Voucher is the entry's number as people write it: `2017-2186`.
func (p Posted) Voucher() string { return fmt.Sprintf("%d-%d", p.Year, p.Number) }

var serialForm = regexp.MustCompile(`^\d{4}-\d{1,9}$`)

// ParseSerial reads what is numbered within its year: a voucher `2017-2186`, a motion `2026-012`. Both fit the database.
func ParseSerial(s string) (year, number int, ok bool) {
	if !serialForm.MatchString(s) {
		return 0, 0, false
	}
	head, tail, _ := strings.Cut(s, "-")
	year, _ = strconv.Atoi(head) // the form says that both are numbers
	number, _ = strconv.Atoi(tail)
	return year, number, true
}

// Validate finds what the caller can mend without asking the database:
// ErrFewPostings, ErrUnbalanced, a missing memo or source.
func (e Entry) Validate() error {
	if len(e.Postings) < 2 {
		return ErrFewPostings
	}
	rest := map[int]money.Amount{}
	for _, p := range e.Postings {
		if p.Amount.IsZero() {
			return fmt.Errorf("%w: a posting of 0.00", ErrUnbalanced)
		}
		rest[p.Fund] = rest[p.Fund].Add(p.Amount)
	}
	for fund, r := range rest {
		if !r.IsZero() {
			return fmt.Errorf("%w: fund %d is off by %v", ErrUnbalanced, fund, r)
		}
	}
	if strings.TrimSpace(e.Memo) == "" || e.Source == "" {
		return fmt.Errorf("ledger: an entry needs a memo and a source")
	}
	return nil
}

// Post writes entries into the community's books in the order given, all or
// none, inside the caller's transaction. It locks the book until that
// transaction ends, which is what makes the numbers gapless and in commit
// order: do it last. The errors are this package's sentinels.
func Post(ctx context.Context, tx *sqlx.Tx, community int, entries ...Entry) (posted []Posted, err error) {
	defer wrap(&err, "ledger.Post(%d)", community)
	if len(entries) == 0 {
		return nil, nil
	}
	given, err := Columns(community, entries...)
	if err != nil {
		return nil, err
	}
	err = tx.SelectContext(ctx, &posted, `
		SELECT seq, year, number, posted_at FROM ledger.post_entries($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		given...)
	return posted, err
}

// Columns validates entries and turns them on their side: the 13 arguments of
// ledger.post_entries, for SQL functions that book a batch and end in it.
func Columns(community int, entries ...Entry) ([]any, error) {
	var given columns
	for i, e := range entries {
		if err := e.Validate(); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Source, err)
		}
		given.add(i+1, e)
	}
	return given.args(community), nil
}

// columns is a batch of entries turned on its side: one array a column.
type columns struct {
	dates, kinds, sources, memos, details, posters pq.StringArray
	reverses                                       []*int64
	commitments                                    pq.ByteaArray
	entryOf, accounts, funds                       pq.Int32Array
	amounts                                        pq.StringArray
}

func (c *columns) add(ord int, e Entry) {
	c.dates = append(c.dates, e.Date.Format(time.DateOnly))
	c.kinds = append(c.kinds, e.Kind)
	c.sources = append(c.sources, e.Source)
	c.memos = append(c.memos, e.Memo)
	c.details = append(c.details, e.Detail)
	c.posters = append(c.posters, e.PostedBy)
	var reverses *int64
	if e.Reverses != 0 {
		reverses = &e.Reverses
	}
	c.reverses = append(c.reverses, reverses)
	c.commitments = append(c.commitments, e.Commitment)
	for _, p := range e.Postings {
		c.entryOf = append(c.entryOf, int32(ord))
		c.accounts = append(c.accounts, int32(p.Account))
		c.funds = append(c.funds, int32(p.Fund))
		c.amounts = append(c.amounts, p.Amount.String())
	}
}

func (c *columns) args(community int) []any {
	return []any{
		community, c.dates, c.kinds, c.sources, c.memos, c.details, c.posters,
		pq.Array(c.reverses), c.commitments, c.entryOf, c.accounts, c.funds, c.amounts,
	}
}
