package transparency_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"fund/ledger/transparency"
	"fund/migrations/pgtest"
)

func cosigner(t testing.TB, name string) transparency.Cosigner {
	t.Helper()
	c, err := transparency.NewCosigner(name, []byte(strings.Repeat("s", 32)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The example of C2SP tlog-cosignature has a key of which only the line is published; ours are of the same form.
func TestACosignatureIsReadByItsKeyAlone(t *testing.T) {
	t.Parallel()
	db, k := pgtest.DB(t), newKey(t)
	leaves(t, db.Owner, 1, 0, 3)
	c, err := seal(db.App, 1, k)
	if err != nil {
		t.Fatal(err)
	}
	li, wang, at := cosigner(t, "li.example.org"), cosigner(t, "wang.example.org"), time.Unix(1679315147, 0)
	line, err := li.Cosign(c.Note, at)
	if err != nil {
		t.Fatal(err)
	}
	signed := transparency.WithCosignatures(c.Note, line)
	found, err := transparency.Cosignatures(signed, li.Cosignatory(), wang.Cosignatory())
	if err != nil || len(found) != 1 || found[0].By.Name() != "li.example.org" || !found[0].At.Equal(at) || found[0].Line != line {
		t.Errorf("%+v, %v", found, err)
	}
	if read, err := transparency.OpenCheckpoint(signed, k.Verifier()); err != nil || read.Root != c.Root {
		t.Errorf("the log's own signature is not found any more: %v", err)
	}
	again, err := transparency.ParseCosignatory(li.Cosignatory().Public() + "\n")
	if err != nil || again.Public() != li.Cosignatory().Public() {
		t.Errorf("%q, %v", again.Public(), err)
	}
	for name, altered := range map[string]string{
		"another witness": signed, "another size": strings.Replace(signed, "\n3\n", "\n4\n", 1), "none": c.Note,
		"another time": strings.Replace(signed, line, line[:len("— li.example.org ")+6]+"B"+line[len("— li.example.org ")+7:], 1),
	} {
		by := li
		if name == "another witness" {
			by = wang
		}
		if got, err := transparency.Cosignatures(altered, by.Cosignatory()); !errors.Is(err, transparency.ErrNoCosignature) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for _, wrong := range []string{"", "li", "li.example.org+00000000+BGQe", k.Public(), strings.Replace(li.Cosignatory().Public(), "li.", "lo.", 1)} {
		if _, err := transparency.ParseCosignatory(wrong); err == nil {
			t.Errorf("%q is read as a witness's key", wrong)
		}
	}
	if _, err := transparency.NewCosigner("a name", []byte(strings.Repeat("s", 32))); err == nil {
		t.Error("a name with a space is taken")
	}
}

// A witness that is shown a log as it grows signs each step, and none of a forked one; whatever it is asked it never goes back.
func TestAWitnessNeverGoesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := newKeyFor(t)
		honest, forked := tree(rapid.IntRange(1, 40).Draw(t, "leaves"), -1), []tlog.Hash(nil)
		var last transparency.Checkpoint
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			size := int64(rapid.IntRange(0, len(honest)).Draw(t, "size"))
			from, of := honest, "honest"
			if rapid.Bool().Draw(t, "fork") {
				forked = tree(len(honest), rapid.IntRange(0, len(honest)-1).Draw(t, "at"))
				from, of = forked, "forked"
			}
			next := transparency.Checkpoint{Origin: k.Origin("angong"), Size: size, Root: transparency.RootOf(from[:size])}
			var path []tlog.Hash
			if last.Size > 0 && last.Size < size {
				path, _ = tlog.ProveTree(size, last.Size, transparency.StoredTree(from[:size]))
			}
			err := next.Continues(last, last.Size, path)
			continues := size >= last.Size && (last.Size == 0 || transparency.RootOf(from[:last.Size]) == last.Root)
			if (err == nil) != continues {
				t.Fatalf("%s %d after %d: %v", of, size, last.Size, err)
			}
			if err == nil {
				last = next
			}
		}
	})
}

func newKeyFor(t *rapid.T) transparency.Key {
	k, _, err := transparency.NewKey("fund.example.org")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// tree is leaves, one of which is another one.
func tree(size, other int) (all []tlog.Hash) {
	for n := range size {
		text := fmt.Sprintf("record %d", n)
		if n == other {
			text += " forged"
		}
		all = append(all, tlog.RecordHash([]byte(text)))
	}
	return all
}

// Two signed checkpoints of any sizes are proven to contradict each other exactly where they do, by the public key alone.
func TestAForkIsProvenExactlyWhereThereIsOne(t *testing.T) {
	t.Parallel()
	k := newSigner(t)
	const most = 20
	honest := tree(most, -1)
	for other := -1; other < most; other++ {
		rewritten := tree(most, other)
		for from := 1; from <= most; from += 3 {
			for to := from; to <= most; to += 4 {
				older, newer := k.sign(t, honest[:from]), k.sign(t, rewritten[:to])
				fork, err := transparency.Entries.Contradiction(older, newer, rewritten, honest[:from])
				there := other >= 0 && other < from
				if (err == nil) != there {
					t.Fatalf("leaf %d, %d and %d: %v", other, from, to, err)
				}
				if !there {
					continue
				}
				read, err := transparency.ParseFork(fork.Text())
				if err != nil {
					t.Fatal(err)
				}
				if _, _, err := read.Verify(k.by); err != nil || read.Leaf == nil || read.Leaf.Index != int64(other) {
					t.Fatalf("leaf %d, %d and %d: %v", other, from, to, err)
				}
				if _, _, err := read.Verify(newKey(t).Verifier()); !errors.Is(err, transparency.ErrSignature) {
					t.Fatalf("by another key: %v", err)
				}
				for _, spoil := range []func(f *transparency.Fork){
					func(f *transparency.Fork) { f.Begins[3]++ }, func(f *transparency.Fork) { f.Leaf.Older.Hash = f.Leaf.Newer.Hash },
					func(f *transparency.Fork) { f.Leaf.Index++ }, func(f *transparency.Fork) { f.Leaf.Newer.Record = []byte("else") },
					func(f *transparency.Fork) { f.Older = f.Newer }, func(f *transparency.Fork) { f.Path = append(f.Path, f.Begins) },
				} {
					f, err := transparency.ParseFork(fork.Text())
					if err != nil {
						t.Fatal(err)
					}
					spoil(&f)
					if _, _, err := f.Verify(k.by); !errors.Is(err, transparency.ErrNoFork) {
						t.Fatalf("leaf %d, %d and %d: a spoilt proof: %v", other, from, to, err)
					}
				}
			}
		}
	}
}

// The server's list of witnesses keeps what they sign, once, and nobody else's.
func TestCountersignaturesAreKept(t *testing.T) {
	t.Parallel()
	db, k := pgtest.DB(t), newKey(t)
	leaves(t, db.Owner, 1, 0, 3)
	db.Owner.MustExec(`INSERT INTO ledger.community (id, slug, name_zh, name_en, standard) VALUES (1, 'angong', 'x', 'x', 'npo-2026')`)
	c, err := seal(db.App, 1, k)
	if err != nil {
		t.Fatal(err)
	}
	li, stranger := cosigner(t, "li.example.org"), cosigner(t, "stranger.example.org")
	keep := func(signed string) (by []transparency.Witness, err error) {
		tx := db.App.MustBegin()
		defer tx.Rollback()
		if by, err = transparency.KeepCosignatures(ctx, tx, 1, signed); err != nil {
			return nil, err
		}
		return by, tx.Commit()
	}
	db.Do(t, func(tx *sqlx.Tx) error {
		_, err := transparency.AddWitness(ctx, tx, 1, transparency.Witness{Title: "李", PublicKey: li.Cosignatory().Public(), AddedBy: "user:1", AddedAt: time.Now()})
		return err
	})
	for _, w := range []struct {
		by   transparency.Cosigner
		text string
		want error
	}{
		{stranger, c.Note, transparency.ErrNoCosignature},
		{li, strings.Replace(c.Note, "\n3\n", "\n4\n", 1), transparency.ErrUnknownCheckpoint},
		{li, c.Note, nil},
		{li, strings.ReplaceAll(c.Note, "\n", "\r\n"), nil},
	} {
		line, err := w.by.Cosign(strings.ReplaceAll(w.text, "\r\n", "\n"), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keep(w.text + line + "\n"); !errors.Is(err, w.want) {
			t.Errorf("%v, want %v", err, w.want)
		}
	}
	kept, err := transparency.CountersignaturesOf(ctx, db.App, 1, c.Number)
	if err != nil || len(kept) != 1 || kept[0].Title != "李" {
		t.Errorf("%+v, %v", kept, err)
	}
	for name, sql := range map[string]string{
		"a line":       `UPDATE transparency.cosignature SET line = '— x eA==' WHERE community_id = 1`,
		"taken away":   `DELETE FROM transparency.cosignature`,
		"another key":  `UPDATE transparency.witness SET public_key = 'xxxxxxxxxxxxxxxxxxxxxxxxx'`,
		"a fork taken": `DELETE FROM transparency.fork`,
	} {
		for role, q := range map[string]*sqlx.DB{"the server's role": db.App, "the owner": db.Owner} {
			if _, err := q.Exec(sql); err == nil && !(name == "another key" && role == "the owner") {
				t.Errorf("%s by %s is let through", name, role)
			}
		}
	}
}

// signer is a log's key with which a test signs any tree.
type signer struct {
	note.Signer
	by note.Verifier
}

func newSigner(t testing.TB) signer {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, "fund.example.org")
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	by, err := transparency.ParseVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	return signer{s, by}
}

func (s signer) sign(t testing.TB, leaves []tlog.Hash) transparency.Checkpoint {
	t.Helper()
	root := transparency.RootOf(leaves)
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("fund.example.org/c/angong\n%d\n%s\n", len(leaves), root)}, s)
	if err != nil {
		t.Fatal(err)
	}
	c, err := transparency.OpenCheckpoint(string(signed), s.by)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
