package export

import (
	"fmt"
	"slices"
	"time"

	"github.com/xuri/excelize/v2"

	"fund/ledger/money"
	"fund/ledger/report"
)

// tableSheet is a statement on its way into a workbook.
type tableSheet struct {
	file     *excelize.File
	stream   *excelize.StreamWriter
	t        report.Table
	lang     string
	prepared time.Time
	row      int
	styles   map[string]int
}

func (s *tableSheet) text(zh, en string) string { return report.Words{ZH: zh, EN: en}.In(s.lang) }

func (s *tableSheet) draw() (err error) {
	name := s.t.Title.In(s.lang)
	if err = s.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if err = s.layOut(name); err != nil {
		return err
	}
	if s.stream, err = s.file.NewStreamWriter(name); err != nil {
		return err
	}
	if err = s.columns(); err != nil {
		return err
	}
	if err = s.heading(); err != nil {
		return err
	}
	for _, r := range s.t.Rows {
		if err = s.add(s.cells(r)...); err != nil {
			return err
		}
	}
	for _, note := range s.t.Notes {
		if err = s.add(s.styled("note", note.In(s.lang))); err != nil {
			return err
		}
	}
	return s.stream.Flush()
}

// layOut makes the sheet fit A4 by its width, with the headings on every page.
func (s *tableSheet) layOut(name string) error {
	orientation, size, wide, high := "portrait", 9, 1, 0
	if s.t.Amounts() > 3 {
		orientation = "landscape"
	}
	if err := s.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &orientation, Size: &size, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	fit := true
	if err := s.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return s.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", name, s.headRow()-s.groups(), s.headRow()), Scope: name,
	})
}

// groups is 1 if the columns have headings above their headings.
func (s *tableSheet) groups() int {
	if slices.ContainsFunc(s.t.Columns, func(c report.Column) bool { return c.Group != report.Words{} }) {
		return 1
	}
	return 0
}

// headRow is the row of the headings: below title, community, period and the moment, and one that is empty.
func (s *tableSheet) headRow() int { return 5 + s.groups() }

var columnWidths = map[report.ColumnKind]float64{
	report.CodeColumn: 12, report.DateColumn: 12, report.TextColumn: 24, report.AmountColumn: 16, report.ShareColumn: 10, report.LabelColumn: 38,
}

func (s *tableSheet) columns() error {
	frozen := 0
	for i, c := range s.t.Columns {
		if err := s.stream.SetColWidth(i+1, i+1, columnWidths[c.Kind]); err != nil {
			return err
		}
		if c.Kind == report.LabelColumn {
			frozen = i + 1
		}
	}
	corner, err := excelize.CoordinatesToCellName(frozen+1, s.headRow()+1)
	if err != nil {
		return err
	}
	return s.stream.SetPanes(&excelize.Panes{Freeze: true, XSplit: frozen, YSplit: s.headRow(), TopLeftCell: corner, ActivePane: "bottomRight"})
}

func (s *tableSheet) heading() error {
	period := s.t.To.Format(time.DateOnly)
	if !s.t.AsOf {
		period = s.t.From.Format(time.DateOnly) + " – " + period
	}
	if of := s.t.Of.In(s.lang); of != "" {
		period += " · " + of
	}
	title := s.t.Title.In(s.lang)
	if s.t.Form != "" {
		title += " " + s.t.Form
	}
	for _, line := range []excelize.Cell{
		s.styled("title", title),
		s.styled("", s.text("编制单位：", "Prepared by: ")+Inert(report.Words{ZH: s.t.Community.NameZH, EN: s.t.Community.NameEN}.In(s.lang))),
		s.styled("", period),
		s.styled("", s.text("制表时间：", "Prepared at: ")+s.prepared.Format("2006-01-02 15:04 MST")+s.text("　单位：", "  Currency: ")+s.t.Community.Currency),
	} {
		if err := s.add(line); err != nil {
			return err
		}
	}
	if s.groups() > 0 {
		if err := s.groupRow(); err != nil {
			return err
		}
	}
	var heads []excelize.Cell
	for _, c := range s.t.Columns {
		heads = append(heads, s.styled("head", c.Title.In(s.lang)))
	}
	return s.add(heads...)
}

// groupRow writes the headings above the headings, each over all of its columns.
func (s *tableSheet) groupRow() error {
	heads := make([]excelize.Cell, len(s.t.Columns))
	for i, c := range s.t.Columns {
		heads[i] = s.styled("head", "")
		if i == 0 || c.Group != s.t.Columns[i-1].Group {
			heads[i].Value = c.Group.In(s.lang)
		}
	}
	if err := s.add(heads...); err != nil {
		return err
	}
	for first := 0; first < len(heads); {
		last := first
		for last+1 < len(heads) && s.t.Columns[last+1].Group == s.t.Columns[first].Group {
			last++
		}
		if last > first && s.t.Columns[first].Group != (report.Words{}) {
			from, _ := excelize.CoordinatesToCellName(first+1, s.row) // both are numbers of a sheet
			to, _ := excelize.CoordinatesToCellName(last+1, s.row)
			if err := s.stream.MergeCell(from, to); err != nil {
				return err
			}
		}
		first = last + 1
	}
	return nil
}

// cells are a row of the statement.
func (s *tableSheet) cells(r report.TableRow) []excelize.Cell {
	weight := ""
	if r.Kind == report.Sum || r.Kind == report.Result || r.Kind == report.Head {
		weight = "bold"
	}
	cells := make([]excelize.Cell, len(r.Cells))
	for i, c := range r.Cells {
		switch {
		case c.Amount != nil:
			cells[i] = s.styled("amount"+weight, asNumber(*c.Amount))
		case s.t.Columns[i].Kind == report.LabelColumn:
			cells[i] = s.styled(fmt.Sprintf("label%d%s", r.Depth, weight), Inert(c.Words.In(s.lang)))
		case !c.Blank():
			cells[i] = s.styled("text"+weight, Inert(c.Words.In(s.lang)))
		}
	}
	return cells
}

// asNumber is an amount as a spreadsheet counts. A cell holds 15 digits, which the books' amounts do not pass.
func asNumber(a money.Amount) float64 {
	value, _ := a.Decimal().Float64()
	return value
}

func (s *tableSheet) add(cells ...excelize.Cell) error {
	s.row++
	values := make([]any, len(cells))
	for i, c := range cells {
		values[i] = c
	}
	return s.stream.SetRow(fmt.Sprintf("A%d", s.row), values)
}

// styled is a cell in a style of the sheet, made when it is first used.
func (s *tableSheet) styled(style string, value any) excelize.Cell {
	if style == "" {
		return excelize.Cell{Value: value}
	}
	id, known := s.styles[style]
	if !known {
		id, _ = s.file.NewStyle(tableStyle(style)) // a style that is not understood is plain
		if s.styles == nil {
			s.styles = map[string]int{}
		}
		s.styles[style] = id
	}
	return excelize.Cell{StyleID: id, Value: value}
}

func tableStyle(name string) *excelize.Style {
	var depth int
	bold := len(name) > 4 && name[len(name)-4:] == "bold"
	style := &excelize.Style{Font: &excelize.Font{Bold: bold}, Alignment: &excelize.Alignment{Vertical: "top"}}
	switch {
	case name == "title":
		style.Font = &excelize.Font{Bold: true, Size: 14}
	case name == "note":
		style.Font = &excelize.Font{Italic: true, Size: 9}
	case name == "head":
		style.Font.Bold = true
		style.Alignment = &excelize.Alignment{Horizontal: "center", WrapText: true}
		style.Border = []excelize.Border{{Type: "bottom", Style: 1, Color: "8C2F12"}}
	case name == "amount" || name == "amountbold":
		style.NumFmt = 4 // 1,234.50
	}
	if n, _ := fmt.Sscanf(name, "label%d", &depth); n == 1 {
		style.Alignment.Indent, style.Alignment.WrapText = depth, true
	}
	if bold {
		style.Border = []excelize.Border{{Type: "top", Style: 1, Color: "8C2F12"}}
	}
	return style
}
