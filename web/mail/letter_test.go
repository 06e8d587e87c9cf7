package mail_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"fund/ledger/money"
	"fund/web/mail"
)

// samples are what each letter is shown with, by the name of its templates. Whoever adds a letter adds
//
//	var _ = sample(mail.YourLetter{…})
//
// in a test file of the letter's own. Every sample is composed in both languages, and every letter must have one.
var samples = map[string][]mail.Content{}

func sample(c mail.Content) bool {
	samples[c.Template()] = append(samples[c.Template()], c)
	return true
}

var (
	_ = sample(mail.ReceiptReady{Amount: money.MustParse("50"), Campaign: "长者食堂", Number: "2026-000874", Code: "K7M4-92QD", Path: "/r/1-abc"})
	_ = sample(mail.ReceiptReady{Amount: money.MustParse("50"), Campaign: "长者食堂", Number: "2026-000874", Code: "K7M4-92QD", Path: "/r/1-abc", Attached: true, OwnPage: "/g/x"})
	_ = sample(mail.RefundMade{Amount: money.MustParse("20"), Of: money.MustParse("50"), Campaign: "长者食堂", Reason: "付重了", Back: mail.ByProvider, Number: "2026-000874", Path: "/r/1-abc"})
	_ = sample(mail.RefundMade{Amount: money.MustParse("50"), Of: money.MustParse("50"), Campaign: "长者食堂", Reason: "付重了", Back: mail.ByCash})
	_ = sample(mail.GoalMissed{Amount: money.MustParse("50"), Campaign: "小广场的灯", Goal: money.MustParse("8000"), Raised: money.MustParse("3120"), Back: mail.ByTransfer, Path: "/r/1-abc"})
)

func TestEveryLetterHasASampleAndBothLanguages(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(os.DirFS("letters"), "*.txt")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name, rest, _ := strings.Cut(file, ".")
		other := map[string]string{"zh-CN.txt": ".en.txt", "en.txt": ".zh-CN.txt"}[rest]
		if _, err := os.Stat("letters/" + name + other); other == "" || err != nil {
			t.Errorf("letters/%s has no counterpart in the other language", file)
		}
		if name != "frame" && len(samples[name]) == 0 {
			t.Errorf("letters/%s has no sample: var _ = sample(mail.…{…}) in a test file", file)
		}
	}
}
