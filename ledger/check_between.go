package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// What CheckBetween finds.
const (
	BetweenNotZero FindingCode = "between_funds"   // over all funds the account is not zero
	LoanUnposted   FindingCode = "fund_loan"       // a fund's loans are not what its postings say
	LoanOverRepaid FindingCode = "fund_loan_rest"  // more came back than was lent
	LoanEntry      FindingCode = "fund_loan_entry" // a loan's or repayment's entry moved another amount
)

// standsAt tells, of a row with an entry, that the entry is not reversed.
const standsAt = `NOT EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = x.community_id AND r.reverses_seq = x.entry_seq)`

var betweenRules = []Rule{
	{Code: BetweenNotZero, ZH: "{of} 内部往来合计应为 {want}，账上是 {got}", EN: "{of} between funds should come to {want} over all funds, and comes to {got}", Query: `
		SELECT a.code, sum(b.debit - b.credit)::text, '0.00'
		  FROM ledger.balance b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		 WHERE b.community_id = $1 AND a.purpose = 'between_funds' GROUP BY a.code HAVING sum(b.debit - b.credit) <> 0`},
	{Code: LoanUnposted, ZH: "资金 {of} 的内部借款应为 {want}，账上是 {got}", EN: "fund {of} has {got} between funds, its loans come to {want}", Query: `
		SELECT f.code, coalesce(b.held, 0.00)::text, coalesce(l.owed, 0.00)::text
		  FROM ledger.fund f
		  LEFT JOIN (SELECT b.fund_id, sum(b.debit - b.credit) AS held
		               FROM ledger.balance b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		              WHERE b.community_id = $1 AND a.purpose = 'between_funds' GROUP BY b.fund_id) b ON b.fund_id = f.id
		  LEFT JOIN (SELECT o.fund_id, sum(o.amount) AS owed FROM (
		               SELECT x.from_fund AS fund_id, x.amount FROM ledger.fund_loan x WHERE x.community_id = $1 AND ` + standsAt + `
		               UNION ALL SELECT x.to_fund, -x.amount FROM ledger.fund_loan x WHERE x.community_id = $1 AND ` + standsAt + `
		               UNION ALL SELECT l.from_fund, -x.amount FROM ledger.fund_repayment x JOIN ledger.fund_loan l ON l.community_id = x.community_id AND l.id = x.loan_id
		                          WHERE x.community_id = $1 AND ` + standsAt + `
		               UNION ALL SELECT l.to_fund, x.amount FROM ledger.fund_repayment x JOIN ledger.fund_loan l ON l.community_id = x.community_id AND l.id = x.loan_id
		                          WHERE x.community_id = $1 AND ` + standsAt + `) o GROUP BY o.fund_id) l ON l.fund_id = f.id
		 WHERE f.community_id = $1 AND coalesce(b.held, 0) <> coalesce(l.owed, 0)`},
	{Code: LoanOverRepaid, ZH: "借款 {of}：借出 {want}，归还了 {got}", EN: "loan {of}: {want} was lent, {got} was repaid", Query: `
		SELECT v.voucher, v.repaid::text, CASE WHEN v.undone THEN 0.00 ELSE v.amount END::text
		  FROM (` + selectFundLoan + `) v WHERE v.repaid > CASE WHEN v.undone THEN 0 ELSE v.amount END`},
	{Code: LoanEntry, ZH: "借款或还款 {of}：记的是 {want}，凭证是 {got}", EN: "loan or repayment {of} says {want}, its entry {got}", Query: `
		SELECT x.id::text, p.amount::text, x.amount::text
		  FROM (SELECT community_id, id, amount, entry_seq, from_fund AS fund_id, 1 AS sign FROM ledger.fund_loan
		        UNION ALL SELECT r.community_id, r.id, r.amount, r.entry_seq, l.from_fund, -1 FROM ledger.fund_repayment r
		                    JOIN ledger.fund_loan l ON l.community_id = r.community_id AND l.id = r.loan_id) x
		  LEFT JOIN LATERAL (SELECT coalesce(sum(p.amount), 0) * x.sign AS amount FROM ledger.posting p
		                       JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id AND a.purpose = 'between_funds'
		                      WHERE p.community_id = x.community_id AND p.seq = x.entry_seq AND p.fund_id = x.fund_id) p ON true
		 WHERE x.community_id = $1 AND p.amount <> x.amount`},
}

// CheckBetween holds what funds lent each other against the books: the account
// between funds is zero over all of them, and each fund has there what its
// loans come to.
func CheckBetween(ctx context.Context, q sqlx.QueryerContext, community int) (found []Finding, err error) {
	defer wrap(&err, "ledger.CheckBetween(%d)", community)
	return TryRules(ctx, q, community, betweenRules)
}
