package report

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"fund/ledger"
)

//go:embed layouts/*.tsv
var layouts embed.FS

// Kind says what a row of a statement is.
type Kind string

// The kinds of row.
const (
	Head   Kind = "head"   // a heading without figures
	Item   Kind = "line"   // one item
	Part   Kind = "of"     // 其中: part of the item above, not added again
	Rest   Kind = "rest"   // the accounts that no item names
	Sum    Kind = "sum"    // a sum of rows
	Result Kind = "result" // the statement's last word
)

// Row is what all statements' rows have in common.
type Row struct {
	Key      string // names the row within its statement and standard: donations, total_assets
	Kind     Kind
	NameZH   string
	NameEN   string
	Accounts []int  // the accounts with figures in it, by code; empty for sums
	class    string // the figures an item takes its accounts from: asset, income, in, …; else empty
}

// Name is the row's name in the reader's language ("en", else Chinese).
func (r Row) Name(lang string) string { return nameIn(lang, r.NameZH, r.NameEN) }

// Level is how far a statement indents the row: 0 for headings and sums, 1 for items, 2 for parts of an item.
func (r Row) Level() int {
	switch r.Kind {
	case Item, Rest:
		return 1
	case Part:
		return 2
	}
	return 0
}

// figures is what a row of one kind of statement says: amounts that add up.
type figures[F any] interface {
	Add(F) F
	Neg() F
	IsZero() bool
}

// Line is a row with its figures.
type Line[F figures[F]] struct {
	Row
	Figures F
}

// Empty reports whether the line says nothing, so that a short statement leaves it out.
func (l Line[F]) Empty() bool { return l.Kind != Head && l.Figures.IsZero() }

// layout is the rows of a standard's statements, as its file says.
type layout struct {
	money []string // code prefixes of 货币资金
	rows  map[string][]layoutRow
}

type layoutRow struct {
	Row
	of       []string // code prefixes of an item with a class, else names of what to add up
	optional bool     // left out while it is zero
}

var readLayouts = sync.OnceValues(func() (map[string]layout, error) {
	all := map[string]layout{}
	for _, standard := range ledger.Standards() {
		text, err := layouts.ReadFile("layouts/" + standard + ".tsv")
		if err != nil {
			return nil, err
		}
		l, err := parseLayout(string(text))
		if err != nil {
			return nil, fmt.Errorf("layouts/%s.tsv: %w", standard, err)
		}
		all[standard] = l
	}
	return all, nil
})

// layoutOf finds the layout of a community's standard; ledger.ErrNotFound if none is built in.
func layoutOf(c ledger.Community) (layout, error) {
	all, err := readLayouts()
	if err != nil {
		return layout{}, err
	}
	l, ok := all[c.Standard]
	if !ok {
		return layout{}, fmt.Errorf("%w: a layout of %q", ledger.ErrNotFound, c.Standard)
	}
	return l, nil
}

func parseLayout(text string) (layout, error) {
	l := layout{rows: map[string][]layoutRow{}}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 7 {
			return l, fmt.Errorf("%q has %d cells, not 7", line, len(cells))
		}
		for i := range cells {
			if cells[i] == "-" {
				cells[i] = ""
			}
		}
		kind, optional := strings.CutSuffix(cells[2], "?")
		of := strings.Fields(cells[4])
		if cells[0] == "money" {
			l.money = of
			continue
		}
		l.rows[cells[0]] = append(l.rows[cells[0]], layoutRow{
			Row: Row{Key: cells[1], Kind: Kind(kind), NameZH: cells[5], NameEN: cells[6], class: cells[3]},
			of:  of, optional: optional,
		})
	}
	return l, nil
}

// fill draws up a statement. byClass has the figures of each account in each class, named has figures that are not an
// account's. A sum may name a class, a named figure or a row above it, with '-' before it to subtract.
func fill[F figures[F]](rows []layoutRow, accounts ledger.Accounts, byClass map[string]map[int]F, named map[string]F) ([]Line[F], error) {
	known := map[string]F{}
	for class, of := range byClass {
		known[class] = total(of)
	}
	for name, f := range named {
		known[name] = f
	}
	var lines []Line[F]
	for _, r := range rows {
		line := Line[F]{Row: r.Row}
		switch {
		case r.Kind == Head:
		case r.class != "":
			for _, a := range accounts {
				if f := byClass[r.class][a.ID]; !f.IsZero() && r.takes(a.Code, rows) {
					line.Accounts = append(line.Accounts, a.ID)
					line.Figures = line.Figures.Add(f)
				}
			}
		default:
			for _, name := range r.of {
				name, minus := strings.CutPrefix(name, "-")
				f, ok := known[name]
				if !ok {
					return nil, fmt.Errorf("row %s adds up %q, which is not there", r.Key, name)
				}
				if minus {
					f = f.Neg()
				}
				line.Figures = line.Figures.Add(f)
			}
		}
		known[r.Key] = line.Figures
		if !r.optional || !line.Empty() {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// takes reports whether the account's figures stand in this row: the item with the longest fitting prefix takes them,
// else the rest. A part takes what fits it, for nobody adds it up.
func (r layoutRow) takes(code string, rows []layoutRow) bool {
	if r.Kind == Part {
		return longest(code, r.of) > 0
	}
	return rowOf(code, r.class, rows) == r.Key
}

// rowOf is the key of the row that takes an account.
func rowOf(code, class string, rows []layoutRow) string {
	best := slices.MaxFunc(rows, func(a, b layoutRow) int { return cmp.Compare(a.fits(code, class), b.fits(code, class)) })
	return best.Key
}

func (r layoutRow) fits(code, class string) int {
	switch {
	case r.class != class || r.Kind == Part:
		return -1
	case r.Kind == Rest:
		return 0
	}
	if n := longest(code, r.of); n > 0 {
		return n
	}
	return -1
}

// longest is the length of the longest prefix that the code has, 0 for none.
func longest(code string, prefixes []string) int {
	n := 0
	for _, p := range prefixes {
		if strings.HasPrefix(code, p) {
			n = max(n, len(p))
		}
	}
	return n
}

func total[F figures[F]](of map[int]F) (sum F) {
	for _, f := range of {
		sum = sum.Add(f)
	}
	return sum
}
