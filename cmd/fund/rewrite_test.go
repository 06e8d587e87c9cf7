package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/transparency"
	"fund/migrations/pgtest"
)

// served is an installation that is served, with one community of six sealed entries.
type served struct {
	*testing.T
	*pgtest.Database
	ledger.Community
	e    *env
	key  transparency.Key
	base string // http://127.0.0.1:…/c/gongzhang
	pub  string // the file of its public key
}

func serveLog(t *testing.T, name string) *served {
	t.Helper()
	s := &served{T: t, Database: pgtest.DB(t)}
	s.e = &env{app: s.App, read: s.App, keys: t.TempDir(), appURL: s.AppURL, ownerURL: s.OwnerURL, log: slog.New(slog.DiscardHandler)}
	s.pub = filepath.Join(s.e.keys, "log.pub")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	s.base = "http://" + listener.Addr().String() + "/c/gongzhang"
	a, err := newApp(t.Context(), s.e, siteOptions{logName: name, baseURL: "http://" + listener.Addr().String(), sandbox: true, demo: true})
	s.must(err)
	s.key, err = openLogKey(t.Context(), s.e, name)
	s.must(err)
	s.must(s.e.inTx(t.Context(), func(tx *sqlx.Tx) (err error) {
		s.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "gongzhang", NameZH: "弓长社区", NameEN: "Gongzhang", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	}))
	for n := 1; n <= 6; n++ {
		s.give(n)
		if n%2 == 0 {
			sealOnce(t.Context(), s.e, s.key)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() { _ = a.serve(ctx, listener) })
	t.Cleanup(func() { cancel(); serving.Wait() })
	return s
}

func (s *served) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *served) give(n int) {
	s.Helper()
	s.must(s.e.inTx(s.T.Context(), func(tx *sqlx.Tx) error {
		return gift(s.T, tx, s.Community, fmt.Sprintf("manual:%d", n), fmt.Sprintf("%d.00", 10*n))
	}))
}

// damage is what somebody who owns the machine does: as PostgreSQL's superuser, past every trigger and foreign key.
func (s *served) damage(sql ...string) {
	s.Helper()
	tx := s.Owner.MustBegin()
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing
	tx.MustExec(`SET LOCAL session_replication_role = replica`)
	for _, statement := range sql {
		tx.MustExec(statement)
	}
	s.must(tx.Commit())
}

// rewritten hashes and signs everything again, as whoever has the key can.
func (s *served) rewritten(sql ...string) {
	s.Helper()
	s.damage(append(sql, `DELETE FROM transparency.hash`, `DELETE FROM transparency.paper_hash`, `DELETE FROM transparency.cosignature`, `DELETE FROM transparency.checkpoint`)...)
	sealOnce(s.T.Context(), s.e, s.key)
}

// mirror runs the command, and returns what it says.
func (s *served) mirror(dir string) (said string, err error) {
	var out bytes.Buffer
	err = (&mirrorCmd{Key: s.pub, URL: s.base, Dir: dir}).Run(s.T.Context(), &out)
	return out.String(), err
}

// Whoever owns the machine edits, deletes, reorders, back-dates, or signs another history: the books themselves and a mirror
// each find it and say what was done.
func TestARewrittenHistoryIsFoundByTheBooksAndByAMirror(t *testing.T) {
	t.Parallel()
	forgeLeaf := `UPDATE transparency.leaf SET hash = sha256(hash) WHERE leaf_index = 2`
	for _, c := range []struct {
		name          string
		do            func(s *served)
		books, mirror string
		proof         bool
	}{
		{"edit", func(s *served) { s.damage(`UPDATE ledger.journal_entry SET memo = '别的' WHERE seq = 3`) }, "与账目日志中的记录不一致", "签名时：募捐箱；现在：别的", false},
		{"edit an amount", func(s *served) { s.damage(`UPDATE ledger.posting SET amount = sign(amount) * 99 WHERE seq = 3`) }, "凭证 2017-3", "30.00；现在：", false},
		{"delete", func(s *served) {
			s.damage(`DELETE FROM ledger.posting WHERE seq = 3`, `DELETE FROM ledger.journal_entry WHERE seq = 3`)
		}, "被删除过", "凭证 2017-3 不见了", false},
		{"reorder", func(s *served) {
			s.damage(`UPDATE ledger.journal_entry SET seq = 105 - seq, number = 105 - number WHERE seq IN (2, 3)`, `UPDATE ledger.journal_entry SET seq = seq - 100, number = number - 100 WHERE seq > 100`,
				`UPDATE ledger.posting SET seq = 105 - seq WHERE seq IN (2, 3)`, `UPDATE ledger.posting SET seq = seq - 100 WHERE seq > 100`)
		}, "调换过位置", "凭证 2017-2 的位置上，现在是第 3 笔的内容", false},
		{"back-date", func(s *served) {
			s.damage(`UPDATE ledger.journal_entry SET entry_date = '2017-11-30' WHERE seq = 3`, `UPDATE ledger.posting SET entry_date = '2017-11-30' WHERE seq = 3`)
		}, "原为 2017-12-05", "签名时是 2017-12-05，现在给看的是 2017-11-30", false},
		{"fork", func(s *served) { s.rewritten(forgeLeaf) }, "与账目日志中的记录不一致", "第 3 笔就不一样", true},
		{"fork and go on", func(s *served) { s.rewritten(forgeLeaf); s.give(7); sealOnce(s.T.Context(), s.e, s.key) }, "与账目日志中的记录不一致", "第 3 笔就不一样", true},
		{"cut off", func(s *served) {
			s.rewritten(`DELETE FROM ledger.posting WHERE seq = 6`, `DELETE FROM ledger.journal_entry WHERE seq = 6`, `DELETE FROM transparency.leaf WHERE leaf_index = 5`)
		}, "不见了", "它签过 6 笔的快照，现在只给看更少的", false},
		{"cut off and go on", func(s *served) {
			s.rewritten(`DELETE FROM ledger.posting WHERE seq = 6`, `DELETE FROM ledger.journal_entry WHERE seq = 6`, `DELETE FROM transparency.leaf WHERE leaf_index = 5`,
				`UPDATE ledger.book SET last_seq = 5`, `UPDATE ledger.book_year SET last_number = 5`)
			s.give(8)
			sealOnce(s.T.Context(), s.e, s.key)
		}, "存的是", "第 6 笔就不一样", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serveLog(t, "fund.test")
			dir := filepath.Join(t.TempDir(), "copy")
			if said, err := s.mirror(dir); err != nil || !strings.Contains(said, "全部一致") {
				t.Fatalf("before: %v\n%s", err, said)
			}
			c.do(s)
			var books bytes.Buffer
			by, err := readVerifier(s.pub)
			s.must(err)
			if err := checkBooks(t.Context(), s.e, by, "", false, &books); err != errFound || !strings.Contains(books.String(), c.books) { //nolint:errorlint // this very one
				t.Errorf("fund verify database: %v\n%s", err, books.String())
			}
			said, err := s.mirror(dir)
			if err != errFound || !strings.Contains(said, c.mirror) { //nolint:errorlint // this very one
				t.Errorf("fund mirror: %v\n%s", err, said)
			}
			proofs, err := filepath.Glob(filepath.Join(dir, "forks", "*.fork.json"))
			if err != nil || len(proofs) > 0 != c.proof {
				t.Fatalf("%d proofs, %v\n%s", len(proofs), err, said)
			}
			var proven bytes.Buffer
			for _, proof := range proofs {
				if err := (&verifyForkCmd{keyFlag{s.pub}, proof}).Run(&proven); err != nil || !strings.Contains(proven.String(), "证明成立") {
					t.Errorf("fund verify fork: %v\n%s", err, proven.String())
				}
			}
		})
	}
}

// Two communities, each on a server of its own: one countersigns what the other signs, and refuses its second history.
func TestTwoCommunitiesAreWitnessesOfEachOther(t *testing.T) {
	t.Parallel()
	ours, theirs := serveLog(t, "ours.test"), serveLog(t, "theirs.test")
	secret, err := theirs.e.witnesses("theirs.test")
	ours.must(err)
	as, err := secret("gongzhang")
	ours.must(err)
	if shown := ours.read(theirs.base + "/witness/key"); strings.TrimSpace(shown) != as.Cosignatory().Public() {
		t.Fatalf("their key as a witness is %s", shown)
	}
	silent, err := transparency.NewCosigner("silent.test", bytes.Repeat([]byte("s"), 32))
	ours.must(err)
	ours.must(ours.e.inTx(t.Context(), func(tx *sqlx.Tx) error {
		for _, w := range []transparency.Witness{
			{Title: "邻居", PublicKey: as.Cosignatory().Public(), Address: theirs.base + "/witness"},
			{Title: "没人", PublicKey: silent.Cosignatory().Public(), Address: "http://127.0.0.1:9/witness"},
		} {
			w.AddedBy, w.AddedAt = "user:1", time.Now()
			if _, err := transparency.AddWitness(t.Context(), tx, ours.ID, w); err != nil {
				return err
			}
		}
		return nil
	}))
	ask := func(want ...transparency.Answer) {
		t.Helper()
		ours.must(askWitnesses(t.Context(), ours.e, 0))
		all, err := transparency.Witnesses(t.Context(), ours.App, ours.ID)
		ours.must(err)
		for i, w := range all {
			if w.Answer != want[i] {
				t.Errorf("%s answered %q, want %q", w.Title, w.Answer, want[i])
			}
		}
	}
	ask(transparency.Stranger, transparency.Silent)

	ours.must(theirs.e.inTx(t.Context(), func(tx *sqlx.Tx) error {
		_, err := transparency.AddWatched(t.Context(), tx, theirs.ID, transparency.Watched{
			Title: "弓长社区", Origin: ours.key.Origin(ours.Slug), PublicKey: ours.key.Public(), AddedBy: "user:1", AddedAt: time.Now(),
		})
		return err
	}))
	countersigned := func(size int64) {
		t.Helper()
		signed := ours.read(ours.base + "/log/checkpoint")
		by, err := transparency.Cosignatures(signed, as.Cosignatory())
		if err != nil || time.Since(by[0].At) > time.Minute {
			t.Fatalf("%v in %s", err, signed)
		}
		if c, err := transparency.OpenCheckpoint(signed, ours.key.Verifier()); err != nil || c.Size != size {
			t.Fatalf("%d entries, %v", c.Size, err)
		}
	}
	ask(transparency.Signed, transparency.Silent)
	countersigned(6)
	ours.give(7)
	ours.give(8)
	sealOnce(t.Context(), ours.e, ours.key)
	ask(transparency.Signed, transparency.Silent)
	countersigned(8)
	if page := ours.read(ours.base + "/verify"); !strings.Contains(page, "邻居") || !strings.Contains(page, "会签到第 4 号快照") {
		t.Error("the page does not say who countersigned")
	}
	proof := filepath.Join(t.TempDir(), "proof.txt")
	ours.must(writeWhole(proof, func(w io.Writer) error {
		_, err := io.WriteString(w, ours.read(ours.base+"/ledger/2017-3/proof.txt"))
		return err
	}))
	key := filepath.Join(t.TempDir(), "witness.pub")
	ours.must(writeWhole(key, func(w io.Writer) error { _, err := io.WriteString(w, as.Cosignatory().Public()); return err }))
	var said bytes.Buffer
	err = (&verifyReceiptCmd{keyFlag: keyFlag{ours.pub}, witnessFlag: witnessFlag{[]string{key}}, File: proof}).Run(&said)
	if err != nil || !strings.Contains(said.String(), "会签：theirs.test/c/gongzhang/witness") {
		t.Errorf("%v\n%s", err, said.String())
	}

	// Our second history, of the same size: they refuse, and everybody can read why.
	ours.rewritten(`UPDATE transparency.leaf SET hash = sha256(hash) WHERE leaf_index = 2`)
	ask(transparency.Forked, transparency.Silent)
	forks, err := transparency.Forks(t.Context(), theirs.App, theirs.ID)
	if err != nil || len(forks) != 1 {
		t.Fatalf("%d forks kept, %v", len(forks), err)
	}
	fork, err := transparency.ParseFork(theirs.read(theirs.base + "/log/forks/" + forks[0].Name() + ".json"))
	ours.must(err)
	if _, _, err := fork.Verify(ours.key.Verifier()); err != nil {
		t.Error(err)
	}
	if _, _, err := fork.Verify(theirs.key.Verifier()); err == nil {
		t.Error("the proof is believed about another log")
	}
	// And one that goes on: nothing of it continues what they saw.
	ours.give(9)
	sealOnce(t.Context(), ours.e, ours.key)
	ask(transparency.Disputed, transparency.Silent)
}

func (s *served) read(address string) string {
	s.Helper()
	answer, err := http.Get(address) //nolint:gosec,noctx // our own
	s.must(err)
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	s.must(err)
	if answer.StatusCode != http.StatusOK {
		s.Fatalf("%s: %d", address, answer.StatusCode)
	}
	return string(b)
}

// A mirror that is stopped while it writes finds its copy whole the next time, and goes on.
func TestAMirrorThatWasStoppedGoesOn(t *testing.T) {
	t.Parallel()
	s, dir := serveLog(t, "fund.test"), filepath.Join(t.TempDir(), "copy")
	if said, err := s.mirror(dir); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	s.give(7)
	sealOnce(t.Context(), s.e, s.key)
	newest := filepath.Join(dir, "checkpoint") // what stands in the way of this file stops it at the last but one
	s.must(os.Remove(newest))
	s.must(os.MkdirAll(filepath.Join(newest, "in the way"), 0o755))
	if said, err := s.mirror(dir); err == nil {
		t.Fatalf("nothing stopped it:\n%s", said)
	}
	s.must(os.RemoveAll(newest))
	if said, err := s.mirror(dir); err != nil || !strings.Contains(said, "7 entries (1 new)") {
		t.Errorf("%v\n%s", err, said)
	}
	for _, folder := range []string{"tile/0/000.p", "tile/entries/000.p"} {
		if left, err := os.ReadDir(filepath.Join(dir, folder)); err != nil || len(left) != 1 {
			t.Errorf("%s: %v, %v", folder, left, err)
		}
	}
}
