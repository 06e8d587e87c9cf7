package desk_test

import (
	"html"
	"strings"
	"testing"
	"time"

	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/auth"
)

const witnessesPath = "/c/angong/desk/witnesses"

// The administrator names a witness, keeps what they sign, and promises another community to countersign its log.
func TestAnAdministratorNamesWitnesses(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.bookOn(t, h.Day(time.Now()), ledger.Bank, ledger.DonationIncome, "66.00", "募捐箱")
	h.seal(t)
	admin, auditor := h.as(t, auth.Administrator), h.as(t, auth.Auditor)
	he, err := transparency.NewCosigner("he.example.org", []byte(strings.Repeat("h", 32)))
	if err != nil {
		t.Fatal(err)
	}
	public := he.Cosignatory().Public()
	wantIn(t, "none yet", html.UnescapeString(admin.get(witnessesPath).Body), "还没有见证人", "fund.test/c/angong/witness+")
	add := func(pairs ...string) answer {
		return admin.post(witnessesPath, admin.form(witnessesPath, pairs...))
	}
	wantIn(t, "a mistyped key", add("title", "何老师", "witness_key", strings.Replace(public, "he.", "me.", 1)).Body, "这不是见证公钥", "何老师")
	wantIn(t, "without https", add("title", "何老师", "witness_key", public, "address", "http://10.0.0.1/witness").Body, "地址要以 https:// 开头")
	wantIn(t, "added", add("title", "何老师", "witness_key", public).Body, "何老师 是见证人了", "本人用命令会签", "还没有会签过")
	wantIn(t, "twice", add("title", "何老师", "witness_key", public).Body, "这把公钥已经在名单里")

	newest, err := transparency.Latest(t.Context(), h.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	line, err := he.Cosign(newest.Note, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	paste := func(signed string) string {
		return admin.post(witnessesPath+"/signatures", admin.form(witnessesPath, "signature", signed)).Body
	}
	wantIn(t, "nobody's", paste(newest.Note), "下面没有名单上见证人的签名")
	wantIn(t, "another checkpoint", paste(strings.Replace(newest.Note, "\n1\n", "\n2\n", 1)+line+"\n"), "这不是我们的快照")
	wantIn(t, "kept", paste(strings.ReplaceAll(newest.Note+line, "\n", "\r\n")), "何老师 的会签收下了", "会签到第 1 号快照")
	wantIn(t, "the public sees it", html.UnescapeString(h.visitor(t).get("/c/angong/verify").Body), "何老师", "会签到第 1 号快照", line)

	ended := admin.post(witnessesPath+"/1/closure", admin.form(witnessesPath))
	wantIn(t, "ended", ended.Body, "已停用。签过的还在")
	wantNot(t, "the public sees no ended one", h.visitor(t).get("/c/angong/verify").Body, "会签到第")
	wantIn(t, "resumed", admin.post(witnessesPath+"/1/reopening", admin.form(witnessesPath)).Body, "本人用命令会签")
	if a := admin.post(witnessesPath+"/9/closure", admin.form(witnessesPath)); a.Status != 404 {
		t.Errorf("nobody's end: %d", a.Status)
	}

	theirs, _, err := transparency.NewKey("yinxingli.example.org")
	if err != nil {
		t.Fatal(err)
	}
	watch := func(pairs ...string) string {
		return admin.post(witnessesPath+"/logs", admin.form(witnessesPath, pairs...)).Body
	}
	wantIn(t, "a witness's key", watch("log_title", "银杏里", "origin", theirs.Origin("yinxingli"), "log_key", public), "这不是账目日志的公钥")
	wantIn(t, "watched", watch("log_title", "银杏里", "origin", theirs.Origin("yinxingli"), "log_key", theirs.Public()), "从现在起给 银杏里 会签", "对方还没送来过")
	wantIn(t, "watched twice", watch("log_title", "银杏里", "origin", theirs.Origin("yinxingli"), "log_key", theirs.Public()), "这本账已经在名单里")

	wantNot(t, "an auditor only reads", auditor.get(witnessesPath).Body, "加一位见证人", "停用</button>")
	wantIn(t, "the log of what was done", h.audited(t), "witness.add", "witness.sign", "witness.watch", "witness.turn")
}
