package report

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// CashFlow is a 现金流量表 (会民非03表): what changed the money in hand, at the bank and with payment providers.
type CashFlow struct {
	Span
	Lines    []Line[Moved]
	Opening  Moved // money before the period, and before the year
	Change   Moved
	Closing  Moved
	Accounts []int // the accounts of money
}

// Moved is an amount of money in the period and in the year so far.
type Moved struct{ Period, Year money.Amount }

// Add returns m + n.
func (m Moved) Add(n Moved) Moved { return Moved{m.Period.Add(n.Period), m.Year.Add(n.Year)} }

// Neg returns −m.
func (m Moved) Neg() Moved { return Moved{m.Period.Neg(), m.Year.Neg()} }

// IsZero reports whether both amounts are 0.00.
func (m Moved) IsZero() bool { return m.Period.IsZero() && m.Year.IsZero() }

// Ties reports whether opening + change = closing, where the change is of the entries and the rest of the rollup.
func (f CashFlow) Ties() bool { return f.Opening.Add(f.Change).Add(f.Closing.Neg()).IsZero() }

// CashFlowStatement draws up the cash-flow statement of the months from..to by the direct method: each entry that moves
// money is told by the accounts on its other side. Income and expense are net of what was given back; what passed through
// receivables, payables and the like stands gross, received and paid. Money moved between accounts of money, or between
// funds, is no flow.
func CashFlowStatement(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (f CashFlow, err error) {
	return cashOf(ctx, q, c, nil, from, to)
}

func cashOf(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, in pots, from, to time.Time) (f CashFlow, err error) {
	defer wrap(&err, "CashFlowStatement", c)
	if f.Span, err = span(from, to); err != nil {
		return f, err
	}
	l, err := layoutOf(c)
	if err != nil {
		return f, err
	}
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	if err != nil {
		return f, err
	}
	f.Accounts = l.moneyOf(accounts)
	if err := f.readMoney(ctx, q, c.ID, in); err != nil {
		return f, err
	}
	throughSeq, err := f.addedUp(ctx, q, c.ID)
	if err != nil {
		return f, err
	}
	counters, err := f.counters(ctx, q, c.ID, in, throughSeq)
	if err != nil {
		return f, err
	}
	gained, spent, brought := map[int]Moved{}, map[int]Moved{}, Moved{}
	for _, r := range counters {
		received, paid := Moved{r.Received, r.ReceivedYear}, Moved{r.Paid, r.PaidYear}
		net := received.Add(paid.Neg())
		switch r.Type {
		case ledger.Income:
			gained[r.AccountID] = net
		case ledger.Expense:
			spent[r.AccountID] = net.Neg()
		case ledger.NetAssets:
			brought = brought.Add(net)
		default:
			gained[r.AccountID], spent[r.AccountID] = received, paid
		}
		f.Change = f.Change.Add(net)
	}
	f.Lines, err = fill(l.rows["cash"], accounts, map[string]map[int]Moved{"in": gained, "out": spent}, map[string]Moved{"brought": brought})
	return f, err
}

// readMoney reads from the rollup how much money there was and is.
func (f *CashFlow) readMoney(ctx context.Context, q sqlx.QueryerContext, community int, in pots) error {
	var stood struct {
		Before     money.Amount `db:"before"`
		BeforeYear money.Amount `db:"before_year"`
		After      money.Amount `db:"after"`
	}
	err := sqlx.GetContext(ctx, q, &stood, `
		SELECT coalesce(sum(debit - credit) FILTER (WHERE month < $3), 0.00) AS before,
		       coalesce(sum(debit - credit) FILTER (WHERE month < $4), 0.00) AS before_year,
		       coalesce(sum(debit - credit), 0.00) AS after
		  FROM ledger.balance WHERE community_id = $1 AND account_id = ANY ($2) AND month <= $5
		   AND ($6::int[] IS NULL OR fund_id = ANY ($6))`,
		community, pq.Array(f.Accounts), f.From.Format(time.DateOnly), f.year().Format(time.DateOnly), f.To.Format(time.DateOnly), pq.Array(in))
	f.Opening = Moved{stood.Before, stood.BeforeYear}
	f.Closing = Moved{stood.After, stood.After}
	return err
}

// counter is what stood opposite the money in one account: Received its credits, Paid its debits.
type counter struct {
	AccountID    int                `db:"account_id"`
	Type         ledger.AccountType `db:"type"`
	Received     money.Amount       `db:"received"`
	Paid         money.Amount       `db:"paid"`
	ReceivedYear money.Amount       `db:"received_year"`
	PaidYear     money.Amount       `db:"paid_year"`
}

// counters reads the other side of every entry that moved money: the months that are added up already (see Advance), and
// the entries that came after. throughSeq is the last one that is added up.
func (f *CashFlow) counters(ctx context.Context, q sqlx.QueryerContext, community int, in pots, throughSeq int64) (rows []counter, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT s.account_id, a.type,
		       coalesce(sum(s.received) FILTER (WHERE s.month >= $3), 0.00) AS received, coalesce(sum(s.paid) FILTER (WHERE s.month >= $3), 0.00) AS paid,
		       coalesce(sum(s.received) FILTER (WHERE s.month >= $4), 0.00) AS received_year, coalesce(sum(s.paid) FILTER (WHERE s.month >= $4), 0.00) AS paid_year
		  FROM (SELECT m.month, m.account_id, m.received, m.paid FROM report.cash_month m
		         WHERE m.community_id = $1 AND m.month BETWEEN least($3::date, $4::date) AND $5 AND $7 > 0
		           AND ($6::int[] IS NULL OR m.fund_id = ANY ($6))
		        UNION ALL
		        SELECT date_trunc('month', p.entry_date)::date, p.account_id,
		               CASE WHEN p.amount < 0 THEN -p.amount ELSE 0 END, CASE WHEN p.amount > 0 THEN p.amount ELSE 0 END
		          FROM ledger.journal_entry e JOIN ledger.posting p ON p.community_id = e.community_id AND p.seq = e.seq
		         WHERE e.community_id = $1 AND e.seq > $7 AND e.entry_date BETWEEN least($3::date, $4::date) AND $5
		           AND p.account_id <> ALL ($2) AND ($6::int[] IS NULL OR p.fund_id = ANY ($6))
		           AND EXISTS (SELECT FROM ledger.posting m
		                        WHERE m.community_id = p.community_id AND m.seq = p.seq AND m.fund_id = p.fund_id AND m.account_id = ANY ($2))) s
		  JOIN ledger.account a ON a.community_id = $1 AND a.id = s.account_id
		 GROUP BY s.account_id, a.type`,
		community, pq.Array(f.Accounts), day(f.From), day(f.year()), day(f.To), pq.Array(in), throughSeq)
	return rows, err
}

// addedUp is the last entry that is added up behind the cash flow statement, 0 for none: also where other accounts were
// money then.
func (f *CashFlow) addedUp(ctx context.Context, q sqlx.QueryerContext, community int) (seq int64, err error) {
	err = sqlx.GetContext(ctx, q, &seq, `SELECT coalesce(max(seq), 0) FROM report.cash_through WHERE community_id = $1 AND money = $2`,
		community, pq.Array(f.Accounts))
	return seq, err
}

// advanceMax is how many entries one database transaction adds up.
const advanceMax = 20_000

// Advance adds up what the cash flow statement needs of the entries posted since, some at a time, and reports whether all
// are. The statement is right without it, only slower.
func Advance(ctx context.Context, tx *sqlx.Tx, c ledger.Community) (done bool, err error) {
	defer wrap(&err, "Advance", c)
	accounts, err := moneyAccounts(ctx, tx, c)
	if err != nil {
		return false, err
	}
	var through int64
	if err = tx.GetContext(ctx, &through, `SELECT report.advance_cash($1, $2, $3)`, c.ID, pq.Array(accounts), advanceMax); err != nil {
		return false, err
	}
	stand, err := ledger.Stand(ctx, tx, c.ID)
	return through >= stand.LastSeq, err
}

// Behind tells which communities have entries that Advance has not added up.
func Behind(ctx context.Context, q sqlx.QueryerContext) (behind map[int]bool, err error) {
	var ids []int
	err = sqlx.SelectContext(ctx, q, &ids, `
		SELECT b.community_id FROM ledger.book b LEFT JOIN report.cash_through t ON t.community_id = b.community_id
		 WHERE b.last_seq > coalesce(t.seq, 0)`)
	behind = make(map[int]bool, len(ids))
	for _, id := range ids {
		behind[id] = true
	}
	return behind, err
}

// moneyAccounts are the accounts of money, by code.
func moneyAccounts(ctx context.Context, q sqlx.QueryerContext, c ledger.Community) (ids []int, err error) {
	l, err := layoutOf(c)
	if err != nil {
		return nil, err
	}
	accounts, err := ledger.ListAccounts(ctx, q, c.ID)
	return l.moneyOf(accounts), err
}
