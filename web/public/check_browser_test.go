package public_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"
	"github.com/skip2/go-qrcode"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/page"
	"fund/web/webtest"
)

// file writes what somebody holds in hand.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// ownCheck reads what the device says that it computed, its steps unfolded.
const ownCheck = `(own => { own.querySelector("details").open = true; return own.innerText; })(document.querySelector("[data-own]"))`

// dropped gives a file to the page, chosen or dropped onto it, and waits for what the server and the browser say of it: in a
// word each.
func dropped(t *testing.T, tab context.Context, address, path string, onto bool) (server, own string) {
	t.Helper()
	webtest.Run(t, tab, chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("[data-check-file]")))
	if onto {
		held, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		webtest.Tell[bool](t, tab, fmt.Sprintf(`(() => {
			const dataTransfer = new DataTransfer();
			dataTransfer.items.add(new File([Uint8Array.from(atob(%q), (c) => c.charCodeAt(0))], %q));
			return !document.querySelector("[data-check-file]").dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
		})()`, base64.StdEncoding.EncodeToString(held), filepath.Base(path)))
	} else {
		webtest.Run(t, tab, chromedp.SetUploadFiles(chromedp.CSS("#f-proof_file"), []string{path}))
	}
	webtest.Run(t, tab, chromedp.WaitVisible(chromedp.CSS("[data-checked][data-done] [data-result]")))
	return webtest.Tell[string](t, tab, `document.querySelector("[data-result]").dataset.result`),
		webtest.Tell[string](t, tab, `document.querySelector("[data-own]")?.dataset.done ?? ""`)
}

// Somebody has files, good and altered, and a phone or a computer: both the server and the browser itself say which is which,
// and at which step an altered one fails.
func TestFilesAreCheckedByServerAndBrowser(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	given := v.give("amount", "50.00", "donor_name", "周婆婆")
	h.seal(t)
	token := strings.TrimPrefix(given.Path, "/r/")
	proof, asJSON, drawn := v.get("/r/"+token+"/proof.txt").Body, v.get("/r/"+token+"/proof.json").Body, v.get("/r/"+token+"/receipt.pdf?lang=zh-CN").Body
	tab := webtest.Open(t)
	for _, size := range []struct{ w, h int64 }{{360, 740}, {1280, 800}} {
		webtest.Run(t, tab, chromedp.EmulateViewport(size.w, size.h))
		for _, c := range []struct{ name, text, server, own, says string }{
			{"proof.txt", proof, "true", "true", "一字不差"},
			{"proof.json", asJSON, "true", "true", "和账上的收据相符"},
			{"receipt.pdf", drawn, "true", "true", "重新画了一遍，一个字节都不差"},
			{"altered.txt", strings.Replace(proof, "50.00", "90.00", 1), "false", "false", "指纹算不到总指纹"},
			{"altered.json", strings.Replace(asJSON, `"amount":"50.00"`, `"amount":"90.00"`, 1), "false", "true", "收据号或金额被改过"},
			{"altered.pdf", strings.Replace(drawn, "/Producer", "/producer", 1), "false", "", "和文件不一样"},
			{"signed by others.txt", strings.Replace(proof, "\n— fund.test ", "\n— fund.tost ", 1), "false", "false", "签名不是这本账的"},
			{"shopping.txt", "买菜 12.50", "unknown", "", "能查的有"},
		} {
			server, own := dropped(t, tab, h.Base+"/c/angong/verify", file(t, c.name, c.text), size.w > 1000)
			said := webtest.Tell[string](t, tab, `document.querySelector("[data-result]").innerText`)
			wide := webtest.Tell[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
			if server != c.server || own != c.own || !strings.Contains(said, c.says) || wide > 0 {
				t.Errorf("%s at %d px: server %q, browser %q, %d px too wide\n%s", c.name, size.w, server, own, wide, said)
			}
		}
	}
	// Without JavaScript the same form leads to the same page.
	answer := v.hold("proof.txt", []byte(proof))
	wantIn(t, "no script", answer.Body, "是真的，没有改过", "这说明什么", "这不说明什么", `data-result="true"`)
}

// The code of a receipt leads to its page, where the phone computes the proof by itself; a photograph of it leads there too.
func TestTheCodeOfAReceiptLeadsToItsCheck(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor(t)
	given := v.give("amount", "66.00")
	h.seal(t)
	h.countersign(t, "何老师", "he.example.org")
	tab := webtest.Open(t)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+given.Path), chromedp.WaitVisible(chromedp.CSS(`[data-own][data-done="true"]`)))
	said := webtest.Tell[string](t, tab, ownCheck)
	wantIn(t, "own check", said, "这台机器自己算了一遍：对得上", "总指纹的签名验过了", "第一次见到这本账的公钥", "何老师 的会签也验过了")

	photo, err := qrcode.Encode(h.Base+given.Path, qrcode.Medium, 400)
	if err != nil {
		t.Fatal(err)
	}
	if led := v.hold("code.png", photo); led.Path != given.Path {
		t.Errorf("a photograph of the code leads to %s", led.Path)
	}
	if other, err := qrcode.Encode("https://example.org/r/"+strings.TrimPrefix(given.Path, "/r/")+"?x=//evil.example", qrcode.Medium, 400); err != nil {
		t.Fatal(err)
	} else if led := v.hold("code.png", other); !strings.HasPrefix(led.Path, "/r/") {
		t.Errorf("a code with our path leads to %s", led.Path)
	}
	foreign, err := qrcode.Encode("https://evil.example/login", qrcode.Medium, 400)
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, "another code", v.hold("code.png", foreign).Body, "照片里读不出我们的方码")

	webtest.Run(t, tab, chromedp.Navigate(h.Base+given.Path), chromedp.WaitVisible(chromedp.CSS(`[data-own][data-done="true"]`)))
	wantIn(t, "second look", webtest.Tell[string](t, tab, ownCheck), "公钥和这台机器以前见过的一样")
}

// countersign puts a witness on the list, who countersigns the newest checkpoint.
func (h *house) countersign(t testing.TB, title, name string) {
	t.Helper()
	as, err := transparency.NewCosigner(name, []byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	h.Do(t, func(tx *sqlx.Tx) error {
		_, err := transparency.AddWitness(t.Context(), tx, h.ID, transparency.Witness{Title: title, PublicKey: as.Cosignatory().Public(), AddedBy: "user:1", AddedAt: time.Now()})
		if err != nil {
			return err
		}
		newest, err := transparency.Latest(t.Context(), tx, h.ID)
		if err != nil {
			return err
		}
		line, err := as.Cosign(newest.Note, time.Now())
		if err != nil {
			return err
		}
		_, err = transparency.KeepCosignatures(t.Context(), tx, h.ID, transparency.WithCosignatures(newest.Note, line))
		return err
	})
}

// A kept checkpoint, a forged history and its proof are checked from a phone.
func TestAForkIsShownOnAPhone(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	b.seal(t)
	v := b.visitor(t)
	kept := v.get("/c/angong/log/checkpoint").Body
	fork := b.fork(t)
	older := v.get("/c/angong/log/checkpoint").Body
	b.post(t, "2017-12-31", "income", "再来一笔", "", ledger.GeneralFundID, ledger.Bank, ledger.OtherIncome, "1")
	b.seal(t)
	tab := webtest.Open(t)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch))
	address := b.Base + "/c/angong/verify"
	for _, c := range []struct{ name, text, server, own, says string }{
		{"kept.txt", kept, "false", "", "历史可能被改写过"},
		{"now.txt", older, "true", "true", "旧账一笔都没动过"},
		{"proof.fork.json", fork.Text(), "forked", "true", "改写过历史"},
		{"false.fork.json", strings.Replace(fork.Text(), `"begins": "`+fork.Begins.String(), `"begins": "`+fork.Leaf.Older.Hash.String(), 1), "false", "false", "并不矛盾"},
	} {
		server, own := dropped(t, tab, address, file(t, c.name, c.text), false)
		said := webtest.Tell[string](t, tab, `document.querySelector("[data-result]").innerText`)
		if server != c.server || own != c.own || !strings.Contains(said, c.says) {
			t.Errorf("%s: server %q, browser %q\n%s", c.name, server, own, said)
		}
	}
}

// fork rewrites the books as somebody who owns the machine and the key could, and proves it from the copy of a reader.
func (h *house) fork(t testing.TB) transparency.Fork {
	t.Helper()
	before := h.leaves(t)
	older, err := transparency.Latest(t.Context(), h.Owner, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.Owner.MustExec(`SET session_replication_role = replica; UPDATE transparency.leaf SET hash = sha256(hash) WHERE leaf_index = 2;
		DELETE FROM transparency.hash; DELETE FROM transparency.paper_hash; DELETE FROM transparency.checkpoint; SET session_replication_role = DEFAULT`)
	h.seal(t)
	newer, err := transparency.Latest(t.Context(), h.Owner, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	fork, err := transparency.Entries.Contradiction(older, newer, h.leaves(t), before)
	if err != nil {
		t.Fatal(err)
	}
	return fork
}

// leaves are the hashes that the log has.
func (h *house) leaves(t testing.TB) (all []tlog.Hash) {
	t.Helper()
	err := transparency.WalkLeaves(t.Context(), h.Owner, h.ID, transparency.Entries, func(leaf tlog.Hash) error {
		all = append(all, leaf)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// hold gives a file to the page's form as a browser without JavaScript does.
func (v *visitor) hold(name string, data []byte) answer {
	v.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for field, values := range v.form("/c/angong/verify") {
		_ = parts.WriteField(field, values[0])
	}
	part, err := parts.CreateFormFile("proof_file", name)
	if err != nil {
		v.Fatal(err)
	}
	_, _ = part.Write(data)
	_ = parts.Close()
	r, err := http.NewRequest(http.MethodPost, v.Base+"/c/angong/verify/file", &body)
	if err != nil {
		v.Fatal(err)
	}
	r.Header.Set("Content-Type", parts.FormDataContentType())
	return v.send(r)
}

// Where the browser reads codes, the camera leads from the code on paper to the receipt, which the phone then checks. The
// browser's own reader of codes is played; what is done with what it reads is ours.
func TestTheCameraLeadsToTheReceipt(t *testing.T) {
	t.Parallel()
	h := open(t)
	given := h.visitor(t).give("amount", "66.00")
	h.seal(t)
	tab := webtest.Open(t)
	webtest.Run(t, tab, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(h.Base+"/c/angong/verify"), chromedp.WaitReady(chromedp.CSS("[data-check-file]")))
	if webtest.Tell[bool](t, tab, `!document.querySelector("[data-scan-box]").hidden`) {
		t.Error("the camera is offered where nothing reads codes")
	}
	webtest.Tell[bool](t, tab, fmt.Sprintf(`(async () => {
		globalThis.BarcodeDetector = class { detect = async () => globalThis.aimed ? [{ rawValue: globalThis.aimed }] : []; };
		Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => document.createElement("canvas").captureStream() } });
		HTMLMediaElement.prototype.play = async () => {};
		await import(%q);
		return true;
	})()`, page.Asset("check.js")+"?again"))
	webtest.Run(t, tab, chromedp.Click(chromedp.CSS("[data-scan]")), chromedp.WaitVisible(chromedp.CSS("#check-camera")))
	webtest.Tell[string](t, tab, `globalThis.aimed = "https://evil.example/login"`)
	webtest.Run(t, tab, chromedp.WaitVisible(`//*[@id="check-camera"]//*[contains(text(), "这不是我们的方码：https://evil.example/login")]`))
	webtest.Tell[string](t, tab, fmt.Sprintf(`globalThis.aimed = %q`, h.Base+given.Path))
	webtest.Run(t, tab, chromedp.WaitVisible(chromedp.CSS(`.receipt`)), chromedp.WaitVisible(chromedp.CSS(`[data-own][data-done="true"]`)))
	if at := webtest.Tell[string](t, tab, `location.pathname`); at != given.Path {
		t.Errorf("the code leads to %s", at)
	}
}

// A browser that cannot check Ed25519 signatures computes the rest and says so; the server's check stands beside it.
func TestABrowserWithoutEd25519SaysSo(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	b.seal(t)
	held := file(t, "proof.txt", b.visitor(t).get("/c/angong/ledger/2017-3/proof.txt").Body)
	tab := webtest.Open(t)
	webtest.Run(t, tab, chromedp.Navigate(b.Base+"/c/angong/verify"), chromedp.WaitReady(chromedp.CSS("[data-check-file]")))
	webtest.Tell[bool](t, tab, `SubtleCrypto.prototype.importKey = async () => { throw new DOMException("Unrecognized name.", "NotSupportedError"); }; true`)
	webtest.Run(t, tab, chromedp.SetUploadFiles(chromedp.CSS("#f-proof_file"), []string{held}), chromedp.WaitVisible(chromedp.CSS("[data-checked][data-done] [data-result]")))
	said := webtest.Tell[string](t, tab, `document.querySelector("[data-result]").innerText`)
	wantIn(t, "partly", said, "是真的，没有改过", "签名它不会验，由上面的服务器验", "这个浏览器不会验 Ed25519 签名")
	wantNot(t, "partly", said, "总指纹的签名验过了")
}
