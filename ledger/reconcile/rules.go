package reconcile

import (
	"context"
	"strings"
	"unicode"

	"github.com/jmoiron/sqlx"
)

// ListRules reads an account's rules, the most used first.
func ListRules(ctx context.Context, q sqlx.QueryerContext, community, account int) (rules []Rule, err error) {
	defer wrap(&err, "reconcile.ListRules(%d, %d)", community, account)
	err = sqlx.SelectContext(ctx, q, &rules, `
		SELECT id, words, money_in, to_account_id, fund_id, memo, used FROM reconcile.rule
		 WHERE community_id = $1 AND account_id = $2 AND active ORDER BY used DESC, id`, community, account)
	return rules, err
}

// SaveRule writes a rule, a new one where its ID is 0. ErrExists if another
// rule of the account has the same words.
func SaveRule(ctx context.Context, tx *sqlx.Tx, community, account int, r Rule, who string) (_ Rule, err error) {
	defer wrap(&err, "reconcile.SaveRule(%d, %d)", community, account)
	if r.ID == 0 {
		err = tx.GetContext(ctx, &r.ID, `
			INSERT INTO reconcile.rule (community_id, id, account_id, words, money_in, to_account_id, fund_id, memo, used, changed_by)
			SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM reconcile.rule WHERE community_id = $1 RETURNING id`,
			community, account, r.Words, r.In, r.Account, r.Fund, r.Memo, r.Used, who)
		return r, err
	}
	err = tx.GetContext(ctx, &r.ID, `
		UPDATE reconcile.rule SET words = $4, money_in = $5, to_account_id = $6, fund_id = $7, memo = $8, changed_by = $9, changed_at = now()
		 WHERE community_id = $1 AND account_id = $2 AND id = $3 AND active RETURNING id`,
		community, account, r.ID, r.Words, r.In, r.Account, r.Fund, r.Memo, who)
	return r, err
}

// DropRule ends a rule; what it did stays.
func DropRule(ctx context.Context, tx *sqlx.Tx, community, account, id int, who string) (err error) {
	defer wrap(&err, "reconcile.DropRule(%d, %d, %d)", community, account, id)
	return tx.GetContext(ctx, &id, `
		UPDATE reconcile.rule SET active = false, changed_by = $4, changed_at = now()
		 WHERE community_id = $1 AND account_id = $2 AND id = $3 AND active RETURNING id`, community, account, id, who)
}

// learn counts the rule that called for an entry, or makes one of the words
// that such lines have in common.
func learn(ctx context.Context, tx *sqlx.Tx, community, account int, n NewEntry, m Match) error {
	if n.Rule != 0 {
		_, err := tx.ExecContext(ctx, `UPDATE reconcile.rule SET used = used + 1 WHERE community_id = $1 AND account_id = $2 AND id = $3`,
			community, account, n.Rule)
		return err
	}
	lines, err := linesAt(ctx, tx, community, account, m.Lines)
	if err != nil {
		return err
	}
	words := WordsOf(lines[0])
	if words == "" || n.Kind == Payout || n.Kind == Unknown {
		return nil
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO reconcile.rule (community_id, id, account_id, words, money_in, to_account_id, fund_id, memo, used, changed_by)
		SELECT $1, coalesce((SELECT max(id) FROM reconcile.rule WHERE community_id = $1), 0) + 1, $2, $3, $4, p.account_id, p.fund_id, $6, 1, $7
		  FROM ledger.posting p WHERE p.community_id = $1 AND p.seq = $5 AND p.account_id <> $2 ORDER BY p.line LIMIT 1
		ON CONFLICT (community_id, account_id, words, money_in) WHERE active
		DO UPDATE SET used = reconcile.rule.used + 1, to_account_id = EXCLUDED.to_account_id, fund_id = EXCLUDED.fund_id, memo = EXCLUDED.memo`,
		community, account, words, lines[0].Amount.Sign() > 0, m.Entry, n.Memo, m.MadeBy)
	return err
}

// WordsOf are the words of a line by which the next one like it will be known:
// the counterparty, or the memo without its numbers.
func WordsOf(l Line) string {
	text := l.Counterparty
	if strings.TrimSpace(text) == "" {
		text = l.Memo
	}
	var words []string
	for _, word := range strings.FieldsFunc(text, unicode.IsSpace) {
		if !strings.ContainsFunc(word, unicode.IsDigit) && len(word) > 1 {
			words = append(words, word)
		}
	}
	if len(words) > 3 {
		words = words[:3]
	}
	return short(strings.Join(words, " "), 100)
}
