package statement

import (
	"slices"
	"strconv"
	"strings"
)

// Profile says how to read the columns of a table that has no known header, or
// a misleading one. It is made once per bank account and kept as JSON. A column
// is named by its header, or by its number from 1.
type Profile struct {
	Name      string `json:"name,omitempty"`
	Separator string `json:"separator,omitempty"` // ",", ";" or a tab; empty to detect
	Encoding  string `json:"encoding,omitempty"`  // a WHATWG name, such as "windows-1252"; empty to detect
	NoHeader  bool   `json:"no_header,omitempty"` // columns are numbers only
	Skip      int    `json:"skip,omitempty"`      // rows above the first row of data, or above the header
	Decimal   string `json:"decimal,omitempty"`   // "." or ","; empty to detect
	DateOrder string `json:"date_order,omitempty"`

	Date         string   `json:"date"`
	Time         string   `json:"time,omitempty"`
	Amount       string   `json:"amount,omitempty"` // either Amount
	In           string   `json:"in,omitempty"`     // or In and Out
	Out          string   `json:"out,omitempty"`
	Flag         string   `json:"flag,omitempty"` // the column that says in or out
	InFlags      []string `json:"in_flags,omitempty"`
	OutFlags     []string `json:"out_flags,omitempty"`
	Spending     bool     `json:"positive_is_spending,omitempty"`
	Balance      string   `json:"balance,omitempty"`
	ID           string   `json:"id,omitempty"`
	Counterparty string   `json:"counterparty,omitempty"`
	Memo         []string `json:"memo,omitempty"`
	Currency     string   `json:"currency,omitempty"` // a column, or a code such as "CNY"
	Account      string   `json:"account,omitempty"`
}

func (p *Profile) encoding() string {
	if p == nil {
		return ""
	}
	return strings.ToLower(p.Encoding)
}

// header finds the row in which the profile's named columns stand, or makes
// one up for a table without header.
func (p *Profile) header(t *table) (*header, error) {
	l := &layout{format: TableIntl, open: p.open}
	if p.NoHeader {
		width := 0
		err := t.each(func(r row) error { width = max(width, len(r.cells)); return nil })
		h := &header{row: p.Skip, names: make([]string, width), folded: make([]string, width), layout: l}
		return h, err
	}
	var found *header
	var above []row
	err := t.each(func(r row) error {
		if h := newHeader(r); r.n > p.Skip && p.fits(h) {
			h.above, h.layout, found = above, l, h
			return errStop
		}
		if r.n > headerRowMax {
			return errStop
		}
		above = append(above, row{r.n, slices.Clone(r.cells)})
		return nil
	})
	if err != nil && err != errStop {
		return nil, err
	}
	return found, nil
}

// fits says whether all named columns that make an amount are in a row.
func (p *Profile) fits(h *header) bool {
	for _, name := range []string{p.Date, p.Amount, p.In, p.Out, p.Flag} {
		if name != "" && p.column(h, name) < 0 {
			return false
		}
	}
	return len(h.names) > 1
}

// column finds a column by header or number.
func (p *Profile) column(h *header, name string) int {
	if name == "" {
		return -1
	}
	if col := h.col(fold(name)); col >= 0 {
		return col
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(h.names) {
		return n - 1
	}
	return -1
}

func (p *Profile) open(h *header, t *table) reader {
	b := &bankReader{h: h}
	b.Format, b.Layout, b.Account = TableIntl, p.Name, p.Account
	b.c = columns{
		in: p.column(h, p.In), out: p.column(h, p.Out), amount: p.column(h, p.Amount), flag: p.column(h, p.Flag),
		balance: p.column(h, p.Balance), currency: p.column(h, p.Currency), id: p.column(h, p.ID), spending: p.Spending, account: -1,
	}
	if b.c.currency < 0 {
		b.Currency = currencyOf(p.Currency)
	}
	for _, set := range []struct {
		names []string
		cols  *[]int
	}{{[]string{p.Date}, &b.c.date}, {[]string{p.Time}, &b.c.time}, {[]string{p.Counterparty}, &b.c.counterparty}, {p.Memo, &b.c.memo}} {
		for _, name := range set.names {
			if col := p.column(h, name); col >= 0 {
				*set.cols = append(*set.cols, col)
			}
		}
	}
	if p.Decimal != "" {
		b.c.point, b.c.pointKnown = point(p.Decimal[0]), true
	}
	if p.DateOrder != "" {
		b.c.order, b.c.orderKnown = dateOrder(p.DateOrder[0]), true
	}
	if len(p.InFlags)+len(p.OutFlags) > 0 {
		b.c.inFlags, b.c.outFlags = set(p.InFlags), set(p.OutFlags)
	}
	b.learn(t)
	return b
}

func set(words []string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[strings.ToLower(strings.TrimSpace(w))] = true
	}
	return m
}
