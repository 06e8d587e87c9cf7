package statement

import (
	"errors"
	"fmt"
	"strings"
)

// Text is one sentence in both languages of the community.
type Text struct{ ZH, EN string }

// In gives the sentence in a language; zh unless it starts with "en".
func (t Text) In(lang string) string {
	if strings.HasPrefix(lang, "en") {
		return t.EN
	}
	return t.ZH
}

// say fills the same values into both sentences.
func say(zh, en string, values ...any) Text {
	return Text{fmt.Sprintf(zh, values...), fmt.Sprintf(en, values...)}
}

// Error says why a file is refused, and where.
type Error struct {
	File   string // the name given to Parse, and the member of a ZIP file
	Row    int    // from 1 as a person counts them, 0 when no row is to blame
	Column string // its name in the header, or its number; empty for the whole row
	Read   string // what stands there
	Text          // why that is no good
}

// ErrUnknown is matched by the error for a file that is in no known format.
var ErrUnknown = errors.New("statement: unknown format")

// unknown is the refusal of a file that no layout fits.
func unknown(row int) *Error {
	return &Error{Row: row, Text: unknownText}
}

var unknownText = say("认不出这是哪种对账单。如果是表格，可以先设定各列的含义再导入",
	"this is no statement that we know. A table can be read with a column profile")

// Is matches ErrUnknown.
func (e *Error) Is(target error) bool { return target == ErrUnknown && e.Text == unknownText }

// Error writes the sentence in English with its place.
func (e *Error) Error() string { return "statement: " + e.File + ": " + e.In("en") }

// In writes the sentence with row, column and what stands there, without the
// file's name.
func (e *Error) In(lang string) string {
	return place(lang, e.Row, e.Column, e.Read) + e.Text.In(lang)
}

// In writes the warning with its row and column.
func (w Warning) In(lang string) string {
	return place(lang, w.Row, w.Column, "") + w.Text.In(lang)
}

// place says where: the sentence that follows can end with how to mend it.
func place(lang string, row int, column, read string) string {
	zh, en := "", ""
	if row > 0 {
		zh, en = fmt.Sprintf("第 %d 行", row), fmt.Sprintf("row %d", row)
	}
	if row > 0 && column != "" {
		zh, en = zh+"“"+column+"”", en+fmt.Sprintf(", column %q", column)
	}
	if read != "" {
		read = clip(read)
		zh, en = zh+"写着“"+read+"”", strings.TrimPrefix(en+fmt.Sprintf(", reads %q", read), ", ")
	}
	if zh == "" {
		return ""
	}
	return Text{zh + "：", en + ": "}.In(lang)
}

// clip keeps messages short when a cell holds a novel.
func clip(s string) string {
	runes := []rune(s)
	if len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

// inFile names the file in an error.
func inFile(err error, name string) error {
	var broken *Error
	if !errors.As(err, &broken) {
		return err
	}
	switch {
	case broken.File == "":
		broken.File = name
	case broken.File != name:
		broken.File = name + "/" + broken.File
	}
	return broken
}
