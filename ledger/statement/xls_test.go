package statement_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf16"

	"fund/ledger/statement"
)

// oldBook writes the records of an old workbook, BIFF8 in an OLE2 file.
type oldBook struct{ sheet bytes.Buffer }

func record(b *bytes.Buffer, kind uint16, parts ...any) {
	var data bytes.Buffer
	for _, p := range parts {
		if err := binary.Write(&data, binary.LittleEndian, p); err != nil {
			panic(err)
		}
	}
	_ = binary.Write(b, binary.LittleEndian, []uint16{kind, uint16(data.Len())})
	b.Write(data.Bytes())
}

func wide(s string) (n uint16, text []byte) {
	units := utf16.Encode([]rune(s))
	var b bytes.Buffer
	_ = binary.Write(&b, binary.LittleEndian, units)
	return uint16(len(units)), b.Bytes()
}

// label writes a text into a cell, as older writers do without a shared table.
func (o *oldBook) label(r, c int, s string) {
	n, text := wide(s)
	record(&o.sheet, 0x204, uint16(r), uint16(c), uint16(0), n, uint8(1), text)
}

func (o *oldBook) number(r, c int, f float64) {
	record(&o.sheet, 0x203, uint16(r), uint16(c), uint16(0), f)
}

// bytes puts the workbook together: a globals part with the shared texts, cut
// over two records in the middle of a text, and one sheet.
func (o *oldBook) bytes(shared ...string) []byte {
	var sst bytes.Buffer
	_ = binary.Write(&sst, binary.LittleEndian, []uint32{uint32(len(shared)), uint32(len(shared))})
	cut := 0
	for i, s := range shared {
		n, text := wide(s)
		_ = binary.Write(&sst, binary.LittleEndian, n)
		sst.WriteByte(1)
		if i == len(shared)-1 {
			cut = sst.Len() + 2
		}
		sst.Write(text)
	}
	var book bytes.Buffer
	record(&book, 0x809, uint16(0x600), uint16(5), uint32(0), uint64(0))
	at := book.Len() + 4
	record(&book, 0x85, uint32(0), uint8(0), uint8(0), uint8(1), uint8(0), []byte("a"))
	if cut > 0 {
		record(&book, 0xFC, sst.Bytes()[:cut])
		record(&book, 0x3C, uint8(1), sst.Bytes()[cut:])
	}
	record(&book, 0x0A)
	start := book.Len()
	record(&book, 0x809, uint16(0x600), uint16(0x10), uint32(0), uint64(0))
	book.Write(o.sheet.Bytes())
	record(&book, 0x0A)
	binary.LittleEndian.PutUint32(book.Bytes()[at:], uint32(start))
	return ole(book.Bytes())
}

// ole wraps a stream into a compound file of 512-byte sectors.
func ole(stream []byte) []byte {
	size := max(len(stream), 4096)
	sectors := (size + 511) / 512
	out := make([]byte, 512*(1+1+1+sectors)) // header, FAT, directory, stream
	head := out[:512]
	copy(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	put16 := func(at int, v uint16) { binary.LittleEndian.PutUint16(head[at:], v) }
	put32 := func(b []byte, at int, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }
	put16(24, 0x3E)
	put16(26, 3)
	put16(28, 0xFFFE)
	put16(30, 9)
	put16(32, 6)
	put32(head, 44, 1) // one FAT sector
	put32(head, 48, 1) // the directory is sector 1
	put32(head, 56, 4096)
	put32(head, 60, 0xFFFFFFFE)
	put32(head, 68, 0xFFFFFFFE)
	for i := range 109 {
		put32(head, 76+4*i, 0xFFFFFFFF)
	}
	put32(head, 76, 0)
	fat := out[512:1024]
	for i := range 128 {
		put32(fat, 4*i, 0xFFFFFFFF)
	}
	put32(fat, 0, 0xFFFFFFFD)
	put32(fat, 4, 0xFFFFFFFE)
	for i := range sectors {
		next := uint32(i + 3)
		if i == sectors-1 {
			next = 0xFFFFFFFE
		}
		put32(fat, 4*(i+2), next)
	}
	entry := func(at int, name string, kind byte, child, start, size uint32) {
		e := out[1024+128*at:]
		n, text := wide(name + "\x00")
		copy(e, text)
		binary.LittleEndian.PutUint16(e[64:], 2*n)
		e[66], e[67] = kind, 1
		put32(e, 68, 0xFFFFFFFF)
		put32(e, 72, 0xFFFFFFFF)
		put32(e, 76, child)
		put32(e, 116, start)
		put32(e, 120, size)
	}
	entry(0, "Root Entry", 5, 1, 0xFFFFFFFE, 0)
	entry(1, "Workbook", 2, 0xFFFFFFFF, 2, uint32(size))
	copy(out[1536:], stream)
	return out
}

// ccb is the bank's layout with every way in which a cell can hold a number.
func ccb() *oldBook {
	o := &oldBook{}
	o.label(0, 0, "China Construction Bank")
	o.label(1, 0, "币　　种：")
	o.label(1, 1, "人民币")
	o.label(2, 0, "账　　号：")
	o.label(2, 1, "6227*********0001")
	for c, name := range []string{"记账日", "交易日期", "交易时间", "支出", "收入", "账户余额", "币种", "摘要", "对方户名"} {
		o.label(5, c, name)
	}
	for r, day := range []string{"20260301", "20260302", "20260303", "20260304"} {
		o.label(6+r, 0, day)
		o.label(6+r, 1, day)
		o.label(6+r, 2, "10:20:30")
	}
	o.number(6, 3, 548.58000000000004)
	o.number(6, 5, 9451.42)
	rk := func(hundredths int32) uint32 { return uint32(hundredths<<2) | 3 }
	record(&o.sheet, 0x27E, uint16(7), uint16(4), uint16(0), rk(10050))
	record(&o.sheet, 0xBD, uint16(8), uint16(3), uint16(0), rk(0), uint16(0), rk(-2000), uint16(0), rk(953192), uint16(5))
	record(&o.sheet, 0x27E, uint16(7), uint16(5), uint16(0), rk(955192))
	record(&o.sheet, 0x06, uint16(9), uint16(4), uint16(0), math.Float64bits(1000), uint16(0), uint32(0), uint16(0))
	record(&o.sheet, 0x06, uint16(9), uint16(7), uint16(0), uint64(0xFFFF)<<48, uint16(0), uint32(0), uint16(0))
	n, text := wide("捐款")
	record(&o.sheet, 0x207, n, uint8(1), text)
	record(&o.sheet, 0xFD, uint16(9), uint16(8), uint16(0), uint32(1))
	o.number(9, 5, 10531.92)
	o.label(10, 0, "以上数据仅供参考，具体内容请以柜台为准。")
	return o
}

func TestOldWorkbook(t *testing.T) {
	t.Parallel()
	found := parse(t, ccb().bytes("无关", "李四的花园"), statement.Options{})
	if got := figures(found); got != "bank-cn ccb CNY 4 1100.50 568.58 10000.00 10531.92" {
		t.Fatal(got)
	}
	s := found[0]
	if s.Account != "6227*********0001" || len(s.Warnings) > 0 {
		t.Errorf("account %q, warnings %v", s.Account, s.Warnings)
	}
	if l := s.Lines[3]; l.Row != 10 || l.Memo != "捐款" || l.Counterparty != "李四的花园" || l.Clock != "10:20:30" {
		t.Errorf("%+v", l)
	}
}

func TestOldWorkbookThatIsBroken(t *testing.T) {
	t.Parallel()
	letters := ccb()
	letters.label(8, 3, "2O.00")
	_, err := statement.Parse("x.xls", letters.bytes("a", "b"), statement.Options{})
	var refused *statement.Error
	if !errors.As(err, &refused) || refused.Row != 9 || refused.Column != "支出" {
		t.Errorf("%v", err)
	}
	whole := ccb().bytes("a", "b")
	for cut := 8; cut < len(whole); cut += 97 {
		if found, err := statement.Parse("x.xls", whole[:cut], statement.Options{}); err == nil && figures(found) != "bank-cn ccb CNY 4 1100.50 568.58 10000.00 10531.92" {
			t.Fatalf("cut at %d: %s", cut, figures(found))
		}
	}
	short := ccb().bytes("only one")
	if found, err := statement.Parse("x.xls", short, statement.Options{}); err == nil {
		t.Errorf("a text that is not in the table was read: %s", figures(found))
	}
	huge := &oldBook{}
	record(&huge.sheet, 0xFD, uint16(0), uint16(0), uint16(0), uint32(0))
	data := huge.bytes(strings.Repeat("x", 10))
	at := bytes.Index(data, []byte{0xFC, 0x00})
	copy(data[at+8:], []byte{0xFF, 0xFF, 0xFF, 0x7F}) // two thousand million texts
	if _, err := statement.Parse("x.xls", data, statement.Options{}); err == nil {
		t.Error("a table of texts that is not there was read")
	}
}
