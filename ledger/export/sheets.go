package export

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"fund/ledger/money"
)

// sheets writes a workbook row by row, so that a book of any length goes through a few hundred kilobytes of memory: a
// library that writes a workbook keeps it, or a copy of it on the disk. It writes ECMA-376 with nothing but what a ledger
// needs: sheets with a frozen first row and column widths, texts, whole numbers, and amounts with two decimals.
type sheets struct {
	zip   *zip.Writer
	part  *ahead // the sheet being written; nil between sheets
	names []string
	row   int // of the part
	buf   []byte

	column int // of the row's next cell, from 0
}

func newSheets(w io.Writer) *sheets {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	return &sheets{zip: z}
}

// zipTime stands in every file of a workbook, so that the same books give the same bytes.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func (s *sheets) create(name string) (io.Writer, error) {
	return s.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: zipTime})
}

// open begins a sheet with headings.
func (s *sheets) open(name string, headings []string, widths ...float64) error {
	if err := s.end(); err != nil {
		return err
	}
	s.names, s.row = append(s.names, name), 0
	part, err := s.create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(s.names)))
	if err != nil {
		return err
	}
	s.part = goAhead(part)
	var b strings.Builder
	b.WriteString(xmlHead + `<worksheet xmlns="` + spreadsheet + `"><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	for i, width := range widths {
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%g" customWidth="1"/>`, i+1, i+1, width)
	}
	b.WriteString(`</cols><sheetData>`)
	s.part.text(b.String())
	cells := make([]any, len(headings))
	for i, h := range headings {
		cells[i] = h
	}
	return s.add(cells...)
}

// widthsOf are widths in which headings can be read.
func widthsOf(headings []string) []float64 {
	widths := make([]float64, len(headings))
	for i, h := range headings {
		widths[i] = max(14, float64(len(h))+2)
	}
	return widths
}

// add writes a row: a string, an int, an int64, a money.Amount, or nil for an empty cell.
func (s *sheets) add(cells ...any) error {
	s.begin()
	for _, cell := range cells {
		switch v := cell.(type) {
		case nil:
			s.skip()
		case string:
			s.text(v)
		case money.Amount:
			s.amount(v)
		case int:
			s.number(int64(v))
		case int64:
			s.number(v)
		default:
			return fmt.Errorf("export: a cell cannot hold a %T", cell)
		}
	}
	return s.write()
}

// begin begins a row; text, amount, number and skip are its next cells, and write ends it. Where rows come by the million,
// these cost no allocation.
func (s *sheets) begin() {
	s.row++
	s.column = 0
	s.buf = append(s.buf[:0], `<row r="`...)
	s.buf = strconv.AppendInt(s.buf, int64(s.row), 10)
	s.buf = append(s.buf, `">`...)
}

func (s *sheets) write() error {
	s.buf = append(s.buf, `</row>`...)
	return s.part.write(s.buf)
}

// cell begins the next cell; no sheet here has more columns than two letters name.
func (s *sheets) cell(rest string) {
	s.buf = append(s.buf, `<c r="`...)
	if s.column >= 26 {
		s.buf = append(s.buf, byte('A'+s.column/26-1))
	}
	s.buf = append(s.buf, byte('A'+s.column%26))
	s.buf = strconv.AppendInt(s.buf, int64(s.row), 10)
	s.buf = append(s.buf, rest...)
	s.column++
}

func (s *sheets) skip() { s.column++ }

func (s *sheets) text(text string) {
	if text == "" {
		s.skip()
		return
	}
	s.cell(`" t="inlineStr"><is><t xml:space="preserve">`)
	s.buf = append(escaped(s.buf, text), `</t></is></c>`...)
}

func (s *sheets) amount(a money.Amount) {
	s.cell(`" s="1"><v>`)
	s.buf = append(append(s.buf, a.String()...), `</v></c>`...)
}

func (s *sheets) number(n int64) {
	s.cell(`"><v>`)
	s.buf = append(strconv.AppendInt(s.buf, n, 10), `</v></c>`...)
}

// escaped appends a text; what XML cannot hold becomes a box.
func escaped(b []byte, text string) []byte {
	from := 0 // what needs nothing goes as a whole
	for i, r := range text {
		var as string
		switch {
		case r == '&':
			as = `&amp;`
		case r == '<':
			as = `&lt;`
		case r == '>':
			as = `&gt;`
		case r < ' ' && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF, r == utf8.RuneError:
			as = "□"
		default:
			continue
		}
		b = append(append(b, text[from:i]...), as...)
		_, size := utf8.DecodeRuneInString(text[i:])
		from = i + size
	}
	return append(b, text[from:]...)
}

func (s *sheets) end() error {
	if s.part == nil {
		return nil
	}
	part := s.part
	s.part = nil
	part.text(`</sheetData></worksheet>`)
	return part.close()
}

// close writes what holds the sheets together.
func (s *sheets) close() error {
	if err := s.end(); err != nil {
		return err
	}
	var types, list, links strings.Builder
	for i, name := range s.names {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(nil, name), n, n)
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, relation, n)
	}
	fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, len(s.names)+1, relation)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", relations + `<Relationship Id="rId1" Type="` + relation + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + spreadsheet + `" xmlns:r="` + relation + `"><sheets>` + list.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", relations + links.String() + `</Relationships>`},
		{"xl/styles.xml", styles},
	} {
		w, err := s.create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, xmlHead+part.text); err != nil {
			return err
		}
	}
	return s.zip.Close()
}

const (
	xmlHead     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relation    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	relations   = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	// The second format is an amount: 1,234.50.
	styles = `<styleSheet xmlns="` + spreadsheet + `"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)

// ahead lets what compresses work beside what writes.
type ahead struct {
	*bufio.Writer
	pipe *io.PipeWriter
	done chan error
}

func goAhead(w io.Writer) *ahead {
	r, pipe := io.Pipe()
	a := &ahead{bufio.NewWriterSize(pipe, 256<<10), pipe, make(chan error, 1)}
	go func() {
		_, err := io.Copy(w, r)
		r.CloseWithError(err) // who writes on meets it
		a.done <- err
	}()
	return a
}

func (a *ahead) text(s string) { _, _ = a.WriteString(s) } // close tells what went wrong

func (a *ahead) write(b []byte) error {
	_, err := a.Write(b)
	return err
}

func (a *ahead) close() error {
	err := a.Flush()
	a.pipe.CloseWithError(err)
	if failed := <-a.done; err == nil {
		err = failed
	}
	return err
}
