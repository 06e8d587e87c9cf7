package ledger

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// walkAtOnce is how many entries Walk reads at a time; it holds three times as many.
const walkAtOnce = 1000

// Walk reads the whole book in the order of posting and gives each entry with its lines to visit, until that returns an
// error. Of a book that grows meanwhile it reads to the end it then has. An entry comes without what only a list shows
// beside it: ReversedBy and the first fund. The lines are visit's until it returns, and q is Walk's: it reads ahead.
func Walk(ctx context.Context, q sqlx.QueryerContext, community int, visit func(JournalEntry, []Line) error) (err error) {
	defer wrap(&err, "ledger.Walk(%d)", community)
	w := &walk{q: q, community: community}
	ctx, cancel := context.WithCancel(ctx)
	ahead, failed := make(chan walkPage, 1), make(chan error, 1)
	go func() {
		defer close(ahead)
		failed <- w.read(ctx, ahead)
	}()
	defer func() {
		cancel()
		for range ahead { // q is the caller's again when the reader has gone
		}
	}()
	for page := range ahead {
		lines := page.lines
		for _, e := range page.entries {
			n := 0
			for n < len(lines) && lines[n].Seq == e.Seq {
				n++
			}
			if err := visit(e, lines[:n]); err != nil {
				return err
			}
			lines = lines[n:]
		}
	}
	return <-failed
}

// walk is a book being read: accounts and funds are few and known by heart.
type walk struct {
	q         sqlx.QueryerContext
	community int
	accounts  map[int]Account
	funds     map[int]Fund
}

type walkPage struct {
	entries []JournalEntry
	lines   []Line
}

func (w *walk) read(ctx context.Context, pages chan<- walkPage) error {
	for after := int64(0); ; {
		entries, err := w.entries(ctx, after, walkAtOnce)
		if err != nil || len(entries) == 0 {
			return err
		}
		last := entries[len(entries)-1].Seq
		lines, err := w.lines(ctx, after, last, 2*len(entries))
		if err != nil {
			return err
		}
		select {
		case pages <- walkPage{entries, lines}:
		case <-ctx.Done():
			return ctx.Err()
		}
		after = last
	}
}

func (w *walk) entries(ctx context.Context, after int64, many int) ([]JournalEntry, error) {
	rows, err := w.q.QueryContext(ctx, `
		SELECT seq, year, number, posted_at, entry_date, kind, source, memo, detail, posted_by, coalesce(reverses_seq, 0), commitment, posting_count
		  FROM ledger.journal_entry WHERE community_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, w.community, after, many)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	entries := make([]JournalEntry, 0, many)
	for rows.Next() {
		var e JournalEntry
		err := rows.Scan(&e.Seq, &e.Year, &e.Number, &e.PostedAt, &e.Date, &e.Kind, &e.Source, &e.Memo, &e.Detail, &e.PostedBy, &e.Reverses, &e.Commitment, &e.Count)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

func (w *walk) lines(ctx context.Context, after, last int64, many int) ([]Line, error) {
	rows, err := w.q.QueryContext(ctx, `
		SELECT seq, line, account_id, fund_id, amount FROM ledger.posting
		 WHERE community_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, line`, w.community, after, last)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	lines := make([]Line, 0, many)
	for rows.Next() {
		var l Line
		if err := rows.Scan(&l.Seq, &l.Line, &l.AccountID, &l.FundID, &l.Amount); err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return lines, w.name(ctx, lines)
}

// name adds what the accounts and funds of lines are called.
func (w *walk) name(ctx context.Context, lines []Line) error {
	for i := range lines {
		l := &lines[i]
		a, known := w.accounts[l.AccountID]
		f, held := w.funds[l.FundID]
		if !known || !held {
			if err := w.learn(ctx); err != nil {
				return err
			}
			if a, known = w.accounts[l.AccountID]; !known {
				return fmt.Errorf("%w: account %d of entry %d", ErrNotFound, l.AccountID, l.Seq)
			}
			if f, held = w.funds[l.FundID]; !held {
				return fmt.Errorf("%w: fund %d of entry %d", ErrNotFound, l.FundID, l.Seq)
			}
		}
		l.AccountCode, l.AccountNameZH, l.AccountNameEN, l.AccountType = a.Code, a.NameZH, a.NameEN, a.Type
		l.FundCode, l.FundNameZH, l.FundNameEN, l.FundRestricted = f.Code, f.NameZH, f.NameEN, f.Restricted
	}
	return nil
}

// learn reads the chart and the funds as they are now: a book that grows may have got new ones.
func (w *walk) learn(ctx context.Context) error {
	accounts, err := ListAccounts(ctx, w.q, w.community)
	if err != nil {
		return err
	}
	funds, err := ListFunds(ctx, w.q, w.community)
	if err != nil {
		return err
	}
	w.accounts, w.funds = make(map[int]Account, len(accounts)), make(map[int]Fund, len(funds))
	for _, a := range accounts {
		w.accounts[a.ID] = a
	}
	for _, f := range funds {
		w.funds[f.ID] = f
	}
	return nil
}
