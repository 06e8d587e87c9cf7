package ledger

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger/money"
)

// JournalEntry is a posted 记账凭证 as a list of the book shows it.
type JournalEntry struct {
	Posted
	Date       time.Time    `db:"entry_date"`
	Kind       string       `db:"kind"`
	Source     string       `db:"source"`
	Memo       string       `db:"memo"`
	Detail     string       `db:"detail"`
	PostedBy   string       `db:"posted_by"`
	Reverses   int64        `db:"reverses"`    // Seq of the entry this one undoes, else 0
	ReversedBy int64        `db:"reversed_by"` // Seq of the entry that undoes this one, else 0
	Commitment []byte       `db:"commitment"`
	Count      int          `db:"posting_count"`
	Income     money.Amount `db:"income"`    // what it added to income
	Expense    money.Amount `db:"expense"`   // what it added to expense
	NetAfter   money.Amount `db:"net_after"` // net assets of the whole book after it
	// The first posting's fund, which a list shows beside the entry.
	FundID         int    `db:"fund_id"`
	FundNameZH     string `db:"fund_name_zh"`
	FundNameEN     string `db:"fund_name_en"`
	FundRestricted bool   `db:"fund_restricted"`
}

// FundName is the name of the first posting's fund in the reader's language.
func (e JournalEntry) FundName(lang string) string {
	return inLanguage(lang, e.FundNameZH, e.FundNameEN)
}

// Line is a posting as an opened entry shows it.
type Line struct {
	Seq            int64        `db:"seq"`  // of its entry
	Line           int          `db:"line"` // from 1
	AccountID      int          `db:"account_id"`
	AccountCode    string       `db:"account_code"`
	AccountNameZH  string       `db:"account_name_zh"`
	AccountNameEN  string       `db:"account_name_en"`
	AccountType    AccountType  `db:"account_type"`
	FundID         int          `db:"fund_id"`
	FundCode       string       `db:"fund_code"`
	FundNameZH     string       `db:"fund_name_zh"`
	FundNameEN     string       `db:"fund_name_en"`
	FundRestricted bool         `db:"fund_restricted"`
	Amount         money.Amount `db:"amount"` // signed: debit positive
}

// AccountName is the account's name in the reader's language.
func (l Line) AccountName(lang string) string {
	return inLanguage(lang, l.AccountNameZH, l.AccountNameEN)
}

// FundName is the fund's name in the reader's language.
func (l Line) FundName(lang string) string { return inLanguage(lang, l.FundNameZH, l.FundNameEN) }

// JournalFilter narrows a list of entries; zero fields do not narrow.
type JournalFilter struct {
	Year      int          // of the EntryDate
	Month     time.Time    // first day of an EntryDate's month
	From, To  time.Time    // EntryDates from and to these days
	Fund      int          // entries with a posting in this fund
	Accounts  []int        // entries with a posting to one of these accounts
	Direction string       // "in": income, "out": expense
	Kind      string       // what happened: donation, manual, reversal, …
	PostedBy  string       // who posted them: `user:12`, `system`
	Words     string       // in memo, detail or voucher number
	Amount    money.Amount // income, expense or a posting of exactly this size
	Before    int64        // only entries posted before this Seq: the page's key
	Seqs      []int64      // these entries; nil for all
	After     int64        // only entries posted after this Seq
}

// entriesOf selects entries with what a list shows of them. Each looks its
// first posting up (OFFSET 0 keeps the planner from making a join of that):
// joined, a page deep in the book reads all postings after it.
func entriesOf(rows string) string {
	return `
	SELECT e.seq, e.year, e.number, e.posted_at, e.entry_date, e.kind, e.source, e.memo, e.detail, e.posted_by,
	       coalesce(e.reverses_seq, 0) AS reverses, coalesce(r.seq, 0) AS reversed_by, e.commitment, e.posting_count,
	       e.income, e.expense, e.net_after,
	       f.id AS fund_id, f.name_zh AS fund_name_zh, f.name_en AS fund_name_en, f.restricted AS fund_restricted
	  FROM ` + rows + ` e
	  JOIN LATERAL (SELECT x.fund_id FROM ledger.posting x WHERE x.community_id = e.community_id AND x.seq = e.seq AND x.line = 1 OFFSET 0) p ON true
	  JOIN ledger.fund f ON f.community_id = e.community_id AND f.id = p.fund_id
	  LEFT JOIN ledger.journal_entry r ON r.community_id = e.community_id AND r.reverses_seq = e.seq`
}

var selectEntry = entriesOf(`ledger.journal_entry`) + ` WHERE e.community_id = $1`

// Journal reads a page of the book, the newest entry first. The last entry's
// Seq is the next page's Before.
func Journal(ctx context.Context, q sqlx.QueryerContext, community int, f JournalFilter, limit int) (entries []JournalEntry, err error) {
	defer wrap(&err, "ledger.Journal(%d)", community)
	first, last, err := f.bounds(ctx, q, community)
	if err != nil || first > last {
		return nil, err
	}
	where, args := f.where(community, first, last)
	page := fmt.Sprintf(`(SELECT * FROM ledger.journal_entry e WHERE %s ORDER BY e.seq DESC LIMIT %d)`, where, limit)
	err = sqlx.SelectContext(ctx, q, &entries, entriesOf(page)+` ORDER BY e.seq DESC`, args...)
	return entries, err
}

// bounds are the Seqs between which all entries stand that the filter lets through. A page is read backwards from the newest: an
// old one is not reached through all that came after it.
func (f JournalFilter) bounds(ctx context.Context, q sqlx.QueryerContext, community int) (first, last int64, err error) {
	first, last = f.After+1, math.MaxInt64
	if f.Before != 0 {
		last = f.Before - 1
	}
	within := func(query string, args ...any) {
		var stand struct{ First, Last int64 }
		if err == nil && first <= last {
			err = sqlx.GetContext(ctx, q, &stand, query, append([]any{community}, args...)...)
			first, last = max(first, stand.First), min(last, stand.Last)
		}
	}
	if f.Year != 0 {
		within(`
			SELECT coalesce(min(e.seq), 1) AS first, coalesce(max(e.seq), 0) AS last
			  FROM ledger.book_year y JOIN ledger.journal_entry e ON e.community_id = y.community_id AND e.year = y.year AND e.number IN (1, y.last_number)
			 WHERE y.community_id = $1 AND y.year = $2`, f.Year)
	}
	if from, to, ok := f.days(); ok { // OFFSET 0 keeps min and max on the index of dates
		within(`
			SELECT coalesce(min(seq), 1) AS first, coalesce(max(seq), 0) AS last
			  FROM (SELECT e.seq FROM ledger.journal_entry e WHERE e.community_id = $1 AND e.entry_date BETWEEN $2 AND $3 OFFSET 0) d`, from, to)
	}
	return first, last, err
}

// days are the first and the last day that the filter lets through; ok is false where it minds neither.
func (f JournalFilter) days() (first, last string, ok bool) {
	from, to := f.From, f.To
	if !f.Month.IsZero() {
		from, to = MonthOf(f.Month), MonthOf(f.Month).AddDate(0, 1, -1)
	}
	first, last = "-infinity", "infinity"
	if !from.IsZero() {
		first = from.Format(time.DateOnly)
	}
	if !to.IsZero() {
		last = to.Format(time.DateOnly)
	}
	return first, last, !from.IsZero() || !to.IsZero()
}

// postingOf asks whether an entry has a posting of some kind. It says the bounds once more: the planner hands them over to no other
// table, and then reads all postings that stand after the page.
const postingOf = `EXISTS (SELECT FROM ledger.posting x WHERE x.community_id = $1 AND x.seq = e.seq AND x.seq BETWEEN $2 AND $3 AND `

func (f JournalFilter) where(community int, first, last int64) (string, []any) {
	var b strings.Builder
	b.WriteString(`e.community_id = $1 AND e.seq BETWEEN $2 AND $3`)
	args := []any{community, first, last}
	and := func(condition string, values ...any) { // ? is the first value, ?? the second
		for n := len(values); n > 0; n-- {
			condition = strings.ReplaceAll(condition, strings.Repeat("?", n), fmt.Sprintf("$%d", len(args)+n))
		}
		args = append(args, values...)
		b.WriteString(" AND " + condition)
	}
	if f.Year != 0 {
		and(`e.year = ?`, f.Year)
	}
	if from, to, ok := f.days(); ok {
		and(`e.entry_date BETWEEN ? AND ??`, from, to)
	}
	if f.Fund != 0 {
		and(postingOf+`x.fund_id = ?)`, f.Fund)
	}
	if len(f.Accounts) > 0 {
		and(postingOf+`x.account_id = ANY (?))`, pq.Array(f.Accounts))
	}
	switch f.Direction {
	case "in":
		and(`e.income <> 0`)
	case "out":
		and(`e.expense <> 0`)
	}
	if f.Kind != "" {
		and(`e.kind = ?`, f.Kind)
	}
	if f.PostedBy != "" {
		and(`e.posted_by = ?`, f.PostedBy)
	}
	if f.Words != "" {
		and(`(e.memo ILIKE ? OR e.detail ILIKE ? OR e.year || '-' || e.number ILIKE ?)`, "%"+likeEscape.Replace(f.Words)+"%")
	}
	if !f.Amount.IsZero() {
		and(`(abs(e.income) = ? OR abs(e.expense) = ? OR e.seq IN (SELECT x.seq FROM ledger.posting x WHERE x.community_id = $1 AND x.seq BETWEEN $2 AND $3 AND x.amount IN (?, ??)))`, f.Amount, f.Amount.Neg())
	}
	if f.Seqs != nil {
		and(`e.seq = ANY (?)`, pq.Array(f.Seqs))
	}
	return b.String(), args
}

// SeqAt is the Seq of the last entry posted at an instant or before it, 0 where there is none. Entries are posted in the order of
// their Seq, so the query halves its way there, one look at the primary key a step: low was posted by then, what follows high was not.
func SeqAt(ctx context.Context, q sqlx.QueryerContext, community int, at time.Time) (seq int64, err error) {
	defer wrap(&err, "ledger.SeqAt(%d)", community)
	err = sqlx.GetContext(ctx, q, &seq, `
		WITH RECURSIVE step (low, high) AS (
		       SELECT 0::bigint, b.last_seq FROM ledger.book b WHERE b.community_id = $1
		        UNION ALL
		       SELECT CASE WHEN early THEN middle ELSE low END, CASE WHEN early THEN high ELSE middle - 1 END
		         FROM (SELECT s.low, s.high, e.seq AS middle, e.posted_at <= $2 AS early
		                 FROM step s JOIN ledger.journal_entry e ON e.community_id = $1 AND e.seq = s.low + (s.high - s.low + 1) / 2
		                WHERE s.low < s.high) looked)
		SELECT low FROM step WHERE low = high`, community, at)
	return seq, missing(err)
}

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// FindEntry reads one entry by its voucher number; ErrNotFound if there is none.
func FindEntry(ctx context.Context, q sqlx.QueryerContext, community, year, number int) (e JournalEntry, err error) {
	defer wrap(&err, "ledger.FindEntry(%d, %d-%d)", community, year, number)
	err = sqlx.GetContext(ctx, q, &e, selectEntry+` AND e.year = $2 AND e.number = $3`, community, year, number)
	return e, missing(err)
}

// EntryAt reads one entry by its Seq; ErrNotFound if there is none.
func EntryAt(ctx context.Context, q sqlx.QueryerContext, community int, seq int64) (e JournalEntry, err error) {
	defer wrap(&err, "ledger.EntryAt(%d, %d)", community, seq)
	err = sqlx.GetContext(ctx, q, &e, selectEntry+` AND e.seq = $2`, community, seq)
	return e, missing(err)
}

// EntryOf reads the entry of a source, such as `donation:…`; ErrNotFound if none.
func EntryOf(ctx context.Context, q sqlx.QueryerContext, community int, source string) (e JournalEntry, err error) {
	defer wrap(&err, "ledger.EntryOf(%d, %s)", community, source)
	err = sqlx.GetContext(ctx, q, &e, selectEntry+` AND e.source = $2`, community, source)
	return e, missing(err)
}

const selectLine = `
	SELECT p.seq, p.line, p.account_id, a.code AS account_code, a.name_zh AS account_name_zh, a.name_en AS account_name_en, a.type AS account_type,
	       p.fund_id, f.code AS fund_code, f.name_zh AS fund_name_zh, f.name_en AS fund_name_en, f.restricted AS fund_restricted, p.amount
	  FROM ledger.posting p
	  JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
	  JOIN ledger.fund f ON f.community_id = p.community_id AND f.id = p.fund_id
	 WHERE p.community_id = $1`

// KnownSources tells which sources are posted already.
func KnownSources(ctx context.Context, q sqlx.QueryerContext, community int, sources []string) (known map[string]bool, err error) {
	defer wrap(&err, "ledger.KnownSources(%d)", community)
	var found []string
	err = sqlx.SelectContext(ctx, q, &found, `SELECT source FROM ledger.journal_entry WHERE community_id = $1 AND source = ANY ($2)`,
		community, pq.StringArray(sources))
	known = make(map[string]bool, len(found))
	for _, source := range found {
		known[source] = true
	}
	return known, err
}

// Lines reads the postings of an entry in order.
func Lines(ctx context.Context, q sqlx.QueryerContext, community int, seq int64) (lines []Line, err error) {
	defer wrap(&err, "ledger.Lines(%d, %d)", community, seq)
	err = sqlx.SelectContext(ctx, q, &lines, selectLine+` AND p.seq = $2 ORDER BY p.line`, community, seq)
	return lines, err
}

// LinesOf reads the postings of several entries in order, by the entries' Seq.
func LinesOf(ctx context.Context, q sqlx.QueryerContext, community int, seqs ...int64) (of map[int64][]Line, err error) {
	defer wrap(&err, "ledger.LinesOf(%d)", community)
	var lines []Line
	err = sqlx.SelectContext(ctx, q, &lines, selectLine+` AND p.seq = ANY ($2) ORDER BY p.seq, p.line`, community, pq.Array(seqs))
	of = make(map[int64][]Line, len(seqs))
	for _, l := range lines {
		of[l.Seq] = append(of[l.Seq], l)
	}
	return of, err
}

// Moves reads what entries moved in some accounts, by Seq: debit positive. In
// every fund, or in one.
func Moves(ctx context.Context, q sqlx.QueryerContext, community int, entries []JournalEntry, accounts []int, fund int) (moves map[int64]money.Amount, err error) {
	defer wrap(&err, "ledger.Moves(%d)", community)
	seqs := make([]int64, len(entries))
	for i, e := range entries {
		seqs[i] = e.Seq
	}
	var rows []struct {
		Seq   int64        `db:"seq"`
		Moved money.Amount `db:"moved"`
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT seq, sum(amount) AS moved FROM ledger.posting
		 WHERE community_id = $1 AND seq = ANY ($2) AND account_id = ANY ($3) AND $4 IN (0, fund_id) GROUP BY seq`,
		community, pq.Array(seqs), pq.Array(accounts), fund)
	moves = make(map[int64]money.Amount, len(rows))
	for _, r := range rows {
		moves[r.Seq] = r.Moved
	}
	return moves, err
}
