package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// yearEnd is the kind of the entries that close a year, and of those that take
// them back. The database lets no other entry have it.
const yearEnd = "year_end"

// CloseYear moves what a year earned and spent to net assets: an entry for each
// fund, dated 31 December, to 限定性 or 非限定性净资产 by the fund's restriction.
// The year's own figures stay as they are in every report; the next year opens
// without income and expense. Months without entries are closed with it; the
// others have been (ErrPeriodOpen). Once is enough: a year that is closed, or
// has nothing to move, gets no entries. What it moved is taken back only when a
// month of the year is opened again.
func CloseYear(ctx context.Context, tx *sqlx.Tx, c Community, year int, who string) (posted []Posted, err error) {
	defer wrap(&err, "ledger.CloseYear(%d, %d)", c.ID, year)
	if err = closeEmptyMonths(ctx, tx, c.ID, year, who); err != nil {
		return nil, err
	}
	accounts, err := ListAccounts(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	var rows []yearTurnover
	err = tx.SelectContext(ctx, &rows, `
		SELECT b.fund_id, f.code AS fund_code, f.restricted, b.account_id, sum(b.debit - b.credit) AS moved,
		       (SELECT count(*) FROM ledger.reopening r WHERE r.community_id = $1 AND r.agreed_at IS NOT NULL AND extract(year FROM r.month)::int = $2::int) AS reopened
		  FROM ledger.balance b
		  JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id AND a.type IN ('income', 'expense')
		  JOIN ledger.fund f ON f.community_id = b.community_id AND f.id = b.fund_id
		 WHERE b.community_id = $1 AND b.month BETWEEN make_date($2::int, 1, 1) AND make_date($2::int, 12, 1)
		 GROUP BY b.fund_id, f.code, f.restricted, b.account_id, a.code HAVING sum(b.debit - b.credit) <> 0
		 ORDER BY b.fund_id, a.code`, c.ID, year)
	if err != nil {
		return nil, err
	}
	entries, err := yearEndEntries(accounts, year, who, rows)
	if err != nil {
		return nil, err
	}
	return Post(ctx, tx, c.ID, entries...)
}

// yearTurnover is what one account of income or expense has of a year in one fund, year-end entries counted.
type yearTurnover struct {
	Fund       int          `db:"fund_id"`
	FundCode   string       `db:"fund_code"`
	Restricted bool         `db:"restricted"`
	Account    int          `db:"account_id"`
	Moved      money.Amount `db:"moved"`
	Reopened   int          `db:"reopened"` // how often months of the year were opened again
}

// yearEndEntries lays out an entry for each fund; rows come fund by fund.
func yearEndEntries(accounts Accounts, year int, who string, rows []yearTurnover) (entries []Entry, err error) {
	surplus := money.Zero
	for i, r := range rows {
		if i == 0 || rows[i-1].Fund != r.Fund {
			source := fmt.Sprintf("year_end:%d/%s", year, r.FundCode)
			if r.Reopened > 0 {
				source += fmt.Sprintf("/%d", r.Reopened+1)
			}
			entries = append(entries, Entry{
				Date: Day(year, time.December, 31), Kind: yearEnd, Source: source, PostedBy: who,
				Memo: fmt.Sprintf("%d 年末结转：收入和费用转入净资产", year),
			})
			surplus = money.Zero
		}
		e := &entries[len(entries)-1]
		e.Postings = append(e.Postings, Posting{r.Account, r.Fund, r.Moved.Neg()})
		surplus = surplus.Add(r.Moved)
		if i == len(rows)-1 || rows[i+1].Fund != r.Fund {
			net, ok := accounts.By(netAssetsOf(r.Restricted))
			if !ok {
				return nil, fmt.Errorf("%w: %s", ErrUnknownAccount, netAssetsOf(r.Restricted))
			}
			if !surplus.IsZero() {
				e.Postings = append(e.Postings, Posting{net.ID, r.Fund, surplus})
			}
		}
	}
	return entries, nil
}

func netAssetsOf(restricted bool) Purpose {
	if restricted {
		return RestrictedNetAssets
	}
	return UnrestrictedNetAssets
}

// closeEmptyMonths closes the months of a year that have no entries; ErrPeriodOpen
// if one that has some is open.
func closeEmptyMonths(ctx context.Context, tx *sqlx.Tx, community, year int, who string) error {
	periods, err := ListPeriods(ctx, tx, community)
	if err != nil {
		return err
	}
	known := map[string]Period{}
	for _, p := range periods {
		known[monthText(p.Month)] = p
	}
	for month := Day(year, time.January, 1); month.Year() == year; month = month.AddDate(0, 1, 0) {
		switch p := known[monthText(month)]; {
		case p.ClosedAt != nil:
		case p.Entries > 0:
			return fmt.Errorf("%w: %s", ErrPeriodOpen, monthText(month))
		default:
			if err := ClosePeriod(ctx, tx, community, month, who); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeBackYear reverses the entries that closed a year, if it is closed.
func takeBackYear(ctx context.Context, tx *sqlx.Tx, community, year int, who string) error {
	var seqs []int64
	err := tx.SelectContext(ctx, &seqs, `
		SELECT e.seq FROM (SELECT $2::int AS year) y JOIN LATERAL (`+closingOf+`) e ON true ORDER BY e.seq`, community, year)
	if err != nil {
		return err
	}
	var entries []Entry
	for _, seq := range seqs {
		e, err := reversalOf(ctx, tx, community, seq, "重开月份，撤回年末结转", who)
		if err != nil {
			return err
		}
		e.Date, e.Kind = Day(year, time.December, 31), yearEnd
		entries = append(entries, e)
	}
	_, err = Post(ctx, tx, community, entries...)
	return err
}
