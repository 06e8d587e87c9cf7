package statement

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

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

// decodeText reads strict UTF-8, with or without BOM, then strict GB18030;
// or the encoding that a profile names. A broken byte is an error with its row.
func decodeText(data []byte, name string) (string, error) {
	if name != "" && name != "utf-8" {
		decoder, err := htmlindex.Get(name)
		if err != nil {
			return "", &Error{Text: say("没有“%s”这种编码", "there is no encoding %q", name)}
		}
		return decodeStrict(data, decoder)
	}
	rest, marked := bytes.CutPrefix(data, bom)
	if utf8.Valid(rest) {
		if at := bytes.IndexByte(rest, 0); at >= 0 {
			return "", brokenByte(rest, at)
		}
		return string(rest), nil
	}
	if marked || name == "utf-8" || mostlyUTF8(rest) {
		return "", brokenByte(rest, firstBroken(rest))
	}
	return decodeStrict(rest, simplifiedchinese.GB18030)
}

// decodeStrict decodes and refuses what the encoding does not know.
func decodeStrict(data []byte, from encoding.Encoding) (string, error) {
	decoded, err := from.NewDecoder().Bytes(data)
	if err != nil {
		return "", brokenByte(data, 0)
	}
	at := bytes.IndexRune(decoded, utf8.RuneError)
	if zero := bytes.IndexByte(decoded, 0); zero >= 0 && (at < 0 || zero < at) {
		at = zero
	}
	if at >= 0 {
		return "", brokenByte(decoded, at)
	}
	return string(decoded), nil
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
		return string(data)
	}
	head := strings.ToUpper(string(data[:min(len(data), 400)]))
	for _, mark := range []string{"CHARSET:936", "GBK", "GB2312", "GB18030"} {
		if strings.Contains(head, mark) {
			if text, err := decodeStrict(data, simplifiedchinese.GB18030); err == nil {
				return text
			}
		}
	}
	decoded, _ := charmap.Windows1252.NewDecoder().Bytes(data)
	return string(decoded)
}
