package public_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"

	"fund/campaigns"
	"fund/ledger/transparency"
)

// A paper that is shown can be proven, and its list only ever grows.
func TestAPaperIsProvenInPublic(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	v := b.visitor(t)
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewGray(image.Rect(0, 0, 60, 40))); err != nil {
		t.Fatal(err)
	}
	seq := get[int64](t, b.house, `SELECT seq FROM ledger.journal_entry WHERE year = 2017 AND number = 3`)
	show := func() {
		b.Do(t, func(tx *sqlx.Tx) error {
			return campaigns.AddEvidence(t.Context(), tx, b.ID, seq, bytes.NewReader(file.Bytes()), "小票", "user:1")
		})
	}
	show()
	const at = "/c/angong/ledger/2017-3"
	wantIn(t, "the entry", v.get(at).Body, at+"/papers/1/proof.txt")
	if a := v.get(at + "/papers/1/proof.txt"); a.Status != 409 {
		t.Errorf("before a checkpoint covers it: %d", a.Status)
	}
	b.seal(t)
	show()
	b.seal(t)
	by, err := transparency.ParseVerifier(v.get("/c/angong/log/key").Body)
	if err != nil {
		t.Fatal(err)
	}
	text := v.get(at + "/papers/2/proof.txt").Body
	cut := strings.Index(text, "fund paper proof v1")
	proof, err := transparency.ParseProof(text[max(cut, 0):])
	if err != nil || cut < 0 {
		t.Fatalf("%v in %s", err, text)
	}
	if sealed, err := proof.Verify([]byte(text[:cut]), by); err != nil || sealed.Papers != 2 {
		t.Errorf("%+v, %v", sealed, err)
	}
	var both [2]transparency.Checkpoint
	for i, number := range []string{"1", "2"} {
		if both[i], err = transparency.OpenCheckpoint(v.get("/c/angong/log/checkpoint/"+number).Body, by); err != nil {
			t.Fatal(err)
		}
	}
	var papers []tlog.Hash
	_, second, _ := strings.Cut("\n"+v.get("/c/angong/log/between/1/2").Body, "\n\n")
	if papers, err = hashes(second); err != nil || len(papers) == 0 {
		t.Fatalf("%q, %v", second, err)
	}
	if err := transparency.Extends(both[0], both[1], nil, papers); err != nil {
		t.Error(err)
	}
	for _, wrong := range []string{at + "/papers/9/proof.txt", "/c/angong/ledger/2017-4/papers/1/proof.txt"} {
		if a := v.get(wrong); a.Status != 404 {
			t.Errorf("%s: %d", wrong, a.Status)
		}
	}
}
