package public_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger/transparency"
	"fund/web/page"
	"fund/web/webtest"
)

var updateProofs = flag.Bool("update-proofs", false, "write testdata/proofs.json anew")

var proofsFile = filepath.Join("testdata", "proofs.json")

// vector is a case that the Go packages and the browser's module judge alike.
type vector struct {
	Name    string `json:"name"`
	Do      string `json:"do"` // evidence, fork, continues
	Text    string `json:"text"`
	Older   string `json:"older,omitempty"`
	Newer   string `json:"newer,omitempty"`
	Between string `json:"between"`
	Want    string `json:"want"` // empty, or the step that fails: read, signed, path, fork
	Witness bool   `json:"witness,omitempty"`
}

type vectors struct {
	Key     string   `json:"key"`
	Witness string   `json:"witness"`
	Cases   []vector `json:"cases"`
}

// The keys of the vectors are no secret: they are made of a letter.
func vectorKeys(t testing.TB) (note.Signer, string, transparency.Cosigner) {
	t.Helper()
	const name = "vectors.example.org"
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte("v"), ed25519.SeedSize))
	public := append([]byte{1}, key.Public().(ed25519.PublicKey)...)
	sum := sha256.Sum256(append([]byte(name+"\n"), public...))
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%x+%s", name, sum[:4], base64.StdEncoding.EncodeToString(append([]byte{1}, key.Seed()...))))
	if err != nil {
		t.Fatal(err)
	}
	witness, err := transparency.NewCosigner("witness.example.org", bytes.Repeat([]byte("w"), 32))
	if err != nil {
		t.Fatal(err)
	}
	return signer, fmt.Sprintf("%s+%x+%s", name, sum[:4], base64.StdEncoding.EncodeToString(public)), witness
}

// makeVectors makes the cases: trees of many sizes, and everything that can be wrong about them.
func makeVectors(t testing.TB) (v vectors) {
	t.Helper()
	signer, public, witness := vectorKeys(t)
	v.Key, v.Witness = public, witness.Cosignatory().Public()
	record := func(n int, of string) []byte {
		return fmt.Appendf(nil, "fund entry v1\nangong\n%d\n2017-%d\n2017-12-05\n2017-12-05T01:02:03.000004Z\ndonation\ndonation:%d\n%s\n\nsystem\n-\n-\n1 1002 general 66.00\n2 4101 general -66.00\n", n+1, n+1, n, of)
	}
	grow := func(size, other int) (leaves []tlog.Hash) {
		for n := range size {
			of := "捐赠"
			if n == other {
				of = "别的"
			}
			leaves = append(leaves, tlog.RecordHash(record(n, of)))
		}
		return leaves
	}
	sign := func(leaves, papers []tlog.Hash) transparency.Checkpoint {
		text := fmt.Sprintf("vectors.example.org/c/angong\n%d\n%s\n", len(leaves), transparency.RootOf(leaves))
		if len(papers) > 0 {
			text += fmt.Sprintf("papers %d %s\n", len(papers), transparency.RootOf(papers))
		}
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		if err != nil {
			t.Fatal(err)
		}
		c, err := transparency.OpenCheckpoint(string(signed), verifierOf(t, public))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	add := func(c vector) { v.Cases = append(v.Cases, c) }
	for _, size := range []int{1, 2, 3, 4, 5, 7, 8, 9, 13, 64, 70} {
		leaves := grow(size, -1)
		c := sign(leaves, leaves[:min(size, 3)])
		for _, at := range []int{0, size / 2, size - 1} {
			path, err := tlog.ProveRecord(int64(size), int64(at), transparency.StoredTree(leaves))
			if err != nil {
				t.Fatal(err)
			}
			text := string(record(at, "捐赠")) + transparency.InclusionProof{Index: int64(at), Path: path, Signed: c.Note}.Text()
			name := fmt.Sprintf("leaf %d of %d", at, size)
			add(vector{Name: name, Do: "evidence", Text: text})
			add(vector{Name: name + ", an amount changed", Do: "evidence", Text: strings.Replace(text, "66.00", "96.00", 1), Want: "path"})
			add(vector{Name: name + ", at another place", Do: "evidence", Text: strings.Replace(text, fmt.Sprintf("index %d\n", at), fmt.Sprintf("index %d\n", at+1), 1), Want: "path"})
			if len(path) > 0 {
				add(vector{Name: name + ", a step less", Do: "evidence", Text: strings.Replace(text, path[0].String()+"\n", "", 1), Want: "path"})
				add(vector{Name: name + ", a step wrong", Do: "evidence", Text: strings.Replace(text, path[0].String()+"\n", c.Root.String()+"\n", 1), Want: "path"})
			}
			add(vector{Name: name + ", a step more", Do: "evidence", Text: strings.Replace(text, "\n\nvectors", "\n"+c.Root.String()+"\n\nvectors", 1), Want: "path"})
		}
	}
	leaves := grow(9, -1)
	c := sign(leaves, leaves[:3])
	path, _ := tlog.ProveRecord(9, 4, transparency.StoredTree(leaves))
	proof := transparency.InclusionProof{Index: 4, Path: path, Signed: c.Note}.Text()
	text := string(record(4, "捐赠")) + proof
	asJSON, _ := json.Marshal(map[string]string{"receipt": "2017-000001", "amount": "66.00", "record": string(record(4, "捐赠")), "proof": proof})
	paper, _ := tlog.ProveRecord(3, 1, transparency.StoredTree(leaves[:3]))
	line, err := witness.Cosign(c.Note, time.Unix(1700000000, 0))
	if err != nil {
		t.Fatal(err)
	}
	other, err := note.Sign(&note.Note{Text: strings.TrimSuffix(c.Note[:strings.Index(c.Note, "\n\n")+1], "")}, otherSigner(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []vector{
		{Name: "as JSON", Text: string(asJSON)},
		{Name: "with a countersignature", Text: transparency.WithCosignatures(text, line), Witness: true},
		{Name: "with a countersignature of another text", Text: transparency.WithCosignatures(text, strings.Replace(line, "=", "A", 1)[:len(line)-4])},
		{Name: "a paper", Text: string(record(1, "捐赠")) + transparency.InclusionProof{Tree: transparency.Papers, Index: 1, Path: paper, Signed: c.Note}.Text()},
		{Name: "a paper as an entry", Text: string(record(1, "捐赠")) + transparency.InclusionProof{Index: 1, Path: paper, Signed: c.Note}.Text(), Want: "path"},
		{Name: "signed by another key", Text: strings.Replace(text, c.Note, string(other), 1), Want: "signed"},
		{Name: "another size under the signature", Text: strings.Replace(text, "angong\n9\n", "angong\n8\n", 1), Want: "signed"},
		{Name: "no signature", Text: text[:strings.Index(text, "\n— ")], Want: "signed"},
		{Name: "no proof", Text: string(record(4, "捐赠")), Want: "read"},
		{Name: "no index", Text: strings.Replace(text, "index 4", "index four", 1), Want: "read"},
		{Name: "a hash that is none", Text: strings.Replace(text, path[0].String(), "AAAA", 1), Want: "read"},
		{Name: "nothing", Text: "", Want: "read"},
		{Name: "other JSON", Text: `{"a": 1`, Want: "read"},
	} {
		one.Do = "evidence"
		add(one)
	}
	for _, from := range []int{1, 2, 3, 4, 6, 8, 9} {
		for _, to := range []int{from, from + 1, 11, 16} {
			newer := grow(to, -1)
			between, _ := hashLines(t, newer, from)
			older := sign(newer[:from], nil)
			add(vector{Name: fmt.Sprintf("%d to %d", from, to), Do: "continues", Older: older.Note, Newer: sign(newer, nil).Note, Between: between})
			forged := grow(to, 0)
			forgedBetween, forgedPath := hashLines(t, forged, from)
			add(vector{Name: fmt.Sprintf("%d to another %d", from, to), Do: "continues", Older: older.Note, Newer: sign(forged, nil).Note, Between: forgedBetween, Want: "path"})
			fork, err := transparency.Entries.Contradiction(older, sign(forged, nil), forged, newer[:from])
			if err != nil {
				t.Fatal(err)
			}
			add(vector{Name: fmt.Sprintf("a fork of %d by %d", from, to), Do: "fork", Text: fork.Text()})
			bad := fork
			bad.Begins = older.Root
			add(vector{Name: fmt.Sprintf("a fork of %d by %d that begins alike", from, to), Do: "fork", Text: bad.Text(), Want: "fork"})
			if len(forgedPath) > 0 {
				bad = fork
				bad.Path = fork.Path[1:]
				add(vector{Name: fmt.Sprintf("a fork of %d by %d, a step less", from, to), Do: "fork", Text: bad.Text(), Want: "fork"})
			}
		}
	}
	return v
}

func hashLines(t testing.TB, leaves []tlog.Hash, from int) (text string, path []tlog.Hash) {
	t.Helper()
	if from < len(leaves) {
		var err error
		if path, err = tlog.ProveTree(int64(len(leaves)), int64(from), transparency.StoredTree(leaves)); err != nil {
			t.Fatal(err)
		}
	}
	for _, hash := range path {
		text += hash.String() + "\n"
	}
	return text, path
}

func otherSigner(t testing.TB) note.Signer {
	t.Helper()
	private, _, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte("o"), 64)), "vectors.example.org")
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func verifierOf(t testing.TB, public string) note.Verifier {
	t.Helper()
	by, err := transparency.ParseVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	return by
}

func readVectors(t testing.TB) (v vectors) {
	t.Helper()
	if *updateProofs {
		b, _ := json.MarshalIndent(makeVectors(t), "", " ")
		if err := os.WriteFile(proofsFile, append(b, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(proofsFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil || len(v.Cases) < 200 {
		t.Fatalf("%d cases, %v", len(v.Cases), err)
	}
	return v
}

// The Go packages judge the vectors as they are written down.
func TestProofVectorsInGo(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	by := verifierOf(t, v.Key)
	for _, c := range v.Cases {
		if got := judge(c, by); got != c.Want {
			t.Errorf("%s: fails at %q, want %q", c.Name, got, c.Want)
		}
	}
}

// judge names the step at which a case fails, as proof.js does.
func judge(c vector, by note.Verifier) string {
	switch c.Do {
	case "evidence":
		record, proof, err := transparency.ParseEvidence(c.Text)
		if err != nil {
			return "read"
		}
		return failedAt(second(proof.Verify(record, by)))
	case "fork":
		fork, err := transparency.ParseFork(c.Text)
		if err != nil {
			return "read"
		}
		_, _, err = fork.Verify(by)
		return failedAt(err)
	}
	older, err := transparency.OpenCheckpoint(c.Older, by)
	if err != nil {
		return "signed"
	}
	newer, err := transparency.OpenCheckpoint(c.Newer, by)
	if err != nil {
		return "signed"
	}
	path, err := hashes(c.Between)
	if err != nil {
		return "read"
	}
	return failedAt(transparency.Extends(older, newer, path, nil))
}

func second(_ transparency.Checkpoint, err error) error { return err }

func failedAt(err error) string {
	for step, is := range map[string]error{"signed": transparency.ErrSignature, "path": transparency.ErrProof, "fork": transparency.ErrNoFork} {
		if errors.Is(err, is) {
			return step
		}
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// The browser's module judges the very same vectors alike.
func TestProofVectorsInTheBrowser(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	h := open(t)
	tab := webtest.Open(t)
	webtest.Run(t, tab, chromedp.Navigate(h.Base+"/c/angong/verify"))
	cases, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	got := webtest.Tell[[]string](t, tab, fmt.Sprintf(`(async () => {
		const proof = await import(%q), v = %s, said = [];
		for (const c of v.cases) {
			try {
				let found;
				if (c.do === "evidence") found = await proof.check(c.text, v.key);
				else if (c.do === "fork") found = await proof.contradicts(c.text, v.key);
				else found = await proof.continues(proof.readCheckpoint(c.older), proof.readCheckpoint(c.newer), c.between, v.key);
				let witness = false;
				if (c.do === "evidence") witness = !!(await proof.witnessedBy(found.checkpoint, v.witness));
				said.push(found.signed !== true ? "not signed" : witness === !!c.witness ? "" : "witness " + witness);
			} catch (wrong) { said.push(wrong.step ?? String(wrong)); }
		}
		return said;
	})()`, page.Asset("proof.js"), cases))
	for i, c := range v.Cases {
		if got[i] != c.Want {
			t.Errorf("%s: fails at %q, want %q", c.Name, got[i], c.Want)
		}
	}
}
