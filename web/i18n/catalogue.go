package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed zh-CN/*.toml en/*.toml
var files embed.FS

// catalogues is read once, at start: a catalogue that cannot be read is a defect of the build, so it panics.
var catalogues, messages = mustRead(files)

func mustRead(files fs.FS) (map[Lang]*i18n.Localizer, map[Lang]map[string]*i18n.Message) {
	bundle := i18n.NewBundle(language.SimplifiedChinese)
	localizers := map[Lang]*i18n.Localizer{}
	all := map[Lang]map[string]*i18n.Message{}
	for _, l := range Langs {
		found, err := read(files, l)
		if err != nil {
			panic(err)
		}
		for _, m := range found {
			bundle.MustAddMessages(language.Make(string(l)), m)
		}
		all[l] = found
		localizers[l] = i18n.NewLocalizer(bundle, string(l))
	}
	return localizers, all
}

// read gathers one language's files, and refuses a key that stands in two of them.
func read(files fs.FS, l Lang) (map[string]*i18n.Message, error) {
	names, err := fs.Glob(files, string(l)+"/*.toml")
	if err != nil {
		return nil, err
	}
	found := map[string]*i18n.Message{}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		file, err := i18n.ParseMessageFileBytes(text, path.Base(name)+"."+string(l)+".toml",
			map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
		if err != nil {
			return nil, fmt.Errorf("i18n: read %s: %w", name, err)
		}
		for _, m := range file.Messages {
			if found[m.ID] != nil {
				return nil, fmt.Errorf("i18n: read %s: key %q stands in another file too", name, m.ID)
			}
			found[m.ID] = m
		}
	}
	return found, nil
}

// Keys are the messages under a prefix, without it, in their order: what a module in the browser says.
func Keys(prefix string) (keys []string) {
	for key := range messages[Langs[0]] {
		if end, ok := strings.CutPrefix(key, prefix); ok {
			keys = append(keys, end)
		}
	}
	slices.Sort(keys)
	return keys
}

// T is the message of a key in the reader's language. Arguments come in pairs, name and value; the one named "count"
// chooses the plural and is written with thousands separators.
//
// A key nobody has written is a defect: in a test T panics, on a page it shows as ⟦key⟧ and is logged.
func (l Lang) T(key string, pairs ...any) string {
	config := &i18n.LocalizeConfig{MessageID: key}
	if len(pairs) > 0 {
		values := make(map[string]any, len(pairs)/2)
		for i := 0; i+1 < len(pairs); i += 2 {
			name := fmt.Sprint(pairs[i])
			values[name] = pairs[i+1]
			if name == "count" {
				config.PluralCount = pairs[i+1]
				values[name] = Count(pairs[i+1])
			}
		}
		config.TemplateData = values
	}
	text, err := catalogues[l].Localize(config)
	if _, ok := messages[l][key]; !ok || err != nil {
		if testing.Testing() {
			panic(fmt.Sprintf("i18n: %s has no message %q (%v)", l, key, err))
		}
		slog.Error("message missing", "lang", string(l), "key", key)
		return "⟦" + key + "⟧"
	}
	return text
}

// Has tells whether a key is written, for messages that may be made more exact, such as a field's own error.
func Has(key string) bool { return messages[Chinese][key] != nil }

// Count writes a whole number with thousands separators: 2,326.
func Count(n any) string {
	s := fmt.Sprint(n)
	if _, err := strconv.ParseInt(s, 10, 64); err != nil {
		return s
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Hours writes minutes as hours: 90 is "1.5", 105 is "1.75".
func Hours(minutes int) string { return strconv.FormatFloat(float64(minutes)/60, 'f', -1, 64) }

// Percent writes tenths of a percent, as money.Amount.PerMille gives them: 624 is 62.4%.
func Percent(perMille int64) string {
	sign := ""
	if perMille < 0 {
		sign, perMille = "−", -perMille
	}
	return fmt.Sprintf("%s%d.%d%%", sign, perMille/10, perMille%10)
}
