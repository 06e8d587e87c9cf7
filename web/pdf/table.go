package pdf

import "strings"

// column is one column of a table; its width is in millimetres.
type column struct {
	head   string
	group  string // a heading above this column and its neighbours of the same group
	width  float64
	amount bool // right-aligned figures; the first one stands behind a red double rule
	number bool // right-aligned counts, without ruling
	soft   bool // secondary words
	cut    bool // one line, however long
}

// line is one row of a table.
type line struct {
	cells  []string
	kind   lineKind
	label  int     // the cell that is indented
	indent float64 // of that cell, millimetres
	note   string  // small words under the first cell
	red    bool    // a reversal: its words and figures are red
}

type lineKind byte

const (
	plain   lineKind = iota
	section          // a heading inside the table
	strong           // figures brought forward
	sub              // a sum within: a single rule above
	total            // the sum of all: a single rule above, the double rule below
)

const tablePad = 1.5 // millimetres at both ends of a cell

// grid is how closely a table is set.
type grid struct {
	size float64 // points
	lead float64 // millimetres from line to line
	pad  float64 // above and below a row
	base float64 // from a row's top to the foot of its first letters
}

var (
	roomy = grid{size: 10, lead: 5, pad: 1.5, base: 5.25}
	tight = grid{size: 8.5, lead: 4, pad: 0.8, base: 3.85} // for lists that are looked things up in
)

func (g grid) row(lines int) float64 { return float64(lines)*g.lead + 2*g.pad }

// table draws rows from y down over as many pages as they need, the head repeated on each.
func (d *report) table(cols []column, rows []line) {
	d.tableHead(cols)
	for i, r := range rows {
		cells, high := d.layout(cols, r)
		if limit := d.bottom - top - 20; high > limit { // a text longer than a page is cut over pages
			d.longRow(cols, r, cells)
			continue
		}
		keep := high
		if r.kind == section {
			keep += 2 * d.grid.row(1) // a heading keeps company with what it heads
		}
		for j := i + 1; j < len(rows) && (rows[j].kind == sub || rows[j].kind == total); j++ {
			keep += d.grid.row(1) // and a sum with the last of what it adds up
		}
		if d.y+keep > d.bottom {
			d.newPage()
			d.tableHead(cols)
		}
		d.row(cols, r, cells, high)
	}
	d.y += 3
}

// set draws a table as closely as told.
func (d *report) set(g grid, cols []column, rows []line) {
	before := d.grid
	d.grid = g
	d.table(cols, rows)
	d.grid = before
}

func (d *report) tableHead(cols []column) {
	s := style{size: 9, ink: ink2, bold: true}
	for _, c := range cols { // no word of a head is ever cut
		for _, word := range strings.Fields(c.head) {
			s = d.shrink(word, s, c.width-2*tablePad, 6)
		}
	}
	high := 0
	heads := make([][]string, len(cols))
	for i, c := range cols {
		heads[i] = d.lines(c.head, c.width-2*tablePad, s)
		high = max(high, len(heads[i]))
	}
	grouped := groupHigh * float64(min(1, len(groups(cols))))
	h := float64(high)*4.4 + 2.4 + grouped
	if d.y+h+2*d.grid.lead > d.bottom {
		d.newPage()
	}
	d.fill(margin, d.y, d.across(), h, inkSunk)
	for _, g := range groups(cols) {
		d.text(g.x+g.width/2, d.y+4.2, g.title, d.shrink(g.title, s, g.width-2*tablePad, 6), middle)
		d.line(g.x+tablePad, d.y+groupHigh, g.x+g.width-tablePad, d.y+groupHigh, 0.2, inkRuleRed)
	}
	x := margin
	for i, c := range cols {
		for n, l := range heads[i] {
			y := d.y + grouped + 4.6 + 4.4*float64(n+high-len(heads[i]))
			if c.amount || c.number {
				d.text(x+c.width-tablePad, y, l, s, right)
			} else {
				d.text(x+tablePad, y, l, s, left)
			}
		}
		x += c.width
	}
	d.y += h
	d.double(margin, margin+d.across(), d.y, inkRuleRed)
	d.rulings(cols, d.y-h+grouped, d.y)
	d.y += 0.9
}

const groupHigh = 5.6 // millimetres of a heading above columns

// group is a heading above neighbouring columns.
type group struct {
	title    string
	x, width float64
}

func groups(cols []column) (all []group) {
	x, before := margin, ""
	for _, c := range cols {
		switch {
		case c.group != "" && c.group == before:
			all[len(all)-1].width += c.width
		case c.group != "":
			all = append(all, group{c.group, x, c.width})
		}
		x, before = x+c.width, c.group
	}
	return all
}

// layout wraps the cells of a row and measures it. An amount never wraps; it is drawn smaller if it must.
func (d *report) layout(cols []column, r line) ([][]string, float64) {
	high := 1
	cells := make([][]string, len(cols))
	for i, c := range cols {
		if i >= len(r.cells) {
			continue
		}
		cells[i] = []string{r.cells[i]}
		if !c.amount && !c.number {
			room := c.width - 2*tablePad
			if i == r.label {
				room -= r.indent
			}
			if r.kind == section {
				room = d.across() - 2*tablePad
			}
			cells[i] = d.lines(r.cells[i], room, r.style(c, d.grid.size))
			if c.cut && len(cells[i]) > 1 {
				cells[i] = []string{d.cutTo(r.cells[i], room, r.style(c, d.grid.size))}
			}
		}
		high = max(high, len(cells[i]))
		if i == 0 && r.note != "" {
			cells[0] = append(cells[0], d.lines(r.note, c.width-2*tablePad, noteStyle)...)
			high = max(high, len(cells[0]))
		}
	}
	return cells, d.grid.row(high)
}

func (r line) style(c column, size float64) style {
	s := style{size: size, ink: inkText, bold: r.kind != plain}
	if c.soft {
		s.ink = ink2
	}
	if r.red {
		s.ink = inkCrimson
	}
	return s
}

var noteStyle = style{size: 9, ink: ink2}

func (d *report) row(cols []column, r line, cells [][]string, high float64) {
	if r.kind == sub || r.kind == total {
		d.line(margin, d.y, margin+d.across(), d.y, 0.3, inkText)
	}
	x := margin
	noteLines := len(d.lines(r.note, cols[0].width-2*tablePad, noteStyle))
	for i, c := range cols {
		s := r.style(c, d.grid.size)
		for n, l := range cells[i] {
			y := d.y + d.grid.base + d.grid.lead*float64(n)
			switch {
			case c.amount || c.number:
				d.text(x+c.width-tablePad, y, l, d.shrink(l, s, c.width-1, 6), right)
			case i == 0 && r.note != "" && n >= len(cells[0])-noteLines:
				d.text(x+tablePad+r.indent, y-0.3, l, noteStyle, left)
			case i == r.label:
				d.text(x+tablePad+r.indent, y, l, s, left)
			default:
				d.text(x+tablePad, y, l, s, left)
			}
		}
		x += c.width
	}
	if r.kind != section {
		d.rulings(cols, d.y, d.y+high)
	}
	d.y += high
	if r.kind == total {
		d.double(margin, margin+d.across(), d.y, inkText)
		d.y += 0.9
	} else {
		d.line(margin, d.y, margin+d.across(), d.y, 0.15, inkRule)
	}
}

// rulings are the red lines of a paper account book: double before the first amount, single between amounts.
func (d *report) rulings(cols []column, y1, y2 float64) {
	x, first := margin, true
	for _, c := range cols {
		if c.amount {
			d.line(x, y1, x, y2, 0.2, inkRuleRed)
			if first {
				d.line(x+0.9, y1, x+0.9, y2, 0.2, inkRuleRed)
			}
			first = false
		}
		x += c.width
	}
}

// longRow draws a row that no page can hold, a pageful at a time.
func (d *report) longRow(cols []column, r line, cells [][]string) {
	for more := true; more; {
		n := int((d.bottom - d.y - 2*d.grid.pad) / d.grid.lead)
		if n < 3 {
			d.newPage()
			d.tableHead(cols)
			continue
		}
		more = false
		part, high := make([][]string, len(cells)), 0
		for i := range cells {
			k := min(n, len(cells[i]))
			part[i], cells[i] = cells[i][:k], cells[i][k:]
			high = max(high, k)
			more = more || len(cells[i]) > 0
		}
		d.row(cols, r, part, d.grid.row(high))
	}
}
