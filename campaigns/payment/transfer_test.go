package payment_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"fund/campaigns/payment"
	"fund/ledger/money"
)

const referenceAlphabet = "23456789ABCDEFGHJKMNPQRTUVWXY"

func TestTransferReferenceIsStable(t *testing.T) { // it stands on paper: never change how it grows
	t.Parallel()
	id := uuid.MustParse("0198c5a0-7e7c-7d34-8c1b-4d2f9e1a6b70")
	if got := payment.TransferReference(id); got != "JK-3PEN-FXD2" {
		t.Errorf("got %s", got)
	}
}

// Every wrong character, and every two neighbours that changed places, of every reference: the proof by trial.
func TestTransferReferenceDetectsSlips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		reference := payment.TransferReference(id)
		code := strings.ReplaceAll(reference, "-", "")
		if got, ok := payment.ParseTransferReference(reference); !ok || got != reference {
			t.Fatalf("%s is read as %q, %t", reference, got, ok)
		}
		for i := range code {
			for _, wrong := range []byte(referenceAlphabet + "0O1IL%&") {
				if wrong == code[i] {
					continue
				}
				if got, ok := payment.ParseTransferReference(code[:i] + string(wrong) + code[i+1:]); ok {
					t.Fatalf("%s with %c at %d is read as %s", reference, wrong, i, got)
				}
			}
			if _, ok := payment.ParseTransferReference(code[:i] + code[i+1:]); ok && i >= 2 {
				t.Fatalf("%s without its character %d is accepted", reference, i)
			}
			if i > 0 && code[i-1] != code[i] {
				if got, ok := payment.ParseTransferReference(code[:i-1] + code[i:i+1] + code[i-1:i] + code[i+1:]); ok {
					t.Fatalf("%s with %d and %d swapped is read as %s", reference, i-1, i, got)
				}
			}
		}
		short := code[2:] // without its JK the check character still guards it
		for i := range short {
			for _, wrong := range []byte(referenceAlphabet) {
				if _, ok := payment.ParseTransferReference(short[:i] + string(wrong) + short[i+1:]); ok != (wrong == short[i]) {
					t.Fatalf("%s with %c at %d: accepted %t", short, wrong, i, ok)
				}
			}
		}
	})
}

func TestTransferReferenceIsReadAsTyped(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse("0198c5a0-7e7c-7d34-8c1b-4d2f9e1a6b70")
	want := payment.TransferReference(id)
	plain := strings.ReplaceAll(want, "-", "")
	wide := strings.Map(func(r rune) rune { return r - '!' + '！' }, plain)
	for _, typed := range []string{
		want, plain, strings.ToLower(want), " " + want + " ", plain[2:], wide, strings.Join(strings.Split(plain, ""), " "),
		strings.ReplaceAll(want, "-", "—"), strings.NewReplacer("5", "S", "2", "z").Replace(want),
	} {
		if got, ok := payment.ParseTransferReference(typed); !ok || got != want {
			t.Errorf("%q is read as %q, %t", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "JK", "JK-", plain + plain, plain + "2", "K7M4-92QD-", "AB" + plain[2:]} {
		if got, ok := payment.ParseTransferReference(typed); ok {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
}

func TestFindTransferReferences(t *testing.T) {
	t.Parallel()
	one, two := payment.TransferReference(uuid.New()), payment.TransferReference(uuid.New())
	plain := strings.ReplaceAll(one, "-", "")
	tests := map[string][]string{
		"网银转账 捐款 " + strings.ToLower(plain) + " 张三":     {one},
		"捐款" + one + "；" + two:                          {one, two},
		"JK" + plain:                                    {one}, // typed twice over
		plain[2:] + " 转账":                               nil,   // without its JK it could be anything
		plain[:6] + "捐" + plain[6:]:                     nil,
		"流水号 2026052022001418550500817423, JK 00000000": nil,
		"": nil,
	}
	for line, want := range tests {
		if diff := cmp.Diff(want, payment.FindTransferReferences(line)); diff != "" {
			t.Errorf("%q\n%s", line, diff)
		}
	}
}

func FuzzTransferReference(f *testing.F) {
	f.Add("捐款 " + payment.TransferReference(uuid.New()))
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range payment.FindTransferReferences(text) {
			if again, ok := payment.ParseTransferReference(found); !ok || again != found {
				t.Errorf("found %q, which is read as %q", found, again)
			}
		}
	})
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	config, err := payment.LoadTransferConfig(environment{
		"FUND_TRANSFER_HOLDER": "流云社区基金", "FUND_TRANSFER_BANK": "成都银行流云支行", "FUND_TRANSFER_ACCOUNT": "1001 3000 0012 3456",
	}.get)
	if err != nil {
		t.Fatal(err)
	}
	p := payment.NewTransfer(config)
	o := realOrder("1001300000123456", payment.Phone)
	if got, err := p.Checkout(t.Context(), o); err != nil || got != (payment.Checkout{Kind: payment.Instructions}) {
		t.Errorf("Checkout = %+v, %v", got, err)
	}
	testRefusedOrders(t, p, o)
	want := payment.TransferSlip{
		TransferConfig: payment.TransferConfig{Holder: "流云社区基金", Bank: "成都银行流云支行", Account: "1001300000123456"},
		Amount:         money.MustParse("123.45"), Reference: payment.TransferReference(o.ID),
	}
	if diff := cmp.Diff(want, p.Slip(o.Amount, payment.TransferReference(o.ID))); diff != "" {
		t.Error(diff)
	}
	if _, err := p.ParseEvent(t.Context(), posted("")); !errors.Is(err, payment.ErrSignature) {
		t.Errorf("ParseEvent: %v", err)
	}
	if _, err := p.Query(t.Context(), o); !errors.Is(err, payment.ErrByHand) {
		t.Errorf("Query: %v", err)
	}
	if _, err := p.Refund(t.Context(), payment.RefundOrder{}); !errors.Is(err, payment.ErrByHand) {
		t.Errorf("Refund: %v", err)
	}
	pretend := sandbox(payment.WithoutDatabase(testKeys(t)))
	if _, err := payment.NewProviders(pretend, p); !errors.Is(err, payment.ErrSandboxWithReal) {
		t.Errorf("beside the sandbox: %v", err)
	}
	seen := map[string]bool{}
	for range 10000 { // a million pairs a hundred times over: the id reaches every character
		seen[payment.TransferReference(uuid.Must(uuid.NewV7()))] = true
	}
	if len(seen) < 9999 {
		t.Errorf("%d references for 10,000 donations", len(seen))
	}
	var used []byte
	for reference := range seen {
		used = append(used, reference[3])
	}
	slices.Sort(used)
	if got := string(slices.Compact(used)); got != referenceAlphabet {
		t.Errorf("the first character is one of %s", got)
	}
}

// Transfers to an account that does not exist count as pretend money, and never stand beside real money.
func TestPretendTransfers(t *testing.T) {
	t.Parallel()
	real, pretend := payment.NewTransfer(payment.TransferConfig{Account: "1"}), payment.NewPretendTransfer()
	if _, err := payment.NewProviders(pretend, payment.Cash{}); err != nil {
		t.Error(err)
	}
	for what, both := range map[string][]payment.Provider{
		"two of one name": {real, pretend}, "a real company": {pretend, payment.NewWeChat(payment.WeChatConfig{})},
	} {
		if _, err := payment.NewProviders(both...); !errors.Is(err, payment.ErrSandboxWithReal) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := payment.NewProviders(payment.Cash{}, payment.Cash{}); err == nil || errors.Is(err, payment.ErrSandboxWithReal) {
		t.Errorf("cash twice: %v", err)
	}
}
