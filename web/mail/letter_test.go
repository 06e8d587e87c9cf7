package mail_test

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/mail"
	"fund/web/mail/mailtest"
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

// kept sends a letter as the demo does, and reads it as it would have come.
func (o *office) kept(t *testing.T, l mail.Letter) (mail.Kept, mailtest.Caught) {
	t.Helper()
	if err := o.send(t, l); err != nil {
		t.Fatal(err)
	}
	k, err := mail.FindKept(t.Context(), o.App, o.ID, l.Key)
	if err != nil {
		t.Fatal(err)
	}
	read, err := mailtest.Read(string(k.Raw))
	if err != nil {
		t.Fatalf("%v in\n%s", err, k.Raw)
	}
	return k, read
}

func demo(o *mail.Options) { o.Server, o.Keep = "", true }

// What no letter may contain: leftovers of templates, words in the wrong language, what loads from elsewhere.
var (
	leftover = regexp.MustCompile(`\{\{|<no value>|<nil>|%!|\n\n\n`)
	chinese  = regexp.MustCompile(`\p{Han}`)
	loading  = regexp.MustCompile(`(?i)<(img|link|script|iframe|object|form)|url\(|src=`)
)

func TestEveryLetterReadsWellInBothLanguages(t *testing.T) {
	t.Parallel()
	o := open(t, demo)
	for name, contents := range samples {
		for i, content := range contents {
			for _, lang := range i18n.Langs {
				l := mail.Letter{
					Key: uuid.New(), To: mail.Person{Address: "zhou@example.org"}, Lang: lang, Content: content, Unsubscribe: "/c/angong/stop/x",
				}
				k, read := o.kept(t, l)
				if read.Text != k.Text || read.HTML != k.HTML || read.Subject != k.Subject {
					t.Errorf("%s, %s: what was kept is not what would be sent", name, lang)
				}
				if len([]rune(k.Subject)) < 4 || len([]rune(k.Subject)) > 90 {
					t.Errorf("%s, %s: the subject is %q", name, lang, k.Subject)
				}
				for what, text := range map[string]string{"text": k.Text, "HTML": k.HTML, "subject": k.Subject} {
					if leftover.MatchString(text) || strings.HasPrefix(strings.TrimSpace(text), "“”") {
						t.Errorf("%s, %s: the %s has leftovers:\n%s", name, lang, what, text)
					}
				}
				if loading.MatchString(k.HTML) {
					t.Errorf("%s, %s: the HTML loads something:\n%s", name, lang, k.HTML)
				}
				if !strings.Contains(k.Text, "https://fund.test/c/angong/stop/x") {
					t.Errorf("%s, %s: no way out of the list", name, lang)
				}
				if dir := os.Getenv("FUND_SHOTS"); dir != "" { // for somebody to look at
					for ext, text := range map[string]string{"html": k.HTML, "txt": k.Subject + "\n\n" + k.Text} {
						if err := os.WriteFile(fmt.Sprintf("%s/%s-%d.%s.%s", dir, name, i, lang, ext), []byte(text), 0o644); err != nil {
							t.Fatal(err)
						}
					}
				}
				if !i18n.Has("mail.kind." + name) {
					t.Errorf("the desk has no words for it: mail.kind.%s", name)
				}
			}
		}
	}
}

// The samples carry Chinese titles, so the English frame and words are looked at without them.
func TestEnglishLettersAreEnglish(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(os.DirFS("letters"), "*.en.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile("letters/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if found := chinese.Find(text); found != nil {
			t.Errorf("letters/%s has %s in it", file, found)
		}
	}
}
