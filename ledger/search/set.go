package search

import (
	"encoding/binary"
	"math/bits"
)

// blockSize is how many entries stand in a block; entry Seq stands in block (Seq−1)/blockSize.
const blockSize = 4096

// set is which entries of a block have something: a bit a place.
type set [blockSize / 64]uint64

// blockOf is the block of an entry and its place there.
func blockOf(seq int64) (block int, place int) {
	return int((seq - 1) / blockSize), int((seq - 1) % blockSize)
}

// seqAt is the entry at a place.
func seqAt(block, place int) int64 { return int64(block)*blockSize + int64(place) + 1 }

func (s *set) add(place int)      { s[place/64] |= 1 << (place % 64) }
func (s *set) has(place int) bool { return s[place/64]&(1<<(place%64)) != 0 }

func (s *set) or(t *set) {
	for i := range s {
		s[i] |= t[i]
	}
}

func (s *set) and(t *set) {
	for i := range s {
		s[i] &= t[i]
	}
}

func (s *set) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// keepBefore takes out the places from one on.
func (s *set) keepBefore(place int) {
	for i := range s {
		switch {
		case i*64 >= place:
			s[i] = 0
		case (i+1)*64 > place:
			s[i] &= 1<<(place%64) - 1
		}
	}
}

// newestFirst are the places in the set from the highest down.
func (s *set) newestFirst(yield func(place int) bool) {
	for i := len(s) - 1; i >= 0; i-- {
		for w := s[i]; w != 0; {
			at := 63 - bits.LeadingZeros64(w)
			if !yield(i*64 + at) {
				return
			}
			w &^= 1 << at
		}
	}
}

// bitsLength is the length of a set as bits. As places it is two bytes each, and fewer than that.
const bitsLength = blockSize / 8

// bytes is the set as the table keeps it.
func (s *set) bytes() []byte {
	n := s.count()
	b := make([]byte, 0, min(2*n, bitsLength))
	if 2*n >= bitsLength {
		for _, w := range s {
			b = binary.BigEndian.AppendUint64(b, w)
		}
		return b
	}
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			b = binary.BigEndian.AppendUint16(b, uint16(i*64+bits.TrailingZeros64(w)))
		}
	}
	return b
}

// readSet reads what bytes wrote. What it cannot read is left out: Check finds it.
func readSet(b []byte) *set {
	s := new(set)
	if len(b) == bitsLength {
		for i := range s {
			s[i] = binary.BigEndian.Uint64(b[8*i:])
		}
		return s
	}
	for ; len(b) >= 2; b = b[2:] {
		if place := int(binary.BigEndian.Uint16(b)); place < blockSize {
			s.add(place)
		}
	}
	return s
}
