package statement

import (
	"bytes"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"fund/ledger/money"
)

// The families of formats. Statement.Layout says which member of the family.
const (
	WeChatMerchant = "wechat-merchant" // trade bills and fund-flow bills
	WeChatPersonal = "wechat-personal" // the bill an app user asks for
	AlipayMerchant = "alipay-merchant" // 业务明细 and 账务明细
	AlipayPersonal = "alipay-personal" // three layouts of ten years
	BankCN         = "bank-cn"         // tables with Chinese headers
	TableIntl      = "csv-intl"        // tables with other headers, or none
	OFX            = "ofx"             // SGML 1.x and XML 2.x, QFX too
	CAMT           = "camt"            // CAMT.052, .053 and .054
	MT940          = "mt940"
)

// Formats are all families, for help texts and for checking an Options.Format.
var Formats = []string{WeChatMerchant, WeChatPersonal, AlipayMerchant, AlipayPersonal, BankCN, TableIntl, OFX, CAMT, MT940}

// SizeMax is the largest file that Parse takes, in bytes.
const SizeMax = 64 << 20

// TooLarge is why a file of more than SizeMax is refused.
var TooLarge = say("文件大于 %d MB", "the file is larger than %d MB", SizeMax>>20)

// Options steer Parse. The zero value detects everything.
type Options struct {
	Format  string   // one of Formats, or empty to detect
	Profile *Profile // how to read the columns of a table, or nil to detect

	look    func(*table) // takes the tables instead of reading them
	reading *reading
}

// Statement is what one file, or one part of it, says about one account.
type Statement struct {
	Format   string // one of Formats
	Layout   string // the member of the family, such as "trade" or "camt.053.001.08"
	Account  string // as the file names it, often masked; empty when unknown
	Currency string // ISO 4217, empty when unknown
	Opening  *money.Amount
	Closing  *money.Amount
	Lines    []Line // in the order of the file
	Count    int    // of the lines
	Warnings []Warning

	expected   int // lines, to make room once for many
	reading    *reading
	begun      int
	facts      []fact
	currencies []string // of the facts
	from       *Scanned // where the lines are, if they are not in Lines
	at         int      // its place there
}

// linesMax keeps a file of nothing but tiny rows within memory.
const linesMax = 1 << 20

// Line is one movement of the account, or a row that moved no money.
type Line struct {
	Row          int       // where it stands in the file, from 1
	Date         time.Time // the day, UTC; zero when the file does not say
	Clock        string    // 15:04:05, empty when the file does not say
	Amount       money.Amount
	Currency     string
	ID           string // the format's own id, empty when it has none
	Reference    string // the number that one of the two sides gave it: an order, a cheque
	Counterparty string
	Memo         string
	Balance      *money.Amount

	// Gross is what the row itself prints when that is not Amount: a neutral
	// row, a closed trade, a payment that was refunded in full.
	Gross *money.Amount
	// Fee is the fee that the row states beside its amount; it is not part of
	// Amount, and payment platforms write it with up to five decimals.
	Fee decimal.Decimal
	// Key identifies the line when the same or an overlapping file is imported
	// again: a hash of its id, day and amount, or of all it says, and its
	// ordinal among equal lines.
	Key Key
}

// Warning says where a file contradicts itself or had to be interpreted.
type Warning struct {
	Row    int    // from 1, 0 for the whole file
	Column string // empty for the whole row
	Text
}

// Parse reads the statements in data. The name only labels errors; the content
// decides. It returns an *Error when the file cannot be read whole.
func Parse(name string, data []byte, options Options) ([]Statement, error) {
	x, err := Scan(name, data, options)
	if err != nil {
		return nil, err
	}
	for i := range x.Statements {
		x.Statements[i].from = nil
		x.Statements[i].Lines = make([]Line, 0, x.Statements[i].Count)
	}
	err = x.Each(func(of int, l *Line) error {
		x.Statements[of].Lines = append(x.Statements[of].Lines, *l)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return x.Statements, nil
}

func parse(data []byte, options Options) ([]Statement, error) {
	switch {
	case options.Format != "" && !slices.Contains(Formats, options.Format):
		return nil, &Error{Text: say("没有“%s”这种格式", "there is no format %q", options.Format)}
	case len(data) > SizeMax:
		return nil, &Error{Text: TooLarge}
	case len(bytes.TrimSpace(data)) == 0:
		return nil, &Error{Row: 1, Text: say("文件是空的", "the file is empty")}
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return parseZip(data, options)
	case bytes.HasPrefix(data, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return parseXLS(data, options)
	case bytes.HasPrefix(data, []byte{0x1F, 0x8B}):
		unpacked, err := gunzip(data)
		if err != nil || bytes.HasPrefix(unpacked, []byte{0x1F, 0x8B}) {
			return nil, &Error{Row: 1, Text: say("压缩包或表格文件已损坏", "the ZIP or XLSX file is damaged")}
		}
		return parse(unpacked, options)
	}
	return parseText(data, options)
}

// parseText reads everything that is no container.
func parseText(data []byte, options Options) ([]Statement, error) {
	data, err := fromUTF16(data)
	if err != nil {
		return nil, err
	}
	format := options.Format
	if format == "" && options.Profile == nil {
		format = detectText(data)
	}
	switch format {
	case OFX:
		return parseOFX(data, options)
	case CAMT:
		return parseCAMT(data, options)
	case MT940:
		return parseMT940(data, options)
	}
	text, err := decodeText(data, options.Profile.encoding())
	if err != nil {
		return nil, err
	}
	if isTagged(data) {
		return parseTagged(text.all(), options)
	}
	return parseCSV(text, options)
}

// detectText looks for the marks of the formats that are no tables.
func detectText(data []byte) string {
	head := bytes.ToUpper(data[:min(len(data), 16<<10)])
	switch {
	case bytes.Contains(head, []byte("<OFX>")), bytes.Contains(head, []byte("OFXHEADER")):
		return OFX
	case bytes.Contains(head, []byte("<BKTOCSTMR")), bytes.Contains(head, []byte(":BKTOCSTMR")),
		bytes.Contains(head, []byte("XSD:CAMT.05")):
		return CAMT
	case mt940Mark.Match(head) && bytes.Contains(head, []byte(":25:")):
		return MT940
	}
	return ""
}

// withoutRepeated drops statements whose lines stand in a later sheet once more:
// the wallet's workbook holds a copy of its data for the eye.
func withoutRepeated(all []Statement) []Statement {
	return slices.DeleteFunc(all, func() func(Statement) bool {
		at := -1
		later := slices.Clone(all)
		return func(s Statement) bool {
			at++
			return s.Count > 0 && s.Format != CAMT && s.Format != MT940 && s.Format != OFX && slices.ContainsFunc(later[at+1:], func(l Statement) bool {
				return s.Format == l.Format && slices.EqualFunc(s.facts, l.facts, func(a, b fact) bool { return a.key == b.key })
			})
		}
	}())
}
