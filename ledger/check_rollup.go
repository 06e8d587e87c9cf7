package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// rollups compares what the pages read (balances, funds, months) with the postings.
func (k *check) rollups(ctx context.Context) error {
	for _, step := range []func(context.Context) error{k.accountBalances, k.yearEnds, k.fundBalances, k.monthTallies} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (k *check) accountBalances(ctx context.Context) error {
	var rows []struct {
		Account int          `db:"account_id"`
		Fund    int          `db:"fund_id"`
		Month   time.Time    `db:"month"`
		Debit   bool         `db:"in_debit"` // the side that differs
		Stored  money.Amount `db:"stored"`
		Summed  money.Amount `db:"summed"`
	}
	err := sqlx.SelectContext(ctx, k.q, &rows, `
		SELECT account_id, fund_id, month, coalesce(b.debit, 0) <> coalesce(s.debit, 0) AS in_debit,
		       CASE WHEN coalesce(b.debit, 0) <> coalesce(s.debit, 0) THEN coalesce(b.debit, 0.00) ELSE coalesce(b.credit, 0.00) END AS stored,
		       CASE WHEN coalesce(b.debit, 0) <> coalesce(s.debit, 0) THEN coalesce(s.debit, 0.00) ELSE coalesce(s.credit, 0.00) END AS summed
		  FROM (SELECT * FROM ledger.balance WHERE community_id = $1) b
		  FULL JOIN (SELECT account_id, fund_id, date_trunc('month', entry_date::timestamp)::date AS month,
		                    sum(greatest(amount, 0)) AS debit, sum(greatest(-amount, 0)) AS credit
		               FROM ledger.posting WHERE community_id = $1 GROUP BY 1, 2, 3) s USING (account_id, fund_id, month)
		 WHERE (coalesce(b.debit, 0), coalesce(b.credit, 0)) <> (coalesce(s.debit, 0), coalesce(s.credit, 0))
		 ORDER BY month, account_id, fund_id`, k.community.ID)
	for _, r := range rows {
		account, fund, month := k.accounts[r.Account], k.fund(r.Fund), monthText(r.Month)
		sideZH, sideEN := "贷方", "credit"
		if r.Debit {
			sideZH, sideEN = "借方", "debit"
		}
		zh, en := differs(r.Stored, r.Summed)
		k.found.rollup(rollupKey{AccountBalance, r.Account, r.Fund, month}, AccountBalance,
			fmt.Sprintf("科目 %s（%s）%s %s发生额%s", account.Code, fund.NameZH, month, sideZH, zh),
			fmt.Sprintf("account %s, fund %s, %s of %s: %s", account.Code, fund.Name("en"), sideEN, month, en))
	}
	return err
}

// yearEnds compares what the year-end entries are said to have moved with their postings.
func (k *check) yearEnds(ctx context.Context) error {
	var rows []struct {
		Account int          `db:"account_id"`
		Fund    int          `db:"fund_id"`
		Year    int          `db:"year"`
		Stored  money.Amount `db:"stored"`
		Summed  money.Amount `db:"summed"`
	}
	err := sqlx.SelectContext(ctx, k.q, &rows, `
		SELECT account_id, fund_id, extract(year FROM month)::int AS year, coalesce(y.debit - y.credit, 0.00) AS stored, coalesce(s.debit - s.credit, 0.00) AS summed
		  FROM (SELECT * FROM ledger.year_end WHERE community_id = $1) y
		  FULL JOIN (SELECT p.account_id, p.fund_id, make_date(e.year, 12, 1) AS month,
		                    sum(greatest(p.amount, 0)) AS debit, sum(greatest(-p.amount, 0)) AS credit
		               FROM ledger.journal_entry e JOIN ledger.posting p ON p.community_id = e.community_id AND p.seq = e.seq
		              WHERE e.community_id = $1 AND e.kind = 'year_end' GROUP BY 1, 2, 3) s USING (account_id, fund_id, month)
		 WHERE (coalesce(y.debit, 0), coalesce(y.credit, 0)) <> (coalesce(s.debit, 0), coalesce(s.credit, 0))
		 ORDER BY month, account_id, fund_id`, k.community.ID)
	for _, r := range rows {
		account, fund := k.accounts[r.Account], k.fund(r.Fund)
		zh, en := differs(r.Stored, r.Summed)
		k.found.rollup(rollupKey{YearEndMoved, r.Account, r.Fund, fmt.Sprint(r.Year)}, YearEndMoved,
			fmt.Sprintf("%d 年末结转：科目 %s（%s）%s", r.Year, account.Code, fund.NameZH, zh),
			fmt.Sprintf("year end of %d: account %s, fund %s: %s", r.Year, account.Code, fund.Name("en"), en))
	}
	return err
}

// fund finds a fund by id; one that does not exist is named by its id.
func (k *check) fund(id int) Fund {
	if f, ok := k.funds[id]; ok {
		return f
	}
	return Fund{ID: id, NameZH: fmt.Sprintf("#%d", id)}
}

func (k *check) fundBalances(ctx context.Context) error {
	var rows []struct {
		Fund       int          `db:"fund_id"`
		Restricted bool         `db:"restricted"`
		Stored     money.Amount `db:"stored"`
		Summed     money.Amount `db:"summed"`
	}
	err := sqlx.SelectContext(ctx, k.q, &rows, `
		SELECT f.id AS fund_id, f.restricted, coalesce(b.net_assets, 0.00) AS stored, coalesce(s.net_assets, 0.00) AS summed
		  FROM ledger.fund f
		  LEFT JOIN ledger.fund_balance b ON b.community_id = f.community_id AND b.fund_id = f.id
		  LEFT JOIN (SELECT p.fund_id, sum(p.amount) AS net_assets
		               FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
		              WHERE p.community_id = $1 AND a.type IN ('asset', 'liability') GROUP BY 1) s ON s.fund_id = f.id
		 WHERE f.community_id = $1 ORDER BY f.id`, k.community.ID)
	for _, r := range rows {
		fund, key := k.funds[r.Fund], rollupKey{rollup: FundBalance, fund: r.Fund}
		if !r.Stored.Equal(r.Summed) {
			zh, en := differs(r.Stored, r.Summed)
			k.found.rollup(key, FundBalance, fmt.Sprintf("「%s」的余额%s", fund.NameZH, zh), fmt.Sprintf("balance of fund %s: %s", fund.Name("en"), en))
		}
		if r.Restricted && r.Summed.Sign() < 0 {
			k.found.rollup(key, FundOverspent, fmt.Sprintf("专款「%s」透支 %s", fund.NameZH, r.Summed.Abs().Format()),
				fmt.Sprintf("restricted fund %s is overspent by %s", fund.Name("en"), r.Summed.Abs().Format()))
		}
	}
	return err
}

func (k *check) monthTallies(ctx context.Context) error {
	var rows []struct {
		Month   time.Time `db:"month"`
		Entries int       `db:"entries"`
	}
	err := sqlx.SelectContext(ctx, k.q, &rows, `
		SELECT month, entries FROM ledger.month_tally WHERE community_id = $1`, k.community.ID)
	stored := map[string]int{}
	for _, r := range rows {
		stored[monthText(r.Month)] = r.Entries
		k.months[monthText(r.Month)] += 0 // so that a month without entries is looked at
	}
	for _, month := range slices.Sorted(maps.Keys(k.months)) {
		if n := k.months[month]; stored[month] != n {
			k.found.rollup(rollupKey{rollup: MonthTally, month: month}, MonthTally,
				fmt.Sprintf("%s 记的是 %d 笔，实有 %d 笔", month, stored[month], n), fmt.Sprintf("%s: %d entries stored, %d there", month, stored[month], n))
		}
	}
	return err
}
