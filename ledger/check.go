package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger/money"
	"fund/ledger/transparency"
)

// Check recomputes a community's books from the postings: every entry, every
// number, every rollup, every leaf of the log, the tree and its signed
// checkpoints. It says what is wrong and where; sound books have no findings.
// One change of one entry is one finding, with what follows from it. Without a
// verifier the signatures are not checked. Give it a transaction of isolation
// level REPEATABLE READ when the books are in use. It reads pages of entries,
// so its memory does not grow with the books.
func Check(ctx context.Context, q sqlx.QueryerContext, c Community, by note.Verifier) (found []Finding, err error) {
	defer wrap(&err, "ledger.Check(%d)", c.ID)
	k := check{
		q: q, community: c,
		found:  findings{bySeq: map[int64]*Finding{}, touching: map[rollupKey]int64{}},
		number: map[int]int{}, count: map[int]int{}, months: map[string]int{}, vouchers: map[int64]string{},
	}
	for _, step := range []func(context.Context) error{k.prepare, k.entries, k.ends, k.rollups} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	flaws, err := transparency.Audit(ctx, q, c.ID, by)
	if err != nil {
		return nil, err
	}
	for _, f := range flaws {
		if err := k.flaw(ctx, f); err != nil {
			return nil, err
		}
	}
	return k.found.sorted(), nil
}

// check is what Check carries along the books.
type check struct {
	q         sqlx.QueryerContext
	community Community
	accounts  map[int]Account
	funds     map[int]Fund
	closed    map[string]time.Time // month → when it was closed
	book      Standing

	seq      int64 // the last one seen
	net      money.Amount
	summed   money.Amount     // of all postings
	number   map[int]int      // year → the last one seen
	count    map[int]int      // year → entries
	months   map[string]int   // month → entries
	vouchers map[int64]string // of the entries that are found missing
	missing  []gap
	passed   []numberGap
	changed  []changed
	found    findings
}

// gap is a run of entries that are not there and not named yet.
type gap struct{ first, last int64 }

// numberGap is a run of voucher numbers that were passed over.
type numberGap struct {
	year, numbers int
	voucher       string
}

func (k *check) prepare(ctx context.Context) error {
	accounts, err := ListAccounts(ctx, k.q, k.community.ID)
	if err != nil {
		return err
	}
	funds, err := ListFunds(ctx, k.q, k.community.ID)
	if err != nil {
		return err
	}
	periods, err := ListPeriods(ctx, k.q, k.community.ID)
	if err != nil {
		return err
	}
	k.accounts, k.funds, k.closed = map[int]Account{}, map[int]Fund{}, map[string]time.Time{}
	for _, a := range accounts {
		k.accounts[a.ID] = a
	}
	for _, f := range funds {
		k.funds[f.ID] = f
	}
	for _, p := range periods {
		if p.ClosedAt != nil {
			k.closed[monthText(p.Month)] = *p.ClosedAt
		}
	}
	k.book, err = Stand(ctx, k.q, k.community.ID)
	return err
}

func monthText(day time.Time) string { return day.Format("2006-01") }

// checkedLine is a posting with what it says about its entry.
type checkedLine struct {
	Seq   int64     `db:"seq"`
	Count int       `db:"posting_count"`
	Date  time.Time `db:"entry_date"`
	Line
}

const checkAtOnce = 4096

// entries walks along the journal, its postings and its leaves, a page at a time.
func (k *check) entries(ctx context.Context) error {
	for more := true; more; {
		var entries []JournalEntry
		err := sqlx.SelectContext(ctx, k.q, &entries, `
			SELECT seq, year, number, posted_at, entry_date, kind, source, memo, detail, posted_by, coalesce(reverses_seq, 0) AS reverses,
			       commitment, posting_count, income, expense, net_after
			  FROM ledger.journal_entry WHERE community_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, k.community.ID, k.seq, checkAtOnce)
		if err != nil {
			return err
		}
		more = len(entries) == checkAtOnce
		if len(entries) == 0 {
			return nil
		}
		first, last := entries[0].Seq, entries[len(entries)-1].Seq
		lines, err := k.lines(ctx, first, last)
		if err != nil {
			return err
		}
		leaves, err := k.leaves(ctx, first, last)
		if err != nil {
			return err
		}
		for _, e := range entries {
			k.entry(e, lines[e.Seq], leaves[e.Seq])
		}
	}
	return nil
}

func (k *check) lines(ctx context.Context, first, last int64) (map[int64][]checkedLine, error) {
	var lines []checkedLine
	err := sqlx.SelectContext(ctx, k.q, &lines, `
		SELECT seq, line, posting_count, entry_date, account_id, fund_id, amount
		  FROM ledger.posting WHERE community_id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq, line`, k.community.ID, first, last)
	bySeq := make(map[int64][]checkedLine, checkAtOnce)
	for _, l := range lines {
		account, fund := k.accounts[l.AccountID], k.funds[l.FundID]
		l.AccountCode, l.AccountType, l.FundCode = account.Code, account.Type, fund.Code
		bySeq[l.Seq] = append(bySeq[l.Seq], l)
	}
	return bySeq, err
}

func (k *check) leaves(ctx context.Context, first, last int64) (map[int64][]byte, error) {
	var leaves []struct {
		Seq  int64  `db:"seq"`
		Hash []byte `db:"hash"`
	}
	err := sqlx.SelectContext(ctx, k.q, &leaves, `
		SELECT leaf_index + 1 AS seq, hash FROM transparency.leaf
		 WHERE community_id = $1 AND leaf_index BETWEEN $2 - 1 AND $3 - 1`, k.community.ID, first, last)
	bySeq := make(map[int64][]byte, len(leaves))
	for _, l := range leaves {
		bySeq[l.Seq] = l.Hash
	}
	return bySeq, err
}

// ends looks behind the last entry: what the book, the log or stray postings
// say was there, and the numbers of the last entries of each year.
func (k *check) ends(ctx context.Context) error {
	var last int64
	err := sqlx.GetContext(ctx, k.q, &last, `
		SELECT greatest((SELECT max(leaf_index) + 1 FROM transparency.leaf WHERE community_id = $1),
		                (SELECT max(seq) FROM ledger.posting WHERE community_id = $1), $2)`, k.community.ID, k.book.LastSeq)
	if err != nil {
		return err
	}
	if last > k.seq {
		k.missing = append(k.missing, gap{k.seq + 1, last})
	}
	var years []struct {
		Year   int `db:"year"`
		Number int `db:"last_number"`
	}
	err = sqlx.SelectContext(ctx, k.q, &years, `
		SELECT year, last_number FROM ledger.book_year WHERE community_id = $1 ORDER BY year`, k.community.ID)
	if err != nil {
		return err
	}
	counted := map[int]int{}
	for _, y := range years {
		counted[y.Year] = y.Number
		k.numberJump(y.Year, y.Number+1)
	}
	for year, number := range k.number {
		if counted[year] < number {
			k.found.rollup(rollupKey{}, BookTotals, fmt.Sprintf("%d 年的最后凭证号存的是 %d，按凭证是 %d", year, counted[year], number),
				fmt.Sprintf("last number of %d: %d stored, %d by the entries", year, counted[year], number))
		}
	}
	for _, g := range k.passed {
		if k.count[g.year]+g.numbers <= k.number[g.year] { // else they come in another order
			k.found.general = append(k.found.general, &Finding{Voucher: g.voucher, clauses: []clause{{NumberGap, "凭证号不连续，缺少这些号码", "these numbers are missing"}}})
		}
	}
	for _, g := range k.missing {
		k.gone(g, "")
	}
	k.explain()
	if k.book.LastSeq != last {
		k.found.rollup(rollupKey{}, BookTotals, fmt.Sprintf("账簿记的是 %d 笔，实有 %d 笔", k.book.LastSeq, last),
			fmt.Sprintf("the book counts %d entries and has %d", k.book.LastSeq, last))
	}
	if !k.book.NetAssets.Equal(k.summed) {
		zh, en := differs(k.book.NetAssets, k.summed)
		k.found.rollup(rollupKey{}, BookTotals, "净资产"+zh, "net assets: "+en)
	}
	return nil
}

// flaw adds what the audit of the log found, with the vouchers it concerns.
func (k *check) flaw(ctx context.Context, f transparency.Flaw) error {
	names := map[int64]string{}
	if f.Tree == transparency.Papers {
		k.found.flaw(f, nil)
		return nil
	}
	for _, seq := range []int64{f.First + 1, f.Last + 1} {
		if name, ok := k.vouchers[seq]; ok {
			names[seq] = name
			continue
		}
		var p []Posted
		err := sqlx.SelectContext(ctx, k.q, &p, `
			SELECT seq, year, number, posted_at FROM ledger.journal_entry WHERE community_id = $1 AND seq = $2`, k.community.ID, seq)
		if err != nil {
			return err
		}
		names[seq] = fmt.Sprintf("#%d", seq)
		if len(p) == 1 {
			names[seq] = p[0].Voucher()
		}
	}
	k.found.flaw(f, func(seq int64) string { return names[seq] })
	return nil
}

func leafHash(slug string, e JournalEntry, lines []Line) tlog.Hash {
	return tlog.RecordHash(Record(slug, e, lines))
}
