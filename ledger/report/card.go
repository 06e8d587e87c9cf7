package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Card is a page of a 明细账 (ledger card): what stood in some accounts, each posting to them with the accounts on its
// other side and the balance after it, and what stands there at the end. Debit is positive.
type Card struct {
	From, To time.Time // days
	Opening  money.Amount
	Carried  money.Amount // balance before the first of Lines
	Lines    []CardLine   // by day, then as posted
	Debit    money.Amount // turnover of the whole period
	Credit   money.Amount
	More     bool // there is a page after this one
}

// Closing is what stands in the accounts at the end of the period.
func (c Card) Closing() money.Amount { return c.Opening.Add(c.Debit).Sub(c.Credit) }

// CardLine is one posting.
type CardLine struct {
	Seq       int64        `db:"seq"`
	Line      int          `db:"line"`
	Date      time.Time    `db:"entry_date"`
	AccountID int          `db:"account_id"`
	FundID    int          `db:"fund_id"`
	Amount    money.Amount `db:"amount"`
	Voucher   string       `db:"voucher"`
	Memo      string       `db:"memo"`
	Detail    string       `db:"detail"`
	Others    []int        // accounts on the other side in the same fund, the largest first
	After     money.Amount // balance after it
}

// Key names the line for the page after it.
func (l CardLine) Key() string {
	return fmt.Sprintf("%s.%d.%d", l.Date.Format(time.DateOnly), l.Seq, l.Line)
}

// cardKey is where a page begins: after this posting.
type cardKey struct {
	Date time.Time
	Seq  int64
	Line int
}

func parseCardKey(text string) (k cardKey, ok bool) {
	day, rest, _ := strings.Cut(text, ".")
	var err error
	if k.Date, err = time.Parse(time.DateOnly, day); err != nil {
		return k, false
	}
	_, err = fmt.Sscanf(rest, "%d.%d", &k.Seq, &k.Line)
	return k, err == nil
}

// LedgerCard reads a page of the card of some accounts, in the given funds (nil: all), from a day to a day, after the
// posting with this key ("" is the first page), at most limit lines.
func LedgerCard(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, accounts, funds []int, from, to time.Time, after string, limit int) (card Card, err error) {
	defer wrap(&err, "LedgerCard", c)
	return cardReader{ctx, q, c, accounts, pots(funds), from, to, nil, ""}.read(after, limit)
}

func (r cardReader) read(after string, limit int) (card Card, err error) {
	card.From, card.To = r.from, r.to
	if r.to.Before(r.from) {
		return card, ErrBackwards
	}
	months, err := r.months()
	if err != nil {
		return card, err
	}
	if card.Opening, err = r.opening(r.from); err != nil {
		return card, err
	}
	if card.Debit, card.Credit, err = r.turnover(months); err != nil {
		return card, err
	}
	key, paged := parseCardKey(after)
	if !paged || key.Date.Before(r.from) {
		key = cardKey{Date: r.from}
	}
	if card.Carried, err = r.carried(card.Opening, months, key); err != nil {
		return card, err
	}
	if card.Lines, err = r.lines(months, key, limit+1); err != nil {
		return card, err
	}
	if card.More = len(card.Lines) > limit; card.More {
		card.Lines = card.Lines[:limit]
	}
	stand := card.Carried
	for i := range card.Lines {
		stand = stand.Add(card.Lines[i].Amount)
		card.Lines[i].After = stand
	}
	return card, r.tell(card.Lines)
}

type cardReader struct {
	context.Context
	q        sqlx.QueryerContext
	c        ledger.Community
	accounts []int
	in       pots
	from, to time.Time
	money    []int  // on the card of a flow of cash: the accounts of money; else nil
	flow     string // Received, Paid
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// months are those of the period in which something moved, with their turnover.
func (r cardReader) months() (months []cardMonth, err error) {
	err = sqlx.SelectContext(r, r.q, &months, `
		SELECT month, sum(debit) AS debit, sum(credit) AS credit FROM ledger.turnover
		 WHERE community_id = $1 AND account_id = ANY ($2) AND ($3::int[] IS NULL OR fund_id = ANY ($3)) AND month BETWEEN $4 AND $5
		 GROUP BY month ORDER BY month`,
		r.c.ID, pq.Array(r.accounts), pq.Array(r.in), day(ledger.MonthOf(r.from)), day(r.to))
	return months, err
}

type cardMonth struct {
	Month  time.Time    `db:"month"`
	Debit  money.Amount `db:"debit"`
	Credit money.Amount `db:"credit"`
}

// opening is what stood in the accounts before a day: the rollup up to its month, and the days of the month. Income and expense open
// with the year of the period's first day.
func (r cardReader) opening(before time.Time) (stood money.Amount, err error) {
	if r.flow != "" {
		return stood, nil // a flow begins with nothing
	}
	month := ledger.MonthOf(before)
	err = sqlx.GetContext(r, r.q, &stood, `
		SELECT coalesce(sum(b.debit - b.credit), 0.00) FROM ledger.balance b
		  JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		 WHERE b.community_id = $1 AND b.account_id = ANY ($2) AND ($3::int[] IS NULL OR b.fund_id = ANY ($3)) AND b.month < $4
		   AND (a.type NOT IN ('income', 'expense') OR b.month >= $5)`,
		r.c.ID, pq.Array(r.accounts), pq.Array(r.in), day(month), day(ledger.Day(r.from.Year(), time.January, 1)))
	if err != nil || before.Day() == 1 {
		return stood, err
	}
	debit, credit, err := r.between(month, before.AddDate(0, 0, -1))
	return stood.Add(debit).Sub(credit), err
}

// turnover adds up the months, of which the first and the last may be parts.
func (r cardReader) turnover(months []cardMonth) (debit, credit money.Amount, err error) {
	if r.flow != "" {
		return r.flowed()
	}
	for _, m := range months {
		first, last := m.Month, m.Month.AddDate(0, 1, -1)
		if first.Before(r.from) || last.After(r.to) {
			m.Debit, m.Credit, err = r.between(later(first, r.from), earlier(last, r.to))
		}
		if err != nil {
			return debit, credit, err
		}
		debit, credit = debit.Add(m.Debit), credit.Add(m.Credit)
	}
	return debit, credit, nil
}

// flowed is what a flow comes to: from what is added up already where the period is whole months.
func (r cardReader) flowed() (debit, credit money.Amount, err error) {
	s, err := span(r.from, r.to)
	if err != nil || !s.From.Equal(r.from) || !s.To.Equal(r.to) {
		return r.between(r.from, r.to)
	}
	f := CashFlow{Span: s, Accounts: r.money}
	through, err := f.addedUp(r, r.q, r.c.ID)
	if err != nil {
		return debit, credit, err
	}
	counters, err := f.counters(r, r.q, r.c.ID, r.in, through)
	for _, c := range counters {
		bothWays := c.Type != ledger.Asset && c.Type != ledger.Liability
		if !slices.Contains(r.accounts, c.AccountID) {
			continue
		}
		if bothWays || r.flow == Paid {
			debit = debit.Add(c.Paid)
		}
		if bothWays || r.flow == Received {
			credit = credit.Add(c.Received)
		}
	}
	return debit, credit, err
}

// carried is what stands in the accounts after the posting with a key.
func (r cardReader) carried(opening money.Amount, months []cardMonth, k cardKey) (stood money.Amount, err error) {
	if k.Seq == 0 || r.flow != "" {
		return opening, nil // a flow has no balance to carry
	}
	start := later(ledger.MonthOf(k.Date), r.from)
	before := r
	before.to = start.AddDate(0, 0, -1)
	debit, credit, err := before.turnover(slices.DeleteFunc(slices.Clone(months), func(m cardMonth) bool { return !m.Month.Before(start) }))
	if err != nil {
		return stood, err
	}
	stood = opening.Add(debit).Sub(credit)
	var since money.Amount
	err = sqlx.GetContext(r, r.q, &since, `
		SELECT coalesce(sum(p.amount), 0.00)`+r.postings()+` AND (p.entry_date, p.seq, p.line) <= ($4, $8, $9)`,
		r.args(start, k.Date, k.Seq, k.Line)...)
	return stood.Add(since), err
}

// between sums the postings of some days.
func (r cardReader) between(first, last time.Time) (debit, credit money.Amount, err error) {
	err = r.q.QueryRowxContext(r, `
		SELECT coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0.00), coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0.00)`+r.postings(),
		r.args(first, last)...).Scan(&debit, &credit)
	return debit, credit, err
}

// cardPostings are the postings to accounts in some days, but those that close a year, which stand between two periods.
// On the card of a flow only those opposite money count: of income, expense and net assets both ways, of others one.
const cardPostings = `
		  FROM ledger.posting p
		 WHERE p.community_id = $1 AND p.account_id %s AND p.entry_date BETWEEN $3 AND $4 AND ($5::int[] IS NULL OR p.fund_id = ANY ($5))
		   AND NOT (extract(month FROM p.entry_date) = 12 AND extract(day FROM p.entry_date) = 31 AND
		            EXISTS (SELECT FROM ledger.journal_entry y WHERE y.community_id = p.community_id AND y.seq = p.seq AND y.kind = 'year_end'))
		   AND ($6::int[] IS NULL OR
		        EXISTS (SELECT FROM ledger.posting m
		                 WHERE m.community_id = p.community_id AND m.seq = p.seq AND m.fund_id = p.fund_id AND m.account_id = ANY ($6))
		        AND (CASE $7 WHEN 'received' THEN p.amount < 0 ELSE p.amount > 0 END
		             OR p.account_id IN (SELECT id FROM ledger.account
		                                  WHERE community_id = $1 AND type IN ('income', 'expense', 'net_assets'))))`

// postings are cardPostings for the reader's accounts. One account is asked for by itself, for then its index has the
// postings in the order of the card.
func (r cardReader) postings() string {
	if len(r.accounts) == 1 {
		return fmt.Sprintf(cardPostings, "= ($2::int[])[1]")
	}
	return fmt.Sprintf(cardPostings, "= ANY ($2)")
}

// args are the parameters of cardPostings, and more.
func (r cardReader) args(first, last time.Time, more ...any) []any {
	return append([]any{r.c.ID, pq.Array(r.accounts), day(first), day(last), pq.Array(r.in), pq.Array(r.money), r.flow}, more...)
}

// lines reads so many postings after a key, from one month at first, then from twice as many until there are enough: a
// month of a busy account is plenty, and a quiet one is not asked for every month.
func (r cardReader) lines(months []cardMonth, k cardKey, limit int) (lines []CardLine, err error) {
	for len(months) > 0 && months[0].Month.Before(ledger.MonthOf(k.Date)) {
		months = months[1:]
	}
	for n := 1; len(months) > 0 && len(lines) < limit; n *= 2 {
		n = min(n, len(months))
		first, last := later(months[0].Month, r.from), earlier(months[n-1].Month.AddDate(0, 1, -1), r.to)
		var found []CardLine
		err = sqlx.SelectContext(r, r.q, &found, `
			SELECT p.seq, p.line, p.entry_date, p.account_id, p.fund_id, p.amount`+r.postings()+`
			   AND (p.entry_date, p.seq, p.line) > ($8, $9, $10) ORDER BY p.entry_date, p.seq, p.line LIMIT $11`,
			r.args(first, last, day(k.Date), k.Seq, k.Line, limit-len(lines))...)
		if err != nil {
			return lines, err
		}
		lines, months = append(lines, found...), months[n:]
	}
	return lines, nil
}

// tell adds to lines what their entries say, and which accounts stand on the other side.
func (r cardReader) tell(lines []CardLine) error {
	seqs := make([]int64, len(lines))
	for i, l := range lines {
		seqs[i] = l.Seq
	}
	var entries []CardLine
	err := sqlx.SelectContext(r, r.q, &entries, `
		SELECT seq, year || '-' || number AS voucher, memo, detail FROM ledger.journal_entry WHERE community_id = $1 AND seq = ANY ($2)`,
		r.c.ID, pq.Array(seqs))
	if err != nil {
		return err
	}
	told := make(map[int64]CardLine, len(entries))
	for _, e := range entries {
		told[e.Seq] = e
	}
	var others []CardLine
	err = sqlx.SelectContext(r, r.q, &others, `
		SELECT seq, account_id, fund_id, sum(amount) AS amount FROM ledger.posting
		 WHERE community_id = $1 AND seq = ANY ($2) GROUP BY seq, account_id, fund_id ORDER BY seq, abs(sum(amount)) DESC, account_id`,
		r.c.ID, pq.Array(seqs))
	if err != nil {
		return err
	}
	beside := map[int64][]CardLine{}
	for _, o := range others {
		beside[o.Seq] = append(beside[o.Seq], o)
	}
	for i := range lines {
		l := &lines[i]
		e := told[l.Seq]
		l.Voucher, l.Memo, l.Detail = e.Voucher, e.Memo, e.Detail
		for _, o := range beside[l.Seq] {
			if o.FundID == l.FundID && o.AccountID != l.AccountID && o.Amount.Sign() == -l.Amount.Sign() {
				l.Others = append(l.Others, o.AccountID)
			}
		}
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
