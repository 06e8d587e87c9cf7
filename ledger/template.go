package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// Template is what an entry starts from: words, accounts and funds kept under a
// name. It is no entry, and posts nothing.
type Template struct {
	ID     int    `db:"id"` // unique in its community
	Name   string `db:"name"`
	Memo   string `db:"memo"`
	Detail string `db:"detail"`
	MadeBy string `db:"made_by"`
	Lines  []TemplateLine
}

// TemplateLine is one line of a Template.
type TemplateLine struct {
	TemplateID int          `db:"template_id"`
	Account    int          `db:"account_id"`
	Fund       int          `db:"fund_id"`
	Debit      bool         `db:"debit"`  // else credit
	Amount     money.Amount `db:"amount"` // positive; zero where it is another every time
}

// KeepTemplate keeps a template and returns it with its new id; ErrExists if
// the name is taken.
func KeepTemplate(ctx context.Context, tx *sqlx.Tx, community int, t Template) (_ Template, err error) {
	defer wrap(&err, "ledger.KeepTemplate(%d, %s)", community, t.Name)
	err = tx.GetContext(ctx, &t.ID, `
		INSERT INTO ledger.template (community_id, id, name, memo, detail, made_by)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5 FROM ledger.template WHERE community_id = $1 RETURNING id`,
		community, t.Name, t.Memo, t.Detail, t.MadeBy)
	if err != nil {
		return t, exists(err)
	}
	for i, l := range t.Lines {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO ledger.template_line (community_id, template_id, line, account_id, fund_id, debit, amount) VALUES ($1, $2, $3, $4, $5, $6, nullif($7::numeric, 0))`,
			community, t.ID, i+1, l.Account, l.Fund, l.Debit, l.Amount)
		if err != nil {
			return t, err
		}
	}
	return t, nil
}

const (
	selectTemplate     = `SELECT id, name, memo, detail, made_by FROM ledger.template WHERE community_id = $1`
	selectTemplateLine = `
		SELECT template_id, account_id, fund_id, debit, coalesce(amount, 0.00) AS amount
		  FROM ledger.template_line WHERE community_id = $1 AND $2 IN (0, template_id) ORDER BY template_id, line`
)

// ListTemplates reads a community's templates with their lines, by name.
func ListTemplates(ctx context.Context, q sqlx.QueryerContext, community int) (all []Template, err error) {
	defer wrap(&err, "ledger.ListTemplates(%d)", community)
	if err = sqlx.SelectContext(ctx, q, &all, selectTemplate+` ORDER BY name, id`, community); err != nil {
		return nil, err
	}
	var lines []TemplateLine
	err = sqlx.SelectContext(ctx, q, &lines, selectTemplateLine, community, 0)
	of := map[int][]TemplateLine{}
	for _, l := range lines {
		of[l.TemplateID] = append(of[l.TemplateID], l)
	}
	for i := range all {
		all[i].Lines = of[all[i].ID]
	}
	return all, err
}

// FindTemplate reads one template with its lines; ErrNotFound if there is none.
func FindTemplate(ctx context.Context, q sqlx.QueryerContext, community, id int) (t Template, err error) {
	defer wrap(&err, "ledger.FindTemplate(%d, %d)", community, id)
	if err = sqlx.GetContext(ctx, q, &t, selectTemplate+` AND id = $2`, community, id); err != nil {
		return t, missing(err)
	}
	err = sqlx.SelectContext(ctx, q, &t.Lines, selectTemplateLine, community, id)
	return t, err
}

// RenameTemplate gives a template another name; ErrExists if it is taken.
func RenameTemplate(ctx context.Context, tx *sqlx.Tx, community, id int, name string) (err error) {
	defer wrap(&err, "ledger.RenameTemplate(%d, %d)", community, id)
	return exists(one(tx.ExecContext(ctx, `UPDATE ledger.template SET name = $3 WHERE community_id = $1 AND id = $2`, community, id, name)))
}

// DropTemplate forgets a template; the entries that started from it stay.
func DropTemplate(ctx context.Context, tx *sqlx.Tx, community, id int) (err error) {
	defer wrap(&err, "ledger.DropTemplate(%d, %d)", community, id)
	return one(tx.ExecContext(ctx, `DELETE FROM ledger.template WHERE community_id = $1 AND id = $2`, community, id))
}
