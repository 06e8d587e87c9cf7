package campaigns

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// The values of a PDF file that matter here (ISO 32000-1, 7.3); strings are passed over.
type (
	pdfName  string
	pdfWord  string // numbers and keywords: 12, obj, stream
	pdfDict  map[pdfName]any
	pdfArray []any
)

// names are the names of an entry that is one name or an array of them.
func (d pdfDict) names(key pdfName) (names []pdfName) {
	switch v := d[key].(type) {
	case pdfName:
		names = append(names, v)
	case pdfArray:
		for _, one := range v {
			name, _ := one.(pdfName)
			names = append(names, name)
		}
	case nil:
	default: // a reference: it may stand for anything
		names = append(names, "?")
	}
	return names
}

// pdfReader reads values one after the other.
type pdfReader struct {
	text []byte
	at   int
}

const (
	pdfSpace     = "\x00\t\n\f\r "
	pdfDelimiter = "()<>[]{}/%"
	pdfDepthMax  = 64
)

// value reads the next value; io.EOF at the end. A name that is forbidden ends it.
func (r *pdfReader) value(depth int) (any, error) {
	if depth > pdfDepthMax {
		return nil, fmt.Errorf("%w: nested too deep", ErrPDFBroken)
	}
	r.space()
	rest := r.text[r.at:]
	switch {
	case len(rest) == 0:
		return nil, io.EOF
	case rest[0] == '/':
		return r.name()
	case rest[0] == '(':
		return nil, r.literal()
	case bytes.HasPrefix(rest, []byte("<<")):
		r.at += 2
		return r.dict(depth)
	case rest[0] == '<':
		end := bytes.IndexByte(rest, '>')
		if end < 0 {
			return nil, fmt.Errorf("%w: a string without end", ErrPDFBroken)
		}
		r.at += end + 1
		return nil, nil
	case rest[0] == '[':
		r.at++
		return r.array(depth)
	case bytes.IndexByte([]byte(pdfDelimiter), rest[0]) >= 0: // a stray closing one
		r.at++
		return pdfWord(rest[:1]), nil
	}
	return pdfWord(r.regular()), nil
}

func (r *pdfReader) space() {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case bytes.IndexByte([]byte(pdfSpace), c) >= 0:
			r.at++
		case c == '%':
			for r.at < len(r.text) && r.text[r.at] != '\n' && r.text[r.at] != '\r' {
				r.at++
			}
		default:
			return
		}
	}
}

// regular reads characters up to a space or delimiter.
func (r *pdfReader) regular() []byte {
	from := r.at
	for r.at < len(r.text) && bytes.IndexByte([]byte(pdfSpace+pdfDelimiter), r.text[r.at]) < 0 {
		r.at++
	}
	return r.text[from:r.at]
}

// name reads /Name, with #4a for a character.
func (r *pdfReader) name() (pdfName, error) {
	r.at++
	raw := r.regular()
	var name []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if c, err := strconv.ParseUint(string(raw[i+1:i+3]), 16, 8); err == nil {
				name = append(name, byte(c))
				i += 2
				continue
			}
		}
		name = append(name, raw[i])
	}
	switch n := pdfName(name); {
	case n == "Encrypt":
		return n, ErrPDFLocked
	case slices.Contains(forbidden, n):
		return n, fmt.Errorf("%w: /%s", ErrPDFActive, n)
	default:
		return n, nil
	}
}

// literal passes over (a string (with others) in it).
func (r *pdfReader) literal() error {
	for open := 0; r.at < len(r.text); r.at++ {
		switch r.text[r.at] {
		case '\\':
			r.at++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				r.at++
				return nil
			}
		}
	}
	return fmt.Errorf("%w: a string without end", ErrPDFBroken)
}

func (r *pdfReader) array(depth int) (pdfArray, error) {
	var a pdfArray
	for {
		v, err := r.value(depth + 1)
		if err != nil {
			return a, ended(err)
		}
		if v == pdfWord("]") {
			return a, nil
		}
		a = append(a, v)
	}
}

// dict reads what follows <<. Of a reference `12 0 R` its first number is kept.
func (r *pdfReader) dict(depth int) (pdfDict, error) {
	d := pdfDict{}
	for {
		r.space()
		if bytes.HasPrefix(r.text[r.at:], []byte(">>")) {
			r.at += 2
			return d, nil
		}
		key, err := r.value(depth + 1)
		if err != nil {
			return d, ended(err)
		}
		name, ok := key.(pdfName)
		if !ok {
			continue // the rest of a reference
		}
		r.space()
		if bytes.HasPrefix(r.text[r.at:], []byte(">>")) {
			continue
		}
		if slices.Contains(forbiddenKeys, name) {
			return d, fmt.Errorf("%w: /%s", ErrPDFActive, name)
		}
		if d[name], err = r.value(depth + 1); err != nil {
			return d, ended(err)
		}
	}
}

func ended(err error) error {
	if err == io.EOF {
		return fmt.Errorf("%w: it ends within an object", ErrPDFBroken)
	}
	return err
}

// stream reads the bytes that belong to a dictionary: as many as it says, where
// they end with endstream, else up to the next one.
func (r *pdfReader) stream(d pdfDict) ([]byte, error) {
	rest := r.text[r.at:]
	rest = bytes.TrimPrefix(bytes.TrimPrefix(rest, []byte("\r")), []byte("\n"))
	r.at = len(r.text) - len(rest)
	if said, ok := d["Length"].(pdfWord); ok {
		if n, err := strconv.Atoi(string(said)); err == nil && n >= 0 && n <= len(rest) {
			if bytes.HasPrefix(bytes.TrimLeft(rest[n:], pdfSpace), []byte("endstream")) {
				r.at += n
				return rest[:n], nil
			}
		}
	}
	end := bytes.Index(rest, []byte("endstream"))
	if end < 0 {
		return nil, fmt.Errorf("%w: a stream without end", ErrPDFBroken)
	}
	r.at += end
	return rest[:end], nil
}
