package statement

import (
	"bytes"
	"io"
	"math"
	"strconv"

	"github.com/richardlehane/mscfb"
)

// parseXLS reads an old binary workbook, BIFF5 or BIFF8. The reader is our own
// because extrame/xls, which could do it, decodes whole numbers without their
// sign and without dividing by a hundred, shows amounts with a format of their
// own as dates, and allocates what the file asks for: no way to read money.
// The record layouts are those of MS-XLS.
func parseXLS(data []byte, options Options) (_ []Statement, err error) {
	damaged := &Error{Row: 1, Text: say("表格文件已损坏", "the workbook is damaged")}
	locked := &Error{Text: say("表格有密码，请先用密码打开另存", "the workbook has a password, save it without one first")}
	defer func() {
		if recover() != nil { // mscfb trusts the sector chains
			err = damaged
		}
	}()
	ole, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil, damaged
	}
	for entry, err := ole.Next(); err == nil; entry, err = ole.Next() {
		if entry.Name == "EncryptedPackage" {
			return nil, locked
		}
		if entry.Name != "Workbook" && entry.Name != "Book" {
			continue
		}
		stream, err := io.ReadAll(io.LimitReader(entry, SizeMax))
		if err != nil {
			return nil, damaged
		}
		book := &biff{stream: stream}
		if !book.globals() {
			if book.locked {
				return nil, locked
			}
			return nil, damaged
		}
		sheets := make([]*table, len(book.sheets))
		for i, at := range book.sheets {
			rows, ok := book.rows(at)
			if !ok {
				return nil, &Error{Row: len(rows) + 1, Text: damaged.Text}
			}
			sheets[i] = &table{sheet: true, from: book.from, each: func(visit func(row) error) error {
				for n, cells := range rows {
					if err := visit(row{n + 1, cells}); err != nil {
						return err
					}
				}
				return nil
			}}
		}
		return readSheets(sheets, options)
	}
	return nil, unknown(1)
}

// biff is the stream of records in an old workbook.
type biff struct {
	stream   []byte
	five     bool // BIFF5, whose texts are bytes of a code page
	from     int
	locked   bool
	strings  []string
	sheets   []int // where their records begin
	codepage uint16
}

// The records that matter.
const (
	recBOF, recEOF, recContinue, recFilePass, recSheet = 0x809, 0x0A, 0x3C, 0x2F, 0x85
	recSST, recDate1904, recCodepage                   = 0xFC, 0x22, 0x42
	recNumber, recRK, recMulRK, recLabel, recLabelSST  = 0x203, 0x27E, 0xBD, 0x204, 0xFD
	recRString, recFormula, recString                  = 0xD6, 0x06, 0x207
)

// record returns the record at a place and the place of the next.
func (b *biff) record(at int) (kind int, data []byte, next int) {
	if at < 0 || at+4 > len(b.stream) {
		return -1, nil, at
	}
	size := int(b.stream[at+2]) | int(b.stream[at+3])<<8
	if at+4+size > len(b.stream) {
		return -1, nil, at
	}
	return int(b.stream[at]) | int(b.stream[at+1])<<8, b.stream[at+4 : at+4+size], at + 4 + size
}

func le16(d []byte, at int) int {
	if at+2 > len(d) {
		return 0
	}
	return int(d[at]) | int(d[at+1])<<8
}

func le32(d []byte, at int) uint32 { return uint32(le16(d, at)) | uint32(le16(d, at+2))<<16 }

// globals reads the records before the first sheet.
func (b *biff) globals() bool {
	b.from = 1900
	kind, data, at := b.record(0)
	if kind != recBOF {
		return false
	}
	b.five = le16(data, 0) == 0x500
	for {
		kind, data, next := b.record(at)
		switch kind {
		case -1:
			return false
		case recEOF:
			return true
		case recFilePass:
			b.locked = true
			return false
		case recCodepage:
			b.codepage = uint16(le16(data, 0))
		case recDate1904:
			if le16(data, 0) == 1 {
				b.from = 1904
			}
		case recSheet:
			if len(data) >= 6 && data[5] == 0 { // a worksheet, not a chart or macro
				b.sheets = append(b.sheets, int(le32(data, 0)))
			}
		case recSST:
			parts := [][]byte{data}
			for {
				kind, more, after := b.record(next)
				if kind != recContinue {
					break
				}
				parts, next = append(parts, more), after
			}
			if !b.sharedStrings(parts) {
				return false
			}
		}
		at = next
	}
}

// rows reads the cells of one sheet.
func (b *biff) rows(at int) (rows [][]string, ok bool) {
	kind, _, at := b.record(at)
	if kind != recBOF {
		return nil, false
	}
	const rowsMax, colsMax = 65536, 256
	cells := 0
	set := func(r, c int, text string) {
		if r >= rowsMax || c >= colsMax || text == "" {
			return
		}
		for len(rows) <= r {
			rows = append(rows, nil)
		}
		for len(rows[r]) <= c {
			rows[r] = append(rows[r], "")
		}
		rows[r][c] = text
		cells++
	}
	formula := [2]int{-1, -1}
	for depth := 0; ; {
		kind, d, next := b.record(at)
		r, c := le16(d, 0), le16(d, 2)
		switch kind {
		case -1:
			return rows, false
		case recBOF:
			depth++ // a chart inside the sheet
		case recEOF:
			if depth == 0 {
				return rows, true
			}
			depth--
		case recLabelSST:
			i := int(le32(d, 6))
			if len(d) < 10 || i >= len(b.strings) {
				return rows, false
			}
			set(r, c, b.strings[i])
		case recLabel, recRString:
			set(r, c, b.label(d, 6))
		case recNumber:
			if len(d) < 14 {
				return rows, false
			}
			set(r, c, number(float64At(d, 6)))
		case recRK:
			set(r, c, number(rk(le32(d, 6))))
		case recMulRK:
			for i := 4; i+6 <= len(d)-2; i += 6 {
				set(r, c+(i-4)/6, number(rk(le32(d, i+2))))
			}
		case recFormula:
			if len(d) < 14 {
				return rows, false
			}
			if le16(d, 12) != 0xFFFF {
				set(r, c, number(float64At(d, 6)))
			} else if d[6] == 0 {
				formula = [2]int{r, c} // its text is in the record that follows
			}
		case recString:
			if formula[0] >= 0 {
				set(formula[0], formula[1], b.label(d, 0))
				formula[0] = -1
			}
		}
		at = next
	}
}

func float64At(d []byte, at int) float64 {
	return math.Float64frombits(uint64(le32(d, at)) | uint64(le32(d, at+4))<<32)
}

// rk unpacks the short form of a number: bit 0 says hundredths, bit 1 a signed
// whole number of 30 bits.
func rk(v uint32) float64 {
	f := math.Float64frombits(uint64(v&^3) << 32)
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

// number writes a cell's number; one too large to be exact keeps its exponent,
// so that an id which was rounded is recognised.
func number(f float64) string {
	if math.Abs(f) >= 1e15 {
		return strconv.FormatFloat(f, 'E', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
