package statement

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
	"golang.org/x/text/width"

	"fund/ledger/money"
)

// point is how a file writes decimals.
type point byte

const (
	pointDot    point = '.' // 1,234.50
	pointComma  point = ',' // 1.234,50
	pointEither point = 0   // whichever comes last, when that leaves no doubt
)

var (
	dotNumber   = regexp.MustCompile(`^(\d+|\d{1,3}(,\d{3})+|\d{1,2}(,\d{2})*,\d{3})(\.\d*)?$|^\.\d+$`)
	commaNumber = regexp.MustCompile(`^(\d+|\d{1,3}([. '’]\d{3})+)(,\d*)?$|^,\d+$`)
	floatNumber = regexp.MustCompile(`^-?\d+(\.\d+)?([eE][+-]?\d{1,3})?$`)
	code        = regexp.MustCompile(`^[A-Z]{3}\b|\b[A-Z]{3}$`)
	markCut     = strings.NewReplacer("¥", "", "￥", "", "$", "", "€", "", "£", "", "元", "", "\u00a0", "", "\u202f", "", "`", "", "'", "", "’", "", "\u3000", "")
)

// blank cells are empty or hold a placeholder.
func blankAmount(s string) bool { return strings.Trim(s, "-—－/ \t") == "" }

// parseAmount reads a signed amount as files write them: `-1,234.50`,
// `+0.00`, `¥50.0`, `(12.00)`, `12.00-`, `CNY 123.18`. More than two decimals
// are refused unless they are zeros.
func parseAmount(s string, p point) (money.Amount, bool) {
	s = strings.TrimSpace(s)
	if width.Narrow.String(s) != s {
		s = width.Narrow.String(s)
	}
	s = strings.TrimSpace(markCut.Replace(s))
	s = strings.TrimSpace(code.ReplaceAllString(s, ""))
	negative := false
	switch {
	case strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")"):
		s, negative = s[1:len(s)-1], true
	case strings.HasPrefix(s, "-"), strings.HasPrefix(s, "−"):
		s, negative = strings.TrimPrefix(strings.TrimPrefix(s, "-"), "−"), true
	case strings.HasSuffix(s, "-"):
		s, negative = strings.TrimSuffix(s, "-"), true
	default:
		s = strings.TrimPrefix(s, "+")
	}
	s = strings.TrimSpace(s)
	if p == pointEither {
		p = guessPoint(s)
	}
	switch {
	case p == pointDot && dotNumber.MatchString(s):
		s = strings.ReplaceAll(s, ",", "")
	case p == pointComma && commaNumber.MatchString(s):
		s = strings.NewReplacer(".", "", " ", "", ",", ".").Replace(s)
	default:
		return money.Zero, false
	}
	if s = strings.TrimLeft(s, "0"); s == "" || s[0] == '.' {
		s = "0" + s
	}
	if whole, cents, ok := strings.Cut(s, "."); ok {
		for len(cents) > 2 && cents[len(cents)-1] == '0' {
			cents = cents[:len(cents)-1]
		}
		s = strings.TrimSuffix(whole+"."+cents, ".")
	}
	a, err := money.ParseSigned(s)
	if err != nil {
		return money.Zero, false
	}
	if negative {
		a = a.Neg()
	}
	return a, true
}

// guessPoint decides for one number alone. `1,234` could be either and stays a
// comma decimal with three places, which parseAmount refuses.
func guessPoint(s string) point {
	comma, dot := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	if comma > dot {
		return pointComma
	}
	return pointDot
}

// parseFloat reads a number cell of a spreadsheet, which holds a binary
// fraction such as 548.58000000000004: the nearest cent, if it is that near.
func parseFloat(s string) (money.Amount, bool) {
	if len(s) > 40 || !floatNumber.MatchString(s) {
		return money.Zero, false
	}
	d, err := decimal.NewFromString(s)
	if err != nil || d.Exponent() > 15 || d.Exponent() < -60 {
		return money.Zero, false
	}
	cents := d.Round(2)
	if cents.Sub(d).Abs().GreaterThan(decimal.New(1, -6)) {
		return money.Zero, false
	}
	a, err := money.ParseSigned(cents.StringFixed(2))
	return a, err == nil
}

// ruined ids went through a spreadsheet that took them for numbers: rounded to
// an exponent, to 15 figures and a tail of zeros, or to a cell too narrow.
var ruined = regexp.MustCompile(`^[+-]?\d+(\.\d+)?[eE]\+?\d+$|^[1-9]\d{14,16}0{7,}$|^#+$`)

var ruinedText = say("单号被表格软件改成了近似数，请用原始文件", "a spreadsheet has rounded this id, use the original file; it reads")

// masked balances were blackened by whoever passed the file on.
var masked = regexp.MustCompile(`^[xyzXYZ*#,. ]*[xyzXYZ*#][xyzXYZ*#,. ]*$`)
