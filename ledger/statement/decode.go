package statement

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

var bom = []byte("\uFEFF")

// fromUTF16 turns "Unicode text" of a spreadsheet into UTF-8 and drops a BOM.
func fromUTF16(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
	}
	return data, nil
}

// script is a text that is decoded line by line: a file is not in memory twice.
type script struct {
	raw  string
	from encoding.Encoding // nil for UTF-8
}

// line decodes one line, or several.
func (s script) line(raw string) string {
	if s.from == nil {
		return raw
	}
	text, _ := s.from.NewDecoder().String(raw)
	return text
}

// all decodes the whole text.
func (s script) all() string { return s.line(s.raw) }

// text is data as a string without a copy of it: nobody writes to data while it
// is read.
func text(data []byte) string { return unsafe.String(unsafe.SliceData(data), len(data)) }

// decodeText reads strict UTF-8, with or without BOM, then strict GB18030;
// or the encoding that a profile names. A broken byte is an error with its row.
func decodeText(data []byte, name string) (script, error) {
	if name != "" && name != "utf-8" {
		decoder, err := htmlindex.Get(name)
		if err != nil {
			return script{}, &Error{Text: say("没有“%s”这种编码", "there is no encoding %q", name)}
		}
		return decodeStrict(data, decoder)
	}
	rest, marked := bytes.CutPrefix(data, bom)
	if utf8.Valid(rest) {
		if at := bytes.IndexByte(rest, 0); at >= 0 {
			return script{}, brokenByte(rest, at)
		}
		return script{raw: text(rest)}, nil
	}
	if marked || name == "utf-8" || mostlyUTF8(rest) {
		return script{}, brokenByte(rest, firstBroken(rest))
	}
	return decodeStrict(rest, simplifiedchinese.GB18030)
}

// byLine are the encodings in which a line break is never a part of a letter.
func byLine(from encoding.Encoding) bool {
	return from == simplifiedchinese.GB18030 || from == simplifiedchinese.GBK || from == charmap.Windows1252
}

// decodeStrict refuses what the encoding does not know.
func decodeStrict(data []byte, from encoding.Encoding) (script, error) {
	if !byLine(from) {
		decoded, err := decodeWhole(data, from, 0)
		return script{raw: decoded}, err
	}
	rows := 0
	for rest := data; len(rest) > 0; {
		some := rest
		if len(rest) > decodeAtOnce {
			end := decodeAtOnce
			if at := bytes.IndexByte(rest[end:], '\n'); at >= 0 {
				end += at + 1
			} else {
				end = len(rest)
			}
			some = rest[:end]
		}
		if _, err := decodeWhole(some, from, rows); err != nil {
			return script{}, err
		}
		rest, rows = rest[len(some):], rows+bytes.Count(some, []byte("\n"))
	}
	return script{raw: text(data), from: from}, nil
}

// decodeAtOnce is about how many bytes are looked at for what is broken.
const decodeAtOnce = 256 << 10

// decodeWhole decodes data, above which stand so many rows.
func decodeWhole(data []byte, from encoding.Encoding, above int) (string, error) {
	decoded, err := from.NewDecoder().Bytes(data)
	if err != nil {
		return "", brokenByte(data, 0)
	}
	at := bytes.IndexRune(decoded, utf8.RuneError)
	if zero := bytes.IndexByte(decoded, 0); zero >= 0 && (at < 0 || zero < at) {
		at = zero
	}
	if at >= 0 {
		broken := brokenByte(decoded, at)
		broken.Row += above
		return "", broken
	}
	return text(decoded), nil
}

// mostlyUTF8 tells broken UTF-8 from GBK, in which three bytes that are a
// Chinese character of UTF-8 hardly ever stand together.
func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size >= 3:
			good++
		}
		i += size
	}
	return good > bad
}

func firstBroken(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return 0
}

func brokenByte(data []byte, at int) *Error {
	row := 1 + bytes.Count(data[:at], []byte("\n"))
	start := bytes.LastIndexByte(data[:at], '\n') + 1
	column := 1 + bytes.Count(data[start:at], []byte(","))
	return &Error{Row: row, Column: strconv.Itoa(column), Text: say("文字已损坏，编码不完整", "the text is damaged here")}
}

// decodeWestern reads what OFX and MT940 files hold: UTF-8, else the Chinese
// encoding when the header declares one, else Windows-1252. What a header
// declares is often wrong, and none of these files has money outside ASCII.
func decodeWestern(data []byte) string {
	data = bytes.TrimPrefix(data, bom)
	if utf8.Valid(data) {
		return text(data)
	}
	head := strings.ToUpper(string(data[:min(len(data), 400)]))
	for _, mark := range []string{"CHARSET:936", "GBK", "GB2312", "GB18030"} {
		if strings.Contains(head, mark) {
			if text, err := decodeStrict(data, simplifiedchinese.GB18030); err == nil {
				return text.all()
			}
		}
	}
	decoded, _ := charmap.Windows1252.NewDecoder().Bytes(data)
	return text(decoded)
}
