package statement

import (
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// label reads a text with its length before it.
func (b *biff) label(d []byte, at int) string {
	n := le16(d, at)
	at += 2
	if b.five {
		return b.codepageText(d[min(at, len(d)):min(at+n, len(d))])
	}
	if at >= len(d) {
		return ""
	}
	wide := d[at]&1 != 0
	return unicodeText(d[at+1:], n, wide)
}

func (b *biff) codepageText(d []byte) string {
	if b.codepage == 936 || b.codepage == 0 {
		if text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(d); err == nil {
			return string(text)
		}
	}
	text, _ := charmap.Windows1252.NewDecoder().Bytes(d)
	return string(text)
}

// unicodeText reads n characters of one or two bytes, fewer when d ends.
func unicodeText(d []byte, n int, wide bool) string {
	if !wide {
		runes := make([]rune, 0, n)
		for _, c := range d[:min(n, len(d))] {
			runes = append(runes, rune(c))
		}
		return string(runes)
	}
	units := make([]uint16, 0, min(n, len(d)/2))
	for i := 0; i < n && 2*i+1 < len(d); i++ {
		units = append(units, uint16(le16(d, 2*i)))
	}
	return string(utf16.Decode(units))
}

// sharedStrings reads the table of texts, which goes on over several records:
// a text that is cut begins anew with a byte that says how wide it is.
func (b *biff) sharedStrings(parts [][]byte) bool {
	if len(parts[0]) < 8 {
		return false
	}
	count := int(le32(parts[0], 4))
	s := &pieces{parts: parts, at: 8}
	for i := 0; i < count; i++ {
		text, ok := s.text()
		if !ok {
			return false
		}
		b.strings = append(b.strings, text)
	}
	return true
}

// pieces reads across the records of a shared string table.
type pieces struct {
	parts [][]byte
	at    int
}

// bytes takes n bytes, wherever the records end.
func (s *pieces) bytes(n int) ([]byte, bool) {
	var taken []byte
	for n > 0 {
		if !s.more() {
			return nil, false
		}
		k := min(n, len(s.parts[0])-s.at)
		taken = append(taken, s.parts[0][s.at:s.at+k]...)
		s.at += k
		n -= k
	}
	return taken, true
}

// more moves on to the next record at the end of one.
func (s *pieces) more() bool {
	for s.at >= len(s.parts[0]) {
		if len(s.parts) == 1 {
			return false
		}
		s.parts, s.at = s.parts[1:], 0
	}
	return true
}

func (s *pieces) text() (string, bool) {
	head, ok := s.bytes(3)
	if !ok {
		return "", false
	}
	n, flags := le16(head, 0), head[2]
	rich, extra := 0, 0
	if flags&8 != 0 {
		if head, ok = s.bytes(2); !ok {
			return "", false
		}
		rich = le16(head, 0)
	}
	if flags&4 != 0 {
		if head, ok = s.bytes(4); !ok {
			return "", false
		}
		extra = int(le32(head, 0))
	}
	text := ""
	for wide := flags&1 != 0; n > 0; {
		size := 1
		if wide {
			size = 2
		}
		if s.at+size > len(s.parts[0]) {
			s.at = len(s.parts[0])
			if !s.more() {
				return "", false
			}
			wide = s.parts[0][0]&1 != 0
			s.at = 1
			continue
		}
		k := min(n, (len(s.parts[0])-s.at)/size)
		text += unicodeText(s.parts[0][s.at:], k, wide)
		s.at += k * size
		n -= k
	}
	if extra < 0 || extra > 1<<24 {
		return "", false
	}
	return text, s.skip(4*rich + extra)
}

func (s *pieces) skip(n int) bool {
	_, ok := s.bytes(n)
	return ok
}
