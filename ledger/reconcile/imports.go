package reconcile

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/statement"
)

// Imported is a statement that the books were shown.
type Imported struct {
	ID         int           `db:"id"`
	AccountID  int           `db:"account_id"`
	Name       string        `db:"name"` // of the file
	Format     string        `db:"format"`
	Layout     string        `db:"layout"`
	Label      string        `db:"label"` // the account as the file names it
	Opening    *money.Amount `db:"opening"`
	Closing    *money.Amount `db:"closing"`
	FirstDay   *time.Time    `db:"first_day"`
	LastDay    *time.Time    `db:"last_day"`
	Lines      int           `db:"lines"`
	Fresh      int           `db:"fresh"` // that no earlier file had
	ImportedBy string        `db:"imported_by"`
	ImportedAt time.Time     `db:"imported_at"`
}

// Import keeps a parsed statement of one account. Lines that an earlier or
// overlapping file had are not kept twice; a file that brings nothing new is
// still remembered. ErrCurrency, ErrNoDay.
func Import(ctx context.Context, tx *sqlx.Tx, c ledger.Community, account int, name string, digest [32]byte, s statement.Statement, who string) (z Imported, err error) {
	defer wrap(&err, "reconcile.Import(%d, %d, %s)", c.ID, account, name)
	if s.Currency != "" && s.Currency != c.Currency {
		return z, ErrCurrency
	}
	all, err := outlineOf(s, c.Currency)
	if err != nil {
		return z, err
	}
	// One import of an account at a time: the lines' ids follow each other.
	if err := lock(ctx, tx, c.ID, account); err != nil {
		return z, err
	}
	warnings, err := json.Marshal(s.Warnings)
	if err != nil {
		return z, err
	}
	z = Imported{
		AccountID: account, Name: name, Format: s.Format, Layout: s.Layout, Label: s.Account, Opening: s.Opening, Closing: s.Closing,
		FirstDay: all.first, LastDay: all.last, Lines: len(all.keys), ImportedBy: who,
	}
	err = tx.GetContext(ctx, &z, `
		WITH known AS (
		  SELECT count(*) AS n FROM statement.line WHERE community_id = $1 AND account_id = $2 AND key = ANY ($3)
		)
		INSERT INTO statement.statement (community_id, id, account_id, name, format, layout, label, opening, closing, first_day, last_day,
		                                 lines, fresh, warnings, digest, imported_by)
		SELECT $1, coalesce((SELECT max(id) FROM statement.statement WHERE community_id = $1), 0) + 1, $2, $4, $5, $6, $7, $8, $9, $10, $11,
		       $12, cardinality($3::text[]) - known.n, $13, $14, $15 FROM known
		RETURNING id, fresh, imported_at`,
		c.ID, account, all.keys, name, s.Format, s.Layout, s.Account, s.Opening, s.Closing, all.first, all.last, len(all.keys), string(warnings), digest[:], who)
	if err != nil {
		return z, err
	}
	if err := all.insert(ctx, tx, c.ID, z, s); err != nil {
		return z, err
	}
	var late bool
	err = tx.GetContext(ctx, &late, `
		SELECT EXISTS (SELECT FROM statement.line l
		  JOIN reconcile.reconciliation r ON r.community_id = l.community_id AND r.account_id = l.account_id AND r.undone_at IS NULL AND l.day <= r.through
		 WHERE l.community_id = $1 AND l.account_id = $2 AND l.statement_id = $3 AND l.amount <> 0)`, c.ID, account, z.ID)
	if err == nil && late {
		err = ErrCompleted
	}
	return z, err
}

// lock lets one writer at a time see to an account as a whole.
func lock(ctx context.Context, tx *sqlx.Tx, community, account int) error {
	return tx.GetContext(ctx, new(int), `SELECT id FROM ledger.account WHERE community_id = $1 AND id = $2 FOR NO KEY UPDATE`, community, account)
}

// outline is what has to be known of all lines before the first is kept.
type outline struct {
	keys        pq.StringArray // in the order of the file
	first, last *time.Time
	newestFirst bool
}

func outlineOf(s statement.Statement, currency string) (o outline, err error) {
	var top, end statement.Mark
	err = s.Marks(func(m statement.Mark) error {
		switch {
		case m.Date.IsZero():
			return ErrNoDay
		case m.Currency != "" && m.Currency != currency:
			return ErrCurrency
		}
		if len(o.keys) == 0 {
			top = m
		}
		end = m
		o.keys = append(o.keys, m.Key.String())
		if o.first == nil || m.Date.Before(*o.first) {
			o.first = &m.Date
		}
		if o.last == nil || m.Date.After(*o.last) {
			o.last = &m.Date
		}
		return nil
	})
	o.newestFirst = top.After(end)
	return o, err
}

// atOnce is how many lines one statement of SQL inserts.
const atOnce = 4096

// insert keeps the lines that no earlier file had, some at a time; the ids of a day's lines follow each other as money moved.
func (o outline) insert(ctx context.Context, tx *sqlx.Tx, community int, z Imported, s statement.Statement) error {
	var last int64
	err := tx.GetContext(ctx, &last, `SELECT coalesce(max(id), 0) FROM statement.line WHERE community_id = $1 AND account_id = $2`, community, z.AccountID)
	if err != nil {
		return err
	}
	var some columns
	n := int64(0)
	err = s.Each(func(l *statement.Line) error {
		id := last + 1 + n
		if o.newestFirst {
			id = last + int64(len(o.keys)) - n
		}
		some.add(id, l, o.keys[n])
		if n++; n%atOnce == 0 {
			return some.insert(ctx, tx, community, z)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return some.insert(ctx, tx, community, z)
}

// columns are lines turned on their side.
type columns struct {
	ids                                                                               pq.Int64Array
	rows                                                                              pq.Int32Array
	days, clocks, amounts, numbers, references, counterparties, memos, balances, keys pq.StringArray
}

func (c *columns) add(id int64, l *statement.Line, key string) {
	balance := ""
	if l.Balance != nil {
		balance = l.Balance.String()
	}
	c.ids = append(c.ids, id)
	c.rows = append(c.rows, int32(l.Row))
	c.days = append(c.days, l.Date.Format(time.DateOnly))
	c.clocks = append(c.clocks, l.Clock)
	c.amounts = append(c.amounts, l.Amount.String())
	c.numbers = append(c.numbers, l.ID)
	c.references = append(c.references, l.Reference)
	c.counterparties = append(c.counterparties, l.Counterparty)
	c.memos = append(c.memos, l.Memo)
	c.balances = append(c.balances, balance)
	c.keys = append(c.keys, key)
}

// insert writes what was added, and begins anew.
func (c *columns) insert(ctx context.Context, tx *sqlx.Tx, community int, z Imported) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO statement.line (community_id, account_id, id, statement_id, row, day, clock, amount, number, reference, counterparty, memo, balance, key)
		SELECT $1, $2, u.id, $3, u.row, u.day, u.clock, u.amount, u.number, u.reference, u.counterparty, u.memo, nullif(u.balance, '')::numeric, u.key
		  FROM unnest($4::bigint[], $5::int[], $6::date[], $7::text[], $8::numeric[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
		       AS u (id, row, day, clock, amount, number, reference, counterparty, memo, balance, key)
		 WHERE NOT EXISTS (SELECT FROM statement.line k WHERE k.community_id = $1 AND k.account_id = $2 AND k.key = u.key)`,
		community, z.AccountID, z.ID, c.ids, c.rows, c.days, c.clocks, c.amounts, c.numbers, c.references, c.counterparties, c.memos, c.balances, c.keys)
	*c = columns{}
	return err
}

// ListImported reads an account's statements, the latest first.
func ListImported(ctx context.Context, q sqlx.QueryerContext, community, account int) (all []Imported, err error) {
	defer wrap(&err, "reconcile.ListImported(%d, %d)", community, account)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT id, account_id, name, format, layout, label, opening, closing, first_day, last_day, lines, fresh, imported_by, imported_at
		  FROM statement.statement WHERE community_id = $1 AND account_id = $2 ORDER BY id DESC`, community, account)
	return all, err
}

// SaveProfile keeps how an account's own tables are read.
func SaveProfile(ctx context.Context, tx *sqlx.Tx, community, account int, p statement.Profile, who string) (err error) {
	defer wrap(&err, "reconcile.SaveProfile(%d, %d)", community, account)
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO statement.profile (community_id, account_id, profile, saved_by) VALUES ($1, $2, $3, $4)
		ON CONFLICT (community_id, account_id) DO UPDATE SET profile = EXCLUDED.profile, saved_by = EXCLUDED.saved_by, saved_at = now()`,
		community, account, string(text), who)
	return err
}

// FindProfile reads it; ErrNotFound.
func FindProfile(ctx context.Context, q sqlx.QueryerContext, community, account int) (p statement.Profile, err error) {
	defer wrap(&err, "reconcile.FindProfile(%d, %d)", community, account)
	var text []byte
	err = sqlx.GetContext(ctx, q, &text, `SELECT profile FROM statement.profile WHERE community_id = $1 AND account_id = $2`, community, account)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	return p, err
}
