package statement

import "strings"

// Preview is the top of a table as a person sees it, with a Profile that guesses
// what the columns mean: where somebody sets up the import of a bank account.
type Preview struct {
	Rows    [][]string // the first rows, cells without padding
	Header  int        // the row of column names from 1, 0 when none was found
	Profile Profile    // what the names of the columns suggest
}

// previewRows is how many rows a preview shows.
const previewRows = 30

// Look reads the top of a CSV, XLS, XLSX or HTML table without importing it.
func Look(name string, data []byte) (Preview, error) {
	var tables []*table
	_, err := parse(data, Options{look: func(t *table) { tables = append(tables, t) }})
	if len(tables) == 0 {
		if err == nil {
			err = unknown(1)
		}
		return Preview{}, inFile(err, name)
	}
	var best Preview
	for _, t := range tables {
		if p := t.preview(); len(best.Rows) == 0 || best.Header == 0 && (p.Header > 0 || p.width() > best.width()) {
			best = p
		}
	}
	return best, nil
}

// width is how many cells the widest row has.
func (p Preview) width() int {
	n := 0
	for _, cells := range p.Rows {
		n = max(n, len(cells))
	}
	return n
}

func (t *table) preview() Preview {
	var p Preview
	_ = t.each(func(r row) error {
		if r.n > headerRowMax || len(p.Rows) >= previewRows {
			return errStop
		}
		cells := make([]string, len(r.cells))
		for i, c := range r.cells {
			cells[i] = trimCell(c)
		}
		for len(p.Rows) < r.n-1 {
			p.Rows = append(p.Rows, nil) // lines that a quoted cell went over
		}
		p.Rows = append(p.Rows, cells)
		if h := newHeader(r); p.Header == 0 && h.guess().fit() {
			p.Header, p.Profile = r.n, h.suggest()
		}
		return nil
	})
	return p
}

// suggest writes a guess down as a profile.
func (h *header) suggest() Profile {
	c := h.guess()
	name := func(col int) string {
		if col < 0 {
			return ""
		}
		return h.name(col)
	}
	p := Profile{
		Date: name(c.date[0]), Amount: name(c.amount), In: name(c.in), Out: name(c.out), Flag: name(c.flag), Balance: name(c.balance),
		ID: name(c.id), Currency: name(c.currency), Spending: h.isCard(c),
	}
	if len(c.time) > 0 {
		p.Time = name(c.time[0])
	}
	if len(c.counterparty) > 0 {
		p.Counterparty = name(c.counterparty[0])
	}
	for _, col := range c.memo {
		p.Memo = append(p.Memo, strings.TrimSpace(name(col)))
	}
	return p
}
