package desk

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"

	"fund/ledger"
	"fund/web/page"
)

// accountOption is an account to choose from while typing: by its code, by its
// name in either language, or by how it sounds.
type accountOption struct {
	Value  string // 1002 银行存款
	Other  string // its name in the other language
	Sounds string // yin xing|hang|heng cun kuan
}

// accountOptions are the open accounts.
func (b books) accountOptions(r *page.Reader) (options []accountOption) {
	for _, a := range b.Chart {
		if a.ClosedAt == nil {
			o := accountOption{Value: a.Code + " " + a.Name(string(r.Lang)), Other: a.NameEN, Sounds: sounds(a.NameZH)}
			if a.Name(string(r.Lang)) == a.NameEN {
				o.Other = a.NameZH
			}
			options = append(options, o)
		}
	}
	return options
}

var (
	everyReading = pinyin.Args{Style: pinyin.Normal, Heteronym: true}
	oneself      = func(r rune, _ pinyin.Args) []string { return []string{string(unicode.ToLower(r))} }
)

// sounds is how each character of a name is read, in pinyin without tones; one
// with several readings has all of them. Letters and digits are read as they are.
func sounds(name string) string {
	args := everyReading
	args.Fallback = oneself
	var all []string
	for _, readings := range pinyin.Pinyin(strings.Map(spoken, name), args) {
		var distinct []string
		seen := map[string]bool{}
		for _, reading := range readings {
			if !seen[reading] {
				seen[reading] = true
				distinct = append(distinct, reading)
			}
		}
		all = append(all, strings.Join(distinct, "|"))
	}
	return strings.Join(all, " ")
}

// spoken leaves out what nobody says.
func spoken(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}

// soundsLike tells whether something typed is a whole name by its sound: all
// its initials (yhck), all its syllables (yinhangcunkuan), or some of each.
// web/static/journal.js finds by the same rule while one types.
func soundsLike(sounds, typed string) bool {
	syllable, rest, _ := strings.Cut(sounds, " ")
	if typed == "" || syllable == "" {
		return typed == "" && syllable == ""
	}
	for reading := range strings.SplitSeq(syllable, "|") {
		for n := min(len(reading), len(typed)); n > 0; n-- {
			if reading[:n] == typed[:n] && soundsLike(rest, typed[n:]) {
				return true
			}
		}
	}
	return false
}

// bySound is the one open account whose name sounds like what was typed.
func (b books) bySound(typed string) (found ledger.Account, ok bool) {
	typed = strings.ToLower(strings.ReplaceAll(typed, " ", ""))
	for _, a := range b.Chart {
		if a.ClosedAt == nil && len(typed) > 1 && soundsLike(sounds(a.NameZH), typed) {
			if ok {
				return ledger.Account{}, false
			}
			found, ok = a, true
		}
	}
	return found, ok
}

// found are the accounts that something typed may mean: a code begins with it, a name has it, or begins with its sound.
func (b books) found(typed string) (found ledger.Accounts) {
	words := strings.ToLower(strings.TrimSpace(typed))
	sound := strings.ReplaceAll(words, " ", "")
	for _, a := range b.Chart {
		if strings.HasPrefix(a.Code, words) || strings.Contains(a.NameZH, words) || strings.Contains(strings.ToLower(a.NameEN), words) || soundsBegin(sounds(a.NameZH), sound) {
			found = append(found, a)
		}
	}
	return found
}

// soundsBegin tells whether something typed is how a name begins, or a part of it.
func soundsBegin(sounds, typed string) bool {
	syllables := strings.Fields(sounds)
	for from := range syllables {
		for to := from + 1; to <= len(syllables); to++ {
			if soundsLike(strings.Join(syllables[from:to], " "), typed) {
				return true
			}
		}
	}
	return false
}
