package pdf

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// flat measures: a Chinese character is 10 wide, anything else 5.
func flat(r rune) float64 {
	if ideograph(r) {
		return 10
	}
	return 5
}

func prose() *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{
		"账", "社区", "公益茶坊", "，", "。", "（", "）", "《", "》", "、", "！", "“", "”", " ", "  ", "A", "fund", "1,234.50", "¥50.00", "−68.00",
		"https://fund.example.org/r/ja7xm4k2wq5tz3n6c8v9b1d0fe?a=b&c=d", "2017-000874", "50%", "\n", "—", "don’t", "(a)", "□",
	}), 0, 60), func(p []string) string { return strings.Join(p, "") })
}

func TestWrapLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, room := prose().Draw(t, "text"), float64(rapid.IntRange(5, 400).Draw(t, "room"))
		strip := strings.NewReplacer(" ", "", "\n", "")
		got := wrap(s, room, flat)
		if strip.Replace(strings.Join(got, "")) != strip.Replace(s) {
			t.Fatalf("%q became %q", s, got)
		}
		for _, l := range got {
			if w := span(l, flat); w > room && utf8.RuneCountInString(l) > 1 {
				t.Fatalf("%q is %.0f wide in a room of %.0f", l, w, room)
			}
		}
	})
}

// No line begins with closing or ends with opening punctuation, as long as what hangs together fits a line.
func TestWrapKeepsLineEndRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, room := prose().Draw(t, "text"), 300.0
		for _, a := range atoms(s) {
			if span(a, flat) > room {
				t.Skip("an atom wider than a line")
			}
		}
		for _, para := range strings.Split(s, "\n") {
			lines := wrap(para, room, flat)
			for i, l := range lines {
				first, _ := utf8.DecodeRuneInString(l)
				last, _ := utf8.DecodeLastRuneInString(l)
				if i > 0 && l != "" && strings.ContainsRune(notFirst, first) {
					t.Fatalf("a line begins with %q: %q", first, lines)
				}
				if i < len(lines)-1 && l != "" && strings.ContainsRune(notLast, last) {
					t.Fatalf("a line ends with %q: %q", last, lines)
				}
			}
		}
	})
}

func TestWrapKeepsWordsWhole(t *testing.T) {
	got := wrap("公账 ledger 第 2017-1987 号凭证（transparency）", 100, flat)
	for _, w := range []string{"ledger", "2017-1987", "（transparency）"} {
		if !strings.Contains(strings.Join(got, "|"), w) {
			t.Errorf("%q was cut: %q", w, got)
		}
	}
}

func TestCleanShowsWhatTheFontLacks(t *testing.T) {
	faces, err := typefaces()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"张𠮷":                          "张□",
		"👨‍👩‍👧 好":                     "□□□ 好",
		"👍🏽":                          "□",
		"\u202Eabc\u202C\u200B\uFEFF": "abc",
		"e\u0301":                     "é",
		"a\tb\u00A0c":                 "a b\u00A0c",
		"Don’t “x” “账”":               "Don't \"x\" “账”",
		"№ − ¥ ✓":                     "№ − ¥ " + string(map[bool]rune{true: '✓', false: standIn}[faces[0].has('✓')]),
	} {
		if got := clean(in, faces[0].has); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
		if again := clean(clean(in, faces[0].has), faces[0].has); again != want {
			t.Errorf("clean is not settled for %q: %q", in, again)
		}
	}
	for _, f := range faces {
		if !f.has(standIn) {
			t.Error("the font lacks the stand-in itself")
		}
	}
}

func TestEveryLabelCanBeDrawn(t *testing.T) {
	faces, err := typefaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, labels := range []map[string]string{labelsZH, labelsEN} {
		for k, s := range labels {
			for _, f := range faces {
				if strings.ContainsRune(clean(s, f.has), standIn) {
					t.Errorf("%s: the font lacks a character of %q", k, s)
				}
			}
		}
	}
}

func TestInWords(t *testing.T) {
	for n, want := range map[int64]string{0: "zero", 19: "nineteen", 42: "forty-two", 100: "one hundred", 1305: "one thousand three hundred five", 1000000: "one million"} {
		if got := spell(n); got != want {
			t.Errorf("spell(%d) = %q, want %q", n, got, want)
		}
	}
}
