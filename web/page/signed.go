package page

import "strings"

// signedMark stands between a signed value and its signature, in an address: nothing that has to be escaped, and no dot,
// which would make the address a document's.
const signedMark = "~"

// Sign writes a value so that only this installation can have written it, for an address or a hidden field. purpose keeps
// one kind of value from passing as another.
func (s *Site) Sign(purpose, value string) string {
	signed := s.sign("page "+purpose, value)
	return value + signedMark + signed[len(value)+1:]
}

// Signed reads what Sign wrote for the same purpose; "" and false for anything else.
func (s *Site) Signed(purpose, signed string) (value string, ok bool) {
	value, signature, found := strings.Cut(signed, signedMark)
	if !found || !s.signed("page "+purpose, value+"."+signature) {
		return "", false
	}
	return value, true
}
