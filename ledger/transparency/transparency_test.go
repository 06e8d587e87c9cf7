package transparency_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger/transparency"
	"fund/migrations/pgtest"
)

var ctx = context.Background()

func newKey(t testing.TB) transparency.Key {
	t.Helper()
	k, _, err := transparency.NewKey("fund.example.org")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func record(n int64) []byte { return fmt.Appendf(nil, "record %d", n) }

// leaves writes the records from..to-1 as the verb that writes records does.
func leaves(t testing.TB, db *sqlx.DB, community int, from, to int64) {
	t.Helper()
	for n := from; n < to; n++ {
		h := tlog.RecordHash(record(n))
		db.MustExec(`INSERT INTO transparency.leaf VALUES ($1, $2, $3)`, community, n, h[:])
	}
}

func seal(db *sqlx.DB, community int, k transparency.Key) (c transparency.Checkpoint, err error) {
	tx := db.MustBeginTx(ctx, nil)
	defer tx.Rollback()
	if c, err = transparency.Seal(ctx, tx, community, "angong", k, time.Now()); err != nil {
		return c, err
	}
	return c, tx.Commit()
}

// Every leaf of every tree of 1 to 70 leaves is proven, and every pair of checkpoints.
func TestProofs(t *testing.T) {
	t.Parallel()
	db, k := pgtest.DB(t), newKey(t)
	const most = 70
	for n := range int64(most) {
		leaves(t, db.Owner, 1, n, n+1)
		c, err := seal(db.App, 1, k)
		if err != nil || c.Size != n+1 || c.Number != int(n+1) {
			t.Fatalf("Seal: %+v, %v", c, err)
		}
	}
	all, err := transparency.All(ctx, db.App, 1)
	if err != nil || len(all) != most {
		t.Fatal(len(all), err)
	}
	for i, c := range all {
		if all[i], err = transparency.OpenCheckpoint(c.Note, k.Verifier()); err != nil || all[i].Root != c.Root {
			t.Fatal(err)
		}
		for n := range c.Size {
			p, err := transparency.Entries.Prove(ctx, db.App, 1, n, c)
			if err != nil {
				t.Fatal(err)
			}
			read, err := transparency.ParseProof(p.Text())
			if diff := cmp.Diff(p, read, cmpopts.EquateEmpty()); err != nil || diff != "" {
				t.Fatalf("%v\n%s", err, diff)
			}
			if _, err := read.Verify(record(n), k.Verifier()); err != nil {
				t.Fatalf("leaf %d of %d: %v", n, c.Size, err)
			}
			if _, err := read.Verify(record(n+1), k.Verifier()); !errors.Is(err, transparency.ErrProof) {
				t.Fatalf("another record as leaf %d of %d: %v", n, c.Size, err)
			}
		}
		if _, err := transparency.Entries.Prove(ctx, db.App, 1, c.Size, c); !errors.Is(err, transparency.ErrNotSealed) {
			t.Fatal(err)
		}
	}
	for i, older := range all {
		for _, newer := range all[i:] {
			path, err := transparency.Entries.ProveExtends(ctx, db.App, 1, older, newer)
			if err != nil {
				t.Fatal(err)
			}
			if err := transparency.Extends(older, newer, path, nil); err != nil {
				t.Fatalf("%d extends %d: %v", newer.Size, older.Size, err)
			}
			fork := newer
			fork.Root[7]++
			if err := transparency.Extends(older, fork, path, nil); !errors.Is(err, transparency.ErrProof) {
				t.Fatalf("a fork of %d extends %d: %v", newer.Size, older.Size, err)
			}
			if newer.Size > older.Size {
				if err := transparency.Extends(newer, older, path, nil); !errors.Is(err, transparency.ErrProof) {
					t.Fatalf("%d extends %d: %v", older.Size, newer.Size, err)
				}
			}
		}
	}
	if flaws, err := transparency.Audit(ctx, db.App, 1, k.Verifier()); err != nil || len(flaws) > 0 {
		t.Errorf("Audit: %v, %v", flaws, err)
	}
}

func TestSealWithoutNewLeaves(t *testing.T) {
	t.Parallel()
	db, k := pgtest.DB(t), newKey(t)
	if c, err := seal(db.App, 1, k); err != nil || c.Size != 0 {
		t.Errorf("an empty log: %+v, %v", c, err)
	}
	leaves(t, db.Owner, 1, 0, 5)
	first, err := seal(db.App, 1, k)
	if err != nil {
		t.Fatal(err)
	}
	again, err := seal(db.App, 1, k)
	if err != nil || again.Number != first.Number || again.Note != first.Note {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestSealersOfManyProcesses(t *testing.T) {
	t.Parallel()
	db, k := pgtest.DB(t), newKey(t)
	leaves(t, db.Owner, 1, 0, 100)
	// A sealer that has not committed: the others wait for it, then come second.
	tx := db.App.MustBegin()
	defer tx.Rollback()
	if _, err := transparency.Seal(ctx, tx, 1, "angong", k, time.Now()); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	errs := make(chan error, 4)
	for range cap(errs) {
		wg.Go(func() {
			_, err := seal(db.App, 1, k)
			errs <- err
		})
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil && !errors.Is(err, transparency.ErrSealedElsewhere) {
			t.Error(err)
		}
	}
	if all, err := transparency.All(ctx, db.App, 1); err != nil || len(all) != 1 {
		t.Errorf("%d checkpoints, %v", len(all), err)
	}
}

func TestKeyFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	made, err := transparency.OpenKey(dir, "fund.example.org")
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "log.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("log.key: %v, %v", info.Mode(), err)
	}
	read, err := transparency.OpenKey(dir, "another.name")
	if err != nil || read.Public() != made.Public() {
		t.Errorf("read again: %v, %v", read.Public(), err)
	}
	other := newKey(t)
	if err := os.WriteFile(filepath.Join(dir, "log.pub"), []byte(other.Public()), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := transparency.OpenKey(dir, "x"); err == nil {
		t.Error("two halves that do not belong together were taken")
	}
}

func TestAnotherKeyDoesNotOpenACheckpoint(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	leaves(t, db.Owner, 1, 0, 3)
	c, err := seal(db.App, 1, newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := transparency.OpenCheckpoint(c.Note, newKey(t).Verifier()); !errors.Is(err, transparency.ErrSignature) {
		t.Error(err)
	}
}

func FuzzParseProof(f *testing.F) {
	h := sha256.Sum256([]byte("x"))
	good := transparency.InclusionProof{Index: 3, Path: []tlog.Hash{h, h}, Signed: "a\n4\nb\n\n— x y\n"}.Text()
	k := newKey(f)
	for _, seed := range []string{good, "", strings.Replace(good, "3", "-3", 1), strings.Replace(good, "index", "Index", 1), good[:40]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := transparency.ParseProof(text); err == nil {
			again, err := transparency.ParseProof(p.Text())
			if diff := cmp.Diff(p, again, cmpopts.EquateEmpty()); err != nil || diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
			if _, err := p.Verify([]byte("x"), k.Verifier()); err == nil {
				t.Error("a text without this key's signature was believed")
			}
		} else if !errors.Is(err, transparency.ErrMalformed) {
			t.Errorf("%v", err)
		}
		if _, err := transparency.OpenCheckpoint(text, k.Verifier()); !errors.Is(err, transparency.ErrSignature) {
			t.Errorf("OpenCheckpoint: %v", err)
		}
	})
}
