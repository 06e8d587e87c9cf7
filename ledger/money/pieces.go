package money

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
)

// Denominations are the notes and coins, from ¥100 to ¥0.1; a ¥1 coin counts
// with the notes.
var Denominations = []Amount{
	FromFen(10000), FromFen(5000), FromFen(2000), FromFen(1000), FromFen(500), FromFen(100), FromFen(50), FromFen(10),
}

// Pieces is how many of each of the Denominations somebody counted, in their
// order. PostgreSQL keeps them as an int[].
type Pieces [8]int

// PiecesMax is the most that a count has of one denomination.
const PiecesMax = 99999

// Total is what they are worth.
func (p Pieces) Total() (sum Amount) {
	for i, n := range p {
		sum = sum.Add(Denominations[i].Times(int64(n)))
	}
	return sum
}

// Value writes an int[].
func (p Pieces) Value() (driver.Value, error) {
	texts := make([]string, len(p))
	for i, n := range p {
		texts[i] = strconv.Itoa(n)
	}
	return "{" + strings.Join(texts, ",") + "}", nil
}

// Scan reads an int[] of eight.
func (p *Pieces) Scan(src any) error {
	text, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("money: pieces from %T", src)
	}
	texts := strings.Split(strings.Trim(string(text), "{}"), ",")
	if len(texts) != len(p) {
		return fmt.Errorf("money: %d denominations, not %d", len(texts), len(p))
	}
	for i, t := range texts {
		n, err := strconv.Atoi(t)
		if err != nil {
			return fmt.Errorf("money: pieces: %w", err)
		}
		p[i] = n
	}
	return nil
}
