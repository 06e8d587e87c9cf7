package money

import "strings"

var (
	capitalDigits = [10]string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}
	capitalPlaces = [4]string{"", "拾", "佰", "仟"}
	capitalGroups = [5]string{"", "万", "亿", "万亿", "亿亿"}
)

// Capital writes the amount in the capital figures of Chinese vouchers and
// receipts: 1 409.50 is 壹仟肆佰零玖元伍角, 50 is 伍拾元整. The rules are
// those of 《支付结算办法》 (1997) annex 1: 整 ends a sum without 分 or 角, and a
// run of zeros is written once.
func (a Amount) Capital() string {
	fen := a.Abs().Fen()
	var b strings.Builder
	if a.Sign() < 0 {
		b.WriteString("负")
	}
	yuan, jiao, cents := fen/100, fen/10%10, fen%10
	if yuan > 0 {
		b.WriteString(capitalWhole(yuan) + "元")
	}
	switch {
	case jiao == 0 && cents == 0:
		if yuan == 0 {
			return "零元整"
		}
		b.WriteString("整")
	case cents == 0:
		b.WriteString(capitalDigits[jiao] + "角")
	case jiao == 0:
		if yuan > 0 {
			b.WriteString("零")
		}
		b.WriteString(capitalDigits[cents] + "分")
	default:
		b.WriteString(capitalDigits[jiao] + "角" + capitalDigits[cents] + "分")
	}
	return b.String()
}

// capitalWhole writes a positive whole number in groups of four digits.
func capitalWhole(n int64) string {
	var groups []int64
	for ; n > 0; n /= 10000 {
		groups = append(groups, n%10000)
	}
	var b strings.Builder
	zero := false // a zero is owed before the next digit
	for i := len(groups) - 1; i >= 0; i-- {
		group := groups[i]
		if group == 0 {
			zero = b.Len() > 0
			continue
		}
		for place := 3; place >= 0; place-- {
			digit := group / [4]int64{1, 10, 100, 1000}[place] % 10
			if digit == 0 {
				zero = zero || b.Len() > 0
				continue
			}
			if zero {
				b.WriteString("零")
				zero = false
			}
			b.WriteString(capitalDigits[digit] + capitalPlaces[place])
		}
		b.WriteString(capitalGroups[i])
		zero = false
		if group%10 == 0 && i > 0 {
			zero = true
		}
	}
	return b.String()
}
