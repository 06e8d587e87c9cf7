package payment

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"fund/ledger/money"
)

// TransferConfig is the bank account that donors transfer to. [LoadTransferConfig] reads it.
type TransferConfig struct {
	Holder  string // 户名
	Bank    string // 开户行
	Account string // 账号: digits, without spaces
}

// LoadTransferConfig reads FUND_TRANSFER_HOLDER (户名), FUND_TRANSFER_BANK (开户行) and FUND_TRANSFER_ACCOUNT (账号), each as
// NAME or as a file named in NAME_FILE. ErrNotConfigured where nothing is set, else an ErrSetting for each piece that is
// missing or wrong.
func LoadTransferConfig(getenv func(name string) string) (TransferConfig, error) {
	s := settings{getenv: getenv, prefix: "FUND_TRANSFER_"}
	c := TransferConfig{
		Holder:  s.required("HOLDER", "the name of the account (户名)"),
		Bank:    s.required("BANK", "the bank and branch (开户行)"),
		Account: parsed(&s, "ACCOUNT", "the number of the account (账号)", parseAccount),
	}
	return c, s.err()
}

func parseAccount(text string) (string, error) {
	account := strings.Join(strings.Fields(text), "")
	if strings.Trim(account, "0123456789-") != "" {
		return "", fmt.Errorf("%q has something beside digits", text)
	}
	return account, nil
}

// Transfer is money sent from bank to bank: the donor copies the account and a short reference into a bank form, and the
// donation is paid when the treasurer accepts the matched line of the bank's statement. As at the desk, nobody sends
// notifications and no company is asked.
type Transfer struct {
	Cash
	config  TransferConfig
	pretend bool
}

// NewTransfer is bank transfers to one account.
func NewTransfer(c TransferConfig) *Transfer { return &Transfer{config: c} }

// NewPretendTransfer is bank transfers to an account that does not exist, beside the sandbox.
func NewPretendTransfer() *Transfer {
	return &Transfer{config: TransferConfig{Holder: "演示账户（不要汇款）", Bank: "演示银行 Pretend Bank", Account: "0000000000000000"}, pretend: true}
}

// Name is "transfer".
func (t *Transfer) Name() string { return "transfer" }

// Payee is the number of the account.
func (t *Transfer) Payee() string { return t.config.Account }

// Checkout shows the page's words, with [Transfer.Slip].
func (t *Transfer) Checkout(_ context.Context, o Order) (Checkout, error) {
	if o.Payee != t.Payee() || o.Currency != "CNY" || o.Amount.Sign() <= 0 {
		return Checkout{}, fmt.Errorf("%w: %s %s to payee %q", ErrRefused, o.Amount, o.Currency, o.Payee)
	}
	return Checkout{Kind: Instructions}, nil
}

// TransferSlip is what the donor copies into the bank's form.
type TransferSlip struct {
	TransferConfig
	Amount    money.Amount
	Reference string // into 附言, the line for the payee
}

// Slip is for a donation of an amount, with the reference it has reserved.
func (t *Transfer) Slip(amount money.Amount, reference string) TransferSlip {
	return TransferSlip{t.config, amount, reference}
}

// A reference is "JK" (捐款), seven characters that grow from the donation's id, and a check character, written JK-7K3M-92QF.
// The alphabet has no 0 O 1 I L and no S Z, which people read as 5 and 2. It has 29 characters, a prime: weights 1 to 10 from
// the right make every sum of a right reference a multiple of 29, and so one wrong character, or two characters that
// changed places, anywhere, always leave a remainder.
const (
	referenceAlphabet = "23456789ABCDEFGHJKMNPQRTUVWXY"
	referencePrefix   = "JK"
	referenceLength   = 10
)

// TransferReference is the reference that a donation usually has: see ReserveReference. There are seventeen thousand million.
func TransferReference(donation uuid.UUID) string { return transferReference(donation, 0) }

func transferReference(donation uuid.UUID, salt byte) string {
	const base = uint64(len(referenceAlphabet))
	seed := append([]byte("transfer:"), donation[:]...)
	if salt > 0 {
		seed = append(seed, salt)
	}
	digest := sha256.Sum256(seed)
	n := binary.BigEndian.Uint64(digest[:])
	code := []byte(referencePrefix)
	for len(code) < referenceLength-1 {
		code, n = append(code, referenceAlphabet[n%base]), n/base
	}
	sum, _ := referenceSum(string(code) + referenceAlphabet[:1]) // the first character counts 0
	check := (len(referenceAlphabet) - sum) % len(referenceAlphabet)
	return spaced(string(code) + referenceAlphabet[check:check+1])
}

func spaced(code string) string { return code[:2] + "-" + code[2:6] + "-" + code[6:] }

// referenceSum is 0 for a right reference.
func referenceSum(code string) (sum int, ok bool) {
	for i := range len(code) {
		value := strings.IndexByte(referenceAlphabet, code[i])
		if value < 0 {
			return 0, false
		}
		sum += (len(code) - i) * value
	}
	return sum % len(referenceAlphabet), true
}

// ParseTransferReference reads a reference as people type it: in small letters, with other separators or none, in full-width
// characters, with S for 5 and Z for 2, without its JK. It answers as TransferReference writes; ok is false for anything
// mistyped.
func ParseTransferReference(typed string) (reference string, ok bool) {
	code := plainReference(typed)
	if len(code) == referenceLength-len(referencePrefix) {
		code = referencePrefix + code
	}
	if len(code) != referenceLength || !strings.HasPrefix(code, referencePrefix) {
		return "", false
	}
	if sum, ok := referenceSum(code); !ok || sum != 0 {
		return "", false
	}
	return spaced(code), true
}

// FindTransferReferences returns the right references in a line of a bank's statement, in their order. There they must have
// their JK.
func FindTransferReferences(line string) (references []string) {
	code := plainReference(line)
	for at := 0; at < len(code); at++ {
		found, ok := referenceAt(code, at)
		if _, again := referenceAt(code, at+len(referencePrefix)); !ok || again { // its JK was written twice
			continue
		}
		references = append(references, found)
		at += referenceLength - 1
	}
	return references
}

// referenceAt reads a right reference that begins there, with its JK.
func referenceAt(code string, at int) (reference string, ok bool) {
	if at+referenceLength > len(code) || !strings.HasPrefix(code[at:], referencePrefix) {
		return "", false
	}
	return ParseTransferReference(code[at : at+referenceLength])
}

// plainReference drops separators and reads what stands for a character of the alphabet as that character. What is left and
// cannot be part of a reference becomes a dot, so that nothing grows together across it.
func plainReference(text string) string {
	var code strings.Builder
	for _, r := range text {
		if r >= '！' && r <= '～' { // full width
			r -= '！' - '!'
		}
		switch {
		case strings.ContainsRune(" -_.·—–　\t", r):
			continue
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		}
		switch r {
		case 'S':
			r = '5'
		case 'Z':
			r = '2'
		}
		if !strings.ContainsRune(referenceAlphabet, r) {
			r = '.'
		}
		code.WriteRune(r)
	}
	return code.String()
}
