package report

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Channels is the way of the money fund by fund: what each got through which account of income, what it paid through which
// account of expense, and what funds passed on to each other.
type Channels struct {
	Span
	Funds    []FundLine // with their figures; those without are left out
	In       []Channel  // of income accounts, by account and fund
	Out      []Channel  // of expense accounts
	Passed   []Pass     // between funds, net of what came back; never between the same two both ways
	Accounts []int      // the accounts of net assets that money passes through
}

// Channel is what moved between an account and a fund; positive is the account's usual way.
type Channel struct {
	Account ledger.Account
	Fund    int
	Amount  money.Amount
}

// Pass is what one fund gave another.
type Pass struct {
	From   int          `db:"from_fund"`
	To     int          `db:"to_fund"`
	Amount money.Amount `db:"amount"`
}

// FundChannels reads the channels of the months from..to. An entry that takes from several funds and gives to several is
// told in parts of what each gave.
func FundChannels(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time) (f Channels, err error) {
	defer wrap(&err, "FundChannels", c)
	funds, err := FundReport(ctx, q, c, from, to)
	if err != nil {
		return f, err
	}
	b, err := readBook(ctx, q, c, from, to)
	if err != nil {
		return f, err
	}
	f.Span, f.Funds = funds.Span, funds.Lines
	for _, x := range b.balances {
		moved := x.Turnover()
		if moved.IsZero() {
			continue
		}
		a, _ := b.accounts.ID(x.AccountID)
		switch x.AccountType {
		case ledger.Income:
			f.In = append(f.In, Channel{a, x.FundID, moved.Neg()})
		case ledger.Expense:
			f.Out = append(f.Out, Channel{a, x.FundID, moved})
		}
	}
	for _, a := range b.accounts {
		if a.Type == ledger.NetAssets && transfersOf(b.accounts, a.ID) {
			f.Accounts = append(f.Accounts, a.ID)
		}
	}
	f.Passed, err = passed(ctx, q, c.ID, f.Accounts, f.Span)
	return f, err
}

// passed reads which fund gave which, entry by entry.
func passed(ctx context.Context, q sqlx.QueryerContext, community int, accounts []int, s Span) (all []Pass, err error) {
	var moves []struct {
		Seq    int64        `db:"seq"`
		Fund   int          `db:"fund_id"`
		Amount money.Amount `db:"amount"` // what the fund gained
	}
	err = sqlx.SelectContext(ctx, q, &moves, `
		SELECT seq, fund_id, -sum(amount) AS amount FROM ledger.posting
		 WHERE community_id = $1 AND account_id = ANY ($2) AND entry_date BETWEEN $3 AND $4
		 GROUP BY seq, fund_id HAVING sum(amount) <> 0 ORDER BY seq, fund_id`,
		community, pq.Array(accounts), day(s.From), day(s.To))
	if err != nil {
		return nil, err
	}
	sums := passes{}
	for len(moves) > 0 {
		moved, seq := map[int]money.Amount{}, moves[0].Seq
		for len(moves) > 0 && moves[0].Seq == seq {
			moved[moves[0].Fund] = moves[0].Amount
			moves = moves[1:]
		}
		sums.divide(moved)
	}
	for _, pair := range slices.SortedFunc(maps.Keys(sums), func(a, b [2]int) int { return slices.Compare(a[:], b[:]) }) {
		switch from, to, sum := pair[0], pair[1], sums[pair]; {
		case from == outside:
		case sum.Sign() > 0:
			all = append(all, Pass{from, to, sum})
		case sum.Sign() < 0:
			all = append(all, Pass{to, from, sum.Neg()})
		}
	}
	return all, nil
}
