package search

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
)

// Finding is a block of which something else is noted than its entries say.
type Finding struct {
	First, Last int64  // Seqs
	Term        string // one that is too much or too little; empty: which entries there are
}

// Text says it in a sentence, in "en" or else Chinese.
func (f Finding) Text(lang string) string {
	if lang == "en" {
		return fmt.Sprintf("search: what is noted of entries %d to %d is not what they say (%s); nothing in the books is wrong", f.First, f.Last, f.Term)
	}
	return fmt.Sprintf("查账索引：第 %d 至 %d 笔记下的与凭证不符（%s），账本身没有错", f.First, f.Last, f.Term)
}

// Check notes every entry once more and compares. It reads a block at a time.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []Finding, err error) {
	var rows []stored
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT block, through, first_day, last_day FROM search.block WHERE community_id = $1 ORDER BY block`, community)
	for i, row := range rows {
		if err != nil {
			break
		}
		var term string
		term, err = checkBlock(ctx, q, community, row)
		if row.Block != i || i+1 < len(rows) && row.Through != seqAt(row.Block, blockSize-1) {
			term = "…"
		}
		if term != "" {
			found = append(found, Finding{seqAt(row.Block, 0), row.Through, term})
		}
	}
	return found, wrap(err, "Check")
}

// checkBlock is a term that differs; empty for none.
func checkBlock(ctx context.Context, q sqlx.QueryerContext, community int, row stored) (differs string, err error) {
	entries, err := readRun(ctx, q, community, seqAt(row.Block, 0)-1, row.Through)
	if err != nil {
		return "", err
	}
	b := newBlock(row.Block)
	for _, e := range entries {
		b.note(e)
	}
	var kept []struct {
		Term    string `db:"term"`
		Entries []byte `db:"entries"`
	}
	err = sqlx.SelectContext(ctx, q, &kept, `SELECT term, entries FROM search.term WHERE community_id = $1 AND block = $2 ORDER BY term`, community, row.Block)
	if err != nil {
		return "", err
	}
	if b.through != row.Through || !b.first.Equal(row.FirstDay) || !b.last.Equal(row.LastDay) {
		return "…", nil
	}
	for _, k := range kept {
		if s := b.terms[k.Term]; s == nil || !slices.Equal(s.bytes(), k.Entries) {
			return k.Term, nil
		}
		delete(b.terms, k.Term)
	}
	for term := range b.terms {
		return term, nil
	}
	return "", nil
}
