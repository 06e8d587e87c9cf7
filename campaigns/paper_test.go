package campaigns_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/transparency"
)

func newKey(t testing.TB) transparency.Key {
	t.Helper()
	key, _, err := transparency.NewKey("fund.test")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// bought posts something that has papers.
func (o *office) bought(t testing.TB, source string) int64 {
	t.Helper()
	var posted []ledger.Posted
	o.Do(t, func(tx *sqlx.Tx) error {
		book, err := ledger.OpenBook(t.Context(), tx, o.ID)
		if err != nil {
			return err
		}
		cash, err := book.Account(ledger.Cash)
		if err != nil {
			return err
		}
		cost, err := book.Account(ledger.ProgrammeExpense)
		if err != nil {
			return err
		}
		posted, err = ledger.Post(t.Context(), tx, o.ID, ledger.Entry{
			Date: o.Day(morning), Kind: "expense", Source: source, Memo: "米面", PostedBy: "user:1",
			Postings: []ledger.Posting{ledger.Debit(cost, ledger.GeneralFundID, yuan("10")), ledger.Credit(cash, ledger.GeneralFundID, yuan("10"))},
		})
		return err
	})
	return posted[0].Seq
}

func (o *office) keep(t testing.TB, entry int64, file []byte) (kept campaigns.Original) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		if kept, err = campaigns.KeepOriginal(t.Context(), tx, o.ID, bytes.NewReader(file), "发票", "user:1"); err == nil {
			_, err = campaigns.AttachOriginal(t.Context(), tx, o.ID, entry, kept, "user:1")
		}
		return err
	})
	return kept
}

func (o *office) show(t testing.TB, entry int64) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) error {
		return campaigns.AddEvidence(t.Context(), tx, o.ID, entry, bytes.NewReader(asJPEG(t, halves(80, 80))), "小票", "user:1")
	})
}

func (o *office) seal(t testing.TB, key transparency.Key) (c transparency.Checkpoint) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		c, err = transparency.Seal(t.Context(), tx, o.ID, o.Slug, key, time.Now())
		return err
	})
	return c
}

func (o *office) said(t testing.TB, key transparency.Key) (said string) {
	t.Helper()
	first, err := ledger.Check(t.Context(), o.App, o.Community, key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	second, err := campaigns.Check(t.Context(), o.App, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(first, second...) {
		said += string(f.Code) + " " + f.Text("zh") + "\n"
	}
	return said
}

func TestPapersAreSignedBesideTheEntries(t *testing.T) {
	t.Parallel()
	o, key := open(t), newKey(t)
	entry := o.bought(t, "manual:1")
	before := o.seal(t, key)
	if before.Papers != 0 || strings.Contains(before.Note, "papers") {
		t.Errorf("a log without papers tells of them: %s", before.Note)
	}
	scanned := o.keep(t, entry, sheet(t))
	if scanned.Media != campaigns.MediaPDF || scanned.Pages != 2 || scanned.Scans() != 1 {
		t.Errorf("kept: %+v", scanned)
	}
	if page, err := scanned.Scan(0); err != nil || !bytes.HasPrefix(page, []byte{0xff, 0xd8}) {
		t.Errorf("its scanned page: %v", err)
	}
	o.show(t, entry)
	waiting, err := transparency.Unsealed(ctx, o.App, []int{o.ID})
	if err != nil || len(waiting) != 1 {
		t.Fatalf("papers alone wait for no checkpoint: %v, %v", waiting, err)
	}
	first := o.seal(t, key)
	if first.Size != before.Size || first.Papers != 2 || !strings.Contains(first.Note, "\npapers 2 ") {
		t.Fatalf("%+v", first)
	}
	if again := o.seal(t, key); again.Number != first.Number {
		t.Error("a checkpoint was made of nothing new")
	}
	o.keep(t, o.bought(t, "manual:2"), asJPEG(t, halves(300, 200)))
	second := o.seal(t, key)
	papers, err := transparency.Papers.ProveExtends(ctx, o.App, o.ID, first, second)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := transparency.Entries.ProveExtends(ctx, o.App, o.ID, first, second)
	if err != nil {
		t.Fatal(err)
	}
	if err := transparency.Extends(first, second, entries, papers); err != nil {
		t.Error(err)
	}
	forked := second
	forked.PapersRoot[3]++
	if err := transparency.Extends(first, forked, entries, papers); !errors.Is(err, transparency.ErrProof) {
		t.Errorf("papers rewritten between two checkpoints: %v", err)
	}
	for number := range int64(3) {
		ev, err := campaigns.ProvePaper(ctx, o.App, o.Community, number+1)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := transparency.ParseProof(ev.Proof.Text())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := proof.Verify(ev.Record, key.Verifier()); err != nil {
			t.Errorf("paper %d: %v", number+1, err)
		}
		if proof.Tree = transparency.Entries; number < 2 { // the two trees are not each other
			if _, err := proof.Verify(ev.Record, key.Verifier()); !errors.Is(err, transparency.ErrProof) {
				t.Errorf("paper %d passes for an entry: %v", number+1, err)
			}
		}
		slug, p, err := campaigns.ParsePaper(ev.Record)
		if err != nil || slug != o.Slug || p.Number != number+1 {
			t.Errorf("%+v, %v", p, err)
		}
		if _, _, err := campaigns.ParsePaper(append(ev.Record, 'x')); !errors.Is(err, ledger.ErrRecord) {
			t.Errorf("a longer record: %v", err)
		}
	}
	if said := o.said(t, key); said != "" {
		t.Errorf("untouched: %s", said)
	}
}

// Whoever has the disk in hand can change everything but what was signed.
func TestCheckNamesAPaperThatWasTamperedWith(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ damage, want string }{
		"the file deleted":                      {`DELETE FROM campaigns.picture WHERE id = (SELECT file_id FROM campaigns.paper WHERE number = 2)`, "paper_missing 第 2 (2026-1) 号"},
		"the file swapped":                      {`UPDATE campaigns.picture SET jpeg = jpeg || 'x'`, "paper_swapped 第 2 (2026-1) 号"},
		"the original swapped, with its digest": {`UPDATE campaigns.original SET bytes = 'x', digest = sha256('x')`, "paper_swapped 第 1 (2026-1) 号"},
		"the record changed":                    {`UPDATE campaigns.paper SET digest = sha256('x') WHERE number = 2`, "paper_changed 第 2 号"},
		"record and leaf changed": {
			`UPDATE campaigns.paper SET added_by = 'user:9' WHERE number = 1;
			UPDATE transparency.paper_leaf SET hash = (SELECT sha256('\x00'::bytea || campaigns.paper_record(p, 'angong')) FROM campaigns.paper p WHERE number = 1) WHERE leaf_index = 0`,
			"papers_differ 第 1 号",
		},
		"record, leaf and tree changed": {
			`UPDATE campaigns.paper SET added_by = 'user:9' WHERE number = 2;
			UPDATE transparency.paper_leaf SET hash = (SELECT sha256('\x00'::bytea || campaigns.paper_record(p, 'angong')) FROM campaigns.paper p WHERE number = 2) WHERE leaf_index = 1;
			UPDATE transparency.paper_hash h SET hash = l.hash FROM transparency.paper_leaf l WHERE l.leaf_index = 1 AND h.hash_index = 1;
			UPDATE transparency.paper_hash SET hash = sha256('\x01'::bytea || (SELECT hash FROM transparency.paper_hash WHERE hash_index = 0) || (SELECT hash FROM transparency.paper_hash WHERE hash_index = 1)) WHERE hash_index = 2`,
			"papers_differ 第 1–2 号票据里，有的在第 1 号账目快照签名之后被改动过",
		},
		"the last removed with its leaf": {
			`DELETE FROM campaigns.evidence; DELETE FROM campaigns.picture; DELETE FROM campaigns.paper WHERE number = 2; DELETE FROM transparency.paper_leaf WHERE leaf_index = 1`,
			"papers_differ 第 2 号票据的登记不见了",
		},
		"shown past the list":     {`INSERT INTO campaigns.evidence SELECT community_id, entry_seq, gen_random_uuid(), 'x', digest, 'user:9' FROM campaigns.evidence`, "paper_unlogged 凭证 2026-1"},
		"the signed line changed": {`UPDATE transparency.checkpoint SET papers = 1`, "checkpoint_invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, key := open(t), newKey(t)
			entry := o.bought(t, "manual:1")
			o.keep(t, entry, plainPDF())
			o.show(t, entry)
			o.seal(t, key)
			o.Owner.MustExec(`SET session_replication_role = replica; ` + c.damage)
			if said := o.said(t, key); !strings.Contains(said, c.want) {
				t.Errorf("said %q, want %q", said, c.want)
			}
		})
	}
}

func TestAWithdrawnPaperLeavesItsTrace(t *testing.T) {
	t.Parallel()
	o, key := open(t), newKey(t)
	entry := o.bought(t, "manual:1")
	kept := o.keep(t, entry, plainPDF())
	o.show(t, entry)
	shown, err := campaigns.EvidenceOf(ctx, o.App, o.ID, entry)
	if err != nil || len(shown[entry]) != 1 || shown[entry][0].Paper != 2 {
		t.Fatalf("%+v, %v", shown, err)
	}
	o.Do(t, func(tx *sqlx.Tx) error {
		return campaigns.WithdrawEvidence(t.Context(), tx, o.ID, entry, shown[entry][0].PictureID, "user:1")
	})
	o.Do(t, func(tx *sqlx.Tx) error { return campaigns.WithdrawOriginal(t.Context(), tx, o.ID, kept.ID, "user:1") })
	if _, err := campaigns.FindOriginal(ctx, o.App, o.ID, kept.ID); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("it is still there: %v", err)
	}
	if c := o.seal(t, key); c.Papers != 4 {
		t.Errorf("%d lines in the list, want two papers and two withdrawals", c.Papers)
	}
	if said := o.said(t, key); said != "" {
		t.Error(said)
	}
}

// The list has one door, and what went through it stays.
func TestTheListOfPapersIsOnlyEverLonger(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.show(t, o.bought(t, "manual:1"))
	for _, statement := range []string{
		`UPDATE campaigns.paper SET added_by = 'user:9'`, `DELETE FROM campaigns.paper`, `TRUNCATE campaigns.paper`,
		`UPDATE transparency.paper_leaf SET hash = hash`, `DELETE FROM transparency.paper_leaf`,
	} {
		if _, err := o.Owner.Exec(statement); !errors.Is(ledger.Explain(err), ledger.ErrImmutable) {
			t.Errorf("the owner: %s: %v", statement, err)
		}
		if _, err := o.App.Exec(statement); !errors.Is(ledger.Explain(err), ledger.ErrNotAllowed) {
			t.Errorf("the server: %s: %v", statement, err)
		}
	}
	if _, err := o.App.Exec(`INSERT INTO campaigns.paper SELECT community_id, 2, entry_seq, 'withdrawn', file_id, media, digest, 'user:1', now() FROM campaigns.paper`); !errors.Is(ledger.Explain(err), ledger.ErrNotAllowed) {
		t.Errorf("the server past the door: %v", err)
	}
}

func TestKeepOriginalRefuses(t *testing.T) {
	t.Parallel()
	o := open(t)
	for name, c := range map[string]struct {
		file io.Reader
		want error
	}{
		"text":    {strings.NewReader("hello"), campaigns.ErrPaperUnreadable},
		"large":   {bytes.NewReader(make([]byte, campaigns.PaperBytesMax+1)), campaigns.ErrPictureTooLarge},
		"program": {bytes.NewReader(plainPDF("4 0 obj <</JS(x)>> endobj")), campaigns.ErrPDFActive},
	} {
		err := o.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.KeepOriginal(ctx, tx, o.ID, c.file, "x", "user:1")
			return err
		})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	kept := o.keep(t, o.bought(t, "manual:1"), plainPDF())
	if _, err := kept.Scan(0); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("a scan of a file without one: %v", err)
	}
	if err := o.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.AttachOriginal(ctx, tx, o.ID, 1, kept, "user:1")
		return err
	}); !errors.Is(err, campaigns.ErrState) {
		t.Errorf("attached twice: %v", err)
	}
	if _, err := campaigns.ProvePaper(ctx, o.App, o.Community, 9); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("a paper that is not there: %v", err)
	}
	if _, err := campaigns.FindOriginal(ctx, o.App, o.ID, uuid.New()); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("an original that is not there: %v", err)
	}
}
