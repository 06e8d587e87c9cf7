package escpos

import (
	"bytes"
	"fmt"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
	"golang.org/x/text/encoding/simplifiedchinese"

	"fund/web/pdf"
)

// Paper is a roll: how many narrow characters stand on a line, and dots across (8 to the mm).
type Paper struct {
	Columns int
	Dots    int
}

// The two rolls there are.
var (
	Narrow = Paper{32, 384} // 58 mm
	Wide   = Paper{48, 576} // 80 mm
)

// The commands (ESC/POS command reference of Epson; printers of other makes follow it).
const (
	begin   = "\x1b@"      // as after switching on
	chinese = "\x1c&"      // two bytes are one Chinese character
	bold    = "\x1bE"      // and 1 or 0
	size    = "\x1d!"      // and 0x01 for twice as high, 0
	align   = "\x1ba"      // and 0 left, 1 middle
	raster  = "\x1dv0\x00" // and bytes across, lines, both low byte first
	feed    = "\x1bd"      // and lines
	cut     = "\x1dVB\x00" // all but a bit, after feeding to the knife
)

// plain are the signs that have four bytes in GB18030, which printers do not have, and what is printed for them.
var plain = strings.NewReplacer("¥", "￥", "−", "-", "–", "-", " ", " ")

// Print gives the bytes that print a roll.
func Print(strips []pdf.Strip, on Paper) ([]byte, error) {
	p := press{on: on}
	p.WriteString(begin + chinese)
	for _, s := range strips {
		if err := p.strip(s); err != nil {
			return nil, fmt.Errorf("escpos: %w", err)
		}
	}
	p.WriteString(feed + "\x04" + cut)
	return p.Bytes(), nil
}

type press struct {
	bytes.Buffer
	on Paper
}

func (p *press) strip(s pdf.Strip) error {
	switch {
	case s.Rule:
		return p.line(strings.Repeat("-", p.on.Columns))
	case s.Code != "":
		return p.code(s.Code)
	}
	p.set(bold, s.Bold)
	p.set(size, s.Large)
	p.set(align, s.Middle)
	rows := Columns(plain.Replace(s.Left), plain.Replace(s.Right), p.on.Columns)
	for _, row := range rows {
		if s.Middle {
			row = strings.TrimSpace(row)
		}
		if err := p.line(row); err != nil {
			return err
		}
	}
	p.set(bold, false)
	p.set(size, false)
	p.set(align, false)
	return nil
}

func (p *press) set(command string, on bool) {
	p.WriteString(command)
	if on {
		p.WriteByte(1)
		return
	}
	p.WriteByte(0)
}

func (p *press) line(text string) error {
	encoded, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		return err
	}
	p.WriteString(encoded + "\n")
	return nil
}

// code prints a QR code as a picture, which every printer can: not all know the command for codes.
func (p *press) code(text string) error {
	made, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return err
	}
	modules := made.Bitmap()
	dots := max(3, min(8, 264/len(modules))) // a module's side: the code is about 33 mm wide
	across := (len(modules)*dots + 7) / 8
	p.set(align, true)
	p.WriteString(raster)
	p.Write([]byte{byte(across), byte(across >> 8), byte(len(modules) * dots), byte(len(modules) * dots >> 8)})
	for _, row := range modules {
		line := make([]byte, across)
		for x := range len(row) * dots {
			if row[x/dots] {
				line[x/8] |= 0x80 >> (x % 8)
			}
		}
		p.Write(bytes.Repeat(line, dots))
	}
	p.WriteString("\n")
	p.set(align, false)
	return nil
}

// Columns sets two texts on lines of so many narrow characters; a Chinese one is twice as wide. A long left text is
// wrapped, and the right one stands at the end of the last line.
func Columns(left, right string, columns int) []string {
	room := columns
	if right != "" {
		room -= width(right) + 1
	}
	var rows []string
	row, used := "", 0
	for _, r := range left {
		w := width(string(r))
		if used+w > room {
			rows = append(rows, row)
			row, used = "", 0
		}
		row, used = row+string(r), used+w
	}
	return append(rows, row+strings.Repeat(" ", max(0, columns-used-width(right)))+right)
}

// width counts narrow characters: whatever is not ASCII has two bytes in GB18030, and is two wide.
func width(text string) (n int) {
	for _, r := range text {
		n++
		if r > 0x7F {
			n++
		}
	}
	return n
}
