package i18n_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"fund/web/i18n"

	"github.com/google/go-cmp/cmp"
)

var placeholder = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

// placeholders lists what a message leaves open, over all its plural forms.
func placeholders(forms []string) []string {
	found := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(strings.Join(forms, "\n"), -1) {
		found[m[1]] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	t.Parallel()
	zh, en := i18n.Forms(i18n.Chinese), i18n.Forms(i18n.English)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(zh)), slices.Sorted(maps.Keys(en))); diff != "" {
		t.Errorf("keys in one language only (-zh +en):\n%s", diff)
	}
	for key, forms := range zh {
		if diff := cmp.Diff(placeholders(forms), placeholders(en[key])); en[key] != nil && diff != "" {
			t.Errorf("%s: placeholders differ (-zh +en):\n%s", key, diff)
		}
		for _, form := range slices.Concat(forms, en[key]) {
			if banned.MatchString(form) {
				t.Errorf("%s: %q is not how we speak", key, form)
			}
		}
	}
}

// banned are the words LOOK.md forbids.
var banned = regexp.MustCompile(`(?i)\b(invalid|please|sorry)\b|无效|非法操作`)

// used finds keys written out in templates and Go: {{T "a.b"}}, .T("a.b"), page.Meaning(err, 409, "a.b").
var used = regexp.MustCompile("\\bT\\(? ?[\"`]([a-zA-Z0-9_]+(?:\\.[a-zA-Z0-9_]+)*)[\"`]|\"(?:hint|label)\" \"([a-z0-9_.]+)\"|(?:Meaning\\([^\"\n]*|\\.(?:Wrong|Label|Done)\\([^\"\n]*(?:\"[^\"\n]*\", )?)\"([a-z0-9_]+(?:\\.[a-zA-Z0-9_]+)+)\"")

var comment = regexp.MustCompile(`(?m)^\s*//.*$`)

func TestEveryKeyInUseIsWritten(t *testing.T) {
	t.Parallel()
	zh, seen := i18n.Forms(i18n.Chinese), 0
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if ext := filepath.Ext(path); (ext != ".go" && ext != ".html") || strings.HasSuffix(path, "_test.go") || filepath.Base(path) == "doc.go" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range used.FindAllStringSubmatch(comment.ReplaceAllString(string(text), ""), -1) {
			seen++
			if key := m[1] + m[2] + m[3]; zh[key] == nil && zh[key+".title"] == nil {
				t.Errorf("%s uses %q, which no catalogue has", path, key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Errorf("found %d keys in use: the search does not look in the right place", seen)
	}
}

func TestKeySearchSeesEveryWayOfUse(t *testing.T) {
	t.Parallel()
	for text, key := range map[string]string{
		`{{T "frame.skip"}}`:                                              "frame.skip",
		`{{T "give.givers" "count" .N}}`:                                  "give.givers",
		`reader.T("desk.title", "a", 1)`:                                  "desk.title",
		"lang.T(`a.b`)":                                                   "a.b",
		`page.Meaning(ledger.ErrClosed, 409, "error.closed")`:             "error.closed",
		`form.Wrong("amount", "give.below", "min", 1)`:                    "give.below",
		`return page.Done(c, "/to", "give.done")`:                         "give.done",
		`{{template "money" (.Form.Field "own" "hint" "give.own_hint")}}`: "give.own_hint",
	} {
		m := used.FindStringSubmatch(text)
		if m == nil || m[1]+m[2]+m[3] != key {
			t.Errorf("%s: found %q, want %s", text, m, key)
		}
	}
}

func TestAMissingKeyPanicsInTests(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a key nobody wrote went unnoticed")
		}
	}()
	i18n.English.T("no.such.key")
}

func TestAKeyInTwoFilesIsRefused(t *testing.T) {
	t.Parallel()
	file := &fstest.MapFile{Data: []byte("[a]\nb = \"c\"\n")}
	_, err := i18n.Read(fstest.MapFS{"en/one.toml": file, "en/two.toml": file}, i18n.English)
	if err == nil || !strings.Contains(err.Error(), `"a.b"`) {
		t.Errorf("got %v, want an error naming a.b", err)
	}
}

func TestPluralsAndCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{i18n.English.T("form.summary", "count", 1), "1 thing to mend"},
		{i18n.English.T("form.summary", "count", 2326), "2,326 things to mend"},
		{i18n.Chinese.T("form.summary", "count", 2326), "有 2,326 处要改"},
		{i18n.Count(-1234567), "−1,234,567"},
		{i18n.Count(int64(999)), "999"},
		{i18n.Percent(624), "62.4%"},
		{i18n.Percent(-5), "−0.5%"},
		{i18n.Text{ZH: "安公社区"}.In(i18n.English), "安公社区"},
		{i18n.Text{ZH: "安公社区", EN: "Angong"}.In(i18n.English), "Angong"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	at := time.Date(2017, 12, 5, 18, 4, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{i18n.Chinese.Date(at), "2017 年 12 月 5 日"},
		{i18n.English.Date(at), "5 December 2017"},
		{i18n.Chinese.ShortDate(at), "12 月 5 日"},
		{i18n.English.ShortDate(at), "5 Dec"},
		{i18n.Chinese.Days(at, at.Add(time.Hour)), "2017 年 12 月 5 日"},
		{i18n.Chinese.Days(at, at.AddDate(0, 0, 4)), "2017 年 12 月 5 日 – 12 月 9 日"},
		{i18n.English.Days(at, at.AddDate(0, 0, 4)), "5 December – 9 December 2017"},
		{i18n.Chinese.Days(at, at.AddDate(0, 1, 0)), "2017 年 12 月 5 日 – 2018 年 1 月 5 日"},
		{i18n.English.Days(at, at.AddDate(0, 1, 0)), "5 December 2017 – 5 January 2018"},
		{i18n.Chinese.Moment(at), "2017 年 12 月 5 日 18:04"},
		{i18n.English.Moment(at), "5 December 2017, 18:04"},
		{i18n.Chinese.Month(at), "2017 年 12 月"},
		{i18n.English.Month(at), "December 2017"},
		{i18n.Chinese.ShortMonth(at.Month()), "12 月"},
		{i18n.English.ShortMonth(at.Month()), "Dec"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestAccept(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]i18n.Lang{
		"": i18n.Chinese, "zh-TW,zh;q=0.9,en;q=0.5": i18n.Chinese, "en-GB,en;q=0.9": i18n.English,
		"de-DE,en;q=0.7": i18n.English, "fr": i18n.Chinese, ";;;": i18n.Chinese,
	} {
		if got := i18n.Accept(header); got != want {
			t.Errorf("Accept(%q) = %s, want %s", header, got, want)
		}
	}
}

// A count of one needs words of its own in English: without them the page shows the key.
func TestEnglishSaysOneOfEverythingItCounts(t *testing.T) {
	t.Parallel()
	for key, forms := range i18n.Forms(i18n.English) {
		if slices.Contains(placeholders(forms), "count") && len(forms) < 2 {
			t.Errorf("%s counts and has one form: %q", key, forms)
		}
	}
}
