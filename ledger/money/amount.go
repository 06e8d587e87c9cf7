package money

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// Amount is an exact sum of money in yuan (or the community's currency) with
// two decimals. The zero value is 0.00. Compare with Cmp or Equal, not ==.
type Amount struct{ d decimal.Decimal }

// ErrFormat is returned by Parse for anything but 1 to 12 digits with at most
// two decimals: `-1`, `1e5`, `NaN`, `０.５` and `0.001` are all refused.
var ErrFormat = errors.New("money: an amount is written in digits, such as 66 or 18.80")

// input is the only shape in which people may write an amount.
var input = regexp.MustCompile(`^\d{1,12}(\.\d{1,2})?$`)

// stored is what the database's numeric(18,2) prints.
var stored = regexp.MustCompile(`^-?\d{1,16}(\.\d{1,2})?$`)

// Zero is 0.00.
var Zero = Amount{}

// Parse reads an amount that a person or a file wrote: unsigned, at most two
// decimals, no separators. It returns ErrFormat for everything else.
func Parse(s string) (Amount, error) {
	if !input.MatchString(s) {
		return Zero, ErrFormat
	}
	return parseDecimal(s)
}

// ParseSigned reads what String wrote, with an optional leading '-': for
// amounts that come back from the database or from our own exports.
func ParseSigned(s string) (Amount, error) {
	if !stored.MatchString(s) {
		return Zero, fmt.Errorf("%w: %.40q", ErrFormat, s)
	}
	return parseDecimal(s)
}

func parseDecimal(s string) (Amount, error) {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return Zero, fmt.Errorf("%w: %.40q", ErrFormat, s)
	}
	return Amount{d}, nil
}

// MustParse is ParseSigned for constants in code and tests; it panics on error.
func MustParse(s string) Amount {
	a, err := ParseSigned(s)
	if err != nil {
		panic(err)
	}
	return a
}

// FromFen makes an amount from integer hundredths (分), signed.
func FromFen(fen int64) Amount { return Amount{decimal.New(fen, -2)} }

// Fen is the amount in integer hundredths (分), signed.
func (a Amount) Fen() int64 { return a.d.Shift(2).IntPart() }

// Decimal gives the decimal behind the amount, for libraries that want one.
func (a Amount) Decimal() decimal.Decimal { return a.d }

// Add returns a + b.
func (a Amount) Add(b Amount) Amount { return Amount{a.d.Add(b.d)} }

// Sub returns a − b.
func (a Amount) Sub(b Amount) Amount { return Amount{a.d.Sub(b.d)} }

// Neg returns −a.
func (a Amount) Neg() Amount { return Amount{a.d.Neg()} }

// Abs returns a without its sign.
func (a Amount) Abs() Amount { return Amount{a.d.Abs()} }

// Times returns n × a.
func (a Amount) Times(n int64) Amount { return Amount{a.d.Mul(decimal.NewFromInt(n))} }

// Cmp returns −1, 0 or +1 as a is less than, equal to or greater than b.
func (a Amount) Cmp(b Amount) int { return a.d.Cmp(b.d) }

// Equal reports whether a and b are the same sum.
func (a Amount) Equal(b Amount) bool { return a.d.Equal(b.d) }

// Less reports whether a < b.
func (a Amount) Less(b Amount) bool { return a.d.LessThan(b.d) }

// Sign returns −1, 0 or +1.
func (a Amount) Sign() int { return a.d.Sign() }

// IsZero reports whether the amount is 0.00.
func (a Amount) IsZero() bool { return a.d.IsZero() }

// Sum adds amounts up.
func Sum(amounts ...Amount) Amount {
	total := Zero
	for _, a := range amounts {
		total = total.Add(a)
	}
	return total
}

// Min returns the smaller of a and b.
func Min(a, b Amount) Amount {
	if b.Less(a) {
		return b
	}
	return a
}

// PerMille is the share a/b in thousandths, rounded down (624 for 62.4 %); 0
// when b is zero. For sentences and pictures, never for the books.
func (a Amount) PerMille(b Amount) int64 {
	if b.IsZero() {
		return 0
	}
	return a.d.Shift(3).Div(b.d).IntPart()
}

// String writes the amount as it stands in files and the database: `-1234.50`.
func (a Amount) String() string { return a.d.StringFixed(2) }

// Format writes the amount for a column of a table: `1,234.50`, `−68.00`
// with a true minus sign.
func (a Amount) Format() string {
	s := a.d.Abs().StringFixed(2)
	whole, cents := s[:len(s)-3], s[len(s)-3:]
	var b strings.Builder
	if a.Sign() < 0 {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String() + cents
}

// ParseFormatted reads what Format or Yuan wrote.
func ParseFormatted(s string) (Amount, error) {
	s = strings.NewReplacer("−", "-", ",", "", "¥", "").Replace(s)
	return ParseSigned(s)
}

// Yuan writes a single amount in running text: `¥1,234.50`, `−¥68.00`.
func (a Amount) Yuan() string {
	s := a.Format()
	if rest, ok := strings.CutPrefix(s, "−"); ok {
		return "−¥" + rest
	}
	return "¥" + s
}

// YuanShort is Yuan without `.00` for whole sums: campaign goals, buttons.
func (a Amount) YuanShort() string { return strings.TrimSuffix(a.Yuan(), ".00") }

// MarshalText writes String.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (a *Amount) UnmarshalText(text []byte) (err error) {
	*a, err = ParseSigned(string(text))
	return err
}

// Value stores the amount in a numeric(18,2).
func (a Amount) Value() (driver.Value, error) { return a.String(), nil }

// Scan reads a numeric(18,2); NULL is refused, scan into sql.Null[Amount].
func (a *Amount) Scan(src any) (err error) {
	switch v := src.(type) {
	case []byte:
		*a, err = ParseSigned(string(v))
	case string:
		*a, err = ParseSigned(v)
	case int64:
		*a = Amount{decimal.NewFromInt(v)}
	default:
		err = fmt.Errorf("money: a database value of type %T is no amount", src)
	}
	return err
}
