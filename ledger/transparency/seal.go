package transparency

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// sealAtOnce is how many leaves one Seal takes in at most, so that a long
// import is sealed in steps of bounded memory.
const sealAtOnce = 20_000

// ErrSealedElsewhere is returned to a sealer that came second: another process
// sealed the same leaves. Roll back; there is nothing left to do.
var ErrSealedElsewhere = errors.New("transparency: another process sealed these leaves")

// Seal hashes the leaves that came since the last checkpoint into the tree and
// signs a new checkpoint. Without new leaves it returns the last one. Several
// processes may try at once: one wins, the others get ErrSealedElsewhere and
// must roll back.
func Seal(ctx context.Context, tx *sqlx.Tx, community int, slug string, key Key, now time.Time) (c Checkpoint, err error) {
	defer func() {
		var dberr *pq.Error
		if errors.As(err, &dberr) && dberr.Code == "23505" {
			err = fmt.Errorf("%w (%w)", ErrSealedElsewhere, err)
		}
		wrap(&err, "transparency.Seal(%d)", community)
	}()
	last, err := Latest(ctx, tx, community)
	if err != nil && !errors.Is(err, ErrNoneSealed) {
		return c, err
	}
	c = Checkpoint{Origin: key.Origin(slug), Number: last.Number + 1, At: now}
	if c.Size, c.Root, err = Entries.seal(ctx, tx, community, last); err != nil {
		return c, err
	}
	if c.Papers, c.PapersRoot, err = Papers.seal(ctx, tx, community, last); err != nil {
		return c, err
	}
	if c.Size == last.Size && c.Papers == last.Papers {
		return last, nil
	}
	signed, err := note.Sign(&note.Note{Text: c.text()}, key.signer)
	if err != nil {
		return c, err
	}
	c.Note = string(signed)
	var papersRoot []byte
	if c.Papers > 0 {
		papersRoot = c.PapersRoot[:]
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO transparency.checkpoint (community_id, size, number, root, papers, papers_root, note, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		community, c.Size, c.Number, c.Root[:], c.Papers, papersRoot, c.Note, now)
	return c, err
}

// seal takes in the leaves that came to a tree since a checkpoint.
func (t Tree) seal(ctx context.Context, tx *sqlx.Tx, community int, last Checkpoint) (size int64, root tlog.Hash, err error) {
	size, root = last.Of(t)
	var leaves pq.ByteaArray
	err = tx.SelectContext(ctx, (*[][]byte)(&leaves), t.sql(`
		SELECT hash FROM transparency.leaf WHERE community_id = $1 AND leaf_index >= $2 ORDER BY leaf_index LIMIT $3`),
		community, size, sealAtOnce)
	if err != nil || len(leaves) == 0 {
		return size, root, err
	}
	if err := t.grow(ctx, tx, community, size, leaves); err != nil {
		return size, root, err
	}
	size += int64(len(leaves))
	root, err = tlog.TreeHash(size, t.reader(ctx, tx, community))
	return size, root, err
}

// grow writes the stored hashes that the new leaves bring, in tlog's order.
func (t Tree) grow(ctx context.Context, tx *sqlx.Tx, community int, size int64, leaves [][]byte) error {
	fresh := map[int64]tlog.Hash{}
	stored := t.reader(ctx, tx, community)
	both := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		var old []int64
		for i, index := range indexes {
			if h, ok := fresh[index]; ok {
				hashes[i] = h
			} else {
				old = append(old, index)
			}
		}
		if len(old) == 0 {
			return hashes, nil
		}
		more, err := stored.ReadHashes(old)
		if err != nil {
			return nil, err
		}
		for i, index := range indexes {
			if _, ok := fresh[index]; !ok {
				hashes[i], more = more[0], more[1:]
			}
		}
		return hashes, nil
	})
	var indexes pq.Int64Array
	var hashes pq.ByteaArray
	for i, leaf := range leaves {
		n := size + int64(i)
		more, err := tlog.StoredHashesForRecordHash(n, tlog.Hash(leaf), both)
		if err != nil {
			return err
		}
		at := tlog.StoredHashIndex(0, n)
		for j, h := range more {
			fresh[at+int64(j)] = h
			indexes = append(indexes, at+int64(j))
			hashes = append(hashes, h[:])
		}
	}
	_, err := tx.ExecContext(ctx, t.sql(`
		INSERT INTO transparency.hash (community_id, hash_index, hash) SELECT $1, * FROM unnest($2::bigint[], $3::bytea[])`),
		community, indexes, hashes)
	return err
}

// reader reads the tree's stored hashes.
func (t Tree) reader(ctx context.Context, q sqlx.QueryerContext, community int) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var rows []struct {
			Index int64  `db:"hash_index"`
			Hash  []byte `db:"hash"`
		}
		err := sqlx.SelectContext(ctx, q, &rows, t.sql(`
			SELECT hash_index, hash FROM transparency.hash WHERE community_id = $1 AND hash_index = ANY ($2)`),
			community, pq.Int64Array(indexes))
		if err != nil {
			return nil, err
		}
		found := make(map[int64]tlog.Hash, len(rows))
		for _, row := range rows {
			found[row.Index] = tlog.Hash(row.Hash)
		}
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			h, ok := found[index]
			if !ok {
				return nil, fmt.Errorf("stored hash %d is missing", index)
			}
			hashes[i] = h
		}
		return hashes, nil
	})
}

type row struct {
	Size       int64     `db:"size"`
	Number     int       `db:"number"`
	Root       []byte    `db:"root"`
	Papers     int64     `db:"papers"`
	PapersRoot []byte    `db:"papers_root"`
	Note       string    `db:"note"`
	At         time.Time `db:"created_at"`
}

func (r row) checkpoint() Checkpoint {
	c := Checkpoint{Size: r.Size, Number: r.Number, Root: tlog.Hash(r.Root), Papers: r.Papers, Note: r.Note, At: r.At}
	copy(c.PapersRoot[:], r.PapersRoot)
	return c
}

const selectCheckpoint = `SELECT size, number, root, papers, papers_root, note, created_at FROM transparency.checkpoint WHERE community_id = $1`

// Latest reads a community's newest checkpoint; ErrNoneSealed.
func Latest(ctx context.Context, q sqlx.QueryerContext, community int) (Checkpoint, error) {
	return find(ctx, q, selectCheckpoint+` ORDER BY number DESC LIMIT 1`, community)
}

// Covering reads the first checkpoint that covers a leaf; ErrNoneSealed.
func Covering(ctx context.Context, q sqlx.QueryerContext, community int, index int64) (Checkpoint, error) {
	return find(ctx, q, selectCheckpoint+` AND size > $2 ORDER BY size, papers LIMIT 1`, community, index)
}

// Numbered reads one checkpoint by its number; ErrNoneSealed.
func Numbered(ctx context.Context, q sqlx.QueryerContext, community, number int) (Checkpoint, error) {
	return find(ctx, q, selectCheckpoint+` AND number = $2`, community, number)
}

func find(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (Checkpoint, error) {
	var r row
	err := sqlx.GetContext(ctx, q, &r, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return Checkpoint{}, ErrNoneSealed
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("transparency: reading a checkpoint: %w", err)
	}
	return r.checkpoint(), nil
}

// All reads every checkpoint of a community, the oldest first.
func All(ctx context.Context, q sqlx.QueryerContext, community int) (all []Checkpoint, err error) {
	defer wrap(&err, "transparency.All(%d)", community)
	var rows []row
	err = sqlx.SelectContext(ctx, q, &rows, selectCheckpoint+` ORDER BY size, papers`, community)
	for _, r := range rows {
		all = append(all, r.checkpoint())
	}
	return all, err
}

// Before reads a page of a community's checkpoints, the newest first: those with a lower number, of all where it is 0.
func Before(ctx context.Context, q sqlx.QueryerContext, community, number, limit int) (page []Checkpoint, err error) {
	defer wrap(&err, "transparency.Before(%d, %d)", community, number)
	var rows []row
	err = sqlx.SelectContext(ctx, q, &rows, selectCheckpoint+` AND ($2 = 0 OR number < $2) ORDER BY number DESC LIMIT $3`, community, number, limit)
	for _, r := range rows {
		page = append(page, r.checkpoint())
	}
	return page, err
}

// Prove makes the proof that leaf index of a tree stands under a checkpoint.
// ErrNotSealed if the checkpoint is older than the leaf.
func (t Tree) Prove(ctx context.Context, q sqlx.QueryerContext, community int, index int64, under Checkpoint) (p InclusionProof, err error) {
	defer wrap(&err, "transparency.Prove(%d, %v %d)", community, t, index)
	size, _ := under.Of(t)
	if index >= size {
		return p, ErrNotSealed
	}
	path, err := tlog.ProveRecord(size, index, t.reader(ctx, q, community))
	return InclusionProof{Tree: t, Index: index, Path: path, Signed: under.Note}, err
}

// ProveExtends makes the proof that a tree of the newer checkpoint begins with
// the older one's, to be checked with Extends.
func (t Tree) ProveExtends(ctx context.Context, q sqlx.QueryerContext, community int, older, newer Checkpoint) (path []tlog.Hash, err error) {
	from, _ := older.Of(t)
	to, _ := newer.Of(t)
	defer wrap(&err, "transparency.ProveExtends(%d, %v %d, %d)", community, t, from, to)
	if from == to || from == 0 {
		return nil, nil
	}
	return tlog.ProveTree(to, from, t.reader(ctx, q, community))
}

func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), *err)
	}
}
