package mail_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"fund/campaigns/outbox"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/mail"
)

// What a person typed writes no header, no paragraph and no link of its own, wherever it stands.
func TestNobodysTextWritesHeadersOrLinks(t *testing.T) {
	t.Parallel()
	o := open(t, demo)
	for what, typed := range map[string]string{
		"line feed":       "周婆婆\nBcc: all@evil.example",
		"carriage return": "周婆婆\r\nBcc: all@evil.example\r\n\r\n<b>free money</b>",
		"encoded word":    "=?utf-8?q?x=0D=0ABcc:_all@evil.example?=",
		"quotes":          `周婆婆" <all@evil.example>, "`,
		"Unicode lines":   "周婆婆\u2028Bcc: all@evil.example\u2029\u0085x",
		"null":            "周婆婆\x00\x07",
		"backwards":       "周\u202egro.live\u202c婆",
		"markup":          `<img src=x onerror=alert(1)><script>alert(1)</script>`,
		"elsewhere":       "看这里：https://evil.example/login",
		"near us":         "看这里：https://fund.test.evil.example/login",
		"our name":        "https://fund.test@evil.example/login",
		"template":        "{{.Amount}}",
		"signature":       "x\n-- \nhttps://evil.example",
		"quotation":       "x\n\n> y\n\n- z",
		"very long":       strings.Repeat("长者食堂", 300),
	} {
		l := mail.Letter{
			Key: uuid.New(), To: mail.Person{Name: typed, Address: "zhou@example.org"}, Lang: i18n.Chinese,
			Content: mail.GoalMissed{Amount: money.MustParse("5"), Campaign: typed, Goal: money.MustParse("9"), Raised: money.MustParse("5"), Path: "/r/1"},
		}
		k, read := o.kept(t, l)
		names := map[string]bool{}
		for name, values := range read.Header {
			names[name] = len(values) == 1
		}
		for _, want := range []string{
			"From", "To", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type", "Auto-Submitted", "Content-Language",
		} {
			if !names[want] {
				t.Errorf("%s: header %s is missing or not alone", what, want)
			}
			delete(names, want)
		}
		if len(names) > 0 {
			t.Errorf("%s: headers of its own: %v", what, names)
		}
		if to := people(t, read, "To"); !strings.HasSuffix(to, " zhou@example.org") {
			t.Errorf("%s: it is for %s", what, to)
		}
		for line := range strings.SplitSeq(strings.TrimRight(string(k.Raw), "\r\n"), "\r\n") {
			if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") {
				t.Fatalf("%s: a line of %d bytes: %.120q", what, len(line), line)
			}
		}
		for _, never := range []string{"<script", "<img", "<b>", `href="https://evil`, `href="https://fund.test.evil`, `href="https://fund.test@`, "<blockquote", "\u202e", "\x00"} {
			if strings.Contains(k.HTML, never) {
				t.Errorf("%s: the HTML has %q", what, never)
			}
		}
		if got := strings.Count(k.Text, "\n-- \n"); got != 1 {
			t.Errorf("%s: %d signatures", what, got)
		}
		if got := strings.Count(k.HTML, "<li"); got != 1 {
			t.Errorf("%s: %d items of lists, the letter has one", what, got)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	for _, address := range []string{
		"", "zhou", "zhou@", "@example.org", "zhou@example.org\r\nBcc: all@evil.example", "zhou@example.org, all@evil.example",
		"周婆婆 <zhou@example.org>", "<zhou@example.org>", "zhou@example.org\n", " zhou@example.org", "zhou@exam\x00ple.org",
	} {
		if err := o.send(t, receiptFor("周婆婆", address)); !errors.Is(err, mail.ErrAddress) || !errors.Is(err, outbox.ErrHopeless) {
			t.Errorf("%q: %v", address, err)
		}
	}
	if o.box.Tries() != 0 {
		t.Errorf("%d letters went out", o.box.Tries())
	}
	for address, want := range map[string]string{"zhou@example.org": "z***@example.org", "王@例子.中国": "王***@例子.中国", "x": "***", "@x": "***"} {
		if got := mail.Mask(address); got != want {
			t.Errorf("Mask(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestALongChineseSubjectIsReadAsWritten(t *testing.T) {
	t.Parallel()
	o := open(t, demo)
	title := strings.Repeat("给楼上楼下的老人们做一顿热腾腾的年夜饭", 4)
	k, read := o.kept(t, mail.Letter{
		Key: uuid.New(), To: mail.Person{Address: "zhou@example.org"}, Content: mail.GoalMissed{Amount: money.MustParse("5"), Campaign: title, Path: "/r/1"},
	})
	if want := "“" + title + "”没有筹够，¥5.00 退给您"; read.Subject != want {
		t.Errorf("the subject is %q", read.Subject)
	}
	for line := range strings.SplitSeq(string(k.Raw), "\r\n") {
		if len(line) > 78 {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
	}
}
