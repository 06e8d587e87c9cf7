package public_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger"
	"fund/ledger/transparency"
)

func TestAnEntryAndItsProof(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	v := b.visitor(t)
	wantIn(t, "unsealed", v.get("/c/angong/ledger/2017-3").Body, "还没进账目快照")
	b.seal(t)
	wrong := v.get("/c/angong/ledger/2017-3").Body
	wantIn(t, "entry", wrong, "茶坊营业款", "1002", "银行存款", "合计（借贷相等）", "68.00", "工作人员 7 号记", "已被红字冲销", `href="/c/angong/ledger/2017-4"`,
		"写下后没有被改过", "第 1 号账目快照", "3 步", "fund.test", `href="/c/angong/ledger/2017-3/proof.txt"`)
	wantIn(t, "reversal", v.get("/c/angong/ledger/2017-4").Body, `<span class="mark red">红</span>`, "这一笔红字冲销", `href="/c/angong/ledger/2017-3"`, "−¥68.00")

	text := v.get("/c/angong/ledger/2017-3/proof.txt").Body
	record, rest, found := strings.Cut(text, "\nc2sp.org/tlog-proof@v1\n")
	proof, err := transparency.ParseProof("c2sp.org/tlog-proof@v1\n" + rest)
	if !found || err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	if _, err := proof.Verify([]byte(record+"\n"), b.Key.Verifier()); err != nil {
		t.Error(err)
	}
	if _, err := proof.Verify([]byte(strings.Replace(record, "68.00", "69.00", 1)+"\n"), b.Key.Verifier()); err == nil {
		t.Error("a changed record is proven too")
	}
	hash := regexp.MustCompile(`class="hash">([0-9a-f]{64})<`).FindStringSubmatch(wrong)
	if stored := get[string](t, b.house, `SELECT encode(hash, 'hex') FROM transparency.leaf WHERE leaf_index = 3`); hash == nil || hash[1] != stored {
		t.Errorf("fingerprint %v, stored %s", hash, stored)
	}

	// Somebody with the owner's rights changes the entry behind the guards' back: the page says so.
	b.Owner.MustExec(`ALTER TABLE ledger.journal_entry DISABLE TRIGGER ALL; UPDATE ledger.journal_entry SET memo = '别的' WHERE seq = 4; ALTER TABLE ledger.journal_entry ENABLE TRIGGER ALL`)
	changed := v.get("/c/angong/ledger/2017-3").Body
	wantIn(t, "changed entry", changed, "对不上：现在的内容算不到签过名的快照")
	wantNot(t, "changed entry", changed, "写下后没有被改过")
}

func TestLogIsPublished(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	b.seal(t)
	v := b.visitor(t)
	by, err := transparency.ParseVerifier(v.get("/c/angong/log/key").Body)
	if err != nil {
		t.Fatal(err)
	}
	older, err := transparency.OpenCheckpoint(v.get("/c/angong/log/checkpoint").Body, by)
	if err != nil || older.Size != 8 {
		t.Fatalf("%+v, %v", older, err)
	}
	b.post(t, "2017-12-31", "income", "再来一笔", "", ledger.GeneralFundID, ledger.Bank, ledger.OtherIncome, "1")
	b.seal(t)
	newer, err := transparency.OpenCheckpoint(v.get("/c/angong/log/checkpoint/2").Body, by)
	if err != nil || newer.Size != 9 {
		t.Fatalf("%+v, %v", newer, err)
	}
	proof := v.get("/c/angong/log/between/1/2").Body
	path, err := hashes(proof)
	if err != nil {
		t.Fatal(err)
	}
	if err := transparency.Extends(older, newer, path, nil); err != nil {
		t.Error(err)
	}
	if err := transparency.Extends(older, newer, path[1:], nil); err == nil {
		t.Error("a proof with a hash less proves the same")
	}
	feed := html.UnescapeString(v.get("/c/angong/feed.atom?lang=zh-CN").Body)
	wantIn(t, "feed", feed, "第 2 号账目快照，共 9 笔账", newer.Note)
	wantNot(t, "feed", feed, "第 1 号账目快照") // of one day the last one
	list := v.get("/c/angong/log/checkpoints.txt").Body
	if list != older.Note+"\n"+newer.Note+"\n" || v.get("/c/angong/log/checkpoints.txt?after=1").Body != newer.Note+"\n" {
		t.Errorf("the list is %q", list)
	}
	if a := v.get("/c/angong/log/tile/0/000.p/9"); len(a.Body) != 9*tlog.HashSize || a.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the tile has %d bytes", len(a.Body))
	}
	for _, none := range []string{"0/000", "0/000.p/10", "1/000.p/1", "0/x001/000", "entries/000.p/10", "9/9/9", "..%2f..", "-1/000.p/1"} {
		if a := v.get("/c/angong/log/tile/" + none); a.Status != 404 {
			t.Errorf("tile %s: %d", none, a.Status)
		}
	}
	wantIn(t, "bundle", v.get("/c/angong/log/tile/entries/000.p/9").Body, "茶坊营业款", "再来一笔")
	if a := v.get("/c/angong/log/papers/tile/entries/000.p/1"); a.Status != 404 {
		t.Errorf("papers' records: %d", a.Status)
	}
	wantIn(t, "verify", html.UnescapeString(v.get("/c/angong/verify").Body), newer.Note[:40], v.get("/c/angong/log/key").Body[:20], "第 2 号", "9 笔账")
}

func TestVerifyingAReceipt(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	given := v.give("amount", "50.00")
	serial := get[string](t, h, `SELECT year || '-' || lpad(number::text, 6, '0') FROM receipt.receipt`)
	code := get[string](t, h, `SELECT check_code FROM receipt.receipt`)
	check := func(serial, code string) answer {
		return v.post("/c/angong/verify", v.form("/c/angong/verify", "receipt_number", serial, "check_code", code))
	}
	if a := check(serial, strings.ToLower(strings.ReplaceAll(code, "-", " "))); a.Path != given.Path {
		t.Errorf("the right number and code lead to %s (%d)", a.Path, a.Status)
	}
	wrongCode, wrongNumber := check(serial, "0000-0000"), check("2017-000001", code)
	for _, a := range []answer{wrongCode, wrongNumber, check("no number", "no code")} {
		if a.Status != 422 {
			t.Errorf("refused with %d", a.Status)
		}
		wantIn(t, "refusal", a.Body, "收据号和校验码对不上")
	}
	said := regexp.MustCompile(`(?s)role="alert".*?</div>`)
	if one, two := said.FindString(wrongCode.Body), said.FindString(wrongNumber.Body); one == "" || one != two {
		t.Errorf("a wrong code is told from a wrong number: %q, %q", one, two)
	}
	wantIn(t, "blank", check("", "").Body, "收据号：这里要填", "校验码：这里要填")
	wantIn(t, "typed", check("2017-7", "abc").Body, `value="2017-7"`, `value="abc"`)
	if a := v.post("/c/angong/verify", url.Values{"receipt_number": {serial}, "check_code": {code}}); a.Status != 403 {
		t.Errorf("a form of somebody else: %d", a.Status)
	}
	if h.tried["verify"] == 0 {
		t.Error("the tries are not counted")
	}
	h.refuse = "verify"
	if a := check(serial, code); a.Status != 429 {
		t.Errorf("too many tries: %d", a.Status)
	}
}

// hashes reads a consistency proof.
func hashes(text string) (path []tlog.Hash, err error) {
	for line := range strings.Lines(text) {
		hash, err := tlog.ParseHash(strings.TrimSpace(line))
		if err != nil {
			return nil, err
		}
		path = append(path, hash)
	}
	return path, nil
}
