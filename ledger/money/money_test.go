package money_test

import (
	"testing"

	"pgregory.net/rapid"

	"fund/ledger/money"
)

func TestParseTakesOnlyPlainAmounts(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"0", "66", "18.80", "0.01", "999999999999.99", "007"} {
		if _, err := money.Parse(s); err != nil {
			t.Errorf("Parse(%q): %v", s, err)
		}
	}
	for _, s := range []string{"", "-1", "+1", "NaN", "Inf", "1e9999", "1e5", "0.001", "−1", "１２", "1,000", "1.", ".5", " 1", "1 ", "0x10", "1_000", "1234567890123", "1\n"} {
		if a, err := money.Parse(s); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", s, a)
		}
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][3]string{
		"0":            {"0.00", "¥0.00", "¥0"},
		"11.1":         {"11.10", "¥11.10", "¥11.10"},
		"1234.5":       {"1,234.50", "¥1,234.50", "¥1,234.50"},
		"-68":          {"−68.00", "−¥68.00", "−¥68"},
		"312486.50":    {"312,486.50", "¥312,486.50", "¥312,486.50"},
		"100000000000": {"100,000,000,000.00", "¥100,000,000,000.00", "¥100,000,000,000"},
	} {
		a := money.MustParse(in)
		if got := [3]string{a.Format(), a.Yuan(), a.YuanShort()}; got != want {
			t.Errorf("%s formats as %q, want %q", in, got, want)
		}
	}
}

func TestCapital(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0": "零元整", "50": "伍拾元整", "1409.50": "壹仟肆佰零玖元伍角", "6007.14": "陆仟零柒元壹角肆分",
		"107000.53": "壹拾万零柒仟元伍角叁分", "16409.02": "壹万陆仟肆佰零玖元零贰分", "325.04": "叁佰贰拾伍元零肆分",
		"0.05": "伍分", "0.50": "伍角", "10": "壹拾元整", "100000000": "壹亿元整", "100010001": "壹亿零壹万零壹元整",
		"20030": "贰万零叁拾元整", "-3": "负叁元整", "1010": "壹仟零壹拾元整", "18.80": "壹拾捌元捌角",
	} {
		if got := money.MustParse(in).Capital(); got != want {
			t.Errorf("Capital(%s) = %s, want %s", in, got, want)
		}
	}
}

func amounts() *rapid.Generator[money.Amount] {
	return rapid.Map(rapid.Int64Range(-99_999_999_999_999, 99_999_999_999_999), money.FromFen)
}

func TestSplitLosesNoCent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := amounts().Draw(t, "a")
		weights := append(rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 0, 20).Draw(t, "weights"), rapid.Int64Range(1, 9).Draw(t, "w"))
		parts := a.Split(weights...)
		if sum := money.Sum(parts...); !sum.Equal(a) || len(parts) != len(weights) {
			t.Fatalf("%v split by %v into %v, which sums to %v", a, weights, parts, sum)
		}
		for i, w := range weights {
			if w == 0 && !parts[i].IsZero() {
				t.Fatalf("weight 0 got %v", parts[i])
			}
		}
	})
}

func TestFormatRoundTrips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := amounts().Draw(t, "a")
		text, _ := a.MarshalText()
		var b money.Amount
		if err := b.UnmarshalText(text); err != nil || !a.Equal(b) || a.Fen() != b.Fen() {
			t.Fatalf("%v came back from %q as %v, %v", a, text, b, err)
		}
		if c, err := money.ParseFormatted(a.Format()); err != nil || !a.Equal(c) {
			t.Fatalf("%v came back from %q as %v, %v", a, a.Format(), c, err)
		}
		if c, err := money.ParseFormatted(a.Yuan()); err != nil || !a.Equal(c) {
			t.Fatalf("%v came back from %q as %v, %v", a, a.Yuan(), c, err)
		}
	})
}

func TestPiecesAreWorthTheirSumAndComeBack(t *testing.T) {
	t.Parallel()
	counted := money.Pieces{1, 2, 0, 3, 0, 4, 5, 7}
	if got := counted.Total().String(); got != "237.20" {
		t.Errorf("worth %s", got)
	}
	stored, err := counted.Value()
	if err != nil {
		t.Fatal(err)
	}
	var back money.Pieces
	if err := back.Scan([]byte(stored.(string))); err != nil || back != counted {
		t.Errorf("%v, %v", back, err)
	}
	for _, bad := range []any{[]byte("{1,2}"), []byte("{1,2,3,4,5,6,7,x}"), 8} {
		if back.Scan(bad) == nil {
			t.Errorf("%v is read", bad)
		}
	}
}
