package page

import (
	"errors"
	"mime/multipart"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fund/ledger/money"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/unicode/norm"
)

// Form reads what somebody typed into values, gathers what has to be mended, and keeps every field as it was typed.
//
//	f := page.ReadForm(c)
//	in := campaigns.Gift{Amount: f.Amount("amount"), Name: f.Text("name", 40, page.Optional)}
//	if f.AnyWrong() {
//		return page.Again(c, "public/campaign", view{Form: f})
//	}
//
// A blank field is wrong unless it is Optional; an optional blank gives the zero value.
type Form struct {
	reader *Reader
	typed  map[string][]string
	labels map[string]string
	wrong  []WrongField
}

// WrongField is one field to be mended, in the order the fields were read.
type WrongField struct {
	Name  string `json:"field"`
	Label string `json:"-"`
	Text  string `json:"message"`
}

// Rule loosens what a field asks for.
type Rule uint8

const (
	Optional Rule = 1 << iota // may stay blank
	Zero                      // an amount of 0.00 will do
)

func has(rules []Rule, r Rule) bool { return slices.Contains(rules, r) }

// ReadForm takes the form a request carries.
func ReadForm(c *fiber.Ctx) *Form {
	f := BlankForm(c)
	for name, value := range c.Request().PostArgs().All() {
		f.typed[string(name)] = append(f.typed[string(name)], string(value))
	}
	if multi, err := c.MultipartForm(); err == nil {
		for name, values := range multi.Value {
			f.typed[name] = append(f.typed[name], values...)
		}
	}
	return f
}

// BlankForm is a form nobody has filled in; Set gives fields what they start with.
func BlankForm(c *fiber.Ctx) *Form {
	return &Form{reader: Of(c), typed: map[string][]string{}, labels: map[string]string{}}
}

// Set puts a value into a field, as if it had been typed.
func (f *Form) Set(name string, values ...string) *Form {
	f.typed[name] = values
	return f
}

// Label names a field by a message key; without it the key is "field." and the field's name.
func (f *Form) Label(name, key string) *Form {
	f.labels[name] = key
	return f
}

// Wrong says what has to be mended in a field: for what only a domain verb can know. The first word on a field stands.
func (f *Form) Wrong(name, key string, pairs ...any) {
	if f.wrongText(name) == "" {
		f.wrong = append(f.wrong, WrongField{name, f.label(name), f.reader.T(key, pairs...)})
	}
}

// AnyWrong tells whether something has to be mended.
func (f *Form) AnyWrong() bool { return len(f.wrong) > 0 }

// Err is nil, or the fields to be mended as an error, for machines: Fail answers it with 422.
func (f *Form) Err() error {
	if len(f.wrong) == 0 {
		return nil
	}
	return &WrongFields{f.wrong}
}

// WrongFields is a form that has to be mended.
type WrongFields struct{ Fields []WrongField }

func (e *WrongFields) Error() string {
	return "page: " + strconv.Itoa(len(e.Fields)) + " fields to mend"
}

func (f *Form) label(name string) string {
	if key := f.labels[name]; key != "" {
		return f.reader.T(key)
	}
	return f.reader.T("field." + name)
}

func (f *Form) wrongText(name string) string {
	for _, w := range f.wrong {
		if w.Name == name {
			return w.Text
		}
	}
	return ""
}

// Typed is a field's value as it was typed, cut of the spaces around it.
func (f *Form) Typed(name string) string {
	if all := f.typed[name]; len(all) > 0 {
		return strings.TrimSpace(all[0])
	}
	return ""
}

// All are the values of a field that may be given several times.
func (f *Form) All(name string) []string { return f.typed[name] }

// Names are the fields that came and begin so, in no order.
func (f *Form) Names(prefix string) (names []string) {
	for name := range f.typed {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	return names
}

// filled gives the typed value, and says whether there is one to read; a blank that must not be is marked.
func (f *Form) filled(name string, rules []Rule) (string, bool) {
	s := f.Typed(name)
	if s == "" && !has(rules, Optional) {
		f.Wrong(name, "form.wrong.blank")
	}
	return s, s != ""
}

// Amount reads 66 or 18.80: digits, at most two after the point, more than 0 unless Zero.
func (f *Form) Amount(name string, rules ...Rule) money.Amount {
	s, ok := f.filled(name, rules)
	if !ok {
		return money.Zero
	}
	a, err := money.Parse(s)
	switch {
	case err != nil:
		f.Wrong(name, "form.wrong.amount")
		return money.Zero
	case a.IsZero() && !has(rules, Zero):
		f.Wrong(name, "form.wrong.nothing")
	}
	return a
}

// Text reads one or more lines of at most max characters: NFC, without characters nobody can see.
func (f *Form) Text(name string, max int, rules ...Rule) string {
	if _, ok := f.filled(name, rules); !ok {
		return ""
	}
	s := Clean(f.Typed(name))
	if n := utf8.RuneCountInString(s); n > max {
		f.Wrong(name, "form.wrong.long", "max", max, "length", n)
		return ""
	}
	if s == "" && !has(rules, Optional) {
		f.Wrong(name, "form.wrong.blank")
	}
	return s
}

// Clean makes text safe to keep and to print: composed (NFC), without control, format and direction characters (bidi
// overrides, zero widths), line ends as \n, no spaces around it.
func Clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.Is(unicode.C, r) || r == '\u2028' || r == '\u2029':
			return -1
		}
		return r
	}, norm.NFC.String(s))
	return strings.TrimSpace(s)
}

// Choice reads one of the values that stand on the page.
func (f *Form) Choice(name string, among []string, rules ...Rule) string {
	s, ok := f.filled(name, rules)
	if ok && !slices.Contains(among, s) {
		f.Wrong(name, "form.wrong.choice")
		return ""
	}
	return s
}

// Date reads a day, 2017-12-05, as midnight UTC.
func (f *Form) Date(name string, rules ...Rule) time.Time {
	s, ok := f.filled(name, rules)
	if !ok {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil || day.Year() < 1900 || day.Year() > 2200 {
		f.Wrong(name, "form.wrong.date")
		return time.Time{}
	}
	return day
}

// Int reads a whole number from min to max.
func (f *Form) Int(name string, min, max int, rules ...Rule) int {
	s, ok := f.filled(name, rules)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange):
		f.Wrong(name, "form.wrong.int")
		return 0
	case err != nil || n < min || n > max:
		f.Wrong(name, "form.wrong.range", "min", min, "max", max)
		return 0
	}
	return n
}

// Email reads one address without a name: wang@example.cn, the domain in lower case.
func (f *Form) Email(name string, rules ...Rule) string {
	s, ok := f.filled(name, rules)
	if !ok {
		return ""
	}
	a, err := mail.ParseAddress(s)
	at := strings.LastIndexByte(s, '@')
	if err != nil || a.Address != s || len(s) > 254 || Clean(s) != s || !strings.Contains(s[at+1:], ".") {
		f.Wrong(name, "form.wrong.email")
		return ""
	}
	return s[:at] + strings.ToLower(s[at:])
}

// telephone is a number as people write it, with its area or country.
var telephone = regexp.MustCompile(`^\+?[0-9][0-9 -]{5,17}[0-9]$`)

// Phone reads the number of a telephone: 13800001234, 028-8765 4321.
func (f *Form) Phone(name string, rules ...Rule) string {
	s, ok := f.filled(name, rules)
	if ok && !telephone.MatchString(s) {
		f.Wrong(name, "form.wrong.phone")
		return ""
	}
	return s
}

// Bool reads a tick.
func (f *Form) Bool(name string) bool { return f.Typed(name) != "" }

// File is an uploaded file; nil where none was chosen.
func (f *Form) File(c *fiber.Ctx, name string, rules ...Rule) *multipart.FileHeader {
	file, err := c.FormFile(name)
	if err != nil || file.Size == 0 {
		if !has(rules, Optional) {
			f.Wrong(name, "form.wrong.blank")
		}
		return nil
	}
	return file
}
